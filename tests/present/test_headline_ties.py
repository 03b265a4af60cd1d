"""Sentences where there is nothing to divide by, and where nobody stands first."""

from __future__ import annotations

import polars as pl
import pytest

from ltvtui.analytics.comparison.profile_index import COUNTS, index_of
from ltvtui.analytics.planning.target_matrix import TargetMatrix
from ltvtui.present.headline.portrait import index_clauses
from ltvtui.present.planning.matrix import matrix_clauses


@pytest.mark.parametrize("swapped", [False, True])
def test_a_value_that_only_one_group_has_has_no_index(swapped: bool) -> None:
    """All 60 of A and none of the 60 of B came by mail: 100 % ÷ 0 % is no number, 0 % ÷ 100 % is 0."""
    a, b = (0, 60) if swapped else (60, 0)
    counts = pl.DataFrame([("channel", "mail", a, b), ("channel", "ads", b, a)], COUNTS, orient="row")
    said = index_clauses(index_of(counts, (60, 60)), "A", "B")
    more, less = ("ads", "mail") if swapped else ("mail", "ads")
    assert said[1:] == (
        f"more frequent: channel {more} (none of the others)",
        f"less: channel {less} (index 0)",
    )


def matrix(**totals: float) -> TargetMatrix:
    rows = pl.DataFrame({"segment": list(totals), "total": list(totals.values())})
    return TargetMatrix(rows, {}, {}, 0, 0, {})


def test_no_segment_is_called_the_best_that_is_no_better() -> None:
    assert matrix_clauses(matrix(VIP=3.0, middle=3.0)) == (
        "no segment is a better target than another: all have 3.00 of 5",
    )
    assert matrix_clauses(matrix(VIP=4.0, middle=4.0, economy=2.0)) == (
        "VIP is the best target: 4.00 of 5, and so has 1 other",
        "economy is last with 2.00",
    )
    assert matrix_clauses(matrix(VIP=4.0, middle=3.0))[0] == "VIP is the best target: 4.00 of 5"
