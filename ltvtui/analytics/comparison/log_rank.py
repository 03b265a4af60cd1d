"""Whether customers of one group leave sooner than those of another: the log-rank test (metrics.md §12)."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import polars as pl

from ltvtui.analytics.comparison.probability import both_tails
from ltvtui.analytics.comparison.sides import SIDE, A


@dataclass(frozen=True)
class LogRank:
    """The test of the retention of both sides; figures are of A."""

    observed: int
    """Customers of A who lapsed."""
    expected: float
    """How many would have, had both the same retention."""
    variance: float
    chi2: float
    """One degree of freedom."""
    p: float


def log_rank(customers: pl.DataFrame) -> LogRank | None:
    """The test on the retention sample among `customers` (side, months, lapsed: retention.censor), all its months.

    None where nobody, or everybody at risk, lapsed: the variance is 0. Mantel (1966), hypergeometric variance.
    """
    is_a = pl.col(SIDE) == A
    ends = (
        customers.filter(pl.col("months").is_not_null())
        .group_by("months")
        .agg(
            pl.len().cast(pl.Int64).alias("all"),
            is_a.sum().cast(pl.Int64).alias("a"),
            pl.col("lapsed").sum().cast(pl.Int64).alias("lapsed"),
            (pl.col("lapsed") & is_a).sum().cast(pl.Int64).alias("lapsed_a"),
        )
        .sort("months")
    )
    at_risk = ends.with_columns(
        pl.col("all").cum_sum(reverse=True).cast(pl.Float64), pl.col("a").cum_sum(reverse=True).cast(pl.Float64)
    )
    share, lapsed = pl.col("a") / pl.col("all"), pl.col("lapsed")
    spread = pl.when(pl.col("all") > 1).then(
        lapsed * share * (1 - share) * (pl.col("all") - lapsed) / (pl.col("all") - 1)
    )
    observed, expected, variance = at_risk.select(
        pl.col("lapsed_a").sum(), (lapsed * share).sum(), spread.sum().alias("variance")
    ).row(0)
    if not variance > 0:
        return None
    z = (observed - expected) / sqrt(variance)
    return LogRank(int(observed), expected, variance, z * z, both_tails(z))
