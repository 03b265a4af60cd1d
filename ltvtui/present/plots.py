"""Which chart tells an answer: frames to chart specifications."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from ltvtui.present.charts import BarChart, ColumnChart, Line, LineChart, Mark, Timeline, Under, compact
from ltvtui.present.numbers import amount, count, percent
from ltvtui.present.tables import Column

_SCALE: Final = 10_000
_MOST_BARS: Final = 60
_MOST_CURVES: Final = 6
_MOST_BANDS: Final = 3
_TIER_COLOURS: Final = {"VIP": "accent1", "middle": "accent2", "economy": "accent3"}
UNSEEN: Final = "There is not enough data yet"


def pareto_plot(curve: pl.DataFrame, readings: Sequence[tuple[float, float | None]], value: str) -> LineChart:
    """Share of value by share of customers (pareto.pareto_curve), with `readings` of it.

    `value` says what that is: revenue or margin.
    """
    marks = [
        Mark(share * 100, f"{share * 100:g} % → {percent(made)}", made * 100)
        for share, made in readings
        if made is not None
    ]
    xs, ys = (curve[c] * 100 for c in ("customers_share", "value_share"))
    return LineChart(
        f"Pareto: {value} by share of customers, best first",
        [Line("", xs.to_list(), ys.to_list())],
        x_label="% of customers",
        y_label=f"% of {value}",
        marks=marks,
        x_range=(0, 100),
        y_range=(0, 100),
        x_format=lambda v: f"{v:g} %",
        y_format=lambda v: f"{v:g} %",
    )


def lorenz_plot(curve: pl.DataFrame, tiers: Sequence[tuple[str, float, float]], of: str) -> LineChart:
    """Share of value by share of customers (pareto.lorenz_curve), with the borders between `tiers`.

    These are (name, share of customers, share of value), the least valuable first; a border is named after the
    tier that begins there. `of` says what the value is, such as "of revenue".
    """
    marks: list[Mark] = []
    below, made = 0.0, 0.0
    for name, customers, value in tiers:
        if below and customers:
            marks.append(Mark(below * 100, f"{name} →", made * 100))
        below, made = below + customers, made + value
    xs, ys = (curve[c] * 100 for c in ("customers_share", "value_share"))
    equal = Line("", (0, 100), (0, 100), "muted", dotted=True)
    return LineChart(
        "Lorenz: least valuable first",
        [Line("", xs.to_list(), ys.to_list()), equal] if curve.height else [],
        x_label="% of customers",
        y_label=f"% {of}, dotted: equality",
        marks=marks,
        x_range=(0, 100),
        y_range=(0, 100),
        x_format=lambda v: f"{v:g} %",
        y_format=lambda v: f"{v:g} %",
        empty="No chart: the total value is zero or less",
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
    """Cumulative LTV by age month (segments.value_curves, or value_bands) of the largest segments in `rows`, in their
    order; up to three with their 95 % band in dots, where they have one."""
    ends = [name for name in ("lower", "upper") if name in curves.columns]
    points: dict[tuple[object, ...], list[tuple[float, ...]]] = {row: [] for row in _largest(rows, by, "customers")}
    for row in curves.select(*by, "age_month", "ltv", *ends).iter_rows():
        segment, (month, *worth) = row[: len(by)], row[len(by) :]
        if segment in points:
            # After k + 1 complete months a customer has brought the sum up to age month k.
            points[segment].append((month + 1, *worth))
    few = set(rows.filter("few").select(by).iter_rows())
    lines, bounds = [], []
    for number, (segment, seen) in enumerate(points.items(), 1):
        name, nothing = label(segment), (0.0, 0.0, *(0.0 for _ in ends))
        xs, ys, *bands = zip(nothing, *seen, strict=True)
        lines.append(Line(name, xs, ys, _colour(name, number)))
        if segment not in few:  # of a handful of customers the band would flatten all curves
            bounds += [Line("", xs, band, _colour(name, number), dotted=True) for band in bands]
    banded = bounds if len(lines) <= _MOST_BANDS else []
    return LineChart(
        f"Cumulative LTV by {' × '.join(by)}{_some(rows)}{', 95 % dotted' if banded else ''}",
        [*lines, *banded] if any(points.values()) else [],
        x_label="months since the first order",
        y_label=" ".join(w for w in (currency, "before costs" if gross else "gross profit") if w),
        y_format=compact,
        x_format=lambda v: f"{v:g}",
        empty=UNSEEN,
    )


def retention_plot(curves: pl.DataFrame, by: Sequence[str], summary: pl.DataFrame) -> LineChart:
    """Share still there by months since the first order (survival.retention_curves), as far as customers tell it.

    Of the largest segments in `summary` (survival.retention_summary), in its order, each with its median: one
    curve carries it as a mark, several in the legend. Up to three have their 95 % band in dots. Under the axis
    stands how many customers are at risk.
    """
    facts = {row[: len(by)]: row[len(by) :] for row in summary.select(*by, *_FACTS).iter_rows()}
    points: dict[tuple[object, ...], pl.DataFrame] = (
        dict(curves.partition_by(by, as_dict=True)) if by else {(): curves}
    )
    shown = [segment for segment in _largest(summary, by, "sample") if facts[segment][0] and facts[segment][3]]
    named: list[Line] = []
    bounds: list[Line] = []
    marks: list[Mark] = []
    under: list[Under] = []
    for number, segment in enumerate(shown, 1):
        _, half, told, within = facts[segment]
        name, seen = label(segment), points[segment].filter("supported")
        colour = _colour(name, number)
        if len(shown) > 1:
            name += f", median {half} mo" if half is not None else f", median over {seen['age_month'][-1]} mo"
        elif half is not None:
            marks.append(Mark(half, f"median {half} mo", seen["survival"][half] * 100))
        named.append(Line(name, *_held(seen, "survival", told), colour))
        bounds += [Line("", *_held(seen, c, told), colour, dotted=True) for c in ("lower", "upper")]
        marks.append(Mark(told, f"within {within} mo" if told >= within else f"{told} of {within} mo measured"))
        months, at_risk = (points[segment][c].to_list() for c in ("age_month", "at_risk"))
        under.append(Under("at risk", months, at_risk, number - 1, _whole))
    banded = len(shown) <= _MOST_BANDS
    return LineChart(
        f"Retention by {' × '.join(by)}{_some(summary)}" if by else "Retention",
        [*named, *bounds] if banded else named,
        x_label="months since the first order",
        y_label="survival, 95 % CI dotted" if banded else "survival",
        marks=marks if len(shown) == 1 else (),
        under=under,
        steps=True,
        x_range=(0, curves["age_month"].max() or 0),  # type: ignore[arg-type]
        y_range=(0, 100),
        x_format=lambda v: f"{v:g}",
        y_format=lambda v: f"{v:g} %",
        empty=UNSEEN,
    )


_FACTS: Final = ("sample", "median", "retention_supported_months", "within_months")


def _held(seen: pl.DataFrame, column: str, told: int) -> tuple[list[int], list[float | None]]:
    """Months and percentages of `column`, the last held to the end of the months that are told.

    The area under the steps is then the retention of these months; what goes on behind them is not drawn.
    """
    months, shares = seen["age_month"].to_list(), (seen[column] * 100).to_list()
    return (months, shares) if months[-1] >= told else ([*months, told], [*shares, shares[-1]])


def _largest(rows: pl.DataFrame, by: Sequence[str], size: str) -> list[tuple[object, ...]]:
    """The segments of which a plot shows curves, in the order of `rows`: those with the highest `size`."""
    largest = set(rows[size].arg_sort(descending=True).head(_MOST_CURVES))
    named = rows.select(by).iter_rows() if by else [()] * rows.height
    return [row for place, row in enumerate(named) if place in largest]


def _some(rows: pl.DataFrame) -> str:
    """What a title says where not all segments are shown."""
    return f", {_MOST_CURVES} largest" if rows.height > _MOST_CURVES else ""


def _colour(name: str, number: int) -> str:
    """The role that paints the curve of a segment, the first being number 1; a tier has its own everywhere."""
    return _TIER_COLOURS.get(name, f"accent{number}")


def _whole(value: float) -> str:
    return count(int(value))


def label(segment: Sequence[object]) -> str:
    """A segment's name: its values, crossed."""
    return " × ".join("unknown" if value is None else str(value) for value in segment)


def bars_plot(rows: pl.DataFrame, by: Sequence[str], column: Column) -> BarChart:
    """One bar for each row of `column`, in the table's order."""
    shown = rows.head(_MOST_BARS)
    labels = [label(row) for row in shown.select(by).iter_rows()]
    values = shown[column.key].cast(pl.Float64).to_list()
    title = f"{column.told[0].upper()}{column.told[1:]} by {' × '.join(by)}"
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
