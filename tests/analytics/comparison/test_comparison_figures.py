"""Comparisons of real shops against figures that were computed apart from the project (metrics.md §12)."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest

from ltvtui.analytics.comparison.comparison import Comparison, compare
from ltvtui.analytics.comparison.profile_index import index_of, sizes_of, value_counts
from ltvtui.analytics.comparison.sides import sides_of
from ltvtui.analytics.portrait.order_times import order_times
from ltvtui.query.query import Filter, Query
from ltvtui.session.dataset import Dataset

RealDataset = Callable[[str], Dataset]


@pytest.fixture(scope="module")
def cdnow(real_dataset: RealDataset) -> Callable[[str, str], Comparison]:
    """The comparison of two months of first orders."""
    snapshot = real_dataset("cdnow_sample").snapshot(Query())
    month = snapshot.by("first month")["first month"].cast(pl.String)

    def found(a: str, b: str) -> Comparison:
        return compare(snapshot, sides_of(month == a, month == b))

    return found


def test_ltv_of_january_and_march_and_why_they_differ(cdnow: Callable[[str, str], Comparison]) -> None:
    found = cdnow("1997-01", "1997-03")
    assert (found.tau, found.rows["customers"].to_list(), found.few) == (12, [781, 719], False)
    january, march = found.rows.iter_rows(named=True)
    assert [january["ltv"], march["ltv"]] == pytest.approx([87.617593, 94.304145], abs=1e-6)
    assert [january["ltv_se"], march["ltv_se"]] == pytest.approx([5.0084, 10.3009], abs=1e-4)
    factors = ("check", "frequency", "retention_months")
    assert [january[name] for name in factors] == pytest.approx([34.700477, 0.562787, 4.486541], abs=1e-6)
    assert [march[name] for name in factors] == pytest.approx([35.743110, 0.562488, 4.690565], abs=1e-6)
    ltv = found.of("ltv")
    assert (ltv.value, ltv.se) == (pytest.approx(-6.686552, abs=1e-6), pytest.approx(11.4540, abs=1e-4))
    # t(.975, 99) = 1.984217
    assert ltv.upper == pytest.approx(-6.686552 + 1.984217 * 11.4540, abs=1e-3)
    assert found.parts.parts == pytest.approx(
        {"check": -2.691602, "frequency": 0.048335, "retention_months": -4.043285, "margin": 0.0}, abs=1e-6
    )
    assert sum(found.parts.parts.values()) == pytest.approx(ltv.value, abs=1e-12)
    assert not any(found.differs(test) for test in found.adjusted)


def test_mann_whitney_of_january_and_march(cdnow: Callable[[str, str], Comparison]) -> None:
    """Published are U = 288 649.0, z .9402 and p .3471, of sums of floats: there two pairs of customers who brought
    the same to the cent differ in the last digit (0.1 + 0.2 is not 0.3), half a step each. Of cents, which money is
    here, scipy.stats.mannwhitneyu(use_continuity=False, method="asymptotic") gives 288 650.0 and .34704971."""
    found = cdnow("1997-01", "1997-03").mann_whitney
    assert found is not None
    assert found.u == 288_650.0
    assert found.u == pytest.approx(288_649.0, abs=1)
    assert found.z == pytest.approx(0.9402, abs=2e-4)
    assert found.p == pytest.approx(0.3470497097427374, abs=1e-12)
    assert found.chance == pytest.approx(0.5140, abs=5e-5)


def test_log_rank_on_the_retention_samples(cdnow: Callable[[str, str], Comparison]) -> None:
    march, february = (cdnow("1997-01", month).log_rank for month in ("1997-03", "1997-02"))
    assert march is not None
    assert february is not None
    assert (march.observed, march.expected, march.variance) == (
        604,
        pytest.approx(599.3686, abs=1e-4),
        pytest.approx(154.4195, abs=1e-4),
    )
    assert (march.chi2, march.p) == (pytest.approx(0.138907, abs=1e-6), pytest.approx(0.70937, abs=1e-5))
    assert (february.chi2, february.p) == (pytest.approx(0.443322, abs=1e-6), pytest.approx(0.50552, abs=1e-5))


def test_index_of_the_best_customers_by_country(real_dataset: RealDataset) -> None:
    snapshot = real_dataset("uci").snapshot(Query())
    is_best = snapshot.customers["tier"] == "VIP"
    sides = sides_of(is_best, ~is_best)
    assert sizes_of(sides) == (868, 4339 - 868)
    rows = index_of(value_counts(snapshot, sides, ["country"]), sizes_of(sides), "both")
    assert rows.filter("notable")["value"].to_list() == ["United Kingdom", "Germany", "France"]
    found = {row["value"]: row for row in rows.iter_rows(named=True)}
    for country, own, of, index, z in (
        ("Germany", 34, 94, 180.81, 3.961),
        ("France", 26, 87, 149.39, 2.327),
        ("United Kingdom", 742, 3921, 94.60, -5.451),
    ):
        row = found[country]
        assert (row["customers_a"], row["customers_a"] + row["customers_b"]) == (own, of)
        assert (row["index"], row["z"]) == (pytest.approx(index, abs=5e-3), pytest.approx(z, abs=5e-4))
    assert found["Germany"]["p"] == pytest.approx(7.46e-5, abs=5e-8)


def test_weekdays_of_the_best_customers(real_dataset: RealDataset) -> None:
    dataset = real_dataset("uci")
    times = order_times(dataset.snapshot(Query() & Filter("tier", "VIP")), dataset.snapshot(Query()))
    index = times.weekdays["index"].to_list()
    assert index[5] is None  # nobody orders on Saturdays
    assert index[:5] + index[6:] == pytest.approx([101.4, 104.2, 102.4, 99.2, 103.5, 85.1], abs=0.05)
    assert times.hours is not None
    assert times.hours["orders"].sum() == times.months["orders"].sum() == times.weekdays["orders"].sum()
