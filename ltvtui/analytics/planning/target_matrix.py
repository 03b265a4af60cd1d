"""Several segments side by side: each criterion scored 1 to 5 by quintile, and weighed (metrics.md §14)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

MATRIX_CRITERIA: Final = {
    "size": "customers",
    "value": "LTV at the common age",
    "growth": "revenue of late against as many days before",
    "reach": "share of customers who have not lapsed and, where e-mail is mapped, have an address",
    "net": "LTV − CAC",
}
"""Criteria by key: columns of TargetMatrix.rows, in their order."""
BEST_SCORE: Final = 5
SEGMENT: Final = "segment"
MATRIX: Final[dict[str, type[pl.DataType]]] = {
    SEGMENT: pl.String,
    "size": pl.Int64,
    **{name: pl.Float64 for name in MATRIX_CRITERIA if name != "size"},
    "few": pl.Boolean,
    **{f"{name}_score": pl.Int32 for name in MATRIX_CRITERIA},
    "total": pl.Float64,
}
"""Columns of TargetMatrix.rows."""


@dataclass(frozen=True, eq=False)
class TargetMatrix:
    """Segments by criteria."""

    rows: pl.DataFrame
    """MATRIX, a row a segment, the highest total first and those without one last.

    size: customers; value and net in currency units; growth: 0.1 is 10 % more; reach 0…1; null where not known. few:
    a small sample, which is not scored. …_score 1 … 5; total: their mean by weight, over the criteria known of the
    segment.
    """
    weights: Mapping[str, float]
    """Of all MATRIX_CRITERIA."""
    limits: Mapping[str, tuple[float, ...]]
    """Of each criterion that is scored the four quintiles (type 7) of the segments: the score is 1 + how many of them
    are exceeded."""
    tau: int
    """Months of data behind value, the same of all segments that are scored."""
    span: int
    """Days that count as of late."""
    missing: Mapping[str, str]
    """Why a criterion is not scored, in words."""


def target_matrix(
    rows: pl.DataFrame,
    weights: Mapping[str, float],
    tau: int = 0,
    span: int = 0,
    missing: Mapping[str, str] | None = None,
) -> TargetMatrix:
    """The matrix of `rows` (segment, MATRIX_CRITERIA, few); `weights` as far as they are not 1.

    A criterion is not scored where fewer than two segments have it, or all have the same.
    """
    why = dict(missing or {})
    all_weights = {name: float(weights.get(name, 1.0)) for name in MATRIX_CRITERIA}
    large = rows.filter(~pl.col("few"))
    limits = {}
    for name in MATRIX_CRITERIA:
        values = large[name].drop_nulls()
        if values.n_unique() > 1:
            limits[name] = quintiles(values.to_list())
        elif name not in why:
            alike = "it is the same in all segments" if values.len() > 1 else "fewer than two segments have it"
            why[name] = alike
    scored = rows.with_columns(
        _score(name, limits[name]) if name in limits else pl.lit(None, dtype=pl.Int32).alias(f"{name}_score")
        for name in MATRIX_CRITERIA
    )
    return TargetMatrix(
        scored.with_columns(_total(all_weights))
        .select(pl.col(name).cast(kind) for name, kind in MATRIX.items())
        .sort("total", "size", SEGMENT, descending=[True, True, False], nulls_last=True),
        all_weights,
        limits,
        tau,
        span,
        {name: text for name, text in why.items() if name not in limits},
    )


def quintiles(values: Sequence[float]) -> tuple[float, ...]:
    """The quantiles at 20, 40, 60 and 80 % (type 7) of one value or more."""
    ranked = sorted(values)
    places = (divmod(part * (len(ranked) - 1), 5) for part in range(1, 5))  # in whole numbers: exact on a value
    between = ((ranked[at], ranked[min(at + 1, len(ranked) - 1)], rest) for at, rest in places)
    return tuple(low + (high - low) * rest / 5 for low, high, rest in between)


def _score(name: str, limits: tuple[float, ...]) -> pl.Expr:
    value = pl.col(name).cast(pl.Float64)
    above = pl.sum_horizontal((value > limit).cast(pl.Int32) for limit in limits)
    is_scored = value.is_not_null() & ~pl.col("few")
    return pl.when(is_scored).then(1 + above).cast(pl.Int32).alias(f"{name}_score")


def _total(weights: Mapping[str, float]) -> pl.Expr:
    """The mean score by weight; null where no criterion with a weight is known."""
    scores = {name: pl.col(f"{name}_score") for name, weight in weights.items() if weight > 0}
    if not scores:
        return pl.lit(None, dtype=pl.Float64).alias("total")
    together = pl.sum_horizontal(score.fill_null(0) * weights[name] for name, score in scores.items())
    weight = pl.sum_horizontal(score.is_not_null().cast(pl.Float64) * weights[name] for name, score in scores.items())
    return pl.when(weight > 0).then(together / weight).alias("total")
