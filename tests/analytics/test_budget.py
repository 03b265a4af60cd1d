"""What may be paid for a customer: shops worked out by hand, and laws that hold for any shop."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from ltvtui.analytics.budget.budget import Budget, budget
from ltvtui.analytics.budget.rows import ADVICE, FIGURES
from ltvtui.analytics.budget.spend import ChannelNames, Spend, channel_dimension, check_aliases
from ltvtui.analytics.budget.terms import BudgetTerms
from ltvtui.analytics.schema import MONEY_SCALE, SPEND
from ltvtui.analytics.segments import profile
from ltvtui.analytics.summaries import aggregate_of
from ltvtui.errors import LtvError
from ltvtui.query.query import Filter, Query
from ltvtui.session.budget import budget_of, spend_of
from ltvtui.session.dataset import Dataset

DatasetOf = Callable[..., Dataset]

PAIR = (
    # Of two: 10 each at once, 6 in month 1, 4 in month 2: M = 10, 13, 15, and both have left long ago.
    *(("a", 0, 10), ("a", 31, 6), ("a", 62, 4)),
    ("b", 0, 10),
)
LONG_AGO = Query(as_of=2000, churn_gap=40)
LATER = Query(as_of=430, churn_gap=30)


def sold(sales: Iterable[tuple[str, int, float]], channel: str | None, times: int = 1, later: int = 0) -> list[Any]:
    """`sales` by as many groups of customers of their own, who came by `channel`."""
    return [
        (f"{channel} {copy} {who}", day + later, amount, {"channel": channel})
        for copy in range(times)
        for who, day, amount in sales
    ]


def of_day(day: int | str) -> int:
    return (date.fromisoformat(day) - date(1970, 1, 1)).days if isinstance(day, str) else day


def spent(*rows: tuple[int | str, str | None, float]) -> Spend:
    """Spend of (day, channel, currency units)."""
    amounts = [(of_day(day), channel, round(amount * MONEY_SCALE)) for day, channel, amount in rows]
    return Spend(pl.DataFrame(amounts, schema=SPEND, orient="row"))


def row(found: Budget, channel: str | None = "ads") -> dict[str, Any]:
    rows: list[dict[str, Any]] = found.rows.filter(pl.col("channel").eq_missing(channel)).to_dicts()
    assert len(rows) == 1
    return rows[0]


def ask(dataset: Dataset, spend: Spend | None = None, query: Query = LONG_AGO, **terms: Any) -> Budget:
    return budget(dataset.snapshot(query), spend, BudgetTerms(**terms))


@pytest.fixture(scope="module")
def pair(dataset_of: DatasetOf) -> Dataset:
    return dataset_of(sold(PAIR, "ads"))


@pytest.mark.parametrize(
    ("amount", "cac", "payback"),
    [
        (0, 0, 0),
        (18, 9, 0),  # M0 = 10 covers it
        (20, 10, 0),
        (24, 12, 2 / 3),  # 0 + (12 - 10) / (13 - 10)
        (26, 13, 1),
        (28, 14, 1.5),  # 1 + (14 - 13) / (15 - 13)
        (30, 15, 2),
        (32, 16, None),  # 15 is all they ever bring
    ],
)
def test_payback_is_interpolated_between_months(
    pair: Dataset, amount: float, cac: float, payback: float | None
) -> None:
    found = row(ask(pair, spent((0, "ads", amount))))
    assert (found["cac"], found["spend"], found["new_customers"]) == (cac, amount, 2)
    assert found["payback_months"] == (payback if payback is None else pytest.approx(payback))
    assert found["payback_observed_to"] == 12  # both were seen for years
    assert found["ltv"] == 15


def test_nothing_spent_is_free_and_has_no_ratio(pair: Dataset) -> None:
    found = row(ask(pair, spent((0, "ads", 0))))
    assert (found["cac"], found["payback_months"], found["ltv_cac"]) == (0, 0, None)
    assert found["headroom"] == found["max_cac"] == 5  # 15 / 3


def test_the_largest_cac_is_the_smaller_of_two(pair: Dataset) -> None:
    costs = spent((0, "ads", 24))
    by_ratio = row(ask(pair, costs, target=2))
    assert (by_ratio["max_cac"], by_ratio["headroom"], by_ratio["ltv_cac"]) == (7.5, -4.5, 1.25)  # 15 / 2, 15 / 12
    by_payback = row(ask(pair, costs, target=1, payback_limit=1))
    assert by_payback["max_cac"] == 13  # M1, for 15 comes too late
    beyond = row(ask(pair, costs, target=1, payback_limit=24))
    assert beyond["max_cac"] == 15  # M2, after which nothing comes


def test_payback_is_followed_beyond_the_horizon_up_to_its_limit(pair: Dataset) -> None:
    query = Query(as_of=2000, churn_gap=40, horizon=2)
    found = row(ask(pair, spent((0, "ads", 28)), query, payback_limit=3))
    assert found["ltv"] == 13  # M1
    assert found["payback_months"] == pytest.approx(1.5)
    short = row(ask(pair, spent((0, "ads", 28)), query, payback_limit=2))
    assert (short["payback_months"], short["payback_observed_to"]) == (None, 2)


def test_curves_are_cumulative_margin(pair: Dataset) -> None:
    found = ask(pair, query=Query(as_of=2000, churn_gap=40, margin=0.5))
    margins = [5.0, 6.5, *[7.5] * 10]
    assert found.curves.rows() == [("ads", month, margin) for month, margin in enumerate(margins)]
    assert found.blended_curve.rows() == list(enumerate(margins))


def test_refunds_reduce_what_comes_back(dataset_of: DatasetOf) -> None:
    # 10 each; a gives 8 back in month 1 and buys for 12 in month 2: M = 10, 6, 12.
    dataset = dataset_of(sold((("a", 0, 10), ("a", 31, -8), ("a", 62, 12), ("b", 0, 10)), "ads"))
    found = ask(dataset, spent((0, "ads", 22)))
    assert found.curves["margin"].to_list() == pytest.approx([10, 6, *[12] * 10])
    assert row(found)["payback_months"] == pytest.approx(1 + (11 - 6) / (12 - 6))


def test_later_money_is_discounted_and_the_price_is_not(pair: Dataset) -> None:
    query = Query(as_of=2000, churn_gap=40, discount=0.21)
    m0 = 10 / 1.21 ** (0.5 / 12)
    m1 = m0 + 3 / 1.21 ** (1.5 / 12)
    found = row(ask(pair, spent((0, "ads", 24)), query))
    assert found["cac"] == 12
    assert found["payback_months"] == pytest.approx((12 - m0) / (m1 - m0))
    assert found["ltv"] == pytest.approx(m1 + 2 / 1.21 ** (2.5 / 12))


@pytest.mark.parametrize(
    ("amount", "verdict"),
    [
        (132, "scale"),
        (132.3, "hold"),
        (170.1, "hold"),
        (170.4, "reduce"),
        (510.6, "reduce"),
        (510.9, "pause"),
        (0, "no spend"),
        (None, "no spend"),
    ],
)
def test_verdicts(dataset_of: DatasetOf, amount: float | None, verdict: str) -> None:
    """15 customers bring 20 and 15 bring 10: LTV 15, max CAC 5. Of 30 groups of one, SE² = 29 ÷ 30 · 30 · (5 ÷ 29)²
    = 25 ÷ 29; t(.975, 29) = 2.045230, so that LTV lies in 15 · exp(± 0.126597) = 13.2163 … 17.0244, and max
    CAC in 4.40545 … 5.67480."""
    dataset = dataset_of(sold(PAIR, "ads", 15))
    costs = None if amount is None else spent((0, "ads", amount))
    found = ask(dataset, costs)
    told = row(found)
    assert told["verdict"] == verdict
    assert found.blended["verdict"].to_list() == [verdict]
    assert (told["ltv_lower"], told["ltv_upper"]) == pytest.approx((13.2163, 17.0244), abs=1e-4)
    assert (told["max_cac_lower"], told["max_cac_upper"]) == pytest.approx((4.40545, 5.67480), abs=1e-5)


def test_few_customers_have_figures_and_no_verdict(pair: Dataset) -> None:
    found = row(ask(pair, spent((0, "ads", 2))))
    assert (found["cac"], found["verdict"]) == (1, "few")


def test_what_was_not_seen_is_not_known(dataset_of: DatasetOf) -> None:
    """By the end of day 29 nobody was seen for a month of 30.4375 days."""
    found = row(ask(dataset_of(sold(PAIR, "ads", 15)), spent((0, "ads", 1)), Query(as_of=29, churn_gap=40)))
    figures = ("ltv", "ltv_lower", "ltv_cac", "payback_months", "max_cac", "headroom")
    assert [found[name] for name in figures] == [None] * 6
    assert (found["payback_observed_to"], found["verdict"], found["cac"]) == (0, "wait", 1 / 30)


@pytest.mark.parametrize(("as_of", "verdict"), [(364, "wait"), (365, "pause")])
def test_nobody_is_judged_before_the_horizon_is_seen(dataset_of: DatasetOf, as_of: int, verdict: str) -> None:
    """Twelve months of 30.4375 days are over with the end of day 365. Each of 30 costs 40 and brings 15."""
    found = row(ask(dataset_of(sold(PAIR, "ads", 15)), spent((0, "ads", 1200)), Query(as_of=as_of, churn_gap=40)))
    assert (found["ltv"], found["ltv_cac"], found["verdict"]) == (15, 0.375, verdict)
    assert (found["max_cac"] is None) == (found["headroom"] is None) == (verdict == "wait")
    assert found["within_months"] == 11 + (verdict == "pause")


def test_paid_and_blended(dataset_of: DatasetOf) -> None:
    """30 come by ads, which cost 120, and 60 by mail, which costs nothing; 5 were spent on nobody's channel."""
    dataset = dataset_of([*sold(PAIR, "ads", 15), *sold((("a", 0, 30),), "mail", 60)])
    found = ask(dataset, spent((0, "ads", 120), (0, "tv", 5)))
    paid, blended = (rows.row(0, named=True) for rows in (found.paid, found.blended))
    assert (paid["new_customers"], paid["spend"], paid["cac"], paid["ltv"]) == (30, 120, 4, 15)
    assert (paid["max_cac"], paid["verdict"]) == (5, "scale")
    assert (blended["new_customers"], blended["spend"], blended["cac"]) == (90, 125, 125 / 90)
    assert (blended["ltv"], blended["free_share"]) == pytest.approx((25, 60 / 90))


def test_customers_count_while_spend_is_known(dataset_of: DatasetOf) -> None:
    """Spend is known of June alone: who came in May or in July costs what nobody knows."""
    days = {month: of_day(f"2024-{month:02}-15") for month in (5, 6, 7)}
    dataset = dataset_of(
        [sale for month, day in days.items() for sale in sold(PAIR, f"ads {month}", month, later=day)]
    )
    costs = spent(("2024-06-01", None, 120))
    found = ask(dataset, costs, Query(as_of=days[7] + 800, churn_gap=40))
    assert found.blended.select("new_customers", "spend", "cac").row(0) == (12, 120, 10)
    assert found.period == (of_day("2024-06-01"), of_day("2024-06-30"))
    assert found.left_out == 10 + 14
    earlier = ask(dataset, costs, Query(as_of=days[7] + 800, churn_gap=40), since=days[7])
    assert (earlier.blended["new_customers"][0], earlier.left_out, earlier.outside) == (0, 14, 120)


@pytest.mark.parametrize(
    ("days", "bucket", "last"),
    [
        (["2024-03-05"], "month", "2024-03-31"),
        (["2024-01-01", "2024-02-01"], "month", "2024-02-29"),
        (["2024-01-15", "2024-02-14", "2024-03-16"], "month", "2024-03-31"),
        (["2024-01-01", "2024-04-01", "2024-10-01"], "quarter", "2024-12-31"),
        (["2023-01-01", "2024-01-01"], "year", "2024-12-31"),
        (["2024-01-03", "2024-01-10", "2024-01-24"], "week", "2024-01-30"),
        (["2024-01-01", "2024-01-02", "2024-01-03"], "day", "2024-01-03"),
    ],
)
def test_until_when_spend_is_known(days: list[str], bucket: str, last: str) -> None:
    spend = spent(*((day, "ads", 1) for day in days))
    assert spend.bucket == bucket
    assert spend.covered_days is not None
    assert spend.covered_days[1] == of_day(last)


def test_spend_of_months_tells_nothing_of_weeks(dataset_of: DatasetOf) -> None:
    dataset = dataset_of(sold(PAIR, "ads", 15) + sold(PAIR, "ads later", 15, later=31))
    costs = spent(("1970-01-01", "ads", 130), ("1970-02-01", "ads", 130))
    weeks, months = (ask(dataset, costs, dimension=f"first {bucket}") for bucket in ("week", "month"))
    assert (weeks.too_coarse, months.too_coarse) == ("month", "")
    assert weeks.rows.select(ADVICE).row(0) == (None,) * len(ADVICE)
    assert months.rows["verdict"].to_list() == ["scale", "scale"]  # 130 of 30 are 4.33, below 4.405


def test_a_marginal_cac_is_not_told_of_quarters(dataset_of: DatasetOf) -> None:
    firsts = [of_day(f"{1970 + n // 4}-{n % 4 * 3 + 1:02}-01") for n in range(16)]
    dataset = dataset_of([(f"c{day}", day, 10, {"channel": "ads"}) for day in firsts])
    costs = spent(*((day, "ads", 100 + n * 10) for n, day in enumerate(firsts)))
    (told,) = ask(dataset, costs, Query(as_of=3000, churn_gap=40)).marginals
    assert (told.cac, told.why_not) == (None, "spend is booked by quarter, not by month")


def test_nothing_is_known_where_nothing_is_booked() -> None:
    assert spent().covered_days is None


def test_channels_stand_by_what_they_gain_and_the_unknown_last(dataset_of: DatasetOf) -> None:
    channels = ("dear", "cheap", "free of charge", None)
    dataset = dataset_of([sale for channel in channels for sale in sold(PAIR, channel, 15)])
    found = ask(dataset, spent((0, "dear", 600), (0, "cheap", 30), (0, None, 70), (0, "tv", 5)))
    assert found.rows["channel"].to_list() == ["cheap", "dear", "free of charge", None]
    assert found.rows["cac"].to_list() == [1, 20, None, None]
    assert found.spend_without_customers.rows() == [(None, 70.0), ("tv", 5.0)]
    assert found.customers_without_spend.rows() == [("free of charge", 30), (None, 30)]
    assert found.blended.row(0)[:4] == (None, 120, 705.0, 705 / 120)
    assert found.rows.columns == found.paid.columns == ["channel", *FIGURES]
    assert found.blended.columns == ["channel", *FIGURES, "free_share"]


def test_names_are_matched_by_alias_then_exactly_then_whatever_the_case(dataset_of: DatasetOf) -> None:
    dataset = dataset_of(
        sold(PAIR, "facebook") + sold(PAIR, " Email", 3) + sold(PAIR, "email") + sold(PAIR, "EMAIL", 2)
    )
    costs = spent((0, " FaceBook ", 1), (0, "fb", 2), (0, "email", 4), (0, "E-Mail", 8), (0, "eMail", 16))
    found = ask(dataset, costs, aliases=(("FB", "Facebook"), ("e-mail", "EMAIL")))
    assert dict(found.rows.select("channel", "spend").rows()) == {
        "facebook": 3.0,  # whatever the case, and by alias
        "email": 4.0,  # the very name
        "EMAIL": 8.0,  # by alias
        " Email": 16.0,  # no very name: of those that differ in case, the one with most customers
    }
    assert found.spend_without_customers.is_empty()


def test_an_alias_goes_before_the_name_itself() -> None:
    names = ChannelNames({"email": 1, "ads": 2}, [("email", "ads")])
    assert [names.channel(name) for name in ("email", "ads", "tv", None)] == ["ads", "ads", None, None]


def test_aliases_of_nothing_are_refused() -> None:
    costs = spent((0, "fb", 1), (0, None, 1))
    check_aliases([("FB", "Facebook")], costs, ["facebook"])
    with pytest.raises(LtvError, match="under 'gg'") as caught:
        check_aliases([("gg", "facebook")], costs, ["facebook"])
    assert (caught.value.mend, caught.value.exit_code) == ("Choose from: fb.", 2)
    with pytest.raises(LtvError, match="came through 'tv'"):
        check_aliases([("fb", "tv")], costs, ["facebook"])


@pytest.mark.parametrize(
    ("since", "until", "new", "spend"),
    [
        (None, None, 4, 31),
        (None, 99, 2, 3),  # day 100 is out
        (100, None, 2, 12 + 16),  # 28 from day 100 on
        (100, 149, 2, 12),
        (1, 99, 0, 2),
        (500, 600, None, None),  # neither customers nor spend: no row
    ],
)
def test_a_period_of_acquisition(
    dataset_of: DatasetOf, since: int | None, until: int | None, new: int | None, spend: float | None
) -> None:
    dataset = dataset_of(sold(PAIR, "ads") + sold(PAIR, "ads later", later=100))
    costs = spent((0, "ads", 1), (60, "ads", 2), (100, "ads", 12), (150, "ads", 16))
    alias = (("x", "y"),)
    found = ask(dataset, costs, dimension="first year", since=since, until=until, aliases=alias)
    assert (found.blended["spend"][0] or None) == spend
    assert found.blended["new_customers"][0] == (new or 0)
    assert found.outside == 31 - (spend or 0)
    if new and spend:
        assert found.blended["cac"][0] == spend / new


def test_spend_of_a_period_that_brought_nobody(dataset_of: DatasetOf) -> None:
    dataset = dataset_of(sold(PAIR, "ads") + sold(PAIR, "mail", later=100))
    found = ask(dataset, spent((100, "ads", 8), (100, "mail", 4)), since=90)
    lost = row(found)
    assert (lost["new_customers"], lost["spend"], lost["cac"], lost["payback_months"]) == (0, 8, None, None)
    assert found.blended.select("new_customers", "spend", "cac").row(0) == (2, 12, 6)


def test_nothing_after_the_as_of_day_counts(pair: Dataset) -> None:
    found = ask(pair, spent((0, "ads", 2), (2001, "ads", 8)), until=3000)
    assert (row(found)["spend"], found.outside) == (2, 8)


def test_months_of_acquisition(dataset_of: DatasetOf) -> None:
    jan, feb, mar = (of_day(f"2024-{month:02d}-01") for month in (1, 2, 3))
    dataset = dataset_of(sold(PAIR, "ads", later=jan + 14) + sold(PAIR, "mail", later=mar + 30))
    costs = spent(("2024-01-01", "ads", 20), ("2024-02-01", "ads", 7), ("2024-03-01", None, 4))
    found = ask(dataset, costs, Query(as_of=feb + 2000, churn_gap=40), dimension="first month")
    assert found.rows.select("channel", "new_customers", "spend", "cac").rows() == [
        ("2024-01", 2, 20, 10),
        ("2024-03", 2, 4, 2),
    ]
    assert found.spend_without_customers.rows() == [("2024-02", 7)]
    assert found.blended["spend"][0] == 31


def test_without_any_spend_all_is_unknown(dataset_of: DatasetOf) -> None:
    found = ask(dataset_of(sold(PAIR, "ads", 15)))
    told = row(found)
    assert [told[name] for name in ("spend", "cac", "ltv_cac", "payback_months", "headroom")] == [None] * 5
    assert (told["ltv"], told["max_cac"], told["verdict"]) == (15, 5, "no spend")
    assert found.blended["spend"].to_list() == [None]


def test_without_a_channel_everybody_is_of_unknown_channel(dataset_of: DatasetOf) -> None:
    dataset = dataset_of([("a", 0, 10), ("b", 0, 20)])
    found = ask(dataset, spent((0, "ads", 10)))
    assert found.terms.dimension is None
    assert found.rows.select("channel", "new_customers", "spend", "ltv").rows() == [(None, 2, None, 15)]
    assert found.spend_without_customers.rows() == [("ads", 10)]
    assert found.blended.select("cac", "ltv_cac").row(0) == (5, 3)


def test_the_channel_is_the_attribute_that_knows_the_spend(dataset_of: DatasetOf) -> None:
    people = [{"customer_id": who, "source": "import", "country": "DK"} for who in ("a", "b")]
    dataset = dataset_of([("a", 0, 1, {"channel": "ads"}), ("b", 0, 1, {"channel": "mail"})], people)
    assert channel_dimension(dataset.people, spent((0, "ads", 1))) == "channel"
    assert channel_dimension(dataset.people, spent((0, "Import", 1))) == "source"
    assert channel_dimension(dataset.people, spent((0, "tv", 1))) == "source"  # the customers' own goes first
    assert channel_dimension(dataset_of([("a", 0, 1)]).people, spent((0, "tv", 1))) is None


def test_ltv_is_what_explore_shows(dataset_of: DatasetOf) -> None:
    sales = [(f"c{n}", n * 3, 5 + n % 7, {"channel": f"x{n % 3}"}) for n in range(150)]
    sales += [(f"c{n}", n * 3 + 40 + n % 50, 9.99, {"channel": "again"}) for n in range(0, 150, 2)]
    dataset = dataset_of(sales)
    for query in (Query(margin=0.3, discount=0.1), Query(horizon=3), Query(horizon=1)):
        snapshot = dataset.snapshot(query)
        told = dict(profile(snapshot, ("channel",)).select(pl.col("channel").cast(pl.String), "ltv").rows())
        found = budget(snapshot, None, BudgetTerms(payback_limit=6))
        assert dict(found.rows.select("channel", "ltv").rows()) == told
        assert found.blended["ltv"].to_list() == profile(snapshot)["ltv"].to_list()


def test_terms_changed_live_ask_a_longer_look_only_once(pair: Dataset) -> None:
    snapshot = pair.snapshot(Query(as_of=2000, churn_gap=40, horizon=2))
    budget(snapshot, None, BudgetTerms(payback_limit=9))
    longer = aggregate_of(snapshot.over(9), "tier")
    budget(snapshot, None, BudgetTerms(payback_limit=9, target=2))
    assert aggregate_of(snapshot.over(9), "tier") is longer
    assert snapshot.over(2) is snapshot
    dearer = pair.snapshot(Query(as_of=2000, churn_gap=40, horizon=2, discount=0.5)).over(9)
    assert (dearer.terms.discount, dearer.terms.horizon) == (0.5, 9)


# --- laws ----------------------------------------------------------------------------------------------

NAMES = st.sampled_from(["ads", "mail", "Ads ", "tv", None])
AMOUNTS = st.integers(0, 40).map(lambda n: n * 2.5)
CHANNEL = st.sampled_from(["ads", "mail", None])
DAYS = st.integers(0, 400)
SALES = st.lists(st.tuples(st.integers(0, 40), DAYS, st.integers(1, 50), CHANNEL), min_size=1, max_size=80)
COSTS = st.lists(st.tuples(DAYS, NAMES, AMOUNTS), max_size=12)
laws = settings(max_examples=examples(40))  # each example opens a shop


def shop_of(dataset_of: DatasetOf, sales: list[tuple[int, int, int, str | None]]) -> Dataset:
    return dataset_of([(f"c{who}", day, amount, {"channel": channel}) for who, day, amount, channel in sales])


def all_spend(found: Budget) -> float:
    return float(found.rows["spend"].sum() + found.spend_without_customers["amount"].sum())


@laws
@given(sales=SALES, costs=COSTS, period=st.tuples(DAYS, DAYS))
def test_no_spend_is_lost(dataset_of: DatasetOf, sales: list[Any], costs: list[Any], period: tuple[int, int]) -> None:
    dataset = shop_of(dataset_of, sales)
    query = Query(as_of=max(day for _, day, *_ in sales), churn_gap=30)
    for dimension in (None, "first month"):
        found = ask(dataset, spent(*costs), query, dimension=dimension, since=min(period), until=max(period))
        whole = found.blended["spend"][0] or 0
        assert all_spend(found) == pytest.approx(whole)
        assert whole + found.outside == pytest.approx(sum(amount for *_, amount in costs))
        assert found.rows["new_customers"].sum() == found.blended["new_customers"][0]


@laws
@given(sales=SALES, low=st.floats(0.05, 1), high=st.floats(0.05, 1), target=st.floats(1, 5), limit=st.integers(1, 14))
def test_more_margin_never_allows_less(
    dataset_of: DatasetOf, sales: list[Any], low: float, high: float, target: float, limit: int
) -> None:
    dataset = shop_of(dataset_of, sales)
    allowed = []
    for margin in sorted((low, high)):
        found = ask(dataset, None, Query(as_of=420, churn_gap=30, margin=margin), target=target, payback_limit=limit)
        allowed.append(dict(found.rows.select("channel", "max_cac").rows()))
    less, more = allowed
    for channel, most in less.items():
        assert most is None or more[channel] >= most - 1e-9


@laws
@given(sales=SALES, some=AMOUNTS, more=AMOUNTS)
def test_who_costs_less_is_paid_back_sooner(
    dataset_of: DatasetOf, sales: list[Any], some: float, more: float
) -> None:
    dataset = shop_of(dataset_of, sales)
    query = Query(as_of=420, churn_gap=30)
    cheap, dear = (ask(dataset, spent((0, "ads", a)), query).blended.row(0, named=True) for a in sorted((some, more)))
    assert dear["payback_months"] is None or cheap["payback_months"] <= dear["payback_months"] + 1e-9
    for found in (cheap, dear):
        assert (found["payback_months"] is None) == (found["ltv"] is None or found["cac"] > found["ltv"])


@laws
@given(sales=SALES, months=st.tuples(st.integers(0, 14), st.integers(0, 14)))
def test_a_period_is_that_of_its_customers_alone(
    dataset_of: DatasetOf, sales: list[Any], months: tuple[int, int]
) -> None:
    """Months that are added up tell the same as the customers of those months, picked out one by one."""
    dataset = shop_of(dataset_of, sales)
    first, last = sorted(months)
    since, until = (of_day(f"{1970 + m // 12}-{m % 12 + 1:02}-01") for m in (first, last + 1))
    told = ["channel", "new_customers", "ltv", "payback_observed_to"]
    found = ask(dataset, None, LATER, since=since, until=until - 1)
    theirs = dataset.snapshot(LATER).where(pl.col("first").is_between(since, until - 1))
    alone = budget(theirs)
    assert_frame_equal(found.rows.select(told), alone.rows.select(told), check_row_order=False)
    assert_frame_equal(found.blended_curve, alone.blended_curve)


@laws
@given(sales=SALES, costs=COSTS, then=st.sampled_from(["orders band", "first month", "tier"]))
def test_parts_make_up_their_channel(dataset_of: DatasetOf, sales: list[Any], costs: list[Any], then: str) -> None:
    dataset = shop_of(dataset_of, sales)
    whole = ask(dataset, spent(*costs), LATER).rows.filter(pl.col("new_customers") > 0)
    parts = ask(dataset, spent(*costs), LATER, then=then).rows
    sums = parts.group_by("channel").agg(pl.col("new_customers").sum(), pl.col("cac").unique())
    assert sorted(sums["channel"].to_list(), key=str) == sorted(whole["channel"].to_list(), key=str)
    for channel, customers, costs_each in sums.rows():
        (same,) = whole.filter(pl.col("channel").eq_missing(channel)).to_dicts()
        assert (customers, costs_each) == (same["new_customers"], [same["cac"]])
    assert parts["spend"].null_count() == parts.height
    assert parts["verdict"].null_count() == (0 if then == "first month" else parts.height)


@laws
@given(
    sales=SALES,
    margin=st.floats(0.05, 1),
    horizon=st.integers(1, 30),
    discount=st.sampled_from([0, 0.1, 0.5]),
    limit=st.integers(1, 30),
)
def test_what_is_tried_is_what_would_be_agreed_on(
    dataset_of: DatasetOf, sales: list[Any], margin: float, horizon: int, discount: float, limit: int
) -> None:
    dataset, costs = shop_of(dataset_of, sales), spent((0, "ads", 90))
    tried = BudgetTerms(margin=margin, horizon=horizon, discount=discount, payback_limit=limit)
    agreed = replace(LATER, margin=margin, horizon=horizon, discount=discount)
    first, second = budget_of(dataset, LATER, tried, costs), ask(dataset, costs, agreed, payback_limit=limit)
    assert_frame_equal(first.rows, second.rows)
    assert_frame_equal(first.blended, second.blended)
    assert_frame_equal(first.curves, second.curves)


def test_a_margin_that_is_tried_goes_before_the_mapped_one(dataset_of: DatasetOf) -> None:
    sales = [("a", 0, 10, {"channel": "ads", "margin": 2.0}), ("b", 0, 30, {"channel": "ads", "margin": 3.0})]
    dataset = dataset_of(sales)
    assert row(ask(dataset))["ltv"] == 2.5
    assert row(ask(dataset, margin=0.5))["ltv"] == 10  # half of 20
    assert row(budget_of(dataset, LONG_AGO, BudgetTerms(margin=0.5), None))["ltv"] == 10


def test_spend_of_few_months_is_told(dataset_of: DatasetOf) -> None:
    """By each channel somebody comes in the first and in the 11th month: ads are booked in 5 of them, mail in 6."""
    sales = [(f"{by} {day}", day, 10, {"channel": by}) for by in ("ads", "mail") for day in (0, 320)]
    first_days = [of_day(f"1970-{month:02}-01") for month in range(1, 12)]
    booked = [(day, "ads", 1) for day in first_days[:5]] + [(day, "mail", 1) for day in first_days[:6]]
    twice = (of_day("1970-01-20"), "ads", 1)
    later = (of_day("1971-06-01"), "ads", 1)  # after the last customer came
    found = ask(dataset_of(sales), spent(*booked, twice, later), Query(as_of=600, churn_gap=40))
    assert found.seldom.rows() == [("ads", 5, 11)]
    assert ask(dataset_of(sales), None, Query(as_of=600)).seldom.is_empty()


def test_of_a_channel_alone_its_own_spend_is_known(dataset_of: DatasetOf) -> None:
    dataset = replace(
        dataset_of(sold(PAIR, "ads") + sold(PAIR, "mail")),
        spend=spent((0, "Ads ", 24), (0, "fb", 6), (0, "mail", 3)).rows,
    )
    aliases = BudgetTerms(aliases=(("fb", "ads"),))
    ads = LONG_AGO & Filter("channel", "ads")
    assert spend_of(dataset, LONG_AGO, aliases) is dataset.spending
    known = spend_of(dataset, ads, aliases)
    assert known is not None
    assert row(budget_of(dataset, ads, aliases, known))["spend"] == 30
    assert spend_of(dataset, ads & Filter("tier", "VIP"), aliases) is None
    assert spend_of(dataset, LONG_AGO & Filter("tier", "VIP"), aliases) is None


def test_a_history_that_is_cut_off_counts_from_the_first_whole_month_of_spend(dataset_of: DatasetOf) -> None:
    """Who came since the 11th of June is counted; June's spend was for those before them too, so July begins."""
    days = {month: of_day(f"2024-{month:02}-20") for month in (5, 6, 7)}
    dataset = dataset_of(
        [
            (f"{month} {copy} {who}", day + later, amount, {"channel": "ads"})
            for month, day in days.items()
            for copy in range(month)
            for who, later, amount in PAIR
        ]
    )
    costs = spent(*((f"2024-{month:02}-01", "ads", 70) for month in (5, 6, 7)))
    found = ask(dataset, costs, Query(as_of=days[7] + 800, churn_gap=40, entry=of_day("2024-06-11")))
    assert found.period == (of_day("2024-07-01"), of_day("2024-07-31"))
    assert row(found)["new_customers"] == 14  # seven pairs of July
    assert (row(found)["spend"], row(found)["cac"]) == (70, 5)
    assert found.left_out == 12  # six pairs of the 20th of June


def test_nothing_is_advised_on_customers_chosen_by_what_they_did(dataset_of: DatasetOf) -> None:
    dataset = dataset_of(sold(PAIR, "ads", 15))
    costs = spent((0, "ads", 132))
    for step in (Filter("tier", "VIP"), Filter("orders band", "3–4")):
        found = budget_of(dataset, LONG_AGO & step, BudgetTerms(), costs)
        assert found.hindsight
        for rows in (found.rows, found.paid, found.blended):
            assert rows.select(ADVICE).row(0) == (None,) * len(ADVICE)
            assert rows["ltv"][0] is not None
    by_channel = budget_of(dataset, LONG_AGO & Filter("channel", "ads"), BudgetTerms(), costs)
    assert (by_channel.hindsight, row(by_channel)["verdict"]) == (False, "scale")
