"""Where the names of RFM mislead, in words: beside each name, and in one clause."""

from __future__ import annotations

from typing import Final

import polars as pl

from ltvtui.analytics.rfm.misnomers import Misnomers
from ltvtui.present.headline import Clauses
from ltvtui.present.headline.words import listed, name
from ltvtui.present.numbers import counted

_CELLS: Final = {
    "lapsed": "Most lapsed, ≥ {gap}: win back",
    "active": "Most not late: silent ≤ {usual}",
    "once": "Most ordered only once",
}
_CLAUSES: Final = {
    "lapsed": "most of {names} have lapsed (no order for {gap}), whatever the name",
    "active": "most of {names} are silent no longer than usual ({usual}), whatever the name",
    "once": "most of {names} ordered only once, whatever the name",
}
_MOST: Final = 4
"""Names that a clause has."""


def misnomer_advice(found: Misnomers) -> dict[str, str]:
    """By name what holds of most who have it, in place of what the name makes one do."""
    return {called: _write(_CELLS[kind], found) for called, kind in found.rows.iter_rows()}


def misnomer_clauses(found: Misnomers) -> Clauses:
    """A clause for each way in which names mislead."""
    clauses = []
    for kind, text in _CLAUSES.items():
        names = [f"“{name(called)}”" for called in found.rows.filter(pl.col("misnomer") == kind)["RFM"]]
        if names:
            clauses.append(_write(text, found, listed(names, _MOST)))
    return tuple(clauses)


def _write(text: str, found: Misnomers, names: str = "") -> str:
    return text.format(gap=counted(found.gap, "day"), usual=counted(found.usual, "day"), names=names)
