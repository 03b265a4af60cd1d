"""Dimensions that hold what another one holds are found by their values, customer by customer."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from shops import build

from ltvtui.analytics.comparison.doubles import doubles
from ltvtui.present.comparison.doubles import double_words, without_doubles
from ltvtui.session.open_dataset import open_shop
from ltvtui.session.open_request import OpenRequest

SHOP = """
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id TEXT, ordered_at TEXT, amount REAL,
    first_touch TEXT, source TEXT, mirrored TEXT);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
INSERT INTO orders (customer_id, ordered_at, amount, first_touch, source, mirrored)
    SELECT 'c' || i, date('2024-01-01', '+' || i || ' days'), 10 + i % 7,
    CASE WHEN i % 2 THEN 'email' ELSE 'ads' END,
    CASE WHEN (i + (i <= {differ})) % 2 THEN 'email' ELSE 'ads' END,
    CASE WHEN i % 2 THEN 'ads' ELSE 'email' END FROM n;
"""
"""100 customers; of so many as DIFFER the source is another one than first_touch; mirrored is always the other."""


@pytest.mark.parametrize(("differ", "same"), [(0, 1.0), (5, 0.95), (6, None)])
def test_who_differs_in_few_customers_holds_the_same(tmp_path: Path, differ: int, same: float | None) -> None:
    opened = open_shop(OpenRequest(build(tmp_path, SHOP.format(differ=differ))))
    found = opened.dataset.ask(doubles, opened.query)
    expected = [] if same is None else [same]
    assert found["same"].to_list() == pytest.approx(expected)
    assert "mirrored" not in {*found["dimension"], *found["of"]}  # the same values, of other customers


def test_one_of_them_is_shown_and_a_line_says_so() -> None:
    rows = pl.DataFrame({"dimension": ["first touch", "source", "source", "city"]})
    same = pl.DataFrame({"dimension": ["source"], "of": ["first touch"], "same": [0.953]})
    assert without_doubles(rows, same)["dimension"].to_list() == ["first touch", "city"]
    assert double_words(rows, same) == ("source = first touch for 95 % of customers: shown once",)
    # Where the trail has settled the one that would stay, the other is all there is.
    alone = rows.filter(pl.col("dimension") != "first touch")
    assert without_doubles(alone, same).equals(alone)
    assert double_words(alone, same) == ()


@pytest.mark.parametrize(("fixed", "left_out", "of"), [("a", "b", "a"), ("b", "a", "b")])
def test_what_holds_what_the_groups_were_chosen_by_says_nothing_of_them(fixed: str, left_out: str, of: str) -> None:
    rows = pl.DataFrame({"dimension": [left_out, "city"]})  # the one that is fixed is no row
    same = pl.DataFrame({"dimension": ["b"], "of": ["a"], "same": [0.99]})
    assert without_doubles(rows, same, {fixed})["dimension"].to_list() == ["city"]
    assert double_words(rows, same, {fixed}) == (f"{left_out} = {of} for 99 % of customers: left out",)
