"""Segments side by side: quintiles, scores and totals worked by hand."""

from __future__ import annotations

import polars as pl
import pytest

from ltvtui.analytics.planning.target_matrix import MATRIX_CRITERIA, TargetMatrix, quintiles, target_matrix


def matrix(weights: dict[str, float] | None = None, **columns: list[object]) -> TargetMatrix:
    """Of three segments a, b and c, unless more is said."""
    size = len(next(iter(columns.values())))
    nothing = dict.fromkeys(MATRIX_CRITERIA, [None] * size)
    names = [chr(ord("a") + place) for place in range(size)]
    frame = {"segment": names, **nothing, "few": [False] * size, **columns}
    return target_matrix(pl.DataFrame(frame, strict=False), weights or {})


def test_quintiles_are_of_type_7() -> None:
    # Of 1, 2 and 10 the places 0.4, 0.8, 1.2 and 1.6: 1 + 0.4, 1 + 0.8, 2 + 0.2 · 8, 2 + 0.6 · 8.
    assert quintiles([10, 1, 2]) == pytest.approx((1.4, 1.8, 3.6, 6.8))
    # Of six values they are values themselves, to the last digit.
    assert quintiles([0.1, 0.2, 0.3, 0.4, 0.5, 0.6]) == (0.2, 0.3, 0.4, 0.5)


def test_a_score_is_one_more_than_the_quintiles_exceeded() -> None:
    found = matrix(size=[1, 2, 10], value=[0.5, 0.1, 0.2])
    rows = {row["segment"]: row for row in found.rows.iter_rows(named=True)}
    assert [rows[name]["size_score"] for name in "abc"] == [1, 3, 5]
    assert [rows[name]["value_score"] for name in "abc"] == [5, 1, 3]
    assert [rows[name]["total"] for name in "abc"] == [3, 2, 4]
    assert found.rows["segment"].to_list() == ["c", "a", "b"]
    assert set(found.missing) == {"growth", "reach", "net"}


def test_weights_weigh_and_nought_leaves_out() -> None:
    found = matrix({"value": 3.0}, size=[1, 2, 10], value=[0.5, 0.1, 0.2])
    totals = dict(found.rows.select("segment", "total").iter_rows())
    assert totals == {"a": (1 + 3 * 5) / 4, "b": (3 + 3 * 1) / 4, "c": (5 + 3 * 3) / 4}
    alone = matrix({"value": 0.0}, size=[1, 2, 10], value=[0.5, 0.1, 0.2])
    assert dict(alone.rows.select("segment", "total").iter_rows()) == {"a": 1, "b": 3, "c": 5}


def test_what_is_not_known_lowers_no_total() -> None:
    found = matrix(size=[1, 2, 10], net=[4.0, None, 2.0])
    rows = {row["segment"]: row for row in found.rows.iter_rows(named=True)}
    assert (rows["b"]["net_score"], rows["b"]["total"]) == (None, 3)
    assert (rows["a"]["net_score"], rows["a"]["total"]) == (5, 3)


def test_small_samples_are_shown_and_not_scored() -> None:
    found = matrix(size=[100, 200, 5], value=[1.0, 2.0, 90.0], few=[False, False, True])
    last = found.rows.row(-1, named=True)
    assert (last["segment"], last["value"], last["value_score"], last["total"]) == ("c", 90, None, None)
    assert found.limits["value"] == pytest.approx((1.2, 1.4, 1.6, 1.8))


def test_what_is_the_same_everywhere_tells_nothing() -> None:
    found = matrix(size=[7, 7, 7], value=[1.0, None, None])
    assert found.limits == {}
    assert found.missing["size"] == "it is the same in all segments"
    assert found.missing["value"] == "fewer than two segments have it"
    assert found.rows["total"].null_count() == 3
