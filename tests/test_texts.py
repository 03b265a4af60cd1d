"""What a person reads on screen, in help and in errors: plain English, without the words of this house."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from shops import ROOT

SAYS = {
    *("LtvError", "notify", "Static", "Command", "Doubt", "Unreadable", "FilterError", "UsageError", "BadParameter"),
    *(
        "option",
        "argument",
        "Column",
        "Metric",
        "CohortMetric",
        "Question",
        "Undecided",
        "Field",
        "MappingField",
        "echo",
    ),
}
"""Calls whose texts are read by people."""

BANNED = {
    r"\bcannot be\.": "say what is wrong with the value: Invalid margin: 9.",
    r"\bof whom\b": "say it of the customers",
    r"\bNone where\b": "this is for programmers",
    r"\banew\b": "again",
    r"\bwhoever\b": "name who",
    r"\bhindsight\b": "based on past spend",
    r"\bgrey text\b": "suggestion",
    r"\bagree(?:d)? on\b": "saved settings",
    r"\bin force\b": "in use",
    r"\bwhat is over\b": "complete periods",
    r"\bis not kept\b": "is not saved",
    r"\bfor your eyes only\b": "readable only by you",
    r"\breckon": "calculate",
    r"\btaken for\b": "read as, used as",
    r"\bto be had\b": "available",
    r"\b(?:is|was|are|were) told\b|\btold (?:of|by|apart)\b": "show, report, split by",
    r"\bcannot stand\b|\bstands? (?:for all|beside|there|under|below|above|before)\b": "is",
    r"(?<!There )\bis no (?:file|folder|number|day|month|value|amount|comparison|database|sheet)\b": "is not a …",
    r"\bha(?:s|ve) to (?:hold|be)\b": "must be, needs",
    r"\bas agreed\b": "saved",
    r"\b(?:are|is|were|was) understood\b": "mapping, is read",
    r"\bor the like\b|\band the like\b": "similar",
    r"\bbelongs? to (?:Budget|Matrix|Cohorts)\b": "is only on Budget",
    r"\bMend (?:that|the|it)\b": "Correct",
    r"\bthe rights? on\b|\broom on\b": "permissions, free space",
    r"\bdesks?\b|\blens(?:es)?\b|\bshelf\b|\bknobs?\b": "a word of the code, and an old one",
    r"\b1 (?:rows|orders|customers|lines|columns|tables) ": "one is singular",
}


def texts() -> Iterator[tuple[str, int, str]]:
    """File, line and text of everything that is said."""
    for path in sorted((ROOT / "ltvtui").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and any(
                isinstance(of, ast.Call) and called(of) in ("command", "group") for of in node.decorator_list
            ):
                yield str(path.relative_to(ROOT)), node.lineno, ast.get_docstring(node) or ""
            if isinstance(node, ast.Call) and called(node) in SAYS:
                for part in ast.walk(node):
                    if isinstance(part, ast.Constant) and isinstance(part.value, str) and " " in part.value:
                        yield str(path.relative_to(ROOT)), part.lineno, part.value


def called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


@pytest.fixture(scope="module")
def said() -> list[tuple[str, int, str]]:
    """All of them: looked for once, where these tests run, and not wherever they are collected."""
    return list(texts())


def test_there_is_something_to_read(said: list[tuple[str, int, str]]) -> None:
    assert len(said) > 800


@pytest.mark.parametrize("pattern", sorted(BANNED))
def test_no_text_has_it(pattern: str, said: list[tuple[str, int, str]]) -> None:
    found = [f"{file}:{line}: {text}" for file, line, text in said if re.search(pattern, text, re.IGNORECASE)]
    assert not found, f"{BANNED[pattern]}\n" + "\n".join(found)


@pytest.mark.parametrize(
    "page", ["README.md", *sorted(str(p.relative_to(ROOT)) for p in Path(ROOT, "docs").glob("*.md"))]
)
def test_no_page_has_it(page: str) -> None:
    # Code has the names it has, such as a key of the JSON.
    text = re.sub(r"```.*?```|`[^`]*`", "", (ROOT / page).read_text("utf-8"), flags=re.DOTALL)
    assert [pattern for pattern in BANNED if re.search(pattern, text, re.IGNORECASE)] == []
