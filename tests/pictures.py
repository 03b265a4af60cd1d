"""Reads pictures of the screen: SVG in which each character has its place."""

from __future__ import annotations

import re
from html import unescape

_CHARACTER = re.compile(r'<text x="([\d.]+)" y="(\d+)">([^<]*)</text>')
_WIDTH, _HEIGHT = 10, 20


def text_of(svg: str) -> str:
    """The written characters line by line; what is drawn as shapes is blank."""
    rows: dict[int, dict[int, str]] = {}
    for x, y, character in _CHARACTER.findall(svg):
        rows.setdefault(int(y) // _HEIGHT, {})[int(float(x)) // _WIDTH] = unescape(character)
    lines = [
        "".join(row.get(column, " ") for column in range(max(row, default=-1) + 1))
        for row in (rows.get(number, {}) for number in range(max(rows, default=-1) + 1))
    ]
    return "\n".join(lines)
