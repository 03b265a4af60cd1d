"""RFM on the board: the names of segments as blocks of cells and as badges of rows, in one colour each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import polars as pl

from ltvtui.analytics.metric import Metric
from ltvtui.analytics.segment_metrics import CUSTOMERS, LTV, REVENUE
from ltvtui.present.blocks import Place, Tile
from ltvtui.present.matrix import DOUBT, LEAST, MatrixTable, Side
from ltvtui.present.numbers import amount, count, counted, percent
from ltvtui.present.segments import SegmentTable
from ltvtui.present.tables import Badge

WIDEST: Final = 44
"""Cells beyond which a wider cell of the board tells no more."""


def with_badges(table: SegmentTable, marks: Mapping[str, Badge]) -> SegmentTable:
    """`table` with a badge before each name of its first column."""
    first, *others = table.columns
    return replace(table, columns=(replace(first, badge=marks.get), *others))


def in_blocks(
    cells: MatrixTable,
    pairs: pl.DataFrame,
    cell_names: pl.DataFrame,
    sides: tuple[Side, Side],
    measure: Metric,
    shares: bool,
    marks: Mapping[str, Badge],
    to_do: Mapping[Place, str],
    people: Mapping[Place, Sequence[tuple[str, int]]],
    horizon: int,
    currency: str = "",
) -> MatrixTable:
    """`cells` of `measure`, or of its shares, each in the colour of the name that `cell_names` gives it
    (rfm_cells.names_by_cell). The second figure, of `pairs` (segments.profile by both sides), is of customers.
    Tall cells say all three metrics, that of the cells first, what is `to_do`, and how many of the `people` in them
    have which name, the most first: money decides among those of one cell."""
    down, across = sides
    keys = (down.dimension, across.dimension)
    names = {(one, other): name for one, other, name in cell_names.select(*keys, "RFM").iter_rows()}
    of_count = measure == CUSTOMERS and not shares
    figures = {
        (one, other): percent(part) if of_count else counted(customers, "customer")
        for one, other, customers, part in pairs.select(*keys, "customers", "customer_share").iter_rows()
        if part is not None
    }
    metrics_of = {
        (row[down.dimension], row[across.dimension]): _metrics(row, measure, horizon, currency)
        for row in pairs.iter_rows(named=True)
        if row["customers"]
    }

    def tile(row: int, column: int) -> Tile:
        cell = down.values[row], across.values[column]
        metrics = metrics_of.get(cell)
        details = () if metrics is None else (*metrics, (to_do.get((row, column), ""),))
        called = _names(people.get((row, column), ()))
        return Tile(marks.get(names.get(cell, "")), figures.get(cell, ""), details, called)

    tiles = {
        (row, column): tile(row, column) for row in range(len(down.values)) for column in range(len(across.values))
    }
    return replace(cells, blocks=tiles, spread=WIDEST)


def _names(people: Sequence[tuple[str, int]]) -> tuple[str, ...]:
    """New 1 492 · Promising 989 · About to sleep 997, then with ever fewer of them; none where all have one name."""
    if len(people) < 2:
        return ()
    parts = [f"{name} {count(part)}" for name, part in people]
    every = sum(part for _, part in people)
    return " · ".join(parts), f"{parts[0]} · {len(parts) - 1} other names", f"{parts[0]} of {count(every)}"


def _metrics(row: Mapping[str, Any], measure: Metric, horizon: int, currency: str) -> tuple[tuple[str, ...], ...]:
    """Two lines, the `measure` first, each in words that take ever less room: 1 438 customers · 7.5 %."""
    customers = (
        f"{counted(row['customers'], 'customer')} · {percent(row['customer_share'])}",
        count(row["customers"]),
    )
    ltv = _ltv(row, horizon, currency)
    part = percent(row["revenue_share"]) if row["revenue_share"] is not None else ""
    revenue = f"{part} of revenue" if part else ""
    if measure == REVENUE:
        money = f"{amount(row['revenue'], 0)} {currency}".rstrip()
        return (f"{money} · {revenue}" if revenue else money, money), (" · ".join((customers[0], ltv)), customers[0])
    if measure == LTV:
        return (ltv,), (" · ".join(filter(None, (customers[0], revenue))), customers[0], customers[1])
    return customers, (" · ".join(filter(None, (revenue, ltv))), revenue)


def _ltv(row: Mapping[str, Any], horizon: int, currency: str) -> str:
    """LTV 345.20 €, with the marks that a cell of LTV has."""
    if row["ltv"] is None:
        return "no LTV yet"
    least = LEAST if row["within_months"] < horizon else ""
    return f"LTV {least}{amount(row['ltv'])} {currency}".rstrip() + (DOUBT if row["few"] else "")
