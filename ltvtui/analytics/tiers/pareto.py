"""How much of the value comes from how few (metrics.md §5)."""

from __future__ import annotations

import math
from typing import Final

import polars as pl

READINGS: Final = (0.04, 0.2)
"""The shares of customers that the field reads off: the best 4 % and 20 %."""


def top_share(ranked: pl.Series, share: float) -> float | None:
    """Share of value made by the ⌈share·N⌉ best customers; `ranked` is Int64 money of each, highest first."""
    total = int(ranked.sum())
    if total <= 0:
        return None
    best = math.ceil(round(share * ranked.len(), 6))
    return int(ranked.head(best).sum()) / total


def pareto_curve(ranked: pl.Series, points: int = 200) -> pl.DataFrame:
    """customers_share, value_share (Float64, 0…1) at most at `points` + 1 places of `ranked`, as above."""
    total = int(ranked.sum())
    n = ranked.len()
    if total <= 0:
        return pl.DataFrame(schema={"customers_share": pl.Float64, "value_share": pl.Float64})
    running = ranked.cum_sum()
    ranks = sorted({math.ceil(i * n / points) for i in range(1, points + 1)})
    return pl.DataFrame(
        {
            "customers_share": [0.0, *(rank / n for rank in ranks)],
            "value_share": [0.0, *(int(running[rank - 1]) / total for rank in ranks)],
        }
    )


def lorenz_curve(ranked: pl.Series, points: int = 199) -> pl.DataFrame:
    """customers_share, value_share (Float64, 0…1): what the least valuable make of all, at most at `points` + 1
    places of `ranked`, as above.

    The Pareto curve turned round (metrics.md §5): what the best r of N do not make is what the other N − r do.
    It falls below zero where the least valuable cost money.
    """
    best = pareto_curve(ranked, points).reverse()
    return best.select((1 - pl.col(share)).alias(share) for share in best.columns)
