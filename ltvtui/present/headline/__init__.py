"""The sentence that says what a screen shows: clauses made of the figures of its tables, worst news included.

A file a screen. Each clause stands for itself or for the clauses before it, so that those that have no room are left
out from the end. A figure is written with no more digits than its table has, and never rounds to another fact.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

Clauses = tuple[str, ...]
"""Parts of the sentence, the most important first."""
_FIXED_BRACKET: Final = "\u00a0("
"""Begins a bracket that is no remark: fitting.py leaves it."""
_ESCAPED: Final = re.compile(r"[\\`*_<\[\]|]")
"""What Markdown would read as its own."""


def with_fixed_brackets(text: str) -> str:
    """A name, or a remark that says what a figure is: its brackets stay however little room there is."""
    return text.replace(" (", _FIXED_BRACKET)


def sentence(clauses: Sequence[str]) -> str:
    """The clauses as one sentence; blank where there is none."""
    if not clauses:
        return ""
    text = "; ".join(clauses).replace(_FIXED_BRACKET, " (")
    return f"{text[0].upper()}{text[1:]}."


def headed(clauses: Sequence[str], markdown: str) -> str:
    """A Markdown text under the sentence, which is a paragraph of its own."""
    text = sentence(clauses)
    return f"{in_markdown(text)}\n\n{markdown}" if text else markdown


def in_markdown(text: str) -> str:
    """A text that Markdown shows as it is."""
    return _ESCAPED.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    return "&lt;" if found[0] == "<" else f"\\{found[0]}"
