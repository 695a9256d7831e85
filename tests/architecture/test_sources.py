"""What the sources promise about themselves: sizes, words, and nothing that leads elsewhere."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fixtures.source_tree import ROOT, modules_under, product_modules, span, tracked_texts

FILE_LINES, CLASS_LINES, FUNCTION_LINES = 400, 300, 40
LIMITS = tomllib.loads(Path(__file__).with_name("limits.toml").read_text("utf-8"))

Function = ast.FunctionDef | ast.AsyncFunctionDef

# The brackets around single letters are there so that this file does not contain what it looks for.
INDEX = re.compile(
    r"--(?:extra-)?index[-]url|https?://[^\s\"']*/[s]imple\b|\"resolved\":\s*\"https?:"
    r"|[p]ypi\.org|[f]iles\.pythonhosted|[r]egistry\.npmjs"
)
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:[r]oot|[h]ome/\w+)/[\w.-]+|(?<![\w.])/[w]ork/(?:main|shared)")
DESIGN_NOTES = "../sha" + "red"
# Loopback is no wire, and the name of an XML vocabulary is no address.
VOCABULARIES = r"www\.w3\.org/|ns\.adobe\.com/|purl\.org/|www\.aiim\.org/|www\.ofdspec\.org/|www\.pwg\.org/|schemas\."
PLAIN_WIRE = re.compile(rf"http://(?!127\.0\.0\.1|localhost|\[::1\]|{VOCABULARIES}|\{{|$)")


def functions(tree: ast.AST) -> Iterator[Function]:
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def texts(tree: ast.AST) -> Iterator[ast.Constant]:
    """The string constants of a module, its docstrings left out."""
    words = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return (
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in words
    )


def too_large() -> dict[str, dict[str, int]]:
    """Everything above its limit, by kind, under a name that survives moving lines."""
    found: dict[str, dict[str, int]] = {"files": {}, "classes": {}, "functions": {}}
    for module in product_modules():
        if module.code_lines() > FILE_LINES:
            found["files"][module.name] = module.code_lines()
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ClassDef) and span(node) > CLASS_LINES:
                found["classes"][f"{module.name}::{node.name}"] = span(node)
            elif isinstance(node, Function) and span(node) > FUNCTION_LINES:
                found["functions"][f"{module.name}::{node.name}"] = span(node)
    return found


@pytest.mark.parametrize("kind", ["files", "classes", "functions"])
def test_nothing_grows_beyond_what_one_can_read_at_once(kind: str) -> None:
    allowed = LIMITS[kind]

    grown = {name: size for name, size in too_large()[kind].items() if size > allowed.get(name, 0)}

    assert grown == {}


@pytest.mark.parametrize("kind", ["files", "classes", "functions"])
def test_an_exception_ends_when_its_reason_is_gone(kind: str) -> None:
    needless = LIMITS[kind].keys() - too_large()[kind].keys()

    assert needless == set()


def test_every_module_says_in_one_sentence_what_it_is_for() -> None:
    silent = [module.name for module in product_modules() if not ast.get_docstring(module.tree)]

    assert silent == []


def test_every_function_of_the_product_is_typed() -> None:
    untyped = [
        f"{module.name}:{function.lineno} {function.name}"
        for module in product_modules()
        for function in functions(module.tree)
        if function.returns is None
    ]

    assert untyped == []


def test_nothing_is_left_for_later() -> None:
    marks = re.compile(r"\b(?:[T]ODO|[F]IXME|[X]XX|[H]ACK)\b(?=[:\s(])")
    raised = [
        f"{module.name}:{node.lineno}"
        for module in product_modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Raise) and "NotImplementedError" in ast.dump(node)
    ]
    noted = [
        f"{module.name}:{number} {line.strip()}"
        for module in (*product_modules(), *modules_under("tests", "tools", "benchmarks"))
        for number, line in enumerate(module.text.splitlines(), 1)
        if "#" in line and marks.search(line.split("#", 1)[1])
    ]

    assert raised + noted == []


def test_no_error_is_caught_without_saying_which() -> None:
    broad = [
        f"{module.name}:{node.lineno}"
        for module in product_modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ExceptHandler)
        and (
            node.type is None
            or {"Exception", "BaseException"} & {n.id for n in ast.walk(node.type) if isinstance(n, ast.Name)}
        )
        and not any(isinstance(inner, ast.Raise) and inner.exc is None for inner in ast.walk(node))
    ]

    assert broad == []


def test_the_projects_own_modules_are_imported_at_the_top() -> None:
    hidden = [
        f"{module.name}:{node.lineno}"
        for module in product_modules()
        for function in functions(module.tree)
        for node in ast.walk(function)
        if isinstance(node, ast.ImportFrom)
        and (
            node.level
            or (node.module or "").split(".")[0] in {"ebp_desktop", "ui", "sync", "scanner", "central", "resources"}
        )
    ]

    assert hidden == []


def test_the_wire_is_encrypted() -> None:
    plain = [
        f"{module.name}:{node.lineno} {str(node.value)[:60]}"
        for module in product_modules()
        for node in texts(module.tree)
        if PLAIN_WIRE.search(str(node.value))
    ]

    assert plain == []


def test_certificates_are_checked() -> None:
    unchecked = [
        f"{module.name}:{node.value.lineno}"
        for module in product_modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.keyword) and node.arg == "verify" and ast.unparse(node.value) in {"False", "0", "None"}
    ]

    assert unchecked == []


def test_no_file_names_a_package_index_a_machine_or_the_design_notes() -> None:
    found = [
        f"{name}:{number} {line.strip()[:80]}"
        for name, text in tracked_texts()
        for number, line in enumerate(text.splitlines(), 1)
        if INDEX.search(line) or MACHINE_PATH.search(line) or DESIGN_NOTES in line
    ]

    assert found == []


def test_no_two_test_modules_share_a_name() -> None:
    names = [module.path.name for module in modules_under("tests") if module.path.name.startswith("test_")]

    assert sorted(names) == sorted(set(names))


def test_the_tests_keep_pace_with_the_code() -> None:
    code = sum(module.code_lines() for module in product_modules())
    tests = sum(module.code_lines() for module in modules_under("tests"))

    assert tests / code >= LIMITS["tests"]["lines_per_line_of_code"], f"{tests} lines of tests, {code} of code"


def test_the_documents_that_the_readme_points_to_are_there() -> None:
    lost = [
        f"{page.relative_to(ROOT)} → {target}"
        for page in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
        for target in re.findall(r"\]\(([^)#\s]+)", page.read_text("utf-8"))
        if "://" not in target and not (page.parent / target).exists()
    ]

    assert lost == []
