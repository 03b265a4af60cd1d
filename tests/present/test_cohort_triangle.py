"""The triangle on screen: no first column that says nothing, what brackets mean, colours against the same age."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ltvtui.analytics.cohorts.cohorts import cohorts
from ltvtui.analytics.cohorts.metrics import COHORT_METRICS
from ltvtui.present.cohorts import FULL_TINT, Triangle, payback_remarks, payback_words, triangle, with_payback
from ltvtui.query.query import Query
from ltvtui.session.dataset import Dataset

DatasetOf = Callable[..., Dataset]

SALES = [
    *(("ann", "2024-01-10", 10), ("ann", "2024-02-10", 20)),
    *(("bob", "2024-02-11", 10), ("bob", "2024-03-11", 2)),
]
"""By month 1 ann has brought 30 and bob 12: 21 on average."""


def shown(dataset_of: DatasetOf, metric: str, *, whole: bool = False) -> Triangle:
    found = cohorts(dataset_of(SALES).snapshot(Query(entry="all", as_of=19_843)), "month")  # 2024-04-30
    return triangle(found, COHORT_METRICS[metric], False, whole=whole)


def titles(table: Triangle) -> list[str]:
    """Of the columns of cells."""
    return [column.title.strip() for column in table.columns[2:]]


def test_a_first_column_of_hundreds_is_left_out_on_screen_alone(dataset_of: DatasetOf) -> None:
    assert titles(shown(dataset_of, "retention")) == ["1", "2", "3"]
    assert titles(shown(dataset_of, "retention", whole=True)) == ["0", "1", "2", "3"]
    assert [column.key for column in shown(dataset_of, "retention").in_files][2:] == [
        "0",
        "1",
        "2",
        "3",
        "unfinished",
    ]
    assert titles(shown(dataset_of, "customers")) == ["0", "1", "2", "3"]
    assert shown(dataset_of, "retention").cells(1, 2)[0] == ("2024-01", "1", "100.0 ", "0.0 ", "0.0 ")


def test_brackets_stand_in_their_column_and_those_of_no_column_are_counted(dataset_of: DatasetOf) -> None:
    bare = shown(dataset_of, "retention")
    table = with_payback(bare, [0, 1])
    assert table.cells(2, 3)[0][2] == "[100.0]"
    assert "[" not in "".join(table.cells(1, 2)[0])
    assert payback_words(table, "month") == ("[ ] CAC paid, 1 in month 0",)
    assert payback_remarks(table, "month") == (
        "[ ] stands at the month that pays the CAC back",
        "1 cohort pays the CAC back in month 0, which has no column",
    )
    assert payback_words(with_payback(bare, [0, 0]), "month") == ("every cohort pays the CAC back in month 0",)
    assert payback_words(with_payback(bare, [0, None]), "month") == ("1 cohort pays the CAC back in month 0",)
    assert payback_words(with_payback(bare, [None, None]), "month") == ()
    whole = with_payback(shown(dataset_of, "customers"), [0, 0])
    assert payback_words(whole, "month") == ("[ ] CAC paid",)
    assert payback_remarks(whole, "month") == ("[ ] stands at the month that pays the CAC back",)


def test_what_grows_is_coloured_against_all_of_the_same_age(dataset_of: DatasetOf) -> None:
    """30 is 1.43 times 21, beyond the strongest colour; 12 is 0.57 of it; both begin with 10, as all do."""
    table = shown(dataset_of, "cumulative LTV")
    assert table.heats(1, 3, [2, 3]) == []
    (ann, bob) = [[paint.tint if paint else None for paint in row] for row in table.paints(1, 3, [1, 2, 3])]
    assert ann == [None, 0, 1]
    assert bob == [None, 0, -1]
    (of_all,) = table.paints(0, 1, [1, 2, 3])
    assert of_all == (None, None, None)
    assert pytest.approx(1.35) == FULL_TINT
    assert shown(dataset_of, "revenue").paints(1, 3, [2]) == []
