"""Segments by two dimensions as a heat map: one down, the other across."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import polars as pl
from rich.cells import cell_len

from ltvtui.analytics.segment_metrics import LTV, SEGMENT_METRICS
from ltvtui.present.fitting import fit
from ltvtui.present.matrix import MatrixTable, Side, crossed
from ltvtui.present.numbers import write

PIVOT_METRICS: Final = ("customers", "customer_share", "revenue", "revenue_share", "ltv", "check", "retention_months")
"""Keys of SEGMENT_METRICS, in the order in which the screen goes through them."""
MOST_ACROSS: Final = 60
"""Values that stand across: those of most customers."""
_WIDEST_ACROSS: Final = 14
"""Cells of a title; every column is as wide as the widest."""
_WIDEST_DOWN: Final = 24


@dataclass(frozen=True, eq=False)
class Pivot:
    """A heat map, and which values its rows and columns stand for."""

    table: MatrixTable
    down: tuple[str | None, ...]
    across: tuple[str | None, ...]
    caption: tuple[str, ...]
    """What it shows, in words."""


def pivot(rows: pl.DataFrame, by: Sequence[str], metric: str, horizon: int) -> Pivot:
    """`rows` of segments.profile by the two dimensions `by`: of each pair the `metric` (PIVOT_METRICS; else LTV).

    Values with an order of their own stand in it, others by their customers.
    """
    found = SEGMENT_METRICS[metric] if metric in PIVOT_METRICS else LTV
    texts = rows.with_columns(pl.col(by).cast(pl.String))
    down, across = (_values(rows, name) for name in by)
    shown = across if len(across) <= MOST_ACROSS else _largest(texts, by[1], across)
    some = "" if len(shown) == len(across) else f"{len(shown)} largest of {len(across)} {by[1]} values"
    title = f"{_title(found.key)} by {' × '.join(by)}"
    part = texts.filter(pl.col(by[1]).is_in(pl.Series(shown, dtype=pl.String).implode(), nulls_equal=True))
    sides = _side(by[0], down, _WIDEST_DOWN), _side(by[1], shown, _WIDEST_ACROSS)
    return Pivot(
        _with_corner(crossed(part, *sides, found, False, horizon), by),
        down,
        shown,
        (title, some),
    )


def _with_corner(table: MatrixTable, by: Sequence[str]) -> MatrixTable:
    """Which dimension stands down and which across is said where both meet."""
    name, *others = table.columns
    corner = f"{by[0]} ↓ {by[1]} →"
    first, *widths = table.widths
    return replace(
        table,
        columns=(replace(name, title=corner), *others),
        measured=(max(first, cell_len(corner)), *widths),
    )


def _title(key: str) -> str:
    metric = SEGMENT_METRICS[key]
    return f"share {metric.name}" if metric.unit == "share" else metric.name


def _values(rows: pl.DataFrame, name: str) -> tuple[str | None, ...]:
    """In their own order where they have one, else by customers; the unknown last."""
    sums = rows.group_by(name, maintain_order=True).agg(pl.col("customers").sum())
    own = isinstance(sums[name].dtype, pl.Enum) or _is_ordered(sums[name])
    ordered = sums.sort(name, nulls_last=True) if own else sums.sort("customers", name, descending=[True, False])
    texts = ordered[name].cast(pl.String).to_list()
    return (*(value for value in texts if value is not None), *([None] if None in texts else []))


def _is_ordered(values: pl.Series) -> bool:
    """Whether they are numbers or periods such as 2024-01."""
    texts = values.drop_nulls().cast(pl.String)
    return texts.len() > 0 and bool(texts.str.contains(r"^\d").all())


def _largest(rows: pl.DataFrame, name: str, values: Sequence[str | None]) -> tuple[str | None, ...]:
    sums = dict(rows.group_by(name).agg(pl.col("customers").sum()).iter_rows())
    largest = set(sorted(values, key=lambda value: -sums.get(value, 0))[:MOST_ACROSS])
    return tuple(value for value in values if value in largest)


def _side(dimension: str, values: Sequence[str | None], widest: int) -> Side:
    titles = [write(value, "text") for value in values]
    return Side(dimension, tuple(values), tuple(fit(title, min(cell_len(title), widest)).strip() for title in titles))
