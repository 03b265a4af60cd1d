"""RFM on the board: the names of segments as blocks of cells and as badges of rows, in one colour each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import polars as pl

from ltvtui.analytics.metric import Metric
from ltvtui.analytics.segment_metrics import CUSTOMERS
from ltvtui.present.blocks import Tile
from ltvtui.present.matrix import MatrixTable, Side
from ltvtui.present.numbers import counted, percent
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
) -> MatrixTable:
    """`cells` of `measure`, or of its shares, each in the colour of the name that `cell_names` gives it
    (rfm_cells.names_by_cell). The second figure, of `pairs` (segments.profile by both sides), is of customers."""
    down, across = sides
    keys = (down.dimension, across.dimension)
    names = {(one, other): name for one, other, name in cell_names.select(*keys, "RFM").iter_rows()}
    of_count = measure == CUSTOMERS and not shares
    figures = {
        (one, other): percent(part) if of_count else counted(customers, "customer")
        for one, other, customers, part in pairs.select(*keys, "customers", "customer_share").iter_rows()
        if part is not None
    }
    tiles = {
        (row, column): Tile(marks.get(names.get((one, other), "")), figures.get((one, other), ""))
        for row, one in enumerate(down.values)
        for column, other in enumerate(across.values)
    }
    return replace(cells, blocks=tiles, spread=WIDEST)
