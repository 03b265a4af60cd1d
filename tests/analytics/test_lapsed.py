"""How many have lapsed, worked out by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ltvtui.analytics.lifecycle.lapsed import lapsed_shares, with_lapsed
from ltvtui.analytics.segments import profile
from ltvtui.query.query import Filter, Query
from ltvtui.session.dataset import Dataset

DatasetOf = Callable[..., Dataset]

SALES = [
    *(("ann", 0, 500, {"land": "DK"}), ("bob", 70, 400, {"land": "DK"}), ("cat", 60, 90, {"land": "SE"})),
    *(("dan", 59, 80, {"land": "SE"}), ("eve", 99, 70, {"land": None}), ("fay", 100, 60, {"land": "SE"})),
]
"""As of day 100 the last order is 100, 30, 40, 41, 1 and 0 days ago."""


@pytest.fixture(scope="module")
def dataset(dataset_of: DatasetOf) -> Dataset:
    return dataset_of(SALES)


def by_tier(dataset: Dataset, query: Query) -> dict[str, float]:
    rows = with_lapsed(
        dataset.ask(profile, query, ("tier",)), dataset.ask(lapsed_shares, query, ("tier",)), ("tier",)
    )
    return dict(rows.select("tier", "lapsed_share").iter_rows())


def test_who_is_away_for_the_churn_gap_to_the_day_has_lapsed(dataset: Dataset) -> None:
    """Ranks ⌈1.2⌉ = 2 and ⌈3⌉ = 3: VIP ann and bob, middle cat, economy dan, eve and fay. ann, cat and dan have been
    away for 40 days or longer; for 41 only ann and dan."""
    assert by_tier(dataset, Query(churn_gap=40)) == pytest.approx({"VIP": 1 / 2, "middle": 1, "economy": 1 / 3})
    assert by_tier(dataset, Query(churn_gap=41)) == pytest.approx({"VIP": 1 / 2, "middle": 0, "economy": 1 / 3})
    assert by_tier(dataset, Query(churn_gap=101)) == {"VIP": 0, "middle": 0, "economy": 0}


def test_of_all_and_of_a_part(dataset: Dataset) -> None:
    query = Query(churn_gap=40)
    assert dataset.ask(lapsed_shares, query).item() == pytest.approx(3 / 6)
    assert dataset.ask(lapsed_shares, query & Filter("land", "DK")).item() == pytest.approx(1 / 2)
    assert dataset.ask(lapsed_shares, query & Filter("land", "nowhere")).item() is None


def test_unknown_values_have_their_share_too(dataset: Dataset) -> None:
    rows = dataset.ask(profile, Query(churn_gap=40), ("land",))
    told = with_lapsed(rows, dataset.ask(lapsed_shares, Query(churn_gap=40), ("land",)), ("land",))
    assert told.select("land", "lapsed_share").rows() == [("DK", 1 / 2), ("SE", pytest.approx(2 / 3)), (None, 0)]


def test_the_day_before(dataset: Dataset) -> None:
    """On day 99 cat's last order is 39 days old, dan's 40, and fay is not there yet."""
    assert dataset.ask(lapsed_shares, Query(as_of=99, churn_gap=40)).item() == pytest.approx(2 / 5)
