"""The name of most in a cell of recency and frequency, worked out by hand."""

from __future__ import annotations

from collections.abc import Callable

from ltvtui.analytics.rfm.cells import names_by_cell
from ltvtui.query.query import Filter, Query
from ltvtui.session.dataset import Dataset

DatasetOf = Callable[..., Dataset]

SALES = [
    *((f"poor {i}", 100, 1) for i in range(3)),
    *((f"rich {i}", 100, 9) for i in range(2)),
    *((f"gone {i}", 10, 5) for i in range(5)),
]
"""One order each: F1. Silence is 0 five times and 90 five times, so that the cuts lie at 0, 0, 90 and 90: R5 for 0,
R3 for 90. Revenue is 1 three times, 5 five times, 9 twice: the cuts lie at 1 + .8 × 4 = 4.2, 5, 5 and 5.8: M1 for 1,
M2 for 5 and M5 for 9. By the table R5 F1 M1 is New, R5 F1 M5 Promising, R3 F1 M2 About to sleep."""


def test_most_customers_decide_the_name_of_a_cell(dataset_of: DatasetOf) -> None:
    found = names_by_cell(dataset_of(SALES).snapshot(Query()))
    assert found.rows() == [("3", "1", "About to sleep"), ("5", "1", "New")]


def test_of_a_part_its_own_customers_decide(dataset_of: DatasetOf) -> None:
    rich = Query() & Filter("RFM", "Promising")
    assert names_by_cell(dataset_of(SALES).snapshot(rich)).rows() == [("5", "1", "Promising")]
