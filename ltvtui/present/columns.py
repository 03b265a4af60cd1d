"""The columns of each table, with their definitions in one sentence (metrics.md)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from ltvtui.analytics.metric import Metric, Unit
from ltvtui.present.forecast.columns import chosen_columns
from ltvtui.present.numbers import Kind
from ltvtui.present.tables import Column, Tone

ALL_TIME: Final = "all time"
_WIDEST_NAME: Final = 24
"""Cells of who a customer is, so that there is room for how they are."""
BIG: Final = 10_000
"""From here on a column of money is shown without decimals."""
FEW_MARK: Final = Column(
    "few",
    "",
    "flag",
    help="Small sample (< 30 customers, or < 30 who are proven new): these figures are not reliable.",
)


def style_of(unit: Unit, highest: float = 0.0, decimals: int = 2) -> tuple[Kind, int]:
    """Kind and decimals of figures of a unit, the `highest` of which, whatever its sign, is this.

    `decimals` are those of a ratio; money has none where it is large.
    """
    match unit:
        case "count":
            return "count", 0
        case "money":
            return "units", 0 if highest >= BIG else 2
        case "share":
            return "share", 1
        case "ratio":
            return "ratio", decimals


def negative_is_bad(value: object) -> Tone | None:
    """The tone of a figure that should not be below zero."""
    return "bad" if isinstance(value, int | float) and value < 0 else None


def metric_column(metric: Metric, group: str = "", highest: float = 0.0, faint: str = "") -> Column:
    """The column of a metric; `highest` is its largest figure, where large money is to stand without decimals."""
    kind, decimals = style_of(metric.unit, highest, metric.decimals)
    return Column(metric.key, metric.name, kind, group, decimals, metric.help, faint=faint)


def customer_columns(
    attributes: Sequence[str], has_names: bool, forecast: bool = False, chosen: Sequence[str] = ()
) -> tuple[Column, ...]:
    """Columns of the customers table; with `forecast` the `chosen` ones of their forecast, else those over a year."""
    return (
        Column("id", "customer", widest=_WIDEST_NAME),
        *((Column("name", "name", widest=_WIDEST_NAME),) if has_names else ()),
        Column("tier", "tier"),
        Column("revenue", "revenue", "money", help="Net revenue up to the as-of day."),
        *(chosen_columns(chosen) if forecast else ()),  # in sight, where there is little room too
        Column("orders", "orders", "count"),
        Column("average_check", "avg check", "units", help="Revenue ÷ orders.", rank=1),
        Column("first", "first order", "day", rank=1),
        Column("last", "last order", "day", rank=1),
        Column("silent", "days since", "count", help="Days since the last order."),
        Column("stage", "stage", help="Days since the last order compared with the churn gap."),
        *(Column(a, a) for a in attributes),
    )


def order_columns(attributes: Sequence[str], margin: bool, numbered: bool) -> tuple[Column, ...]:
    """Columns of one customer's orders; `numbered` where the shop gives orders an id."""
    return (
        Column("day", "date", "day"),
        *((Column("order_id", "order"),) if numbered else ()),
        Column("kind", "kind"),
        Column("amount", "amount", "money"),
        *((Column("margin", "margin", "money"),) if margin else ()),
        Column("total", "running total", "money", help="Net revenue up to and including this row."),
        Column("gap", "days since", "count", help="Days since the previous order."),
        *(Column(a, a) for a in attributes),
    )


def largest(rows: pl.DataFrame, column: str) -> float:
    """The largest figure of a column, whatever its sign; 0 where there is none."""
    values = rows[column].drop_nulls()
    return float(values.abs().max() or 0) if values.len() else 0.0  # type: ignore[arg-type]
