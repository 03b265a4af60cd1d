"""What a large screen shows of the whole beside tiers: groups by LTV, the best who fade, months, repeat orders."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from ltvtui.analytics.repeat_purchase import WITHIN
from ltvtui.analytics.schema import MONEY_SCALE
from ltvtui.analytics.segment_metrics import CUSTOMERS, LTV
from ltvtui.present.charts import BarChart
from ltvtui.present.columns import BIG, FEW_MARK, largest, negative_is_bad, style_of
from ltvtui.present.headline.words import change, money
from ltvtui.present.numbers import amount, count, counted
from ltvtui.present.segments import INDEX, TINT, segment_table
from ltvtui.present.tables import Column, Table

MOST: Final = 7
"""Rows of a panel."""
LONGEST_BAR: Final = 20
"""Cells of the bar of the highest LTV."""


@dataclass(frozen=True, eq=False)
class Panel:
    """A small table under a title."""

    title: str
    note: str
    """What has to be known beside it; blank: nothing."""
    table: Table
    empty: str = "Nobody."
    """What it says without rows."""


def values_panel(
    rows: pl.DataFrame, dimension: str, of: int, base: pl.DataFrame, horizon: int, gross: bool, sign: str
) -> Panel:
    """`rows` of segments.profile by `dimension`, some of so many, with their LTV as bars; `base` as segment_table
    has it."""
    table = segment_table(rows, (dimension,), horizon, gross, currency=sign, base=base)
    shown = (dimension, FEW_MARK.key, CUSTOMERS.key, LTV.key, INDEX)
    columns = tuple(replace(column, group="") for column in table.columns if column.key in shown)
    highest = max((value for value in rows[LTV.key] if value is not None), default=0.0)
    bar = LONGEST_BAR if highest > 0 else 0
    # A tint would run under the bar: it goes to the index, which says the same.
    painted = {LTV.key: {"bar": bar, "longest": highest, "tint": ""}, INDEX: {"tint": TINT}}
    columns = tuple(replace(c, **painted.get(c.key, {})) for c in columns)  # type: ignore[arg-type]
    plainly = replace(table, columns=columns)
    widths = [width + (bar + 1 if c.bar else 0) for width, c in zip(plainly.widths, columns, strict=True)]
    some = f"{rows.height} of {count(of)}, " if of > rows.height else ""
    return Panel(f"LTV by {dimension}", f"{some}within {horizon} mo", replace(plainly, measured=tuple(widths)))


def fading_panel(
    rows: pl.DataFrame, tier: str | None, warning: int, churn_gap: int, sign: str, with_names: bool
) -> Panel:
    """`rows` of best_fading.best_fading, of `tier`: silent for more than `warning` and less than `churn_gap` days.

    `with_names`: whether customers have names.
    """
    one = "VIP" if tier == "VIP" else f"{tier} customer" if tier else "customer"
    are = f"{counted(rows.height, one)} {'is' if rows.height == 1 else 'are'} fading" if rows.height else ""
    _, decimals = style_of("money", largest(rows, "lately"))
    columns = (
        Column("id", "customer", widest=16 if with_names else 24),
        *((Column("name", "name", widest=22),) if with_names else ()),
        Column("silent", "days since", "count", help="Days since the last order."),
        Column("orders", "orders", "count"),
        Column("lately", "last 12 mo", "units", decimals=decimals, unit=sign, help="Net revenue of 365 days."),
        Column(
            *("revenue", "to date", "money"),
            decimals=0 if largest(rows, "revenue") >= BIG * MONEY_SCALE else 2,
            unit=sign,
            help="Net revenue up to the as-of day.",
        ),
    )
    lately = money(float(rows["lately"].sum()), sign)
    return Panel(
        f"{are}: {lately} in the last 12 months" if are else f"No {one} is fading",
        f"{warning + 1} to {churn_gap - 1} days without an order" if warning + 1 < churn_gap else "",
        Table(rows.head(MOST), columns, key="id"),
    )


_COMPARED: Final = (
    *(("customers", "customers", "count"), ("new", "new", "count")),
    *(("revenue", "revenue", "units"), ("average_check", "avg check", "units")),
)


def months_panel(rows: pl.DataFrame, sign: str) -> Panel:
    """`rows` of months_compared.months_compared, with how the newest differs from each of the others."""
    newest = rows.row(0, named=True) if rows.height else {}
    shown = rows.with_columns(
        pl.col("month").dt.strftime("%b %Y"),
        *(_change(newest.get(key), key).alias(f"{key} change") for key, _, _ in _COMPARED),
    )
    columns = [Column("month", "month")]
    for key, title, kind in _COMPARED:
        is_count = kind == "count"
        decimals = style_of("money", largest(rows, key))[1]
        columns += [
            Column(key, title, "count" if is_count else "units", decimals=decimals, unit="" if is_count else sign),
            Column(f"{key} change", "now", "share", signed=True, tone=negative_is_bad, help=_NOW),
        ]
    if not newest:
        return Panel("The newest complete month", "", Table(shown, tuple(columns)), "No month is complete yet.")
    note = "now: the newest against that month" if rows.height > 1 else ""
    title = f"{shown['month'][0]}, the newest complete month"
    return Panel(title, note, Table(shown, tuple(columns), key="month"))


def months_plot(rows: pl.DataFrame, sign: str) -> BarChart:
    """`rows` of months_compared.months_compared: revenue of the newest complete month, of the one before and a
    year ago, with how the newest differs from each, and who ordered in it."""
    months = rows["month"].cast(pl.Date).dt.strftime("%b %Y").to_list()
    newest = rows.row(0, named=True) if rows.height else {}
    labels = []
    for name, row in zip(months, rows.iter_rows(named=True), strict=True):
        new = "" if row["new"] is None else f", {count(row['new'])} new"
        now = ""
        if row["back"] and row["revenue"] > 0:
            now = f" (now {change((newest['revenue'] / row['revenue'] - 1) * 100, '%', 1)})"
        labels.append(f"{name}{now}: {counted(row['customers'], 'customer')}{new}")
    return BarChart(
        f"Revenue of {months[0]}, the month before and a year ago" if months else "The newest complete month",
        labels,
        rows["revenue"].to_list(),
        format=lambda value: f"{amount(value, style_of('money', largest(rows, 'revenue'))[1])} {sign}".rstrip(),
        colours=["accent1", *["muted"] * (rows.height - 1)],
        empty="No month is complete yet",
    )


_NOW: Final = "How much more or less the newest complete month has than this one."


def _change(now: float | None, key: str) -> pl.Expr:
    """How much more `now` is than the column, as a share of it; null of the newest itself, and of nothing."""
    is_older = (pl.col("back") > 0) & (pl.col(key) > 0)
    return pl.when(is_older).then(pl.lit(now, dtype=pl.Float64) / pl.col(key) - 1)


def repeats_panel(rows: pl.DataFrame) -> Panel:
    """`rows` of repeat_purchase.repeat_purchases."""
    order = pl.col("after").replace_strict({1: "2nd order", 2: "3rd order"}, return_dtype=pl.String).alias("order")
    columns = (
        Column("order", "next"),
        Column("customers", "customers", "count", help="Customers with the order before."),
        *(
            Column(f"within_{days}", f"{days} d", "share", help=f"Share with it within {days} days.")
            for days in WITHIN
        ),
        Column("median_days", "median days", "ratio", decimals=0, help="Days to it, of those who placed it."),
    )
    table = Table(rows.select(order, pl.all()), columns, key="order")
    return Panel("Repeat purchase", "share who order again within so many days (Kaplan-Meier)", table)
