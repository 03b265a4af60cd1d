"""Drivers: shops in which one attribute decides alone, Cochran's Q by hand, and repeat orders as plain loops."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest
from effort import examples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ltvtui.analytics.drivers.drivers import drivers
from ltvtui.analytics.drivers.first_repeat import first_waits, repeat_shares
from ltvtui.analytics.drivers.heterogeneity import heterogeneity
from ltvtui.query.query import Query
from ltvtui.session.dataset import Dataset

DatasetOf = Callable[..., Dataset]


def segments(*rows: tuple[float, float, int]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=["figure", "se", "customers"], orient="row")


def test_q_by_hand() -> None:
    """w = 1, 1/4, 1; mean = (10 + 3 + 16) ÷ 2.25 = 12.8889; Q = 8.3457 + .0031 + 9.6790 = 18.0278 (by hand), df 2."""
    found = heterogeneity(segments((10, 1, 50), (12, 2, 50), (16, 1, 50)))
    assert found is not None
    mean = (10 + 12 / 4 + 16) / 2.25
    q = (10 - mean) ** 2 + (12 - mean) ** 2 / 4 + (16 - mean) ** 2
    assert (found.q, found.degrees, found.i2) == (pytest.approx(q), 2, pytest.approx((q - 2) / q))
    # Of two degrees of freedom p = exp(-Q ÷ 2).
    assert found.p == pytest.approx(2.718281828459045 ** (-q / 2))


def test_segments_that_differ_by_chance_have_no_i2() -> None:
    found = heterogeneity(segments((10, 5, 40), (11, 5, 40), (9, 5, 40)))
    assert found is not None
    assert found.i2 == 0
    assert heterogeneity(segments((10, 5, 40))) is None
    assert heterogeneity(segments((0, 0, 40), (0, 0, 40))).i2 == 0  # type: ignore[union-attr]


def test_a_segment_without_spread_does_not_outweigh_all_others() -> None:
    """Of 30 nobody came back: with the spread of one of the others, .5 ÷ √30, not with none."""
    known = segments((0.3, 0.05, 100), (0.25, 0.05, 100))
    without = heterogeneity(pl.concat([known, segments((0.0, 0.0, 30))]))
    given_spread = heterogeneity(pl.concat([known, segments((0.0, 0.5 / 30**0.5, 30))]))
    assert without is not None
    assert given_spread is not None
    assert without.q == pytest.approx(given_spread.q)


SALES = [
    (f"{plan}{n}", start + n % 3, amount, {"plan": plan, "coin": "heads" if n % 2 else "tails", "few": f"v{n % 20}"})
    for plan, amount in (("basic", 10), ("pro", 30))
    for n in range(60)
    for start in ((0, 40) if plan == "pro" else (0,))
]
"""60 customers who pay 10 once, and 60 who pay 30 twice: their plan decides, a coin and "few" (six each) do not."""


@pytest.mark.parametrize(("figure", "best", "worst"), [("ltv", 60.0, 10.0), ("repeat", 1.0, 0.0)])
def test_the_attribute_that_decides_alone_stands_first(
    dataset_of: DatasetOf, figure: Any, best: float, worst: float
) -> None:
    found = dataset_of(SALES).ask(drivers, Query(as_of=800), figure)
    first, second, *_ = found.of_first_order.iter_rows(named=True)
    assert first["dimension"] == "plan"
    assert first["i2"] == pytest.approx(1)
    assert (first["best_value"], first["best_figure"]) == ("pro", pytest.approx(best))
    assert (first["worst_value"], first["worst_figure"]) == ("basic", pytest.approx(worst))
    assert (first["segments"], first["customers"], first["p_adjusted"]) == (2, 120, pytest.approx(0, abs=1e-9))
    assert second["i2"] in (0, None)
    by_name = {row["dimension"]: row for row in found.rows.iter_rows(named=True)}
    assert (by_name["coin"]["i2"], by_name["coin"]["missing"]) == (0, None)
    assert (by_name["few"]["i2"], by_name["few"]["missing"]) == (None, "one")
    later = found.with_hindsight["dimension"].to_list()
    assert {"tier", "orders band", "RFM"} <= set(later)
    assert not {"plan", "coin", "first month"} & set(later)
    assert found.rows["dimension"].to_list()[-len(later) :] == later


def test_segments_are_compared_at_the_same_age(dataset_of: DatasetOf) -> None:
    """New customers were seen for two months, in which the old ones did the same; later months do not count."""
    sales = [
        (f"{when}{n}", start + month * 31, 10, {"when": when})
        for when, start, months in (("old", 0, 12), ("new", 330, 2))
        for n in range(40)
        for month in range(months)
    ]
    found = dataset_of(sales).ask(drivers, Query(as_of=395), "ltv")
    row = next(row for row in found.rows.iter_rows(named=True) if row["dimension"] == "when")
    assert (row["within_months"], row["i2"], row["best_figure"]) == (2, 0, pytest.approx(row["worst_figure"]))


def test_dimensions_of_the_trail_are_left_out(dataset_of: DatasetOf) -> None:
    found = dataset_of(SALES).ask(drivers, Query(as_of=800), "ltv", 90, ("plan",))
    assert "plan" not in found.rows["dimension"].to_list()


@settings(deadline=None, max_examples=examples(50), suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(0, 200), st.sampled_from([-1, 0, 5])), min_size=1)
    .filter(lambda rows: any(amount >= 0 for *_, amount in rows)),
    st.integers(200, 260),
    st.integers(1, 120),
)  # fmt: skip
def test_repeat_orders_as_loops(dataset_of: DatasetOf, rows: list[Any], as_of: int, days: int) -> None:
    snapshot = dataset_of(rows).snapshot(Query(as_of=as_of, entry="all"))
    visits = {w: sorted({day for who, day, amount in rows if who == w and amount >= 0}) for w, *_ in rows}
    expected = []
    for own in (visits[who] for who in sorted(visits) if visits[who]):
        until = min(as_of - own[0], days)
        again = len(own) > 1 and own[1] - own[0] <= until
        expected.append((own[1] - own[0] if again else until, again))
    waits = first_waits(snapshot, days)
    assert waits.select("wait", "again").rows() == expected
    alive, spread = 1.0, 0.0
    for day in range(1, days + 1):
        at_risk, came = sum(wait >= day for wait, _ in expected), sum(again and w == day for w, again in expected)
        if came:
            alive *= 1 - came / at_risk
            spread += came / (at_risk * (at_risk - came)) if at_risk > came else 0
    (row,) = repeat_shares(waits.with_columns(pl.lit("all").alias("of")), "of").iter_rows(named=True)
    complete = sum(own[0] + days <= as_of for own in visits.values() if own)
    if complete >= -(-len(expected) // 10):
        assert row["figure"] == pytest.approx(1 - alive, abs=1e-12)
        assert row["se"] == pytest.approx(alive * spread**0.5, abs=1e-12)
    else:
        assert (row["figure"], row["se"]) == (None, None)
