"""Recency, frequency, monetary value: quintile scores and the names of their cells (metrics.md §7)."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib.resources import files
from itertools import product
from typing import Final

import polars as pl

from ltvtui.analytics.quantiles import type7
from ltvtui.analytics.schema import MONEY_SCALE

BEST: Final = 5
SCORE: Final = pl.Enum(["".join(cell) for cell in product("54321", repeat=3)])
"""R, F and M in three digits, the best first."""


@dataclass(frozen=True)
class Cuts:
    """Thresholds between the five scores, rising; a value on a threshold stays below it."""

    recency: tuple[Fraction, ...]
    """Days since the last order."""
    frequency: tuple[Fraction, ...]
    """Orders."""
    monetary: tuple[Fraction, ...]
    """Revenue, currency units."""


@dataclass(frozen=True)
class Names:
    """What the cells of R, F and M are called."""

    names: tuple[str, ...]
    """In the order in which they are listed."""
    cells: tuple[int, ...]
    """Place in `names` of each of the 125 cells, in the order of SCORE."""


def quintiles(customers: pl.DataFrame, as_of: int) -> Cuts:
    """Cuts at 20, 40, 60 and 80 % (type-7 quantiles) of `customers`: last (day), orders, revenue (Int64 money)."""
    money = (cut / MONEY_SCALE for cut in _fifths(customers["revenue"]))
    return Cuts(_fifths(as_of - customers["last"]), _fifths(customers["orders"]), tuple(money))


def scores(customers: pl.DataFrame, as_of: int, cuts: Cuts) -> pl.Series:
    """R, F and M (SCORE) of `customers`, each 1 to 5: one more for each threshold exceeded, for R one less."""
    recency = BEST - _exceeded(as_of - customers["last"], cuts.recency)
    frequency = 1 + _exceeded(customers["orders"], cuts.frequency)
    monetary = 1 + _exceeded(customers["revenue"], [cut * MONEY_SCALE for cut in cuts.monetary])
    places = [(BEST - part).cast(pl.UInt8) for part in (recency, frequency, monetary)]
    return (places[0] * BEST**2 + places[1] * BEST + places[2]).cat.to(SCORE)


def named(scores: pl.Series, names: Names) -> pl.Series:
    """The name (Enum, in the order of the list) of each of `scores` (SCORE)."""
    cells = pl.Series(names.cells, dtype=pl.UInt8)
    return cells.gather(scores.to_physical()).cat.to(pl.Enum(names.names))


@cache
def usual_names() -> Names:
    """The names that come with the program."""
    table = tomllib.loads(files("ltvtui.analytics").joinpath("rfm.toml").read_text("utf-8"))
    letters = list(table["names"])
    # A row has its groups from F1 on and its letters from M1 on; scores are listed from the best on.
    rows = [[group[::-1] for group in reversed(table["cells"][f"R{r}"].split())] for r in range(BEST, 0, -1)]
    cells = "".join(group for row in rows for group in row)
    return Names(tuple(table["names"].values()), tuple(letters.index(letter) for letter in cells))


def _fifths(values: pl.Series) -> tuple[Fraction, ...]:
    """Type-7 quantiles of whole numbers at 20, 40, 60 and 80 %."""
    ordered, count = values.sort(), values.len()
    return tuple(type7(lambda rank: int(ordered[rank]), count, Fraction(f, BEST)) for f in range(1, BEST) if count)


def _exceeded(values: pl.Series, cuts: Sequence[Fraction]) -> pl.Series:
    """How many of `cuts` each whole number exceeds (UInt8): it does where it exceeds the whole part."""
    none = pl.zeros(values.len(), dtype=pl.UInt8, eager=True)
    return sum(((values > math.floor(cut)).cast(pl.UInt8) for cut in cuts), none)
