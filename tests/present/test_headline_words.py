"""Sentences on small frames, word by word, and the law that opposite facts never have the same phrase."""

from __future__ import annotations

import re
from itertools import pairwise
from types import SimpleNamespace
from typing import Any, cast

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ltvtui.analytics.budget.budget import Budget
from ltvtui.analytics.budget.prices import Prices
from ltvtui.analytics.budget.rows import VERDICTS
from ltvtui.analytics.cleaning.data_quality import Quality, QuietDays, RuleCount
from ltvtui.analytics.doubts import Doubt
from ltvtui.analytics.entry import Entry
from ltvtui.analytics.lifecycle.migration import AFTER, BEFORE, Moves
from ltvtui.analytics.listing import Card
from ltvtui.analytics.tiers.origins import Origin
from ltvtui.present.headline import headed, sentence, with_fixed_brackets
from ltvtui.present.headline.budget import verdict_clauses
from ltvtui.present.headline.card import card_clauses
from ltvtui.present.headline.customers import customer_clauses, together
from ltvtui.present.headline.explore import explore_clauses
from ltvtui.present.headline.matrix import abc_clauses, rfm_clauses
from ltvtui.present.headline.moves import move_clauses
from ltvtui.present.headline.overview import overview_clauses
from ltvtui.present.headline.price import price_clauses
from ltvtui.present.headline.quality import quality_clauses
from ltvtui.present.headline.words import listed, money, name, share

SEGMENT: dict[str, Any] = {
    "customers": 40,
    "customer_share": 0.5,
    "orders": 80,
    "revenue": 1000.0,
    "revenue_share": 0.5,
    "ltv": 30.0,
    "ltv_lower": 28.0,
    "ltv_upper": 32.0,
    "within_months": 12,
    "few": False,
    "lapsed_share": 0.25,
}


def segments(*rows: dict[str, Any], by: str = "tier") -> pl.DataFrame:
    """Rows of segments.profile by `by`; each says what differs from SEGMENT."""
    types = {key: pl.Float64 for key, value in SEGMENT.items() if isinstance(value, float)}
    full = [{by: None, **SEGMENT, **row} for row in rows]
    return pl.DataFrame(full, schema_overrides={**types, by: pl.String})


def base(**changes: Any) -> pl.DataFrame:
    return segments({"customers": 80, "customer_share": 1.0, "revenue_share": 1.0, **changes}).drop("tier")


def facts(clause: str) -> str:
    """A clause without its figures and names: what it claims."""
    return re.sub(r"\d[\d .,]*", "#", clause)


# -- Overview ------------------------------------------------------------------------------------------


PRICES = Prices(36.4, 32.52, True, 0)


def test_overview_as_the_analyst_reads_it() -> None:
    rows = segments(
        {"tier": "VIP", "customers": 3815, "customer_share": 0.2, "revenue_share": 0.684, "lapsed_share": 0.576},
        {"tier": "economy"},
    )
    told = overview_clauses(
        rows, base(ltv=109.2), 88, "€", Origin("channel", "organic", 2000, 900, 3815, 3815), PRICES
    )
    assert sentence(told) == (
        "3 815 VIPs (20 %) bring 68 % of revenue; 58 % of them have lapsed (no order for 88 days); at target 3 pay "
        "up to 36.40 € for a customer (paid channels: 32.52 €); most VIPs came by organic."
    )


@pytest.mark.parametrize(
    ("vip", "told"),
    [
        ({"customers": 1, "customer_share": 0.5, "revenue_share": 0.9}, "1 VIP (50 %) brings 90 % of revenue"),
        ({"revenue_share": 0.3}, "40 VIPs (50 %) bring only 30 % of revenue"),
        ({"revenue_share": 0.5}, "40 VIPs (50 %) bring 50 % of revenue"),
        ({"revenue_share": 1.04}, "40 VIPs (50 %) bring 104 % of revenue"),
        (
            {"revenue_share": None, "revenue": -5.0},
            "40 VIPs (50 %) bring -5.00; all customers together bring no revenue after refunds",
        ),
    ],
)
def test_few_and_much(vip: dict[str, Any], told: str) -> None:
    assert overview_clauses(segments({"tier": "VIP", **vip}, {"tier": "economy"}), base(), 31, "")[0] == told


@pytest.mark.parametrize(
    ("customers", "gone", "told"),
    [
        (40, 0.0, "none of them has lapsed (no order for 1 day)"),
        (40, 1.0, "all of them have lapsed (no order for 1 day)"),
        (40, 0.025, "2 % of them have lapsed (no order for 1 day)"),
        (4000, 0.0004, "less than 0.1 % of them have lapsed (no order for 1 day)"),
        (4000, 0.9996, "more than 99.9 % of them have lapsed (no order for 1 day)"),
        (1, 0.0, "this customer has not lapsed (no order for 1 day)"),
        (1, 1.0, "this customer has lapsed (no order for 1 day)"),
    ],
)
def test_lapsed_in_words(customers: int, gone: float, told: str) -> None:
    rows = segments({"tier": "VIP", "customers": customers, "lapsed_share": gone}, {"tier": "economy"})
    assert overview_clauses(rows, base(), 1, "")[1] == told


def test_shops_without_tiers_and_without_anybody() -> None:
    alone = segments({"tier": "economy", "customers": 1, "revenue": 12.0})
    assert overview_clauses(alone, base(), 31, "")[0] == "the only customer is in tier economy, with 12.00 of revenue"
    equal = segments({"tier": "VIP", "customers": 12, "revenue": 120.0})
    assert overview_clauses(equal, base(), 31, "€")[0] == "all 12 customers are in tier VIP, with 120.00 € of revenue"
    assert overview_clauses(equal.clear(), base(customers=0), 31, "") == ("no customers in this selection",)


ORIGINS = [
    (Origin("channel", "ads", 40, 0, 40, 40), "all VIPs came by ads"),
    (Origin("channel", "ads", 21, 19, 40, 40), "most VIPs came by ads"),
    (Origin("channel", "ads", 15, 13, 40, 40), "more VIPs came by ads than by any other channel"),
    (Origin("channel", "ads", 15, 0, 15, 40), "channel of most VIPs is unknown"),
]


@pytest.mark.parametrize(("origin", "told"), ORIGINS)
def test_where_they_came_from(origin: Origin, told: str) -> None:
    rows = segments({"tier": "VIP"}, {"tier": "economy"})
    assert overview_clauses(rows, base(), 31, "", origin)[-1] == told


def test_no_channel_of_a_tie_is_named() -> None:
    rows, tie = segments({"tier": "VIP"}, {"tier": "economy"}), Origin("channel", "ads", 20, 20, 40, 40)
    assert len(overview_clauses(rows, base(), 31, "", tie)) == 2


@pytest.mark.parametrize(
    ("row", "price", "told"),
    [
        ((30.0, 12), 10.0, ["at target 3 pay up to 10.00 for a customer (LTV before costs)"]),
        (
            (30.0, 8),
            None,
            [
                "LTV is 30.00 within 8 months of data (10.00 at target 3 so far, LTV before costs): "
                "too early to say what one may cost"
            ],
        ),
        (
            (30.0, 1),
            None,
            [
                "LTV is 30.00 within 1 month of data (10.00 at target 3 so far, LTV before costs): "
                "too early to say what one may cost"
            ],
        ),
        ((None, 0), None, ["no customer has a complete month of data, so there is no LTV yet"]),
        ((-3.0, 12), -1.0, ["a customer may cost nothing: LTV is -3.00 within 12 months (LTV before costs)"]),
        ((30.0, 12), None, []),
    ],
)
def test_what_a_customer_may_cost(row: tuple[float | None, int], price: float | None, told: list[str]) -> None:
    known = {"ltv": row[0], "within_months": row[1]}
    clauses = price_clauses(known, Prices(price, None, False, 0), "", target=3.0, horizon=12, gross=True)
    assert [sentence([clause]).lower() for clause in clauses] == [f"{clause}.".lower() for clause in told]


@pytest.mark.parametrize(
    ("prices", "told"),
    [
        (PRICES, "at target 3 pay up to 36.40 € for a customer (paid channels: 32.52 €)"),
        (
            Prices(36.4, None, True, 0),
            "at target 3 pay up to 36.40 € for a customer (paid channels: too early to say)",
        ),
        (Prices(36.4, -1.0, True, 0), "at target 3 pay up to 36.40 € for a customer (paid channels: nothing)"),
        (
            Prices(36.4, 32.52, True, 1),
            "at target 3 pay up to 36.40 € for a customer (paid channels: 32.52 €; without 1 customer of days "
            "without known spend)",
        ),
        (Prices(36.4, None, False, 0), "at target 3 pay up to 36.40 € for a customer"),
    ],
)
def test_whose_price_it_is(prices: Prices, told: str) -> None:
    known = {"ltv": 109.2, "within_months": 12}
    (clause,) = price_clauses(known, prices, "€", target=3.0, horizon=12, gross=False)
    assert sentence([clause]) == f"A{told[1:]}."


# -- Explore -------------------------------------------------------------------------------------------


def test_explore_names_who_stands_out() -> None:
    rows = segments(
        {"by": "email", "ltv": 90.0, "ltv_lower": 80.0, "ltv_upper": 100.0, "revenue_share": 0.7},
        {"by": "ads", "ltv": 10.0, "ltv_lower": 9.0, "ltv_upper": 11.0, "revenue_share": 0.2},
        {"by": None, "ltv": 31.0, "customer_share": 0.1, "revenue_share": 0.1, "few": True},
        by="by",
    )
    assert sentence(explore_clauses(rows, ("by",), base(), "€")) == (
        "LTV is clearly higher for email (90.00 €) and lower for ads (10.00 €) than for all (30.00 € within 12 "
        "months); 50 % of customers (email) bring 70 % of revenue, 50 % (ads) only "
        "20 %; by is unknown for 10 % of customers; 1 of 3 segments is a small sample."
    )


@pytest.mark.parametrize(
    ("rows", "whole", "told"),
    [
        (
            [{"by": "a", "ltv_lower": 40.0, "ltv": 45.0, "ltv_upper": 50.0}, {"by": "b"}],
            {},
            "LTV is clearly higher for by a (45.00) than for all (30.00 within 12 months)",
        ),
        (
            [{"by": "a", "ltv_lower": 4.0, "ltv": 5.0, "ltv_upper": 6.0}, {"by": "b"}],
            {},
            "LTV is clearly lower for by a (5.00) than for all (30.00 within 12 months)",
        ),
        (
            [{"by": "a"}, {"by": "b"}],
            {},
            "no segment has an LTV clearly above or below that of all (30.00 within 12 months)",
        ),
        (
            [{"by": "a", "few": True}, {"by": "b", "within_months": 3}],
            {},
            "no segment has enough data to compare LTV",
        ),
        (
            [{"by": "a", "within_months": 8}, {"by": "b", "within_months": 8}],
            {"within_months": 8},
            "no segment has an LTV clearly above or below that of all (30.00 within 8 months of data)",
        ),
        ([{"by": "a", "ltv": None}, {"by": "b", "ltv": None}], {"within_months": 0, "ltv": None}, None),
    ],
)
def test_explore_says_no_more_than_intervals_allow(
    rows: list[dict[str, Any]], whole: dict[str, Any], told: str | None
) -> None:
    first = explore_clauses(segments(*rows, by="by"), ("by",), base(**whole), "")[0]
    assert first == (told or "no segment has enough data to compare LTV")


def test_explore_without_intervals_says_so() -> None:
    rows = segments({"by": "a", "ltv": 40.0}, {"by": "2", "ltv": 20.0}, by="by").drop("ltv_lower", "ltv_upper")
    assert explore_clauses(rows, ("by",), base(), "")[0] == (
        "LTV within 12 months is highest for by a (40.00) and lowest for by 2 (20.00); intervals are off, so this "
        "may be chance"
    )
    same = rows.with_columns(ltv=pl.lit(7.5))
    assert (
        explore_clauses(same, ("by",), base(), "")[0]
        == "LTV is 7.50 within 12 months in every segment with enough data"
    )


def test_explore_of_one_row_no_revenue_and_equal_shares() -> None:
    one = segments({"by": "a", "customers": 1, "revenue": 5.0}, by="by")
    assert explore_clauses(one, ("by",), base(), "") == (
        "the only customer is in one segment (by a), with 5.00 of revenue",
    )
    none = segments({"by": "a", "revenue_share": None}, {"by": "b", "revenue_share": None}, by="by")
    assert (
        explore_clauses(none, ("by",), base(), "")[1] == "revenue is zero or negative, so there are no shares of it"
    )
    equal = segments({"by": "a"}, {"by": "b"}, by="by")
    assert (
        explore_clauses(equal, ("by",), base(), "")[1]
        == "every segment's share of revenue is about its share of customers"
    )


# -- boards --------------------------------------------------------------------------------------------


def pairs(*rows: tuple[str, str, int, float | None]) -> pl.DataFrame:
    return pl.DataFrame(
        rows, schema={"R score": pl.String, "F score": pl.String, "customers": pl.Int64, "revenue_share": pl.Float64},
        orient="row",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (
            pairs(("1", "5", 1, 0.3)),
            "1 frequent customer (F4, F5) has stayed away (R1, R2): 30 % of revenue to date is theirs",
        ),
        (pairs(("2", "4", 2, None)), "2 frequent customers (F4, F5) have stayed away (R1, R2)"),
        (pairs(("5", "5", 2, 0.3), ("1", "1", 9, 0.1)), "no frequent customer (F4, F5) has stayed away (R1, R2)"),
        (
            pairs(("1", "1", 9, 0.1)),
            "no customer has an F score of 4 or 5: they order too alike to tell frequent ones",
        ),
    ],
)
def test_revenue_at_risk(found: pl.DataFrame, told: str) -> None:
    rows = segments(
        {"RFM": "Lost", "revenue_share": 0.1}, {"RFM": "Champions", "revenue": 9000.0, "revenue_share": 0.9}, by="RFM"
    )
    assert rfm_clauses(found, rows)[0] == told


def test_abc_by_hand() -> None:
    rows = pl.DataFrame(
        {
            "ABC": ["A", "A", "C"],
            "XYZ": ["X", "Z", "–"],
            "customers": [1, 2, 7],
            "customer_share": [0.1, 0.2, 0.7],
            "revenue_share": [0.5, 0.3, 0.2],
        }
    )
    assert sentence(abc_clauses(rows)) == (
        "3 customers of class A (30 %) bring 80 % of revenue; of them 1 orders evenly (X), 2 order unevenly (Z); "
        "XYZ tells little here: 70 % of all customers have too few orders for it; "
        "class C, 70 % of customers, brings 20 %."
    )
    assert abc_clauses(rows.filter(pl.col("ABC") == "C"))[0] == "every customer is in class C"


def moved(cut: Any, counts: dict[tuple[str, str], int]) -> Moves:
    every = [(was, now, counts.get((was, now), 0), 0) for was in BEFORE[cut] for now in AFTER[cut]]
    schema = {
        "before": pl.Enum(BEFORE[cut]), "after": pl.Enum(AFTER[cut]), "customers": pl.Int64, "revenue": pl.Int64
    }  # fmt: skip
    return Moves(cut, 19_000, 19_030, pl.DataFrame(every, schema=schema, orient="row"))


def test_tiers_of_two_days() -> None:
    gone = moved("tier", {("VIP", "lapsed"): 2, ("VIP", "VIP"): 1, ("economy", "VIP"): 1})
    assert sentence(move_clauses(gone)) == (
        "Of 3 active VIPs on 2022-01-08, 2 (67 %) lapsed and 1 (33 %) stayed VIP; there are 2 active VIPs now, as "
        "1 other became VIP; "
        "of those who were customers then most went from VIP to lapsed: 2 customers."
    )
    stayed = move_clauses(moved("tier", {("VIP", "VIP"): 1}))
    assert stayed == (
        "of 1 active VIP on 2022-01-08, none lapsed and 1 (100 %) stayed VIP",
        "there is 1 active VIP now",
        "nobody who was a customer then changed tier",
    )
    assert (
        move_clauses(moved("tier", {("new", "VIP"): 1}))[0] == "there was no active VIP on 2022-01-08, there is 1 now"
    )
    none = move_clauses(moved("tier", {("new", "economy"): 1}))
    assert none[0] == "there was no active VIP on 2022-01-08, nor is there one now"
    assert move_clauses(moved("tier", {})) == ("no customers in this selection",)


def test_stages_of_two_days() -> None:
    found = moved("stage", {("regular", "lost"): 1, ("fading", "regular"): 2, ("new", "new"): 1})
    assert sentence(move_clauses(found)) == (
        "Lost: 1 customer (25 %), 1 more than on 2022-01-08; fading: 0 customers (0 %), 2 fewer; new: 1 customer "
        "(25 %), as many as on 2022-01-08; regular: 2 customers (50 %), 1 more."
    )
    fine = move_clauses(moved("stage", {("regular", "regular"): 2}))
    assert fine == ("nobody has lapsed", "regular: 2 customers (100 %), as many as on 2022-01-08")


# -- people --------------------------------------------------------------------------------------------


def test_customers_together() -> None:
    rows = pl.DataFrame({"id": ["a", "b"], "revenue": [900_000, 100_000], "orders": [2, 1], "silent": [31, 30]})
    assert sentence(customer_clauses(together(rows, 31), 31, "€")) == (
        "2 customers brought 100.00 € in 3 orders; 1 of them (50 %) has lapsed (no order for 31 days); a alone "
        "brought 90.00 € (90 %)."
    )
    assert customer_clauses(together(rows.head(1), 31), 31, "", "a") == (
        "1 customer matching “a” brought 90.00 in 2 orders",
        "this customer has lapsed (no order for 31 days)",
    )
    assert customer_clauses(together(rows.clear(), 31), 31, "", "x") == ("no customer matches “x”",)
    assert customer_clauses(together(rows.clear(), 31), 31, "") == ("no customers in this selection",)


def card(days: list[int], silent: int) -> Card:
    gaps = [None, *(b - a for a, b in pairwise(days))]
    orders = pl.DataFrame(
        {"day": days, "kind": ["order"] * len(days), "gap": gaps}, schema_overrides={"gap": pl.Int32}
    )
    told = {
        "tier": "middle",
        "stage": "fading" if 20 < silent < 31 else "regular",
        "last": days[-1],
        "silent": silent,
    }
    told |= {"revenue": 123_400, "orders": len(days)}
    return Card(told, 2, 9, orders)


ACTIVE, EVERY = "so not lapsed (lapsed from 31 days on)", "usually every 10 days (median): "
HALF = "usually every 10.5 days (median): "
FADING = "so fading, though not lapsed yet (lapsed from 31 days on)"
TENTH = [19_000, 19_010, 19_020]
RHYTHMS = [
    ([19_000], 0, f"last order today, {ACTIVE}", "one order so far"),
    ([19_000, 19_000], 31, "last order 31 days ago, so lapsed (no order for 31 days)", "all on one day"),
    ([19_000, 19_010], 1, f"last order 1 day ago, {ACTIVE}", "came back once, after 10 days"),
    (TENTH, 4, f"last order 4 days ago, {ACTIVE}", f"{EVERY}by this rhythm due on 2022-02-07"),
    (TENTH, 10, f"last order 10 days ago, {ACTIVE}", f"{EVERY}by this rhythm due today"),
    # Gaps of 10, 10, 12 and 11 days: half a day is over on the next day, as the fact beside says.
    ([*TENTH, 19_032, 19_043], 11, f"last order 11 days ago, {ACTIVE}", f"{HALF}by this rhythm due today"),
    ([*TENTH, 19_032, 19_043], 10, f"last order 10 days ago, {ACTIVE}", f"{HALF}by this rhythm due on 2022-03-03"),
    (TENTH, 21, f"last order 21 days ago, {FADING}", f"{EVERY}11 days late by this rhythm"),
    (TENTH, 40, "last order 40 days ago, so lapsed (no order for 31 days)", f"{EVERY}30 days late by this rhythm"),
    (
        [19_000, 19_001, 19_002],
        2,
        f"last order 2 days ago, {ACTIVE}",
        "usually daily (median): 1 day late by this rhythm",
    ),
]


@pytest.mark.parametrize(("days", "silent", "last", "rhythm"), RHYTHMS)
def test_the_rhythm_of_a_customer(days: list[int], silent: int, last: str, rhythm: str) -> None:
    orders = "1 order" if len(days) == 1 else f"{len(days)} orders"
    worth = f"middle tier, rank 2 of 9 by revenue: 12.34 € in {orders}"
    assert card_clauses(card(days, silent), 31, "€") == (worth, last, rhythm)


# -- Quality -------------------------------------------------------------------------------------------


def account(*counts: RuleCount, rows: int = 10, quiet: tuple[int, int] | None = None) -> Quality:
    return Quality(rows, 9, 0, False, 19_000, 19_100, counts, (), QuietDays(3 if quiet else 0, quiet))


def entry(state: Any = "complete") -> Entry:
    return Entry(state, 19_000, 19_031, 5, 5, "auto", None)


def test_quality_begins_with_what_is_doubtful() -> None:
    lost = RuleCount("no_customer", 2, 105_000, excluded=True), RuleCount("status", 1, -5, excluded=True)
    doubts = [Doubt("unit_cost", "It may be.", "Mend it.")]
    told = quality_clauses(account(*lost, quiet=(19_004, 19_006)), entry(), doubts, "€")
    assert sentence(told) == (
        "1 doubt: unit cost; 3 of 10 rows (30 %) are left out, most money as “no customer id”: 10.50 € in 2 rows; "
        "3 days without an order, the longest gap 2022-01-12 to 2022-01-14."
    )
    assert quality_clauses(account(), entry(), [], "") == ("all 10 rows count", "nothing looks misread")
    kept = RuleCount("zero_amount", 4, 0, excluded=False)
    assert quality_clauses(account(kept, rows=1), entry(), [], "")[0] == "the only row counts"
    assert "looks cut off on 2022-01-08" in sentence(quality_clauses(account(), entry("cut off"), [], ""))


# -- words ---------------------------------------------------------------------------------------------


@given(st.floats(-3, 3, allow_nan=False))
def test_a_share_never_rounds_to_another_fact(value: float) -> None:
    told = share(value)
    assert (told == "0 %") == (value == 0)
    assert (told == "100 %") == (value == 1)
    if found := re.fullmatch(r"(-?[\d.]+) %", told):
        assert float(found[1]) == pytest.approx(value * 100, abs=0.5 + 1e-9)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_few_bring_much_or_little(customers: float, brought: float, other: float, others: float) -> None:
    """What a tier brings more than its share of customers has another phrase than what it brings less."""

    def claim(of: float, revenue: float) -> str:
        rows = segments({"tier": "VIP", "customer_share": of, "revenue_share": revenue}, {"tier": "economy"})
        return facts(overview_clauses(rows, base(), 31, "")[0]).replace("less than ", "").replace("more than ", "")

    same_side = (brought >= customers) == (others >= other)
    assert (claim(customers, brought) == claim(other, others)) == same_side


def test_names_of_the_shop_keep_their_case_and_periods_tell_no_shares() -> None:
    rows = segments({"by": "ebay", "revenue_share": 0.2}, {"by": "shop", "revenue_share": 0.8}, by="by")
    told = explore_clauses(rows, ("by",), base(), "")
    # Without its name a share says nothing: the brackets stay however little room there is.
    shares = "50 % of customers (shop) bring 80 % of revenue, 50 % (ebay) only 20 %"
    assert told[1] == with_fixed_brackets(shares)
    years = rows.rename({"by": "first year"})
    assert len(explore_clauses(years, ("first year",), base(), "")) == 1
    only = segments({"by": "ebay", "revenue_share": 0.2}, {"by": "shop"}, by="by")
    assert explore_clauses(only, ("by",), base(), "")[1] == with_fixed_brackets(
        "50 % of customers (ebay) bring only 20 % of revenue"
    )
    near = segments({"by": "ebay", "revenue_share": 0.49}, {"by": "shop", "revenue_share": 0.51}, by="by")
    assert "about" in explore_clauses(near, ("by",), base(), "")[1]


@given(st.integers(2, 50).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n), st.integers(0, n))))
def test_none_some_and_all_lapsed_differ(people: tuple[int, int, int]) -> None:
    of, gone, other = people

    def claim(lapsed: int) -> str:
        rows = segments({"tier": "VIP", "customers": of, "lapsed_share": lapsed / of}, {"tier": "economy"})
        return facts(overview_clauses(rows, base(), 31, "")[1])

    kind = [(n == 0) - (n == of) for n in (gone, other)]
    assert (claim(gone) == claim(other)) == (kind[0] == kind[1])


@given(st.floats(1, 99), st.floats(0.1, 20))
def test_higher_and_lower_ltv_differ(ltv: float, reach: float) -> None:
    row = {"by": "a", "ltv": ltv, "ltv_lower": ltv - reach, "ltv_upper": ltv + reach}
    told = explore_clauses(segments(row, {"by": "b"}, by="by"), ("by",), base(), "")[0]
    assert ("clearly higher for by a" in told) == (ltv - reach > 32)
    assert ("clearly lower for by a" in told) == (ltv + reach < 28)
    assert ("no segment has" in told) == (ltv + reach >= 28 and ltv - reach <= 32)


def test_names_and_lists() -> None:
    assert listed(["a"]) == "a"
    assert listed(["a", "b"]) == "a and b"
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert listed(["a", "b", "c", "d"], 2) == "a, b and 2 more"
    assert name(None) == "unknown"
    assert name("x" * 60) == "x" * 14 + "…" + "x" * 13
    assert name("a\x1b[31m\nb") == "a[31m b"
    assert (money(9999.5, "€"), money(10_000.4), money(-0.001)) == ("9 999.50 €", "10 000", "0.00")


def test_markdown_takes_no_name_for_its_own() -> None:
    assert headed(("a|b_c <i>",), "| x |\n") == "A\\|b\\_c &lt;i>.\n\n| x |\n"
    assert headed((), "| x |\n") == "| x |\n"


def test_verdicts_are_those_of_budget() -> None:
    assert set(VERDICTS.categories) == {"scale", "hold", "reduce", "pause", "few", "wait", "no spend"}


def test_what_is_cheap_on_average_alone_is_not_to_be_scaled() -> None:
    """One more customer by ads costs 48 where 42 are the most: only mail is to be scaled."""
    rows = pl.DataFrame(
        {
            "channel": ["ads", "mail"],
            "verdict": ["scale", "scale"],
            "spend": [900.0, 90.0],
            "marginal_cac": [48.0, None],
            "max_cac": [42.0, 30.0],
        }
    )
    found = cast(Budget, SimpleNamespace(rows=rows, worth=SimpleNamespace(horizon=12)))
    costly = "one more customer by ads costs 48.00 €, more than its max CAC of 42.00 €: do not raise its budget"
    assert verdict_clauses(found, "€") == ("no channel costs clearly more than it may", "scale mail", costly)
    alone = cast(Budget, SimpleNamespace(rows=rows.head(1), worth=SimpleNamespace(horizon=12)))
    assert verdict_clauses(alone, "€") == ("no channel costs clearly more than it may", costly)
