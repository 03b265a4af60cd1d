"""The triangle of cohorts: by hand, against plain loops, and laws that always hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from effort import examples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from ltvtui.analytics.cohorts import monthly
from ltvtui.analytics.cohorts.cohorts import Cohorts, active_in, cohorts, dimension_of, measured
from ltvtui.analytics.cohorts.metrics import COHORT_METRICS
from ltvtui.analytics.kernel.calendar import BUCKETS, OF_MONTHS
from ltvtui.analytics.schema import MONEY_SCALE
from ltvtui.analytics.tiers.tiers import parse_rule
from ltvtui.query.query import Active, Filter, Query
from ltvtui.session.dataset import Dataset

DatasetOf = Callable[..., Dataset]
Sale = tuple[Any, ...]

EPOCH = date(1970, 1, 1)


def day(iso: str) -> int:
    return (date.fromisoformat(iso) - EPOCH).days


THREE: list[Sale] = [
    ("ann", "2024-01-10", 10, {"channel": "web"}),
    ("ann", "2024-01-20", 20, {"channel": "shop"}),
    ("ann", "2024-03-05", 30, {"channel": "web"}),
    ("bob", "2024-01-31", 40, {"channel": "shop"}),
    ("bob", "2024-02-01", 50, {"channel": "shop"}),
    ("cat", "2024-03-01", 60, {}),
]
"""ann and bob begin in January, cat in March; bob comes back in month 1, ann in month 2."""


def cells_of(found: Cohorts, metric: str, relative: bool = False) -> dict[str | None, list[float | None]]:
    cells, _ = measured(found, COHORT_METRICS[metric], relative)
    return dict(zip(found.rows["cohort"], (list(row) for row in cells.iter_rows()), strict=True))


def summary_of(found: Cohorts, metric: str, relative: bool = False) -> list[float | None]:
    return list(measured(found, COHORT_METRICS[metric], relative)[1].row(0))


@pytest.fixture(scope="module")
def three(dataset_of: DatasetOf) -> Dataset:
    return dataset_of(THREE)


END_OF_MARCH = Query(as_of=day("2024-03-31"))
MID_MARCH = Query(as_of=day("2024-03-15"))


def test_months_by_hand(three: Dataset) -> None:
    found = three.ask(cohorts, END_OF_MARCH, "month")
    assert found.rows["cohort"].to_list() == ["2024-01", "2024-03"]
    assert found.rows["size"].to_list() == [2, 1]
    assert found.unfinished is None
    assert cells_of(found, "customers") == {"2024-01": [2, 1, 1], "2024-03": [1, None, None]}
    assert cells_of(found, "retention") == {"2024-01": [1, 0.5, 0.5], "2024-03": [1, None, None]}
    assert cells_of(found, "orders") == {"2024-01": [3, 1, 1], "2024-03": [1, None, None]}
    assert cells_of(found, "revenue") == {"2024-01": [70, 50, 30], "2024-03": [60, None, None]}
    assert cells_of(found, "average check")["2024-01"] == [pytest.approx(70 / 3), 50, 30]
    assert cells_of(found, "revenue per customer")["2024-01"] == [35, 25, 15]
    assert cells_of(found, "cumulative LTV")["2024-01"] == [35, 60, 75]
    assert cells_of(found, "revenue", relative=True)["2024-01"] == [1, pytest.approx(50 / 70), pytest.approx(30 / 70)]


def test_the_summary_is_weighted_by_customers(three: Dataset) -> None:
    """Offset 0: 3 of 3; offsets 1 and 2 are over for January's two alone: 1 of 2."""
    found = three.ask(cohorts, END_OF_MARCH, "month")
    assert summary_of(found, "retention") == [1, 0.5, 0.5]
    assert summary_of(found, "customers") == [3, 1, 1]
    assert summary_of(found, "cumulative LTV") == [pytest.approx(130 / 3), 60, 75]


def test_an_unfinished_month_is_marked_and_not_summed(three: Dataset) -> None:
    """On 15 March month 2 of January and month 0 of March go on: the summary holds January alone."""
    found = three.ask(cohorts, MID_MARCH, "month")
    assert found.unfinished == "2024-03"
    assert found.cells.filter("unfinished").select("row", "offset").rows() == [(0, 2), (1, 0)]
    assert cells_of(found, "retention") == {"2024-01": [1, 0.5, 0.5], "2024-03": [1, None, None]}
    assert summary_of(found, "retention") == [1, 0.5, None]
    assert summary_of(found, "customers") == [2, 1, None]


def test_margin_is_in_cumulative_ltv_alone(three: Dataset) -> None:
    found = three.ask(cohorts, Query(as_of=day("2024-03-31"), margin=0.5), "month")
    assert cells_of(found, "cumulative LTV")["2024-01"] == [17.5, 30, 37.5]
    assert cells_of(found, "revenue per customer")["2024-01"] == [35, 25, 15]


@pytest.mark.parametrize(("bucket", "parts"), [("week", 365.25 / 7), ("month", 12), ("quarter", 4), ("year", 1)])
@pytest.mark.parametrize("by", [None, "channel"])
def test_cumulative_ltv_is_discounted_by_the_middle_of_each_period(
    dataset_of: DatasetOf, bucket: str, parts: float, by: str | None
) -> None:
    """A rate by which half a period costs a tenth: what comes in period k is divided by 1.1 to the power of 2k + 1.

    110, 133.1 and 161.051 of two customers are then 100 each: 50, 100 and 150 of the cohort's each so far.
    """
    begins = {"week": (1, 8, 15), "month": (1, 32, 61), "quarter": (1, 92, 183), "year": (1, 367, 732)}[bucket]
    start = day("2024-01-01") - 1  # 2024-01-01 is a Monday, and of a year with 366 days
    web = {"channel": "web"}
    sales: list[Sale] = [("a", start + begins[0], 110, web), ("b", start + begins[0], 0, web)]
    sales += [("a", start + begins[1], 133.1, web), ("a", start + begins[2], 161.051, web)]
    end = {"week": "2024-01-21", "month": "2024-03-31", "quarter": "2024-09-30", "year": "2026-12-31"}[bucket]
    query = Query(as_of=day(end), discount=1.1 ** (2 * parts) - 1)
    found = dataset_of(sales).ask(cohorts, query, bucket, by)
    (cells,) = cells_of(found, "cumulative LTV").values()
    assert cells == pytest.approx([50, 100, 150], abs=1e-4)  # money has four decimals
    assert summary_of(found, "cumulative LTV") == pytest.approx([50, 100, 150], abs=1e-4)
    assert cells_of(found, "revenue per customer").popitem()[1] == pytest.approx([55, 66.55, 80.5255], abs=1e-4)


def test_discounted_cohorts_of_all_ages(dataset_of: DatasetOf) -> None:
    """a begins in January and brings 110, 133.1 and 161.05 (100 each, discounted), b in February 110 and nothing.

    On 31 March M2 is over for a alone, M1 for both: (200 + 100) ÷ 2. On 15 March M1 is over for a alone.
    """
    web = {"channel": "web"}
    sales: list[Sale] = [("a", "2024-01-05", 110, web), ("a", "2024-02-05", 133.1, web)]
    sales += [("a", "2024-03-05", 161.051, web), ("b", "2024-02-06", 110, web)]
    dataset, rate = dataset_of(sales), 1.1**24 - 1
    for when, expected in (("2024-03-31", [100, 150, 300]), ("2024-03-15", [100, 200, None])):
        found = dataset.ask(cohorts, Query(as_of=day(when), discount=rate), "month", "channel")
        assert cells_of(found, "cumulative LTV")["web"] == pytest.approx(expected, abs=1e-4)
    whole = dataset.ask(cohorts, Query(as_of=day("2024-03-31")), "month", "channel")
    assert whole.cells["value"].dtype == pl.Int64  # without a discount sums are exact


def test_a_cohort_of_an_attribute_counts_what_is_over(three: Dataset) -> None:
    """On 15 March: shop is bob (January), web is ann (January), unknown is cat (March, unfinished).

    Month 1 is over for bob and ann; month 2 and all of cat's are not: shares there are blank, orders are not.
    """
    found = three.ask(cohorts, MID_MARCH, "month", "channel")
    assert found.rows.select("cohort", "size").rows() == [("shop", 1), ("web", 1), (None, 1)]
    # Month 2 of bob and ann, and month 0 of cat go on.
    assert found.cells.filter("unfinished").select("row", "offset").rows() == [(0, 2), (1, 2), (2, 0)]
    assert cells_of(found, "retention") == {"shop": [1, 1, None], "web": [1, 0, None], None: [None, None, None]}
    assert cells_of(found, "orders") == {"shop": [1, 1, 0], "web": [2, 0, 1], None: [1, None, None]}


def test_shares_of_an_attribute_are_of_those_who_were_seen_so_long(dataset_of: DatasetOf) -> None:
    """Four of web: two begin in January, of whom one is back in February; two begin in February.

    On 29 February month 1 is over for January's two: 1 of 2, not 1 of 4.
    """
    web = {"channel": "web"}
    sales: list[Sale] = [(who, when, 10, web) for who, when in (("a", "2024-01-02"), ("b", "2024-01-03"))]
    sales += [("a", "2024-02-05", 30, web), ("c", "2024-02-06", 10, web), ("d", "2024-02-07", 10, web)]
    found = dataset_of(sales).ask(cohorts, Query(as_of=day("2024-02-29")), "month", "channel")
    assert cells_of(found, "retention") == {"web": [1, 0.5]}
    assert cells_of(found, "customers") == {"web": [4, 1]}
    assert cells_of(found, "revenue per customer") == {"web": [10, 15]}
    assert cells_of(found, "cumulative LTV") == {"web": [10, 25]}  # a: 40, b: 10


def test_a_refund_is_no_activity(dataset_of: DatasetOf) -> None:
    """A refund in month 1 lowers its revenue; one before the first order counts in month 0."""
    sales: list[Sale] = [("a", "2024-01-01", -5), ("a", "2024-02-10", 100), ("a", "2024-03-01", -30)]
    found = dataset_of(sales).ask(cohorts, Query(as_of=day("2024-03-31")), "month")
    assert cells_of(found, "customers") == {"2024-02": [1, 0]}
    assert cells_of(found, "orders") == {"2024-02": [1, 0]}
    assert cells_of(found, "revenue") == {"2024-02": [95, -30]}
    assert cells_of(found, "average check") == {"2024-02": [95, None]}


@pytest.mark.parametrize("bucket", BUCKETS)
def test_a_cohort_of_one_on_one_day(dataset_of: DatasetOf, bucket: str) -> None:
    found = dataset_of([("a", "2024-01-01", 7)]).ask(cohorts, Query(), bucket)
    assert found.rows["size"].to_list() == [1]
    assert [cells_of(found, "revenue")[name] for name in found.rows["cohort"]] == [[7]]


def test_iso_weeks_of_a_year_of_fifty_three(dataset_of: DatasetOf) -> None:
    """Friday 1 January 2021 is in week 53 of 2020, Monday the 4th in week 1 of 2021."""
    sales: list[Sale] = [
        ("a", "2020-12-31", 1),
        ("b", "2021-01-01", 1),
        ("a", "2021-01-04", 1),
        ("c", "2021-01-10", 1),
    ]
    found = dataset_of(sales).ask(cohorts, Query(as_of=day("2021-01-10")), "week")
    assert cells_of(found, "customers") == {"2020-W53": [2, 1], "2021-W01": [1, None]}


def test_weeks_may_begin_on_sunday(dataset_of: DatasetOf) -> None:
    """Sunday 10 January 2021 ends an ISO week, and begins a week from Sunday."""
    sales: list[Sale] = [("a", "2021-01-09", 1), ("a", "2021-01-10", 1)]
    monday = dataset_of(sales).ask(cohorts, Query(), "week")
    sunday = dataset_of(sales).ask(cohorts, Query(week_start=6), "week")
    assert cells_of(monday, "orders") == {"2021-W01": [2]}
    assert cells_of(sunday, "orders") == {"2021-01-03": [1, 1]}


def test_nobody_has_no_cohorts(three: Dataset) -> None:
    found = three.ask(cohorts, END_OF_MARCH & Filter("channel", "none of these"), "month")
    assert found.rows.height == 0
    assert found.offsets == 0


# --- the people of a cell ------------------------------------------------------------------------


def ids(dataset: Dataset, query: Query) -> list[str]:
    return dataset.snapshot(query).described["id"].to_list()


def test_a_cell_leads_to_its_people(three: Dataset) -> None:
    january = END_OF_MARCH & Filter("first month", "2024-01")
    assert ids(three, january) == ["ann", "bob"]
    assert ids(three, january & Active("month", 1)) == ["bob"]
    assert ids(three, january & Active("month", 2)) == ["ann"]
    assert (january & Active("month", 2)).describe() == "first month: 2024-01 ▸ active in month 2"


def test_a_summary_cell_leads_to_those_for_whom_it_is_over(three: Dataset) -> None:
    assert ids(three, MID_MARCH & Active("month", 0)) == ["ann", "bob", "cat"]
    assert ids(three, MID_MARCH & Active("month", 0, complete=True)) == ["ann", "bob"]
    assert ids(three, MID_MARCH & Active("month", 2, complete=True)) == []


# --- against plain loops -------------------------------------------------------------------------

customers = st.sampled_from("abcdefgh")
days = st.integers(19_700, 20_200)
amounts = st.integers(-500, 5_000).map(lambda cents: cents / 100)
channels = st.sampled_from(["web", "shop", None])
shops = st.lists(
    st.builds(lambda c, d, a, ch: (c, d, a, {"channel": ch}), customers, days, amounts, channels),
    min_size=1,
    max_size=40,
).filter(lambda sales: any(sale[2] >= 0 for sale in sales))
laws = settings(deadline=None, max_examples=examples(30), suppress_health_check=[HealthCheck.too_slow])


def period(number: int, bucket: str) -> tuple[int, ...]:
    """The calendar period of a day, as Python's calendar has it."""
    on = EPOCH + timedelta(days=number)
    match bucket:
        case "week":
            return on.isocalendar()[:2]
        case "month":
            return on.year, on.month
        case "quarter":
            return on.year, (on.month - 1) // 3
        case _:
            return (on.year,)


def periods_until(first: int, last: int, bucket: str) -> list[tuple[int, ...]]:
    """All periods from that of `first` to that of `last`, in order."""
    return sorted({period(number, bucket) for number in range(first, last + 1)})


def told(sales: list[Sale], as_of: int, bucket: str) -> dict[tuple[int, ...], list[tuple[int, int, int]]]:
    """For each first period, of each offset: customers who ordered, orders, revenue in ten-thousandths."""
    seen = [s for s in sales if s[1] <= as_of]
    first: dict[str, int] = {}
    for who, when, amount, _ in seen:
        if amount >= 0:
            first[who] = min(first.get(who, when), when)
    added: dict[tuple[tuple[int, ...], int], list[Any]] = defaultdict(lambda: [set(), 0, 0])
    for who, when, amount, _ in seen:
        if who in first:
            offset = len(periods_until(first[who], max(when, first[who]), bucket)) - 1
            cell = added[period(first[who], bucket), offset]
            if amount >= 0:
                cell[0].add(who)
                cell[1] += 1
            cell[2] += round(amount * MONEY_SCALE)
    found = {}
    for who in first:
        cohort = period(first[who], bucket)
        offsets = range(len(periods_until(first[who], as_of, bucket)))
        cells = [added.get((cohort, k), [set(), 0, 0]) for k in offsets]
        found[cohort] = [(len(c[0]), c[1], c[2]) for c in cells]
    return found


@laws
@given(shops, st.integers(20_000, 20_300), st.sampled_from(BUCKETS))
def test_cells_against_plain_loops(dataset_of: DatasetOf, sales: list[Sale], as_of: int, bucket: str) -> None:
    earliest = min(when for _, when, amount, _ in sales if amount >= 0)
    query = Query(as_of=max(as_of, earliest))
    found = dataset_of(sales).ask(cohorts, query, bucket)
    wanted = told(sales, max(as_of, earliest), bucket)
    rows = found.cells.partition_by("row", maintain_order=True)
    cells = [part.select("customers", "orders", "revenue").rows() for part in rows]
    assert cells == [wanted[cohort] for cohort in sorted(wanted)]


@laws
@given(shops, st.sampled_from(BUCKETS), st.sampled_from([None, "channel", "tier"]))
def test_cohorts_add_up_to_the_whole(dataset_of: DatasetOf, sales: list[Sale], bucket: str, by: str | None) -> None:
    dataset, query = dataset_of(sales), Query(tier_rule=parse_rule("quantile:30/30"))
    found, whole = dataset.ask(cohorts, query, bucket, by), dataset.snapshot(query).customers
    assert found.rows["size"].sum() == whole.height
    assert found.cells["orders"].sum() == whole["orders"].sum()
    assert found.cells["revenue"].sum() == whole["revenue"].sum()


@laws
@given(
    shops,
    st.integers(20_000, 20_300),
    st.sampled_from(OF_MONTHS),
    st.sampled_from([None, "channel", "tier"]),
    st.sampled_from([(), (Filter("tier", "VIP"),), (Filter("channel", "web"),)]),
)
def test_months_tell_what_every_day_does(
    dataset_of: DatasetOf, sales: list[Sale], as_of: int, bucket: str, by: str | None, trail: tuple[Filter, ...]
) -> None:
    """Quarters and years made of months, and those of a pass of their own, are the same."""
    earliest = min(when for _, when, amount, _ in sales if amount >= 0)
    query = Query(as_of=max(as_of, earliest), tier_rule=parse_rule("quantile:30/30"), trail=trail)
    snapshot = dataset_of(sales).snapshot(query)
    months = cohorts(snapshot, bucket, by)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(monthly, "MOST", -1)
        days = cohorts(snapshot, bucket, by)
    assert months.cells.equals(days.cells)
    assert months.rows.equals(days.rows)
    assert months.summary.equals(days.summary)


@laws
@given(
    shops,
    st.integers(20_000, 20_300),
    st.sampled_from(OF_MONTHS),
    st.sampled_from(["channel", "tier", "orders band", "first quarter"]),
)
def test_a_slice_is_told_by_the_whole_it_is_of(
    dataset_of: DatasetOf, sales: list[Sale], as_of: int, bucket: str, dimension: str
) -> None:
    """Who asked for cohorts by a dimension has those of its values without another pass."""
    earliest = min(when for _, when, amount, _ in sales if amount >= 0)
    query = Query(as_of=max(as_of, earliest), tier_rule=parse_rule("quantile:30/30"))
    dataset, alone = dataset_of(sales), dataset_of(sales)
    for value in dataset.ask(cohorts, query, "month", dimension).rows["cohort"]:
        narrow = query & Filter(dimension, value)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(monthly, "add_up", None)  # another pass would fail
            found = dataset.ask(cohorts, narrow, bucket)
        expected = alone.ask(cohorts, narrow, bucket)
        assert found.rows.equals(expected.rows)
        assert found.cells.equals(expected.cells)
        assert found.summary.equals(expected.summary)


@laws
@given(shops, st.integers(20_000, 20_300), st.sampled_from(BUCKETS), st.sampled_from(["channel", "tier"]))
def test_attributes_and_periods_have_one_summary(
    dataset_of: DatasetOf, sales: list[Sale], as_of: int, bucket: str, by: str
) -> None:
    """Whatever makes the cohorts, what is over for all customers is the same."""
    query = Query(as_of=max(as_of, min(when for _, when, amount, _ in sales if amount >= 0)))
    dataset = dataset_of(sales)
    one, other = dataset.ask(cohorts, query, bucket), dataset.ask(cohorts, query, bucket, by)
    assert one.summary.equals(other.summary)
    counted = other.cells.group_by("offset").agg(pl.col("base", "active", "bought", "earned", "value").sum())
    counted = counted.filter(pl.col("base") > 0).sort("offset")
    assert_frame_equal(counted, one.summary.select(counted.columns))


@laws
@given(shops, st.integers(20_000, 20_300), st.sampled_from(BUCKETS), st.booleans())
def test_discounted_cells_are_sums_of_what_each_period_brought(
    dataset_of: DatasetOf, sales: list[Sale], as_of: int, bucket: str, narrowed: bool
) -> None:
    """Increments of the undiscounted triangle, each by its own factor; the sums of an attribute are the same."""
    query = Query(as_of=max(as_of, min(when for _, when, amount, _ in sales if amount >= 0)))
    query = query & Filter("channel", sales[0][3].get("channel")) if narrowed and len(sales[0]) > 3 else query
    dataset, length = dataset_of(sales), {"week": 7 / 365.25, "month": 1 / 12, "quarter": 1 / 4, "year": 1}[bucket]
    if not dataset.snapshot(query).customers.height:
        return
    discounted = replace(query, discount=0.5)
    whole, one = dataset.ask(cohorts, query, bucket), dataset.ask(cohorts, discounted, bucket)
    brought = (pl.col("value") - pl.col("value").shift(1, fill_value=0).over("row")).alias("value")
    expected = whole.cells.with_columns(brought * 1.5 ** (-(pl.col("offset") + 0.5) * length))
    expected = expected.with_columns(pl.col("value").cum_sum().over("row"))
    assert_frame_equal(one.cells, expected, rel_tol=1e-9, abs_tol=1e-6)
    other = dataset.ask(cohorts, discounted, bucket, "tier")
    counted = other.cells.group_by("offset").agg(pl.col("base", "value").sum())
    counted = counted.filter(pl.col("base") > 0).sort("offset")
    assert_frame_equal(counted, one.summary.select(counted.columns), rel_tol=1e-9, abs_tol=1e-6)


@laws
@given(shops, st.sampled_from(BUCKETS), st.integers(0, 6))
def test_a_cell_has_as_many_people_as_it_says(
    dataset_of: DatasetOf, sales: list[Sale], bucket: str, offset: int
) -> None:
    dataset = dataset_of(sales)
    found = dataset.ask(cohorts, Query(), bucket)
    snapshot = dataset.snapshot(Query())
    assert active_in(snapshot, bucket, offset).sum() == found.cells.filter(offset=offset)["customers"].sum()
    over = found.summary.filter(offset=offset)["customers"].sum()
    assert active_in(snapshot, bucket, offset, complete=True).sum() == over
    for row, cohort in enumerate(found.rows["cohort"]):
        query = Query() & Filter(dimension_of(bucket), cohort)
        inside = found.cells.filter(row=row)
        assert dataset.snapshot(query).customers.height == found.rows["size"][row]
        people = dataset.snapshot(query & Active(bucket, offset)).customers.height
        assert people == inside.filter(offset=offset)["customers"].sum()


def cut_off_shop() -> list[Sale]:
    """Sixty old customers, two a day from 2024-01-01 to 01-30, who buy in every month; then one new customer a day up
    to 2024-03-10, of whom the first alone, of 01-31, comes back, in February."""
    start = day("2024-01-01")
    old = [(f"old {n}", start + n // 2, 9 + n % 2 * 2, {}) for n in range(60)]
    again = [(f"old {n}", f"2024-0{month}-15", 10, {}) for n in range(60) for month in range(2, 7)]
    new = [(f"new {n}", start + 30 + n, 9 + n % 2 * 2, {}) for n in range(40)]
    return [*old, *again, *new, ("new 0", "2024-02-10", 10, {})]


def test_all_counts_those_proven_new_where_the_history_is_cut_off(dataset_of: DatasetOf) -> None:
    """With a churn gap of 30 days two came a day at first and one then, and the first brought 60 in place of 10.

    Cohorts have 61, 29 and 10 customers. Month 1 is over for all of them: of all 100 there came 60 old ones and one
    new, of the 40 proven new that one. Month 4 is over for January and February: 60 of 90, and none of 30.
    """
    dataset = dataset_of(cut_off_shop())
    query = Query(as_of=day("2024-06-30"), churn_gap=30)
    assert dataset.snapshot(query).entry.state == "cut off"
    found, everybody = (
        dataset.ask(cohorts, query, "month"),
        dataset.ask(cohorts, replace(query, entry="all"), "month"),
    )
    assert (found.counted, found.since) == (40, day("2024-01-31"))
    assert (everybody.counted, everybody.since) == (100, None)
    assert summary_of(found, "retention")[:5] == [1, 1 / 40, 0, 0, 0]
    assert summary_of(everybody, "retention")[:5] == pytest.approx([1, 0.61, 0.6, 0.6, 60 / 90])
    # New ones bring 400 at first and 10 in February: 10 and 10.25 for each.
    assert summary_of(found, "cumulative LTV")[:2] == pytest.approx([10, 10.25])
    for both in (found, everybody):  # cells hold everybody
        assert both.rows.select("cohort", "size").rows() == [("2024-01", 61), ("2024-02", 29), ("2024-03", 10)]
        assert cells_of(both, "customers")["2024-01"] == [61, 61, 60, 60, 60, 60]
    assert dataset.ask(cohorts, replace(query, entry=day("2024-03-01")), "month").counted == 10
