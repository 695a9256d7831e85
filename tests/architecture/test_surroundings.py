"""What the installed packages must be like: versions that work, names nobody else claims, licences that fit."""

from __future__ import annotations

import re
import sys
from importlib import metadata

import pytest
import sqlcipher3
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from PySide6 import __version__ as qt_version
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from tests.fixtures.source_tree import PACKAGES, ROOT

OURS = "ebp-counter"
COPYLEFT = re.compile(r"\b(?:A|L)?GPL", re.IGNORECASE)
# Linked at run time, replaceable by whoever receives the product, as their licence asks.
LESSER = {
    "pyside6-essentials": "LGPL-3.0, separate shared libraries",
    "shiboken6": "LGPL-3.0, separate shared libraries",
    "psycopg": "LGPL-3.0, plain modules",
    "psycopg-binary": "LGPL-3.0, a separate extension module",
    "python-stdnum": "LGPL-2.1, plain modules",
}

# Silent metadata, looked up by hand in the sources that the distribution was made from.
READ_BY_HAND = {"sqlcipher3": "zlib/libpng; SQLCipher inside it BSD-3-Clause; OpenSSL inside it Apache-2.0"}


def numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".")[:3])


def locked_for_running() -> list[str]:
    """Names in the runtime lock that this machine has installed."""
    lock = (ROOT / "requirements" / "run.txt").read_text("utf-8")
    names = {canonicalize_name(name) for name in re.findall(r"^([A-Za-z0-9._-]+)==", lock, re.MULTILINE)}
    here = {canonicalize_name(d.metadata["Name"]) for d in metadata.distributions()}
    return sorted(names & here)


def licence_words(name: str) -> str:
    """What a distribution says of its licence, wherever its metadata says it."""
    about = metadata.metadata(name)
    classifiers = [row for row in about.get_all("Classifier", []) if row.startswith("License")]
    expression = about.get("License-Expression") or (about.get("License") or "").strip().split("\n")[0]
    return " ".join([expression, *classifiers])


def test_nobody_else_claims_the_names_of_our_packages() -> None:
    owners = metadata.packages_distributions()

    claimed = {name: set(owners.get(name, [])) - {OURS} for name in PACKAGES}

    assert claimed == {name: set() for name in PACKAGES}


def test_qt_is_a_version_that_does_not_lose_references() -> None:
    assert (6, 8) <= numbers(qt_version) < (6, 12)


def test_the_optional_half_of_qt_is_not_installed() -> None:
    with pytest.raises(metadata.PackageNotFoundError):
        metadata.version("PySide6-Addons")


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal from Python 3.12 on")
def test_a_thousand_calls_to_qt_cost_no_reference_to_none(qtbot: QtBot) -> None:
    label = QLabel()
    qtbot.addWidget(label)
    before = sys.getrefcount(None)

    for number in range(1_000):
        label.setText(str(number))

    assert abs(sys.getrefcount(None) - before) < 100


def test_the_encrypted_database_has_no_wal_reset_fault() -> None:
    assert metadata.version("sqlcipher3") == "0.6.4"
    assert numbers(sqlcipher3.sqlite_version) >= (3, 51, 3)


def test_every_direct_dependency_is_installed_as_pyproject_asks() -> None:
    rows = [Requirement(row) for row in metadata.requires(OURS) or [] if "extra ==" not in row]

    unfit = [str(row) for row in rows if not row.specifier.contains(metadata.version(row.name), prereleases=True)]

    assert len(rows) > 10
    assert unfit == []


def test_no_licence_of_the_running_product_reaches_beyond_its_own_files() -> None:
    strict = {
        name: licence_words(name)
        for name in locked_for_running()
        if COPYLEFT.search(licence_words(name)) and name not in LESSER
    }

    assert strict == {}


def test_every_part_of_the_running_product_states_its_licence() -> None:
    silent = [name for name in locked_for_running() if not licence_words(name).strip()]

    assert silent == sorted(READ_BY_HAND)
