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


def abc(revenue: pl.Series, shares: tuple[float, float] = SHARES) -> pl.Series:
    """ABC of each `revenue` (Int64 money) by the running share of those before it, highest first.

    Of equal ones the first stands before the next, so that a limit may part them.
    """
    ordered = revenue.alias("revenue").to_frame().with_row_index("row")
    ordered = ordered.sort("revenue", descending=True, maintain_order=True)
    before, whole = ordered["revenue"].cum_sum() - ordered["revenue"], int(revenue.sum())
    limits = [math.ceil(Fraction(str(share)) * whole) for share in shares]  # 0.07 × 100 > 7 in floats
    reached = sum(((before >= limit).cast(pl.UInt8) for limit in limits), _none(before))
    return _none(before).scatter(ordered["row"], reached).cat.to(ABC)


def starts(revenue: pl.Series, classes: pl.Series) -> dict[str, int]:
    """The least `revenue` (Int64 money) of each of `classes` (ABC) that has customers."""
    least = pl.DataFrame({"class": classes.cast(pl.String), "revenue": revenue}).group_by("class").agg(pl.all().min())
    return dict(least.rows())


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
    above = sum(
        ((spread > cut * cut * (gaps - 1) * total * total).cast(pl.UInt8) for cut in variation),
        _none(days),
    )
    return above.zip_with(gaps >= FEWEST_GAPS, unknown).cat.to(XYZ)


def _none(values: pl.Series) -> pl.Series:
    return pl.zeros(values.len(), dtype=pl.UInt8, eager=True)
