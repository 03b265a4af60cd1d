"""How figures differ from what they were: a sign beside each that changed, and by how much."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from ltvtui.present.figures import BETWEEN, Figures, Kpi
from ltvtui.present.tables import Column, Table

UP: Final = "▲"
DOWN: Final = "▼"

Difference = float | None
"""How much more a figure is than it was; None where it is the same as it is written, or there was none."""


@dataclass(frozen=True, eq=False)
class Changes:
    """What a table showed before; its rows are found again by what they are called."""

    before: Table

    def of(self, table: Table, start: int, stop: int, shown: Sequence[int]) -> list[tuple[Difference, ...]]:
        """By row start…stop-1 and column of `shown`, in the unit of the column."""
        part = table.part(start, stop)
        then = self._rows(part, table.row_keys)
        found = []
        for row in part.iter_rows(named=True):
            was = then.get(_name(row, table.row_keys))
            found.append(tuple(_difference(table.columns[place], row, was) for place in shown))
        return found

    def _rows(self, part: pl.DataFrame, keys: tuple[str, ...]) -> dict[tuple[str | None, ...], dict[str, object]]:
        """The rows of before that are called as those of `part`, by what they are called."""
        before = self.before.frame
        if not keys or not set(keys) <= set(before.columns):
            return {}
        names = part.select(pl.col(keys).cast(pl.String)).unique()
        # Of a million customers few are shown: only their rows are looked at more closely.
        few = before.filter(pl.col(keys[0]).cast(pl.String).is_in(names[keys[0]].implode(), nulls_equal=True))
        texts = few.with_columns(pl.col(keys).cast(pl.String))
        rows = texts.join(names, on=list(keys), how="semi", nulls_equal=True)
        return {_name(row, keys): row for row in rows.iter_rows(named=True)}


def sign(difference: Difference) -> str:
    """An arrow up or down; blank where nothing changed."""
    return "" if not difference else UP if difference > 0 else DOWN


def describe_change(column: Column, difference: float) -> str:
    """A difference with its arrow, written as the column writes figures."""
    size = abs(difference)
    return _with_arrow(difference, column.write(round(size) if column.kind == "count" else size))


def compare_figures(now: Figures, before: Figures) -> Figures:
    """The strip with how much each figure changed, in place of the note beside it."""
    if len(now.boxes) != len(before.boxes):
        return now
    boxes = []
    for box, was in zip(now.boxes, before.boxes, strict=True):
        if box.raw is None or was.raw is None or box.value == was.value:
            boxes.append(box)
        else:
            boxes.append(replace(box, change=_with_arrow(box.raw - was.raw, box.write(abs(box.raw - was.raw)))))
    return Figures(tuple(boxes), tuple(_marked(part, boxes) for part in now.line))


def _marked(part: str, boxes: Sequence[Kpi]) -> str:
    """A part of the line, in which there is room for arrows alone."""
    for box in boxes:
        if box.change:
            figure = box.value.partition(BETWEEN)[0]  # its interval may have changed another way
            part = re.sub(rf"(?<![\d.]){re.escape(figure)}(?![\d.])", f"{figure}{box.change[0]}", part, count=1)
    return part


def _with_arrow(difference: float, size: str) -> str:
    """The arrow alone where the size is less than can be written."""
    return f"{sign(difference)} {size}" if set(size) & set("123456789") else sign(difference)


def _name(row: dict[str, object], keys: tuple[str, ...]) -> tuple[str | None, ...]:
    return tuple(None if row[key] is None else str(row[key]) for key in keys)


def _difference(column: Column, now: dict[str, object], was: dict[str, object] | None) -> Difference:
    if was is None or not column.right or column.key not in was:
        return None
    one, other = was[column.key], now[column.key]
    if not isinstance(one, int | float) or not isinstance(other, int | float):
        return None
    return None if column.write(one) == column.write(other) else other - one
