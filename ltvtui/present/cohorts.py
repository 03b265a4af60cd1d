"""The triangle of cohorts as a table, as curves, and as text for other programs."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from ltvtui.analytics.cohort_metrics import CohortMetric
from ltvtui.analytics.cohorts import Cohorts, measured
from ltvtui.analytics.metric import Unit
from ltvtui.analytics.retention import FEW
from ltvtui.present.charts import Line, LineChart, compact
from ltvtui.present.colours import Orders, roles
from ltvtui.present.columns import style_of
from ltvtui.present.numbers import UNKNOWN, Kind
from ltvtui.present.plots import MONTHS
from ltvtui.present.tables import Column, Table

ALL: Final = "all"
"""Heads the summary row."""
GOING_ON: Final = "*"
"""Behind the figure of a period that is not over."""
FIXED: Final = 2
"""Columns before the first offset."""
MARK: Final = "●"
_STEPS: Final = {"month": MONTHS, "week": (1, 2, 4, 13, 26, 52, 104, 260), "quarter": (1, 2, 4, 8, 20)}
"""Steps that an axis of such periods may have."""


@dataclass(frozen=True, eq=False)
class Triangle(Table):
    """Summary row, then a row for each cohort; columns cohort, size, and one for each offset.

    Cells are written and coloured only where they are seen: ten years of weeks are 135 000 of them.
    """

    title: str = ""
    """What the cells show, in words."""
    unit: Unit = "share"
    """Of the cells."""
    unfinished: tuple[frozenset[int], ...] = ()
    """Of each row the offsets whose period is not over, for some customers at least."""
    scale: tuple[float, float] = (0.0, 1.0)
    """Values of the coldest and the hottest cell."""
    first: int = 0
    """Offset from which on cells are compared: where all cohorts begin at 100 % the first tells nothing."""
    marked: frozenset[int] | None = None
    """Rows that are marked; None: there is no room for marks."""
    paid: tuple[int | None, ...] = ()
    """Of each row the offset that pays its CAC back, written in brackets."""

    def write(self, row: int, place: int, value: object) -> str:
        """The cell as text; a mark stands behind what is not over, a blank behind all other offsets."""
        text = super().write(row, place, value)
        if place == 0 and self.marked is not None:
            return f"{MARK if row in self.marked else ' '} {text}"
        if not text or place < FIXED:
            return text
        going_on = place - FIXED in self.unfinished[row]
        if self.paid and self.paid[row] == place - FIXED:
            return f"[{text}{GOING_ON if going_on else ''}]"
        return text + (GOING_ON if going_on else " ")

    @property
    def in_files(self) -> tuple[Column, ...]:
        """The offsets whose period is not over stand in a column of their own."""
        return (*self.columns, Column("unfinished", "unfinished"))

    def heats(self, start: int, stop: int, shown: Sequence[int]) -> list[tuple[float | None, ...]]:
        """Place of each cell on the scale; the summary, names and sizes have none."""
        low, high = self.scale
        room = high - low or 1.0
        part = self.part(start, stop).select(self.columns[place].key for place in shown)

        def heat(row: int, place: int, value: float | None) -> float | None:
            return None if value is None or not row or place < FIXED else (value - low) / room

        return [
            tuple(heat(row, place, value) for place, value in zip(shown, values, strict=True))
            for row, values in enumerate(part.iter_rows(), start)
        ]


def _title(found: Cohorts, metric: CohortMetric, relative: bool) -> str:
    if metric.unit == "share":
        return f"{metric.name} %"
    return f"{metric.name}, % of {found.bucket} 0" if relative else metric.name


def triangle(found: Cohorts, metric: CohortMetric, relative: bool) -> Triangle:
    """The table of a metric."""
    cells, summary = measured(found, metric, relative)
    unit: Unit = "share" if relative else metric.unit
    kind, decimals, factor = _style(unit, metric.decimals, cells)
    offsets = cells.columns
    total = pl.DataFrame({"cohort": [ALL], "size": [found.counted]}).cast({"size": pl.Int64})
    names = found.rows.select(pl.col("cohort").fill_null(UNKNOWN), "size")
    frame = pl.concat([total, names]).hstack(pl.concat([summary, cells]).select(pl.all() * factor))
    columns = (
        Column("cohort", "cohort", help="Customers with a first order in this period, or with this attribute."),
        Column("size", "size", "count", help="Initial size: customers of the cohort."),
        *(Column(k, k + " " * len(GOING_ON), kind, decimals=decimals) for k in offsets),
    )
    shown = frame.select(offsets)
    width = max((len(_text(v, kind, decimals)) for v in _ends(shown)), default=0) + len(GOING_ON)
    name, size = Table(frame, columns[:FIXED]).widths
    unfinished = (frozenset[int](), *unfinished_offsets(found, metric, relative))
    widths = (name, size, *(max(width, len(k) + len(GOING_ON)) for k in offsets))
    # A mean of orders is never near zero, and what grows is measured from its lowest cell.
    first = int(metric.high_at_first)
    marks = pl.Series("unfinished", [" ".join(map(str, sorted(row))) for row in unfinished], pl.String)
    return Triangle(
        frame.with_columns((pl.col("size") < FEW).alias("few"), marks),
        columns,
        few="few",
        measured=widths,
        title=_title(found, metric, relative),
        unit=unit,
        unfinished=unfinished,
        scale=_scale(shown, first),
        first=first,
        pinned=1,
    )


def with_payback(table: Triangle, offsets: Sequence[int | None]) -> Triangle:
    """`table` with the cells in brackets in which its cohorts have paid their CAC back: an offset each, or None."""
    paid = (None, *offsets)
    if all(offset is None for offset in paid):
        return table
    wider = 2 if any(offset in going_on for offset, going_on in zip(paid, table.unfinished, strict=True)) else 1
    widths = (width if place < FIXED else width + wider for place, width in enumerate(table.widths))
    return replace(table, paid=paid, measured=tuple(widths))


def with_marks(table: Triangle, rows: frozenset[int]) -> Triangle:
    """`table` with marks on some rows, and room for marks on all."""
    first, *others = table.widths
    return replace(table, marked=rows, measured=(first + len(MARK) + 1, *others))


def curves(found: Cohorts, table: Triangle, rows: Collection[int], currency: str, orders: Orders = ()) -> LineChart:
    """What `table` shows over the offsets, of some of its `rows` and weighted over all cohorts. `orders` say the
    colours of cohorts by an attribute.

    What is not over of cohorts that began together is left out: it would be a drop that never happened.
    """
    shown = sorted(rows)
    colours = roles([(found.rows["cohort"][row - 1],) for row in shown], orders)
    lines = [_line(table, row, colour, found.by is None) for row, colour in zip(shown, colours, strict=True)]
    return LineChart(
        f"{table.title[0].upper()}{table.title[1:]}",
        [*lines, _line(table, 0, "foreground", found.by is None)],
        x_label=f"{found.bucket}s since the first order",
        y_label=currency if table.unit == "money" else "",
        y_format=(lambda v: f"{v:g} %") if table.unit == "share" else compact,
        x_format=lambda v: f"{v:g}",
        x_steps=_STEPS.get(found.bucket, (1, 2, 5, 10)),
        empty=f"No {found.bucket} is complete yet",
    )


def unfinished_offsets(found: Cohorts, metric: CohortMetric, relative: bool) -> list[frozenset[int]]:
    """Of each cohort the offsets whose cells hold something of a period that is not over."""
    offsets: list[set[int]] = [set() for _ in range(found.rows.height)]
    if found.by is None or metric.all_observed(relative):
        for row, offset in found.cells.filter("unfinished").select("row", "offset").iter_rows():
            offsets[row].add(offset)
    return [frozenset(each) for each in offsets]


def _style(unit: Unit, decimals: int, cells: pl.DataFrame) -> tuple[Kind, int, float]:
    """How cells are written, and the factor on them: shares stand as per cent without the sign, to be narrow."""
    if unit == "share":
        return "ratio", 1, 100.0
    return *style_of(unit, max((abs(v) for v in _ends(cells)), default=0.0), decimals), 1.0


def _text(value: float, kind: Kind, decimals: int) -> str:
    return Column("", "", kind, decimals=decimals).write(value)


def _ends(cells: pl.DataFrame) -> list[float]:
    """The lowest and the highest value of all."""
    if not cells.width:
        return []
    ends = cells.select(
        pl.min_horizontal(pl.all().min()).alias("low"), pl.max_horizontal(pl.all().max()).alias("high")
    )
    return [value for value in ends.row(0) if value is not None]


def _scale(cells: pl.DataFrame, first: int) -> tuple[float, float]:
    """From the coldest to the hottest: of what falls from the first period on, the first is left out."""
    ends = _ends(cells.select(cells.columns[first:]))
    low, high = (ends[0], ends[1]) if ends else (0.0, 1.0)
    return (min(0.0, low), high) if first else (low, high)


def _line(table: Triangle, row: int, colour: str, begun_together: bool) -> Line:
    cohort, _, *values = table.part(row, row + 1).select(c.key for c in table.columns).row(0)
    # Of customers of all ages there is at every offset something that is not over.
    left_out = (table.unfinished[row] if begun_together else frozenset()) | set(range(table.first))
    seen = [(k, v) for k, v in enumerate(values) if v is not None and k not in left_out]
    xs, ys = zip(*seen, strict=True) if seen else ((), ())
    return Line("all" if row == 0 else cohort, xs, ys, colour, dotted=row == 0)
