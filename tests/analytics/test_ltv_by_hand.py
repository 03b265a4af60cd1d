"""LTV = average check × frequency × retention, on shops small enough to work out on paper."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from ltvtui.analytics.listing import listed
from ltvtui.analytics.schema import MONEY_SCALE
from ltvtui.analytics.segments import profile, value_curves
from ltvtui.query.query import Filter, Query
from ltvtui.session.dataset import Dataset

DatasetOf = Callable[..., Dataset]


def row_of(dataset: Dataset, query: Query) -> dict[str, Any]:
    rows = dataset.ask(profile, query)
    assert rows.height == 1
    return rows.row(0, named=True)


def factors_of(row: dict[str, Any]) -> tuple[float, ...]:
    return tuple(row[k] for k in ("check", "frequency", "retention_months", "ltv"))


# --- the worked example of the field ----------------------------------------------------------------


@pytest.mark.parametrize("horizon", [12, 24])
def test_4000_twice_a_month_for_twelve_months(dataset_of: DatasetOf, horizon: int) -> None:
    """Average bill 4 000, 2 orders a month, 12 months: 96 000.

    Age month k begins on day ⌈30.4375 · k⌉ after the first order; each of three customers buys on that day and
    ten days later, for k = 0 … 11. Their last order is on day 335 + 10 = 345, still in month 11, so that all have
    L = 12. The longest gap is 21 days, so G is held at 30; looked at on day 800 of the shop everyone has lapsed.
    S(k) = 1 for k < 12, since nobody lapses before month 11; S(12) = 0, and a longer horizon adds nothing. All were
    seen for 26 months and more: 798 days are 26.2 of them. S(12) is told by month 11, S(13) by nobody.
    """
    days = [math.ceil(30.4375 * k) + later for k in range(12) for later in (0, 10)]
    assert days[-1] == 345
    dataset = dataset_of(
        (customer, start + day, 4000) for start, customer in enumerate(("a", "b", "c")) for day in days
    )
    query = Query(as_of=800, horizon=horizon)
    row = row_of(dataset, query)
    assert factors_of(row) == pytest.approx((4000, 2, 12, 96_000), rel=1e-12)
    assert row["within_months"] == horizon
    assert row["retention_supported_months"] == min(horizon, 13)
    assert dataset.snapshot(query).churn_gap.days == 30
    assert dataset.snapshot(query).customers["months"].to_list() == [12, 12, 12]


def test_table_of_three_segments(dataset_of: DatasetOf) -> None:
    """1 000 customers with 2 checks of 50, 500 with one of 100, 2 000 with three of 20: 100 000, 50 000, 120 000.

    Dearest first. All orders fall on day 0, and without any gap G is a year: one month is over on day 35, the cut,
    and everyone has lapsed in it. Retention is one month, frequency the orders per customer, and LTV what a customer
    brought.
    """
    kinds = (("A", 1000, 50, 2), ("B", 500, 100, 1), ("C", 2000, 20, 3))
    sales = [(f"{g}{i}", 0, check) for g, n, check, orders in kinds for i in range(n) for _ in range(orders)]
    people = [{"customer_id": f"{g}{i}", "group": g} for g, n, _, _ in kinds for i in range(n)]
    rows = dataset_of(sales, people).ask(profile, Query(as_of=400), ("group",))
    assert rows["group"].to_list() == ["C", "A", "B"]
    assert rows["customers"].to_list() == [2000, 1000, 500]
    assert rows["orders"].to_list() == [6000, 2000, 500]
    assert rows["average_check"].to_list() == [20, 50, 100]
    assert rows["orders_per_customer"].to_list() == [3, 2, 1]
    assert rows["revenue"].to_list() == [120_000, 100_000, 50_000]
    assert rows["revenue_share"].to_list() == [pytest.approx(v / 27) for v in (12, 10, 5)]
    assert rows["customer_share"].to_list() == [pytest.approx(v / 35) for v in (20, 10, 5)]
    assert rows["check"].to_list() == pytest.approx([20, 50, 100])
    assert rows["frequency"].to_list() == pytest.approx([3, 2, 1])
    assert rows["retention_months"].to_list() == [1, 1, 1]
    assert rows["ltv"].to_list() == pytest.approx([60, 100, 100])
    assert rows["few"].to_list() == [False] * 3


# --- everyone was seen for the whole horizon: LTV is what they brought ------------------------------

LAPSED = [
    *(("anna", 0, 100), ("anna", 40, 50)),  # 40 days: month 1, L = 2
    ("bert", 5, 30),  # L = 1
    *(("cleo", 10, 200), ("cleo", 100, 60)),  # 90 days: month 2, L = 3
]
REFUNDS = [
    ("anna", 40, -5),
    ("bert", 2, -10),  # before his first order: counts in month 0
    ("cleo", 50, -20),  # in month 1, in which she bought nothing
    ("cleo", 300, -40),  # long after her last: 290 days, month 9
]


def test_closure(dataset_of: DatasetOf) -> None:
    """By day 1000 all were seen for 32 months. X = 3, 1, 1 and Z = 330, 50, 60 in months 0, 1, 2, nothing later:
    5/3 orders and 440/3 of each of the three, which is what they brought, 150 + 30 + 260.
    Gaps 40 and 90: G = 85, the cut is day 915. D = 1, 1, 1 of Y = 3, 2, 1: S = 1, 2/3, 1/3, 0, R = 2.
    Frequency 5/6, check 88."""
    row = row_of(dataset_of(LAPSED), Query(as_of=1000))
    assert factors_of(row) == pytest.approx((88, 5 / 6, 2, 440 / 3), rel=1e-12)
    assert (row["within_months"], row["retention_supported_months"]) == (12, 4)
    assert row["average_check"] == pytest.approx(440 / 5)


# G, and S by which months are over at the cut, day 1000 − G. anna came on day 0, bert on 5, cleo on 10.
GAPS = [
    (30, 2),  # as above: at the cut all of their lives are over
    (85, 2),
    # Day 120: anna 3, bert 3, cleo 3 months (110 days); L = 2, 1, 3 are over: the same.
    (880, 2),
    # Day 70: cleo is active, and 60 days of her are one month. anna 2 (70 days), bert 2 (65): D = 1 of 3, then of one
    # (anna) one. S = 1, 2/3, 0.
    (930, 5 / 3),
    # Day 36: anna is active and seen for one month, bert too (31 days), who lapsed in it; cleo for none.
    # S = 1, 1/2, and goes on at that hazard: 1/2 · 1/2, 1/4 · √(1/4), 1/8 · ∛(1/8), … each half of the one before.
    (964, 2 - 2.0**-11),
    # On day 20 nobody was seen for a month: nothing is known of leaving, and S stays 1.
    (980, 12),
]


@pytest.mark.parametrize(("gap", "retention"), GAPS)
def test_the_churn_gap_moves_frequency_and_retention_alone(dataset_of: DatasetOf, gap: int, retention: float) -> None:
    row = row_of(dataset_of(LAPSED), Query(as_of=1000, churn_gap=gap))
    assert factors_of(row) == pytest.approx((88, 5 / 3 / retention, retention, 440 / 3), rel=1e-12)


def test_closure_with_refunds(dataset_of: DatasetOf) -> None:
    """145 + 20 + 200 = 365 by three; orders are the same, so the check is 365 / 5."""
    row = row_of(dataset_of(LAPSED + REFUNDS), Query(as_of=1000))
    assert factors_of(row) == pytest.approx((73, 5 / 6, 2, 365 / 3), rel=1e-12)
    assert (row["orders"], row["revenue"]) == (5, 365)


def test_refunds_count_in_their_months(dataset_of: DatasetOf) -> None:
    """Z = 100 + (30 − 10) + 200, 50 − 5 − 20, 60, nothing up to −40 in month 9: of three 320, 345, 405, … 365."""
    sales = [(*sale, {"channel": "x"}) for sale in LAPSED + REFUNDS]
    curve = dataset_of(sales).ask(value_curves, Query(as_of=1000), ("channel",))
    assert curve["age_month"].to_list() == list(range(12))
    brought = [v / 3 for v in (320, 345, *[405] * 7, *[365] * 3)]
    assert curve["ltv"].to_list() == pytest.approx(brought, rel=1e-12)
    assert curve["revenue"].to_list() == pytest.approx(brought, rel=1e-12)
    assert curve["orders"].to_list() == pytest.approx([1, 4 / 3, *[5 / 3] * 10], rel=1e-12)
    assert curve["retention"].to_list() == pytest.approx([1, 5 / 3, *[2] * 10], rel=1e-12)
    assert curve["supported"].to_list() == [1, 2, 3, *[4] * 9]


@pytest.mark.parametrize(("horizon", "told"), [(1, 110), (2, 380 / 3), (3, 440 / 3), (24, 440 / 3)])
def test_a_shorter_horizon_ends_the_sum(dataset_of: DatasetOf, horizon: int, told: float) -> None:
    row = row_of(dataset_of(LAPSED), Query(as_of=1000, horizon=horizon))
    assert row["ltv"] == pytest.approx(told, rel=1e-12)
    assert row["within_months"] == horizon


@pytest.mark.parametrize(("horizon", "within"), [(12, 12), (32, 32), (33, 32), (60, 32)])
def test_a_longer_horizon_ends_where_nobody_was_seen(dataset_of: DatasetOf, horizon: int, within: int) -> None:
    """Day 1000 is the 1 001st day of anna: 32.89 months; 991 days of cleo are 32.56."""
    row = row_of(dataset_of(LAPSED), Query(as_of=1000, horizon=horizon))
    assert (row["within_months"], row["ltv"]) == (within, pytest.approx(440 / 3, rel=1e-12))


# --- some were seen for less ---------------------------------------------------------------------

ACTIVE = [
    ("paul", 800, 10, {"margin": 4}),
    ("quin", 800, 20, {"margin": 8}),
    ("quin", 835, 30, {"margin": 12}),  # month 1
    ("quin", 836, -4, {"margin": -2}),  # a refund in month 1
    ("quin", 885, 40, {"margin": 16}),  # 85 days: month 2
    ("quin", 895, 50, {"margin": 20}),  # 95 days: month 3
    ("quin", 899, -6, {"margin": -3}),  # so is this refund
    ("quin", 950, 60, {"margin": 24}),  # 150 days: month 4
    *(("rose", 890, 70, {"margin": 28}), ("rose", 990, 80, {"margin": 32})),  # month 3 is not complete on day 1000
    ("sven", 910, 90, {"margin": 36}),
]
"""By day 1000 paul and quin were seen for 201 days, 6 complete months (6.60), rose for 111, 3 (3.65), and sven for
91, 2 (2.99): N = 4, 4, 3, 2, 2, 2. X = 4, 1, 1, 1, 1, 0 and Z = 190, 26, 40, 44, 60, 0.

With G = 100 the cut is day 900: paul lapsed in month 0, quin is active and seen for 3 months, rose for less than one,
sven came after it. Y = 2, 1, 1, 0: S = 1, 1/2, 1/2, 1/2, of which the last rests on month 2."""
WATCHED = Query(as_of=1000, churn_gap=100, horizon=4)
FOUR = (42.88, 5 / 6, 2.5)
"""Within 4 months: R = 2.5, Σ X/N = 1 + 1/4 + 1/3 + 1/2 = 25/12, Σ Z/N = 47.5 + 6.5 + 40/3 + 22 = 268/3."""


def test_each_month_counts_those_who_were_seen_for_it(dataset_of: DatasetOf) -> None:
    row = row_of(dataset_of([sale[:3] for sale in ACTIVE]), WATCHED)
    assert factors_of(row) == pytest.approx((*FOUR, 268 / 3), rel=1e-12)
    assert (row["within_months"], row["retention_supported_months"]) == (4, 4)
    assert (row["customers"], row["counted"]) == (4, 4)


def test_up_to_the_last_month_that_was_seen(dataset_of: DatasetOf) -> None:
    """Months 4 and 5 add 1/2 order and 30: 31/12 and 358/3. S(4) = 1/2 · ∛(1/2), S(5) = S(4) · ∛(S(4) ÷ S(1))
    = 2^(−4/3) · ∛(2^(−1/3)) = 2^(−13/9)."""
    row = row_of(dataset_of([sale[:3] for sale in ACTIVE]), Query(as_of=1000, churn_gap=100))
    months = 2.5 + 2 ** (-4 / 3) + 2 ** (-13 / 9)
    assert factors_of(row) == pytest.approx((1432 / 31, 31 / 12 / months, months, 358 / 3), rel=1e-12)
    assert (row["within_months"], row["retention_supported_months"]) == (6, 4)


@pytest.mark.parametrize("horizon", [1, 4, 12, 24])
def test_ltv_at_equal_ages_whatever_the_horizon(dataset_of: DatasetOf, horizon: int) -> None:
    """47.5 after month 0, 47.5 + 6.5 + 40/3 after three, all of 358/3 after six; nobody was seen for twelve."""
    row = row_of(dataset_of(ACTIVE), Query(as_of=1000, churn_gap=100, horizon=horizon, margin=1.0))
    told = [row[f"ltv_{age}"] for age in (1, 3, 6)]
    assert told == [pytest.approx(v, rel=1e-12) for v in (47.5, 202 / 3, 358 / 3)]
    assert row["ltv_12"] is None


def test_all_time_figures_are_of_everybody(dataset_of: DatasetOf) -> None:
    """9 orders, 450 less 10 of refunds."""
    row = row_of(dataset_of(ACTIVE), WATCHED)
    assert (row["orders"], row["revenue"]) == (9, 440)
    assert row["average_check"] == pytest.approx(440 / 9)
    assert row["orders_per_customer"] == 9 / 4


def test_without_costs_ltv_is_gross(dataset_of: DatasetOf) -> None:
    row = row_of(dataset_of([sale[:3] for sale in ACTIVE]), WATCHED)
    assert (row["ltv"], row["margin"]) == (pytest.approx(268 / 3), pytest.approx(1))


def test_mapped_margin(dataset_of: DatasetOf) -> None:
    """Margins 76, 10, 16, 17 in the four months: 19 + 2.5 + 16/3 + 8.5 = 106/3, and the factor that makes it of
    268/3."""
    row = row_of(dataset_of(ACTIVE), WATCHED)
    assert factors_of(row) == pytest.approx((*FOUR, 106 / 3), rel=1e-12)
    assert row["margin"] == pytest.approx(106 / 268, rel=1e-12)


@pytest.mark.parametrize("mapped", [True, False])
def test_agreed_margin_goes_before_the_mapped_one(dataset_of: DatasetOf, mapped: bool) -> None:
    dataset = dataset_of(ACTIVE if mapped else [sale[:3] for sale in ACTIVE])
    assert dataset.margin_mapped is mapped
    row = row_of(dataset, replace(WATCHED, margin=0.4))
    assert factors_of(row) == pytest.approx((*FOUR, 0.4 * 268 / 3), rel=1e-12)
    assert row["margin"] == pytest.approx(0.4, rel=1e-12)


@pytest.mark.parametrize("margin", [None, 0.4])
def test_discounting_from_the_middle_of_each_month(dataset_of: DatasetOf, margin: float | None) -> None:
    """47.5, 6.5, 40/3 and 22 come after half, one and a half, … months, at 10 % a year."""
    factor = margin or 1
    told = sum(v / 1.1 ** ((k + 0.5) / 12) for k, v in enumerate((47.5, 6.5, 40 / 3, 22))) * factor
    dataset = dataset_of([sale[:3] for sale in ACTIVE])
    row = row_of(dataset, replace(WATCHED, margin=margin, discount=0.1))
    assert factors_of(row) == pytest.approx((*FOUR, told), rel=1e-12)
    assert row["margin"] == pytest.approx(told * 3 / 268, rel=1e-12)


# --- which months, and whose ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "months"),
    [(1, 0), (30, 0), (31, 1), (60, 1), (61, 2), (91, 2), (92, 3), (365, 11), (366, 12), (486, 15), (487, 16)],
)
def test_months_seen_at_their_boundaries(dataset_of: DatasetOf, days: int, months: int) -> None:
    """A month of 30.4375 days is over by the end of its 31st day, two are by that of the 61st, sixteen by the 487th;
    the day of the first order is the first of them."""
    query = Query(as_of=100 + days - 1, horizon=24)
    dataset = dataset_of([("anna", 100, 10)])
    assert dataset.snapshot(query).customers["seen"].to_list() == [months]
    row = row_of(dataset, query)
    assert row["within_months"] == months
    assert row["ltv"] == (10 if months else None)


def spread_out(*seen: tuple[int, int]) -> list[tuple[str, int, int]]:
    """Customers as (how many, seen for how many days up to day 1000), who buy once for 6."""
    return [(f"{days} {i}", 1001 - days, 6) for many, days in seen for i in range(many)]


@pytest.mark.parametrize(("older", "within"), [(1, 1), (2, 2), (3, 2)])
def test_a_month_counts_while_a_tenth_were_seen_for_it(dataset_of: DatasetOf, older: int, within: int) -> None:
    """Twenty were seen for a month, so that two have to be seen for the next one."""
    dataset = dataset_of(spread_out((20 - older, 31), (older, 61)))
    assert row_of(dataset, Query(as_of=1000))["within_months"] == within


@pytest.mark.parametrize(("older", "within"), [(29, 1), (30, 2)])
def test_thirty_are_always_enough(dataset_of: DatasetOf, older: int, within: int) -> None:
    dataset = dataset_of(spread_out((400, 31), (older, 61)))
    assert row_of(dataset, Query(as_of=1000))["within_months"] == within


def test_those_too_young_to_be_seen_for_a_month_change_nothing(dataset_of: DatasetOf) -> None:
    """Of 35 customers a tenth would be four, but fifteen have not been seen for a month."""
    old = spread_out((18, 31), (2, 61))
    young = spread_out((15, 30))
    row, all_of_them = (row_of(dataset_of(sales), Query(as_of=1000)) for sales in (old, [*old, *young]))
    assert (row["within_months"], row["ltv"], row["customers"]) == (2, 6, 20)
    assert (all_of_them["within_months"], all_of_them["ltv"], all_of_them["customers"]) == (2, 6, 35)


# --- edges ---------------------------------------------------------------------------------------


def test_one_customer_who_left(dataset_of: DatasetOf) -> None:
    """Two orders 40 days apart: S = 1, 1, 0, one order a month of two, and LTV is what he brought."""
    row = row_of(dataset_of([("anna", 0, 100), ("anna", 40, 50)]), Query(as_of=1000))
    assert factors_of(row) == pytest.approx((75, 1, 2, 150), rel=1e-12)
    assert (row["within_months"], row["few"]) == (12, True)


@pytest.mark.parametrize(
    ("as_of", "within", "retention", "supported"),
    [
        # No gap: G = 365. Until one month is over at the cut nothing is known of retention, and S stays 1.
        (130, 1, 1, 1),
        (464, 11, 11, 1),  # the 365th day: 11.99 months
        (465, 12, 12, 1),
        (495, 12, 12, 1),  # the cut is day 130: 30 days
        (496, 12, 1, 2),  # 31 days: lapsed in month 0, and S(1) = 0
    ],
)
def test_one_order_long_ago(dataset_of: DatasetOf, as_of: int, within: int, retention: int, supported: int) -> None:
    row = row_of(dataset_of([("anna", 100, 12.5)]), Query(as_of=as_of))
    assert factors_of(row) == pytest.approx((12.5, 1 / retention, retention, 12.5))
    assert (row["within_months"], row["retention_supported_months"]) == (within, supported)


def test_thirty_days_are_no_month(dataset_of: DatasetOf) -> None:
    row = row_of(dataset_of([("anna", 100, 12.5)]), Query(as_of=129))
    assert factors_of(row) == (None, None, None, None)
    assert (row["within_months"], row["retention_supported_months"], row["revenue"]) == (0, 0, 12.5)


def test_a_shop_of_one_day(dataset_of: DatasetOf) -> None:
    """Everybody bought today: nothing was observed yet, so nothing but the all-time figures is shown."""
    dataset = dataset_of([("anna", 100, 10), ("bert", 100, 20), ("bert", 100, 30)])
    row = row_of(dataset, Query())
    assert (row["customers"], row["orders"], row["revenue"], row["average_check"]) == (2, 3, 60, 20)
    assert factors_of(row) == (None, None, None, None)
    assert dataset.snapshot(Query()).churn_gap.days == 365


@pytest.mark.parametrize(
    "by",
    [
        (),
        ("tier",),
    ],
)
def test_nothing_observed_is_within_no_month(dataset_of: DatasetOf, by: tuple[str, ...]) -> None:
    """τ counts months for which somebody was seen; here there is none."""
    rows = dataset_of([("anna", 100, 10)]).ask(profile, Query(), by)
    assert rows["within_months"].to_list() == [0]


def test_an_empty_part_of_the_shop(dataset_of: DatasetOf) -> None:
    """One customer is VIP: of economy there is nobody."""
    dataset = dataset_of([("anna", 0, 10)])
    row = row_of(dataset, Query(as_of=500) & Filter("tier", "economy"))
    assert (row["customers"], row["orders"], row["revenue"]) == (0, 0, 0)
    assert factors_of(row) == (None, None, None, None)
    assert (row["average_check"], row["orders_per_customer"], row["customer_share"]) == (None, None, None)
    assert dataset.ask(profile, Query(as_of=500) & Filter("tier", "economy"), ("first year",)).height == 0


def test_refunds_larger_than_orders(dataset_of: DatasetOf) -> None:
    """10 − 30: one order, revenue −20, and a share of a negative whole is none."""
    row = row_of(dataset_of([("anna", 0, 10), ("anna", 3, -30)]), Query(as_of=1000))
    assert factors_of(row) == pytest.approx((-20, 1, 1, -20))
    assert (row["revenue"], row["average_check"], row["revenue_share"]) == (-20, -20, None)


def test_an_order_given_back_in_full(dataset_of: DatasetOf) -> None:
    """Still a customer with an order, worth nothing."""
    row = row_of(dataset_of([("anna", 0, 10), ("anna", 3, -10)]), Query(as_of=1000))
    assert factors_of(row) == pytest.approx((0, 1, 1, 0))
    assert (row["customers"], row["orders"]) == (1, 1)


def test_free_orders_only(dataset_of: DatasetOf) -> None:
    row = row_of(dataset_of([("anna", 0, 0), ("anna", 0, 0)]), Query(as_of=1000))
    assert factors_of(row) == pytest.approx((0, 2, 1, 0))


def test_what_comes_after_the_as_of_day_is_not_known(dataset_of: DatasetOf) -> None:
    dataset = dataset_of([*LAPSED, ("bert", 1001, 500), ("dora", 1001, 500), ("anna", 1001, -50)])
    assert factors_of(row_of(dataset, Query(as_of=1000))) == pytest.approx((88, 5 / 6, 2, 440 / 3))
    assert row_of(dataset, Query(as_of=1000))["customers"] == 3


def test_parts_of_the_shop_keep_its_churn_gap(dataset_of: DatasetOf) -> None:
    """bert never came back; measured over his orders alone the gap would be a year."""
    sales = [(*sale, {"channel": "shop" if sale[0] == "bert" else "web"}) for sale in LAPSED]
    part = dataset_of(sales).snapshot(Query(as_of=1000) & Filter("channel", "shop"))
    assert part.described["id"].to_list() == ["bert"]
    assert part.churn_gap.days == 85  # gaps 40 and 90: 40 + 0.9 · 50


def test_a_part_is_worth_the_same_alone_as_in_the_table(dataset_of: DatasetOf) -> None:
    """web: anna and cleo, 150 + 260 by two; shop: bert, 30."""
    sales = [(*sale, {"channel": "shop" if sale[0] == "bert" else "web"}) for sale in LAPSED]
    dataset, query = dataset_of(sales), Query(as_of=1000)
    table = dataset.ask(profile, query, ("channel",))
    assert dict(table.select("channel", "ltv").iter_rows()) == {"web": pytest.approx(205), "shop": pytest.approx(30)}
    for channel, told in (("web", 205), ("shop", 30)):
        assert row_of(dataset, query & Filter("channel", channel))["ltv"] == pytest.approx(told)


def test_unknown_is_a_segment_of_its_own(dataset_of: DatasetOf) -> None:
    """anna 150 of a known channel, bert and cleo 290 of none."""
    sales = [(*sale, {"channel": "web" if sale[0] == "anna" else None}) for sale in LAPSED]
    rows = dataset_of(sales).ask(profile, Query(as_of=1000), ("channel",))
    assert rows["channel"].to_list() == [None, "web"]
    assert rows["ltv"].to_list() == pytest.approx([145, 150])
    assert rows["customers"].to_list() == [2, 1]


def test_pairs_of_dimensions(dataset_of: DatasetOf) -> None:
    """Tier and channel: anna 150 and cleo 260 by web, bert 30 by shop. Rank 1 is VIP, rank 2 middle."""
    sales = [(*sale, {"channel": "shop" if sale[0] == "bert" else "web"}) for sale in LAPSED]
    rows = dataset_of(sales).ask(profile, Query(as_of=1000), ("tier", "channel"))
    found = rows.select("tier", "channel", "customers", "revenue", "ltv").rows()
    assert found == [
        ("VIP", "web", 1, 260, pytest.approx(260)),
        ("middle", "web", 1, 150, pytest.approx(150)),
        ("economy", "shop", 1, 30, pytest.approx(30)),
    ]


def test_few_is_below_thirty(dataset_of: DatasetOf) -> None:
    """29 of a, 30 of b."""
    sales = [(f"{c}{i}", 0, 1, {"channel": c}) for c, n in (("a", 29), ("b", 30)) for i in range(n)]
    rows = dataset_of(sales).ask(profile, Query(as_of=500), ("channel",))
    assert dict(rows.select("channel", "few").iter_rows()) == {"a": True, "b": False}


def test_ratio_of_sums_not_mean_of_ratios(dataset_of: DatasetOf) -> None:
    """One order of 100, three of 10: 130 / 4, not (100 + 10) / 2."""
    dataset = dataset_of([("a", 0, 100), *[("b", 0, 10)] * 3])
    assert row_of(dataset, Query(as_of=500))["average_check"] == 32.5


def test_the_identity_of_historic_ltv(dataset_of: DatasetOf) -> None:
    """Average check × orders per month × L × margin = what a customer brought, customer by customer."""
    snapshot = dataset_of(LAPSED + REFUNDS).snapshot(Query(as_of=1000, margin=0.5))
    told = {"anna": (145, 2, 2), "bert": (20, 1, 1), "cleo": (200, 2, 3)}
    for row in listed(snapshot).rows.iter_rows(named=True):
        revenue, orders, months = told[row["id"]]
        assert (row["revenue"], row["orders"], row["months"]) == (revenue * MONEY_SCALE, orders, months)
        product = row["average_check"] * (row["orders"] / row["months"]) * row["months"] * snapshot.margin
        assert product == pytest.approx(revenue * 0.5)
