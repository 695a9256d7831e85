"""The directions of docs/ARCHITECTURE.md, checked on every import, those inside functions included."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import grimp
import pytest

from tests.fixtures.source_tree import PACKAGES, ROOT, product_modules

SHARED_WITH_CENTRAL = ("central", "ebp_desktop.domain", "ebp_desktop.crypto", "sync.protocol", "resources")
QT = {"PySide6", "shiboken6"}


@cache
def graph() -> grimp.ImportGraph:
    return grimp.build_graph(*PACKAGES, include_external_packages=True, cache_dir=None)


def project_imports(folder: str) -> list[tuple[str, str]]:
    """Who below a package imports what of the project."""
    return [
        (module, imported)
        for module in sorted(graph().modules)
        if within(module, folder)
        for imported in sorted(graph().find_modules_directly_imported_by(module))
        if imported.split(".")[0] in PACKAGES
    ]


def within(module: str, *packages: str) -> bool:
    return any(module == package or module.startswith(package + ".") for package in packages)


def test_every_import_contract_is_kept() -> None:
    lint_imports = Path(sys.executable).with_name("lint-imports")

    done = subprocess.run([lint_imports, "--no-cache"], cwd=ROOT, capture_output=True, text=True)

    assert done.returncode == 0, done.stdout[-4000:]


def test_central_shares_the_domain_the_formats_and_the_protocol_with_the_client_and_nothing_else() -> None:
    strangers = [pair for pair in project_imports("central") if not within(pair[1], *SHARED_WITH_CENTRAL)]

    assert strangers == []


@pytest.mark.parametrize(
    ("package", "may_use"),
    [
        ("ebp_desktop.domain", ("ebp_desktop.domain",)),
        ("ebp_desktop.crypto", ("ebp_desktop.crypto",)),
        ("resources", ("resources",)),
        ("ebp_desktop.services", ("ebp_desktop.services", "ebp_desktop.domain")),
        ("sync.protocol", ("sync.protocol", "ebp_desktop.domain", "ebp_desktop.crypto")),
        ("ui", ("ui", "ebp_desktop.services", "ebp_desktop.domain", "ebp_desktop.crypto", "resources")),
    ],
)
def test_a_layer_uses_only_what_it_may(package: str, may_use: tuple[str, ...]) -> None:
    strangers = [pair for pair in project_imports(package) if not within(pair[1], *may_use)]

    assert strangers == []


def test_qt_is_imported_in_ui_only() -> None:
    outside = [
        module
        for module in sorted(graph().modules)
        if not within(module, "ui", *QT)
        and any(imported.split(".")[0] in QT for imported in graph().find_modules_directly_imported_by(module))
    ]

    assert outside == []


def test_every_part_of_the_desktop_has_its_place_in_the_contracts() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["id"] == "layers")
    placed = {name.strip("() ") for layer in layers for name in layer.split("|")}

    parts = {module for module in graph().modules if module.count(".") == 1 and within(module, "ebp_desktop")}

    assert parts - placed == set()


def test_no_file_is_imported_by_a_path_of_its_own() -> None:
    """A module that changes sys.path would escape every contract above."""
    assert [module.name for module in product_modules() if "sys.path" in module.text] == []
