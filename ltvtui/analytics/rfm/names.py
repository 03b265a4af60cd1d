"""What the cells of R, F and M are called: a table that anybody may replace (metrics.md §7)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import polars as pl

from ltvtui.errors import LtvError

BEST: Final = 5
"""The best score; 1 is the worst."""
NAMES_HELP: Final = "`ltvtui names` prints the table in use: change a copy of it."


@dataclass(frozen=True)
class Names:
    """What the cells of R, F and M are called."""

    names: tuple[str, ...]
    """In the order in which they are listed."""
    cells: tuple[int, ...]
    """Place in `names` of each of the 125 cells, in the order of rfm.SCORE."""
    actions: tuple[str, ...] = ()
    """What to do with each of `names`; blank where nothing is said, empty where nothing is said of any."""
    letters: tuple[str, ...] = ()
    """The letter of each of `names`."""


def segment_names(scores: pl.Series, names: Names) -> pl.Series:
    """The name (Enum, in the order of the list) of each of `scores` (rfm.SCORE)."""
    cells = pl.Series(names.cells, dtype=pl.UInt8)
    return cells.gather(scores.to_physical()).cat.to(pl.Enum(names.names))


def best_lost_names(names: Names) -> tuple[str, ...]:
    """What those are called who came most often for most money and stayed away: R2 and R1."""
    places = [names.cells[(BEST - score) * BEST**2] for score in (2, 1)]
    return tuple(dict.fromkeys(names.names[place] for place in places))


def usual_table() -> str:
    """The table of names that comes with the program, as TOML."""
    return files("ltvtui.analytics.rfm").joinpath("rfm.toml").read_text("utf-8")


@cache
def usual_names() -> Names:
    """The names that come with the program."""
    return read_names(usual_table())


def read_names(toml: str) -> Names:
    """Names from a table like that of usual_table. LtvError (exit code 2) says what of it cannot be."""
    try:
        table = tomllib.loads(toml)
    except tomllib.TOMLDecodeError as error:
        raise LtvError(f"The file of RFM names is not valid TOML: {error}.", NAMES_HELP, 2) from error
    names, cells = (_texts(table, part) for part in ("names", "cells"))
    letters = list(names)
    if not names or any(len(letter) != 1 for letter in letters) or len(set(names.values())) < len(names):
        raise LtvError("[names] of the RFM file must have one letter for each name, each used once.", NAMES_HELP, 2)
    actions = _texts(table, "actions") if "actions" in table else {}
    if "actions" in table and not (actions and set(actions) <= set(letters)):
        raise LtvError("[actions] of the RFM file must have a text for letters from [names].", NAMES_HELP, 2)
    found: list[int] = []
    for row in (f"R{score}" for score in range(BEST, 0, -1)):
        groups = cells.get(row, "").split()
        if [len(group) for group in groups] != [BEST] * BEST or not set("".join(groups)) <= set(letters):
            raise LtvError(f"{row} of [cells] must have five groups of five letters from [names].", NAMES_HELP, 2)
        # A row has its groups from F1 on and its letters from M1 on; scores are listed from the best on.
        found += [letters.index(letter) for group in reversed(groups) for letter in reversed(group)]
    sentences = tuple(actions.get(letter, "") for letter in letters) if actions else ()
    return Names(tuple(names.values()), tuple(found), sentences, tuple(letters))


def _texts(table: dict[str, Any], part: str) -> dict[str, str]:
    """A table of non-empty texts; empty where it is anything else."""
    texts = table.get(part)
    if not isinstance(texts, dict) or not all(isinstance(text, str) and text.strip() for text in texts.values()):
        return {}
    return texts
