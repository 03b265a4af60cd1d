"""Axes: steps are round and even in cells, whatever has to be covered."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ltvtui.present.charts.axis import Axis, linear, logarithmic
from ltvtui.present.charts.scale import apart, compact


def gaps(axis: Axis) -> set[int]:
    """Cells from tick to tick."""
    return {after[0] - before[0] for before, after in pairwise(axis.ticks)}


@pytest.mark.parametrize("rows", range(4, 60))
def test_a_share_is_divided_evenly_at_every_height(rows: int) -> None:
    axis = linear(0, 100, rows, compact, top=100)
    assert len(gaps(axis)) == 1
    assert axis.ticks[0][1:] == (0, "0")
    assert axis.ticks[-1][1] == 100
    assert len(axis.ticks) <= 11


@given(
    low=st.floats(-1e9, 1e9),
    span=st.floats(1e-3, 1e9),
    rows=st.integers(4, 80),
    whole=st.booleans(),
)
def test_what_is_given_is_covered_and_ticks_stand_where_their_value_is(
    low: float, span: float, rows: int, whole: bool
) -> None:
    low, high = apart(low, low + span)
    axis = linear(low, high, rows, lambda value: f"{value!r}", integers=whole)
    margin = (high - low) * 1e-6
    assert axis.low <= low + margin
    assert axis.high >= high - margin
    assert len(gaps(axis)) <= 1
    for place, value, _ in axis.ticks:
        assert value == pytest.approx(axis.low + (axis.high - axis.low) * place / rows, abs=span * 1e-3)


def test_months_have_steps_of_the_calendar() -> None:
    for columns in range(20, 130):
        axis = linear(0, 12, columns, lambda value: f"{value:g}", integers=True, steps=(1, 2, 3, 6, 12), room=2)
        assert [value for _, value, _ in axis.ticks if value <= 12][-1] == 12
        assert {b[1] - a[1] for a, b in pairwise(axis.ticks)} <= {1, 2, 3, 6, 12}
        assert min(gaps(axis)) >= 4


def test_a_decade_is_the_same_everywhere_on_a_logarithmic_axis() -> None:
    axis = logarithmic(0.1, 2.3, 14, compact)  # 1.26 … 200
    assert [place for place, *_ in axis.ticks] == [0, 3, 6, 9, 12]
    assert [label for *_, label in axis.ticks] == ["1", "3", "10", "30", "100"]


def test_a_label_never_stands_twice() -> None:
    axis = linear(0, 2, 16, lambda euros: f"{euros:.0f} €")
    assert [label for *_, label in axis.ticks] == ["0 €", "1 €", "2 €"]


@given(st.floats(-200, 200), st.floats(1, 400), st.integers(4, 30))
def test_labels_rise_by_one_step(low: float, span: float, cells: int) -> None:
    """An axis that is written without decimals has no step of 2.5: +2, +5 and +8 would not be evenly apart."""
    axis = linear(low, low + span, cells, lambda value: f"{value:+.0f}")
    if len(axis.ticks) > 2:
        figures = [int(label.replace("−", "-")) for *_, label in axis.ticks]
        assert len({later - earlier for earlier, later in pairwise(figures)}) == 1
