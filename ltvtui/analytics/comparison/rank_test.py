"""Whether customers of one group bring more than those of another: Mann-Whitney (metrics.md §12)."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import polars as pl

from ltvtui.analytics.comparison.probability import both_tails
from ltvtui.analytics.comparison.sides import SIDE, A


@dataclass(frozen=True)
class MannWhitney:
    """The test of one figure of each customer on both sides."""

    u: float
    """How often a customer of A is above one of B, a tie counted as half."""
    chance: float
    """P(A > B) + ½ P(A = B)."""
    z: float
    """Above 0 where A tends to be higher."""
    p: float


def mann_whitney(values: pl.DataFrame, column: str) -> MannWhitney | None:
    """The test on `column` (an integer) of `values` (side): ties corrected for, without continuity correction.

    None where a side is empty or all values are equal. Mann & Whitney (1947); the variance with ties is
    n₁n₂ ÷ 12 · (N + 1 - Σ(t³ - t) ÷ (N(N - 1))).
    """
    counts = (
        values.group_by(column)
        .agg(pl.len().cast(pl.Int64).alias("all"), (pl.col(SIDE) == A).sum().cast(pl.Int64).alias("a"))
        .sort(column)
    )
    people, of_a = int(counts["all"].sum()), int(counts["a"].sum())
    of_b = people - of_a
    if of_a == 0 or of_b == 0 or counts.height == 1:
        return None
    b = pl.col("all") - pl.col("a")
    twice, ties = counts.select(
        (pl.col("a") * (2 * (b.cum_sum() - b) + b)).sum(),  # of those below and of those that are equal
        (pl.col("all").cast(pl.Float64).pow(3) - pl.col("all")).sum(),
    ).row(0)
    u = int(twice) / 2
    variance = of_a * of_b / 12 * (people + 1 - ties / (people * (people - 1)))
    z = (u - of_a * of_b / 2) / sqrt(variance)
    return MannWhitney(u, u / (of_a * of_b), z, both_tails(z))
