"""Work off the keyboard's thread: what it is given is not written out on it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import ltvtui

SOURCES = sorted((Path(ltvtui.__file__).parent / "tui").rglob("*.py"))


def begun(source: Path) -> Iterator[tuple[str, ast.Call]]:
    """Every place where a worker is begun or declared, with the call."""
    for node in ast.walk(ast.parse(source.read_text())):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in ("work", "run_worker"):
                yield f"{source.name}:{node.lineno}", node


def test_every_worker_is_described_in_words() -> None:
    """Textual describes the others by the text of all that they are given: of a shop that takes 50 ms."""
    calls = [call for source in SOURCES for call in begun(source)]
    assert len(calls) > 5
    assert [
        location for location, call in calls if not any(word.arg == "description" for word in call.keywords)
    ] == []
