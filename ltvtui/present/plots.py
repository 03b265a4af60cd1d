"""Which chart tells an answer: frames to chart specifications."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from ltvtui.present.charts import Band, BarChart, ColumnChart, Line, LineChart, Mark, Timeline, Under, compact
from ltvtui.present.colours import Orders, bar_roles, orders_of, roles
from ltvtui.present.numbers import amount, count, percent
from ltvtui.present.tables import Column

_SCALE: Final = 10_000
_MOST_BARS: Final = 60
_MOST_CURVES: Final = 6
_MOST_BANDS: Final = 3
MONTHS: Final = (1, 2, 3, 6, 12, 24, 60, 120)
"""Steps of an axis of months."""
AGE: Final = "months since first order"
"""Axis of what a customer has brought: M_k stands at k, as the payback counts (docs/metrics.md, Budget)."""
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
    """Net revenue by calendar month (history.by_month); by quarter, then by year, where columns have no room."""
    chart: ColumnChart | None = None
    for period in reversed(_PERIODS):
        chart = _revenue_by(period, months, currency, chart)
    assert chart is not None
    return chart


@dataclass(frozen=True)
class _Period:
    """A calendar period of whole months."""

    name: str
    months: int

    @property
    def every(self) -> str:
        """As Polars writes it."""
        return f"{self.months}mo"

    def label(self, first: date) -> str:
        """In few cells."""
        if self.months == 12:
            return f"{first:%Y}"
        return f"{first:%b %y}" if self.months == 1 else f"Q{(first.month + 2) // 3} {first:%y}"


_PERIODS: Final = (_Period("month", 1), _Period("quarter", 3), _Period("year", 12))
_MOST_LABELLED: Final = 24
"""Periods up to which each has a label; of more each January has."""


def _revenue_by(period: _Period, months: pl.DataFrame, currency: str, coarser: ColumnChart | None) -> ColumnChart:
    """The columns of one kind of period. The first and the last may hold part of it only."""
    if months.height:
        first, last, ended = months["month"][0], months["month"][-1], not months["partial"][-1]
        sums = months.group_by(pl.col("month").dt.truncate(period.every), maintain_order=True).agg(
            pl.col("revenue").sum()
        )
    else:
        sums = pl.DataFrame({"month": [], "revenue": []})
    firsts = sums["month"].to_list()
    begins_late = bool(firsts) and firsts[0] != first
    ends_early = bool(firsts) and not (ended and (last.month - firsts[-1].month + 1) == period.months)
    parts = [*(["first"] if begins_late else []), *(["last"] if ends_early else [])]
    many = len(firsts) > _MOST_LABELLED
    return ColumnChart(
        f"Revenue by {period.name}",
        [float(place) for place in range(len(firsts))],
        [value / _SCALE for value in sums["revenue"].to_list()],
        x_ticks=[
            (float(place), f"{day:%Y}" if many else period.label(day))
            for place, day in enumerate(firsts)
            if day.month == 1 or not many
        ],
        partial_first=begins_late,
        partial_last=ends_early,
        partial_note=f"{' and '.join(parts)} {period.name} incomplete" if parts else "",
        y_label=currency,
        y_format=compact,
        x_format=lambda place: period.label(firsts[int(place)]),
        coarser=coarser,
    )


def value_plot(
    curves: pl.DataFrame, by: Sequence[str], rows: pl.DataFrame, currency: str, gross: bool, orders: Orders = ()
) -> LineChart:
    """Cumulative LTV by age month (segments.value_curves, or value_bands) of the largest segments in `rows`, in their
    order; up to three with their 95 % band, where they have one. `orders` say their colours."""
    ends = [name for name in ("lower", "upper") if name in curves.columns]
    points: dict[tuple[object, ...], list[tuple[float, ...]]] = {row: [] for row in _largest(rows, by, "customers")}
    for row in curves.select(*by, "age_month", "ltv", *ends).iter_rows():
        segment, (month, *worth) = row[: len(by)], row[len(by) :]
        if segment in points:
            points[segment].append((month, *worth))
    few = set(rows.filter("few").select(by).iter_rows())
    colours = roles([*points], orders_of(rows, by, orders))
    lines, bands = [], []
    for (segment, seen), colour in zip(points.items(), colours, strict=True):
        if not seen:
            continue
        xs, ys, *bounds = zip(*seen, strict=True)
        lines.append(Line(label(segment), xs, ys, colour))
        if bounds and segment not in few:  # of a handful of customers the band would flatten all curves
            bands.append(Band(xs, bounds[0], bounds[1], colour))
    banded = bands if len(lines) <= _MOST_BANDS else []
    return LineChart(
        f"Cumulative LTV by {' × '.join(by)}{_some(rows)}",
        lines,
        x_label=AGE,
        y_label=", ".join(word for word in (currency, "before costs" if gross else "gross profit") if word),
        bands=banded,
        y_format=compact,
        x_format=lambda v: f"{v:g}",
        x_steps=MONTHS,
        empty=UNSEEN,
    )


def retention_plot(curves: pl.DataFrame, by: Sequence[str], summary: pl.DataFrame, orders: Orders = ()) -> LineChart:
    """Share still there by months since the first order (survival.retention_curves), as far as customers tell it.

    Of the largest segments in `summary` (survival.retention_summary), in its order, each with its median: one
    curve carries it as a mark, several in the line over the plot; a faint line runs across at one half. Up to three
    have their 95 % band. Under the axis stands how many customers are at risk. `orders` say the colours.
    """
    facts = {row[: len(by)]: row[len(by) :] for row in summary.select(*by, *_FACTS).iter_rows()}
    points: dict[tuple[object, ...], pl.DataFrame] = (
        dict(curves.partition_by(by, as_dict=True)) if by else {(): curves}
    )
    shown = [segment for segment in _largest(summary, by, "sample") if facts[segment][0] and facts[segment][3]]
    curve_lines: list[Line] = []
    bands: list[Band] = []
    marks: list[Mark] = []
    under: list[Under] = []
    colours = roles(shown, orders_of(summary, by, orders)) if by else ["accent1"]
    for number, (segment, colour) in enumerate(zip(shown, colours, strict=False)):
        _, half, length, within = facts[segment]
        seen, note = points[segment].filter("supported"), ""
        if len(shown) > 1:
            note = f"{half} mo" if half is not None else f"over {seen['age_month'][-1]} mo"
        elif half is not None:
            marks.append(Mark(half, f"median {half} mo", seen["survival"][half] * 100))
        curve_lines.append(Line(label(segment), *_extended(seen, "survival", length), colour, note=note))
        months, lower = _extended(seen, "lower", length)
        bands.append(Band(months, lower, _extended(seen, "upper", length)[1], colour))
        marks.append(Mark(length, f"within {within} mo" if length >= within else f"{length} of {within} mo measured"))
        months, at_risk = (points[segment][c].to_list() for c in ("age_month", "at_risk"))
        under.append(Under("at risk", months, at_risk, number, _write_integer))
    banded = len(shown) <= _MOST_BANDS
    return LineChart(
        f"Retention by {' × '.join(by)}{_some(summary)}" if by else "Retention",
        curve_lines,
        x_label="months since the first order",
        y_label="survival",
        marks=marks if len(shown) == 1 else (),
        notes="median",
        bands=bands if banded else (),
        levels=(50,),
        under=under,
        steps=True,
        x_range=(0, curves["age_month"].max() or 0),  # type: ignore[arg-type]
        x_steps=MONTHS,
        y_range=(0, 100),
        x_format=lambda v: f"{v:g}",
        y_format=lambda v: f"{v:g} %",
        empty=UNSEEN,
    )


_FACTS: Final = ("sample", "median", "retention_supported_months", "within_months")


def _extended(seen: pl.DataFrame, column: str, length: int) -> tuple[list[int], list[float | None]]:
    """Months and percentages of `column`, the last held to the end of the months that are told.

    The area under the steps is then the retention of these months; what goes on behind them is not drawn.
    """
    months, shares = seen["age_month"].to_list(), (seen[column] * 100).to_list()
    return (months, shares) if months[-1] >= length else ([*months, length], [*shares, shares[-1]])


def _largest(rows: pl.DataFrame, by: Sequence[str], size: str) -> list[tuple[object, ...]]:
    """The segments of which a plot shows curves, in the order of `rows`: those with the highest `size`."""
    largest = set(rows[size].arg_sort(descending=True).head(_MOST_CURVES))
    segments = rows.select(by).iter_rows() if by else [()] * rows.height
    return [row for place, row in enumerate(segments) if place in largest]


def _some(rows: pl.DataFrame) -> str:
    """What a title says where not all segments are shown."""
    return f", {_MOST_CURVES} largest" if rows.height > _MOST_CURVES else ""


def _write_integer(value: float) -> str:
    return count(int(value))


def label(segment: Sequence[object]) -> str:
    """A segment's name: its values, crossed."""
    return " × ".join("unknown" if value is None else str(value) for value in segment)


def bars_plot(rows: pl.DataFrame, by: Sequence[str], column: Column, orders: Orders = ()) -> BarChart:
    """One bar for each row of `column`, in the table's order. `orders` say their colours."""
    shown = rows.head(_MOST_BARS)
    segments = [*shown.select(by).iter_rows()]
    labels = [label(row) for row in segments]
    values = shown[column.key].cast(pl.Float64).to_list()
    title = f"{column.full_name[0].upper()}{column.full_name[1:]} by {' × '.join(by)}"
    return BarChart(
        f"{title}, {column.group}" if column.group else title,
        labels,
        values,
        format=lambda v: percent(v) if column.kind == "share" else amount(v, _decimals(column)),
        greyed=frozenset(i for i, few in enumerate(shown["few"].to_list()) if few),
        colours=bar_roles(segments, orders_of(shown, by, orders)),
    )


def timeline_plot(orders: pl.DataFrame, as_of: int, currency: str) -> Timeline:
    """A customer's orders and refunds over the days, up to the as-of day, with the days that usually lie between two
    of their order days."""
    bought = orders.filter(pl.col("amount") >= 0)["day"].unique().sort().diff().drop_nulls()
    rhythm = bought.median() if bought.len() else None
    return Timeline(
        "Orders",
        orders["day"].to_list(),
        (orders["amount"] / _SCALE).to_list(),
        until=as_of,
        rhythm=float(rhythm) if isinstance(rhythm, int | float) else None,
        y_label=currency,
        y_format=compact,
    )


def _decimals(column: Column) -> int:
    return 0 if column.kind == "count" else column.decimals
