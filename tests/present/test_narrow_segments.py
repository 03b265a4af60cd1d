"""How an LTV of less than the horizon says so where there is little room."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
import pytest

from ltvtui.present.segments import PARTIAL, SegmentTable
from ltvtui.present.tables import Column

COLUMNS = (Column("tier", "tier"), Column("ltv", "LTV", "units", group="within 12 mo"))


def table(*rows: tuple[str, float | None, int]) -> SegmentTable:
    frame = pl.DataFrame(rows, schema=["tier", "ltv", "within_months"], orient="row")
    partial = (pl.col("within_months") < 12) & pl.col("ltv").is_not_null()
    return SegmentTable(frame.with_columns(partial.alias(PARTIAL)), COLUMNS)


@pytest.mark.parametrize(
    ("rows", "heading", "cells"),
    [
        # As many months everywhere, or no LTV at all: the heading has them.
        ([("VIP", 37.6, 8), ("economy", 4.0, 8), ("new", None, 0)], "within 8 of 12 mo", ["≥ 37.60", "≥ 4.00", ""]),
        # Others, or all of the horizon: each says its own, and figures are one under the other.
        ([("VIP", 37.6, 11), ("economy", 4.0, 2)], "within 12 mo", ["≥ 37.60 (11 mo)", "≥ 4.00 (2 mo) "]),
        ([("VIP", 37.6, 8), ("economy", 4.0, 12)], "within 12 mo", ["≥ 37.60 (8 mo)", "4.00       "]),
        ([("VIP", 37.6, 12), ("economy", 4.0, 12)], "within 12 mo", ["37.60", "4.00"]),
    ],
)
def test_months_in_few_cells(rows: Sequence[tuple[str, float | None, int]], heading: str, cells: list[str]) -> None:
    narrow = table(*rows).narrow()
    assert narrow.columns[1].group == heading
    assert [row[1] for row in narrow.cells(0, len(rows))] == cells
    assert narrow.widths[1] >= max(map(len, cells))


def test_with_room_they_are_written_out() -> None:
    assert table(("VIP", 37.6, 8)).cells(0, 1)[0][1] == "≥ 37.60 (8 of 12 mo)"
