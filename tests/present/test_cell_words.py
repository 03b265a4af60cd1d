"""What one cell of a board says."""

from __future__ import annotations

import polars as pl

from ltvtui.analytics.lifecycle.migration import AFTER, BEFORE, Moves
from ltvtui.present.cell_words import abc_xyz_words, advice, move_cell_words


def moves() -> Moves:
    """Ten customers: four new ones, of whom one is VIP now; six lapsed, who still are."""
    counts = {("new", "VIP"): 1, ("new", "economy"): 3, ("lapsed", "lapsed"): 6}
    pairs = [(was, now) for was in BEFORE["tier"] for now in AFTER["tier"]]
    frame = pl.DataFrame(
        [(was, now, counts.get((was, now), 0), 0) for was, now in pairs],
        schema=["before", "after", "customers", "revenue"],
        orient="row",
    )
    return Moves("tier", 19_800, 20_000, frame)


def test_a_move_says_who_and_how_many_of_them() -> None:
    words = move_cell_words(moves())
    assert words[0][1] == "4 customers: no order yet on 2024-03-18"
    assert words[0][2] == "1 customer: no order yet on 2024-03-18 → VIP on 2024-10-04 (25 % of them)"
    assert words[1][2] == "0 customers: VIP on 2024-03-18 → VIP on 2024-10-04"
    assert words[-1][0] == "10 customers by 2024-10-04"
    assert words[-1][-1] == "6 customers: lapsed on 2024-10-04"
    assert len(words) == len(BEFORE["tier"]) + 1
    assert {len(row) for row in words} == {len(AFTER["tier"]) + 2}


def test_a_name_with_and_without_something_to_do() -> None:
    assert advice("New", {"New": "Welcome"}) == "New → Welcome"
    assert advice("Elsewhere", {"New": "Welcome"}) == "Elsewhere"


def test_classes() -> None:
    assert abc_xyz_words("A", "X") == "A × X: customers of most revenue, who order evenly"
    assert abc_xyz_words("C") == "C: customers of least revenue"
