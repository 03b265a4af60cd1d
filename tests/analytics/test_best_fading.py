"""Customers of the best tier who fade, worked out by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ltvtui.analytics.lifecycle.best_fading import best_fading, best_tier
from ltvtui.analytics.tiers.tiers import parse_rule
from ltvtui.query.query import Filter, Query
from ltvtui.session.dataset import Dataset

DatasetOf = Callable[..., Dataset]

SALES = [
    *(("ann", 90, 500), ("ann", 100, 100), ("ann", 475, 100)),
    *(("bob", 470, 300), ("bob", 478, 50)),
    *(("cat", 490, 400), ("cat", 499, 400)),
    *(("dan", 400, 900), ("dan", 405, 900)),
    *(("eve", 471, 2), ("eve", 478, 1)),
]
"""As of day 500, churn gap 30. Gaps are 10, 375, 8, 9, 5 and 7: their 75th percentile is below 15, so that whoever is
silent for 16 to 29 days fades: ann (25), bob and eve (22). cat (1) is regular, dan (95) lost."""
AS_OF = Query(as_of=500, churn_gap=30)


def test_who_is_worth_most_lately_comes_first(dataset_of: DatasetOf) -> None:
    """VIPs are the best four of five: dan with 1800, cat 800, ann 700 and bob 350."""
    snapshot = dataset_of(SALES).snapshot(replace(AS_OF, tier_rule=parse_rule("quantile:80/10")))
    rows = best_fading(snapshot)
    assert best_tier(snapshot) == "VIP"
    assert rows.select("id", "silent", "lately").rows() == [("bob", 22, 350.0), ("ann", 25, 100.0)]


def test_nobody_fades_where_the_best_are_lost(dataset_of: DatasetOf) -> None:
    """The best fifth is dan alone."""
    assert best_fading(dataset_of(SALES).snapshot(AS_OF)).is_empty()


def test_of_a_part_its_own_best_tier_counts(dataset_of: DatasetOf) -> None:
    snapshot = dataset_of(SALES).snapshot(AS_OF & Filter("tier", "economy"))
    assert best_tier(snapshot) == "economy"
    assert best_fading(snapshot)["id"].to_list() == ["bob", "eve"]
