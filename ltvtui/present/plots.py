"""Which chart tells an answer: frames to chart specifications."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from ltvtui.present.charts import BarChart, ColumnChart, Line, LineChart, Mark, Timeline, compact
from ltvtui.present.numbers import amount, percent
from ltvtui.present.tables import Column

_SCALE: Final = 10_000
_MOST_BARS: Final = 60
_MOST_CURVES: Final = 6
_TIER_COLOURS: Final = {"VIP": "accent1", "middle": "accent2", "economy": "accent3"}


def pareto_plot(curve: pl.DataFrame, readings: Sequence[tuple[float, float | None]]) -> LineChart:
    """Share of revenue by share of customers (pareto.pareto_curve), with `readings` of it."""
    marks = [
        Mark(share * 100, f"{share * 100:g} % → {percent(made)}", made * 100)
        for share, made in readings
        if made is not None
    ]
    xs, ys = (curve[c] * 100 for c in ("customers_share", "revenue_share"))
    return LineChart(
        "Pareto: revenue by share of customers, best first",
        [Line("", xs.to_list(), ys.to_list())],
        x_label="% of customers",
        y_label="% of revenue",
        marks=marks,
        x_range=(0, 100),
        y_range=(0, 100),
        x_format=lambda v: f"{v:g} %",
        y_format=lambda v: f"{v:g} %",
    )


def revenue_plot(months: pl.DataFrame, currency: str) -> ColumnChart:
    """Net revenue by calendar month (history.by_month)."""
    firsts = months["month"].to_list() if months.height else []
    many = len(firsts) > 18
    ticks = [
        (float(i), f"{d:%Y}" if many else f"{d:%b %y}") for i, d in enumerate(firsts) if d.month == 1 or not many
    ]
    return ColumnChart(
        "Revenue by month",
        [float(i) for i in range(len(firsts))],
        [v / _SCALE for v in months["revenue"].to_list()] if months.height else [],
        x_ticks=ticks,
        partial_last=bool(months["partial"].tail(1).sum()) if months.height else False,
        partial_note="last month unfinished",
        y_label=currency,
        y_format=compact,
    )


def value_plot(curves: pl.DataFrame, by: Sequence[str], rows: pl.DataFrame, currency: str, gross: bool) -> LineChart:
    """Cumulative LTV by age month (segments.value_curves) of the largest segments in `rows`, in their order."""
    largest = set(rows["customers"].arg_sort(descending=True).head(_MOST_CURVES))
    shown = [row for place, row in enumerate(rows.select(by).iter_rows()) if place in largest]
    points: dict[tuple[object, ...], list[tuple[int, float]]] = {row: [] for row in shown}
    for *segment, month, worth in curves.select(*by, "age_month", "ltv").iter_rows():
        if tuple(segment) in points:
            # After k + 1 complete months a customer has brought the sum up to age month k.
            points[tuple(segment)].append((month + 1, worth))
    lines = []
    for number, (segment_values, seen) in enumerate(points.items(), 1):
        name = label(segment_values)
        xs, ys = zip((0, 0.0), *seen, strict=True)
        lines.append(Line(name, xs, ys, _TIER_COLOURS.get(name, f"accent{number}")))
    some = f", {_MOST_CURVES} largest" if rows.height > _MOST_CURVES else ""
    return LineChart(
        f"Cumulative LTV by {' × '.join(by)}{some}",
        lines if any(points.values()) else [],
        x_label="months since the first order",
        y_label=" ".join(w for w in (currency, "gross of costs" if gross else "on margin") if w),
        y_format=compact,
        x_format=lambda v: f"{v:g}",
        empty="No customer has been seen for long enough",
    )


def label(segment: Sequence[object]) -> str:
    """A segment's name: its values, crossed."""
    return " × ".join("unknown" if value is None else str(value) for value in segment)


def bars_plot(rows: pl.DataFrame, by: Sequence[str], column: Column) -> BarChart:
    """One bar for each row of `column`, in the table's order."""
    shown = rows.head(_MOST_BARS)
    labels = [label(row) for row in shown.select(by).iter_rows()]
    values = shown[column.key].cast(pl.Float64).to_list()
    title = f"{column.title[0].upper()}{column.title[1:]} by {' × '.join(by)}"
    return BarChart(
        f"{title}, {column.group}" if column.group else title,
        labels,
        values,
        format=lambda v: percent(v) if column.kind == "share" else amount(v, _decimals(column)),
        greyed=frozenset(i for i, few in enumerate(shown["few"].to_list()) if few),
    )


def timeline_plot(orders: pl.DataFrame, as_of: int, currency: str) -> Timeline:
    """A customer's orders and refunds over the days, up to the as-of day."""
    return Timeline(
        "Orders",
        orders["day"].to_list(),
        (orders["amount"] / _SCALE).to_list(),
        until=as_of,
        y_label=currency,
        y_format=compact,
    )


def _decimals(column: Column) -> int:
    return 0 if column.kind == "count" else column.decimals
