"""The first rows of an order are those that sorting all of them gives."""

from __future__ import annotations

import functools
from typing import Any

import polars as pl
import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from ltvtui.analytics.kernel import sort_order
from ltvtui.analytics.kernel.sort_order import SortOrder

TIERS = ("VIP", "middle", "economy")
COLUMNS: dict[str, tuple[Any, st.SearchStrategy[Any]]] = {
    "number": (pl.Int64, st.integers(-3, 3)),
    "share": (pl.Float64, st.sampled_from([-1.5, 0.0, 0.25, 2.0])),
    "text": (pl.String, st.sampled_from(["a", "B", "ä", "10", "9", ""])),
    "name": (pl.Categorical(), st.sampled_from(["zoo", "app", "mid"])),
    "tier": (pl.Enum(TIERS), st.sampled_from(TIERS)),
    "lapsed": (pl.Boolean, st.booleans()),
}


def compared(column: str, one: Any, other: Any, sign: int) -> int:
    """Nulls stand last whatever the sign; tiers as they are declared, texts by their bytes, all else by value."""
    if one is None or other is None:
        return (one is None) - (other is None)
    rank = {"tier": TIERS.index}.get(column, lambda v: v.encode() if isinstance(v, str) else v)
    a, b = rank(one), rank(other)
    return ((a > b) - (a < b)) * sign


@settings(deadline=None, max_examples=examples(200))
@given(
    st.lists(st.sampled_from(sorted(COLUMNS)), min_size=1, max_size=2, unique=True),
    st.integers(0, 30),
    st.booleans(),
    st.integers(1, 6),
    st.integers(0, 12),
    st.integers(0, 12),
    st.data(),
)
def test_a_part_is_that_of_all_rows_sorted(
    columns: list[str], height: int, descending: bool, first: int, start: int, count: int, data: st.DataObject
) -> None:
    drawn = {c: data.draw(st.lists(st.none() | COLUMNS[c][1], min_size=height, max_size=height)) for c in columns}
    keys = pl.DataFrame({c: pl.Series(values, dtype=COLUMNS[c][0]) for c, values in drawn.items()})
    sign = -1 if descending else 1

    def by_keys(row: int, other: int) -> int:
        found = (compared(c, drawn[c][row], drawn[c][other], sign) for c in columns)
        return next((way for way in found if way), 0)

    expected = sorted(range(height), key=functools.cmp_to_key(by_keys))  # stable: equals stand as they did
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sort_order, "FIRST", first)
        order = SortOrder(keys, descending)
        assert order.part(start, count).to_list() == expected[start : start + count]
        assert order.whole.to_list() == expected
        assert [order.place_of(row) for row in expected] == list(range(height))


def test_the_first_rows_are_found_without_sorting_all() -> None:
    order = SortOrder(pl.DataFrame({"n": range(3 * sort_order.FIRST)}), descending=True)
    assert order.part(0, 2).to_list() == [3 * sort_order.FIRST - 1, 3 * sort_order.FIRST - 2]
    assert "whole" not in vars(order)
    assert order.part(sort_order.FIRST - 1, 2).to_list() == [2 * sort_order.FIRST, 2 * sort_order.FIRST - 1]
    assert "whole" in vars(order)
