"""Laws that hold for every shop, and every shop against the definitions told over as plain loops."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Any
from unittest.mock import patch

import polars as pl
import pytest
from effort import examples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from ltvtui.analytics.cleaning.clean import CleaningPolicy
from ltvtui.analytics.history import by_month
from ltvtui.analytics.kernel import engine
from ltvtui.analytics.listing import listed
from ltvtui.analytics.rfm.rfm import RfmRule
from ltvtui.analytics.rules import Rules
from ltvtui.analytics.schema import MONEY_SCALE
from ltvtui.analytics.scoring import DIMENSION_SCORES
from ltvtui.analytics.segments import profile, value_bands, value_curves
from ltvtui.analytics.summaries import age_table_of
from ltvtui.analytics.tiers import retiering
from ltvtui.analytics.tiers.pareto import top_share
from ltvtui.analytics.tiers.tiers import TierRule, parse_rule
from ltvtui.query.query import Filter, Query
from ltvtui.session.dataset import Dataset, build_dataset

DatasetOf = Callable[..., Dataset]
RowsOf = Callable[..., pl.DataFrame]
Sale = tuple[Any, ...]

LATE = 100_000
MONTH = Fraction(487, 16)
"""30.4375 days."""

laws = settings(deadline=None, max_examples=examples(25), suppress_health_check=[HealthCheck.too_slow])

customers = st.sampled_from("abcdefghijkl")
days = st.one_of(st.integers(0, 60), st.integers(0, 900))
amounts = st.one_of(st.integers(1, 20), st.integers(1, 20_000), st.integers(-3_000, 0)).map(lambda cents: cents / 100)
channels = st.sampled_from(["web", "shop", "mail", None])
plain_sales = st.lists(
    st.builds(lambda c, d, a, ch: (c, d, a, {"channel": ch}), customers, days, amounts, channels),
    min_size=1,
    max_size=60,
).filter(lambda sales: any(sale[2] >= 0 for sale in sales))

quantiles = st.tuples(st.integers(1, 60), st.integers(0, 40)).map(lambda c: f"quantile:{c[0]}/{c[1]}")
shares = st.sampled_from([(25, 50), (50, 75), (50, 80), (50, 50), (100, 100)]).map(lambda c: f"share:{c[0]}/{c[1]}")
amount_rules = st.tuples(st.integers(1, 200), st.integers(0, 200)).map(lambda c: f"threshold:{c[0] + c[1]}/{c[0]}")
rules = st.one_of(quantiles, shares, amount_rules)

lenses = st.builds(
    Query,
    as_of=st.integers(901, 1500),
    horizon=st.integers(1, 30),
    churn_gap=st.one_of(st.none(), st.integers(1, 400)),
    margin=st.one_of(st.none(), st.sampled_from([0.05, 0.4, 1.0])),
    discount=st.sampled_from([0.0, 0.0, 0.15]),
    tier_rule=rules.map(parse_rule),
    entry=st.sampled_from(["auto", "auto", "all", "proven", 40, 400]),
)
LTV = ("check", "frequency", "retention_months", "retention_supported_months", "within_months", "ltv", "margin")
"""Columns of a segment row that are within the horizon."""
AGES_OF_LTV = ("ltv_1", "ltv_3", "ltv_6", "ltv_12")


def same(value: Any) -> Any:
    """What equals `value` but for the last digits."""
    return value if value is None else pytest.approx(value, rel=1e-9, abs=1e-9)


# --- the definitions as loops ----------------------------------------------------------------------


def told(sales: list[Sale], query: Query) -> dict[str, Any]:
    """Churn gap, sample, survival, τ and the three factors, in exact fractions as far as there are any."""
    as_of, horizon = query.as_of, max(query.horizon, 12)
    assert as_of is not None
    orders: dict[str, list[tuple[int, Fraction]]] = {}
    refunds: dict[str, list[tuple[int, Fraction]]] = {}
    for customer, day, amount, *_ in sales:
        if day <= as_of:
            dataset = orders if amount >= 0 else refunds
            dataset.setdefault(customer, []).append((day, Fraction(round(amount * 100), 100)))
    visits = {customer: sorted({day for day, _ in own}) for customer, own in orders.items()}
    gaps = sorted(later - sooner for own in visits.values() for sooner, later in pairwise(own))
    gap = query.churn_gap if query.churn_gap is not None else 365
    if query.churn_gap is None and gaps:
        place = Fraction(9, 10) * (len(gaps) - 1)
        low = math.floor(place)
        high = min(low + 1, len(gaps) - 1)
        gap = min(max(math.ceil(gaps[low] + (place - low) * (gaps[high] - gaps[low])), 30), 365)

    start = min(own[0] for own in visits.values())
    # Of fewer than 30 late customers it cannot be told whether the history is cut off: all count.
    since = {"auto": start, "all": start, "proven": start + gap}.get(query.entry, query.entry)
    counted = {customer: own for customer, own in visits.items() if own[0] >= since}

    cut = as_of - gap
    lives: list[tuple[int, bool]] = []
    for own in counted.values():
        known = math.floor((cut - own[0]) / MONTH)
        lived = math.floor((own[-1] - own[0]) / MONTH) + 1
        if own[0] <= cut and known >= 1:
            lapsed = own[-1] <= cut and lived <= known
            lives.append((lived if lapsed else known, lapsed))
    survival, supported = [Fraction(1)], 1
    for k in range(1, horizon):
        at_risk = sum(months > k - 1 for months, _ in lives)
        if lives and at_risk >= min(30, math.ceil(Fraction(len(lives), 10))):
            ended = sum(lapsed and months == k for months, lapsed in lives)
            survival.append(survival[-1] * (1 - Fraction(ended, at_risk)))
            supported += 1
        else:
            back = min(3, k - 1)
            begun = survival[-1 - back]
            goes_on = float(survival[-1] / begun) ** (1 / back) if back and begun else 1
            survival.append(Fraction(survival[-1] * Fraction(goes_on)))

    complete = {customer: math.floor((as_of - own[0] + 1) / MONTH) for customer, own in counted.items()}
    whole = sum(seen > 0 for seen in complete.values())
    sums: list[tuple[Fraction, Fraction]] = []
    for k in range(horizon):
        there = [customer for customer, seen in complete.items() if seen > k]
        if not there or len(there) < min(30, math.ceil(Fraction(whole, 10))):
            break
        bought = earned = Fraction(0)
        for customer in there:
            for day, amount in orders[customer] + refunds.get(customer, []):
                if max(math.floor((day - visits[customer][0]) / MONTH), 0) == k:
                    earned += amount
                    bought += (day, amount) in orders[customer]
        sums.append((bought / len(there), earned / len(there)))
    within = sums[: query.horizon]
    worth = [
        float(earned) * (query.margin or 1) / (1 + query.discount) ** ((k + 0.5) / 12)
        for k, (_, earned) in enumerate(sums)
    ]
    return {
        "gap": gap,
        "sample": len(lives),
        "lapsed": sum(lapsed for _, lapsed in lives),
        "survival": survival[: query.horizon],
        "seen": [sum(seen > k for seen in complete.values()) for k in range(query.horizon)],
        "within": len(within),
        "supported": min(supported, len(within)),
        "retention": sum(survival[: len(within)]),
        "bought": sum(bought for bought, _ in within),
        "earned": sum(earned for _, earned in within),
        "ltv": sum(worth[: query.horizon]),
        "ages": [sum(worth[:age]) if len(worth) >= age else None for age in (1, 3, 6, 12)],
        "counted": len(counted),
        "orders": sum(map(len, orders.values())),
        "revenue": sum(a for c in orders for _, a in orders[c] + refunds.get(c, [])),
        "values": {c: sum(a for _, a in orders[c] + refunds.get(c, [])) for c in orders},
    }


@settings(laws, max_examples=examples(60))
@given(plain_sales, lenses)
def test_the_formula_against_plain_loops(dataset_of: DatasetOf, sales: list[Sale], query: Query) -> None:
    want = told(sales, query)
    dataset = dataset_of(sales)
    snapshot = dataset.snapshot(query)
    assert snapshot.churn_gap.days == want["gap"]
    assert snapshot.customers["lapsed"].drop_nulls().len() == want["sample"]
    assert (snapshot.customers["lapsed"].sum() or 0) == want["lapsed"]
    ages = age_table_of(snapshot).filter(pl.col("age_month") < query.horizon)
    assert ages["seen"].to_list() == [seen for seen in want["seen"] if seen]
    assert ages["survival"].to_list() == same([float(s) for s in want["survival"][: ages.height]])
    row = dataset.ask(profile, query).row(0, named=True)
    assert (row["customers"], row["counted"]) == (len(want["values"]), want["counted"])
    assert row["orders"] == want["orders"]
    assert row["revenue"] == same(float(want["revenue"]))
    assert (row["within_months"], row["retention_supported_months"]) == (want["within"], want["supported"])
    assert [row[name] for name in AGES_OF_LTV] == [same(ltv) for ltv in want["ages"]]
    if not want["within"]:
        assert (row["check"], row["frequency"], row["retention_months"], row["ltv"]) == (None, None, None, None)
        return
    assert row["retention_months"] == same(float(want["retention"]))
    assert row["frequency"] == same(float(want["bought"] / want["retention"]))
    assert row["check"] == same(float(want["earned"] / want["bought"]))
    assert row["ltv"] == same(want["ltv"])


def told_tiers(values: list[Fraction], rule: TierRule) -> list[str]:
    """Tiers as metrics.md §5 says, customer by customer; the cuts of the rules below are whole per cents."""
    falling = sorted(values, reverse=True)
    vip, middle = Fraction(rule.vip).limit_denominator(100), Fraction(rule.middle).limit_denominator(100)
    found = []
    for value in values:
        if rule.kind == "quantile":
            # ⌈q·N⌉ of the customers are in, and all who equal the last of them.
            ranks = (math.ceil(vip * len(values)), math.ceil((vip + middle) * len(values)))
            above = [bool(rank) and value >= falling[rank - 1] for rank in ranks]
        elif rule.kind == "share":
            before = sum(other for other in values if other > value)
            above = [before < share * sum(values) for share in (vip, middle)]
        else:
            above = [value >= Fraction(rule.vip), value >= Fraction(rule.middle)]
        found.append("economy" if value <= 0 or not any(above) else "VIP" if above[0] else "middle")
    return found


@settings(laws, max_examples=examples(50))
@given(plain_sales, lenses)
def test_tiers_against_plain_loops(dataset_of: DatasetOf, sales: list[Sale], query: Query) -> None:
    values = told(sales, query)["values"]
    scale = Fraction(str(query.margin or 1))
    want = dict(zip(values, told_tiers([v * scale for v in values.values()], query.tier_rule), strict=True))
    found = dataset_of(sales).snapshot(query).described
    assert dict(found.select("id", "tier").iter_rows()) == want


# --- laws ----------------------------------------------------------------------------------------


@laws
@given(plain_sales, lenses, st.sampled_from(["tier", "channel", "orders band", "first quarter", "first month"]))
def test_factors_multiply_to_ltv(dataset_of: DatasetOf, sales: list[Sale], query: Query, name: str) -> None:
    dataset = dataset_of(sales)
    for by in ((), (name,), (name, "first year")):
        for row in dataset.ask(profile, query, by).iter_rows(named=True):
            if row["margin"] is None:
                # Nothing observed, or no revenue to take a share of.
                assert row["ltv"] is None or row["ltv"] == 0
            else:
                product = row["check"] * row["frequency"] * row["retention_months"] * row["margin"]
                assert product == pytest.approx(row["ltv"], rel=1e-9, abs=1e-9)
                if not query.discount:
                    assert row["margin"] == pytest.approx(query.margin or 1, rel=1e-9)


@laws
@given(plain_sales, lenses)
def test_tiers_partition_customers_and_never_split_ties(
    dataset_of: DatasetOf, sales: list[Sale], query: Query
) -> None:
    found = dataset_of(sales).snapshot(query).customers
    assert found["tier"].null_count() == 0
    assert found.group_by("value").agg(pl.col("tier").n_unique())["tier"].max() == 1
    # Who is worth more stands at least as high.
    by_value = found.sort("value", descending=True)["tier"].to_physical().to_list()
    assert by_value == sorted(by_value)
    assert set(found.filter(pl.col("value") <= 0)["tier"].cast(pl.String)) <= {"economy"}


@settings(laws, max_examples=examples(60))
@given(plain_sales, lenses, rules.map(parse_rule))
def test_another_rule_tells_what_a_fresh_count_tells(
    dataset_of: DatasetOf, sales: list[Sale], query: Query, rule: TierRule
) -> None:
    dataset, fresh, other = dataset_of(sales), dataset_of(sales), replace(query, tier_rule=rule)
    cuts = ((), ("tier",), ("channel",), ("tier", "channel"))
    for cut in cuts:
        dataset.ask(profile, query, cut)
    for cut in cuts:
        with patch.object(retiering, "MOST_MOVED", 1):  # all may move, so few are they
            assert_frame_equal(dataset.ask(profile, other, cut), fresh.ask(profile, other, cut))
        assert_frame_equal(dataset.ask(value_curves, other, cut), fresh.ask(value_curves, other, cut))


def four(low: int, high: int) -> st.SearchStrategy[tuple[Fraction, ...]]:
    """Four cuts, four thresholds in rising order."""
    cuts = st.lists(st.integers(low, high), min_size=4, max_size=4).map(sorted)
    return cuts.map(lambda found: tuple(Fraction(cut, 2) for cut in found))


two = st.lists(st.integers(1, 99), min_size=2, max_size=2).map(sorted).map(lambda found: (found[0], found[1]))
rfm_rules = st.builds(
    RfmRule,
    quantiles=four(1, 199).map(lambda cuts: tuple(cut / 100 for cut in cuts)),
    recency=st.one_of(st.none(), four(0, 900)),
    frequency=st.one_of(st.none(), four(0, 20)),
    monetary=st.one_of(st.none(), four(-50, 900)),
)
placing_rules = st.builds(
    Rules,
    rfm=rfm_rules,
    abc=two.map(lambda cuts: (cuts[0] / 100, cuts[1] / 100)),
    xyz=st.one_of(st.none(), two.map(lambda cuts: (cuts[0] / 40, cuts[1] / 40))),
)


@laws
@given(plain_sales, lenses, placing_rules)
def test_every_method_partitions_customers_in_order(
    dataset_of: DatasetOf, sales: list[Sale], query: Query, rules: Rules
) -> None:
    dataset, query = dataset_of(sales), replace(query, rules=rules)
    whole = dataset.snapshot(query)
    placed = whole.by(*DIMENSION_SCORES)
    for name in DIMENSION_SCORES:
        assert placed[name].null_count() == 0
        parts = [dataset.snapshot(query & Filter(name, value)).customers for value in placed[name].dtype.categories]
        assert sum(part.height for part in parts) == placed.height
        assert set().union(*(part["customer"].to_list() for part in parts)) == set(placed["customer"])
    silent = placed.with_columns(silent=whole.terms.as_of - pl.col("last"))
    for name, by, falls in (
        *(("R score", "silent", False), ("F score", "orders", True), ("M score", "revenue", True)),
        ("ABC", "revenue", True),
    ):
        ordered = silent.sort(by, name, descending=[falls, False])[name].to_physical().to_list()
        assert ordered == sorted(ordered), name  # the better, the further up; equal ones beside each other
    for name, by in (("R score", "last"), ("F score", "orders"), ("M score", "revenue")):
        assert placed.group_by(by).agg(pl.col(name).n_unique())[name].max() == 1, "ties never split"


@laws
@given(plain_sales, lenses)
def test_segments_add_up_to_the_whole(dataset_of: DatasetOf, sales: list[Sale], query: Query) -> None:
    dataset = dataset_of(sales)
    whole = dataset.ask(profile, query).row(0, named=True)
    for name in dataset.dimensions_of(query):
        rows = dataset.ask(profile, query, (name,))
        assert rows[name].is_unique().all()
        assert rows["customers"].sum() == whole["customers"]
        assert rows["orders"].sum() == whole["orders"]
        assert rows["revenue"].sum() == pytest.approx(whole["revenue"], abs=1e-6)
        assert rows["customer_share"].sum() == pytest.approx(1)
        if whole["revenue"] > 0:
            assert rows["revenue_share"].sum() == pytest.approx(1)
        else:
            assert rows["revenue_share"].null_count() == rows.height


@laws
@given(plain_sales, lenses)
def test_a_segment_is_worth_the_same_alone(dataset_of: DatasetOf, sales: list[Sale], query: Query) -> None:
    """A row of the table and the shop narrowed to it agree."""
    dataset = dataset_of(sales)
    for name in ("tier", "channel", "orders band", "RFM", "ABC", "XYZ", "stage"):
        for row in dataset.ask(profile, query, (name,)).iter_rows(named=True):
            alone = dataset.ask(profile, query & Filter(name, row[name])).row(0, named=True)
            for figure in ("customers", "orders", "revenue", "counted", *LTV, *AGES_OF_LTV):
                assert alone[figure] == same(row[figure]), (name, row[name], figure)


@laws
@given(plain_sales, lenses)
def test_survival_never_rises_and_retention_fits_its_months(
    dataset_of: DatasetOf, sales: list[Sale], query: Query
) -> None:
    dataset = dataset_of(sales)
    snapshot = dataset.snapshot(query)
    ages = age_table_of(snapshot, "channel")
    for _, segment in ages.group_by("channel", maintain_order=True):
        survival = segment["survival"].to_list()
        assert survival == sorted(survival, reverse=True)
        assert survival[:1] == [1]
        assert all(0 <= s <= 1 for s in survival)
        at_risk = segment["at_risk"].to_list()
        assert at_risk == sorted(at_risk, reverse=True)
        for falling in ("seen", "supported", "counted"):
            assert segment[falling].to_list() == sorted(segment[falling], reverse=True)
        assert segment["supported"][0]
        assert segment["counted"][0]
    for row in dataset.ask(profile, query, ("channel",)).iter_rows(named=True):
        assert row["within_months"] <= query.horizon
        if row["retention_months"] is not None:
            assert 1 <= row["retention_months"] <= row["within_months"] + 1e-9
            assert 1 <= row["retention_supported_months"] <= row["within_months"]


@settings(laws, max_examples=examples(50))
@given(plain_sales, lenses, st.integers(1, 700), st.sampled_from(["channel", "orders band", "first quarter"]))
def test_ltv_does_not_move_with_the_churn_gap(
    dataset_of: DatasetOf, sales: list[Sale], query: Query, gap: int, name: str
) -> None:
    """Nor do the check, τ and what a customer orders; only how that parts into frequency and retention."""
    dataset, all_of_them = dataset_of(sales), replace(query, entry="all")
    for by in ((), (name,)):
        one, other = (
            dataset.ask(profile, replace(all_of_them, churn_gap=days), by) for days in (query.churn_gap, gap)
        )
        stays = ("check", "within_months", "ltv", "margin", "counted", *AGES_OF_LTV)
        assert_frame_equal(one.select(*by, *stays), other.select(*by, *stays), check_exact=True)
        orders = [rows["frequency"] * rows["retention_months"] for rows in (one, other)]
        assert_frame_equal(*(per_customer.to_frame() for per_customer in orders), rel_tol=1e-9)


@settings(laws, max_examples=examples(50))
@given(plain_sales, st.integers(1, 40), st.sampled_from([None, 1, 30, 300]))
def test_where_all_were_seen_ltv_is_the_mean_of_what_they_brought(
    dataset_of: DatasetOf, sales: list[Sale], horizon: int, gap: int | None
) -> None:
    """Days go up to 900, and on day 2 117 forty months of 30.4375 days are over for all who came by then."""
    query = Query(as_of=900 + 1217, churn_gap=gap, horizon=horizon)
    first = {customer: min(d for c, d, a, *_ in sales if c == customer and a >= 0) for customer in bought(sales)}
    brought = {customer: Fraction(0) for customer in first}
    for customer, day, amount, *_ in sales:
        if customer in first and day - first[customer] < horizon * MONTH:
            brought[customer] += Fraction(round(amount * 100), 100)
    dataset = dataset_of(sales)
    row = dataset.ask(profile, query).row(0, named=True)
    assert row["within_months"] == horizon
    assert row["ltv"] == same(float(sum(brought.values()) / len(brought)))
    # So it is the mean of its segments too, whatever they are.
    for name in ("channel", "tier", "first month"):
        rows = dataset.ask(profile, query, (name,))
        assert (rows["ltv"] * rows["customers"]).sum() / len(brought) == same(row["ltv"])
    if horizon == 40:
        assert row["ltv"] == same(row["revenue"] / row["customers"])
        assert row["check"] == same(row["average_check"])


def bought(sales: list[Sale]) -> set[str]:
    """Customers with an order, and not only a refund."""
    return {customer for customer, _, amount, *_ in sales if amount >= 0}


young = st.lists(
    st.tuples(st.integers(0, 29), st.integers(0, 9_000), st.lists(st.integers(0, 29), max_size=2)), max_size=15
)
"""Customers by the days before the as-of day on which they came, what they paid and when they got some of it back."""


@settings(laws, max_examples=examples(50))
@given(plain_sales, lenses, young)
def test_those_too_young_to_be_seen_for_a_month_change_nothing(
    dataset_of: DatasetOf, sales: list[Sale], query: Query, newcomers: list[tuple[int, int, list[int]]]
) -> None:
    """Many of them, so that a tenth of all would be more than a tenth of those who were seen."""
    assert query.as_of is not None
    query = replace(query, entry="all")
    more: list[Sale] = []
    for number, (ago, paid, given_back) in enumerate(newcomers):
        for copy in "xyz":
            who = f"{copy}{number}"
            more.append((who, query.as_of - ago, paid / 100, {"channel": "web"}))
            more += [(who, query.as_of - back, -1.5, {"channel": "web"}) for back in given_back if back <= ago]
    before, after = (dataset_of(known).ask(profile, query).row(0, named=True) for known in (sales, [*sales, *more]))
    assert after["customers"] == before["customers"] + 3 * len(newcomers)
    for figure in (*LTV, *AGES_OF_LTV):
        assert after[figure] == before[figure], figure


@laws
@given(plain_sales, lenses)
def test_who_does_not_count_towards_ltv_counts_in_everything_else(
    dataset_of: DatasetOf, sales: list[Sale], query: Query
) -> None:
    dataset = dataset_of(sales)
    all_time = ("customers", "customer_share", "orders", "revenue", "revenue_share", "average_check")
    for by in ((), ("tier",), ("channel",)):
        rows = [dataset.ask(profile, replace(query, entry=entry), by) for entry in ("all", "proven", 500)]
        one, *others = (found.select(*by, *all_time, "orders_per_customer") for found in rows)
        for other in others:
            assert_frame_equal(one, other, check_exact=True)
        assert rows[0]["counted"].to_list() == rows[0]["customers"].to_list()
    first = {customer: min(d for c, d, a, *_ in sales if c == customer and a >= 0) for customer in bought(sales)}
    counted = dataset.ask(profile, replace(query, entry=500))["counted"][0]
    assert counted == sum(day >= 500 for day in first.values())


@laws
@given(plain_sales, lenses, st.integers(1, 100), st.integers(1, 100))
def test_more_customers_make_a_larger_share(
    dataset_of: DatasetOf, sales: list[Sale], query: Query, one: int, other: int
) -> None:
    revenue = dataset_of([s for s in sales if s[2] >= 0]).snapshot(query).ranked
    few, many = (top_share(revenue, p / 100) for p in sorted((one, other)))
    if few is not None and many is not None:
        assert min(one, other) / 100 - 1e-9 <= few <= many <= 1


# --- the order of reading decides nothing but which of equal lines describes their order -------------

order_ids = st.sampled_from(["1", "2", "3", "4", "5", None])
statuses = st.sampled_from(["paid", "paid", "paid", "failed", None])
messy_sales = st.lists(
    st.builds(
        lambda c, d, s, a, o, r, st_, ch, p: (
            c,
            d,
            a,
            {"second": s, "order_id": o, "refund_of": r, "status": st_, "channel": ch, "copy": p},
        ),
        st.sampled_from(["a", "b", "c", "d", None]),
        st.one_of(st.integers(0, 200), st.none()),
        st.integers(0, 2),
        st.one_of(amounts, st.none()),
        order_ids,
        order_ids,
        statuses,
        channels,
        st.just(0),
    ),
    min_size=2,
    max_size=40,
).filter(
    lambda sales: any(s[0] and s[1] is not None and (s[2] or 0) > 30 and s[3]["status"] != "failed" for s in sales)
)


def frames(dataset: Dataset, query: Query) -> dict[str, pl.DataFrame]:
    """Every frame that the shop under the query consists of, and the answers to every question."""
    snapshot = dataset.snapshot(query)
    answers = {f"profile {name}": dataset.ask(profile, query, (name,)) for name in dataset.dimensions_of(query)}
    return {
        "orders": dataset.cleaned.in_order(),
        "ids": dataset.cleaned.customer_ids.to_frame("id"),
        "activity": dataset.activity_index.activity,
        "people": dataset.people.frame,
        "customers": snapshot.customers,
        "ages": snapshot.ages,
        "listing": dataset.ask(listed, query).rows,
        "months": dataset.ask(by_month, query),
        "curves": dataset.ask(value_curves, query, ("channel",)),
        "bands": dataset.ask(value_bands, query, ("channel",)),
        "whole": dataset.ask(profile, query, (), True),
        **answers,
    }


def lines_as_before(shuffled: list[Sale], sales: list[Sale]) -> list[Sale]:
    """`shuffled`, but the rows of one order stand among themselves as in `sales`."""

    def order(sale: Sale) -> tuple[Any, Any]:
        return sale[0], sale[3]["order_id"]

    lines = {key: iter([sale for sale in sales if order(sale) == key]) for key in map(order, sales)}
    return [sale if order(sale)[1] is None else next(lines[order(sale)]) for sale in shuffled]


@settings(laws, max_examples=examples(25))
@given(messy_sales, st.randoms(use_true_random=False), st.integers(1, 10), st.sampled_from(["auto", "keep", "drop"]))
def test_rows_in_any_order_and_any_chunks_give_the_same_frames(
    rows_of: RowsOf, sales: list[Sale], chance: Any, size: int, repeats: Any
) -> None:
    # Rows that are alike in all they say are copies of each other.
    prints = {repr(sale): number for number, sale in enumerate(sales)}
    alike = [(c, d, a, {**said, "copy": prints[repr((c, d, a, said))]}) for c, d, a, said in sales]
    shuffled = list(alike)
    chance.shuffle(shuffled)
    shuffled = lines_as_before(shuffled, alike)
    policy = CleaningPolicy(repeats=repeats)
    rows = rows_of(shuffled)
    chunks = pl.concat([rows[i : i + size] for i in range(0, rows.height, size)], rechunk=False)
    one = build_dataset(rows_of(alike), None, None, policy, LATE)
    other = build_dataset(chunks, None, None, policy, LATE)
    assert one.cleaned.counts == other.cleaned.counts
    assert one.cleaned.line_level == other.cleaned.line_level
    query = Query(as_of=max(one.as_of(Query()), 90), churn_gap=30)
    assert one.snapshot(query).thresholds == other.snapshot(query).thresholds
    assert one.snapshot(query).churn_gap == other.snapshot(query).churn_gap
    with patch.object(engine, "MANY_ROWS", 0):  # as of a large shop
        others = frames(other, query)
    for name, frame in frames(one, query).items():  # the last digits of a sum of floats depend on its order
        assert_frame_equal(frame, others[name], categorical_as_str=True, rel_tol=1e-9, abs_tol=1e-6)


def test_orders_alike_but_for_their_margin(rows_of: RowsOf) -> None:
    sales = [("a", 5, 10, {"margin": margin}) for margin in (1, 2, 3)]
    found = [
        build_dataset(rows_of(listed), None, None, CleaningPolicy(), LATE).cleaned.in_order()["margin"].to_list()
        for listed in (sales, sales[::-1])
    ]
    assert found[0] == found[1]


@laws
@given(plain_sales, st.floats(0.01, 1000))
def test_money_in_another_unit_changes_no_tier_and_no_time(
    dataset_of: DatasetOf, sales: list[Sale], factor: float
) -> None:
    """All amounts times a whole number: retention and frequency stay, check and LTV grow with it."""
    times = max(1, round(factor))
    query = Query(as_of=1000, churn_gap=90)
    small = dataset_of(sales)
    large = dataset_of([(c, d, round(a * 100) * times / 100, said) for c, d, a, said in sales])
    assert small.snapshot(query).customers["tier"].to_list() == large.snapshot(query).customers["tier"].to_list()
    one, other = (dataset.ask(profile, query).row(0, named=True) for dataset in (small, large))
    if one["ltv"] is not None:
        assert other["retention_months"] == one["retention_months"]
        assert other["frequency"] == one["frequency"]
        assert other["ltv"] == pytest.approx(one["ltv"] * times, abs=1e-6)


@laws
@given(plain_sales, lenses)
def test_money_is_kept_in_whole_ten_thousandths(dataset_of: DatasetOf, sales: list[Sale], query: Query) -> None:
    """Every cent of a customer with an order is in one figure or another."""
    dataset = dataset_of(sales)
    cents = sum(round(a * 100) for _, _, a, *_ in sales)
    ownerless = {c.rule: c.amount for c in dataset.quality(query).counts}["only_refunds"]
    assert dataset.snapshot(query).customers["revenue"].sum() + ownerless == cents * MONEY_SCALE // 100
