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
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from ltvtui.analytics import snapshot as snapshots
from ltvtui.analytics.clean import CleaningPolicy
from ltvtui.analytics.history import by_month
from ltvtui.analytics.listing import listed
from ltvtui.analytics.pareto import top_share
from ltvtui.analytics.placing import PLACING
from ltvtui.analytics.rfm import RfmRule
from ltvtui.analytics.rules import Rules
from ltvtui.analytics.schema import MONEY_SCALE
from ltvtui.analytics.segments import profile, value_curves
from ltvtui.analytics.tiers import TierRule, parse_rule
from ltvtui.book import Book, open_book
from ltvtui.lens import Filter, Lens

BookOf = Callable[..., Book]
RowsOf = Callable[..., pl.DataFrame]
Sale = tuple[Any, ...]

LATE = 100_000
MONTH = Fraction(487, 16)
"""30.4375 days."""

laws = settings(deadline=None, derandomize=True, max_examples=25, suppress_health_check=[HealthCheck.too_slow])

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
    Lens,
    as_of=st.integers(901, 1500),
    horizon=st.integers(1, 30),
    churn_gap=st.one_of(st.none(), st.integers(1, 400)),
    margin=st.one_of(st.none(), st.sampled_from([0.05, 0.4, 1.0])),
    discount=st.sampled_from([0.0, 0.0, 0.15]),
    tier_rule=rules.map(parse_rule),
)


# --- the definitions as loops ----------------------------------------------------------------------


def told(sales: list[Sale], as_of: int, chosen_gap: int | None, horizon: int) -> dict[str, Any]:
    """Churn gap, sample, τ, survival and the sums of the three factors, in exact fractions."""
    orders: dict[str, list[tuple[int, Fraction]]] = {}
    refunds: dict[str, list[tuple[int, Fraction]]] = {}
    for customer, day, amount, *_ in sales:
        if day <= as_of:
            book = orders if amount >= 0 else refunds
            book.setdefault(customer, []).append((day, Fraction(round(amount * 100), 100)))
    visits = {customer: sorted({day for day, _ in own}) for customer, own in orders.items()}
    gaps = sorted(later - sooner for own in visits.values() for sooner, later in pairwise(own))
    gap = chosen_gap if chosen_gap is not None else 365
    if chosen_gap is None and gaps:
        place = Fraction(9, 10) * (len(gaps) - 1)
        low = math.floor(place)
        high = min(low + 1, len(gaps) - 1)
        gap = min(max(math.ceil(gaps[low] + (place - low) * (gaps[high] - gaps[low])), 30), 365)

    cut = as_of - gap
    lives: dict[str, tuple[int, bool]] = {}
    for customer, own in visits.items():
        if own[0] > cut:
            continue
        lapsed = own[-1] <= cut
        months = math.floor((own[-1] - own[0]) / MONTH) + 1 if lapsed else math.floor((cut - own[0]) / MONTH)
        if months:
            lives[customer] = (months, lapsed)

    enough = min(30, math.ceil(Fraction(len(lives), 10)))
    survival, alive, within = [], Fraction(1), 0
    retention = bought = earned = Fraction(0)
    for k in range(horizon):
        at_risk = [customer for customer, (months, _) in lives.items() if months > k]
        if not at_risk:
            break
        survival.append(alive)
        if len(at_risk) >= enough:
            within += 1
            retention += alive
            for customer in at_risk:
                months, lapsed = lives[customer]
                first = visits[customer][0]
                for day, amount in orders[customer]:
                    if math.floor((day - first) / MONTH) == k:
                        bought += alive / len(at_risk)
                        earned += alive * amount / len(at_risk)
                for day, amount in refunds.get(customer, []):
                    month = max(math.floor((day - first) / MONTH), 0)
                    if (min(month, months - 1) if lapsed else month) == k:
                        earned += alive * amount / len(at_risk)
        ended = sum(1 for months, lapsed in lives.values() if lapsed and months == k + 1)
        alive *= 1 - Fraction(ended, len(at_risk))
    return {
        "gap": gap,
        "sample": len(lives),
        "lapsed": sum(lapsed for _, lapsed in lives.values()),
        "survival": survival,
        "within": within,
        "retention": retention,
        "bought": bought,
        "earned": earned,
        "orders": sum(map(len, orders.values())),
        "revenue": sum(a for c in orders for _, a in orders[c] + refunds.get(c, [])),
        "values": {c: sum(a for _, a in orders[c] + refunds.get(c, [])) for c in orders},
    }


@settings(laws, max_examples=50)
@given(plain_sales, lenses)
def test_the_formula_against_plain_loops(book_of: BookOf, sales: list[Sale], lens: Lens) -> None:
    assert lens.as_of is not None
    want = told(sales, lens.as_of, lens.churn_gap, lens.horizon)
    book = book_of(sales)
    snapshot = book.snapshot(lens)
    assert snapshot.churn_gap.days == want["gap"]
    assert snapshot.customers["lapsed"].drop_nulls().len() == want["sample"]
    assert (snapshot.customers["lapsed"].sum() or 0) == want["lapsed"]
    ages = snapshot.age_table()
    assert ages["survival"].drop_nulls().to_list() == pytest.approx([float(s) for s in want["survival"]])
    row = book.ask(profile, lens).row(0, named=True)
    assert row["orders"] == want["orders"]
    assert row["revenue"] == pytest.approx(float(want["revenue"]), abs=1e-9)
    if not want["sample"]:
        assert (row["check"], row["frequency"], row["retention_months"], row["ltv"]) == (None, None, None, None)
        return
    assert row["within_months"] == want["within"]
    assert row["retention_months"] == pytest.approx(float(want["retention"]))
    assert row["frequency"] == pytest.approx(float(want["bought"] / want["retention"]))
    assert row["check"] == pytest.approx(float(want["earned"] / want["bought"]), abs=1e-9)
    if not lens.discount:
        assert row["ltv"] == pytest.approx(float(want["earned"]) * (lens.margin or 1), abs=1e-9)


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


@settings(laws, max_examples=50)
@given(plain_sales, lenses)
def test_tiers_against_plain_loops(book_of: BookOf, sales: list[Sale], lens: Lens) -> None:
    assert lens.as_of is not None
    values = told(sales, lens.as_of, None, 1)["values"]
    scale = Fraction(str(lens.margin or 1))
    want = dict(zip(values, told_tiers([v * scale for v in values.values()], lens.tier_rule), strict=True))
    found = book_of(sales).snapshot(lens).described
    assert dict(found.select("id", "tier").iter_rows()) == want


# --- laws ----------------------------------------------------------------------------------------


@laws
@given(plain_sales, lenses, st.sampled_from(["tier", "channel", "orders band", "first quarter", "first month"]))
def test_factors_multiply_to_ltv(book_of: BookOf, sales: list[Sale], lens: Lens, name: str) -> None:
    book = book_of(sales)
    for by in ((), (name,), (name, "first year")):
        for row in book.ask(profile, lens, by).iter_rows(named=True):
            if row["margin"] is None:
                # Nothing observed, or no revenue to take a share of.
                assert row["ltv"] is None or row["ltv"] == 0
            else:
                product = row["check"] * row["frequency"] * row["retention_months"] * row["margin"]
                assert product == pytest.approx(row["ltv"], rel=1e-9, abs=1e-9)
                if not lens.discount:
                    assert row["margin"] == pytest.approx(lens.margin or 1, rel=1e-9)


@laws
@given(plain_sales, lenses)
def test_tiers_partition_customers_and_never_split_ties(book_of: BookOf, sales: list[Sale], lens: Lens) -> None:
    found = book_of(sales).snapshot(lens).customers
    assert found["tier"].null_count() == 0
    assert found.group_by("value").agg(pl.col("tier").n_unique())["tier"].max() == 1
    # Who is worth more stands at least as high.
    by_value = found.sort("value", descending=True)["tier"].to_physical().to_list()
    assert by_value == sorted(by_value)
    assert set(found.filter(pl.col("value") <= 0)["tier"].cast(pl.String)) <= {"economy"}


@settings(laws, max_examples=60)
@given(plain_sales, lenses, rules.map(parse_rule))
def test_another_rule_tells_what_a_fresh_count_tells(
    book_of: BookOf, sales: list[Sale], lens: Lens, rule: TierRule
) -> None:
    book, fresh, other = book_of(sales), book_of(sales), replace(lens, tier_rule=rule)
    cuts = ((), ("tier",), ("channel",), ("tier", "channel"))
    for cut in cuts:
        book.ask(profile, lens, cut)
    for cut in cuts:
        with patch.object(snapshots, "MOST_MOVED", 1):  # all may move, so few are they
            assert_frame_equal(book.ask(profile, other, cut), fresh.ask(profile, other, cut))
        assert_frame_equal(book.ask(value_curves, other, cut), fresh.ask(value_curves, other, cut))


def four(low: int, high: int) -> st.SearchStrategy[tuple[Fraction, ...]]:
    """Four cuts, none below the one before."""
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
    book_of: BookOf, sales: list[Sale], lens: Lens, rules: Rules
) -> None:
    book, lens = book_of(sales), replace(lens, rules=rules)
    whole = book.snapshot(lens)
    placed = whole.by(*PLACING)
    for name in PLACING:
        assert placed[name].null_count() == 0
        parts = [book.snapshot(lens & Filter(name, value)).customers for value in placed[name].dtype.categories]
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
def test_segments_add_up_to_the_whole(book_of: BookOf, sales: list[Sale], lens: Lens) -> None:
    book = book_of(sales)
    whole = book.ask(profile, lens).row(0, named=True)
    for name in book.dimensions:
        rows = book.ask(profile, lens, (name,))
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
def test_a_segment_is_worth_the_same_alone(book_of: BookOf, sales: list[Sale], lens: Lens) -> None:
    """A row of the table and the shop narrowed to it agree."""
    book = book_of(sales)
    for name in ("tier", "channel", "orders band", "RFM", "ABC", "XYZ", "stage"):
        for row in book.ask(profile, lens, (name,)).iter_rows(named=True):
            alone = book.ask(profile, lens & Filter(name, row[name])).row(0, named=True)
            for figure in ("customers", "orders", "revenue", "check", "frequency", "retention_months", "ltv"):
                same = row[figure] if row[figure] is None else pytest.approx(row[figure], rel=1e-9, abs=1e-9)
                assert alone[figure] == same, (name, row[name], figure)


@laws
@given(plain_sales, lenses)
def test_survival_never_rises_and_retention_fits_its_months(book_of: BookOf, sales: list[Sale], lens: Lens) -> None:
    book = book_of(sales)
    snapshot = book.snapshot(lens)
    ages = snapshot.age_table("channel")
    for _, segment in ages.group_by("channel", maintain_order=True):
        survival = segment["survival"].drop_nulls().to_list()
        assert survival == sorted(survival, reverse=True)
        assert survival[:1] == [1]
        assert all(0 <= s <= 1 for s in survival)
        at_risk = segment["at_risk"].to_list()
        assert at_risk == sorted(at_risk, reverse=True)
        observed = segment["observed"].to_list()
        assert observed == sorted(observed, reverse=True)
    for row in book.ask(profile, lens, ("channel",)).iter_rows(named=True):
        assert row["within_months"] <= lens.horizon
        if row["retention_months"] is not None:
            assert 1 <= row["retention_months"] <= row["within_months"] + 1e-9


@laws
@given(plain_sales)
def test_when_all_have_lapsed_ltv_is_what_they_brought(book_of: BookOf, sales: list[Sale]) -> None:
    """Ten customers at most, so that one at risk is enough, and a horizon longer than any life."""
    few = [sale for sale in sales if sale[0] in "abcdefghij"]
    if not any(amount >= 0 for _, _, amount, *_ in few):
        return
    book, lens = book_of(few), Lens(as_of=900 + 400, churn_gap=365, horizon=40)
    values = told(few, 1300, 365, 40)["values"]
    row = book.ask(profile, lens).row(0, named=True)
    assert row["ltv"] == pytest.approx(float(sum(values.values()) / len(values)), rel=1e-12, abs=1e-9)
    assert row["check"] == pytest.approx(row["average_check"], rel=1e-12, abs=1e-9)


@laws
@given(plain_sales, lenses, st.integers(1, 100), st.integers(1, 100))
def test_more_customers_make_a_larger_share(
    book_of: BookOf, sales: list[Sale], lens: Lens, one: int, other: int
) -> None:
    revenue = book_of([s for s in sales if s[2] >= 0]).snapshot(lens).ranked
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


def frames(book: Book, lens: Lens) -> dict[str, pl.DataFrame]:
    """Every frame that the shop under the lens consists of, and the answers to every question."""
    snapshot = book.snapshot(lens)
    answers = {f"profile {name}": book.ask(profile, lens, (name,)) for name in book.dimensions}
    return {
        "orders": book.cleaned.in_order(),
        "ids": book.cleaned.customer_ids.to_frame("id"),
        "activity": book.timeline.activity,
        "people": book.people.frame,
        "customers": snapshot.customers,
        "ages": snapshot.ages,
        "listing": book.ask(listed, lens).rows,
        "months": book.ask(by_month, lens),
        "curves": book.ask(value_curves, lens, ("channel",)),
        "whole": book.ask(profile, lens),
        **answers,
    }


def lines_as_before(shuffled: list[Sale], sales: list[Sale]) -> list[Sale]:
    """`shuffled`, but the rows of one order stand among themselves as in `sales`."""

    def order(sale: Sale) -> tuple[Any, Any]:
        return sale[0], sale[3]["order_id"]

    lines = {key: iter([sale for sale in sales if order(sale) == key]) for key in map(order, sales)}
    return [sale if order(sale)[1] is None else next(lines[order(sale)]) for sale in shuffled]


@settings(laws, max_examples=25)
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
    pieces = pl.concat([rows[i : i + size] for i in range(0, rows.height, size)], rechunk=False)
    one = open_book(rows_of(alike), None, None, policy, LATE)
    other = open_book(pieces, None, None, policy, LATE)
    assert one.cleaned.counts == other.cleaned.counts
    assert one.cleaned.line_level == other.cleaned.line_level
    lens = Lens(as_of=max(one.as_of(Lens()), 90), churn_gap=30)
    assert one.snapshot(lens).thresholds == other.snapshot(lens).thresholds
    assert one.snapshot(lens).churn_gap == other.snapshot(lens).churn_gap
    others = frames(other, lens)
    for name, frame in frames(one, lens).items():
        assert_frame_equal(frame, others[name], check_exact=True, categorical_as_str=True)


def test_orders_alike_but_for_their_margin(rows_of: RowsOf) -> None:
    sales = [("a", 5, 10, {"margin": margin}) for margin in (1, 2, 3)]
    found = [
        open_book(rows_of(listed), None, None, CleaningPolicy(), LATE).cleaned.in_order()["margin"].to_list()
        for listed in (sales, sales[::-1])
    ]
    assert found[0] == found[1]


@laws
@given(plain_sales, st.floats(0.01, 1000))
def test_money_in_another_unit_changes_no_tier_and_no_time(book_of: BookOf, sales: list[Sale], factor: float) -> None:
    """All amounts times a whole number: retention and frequency stay, check and LTV grow with it."""
    times = max(1, round(factor))
    lens = Lens(as_of=1000, churn_gap=90)
    small = book_of(sales)
    large = book_of([(c, d, round(a * 100) * times / 100, said) for c, d, a, said in sales])
    assert small.snapshot(lens).customers["tier"].to_list() == large.snapshot(lens).customers["tier"].to_list()
    one, other = (book.ask(profile, lens).row(0, named=True) for book in (small, large))
    if one["ltv"] is not None:
        assert other["retention_months"] == one["retention_months"]
        assert other["frequency"] == one["frequency"]
        assert other["ltv"] == pytest.approx(one["ltv"] * times, abs=1e-6)


@laws
@given(plain_sales, lenses)
def test_money_is_kept_in_whole_ten_thousandths(book_of: BookOf, sales: list[Sale], lens: Lens) -> None:
    """Every cent of a customer with an order is in one figure or another."""
    book = book_of(sales)
    cents = sum(round(a * 100) for _, _, a, *_ in sales)
    ownerless = {c.rule: c.amount for c in book.quality(lens).counts}["only_refunds"]
    assert book.snapshot(lens).customers["revenue"].sum() + ownerless == cents * MONEY_SCALE // 100
