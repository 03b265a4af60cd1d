"""Laws of a comparison: parts add up, equal groups differ by nothing, and who stands first changes only the sign."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import polars as pl
import pytest
from effort import examples
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ltvtui.analytics.comparison.comparison import compare
from ltvtui.analytics.comparison.parts import logarithmic_mean, parts_of
from ltvtui.analytics.comparison.probability import adjusted
from ltvtui.analytics.comparison.rank_test import mann_whitney
from ltvtui.analytics.comparison.sides import SIDE_TYPE, Sides
from ltvtui.analytics.segments import INTERVAL, MEASURES, profile
from ltvtui.analytics.snapshot import Snapshot
from ltvtui.query.query import Filter, Query
from ltvtui.session.dataset import Dataset

DatasetOf = Callable[..., Dataset]
SidesById = Callable[[Snapshot, str, str], Sides]

laws = settings(deadline=None, max_examples=examples(25), suppress_health_check=list(HealthCheck))

factors = st.fixed_dictionaries({name: st.floats(1e-6, 1e6) for name in ("check", "frequency", "retention")})
near = st.floats(-1e-9, 1e-9).map(lambda step: 1 + step)

sales = st.lists(
    st.builds(
        lambda c, d, a: (c, d, a / 100, {"channel": "web" if c in "abcdef" else "shop"}),
        st.sampled_from("abcdefghijkl"),
        st.one_of(st.integers(0, 60), st.integers(0, 600)),
        st.one_of(st.integers(1, 20_000), st.integers(-3_000, 0)),
    ),
    min_size=2,
    max_size=60,
).filter(lambda rows: {"web", "shop"} <= {row[3]["channel"] for row in rows if row[2] >= 0})
terms = st.builds(
    Query,
    as_of=st.integers(601, 900),
    horizon=st.integers(1, 20),
    churn_gap=st.one_of(st.none(), st.integers(10, 200)),
    margin=st.sampled_from([None, 0.4]),
    discount=st.sampled_from([0.0, 0.15]),
    entry=st.just("all"),
)


def product(of: dict[str, float]) -> float:
    return math.prod(of.values())


# --- parts ------------------------------------------------------------------------------------------


@given(factors, factors, st.one_of(st.none(), near))
def test_parts_add_up_to_the_last_digit(a: dict[str, float], b: dict[str, float], step: float | None) -> None:
    if step is not None:  # two products that hardly differ
        b = {name: value * step for name, value in a.items()}
    found = parts_of(a, b)
    assert found.parts is not None
    size = max(product(a), product(b), *map(abs, found.parts.values()))
    assert abs(math.fsum(found.parts.values()) - (product(a) - product(b))) <= 1e-13 * size


@given(factors, factors)
def test_swapped_parts_are_negated(a: dict[str, float], b: dict[str, float]) -> None:
    there, back = parts_of(a, b).parts, parts_of(b, a).parts
    assert there is not None
    assert back == {name: -part for name, part in there.items()}


@given(factors)
def test_equal_factors_have_no_part(a: dict[str, float]) -> None:
    assert parts_of(a, dict(a)).parts == dict.fromkeys(a, 0.0)


@pytest.mark.parametrize("value", [0.0, -1.0, None, math.nan, math.inf])
def test_factors_without_a_logarithm_have_no_part(value: float | None) -> None:
    found = parts_of({"check": value, "frequency": 2.0}, {"check": 3.0, "frequency": 2.0})
    assert (found.parts, found.missing) == (None, ("check",))


def test_the_logarithmic_mean_of_one_and_two() -> None:
    """(2 - 1) ÷ ln 2 = 1.442695."""
    assert logarithmic_mean(1.0, 2.0) == pytest.approx(1 / math.log(2), rel=1e-15)
    assert logarithmic_mean(3.0, 3.0) == 3.0


# --- p values ---------------------------------------------------------------------------------------


def test_benjamini_hochberg() -> None:
    """Of the countries of UCI's best customers (forecast.md)."""
    found = adjusted([7.461e-5, None, 0.019954, 5.008e-8])
    assert found == [pytest.approx(1.119e-4, rel=1e-3), None, 0.019954, pytest.approx(1.502e-7, rel=1e-3)]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_adjusted_p_are_no_smaller_and_keep_their_order(p: list[float]) -> None:
    found = adjusted(p)
    assert all(before <= after <= 1 for before, after in zip(p, found, strict=True) if after is not None)
    ranked = [after for _, after in sorted(zip(p, found, strict=True))]
    assert ranked == sorted(ranked)


@given(st.lists(st.integers(0, 9), min_size=1, max_size=30), st.lists(st.integers(0, 9), min_size=1, max_size=30))
def test_mann_whitney_counts_pairs(a: list[int], b: list[int]) -> None:
    """U pair by pair, the rest by scipy."""
    from scipy.stats import mannwhitneyu

    side = pl.Series("side", ["a"] * len(a) + ["b"] * len(b), dtype=SIDE_TYPE)
    found = mann_whitney(pl.DataFrame({"revenue": a + b}).with_columns(side), "revenue")
    if len({*a, *b}) == 1:
        assert found is None
        return
    assert found is not None
    assert found.u == sum((x > y) + (x == y) / 2 for x in a for y in b)
    assert found.p == pytest.approx(mannwhitneyu(a, b, use_continuity=False, method="asymptotic").pvalue, abs=1e-12)


# --- whole comparisons ------------------------------------------------------------------------------


@laws
@given(sales, terms)
def test_figures_are_those_of_the_segments_at_the_common_age(
    dataset_of: DatasetOf, sides_by_id: SidesById, rows: list[Any], query: Query
) -> None:
    """A segment row of each side, with the common τ as the horizon."""
    dataset = dataset_of(rows)
    snapshot = dataset.snapshot(query)
    sides = sides_by_id(snapshot, "abcdef", "ghijkl")
    assume(not sides.empty)
    found = compare(snapshot, sides)
    own = [dataset.ask(profile, query & Filter("channel", name)) for name in ("web", "shop")]
    assert found.tau == min(row["within_months"][0] for row in own)
    assume(found.tau > 0)
    at_common_age = replace(query, horizon=found.tau)
    ages, shares = {"ltv_1", "ltv_3", "ltv_6", "ltv_12"}, {"customer_share", "revenue_share"}
    for channel, row in zip(("web", "shop"), found.rows.iter_rows(named=True), strict=True):
        segment = dataset.ask(profile, at_common_age & Filter("channel", channel), (), True).row(0, named=True)
        for name in {*MEASURES, *INTERVAL} - ages - shares:
            value = segment[name]
            assert row[name] == (pytest.approx(value, rel=1e-9, abs=1e-9) if isinstance(value, float) else value)


@laws
@given(sales, terms)
def test_to_swap_the_sides_is_to_negate(
    dataset_of: DatasetOf, sides_by_id: SidesById, rows: list[Any], query: Query
) -> None:
    snapshot = dataset_of(rows).snapshot(query)
    sides = sides_by_id(snapshot, "abcdef", "ghijkl")
    assume(not sides.empty)
    there, back = compare(snapshot, sides), compare(snapshot, sides_by_id(snapshot, "ghijkl", "abcdef"))
    for one, other in zip(there.differences, back.differences, strict=True):
        assert (one.value, one.se, one.p) == (other.value and -other.value, other.se, other.p)
        assert one.lower == (other.upper and -other.upper)
    negated = None if back.parts.parts is None else {name: -part for name, part in back.parts.parts.items()}
    assert there.parts.parts == negated
    if there.mann_whitney is None or back.mann_whitney is None:
        assert there.mann_whitney is back.mann_whitney
    else:
        assert (there.mann_whitney.z, there.mann_whitney.p) == (-back.mann_whitney.z, back.mann_whitney.p)
    if there.log_rank is not None and back.log_rank is not None:
        assert there.log_rank.chi2 == pytest.approx(back.log_rank.chi2, abs=1e-9)


@laws
@given(sales, terms)
def test_equal_groups_differ_by_nothing(
    dataset_of: DatasetOf, sides_by_id: SidesById, rows: list[Any], query: Query
) -> None:
    """Each customer once more under an id of the other side."""
    twins = [(customer.upper(), *rest) for customer, *rest in rows]
    snapshot = dataset_of([*rows, *twins]).snapshot(query)
    found = compare(snapshot, sides_by_id(snapshot, "abcdefghijkl", "ABCDEFGHIJKL"))
    assert {difference.value for difference in found.differences} <= {0.0, None}
    assert found.parts.parts is None or set(found.parts.parts.values()) == {0.0}
    assert found.mann_whitney is None or (found.mann_whitney.z, found.mann_whitney.p) == (0.0, 1.0)
    assert found.log_rank is None or found.log_rank.chi2 == pytest.approx(0, abs=1e-9)
    assert found.few  # twelve customers are no sample
    assert not any(found.differs(test) for test in found.adjusted)


def test_who_is_in_both_is_on_neither_side(dataset_of: DatasetOf, sides_by_id: SidesById) -> None:
    snapshot = dataset_of([(who, 0, 10) for who in "abcde"]).snapshot(Query(as_of=200))
    sides = sides_by_id(snapshot, "abc", "cd")
    assert sides.side.to_list() == ["a", "a", None, "b", None]
    assert (sides.customers_a, sides.customers_b, sides.overlap, sides.empty) == (3, 2, 1, None)
    assert sides_by_id(snapshot, "ab", "abc").empty == "a"
    assert compare(snapshot, sides).rows["customers"].to_list() == [2, 1]


def test_nobody_was_seen_for_a_month(dataset_of: DatasetOf, sides_by_id: SidesById) -> None:
    snapshot = dataset_of([("a", 0, 10), ("b", 195, 20)]).snapshot(Query(as_of=200))
    found = compare(snapshot, sides_by_id(snapshot, "a", "b"))
    assert (found.tau, found.of("ltv").value, found.parts.parts) == (0, None, None)
    assert found.parts.missing == ("check", "frequency", "retention_months", "margin")
