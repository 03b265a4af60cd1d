"""ABC by what customers brought, XYZ by how evenly they come (metrics.md §6)."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Final

import polars as pl

ABC: Final = pl.Enum(["A", "B", "C"])
XYZ: Final = pl.Enum(["X", "Y", "Z", "–"])
"""The last: too few gaps to tell."""
SHARES: Final = (0.8, 0.95)
"""Running shares of revenue before a customer up to which they are A, and up to which B."""
VARIATION: Final = (0.5, 1.0)
"""Coefficients of variation of gaps up to which a customer is X, and up to which Y."""
FEWEST_GAPS: Final = 3


def abc(revenue: pl.Series, shares: tuple[float, float] = SHARES, ranked: pl.Series | None = None) -> pl.Series:
    """ABC of each `revenue` (Int64 money) by the running share of those before it, highest first.

    Of equal ones the first stands before the next, so that a limit may part them. `ranked` is `revenue` from the
    highest on, where that is known.
    """
    ranked = revenue.sort(descending=True) if ranked is None else ranked
    before, whole = ranked.cum_sum() - ranked, int(revenue.sum())
    limits = [math.ceil(Fraction(str(share)) * whole) for share in shares]  # 0.07 × 100 > 7 in floats
    first, second = (_highest(revenue, ranked, _until(before, limit)) for limit in limits)
    return (2 - first.cast(pl.UInt8) - second.cast(pl.UInt8)).cat.to(ABC)


def _until(before: pl.Series, limit: int) -> int:
    """How many values there are before their running total is `limit` or more."""
    at_limit = before >= limit
    return int(at_limit.arg_max() or 0) if at_limit.any() else before.len()


def _highest(values: pl.Series, ranked: pl.Series, count: int) -> pl.Series:
    """Boolean: which of `values` are the `count` highest; of equal ones the first."""
    if not count:
        return pl.repeat(False, values.len(), dtype=pl.Boolean, eager=True)
    last = ranked[count - 1]
    above, equal = values > last, values == last
    first: pl.Series = equal & (equal.cum_sum() <= count - int(above.sum()))
    highest: pl.Series = above | first
    return highest


def starts(revenue: pl.Series, classes: pl.Series) -> dict[str, int]:
    """The least `revenue` (Int64 money) of each of `classes` (ABC) that has customers."""
    least = ((kind, revenue.filter(classes == kind).min()) for kind in ABC.categories)
    return {kind: start for kind, start in least if isinstance(start, int)}


def xyz(
    days: pl.Series, span: pl.Series, squares: pl.Series, variation: tuple[float, float] | None = VARIATION
) -> pl.Series:
    """XYZ of customers with `days` order days over a `span` of days; `squares` is the sum of their squared gaps.

    The coefficient of variation is the sample standard deviation of the gaps over their mean. Without limits of
    `variation` nobody is told apart.
    """
    unknown = pl.Series([3], dtype=pl.UInt8)
    if variation is None:
        return unknown.new_from_index(0, days.len()).cat.to(XYZ)
    gaps, total = (days.cast(pl.Int64) - 1).cast(pl.Float64), span.cast(pl.Float64)
    # s ÷ mean ≤ c, without dividing: n · (n · Σg² − (Σg)²) ≤ c² · (n − 1) · (Σg)².
    spread = gaps * (gaps * squares.cast(pl.Float64) - total * total)
    none = pl.zeros(days.len(), dtype=pl.UInt8, eager=True)
    above = sum(((spread > cut * cut * (gaps - 1) * total * total).cast(pl.UInt8) for cut in variation), none)
    return above.zip_with(gaps >= FEWEST_GAPS, unknown).cat.to(XYZ)
