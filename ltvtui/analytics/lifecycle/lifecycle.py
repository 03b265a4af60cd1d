"""Where customers stand in their life with the shop (metrics.md §8)."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

import polars as pl

from ltvtui.analytics.retention import gap_quantile

STAGES: Final = ("new", "one-time", "regular", "fading", "lost")
"""Of customers with an order; who has none is a lead."""
STAGE: Final = pl.Enum(STAGES)
WARNING_QUANTILE: Final = Fraction(3, 4)
SHORTEST_WARNING: Final = 15


def warning_gap(gaps: pl.DataFrame, churn_gap: int) -> Fraction:
    """W: silent days after which a regular customer fades: the 75th percentile (type 7) of `gaps` (gap, len;
    sorted), within 15 days and the churn gap; without any gap the churn gap."""
    usual = gap_quantile(gaps, WARNING_QUANTILE) if gaps.height else Fraction(churn_gap)
    return min(max(usual, Fraction(SHORTEST_WARNING)), Fraction(churn_gap))


def stage(orders: pl.Series, silent: pl.Series, churn_gap: int, warning: Fraction) -> pl.Series:
    """Stage (STAGE) of customers by `orders` and `silent` days since the last of them.

    Who is silent for the churn gap or longer is one-time or lost, as retention and migration have them lapsed.
    """
    often = (orders >= 2).cast(pl.UInt8)
    lapsed = silent >= churn_gap
    fading = lapsed | (silent > int(warning))  # where both borders are one day, it is that of the lost
    return (often * 2 + lapsed.cast(pl.UInt8) + fading.cast(pl.UInt8) * often).cat.to(STAGE)
