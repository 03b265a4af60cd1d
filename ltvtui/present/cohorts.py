"""The triangle of cohorts as a table and as curves (metrics.md §9)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from math import log
from typing import Final

import polars as pl

from ltvtui.analytics.cohorts.cohorts import Cohorts, measured
from ltvtui.analytics.cohorts.metrics import CohortMetric
from ltvtui.analytics.metric import Unit
from ltvtui.analytics.retention import FEW
from ltvtui.present.charts import Line, LineChart, compact
from ltvtui.present.colours import Orders, roles
from ltvtui.present.columns import style_of
from ltvtui.present.numbers import UNKNOWN, Kind, count, counted
from ltvtui.present.plots import MONTHS
from ltvtui.present.tables import Column, Paint, Table

ALL: Final = "all"
"""Heads the summary row."""
GOING_ON: Final = "*"
"""Behind the figure of a period that is not over."""
FIXED: Final = 2
"""Columns before the first offset."""
MARK: Final = "●"
FULL_TINT: Final = 1.35
"""A cell of so many times that of all at the same offset, or that part of it, has the strongest colour."""
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
    begins: int = 0
    """Offset of the first column of cells."""
    by_age: bool = False
    """Whether a cell is coloured by how far it is above or below that of all at the same offset: of what grows from
    offset to offset another colour would tell the offset alone."""
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
        offset = place - FIXED + self.begins
        going_on = offset in self.unfinished[row]
        if self.paid and self.paid[row] == offset:
            return f"[{text}{GOING_ON if going_on else ''}]"
        return text + (GOING_ON if going_on else " ")

    @property
    def in_files(self) -> tuple[Column, ...]:
        """Every offset, and those whose period is not over in a column of their own."""
        names, cells = self.columns[:FIXED], self.columns[FIXED:]
        unseen = (replace(cells[0], key=str(offset), title=str(offset)) for offset in range(self.begins))
        return (*names, *unseen, *cells, Column("unfinished", "unfinished"))

    def heats(self, start: int, stop: int, shown: Sequence[int]) -> list[tuple[float | None, ...]]:
        """Place of each cell on the scale; the summary, names and sizes have none, nor a period that is not over: by
        its colour it would be the worst of all."""
        if self.by_age:
            return []
        low, high = self.scale
        room = high - low or 1.0
        part = self.part(start, stop).select(self.columns[place].key for place in shown)

        def heat(row: int, place: int, value: float | None) -> float | None:
            is_compared = bool(row) and place >= FIXED and place - FIXED + self.begins not in self.unfinished[row]
            return (value - low) / room if value is not None and is_compared else None

        return [
            tuple(heat(row, place, value) for place, value in zip(shown, values, strict=True))
            for row, values in enumerate(part.iter_rows(), start)
        ]

    def paints(self, start: int, stop: int, shown: Sequence[int]) -> list[tuple[Paint | None, ...]]:
        """How far each cell is above or below that of all at the same offset, where all of it was seen."""
        if not self.by_age:
            return []
        keys = [self.columns[place].key for place in shown]
        of_all = self.part(0, 1).select(keys).row(0)

        def paint(row: int, place: int, value: object, whole: object) -> Paint | None:
            if not row or place < FIXED or place - FIXED + self.begins in self.unfinished[row]:
                return None
            if not isinstance(value, float) or not isinstance(whole, float) or whole <= 0:
                return None
            return Paint(max(-1.0, min(1.0, log(value / whole) / log(FULL_TINT))) if value > 0 else -1.0)

        return [
            tuple(paint(row, *cell) for cell in zip(shown, values, of_all, strict=True))
            for row, values in enumerate(self.part(start, stop).select(keys).iter_rows(), start)
        ]


def triangle(found: Cohorts, metric: CohortMetric, relative: bool, *, whole: bool = True) -> Triangle:
    """The table of a metric; unless it is to be `whole`, without a first offset in which every cell is 100 %."""
    cells, summary = measured(found, metric, relative)
    unit: Unit = "share" if relative else metric.unit
    kind, decimals, factor = _style(unit, metric.decimals, cells)
    begins = 0 if whole or not _begins_alike(cells, unit) else 1
    offsets = cells.columns[begins:]
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
        scale=_scale(shown, max(first - begins, 0), bool(first)),
        first=first,
        begins=begins,
        by_age=metric.cumulative and not relative,
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


def payback_words(table: Triangle, bucket: str) -> tuple[str, ...]:
    """What the brackets of with_payback mean, and how many cohorts pay in a first period without a column, in as few
    words as a caption has room for."""
    has_brackets, unseen = _paybacks(table)
    if not has_brackets:
        return (_unseen_words(table, unseen, bucket),) if unseen else ()
    return (f"[ ] CAC paid, {count(unseen)} in {bucket} 0" if unseen else "[ ] CAC paid",)


def payback_remarks(table: Triangle, bucket: str) -> tuple[str, ...]:
    """The same in whole sentences, where brackets need them."""
    has_brackets, unseen = _paybacks(table)
    if not has_brackets:
        return ()
    others = (f"{_unseen_words(table, unseen, bucket)}, which has no column",) if unseen else ()
    return (f"[ ] stands at the {bucket} that pays the CAC back", *others)


def _paybacks(table: Triangle) -> tuple[bool, int]:
    """Whether any cell has brackets, and how many cohorts have theirs in a first period that has no column."""
    paid = [offset for offset in table.paid if offset is not None]
    unseen = sum(offset < table.begins for offset in paid)
    return unseen < len(paid), unseen


def _unseen_words(table: Triangle, unseen: int, bucket: str) -> str:
    who = "every cohort pays" if unseen == table.height - 1 else f"{counted(unseen, 'cohort')} pay"
    return f"{who}{'s' if unseen == 1 < table.height - 1 else ''} the CAC back in {bucket} 0"


def with_marks(table: Triangle, rows: frozenset[int]) -> Triangle:
    """`table` with marks on some rows, and room for marks on all."""
    first, *others = table.widths
    return replace(table, marked=rows, measured=(first + len(MARK) + 1, *others))


def _begins_alike(cells: pl.DataFrame, unit: Unit) -> bool:
    """Whether the first of several offsets is 100 % in every cell."""
    return unit == "share" and cells.width > 1 and bool((cells.to_series(0).drop_nulls() == 1).all())


def _title(found: Cohorts, metric: CohortMetric, relative: bool) -> str:
    if metric.unit == "share":
        return f"{metric.name} %"
    return f"{metric.name}, % of {found.bucket} 0" if relative else metric.name


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


def _scale(cells: pl.DataFrame, first: int, falls: bool) -> tuple[float, float]:
    """From the coldest to the hottest of the columns from `first` on; of what falls from there, from nought."""
    ends = _ends(cells.select(cells.columns[first:]))
    low, high = (ends[0], ends[1]) if ends else (0.0, 1.0)
    return (min(0.0, low), high) if falls else (low, high)


def _line(table: Triangle, row: int, colour: str, begun_together: bool) -> Line:
    cohort, _, *values = table.part(row, row + 1).select(c.key for c in table.columns).row(0)
    # Of customers of all ages there is at every offset something that is not over.
    left_out = (table.unfinished[row] if begun_together else frozenset()) | set(range(table.first))
    seen = [(k, v) for k, v in enumerate(values, table.begins) if v is not None and k not in left_out]
    xs, ys = zip(*seen, strict=True) if seen else ((), ())
    return Line("all" if row == 0 else cohort, xs, ys, colour, dotted=row == 0)
