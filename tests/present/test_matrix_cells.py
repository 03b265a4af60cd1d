"""The cells of Matrix: what is written and coloured, by hand."""

from __future__ import annotations

import polars as pl
import pytest

from ltvtui.analytics.lifecycle.migration import AFTER, BEFORE, Moves
from ltvtui.analytics.segment_metrics import CUSTOMERS, LTV, MATRIX_METRICS, REVENUE
from ltvtui.present.matrix import Side, crossed, flows, moved
from ltvtui.present.text_tables import text_table

DOWN = Side("R score", ("5", "4"), ("R5 ≤10 d", "R4 >10 d"))
ACROSS = Side("F score", ("1", "2"), ("F1 ≤1", "F2 >1"))
ROWS = pl.DataFrame(
    {
        "R score": ["5", "5", "4"],
        "F score": ["1", "2", "1"],
        "customers": [60, 10, 30],
        "revenue": [600.0, 900.0, 1500.0],
        "ltv": [20.0, 400.0, 5.0],
        "within_months": [12, 12, 12],
        "few": [False, True, False],
    }
)


@pytest.mark.parametrize(
    ("measure", "shares", "cells"),
    [
        ("customers", False, [["60", "10"], ["30", "0"]]),
        ("customers", True, [["60.0 %", "10.0 %"], ["30.0 %", "0.0 %"]]),
        ("revenue", False, [["600.00", "900.00"], ["1 500.00", "0.00"]]),
        ("revenue", True, [["20.0 %", "30.0 %"], ["50.0 %", "0.0 %"]]),
        ("LTV", False, [["20.00 ", "400.00?"], ["5.00 ", ""]]),  # ten customers tell little, nobody tells nothing
        ("LTV", True, [["20.00 ", "400.00?"], ["5.00 ", ""]]),  # it does not add up
    ],
)
def test_cells(measure: str, shares: bool, cells: list[list[str]]) -> None:
    table = crossed(ROWS, DOWN, ACROSS, MATRIX_METRICS[measure], shares)
    assert [list(row[1:]) for row in table.cells(0, 2)] == cells
    assert [row[0] for row in table.cells(0, 2)] == ["R5 ≤10 d", "R4 >10 d"]


def test_less_than_the_horizon_is_a_lower_bound_and_has_no_colour() -> None:
    young = ROWS.with_columns(within_months=pl.Series([12, 2, 2]))
    table = crossed(young, DOWN, ACROSS, LTV, False, horizon=12)
    assert [list(row[1:]) for row in table.cells(0, 2)] == [["20.00 ", "≥400.00?"], ["≥5.00 ", ""]]
    assert table.heats(0, 2, (1, 2)) == [(1.0, None), (None, None)]
    assert table.frame["partial"].to_list() == ["F2 >1", "F1 ≤1"]
    assert table.widths[1:] == (len("≥400.00?"),) * 2


def test_colours_go_to_the_highest_that_can_be_trusted() -> None:
    assert crossed(ROWS, DOWN, ACROSS, CUSTOMERS, False).heats(0, 2, (0, 1, 2)) == [
        (None, 1.0, 10 / 60),
        (None, 0.5, 0.0),
    ]
    assert crossed(ROWS, DOWN, ACROSS, LTV, False).heats(0, 2, (1, 2)) == [(1.0, None), (0.25, None)]


def test_nobody_has_no_colours() -> None:
    table = crossed(ROWS.clear(), DOWN, ACROSS, CUSTOMERS, False)
    assert table.cells(0, 1) == [("R5 ≤10 d", "0", "0")]
    assert table.heats(0, 1, (1,)) == [(None,)]


def moves() -> Moves:
    """Of 4 VIPs 3 stayed and one lapsed; two came anew."""
    counted = {("VIP", "VIP"): (3, 300), ("VIP", "lapsed"): (1, 50), ("new", "economy"): (2, 8)}
    rows = [(was, now, *counted.get((was, now), (0, 0))) for was in BEFORE["tier"] for now in AFTER["tier"]]
    schema = {"before": pl.Enum(BEFORE["tier"]), "after": pl.Enum(AFTER["tier"]), "customers": pl.Int64}
    frame = pl.DataFrame(rows, schema={**schema, "revenue": pl.Int64}, orient="row")
    return Moves("tier", 0, 100, frame.with_columns(pl.col("revenue") * 10_000))


def test_rows_of_moves_add_up_to_a_hundred_per_cent() -> None:
    words = [line.split() for line in text_table(moved(moves(), CUSTOMERS, True)).splitlines()]
    assert words[2:4] == [
        ["new", "2", "0.0", "%", "0.0", "%", "100.0", "%", "0.0", "%"],
        ["VIP", "4", "75.0", "%", "0.0", "%", "0.0", "%", "25.0", "%"],
    ]
    assert words[4] == ["middle", "0"]
    assert words[-1] == ["all", "6", "50.0", "%", "0.0", "%", "33.3", "%", "16.7", "%"]


def test_moves_in_money() -> None:
    words = [line.split() for line in text_table(moved(moves(), REVENUE, False)).splitlines()]
    assert words[3] == ["VIP", "350.00", "300.00", "0.00", "0.00", "50.00"]


def test_flows_are_those_who_moved_the_dearest_first() -> None:
    columns = ("from", "to", "customers", "customer_share", "revenue", "few")
    assert flows(moves()).select(columns).rows() == [
        ("VIP", "lapsed", 1, pytest.approx(1 / 6), 50.0, True),
        ("new", "economy", 2, pytest.approx(1 / 3), 8.0, True),
    ]
