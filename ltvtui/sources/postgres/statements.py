"""SQL as it was asked for, as the driver, a database with several schemas and older servers want it written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

_TOKEN: Final = re.compile(
    r"[eE]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\""
    r"|\$(?P<tag>[A-Za-z_]\w*)?\$.*?\$(?(tag)(?P=tag))\$|--[^\n]*|/\*.*?\*/|\w+|\s+|.",
    re.DOTALL,
)
_QUERIES: Final = frozenset(("SELECT", "WITH", "VALUES", "("))
_NAME: Final = re.compile(r'[\w"]')
_BEHIND_SOURCES: Final = frozenset(
    (
        *("WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "FETCH", "FOR", "UNION", "INTERSECT", "EXCEPT"),
        *("WINDOW", "JOIN", "INNER", "LEFT", "RIGHT", "FULL", "CROSS", "NATURAL", "ON", "USING", "TABLESAMPLE"),
    )
)


def as_sent(sql: str, spellings: Mapping[str, str], values: int) -> str:
    """`sql` with $1, $2 and so on in place of the marks of so many `values`; every name that is one of `spellings` in
    the spelling that it has there, unless it is that of a function; and a name behind every query that stands in FROM
    without one, which servers before version 16 insist on."""
    tokens = [match[0] for match in _TOKEN.finditer(sql)]
    solid = [place for place, token in enumerate(tokens) if token.strip() and not token.startswith(("--", "/*"))]
    opened: list[bool] = []
    marks = names = 0
    for at, place in enumerate(solid):
        token = tokens[place]
        before, behind = (tokens[solid[n]].upper() if 0 <= n < len(solid) else "" for n in (at - 1, at + 1))
        if token == "(":
            opened.append(before in ("FROM", "JOIN") and behind in _QUERIES)
        elif token == ")" and opened:
            if opened.pop() and (behind in _BEHIND_SOURCES or not _NAME.match(behind)):
                names += 1
                tokens[place] = f") AS ltvtui_{names}"
        elif token == "?" and marks < values:
            marks += 1
            tokens[place] = f"${marks}"
        elif behind != "(":
            tokens[place] = spellings.get(token, token)
    return "".join(tokens)
