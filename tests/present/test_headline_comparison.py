"""What the sentence of a comparison says where one test alone and several at once disagree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ltvtui.present.headline.comparison import GroupNames, comparison_clauses
from ltvtui.query.query import Filter, Query
from ltvtui.session.comparison import comparison_of
from ltvtui.session.dataset import Dataset

SALES = [
    (f"{plan} {n}", n % 5 + 60 * again, worth + n % 7, {"plan": plan})
    for plan, worth in (("pro", 60.0), ("basic", 10.0))
    for n in range(40)
    for again in range(3)
]


def test_an_interval_without_zero_is_explained_where_several_tests_find_nothing(
    dataset_of: Callable[..., Dataset],
) -> None:
    found = comparison_of(dataset_of(SALES), Query(), (Filter("plan", "pro"),))
    assert found.of("ltv").lower is not None
    assert found.of("ltv").lower > 0
    names = GroupNames("pro", "basic")
    assert comparison_clauses(found, names)[0].startswith("LTV is clearly higher for pro")
    # Four tests of which this is the best: 0.049 alone is 4 × 0.049 among them (Benjamini-Hochberg).
    among_four = tuple(replace(each, p=0.049 if each.measure == "ltv" else 1.0) for each in found.differences)
    unclear = replace(found, differences=among_four, mann_whitney=None, log_rank=None)
    assert comparison_clauses(unclear, names)[0].startswith("LTV does not clearly differ between pro")
    assert comparison_clauses(unclear, names)[1].startswith("95 % interval ")
    assert comparison_clauses(unclear, names)[1].endswith(", but not clear among several comparisons")
