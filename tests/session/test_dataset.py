"""The dataset: one version of the data, and what has been asked of it."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from ltvtui.analytics.budget.acquisition import acquisition_of
from ltvtui.analytics.cleaning.clean import CleaningPolicy
from ltvtui.analytics.cohorts.cohorts import cohorts
from ltvtui.analytics.lifecycle.migration import moves
from ltvtui.analytics.schema import MONEY_SCALE
from ltvtui.analytics.segments import profile
from ltvtui.analytics.snapshot import Snapshot
from ltvtui.analytics.tiers.tiers import TierRule
from ltvtui.errors import LtvError
from ltvtui.query.query import Filter, Query
from ltvtui.session.dataset import Dataset, build_dataset

DatasetOf = Callable[..., Dataset]
RowsOf = Callable[..., pl.DataFrame]

SALES = [
    *(("anna", "2024-01-05", 10, {"channel": "web"}), ("anna", "2024-03-01", 30, {"channel": "web"})),
    *(("bert", "2024-02-01", 20, {"channel": "shop"}), ("bert", "2024-02-20", -5, {"channel": "shop"})),
    ("cleo", "2024-03-10", 5, {"channel": None}),
    ("dora", "2024-01-01", -2, {"channel": "web"}),
    (None, "2024-01-02", 99, {"channel": "web"}),
]
JAN_5, MARCH_1, MARCH_10 = 19_727, 19_783, 19_792
"""Days since 1970-01-01: 54 years, 13 leap days (1972 … 2020), and 4 days make 2024-01-05."""


@pytest.fixture
def dataset(dataset_of: DatasetOf) -> Dataset:
    return dataset_of(SALES)


# --- answers are remembered --------------------------------------------------------------------------


def test_the_same_question_has_the_same_answer(dataset: Dataset) -> None:
    assert dataset.ask(profile, Query(), ("tier",)) is dataset.ask(profile, Query(), ("tier",))
    assert dataset.ask(profile, Query() & Filter("tier", "VIP")) is dataset.ask(
        profile, Query() & Filter("tier", "VIP")
    )
    assert dataset.quality(Query()) is dataset.quality(Query(horizon=3))


def test_another_question_lens_or_detail_has_its_own(dataset: Dataset) -> None:
    asked: list[tuple[object, ...]] = []

    def question(snapshot: Snapshot, *details: object) -> int:
        asked.append((snapshot.terms.horizon, snapshot.customers.height, *details))
        return len(asked)

    vip = Query() & Filter("tier", "VIP")
    given = [
        (Query(), ()),
        (Query(), ("x",)),
        (Query(horizon=6), ()),
        (vip, ()),
        (Query(), ()),
        (vip, ()),
        (vip.up(), ()),
    ]
    assert [dataset.ask(question, query, *details) for query, details in given] == [1, 2, 3, 4, 1, 4, 1]
    assert asked == [(12, 3), (12, 3, "x"), (6, 3), (12, 1)]


def test_the_oldest_answers_give_way_to_large_ones(dataset_of: DatasetOf, monkeypatch: pytest.MonkeyPatch) -> None:
    """Room for two answers of 8 000 bytes, not for three."""
    monkeypatch.setattr("ltvtui.session.dataset.ROOM", 20_000)
    dataset = dataset_of([("anna", 0, 10)])
    asked: list[int] = []

    def thousand_numbers(_: Snapshot, number: int) -> pl.DataFrame:
        asked.append(number)
        return pl.DataFrame({"number": [number] * 1_000}, schema={"number": pl.Int64})

    for number in (0, 1, 0, 2):  # 0 is asked again: 1 is the oldest when 2 comes
        assert dataset.ask(thousand_numbers, Query(), number)["number"][0] == number
    assert asked == [0, 1, 2]
    dataset.ask(thousand_numbers, Query(), 0)
    assert asked == [0, 1, 2]
    dataset.ask(thousand_numbers, Query(), 1)
    assert asked == [0, 1, 2, 1]


def test_an_answer_larger_than_the_room_is_given_all_the_same(
    dataset_of: DatasetOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ltvtui.session.dataset.ROOM", 1)
    dataset = dataset_of([("anna", 0, 10)])
    assert dataset.ask(lambda _: pl.DataFrame({"n": [1, 2, 3]}), Query())["n"].sum() == 6


def test_a_question_that_fails_is_asked_again(dataset: Dataset) -> None:
    tries: list[int] = []

    def question(_: Snapshot) -> int:
        tries.append(1)
        if len(tries) == 1:
            raise ValueError("not yet")
        return len(tries)

    with pytest.raises(ValueError, match="not yet"):
        dataset.ask(question, Query())
    assert dataset.ask(question, Query()) == 2


def test_datasets_do_not_share_answers(dataset_of: DatasetOf) -> None:
    one, other = dataset_of(SALES), dataset_of(SALES[:1])
    assert one.ask(profile, Query())["customers"][0] == 3
    assert other.ask(profile, Query())["customers"][0] == 1


def test_many_threads_may_ask(dataset: Dataset) -> None:
    start = threading.Barrier(4)

    def asked(number: int) -> list[int]:
        start.wait(timeout=60)
        return [dataset.ask(profile, Query(horizon=1 + i % 3))["customers"][0] for i in range(number, number + 12)]

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(asked, range(4))) == [[3] * 12] * 4


class Promise(Future[Any]):
    """Lets what is being made be finished as soon as somebody waits for it."""

    waited_for: threading.Event

    def result(self, timeout: float | None = None) -> Any:
        self.waited_for.set()
        return super().result(timeout)


@pytest.fixture
def waited_for(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Set when a thread waits for what another one is making."""
    event = threading.Event()
    monkeypatch.setattr(Promise, "waited_for", event, raising=False)
    monkeypatch.setattr("ltvtui.session.result_cache.Future", Promise)
    return event


def both(ask: Callable[[], object]) -> list[object]:
    """What two threads get that ask at once: an answer or an error each."""

    def got(_: int) -> object:
        try:
            return ask()
        except ValueError as error:
            return error

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(got, range(2)))


def test_two_threads_that_ask_the_same_make_it_once(dataset: Dataset, waited_for: threading.Event) -> None:
    made: list[threading.Thread] = []

    def question(_: Snapshot) -> pl.DataFrame:
        made.append(threading.current_thread())
        assert waited_for.wait(60)
        return pl.DataFrame({"n": [len(made)]})

    one, other = both(lambda: dataset.ask(question, Query()))
    assert one is other
    assert len(made) == 1
    assert dataset.ask(question, Query()) is one


def test_an_error_reaches_both_threads_and_is_forgotten(dataset: Dataset, waited_for: threading.Event) -> None:
    tries: list[int] = []

    def question(_: Snapshot) -> int:
        tries.append(1)
        if len(tries) == 1:
            assert waited_for.wait(60)
            raise ValueError("not yet")
        return len(tries)

    one, other = both(lambda: dataset.ask(question, Query()))
    assert isinstance(one, ValueError)
    assert str(one) == str(other) == "not yet"
    assert len(tries) == 1
    assert dataset.ask(question, Query()) == 2


def test_two_threads_share_the_snapshot_of_different_questions(
    dataset: Dataset, waited_for: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ltvtui.session.snapshots import build_snapshot

    taken: list[int] = []

    def slow(*given: Any) -> Snapshot:
        taken.append(1)
        assert waited_for.wait(60)
        return build_snapshot(*given)

    monkeypatch.setattr("ltvtui.session.snapshots.build_snapshot", slow)
    one, other = both(lambda: dataset.ask(lambda snapshot: snapshot, Query()))  # a question of its own for each
    assert one is other
    assert len(taken) == 1


@pytest.mark.parametrize("forgotten", [False, True])
def test_nothing_of_a_dataset_outlives_it(dataset_of: DatasetOf, forgotten: bool) -> None:
    """Neither frames nor what was asked of them, though no garbage is collected: a live shop has many states."""
    gc.disable()
    try:
        dataset = dataset_of(SALES)
        query = Query()
        for narrowed in (
            query,
            query & Filter("channel", "web"),
            replace(query, tier_rule=TierRule("quantile", 0.5)),
        ):
            dataset.ask(profile, narrowed, ("tier",))
            dataset.ask(cohorts, narrowed, "month")
            dataset.ask(moves, narrowed, "stage", JAN_5)
            dataset.ask(acquisition_of, narrowed, "channel", None, JAN_5, MARCH_1, 24)
        parts = (dataset, dataset.cleaned, dataset.activity_index, dataset.snapshot(query), dataset.results)
        there = [weakref.ref(part) for part in parts]
        if forgotten:
            dataset.forget()
        del dataset, parts
        assert [ref() for ref in there] == [None] * len(there)
    finally:
        gc.enable()


def test_a_snapshot_answers_without_its_dataset(dataset: Dataset, dataset_of: DatasetOf) -> None:
    snapshot = dataset_of(SALES).snapshot(Query())
    assert_frame_equal(profile(snapshot, ("tier",)), dataset.ask(profile, Query(), ("tier",)))
    assert_frame_equal(cohorts(snapshot, "month").cells, dataset.ask(cohorts, Query(), "month").cells)


# --- the day it stands on ----------------------------------------------------------------------------


def test_stands_on_the_last_order_day(dataset: Dataset) -> None:
    assert dataset.as_of(Query()) == MARCH_10


MAY_5 = MARCH_10 + 21 + 30 + 5


def test_stands_on_a_later_refund(dataset_of: DatasetOf) -> None:
    """It is money of anna's that the figures hold; her last order stays that of March."""
    dataset = dataset_of([*SALES, ("anna", "2024-05-05", -1, {})])
    assert dataset.as_of(Query()) == MAY_5
    customers = dataset.snapshot(Query()).described
    assert customers.filter(id="anna").select("last", "revenue").row(0) == (MARCH_1, 39 * MONEY_SCALE)


def test_a_refund_that_names_its_order_is_of_the_day_of_that(dataset_of: DatasetOf) -> None:
    sales = [("anna", "2024-03-10", 10, {"order_id": "1"}), ("anna", "2024-05-05", -1, {"order_id": "2"})]
    assert dataset_of(sales).as_of(Query()) == MAY_5
    sales[1][3]["refund_of"] = "1"
    assert dataset_of(sales).as_of(Query()) == MARCH_10


def test_a_refund_that_is_left_out_makes_no_day(dataset_of: DatasetOf) -> None:
    """dora never ordered; eve had not by then, and what she orders later lies ahead of today."""
    sales = [*SALES, ("dora", "2024-05-05", -1, {}), ("eve", "2024-05-05", -1, {}), ("eve", "2024-05-07", 9, {})]
    dataset = dataset_of(sales, today=MAY_5 + 1)
    assert dataset.as_of(Query()) == MARCH_10
    assert dataset_of([*sales, ("anna", "2024-04-01", -1, {})], today=MAY_5 + 1).as_of(Query()) == MARCH_10 + 22
    assert dataset_of([*sales, ("anna", "2024-05-07", -1, {})], today=MAY_5 + 1).as_of(Query()) == MARCH_10


@pytest.mark.parametrize(("today", "told"), [(MARCH_10, MARCH_10), (MARCH_10 - 1, MARCH_1), (JAN_5, JAN_5)])
def test_never_stands_later_than_today(dataset_of: DatasetOf, today: int, told: int) -> None:
    """An order dated ahead of the clock is a slip of the pen, or not yet shipped."""
    dataset = dataset_of(SALES, today=today)
    assert dataset.as_of(Query()) == told
    assert dataset.snapshot(Query()).customers["last"].max() <= today


def test_stands_where_it_is_told_to(dataset: Dataset) -> None:
    assert dataset.as_of(Query(as_of=JAN_5)) == JAN_5
    assert dataset.snapshot(Query(as_of=JAN_5)).described["id"].to_list() == ["anna"]
    assert dataset.as_of(Query(as_of=MARCH_10 + 500)) == MARCH_10 + 500


@pytest.mark.parametrize("asked", [lambda b, query: b.as_of(query), lambda b, query: b.ask(profile, query)])
@pytest.mark.parametrize("day", [JAN_5 - 1, JAN_5 - 4, 0])
def test_a_day_before_the_first_order_is_refused(dataset: Dataset, day: int, asked: Callable[..., object]) -> None:
    """Even on the day of dora's refund, which is no order."""
    with pytest.raises(LtvError) as refused:
        asked(dataset, Query(as_of=day))
    assert refused.value.exit_code == 2
    assert "2024-01-05" in refused.value.what
    assert "2024-01-05" in refused.value.mend


# --- what is in it -------------------------------------------------------------------------------


def test_dimensions(dataset_of: DatasetOf) -> None:
    scores = ("R score", "F score", "M score")
    placing = ("RFM", "RFM score", "ABC", "XYZ", "stage", "orders band")
    periods = (*placing, "first year", "first quarter", "first month", "first week", *scores)
    periods = (*periods, "p alive band", "expected orders band")
    assert dataset_of([("anna", 0, 1)]).dimensions == ("tier", *periods)
    assert dataset_of(SALES).dimensions == ("tier", "channel", *periods)
    known = [{"customer_id": "anna", "name": "Anna", "birth_day": "1990-01-01", "city": "Rome"}]
    assert dataset_of(SALES, known).dimensions == ("tier", "city", "channel", "age band", *periods)


def test_every_dimension_can_be_asked(dataset_of: DatasetOf) -> None:
    known = [{"customer_id": "anna", "birth_day": "1990-01-01", "city": "Rome"}]
    dataset = dataset_of(SALES, known)
    for name in dataset.dimensions_of(Query()):
        assert dataset.ask(profile, Query(), (name,))["customers"].sum() == 3, name


def test_quality_counts(dataset: Dataset) -> None:
    """Seven rows: one of nobody, two refunds, four orders. dora's refund has no owner."""
    quality = dataset.quality(Query())
    assert (quality.rows_read, quality.orders, quality.refunds, quality.line_level) == (7, 4, 2, False)
    assert (quality.first_day, quality.last_day) == (JAN_5, MARCH_10)
    counts = {c.rule: (c.rows, c.amount, c.excluded) for c in quality.counts}
    assert counts == {
        "no_customer": (1, 990_000, True),
        "no_date": (0, 0, True),
        "no_amount": (0, 0, True),
        "refunds_netted": (2, -70_000, False),
        "zero_amount": (0, 0, False),
        "after_as_of": (0, 0, True),
        "only_refunds": (1, -20_000, True),
    }


def test_quality_as_of_a_day(dataset: Dataset) -> None:
    quality = dataset.quality(Query(as_of=MARCH_1))
    assert (quality.orders, quality.refunds, quality.last_day) == (3, 2, MARCH_1)
    assert {c.rule: c.rows for c in quality.counts}["after_as_of"] == 1


def test_orders_of_a_customer(dataset: Dataset) -> None:
    """Codes follow the ids: anna, bert, cleo, dora."""
    assert dataset.orders_of(0)["amount"].to_list() == [100_000, 300_000]
    assert dataset.orders_of(1)["amount"].to_list() == [200_000, -50_000]
    assert dataset.orders_of(3)["kind"].to_list() == ["refund"]
    assert dataset.orders_of(9).height == 0


def test_margin_is_mapped_or_not(dataset: Dataset, dataset_of: DatasetOf) -> None:
    assert not dataset.margin_mapped
    assert dataset_of([("anna", 0, 10, {"margin": 4})]).margin_mapped


def test_the_trail_narrows_the_snapshot(dataset: Dataset) -> None:
    """40, 15 and 5: anna is VIP; tiers stay those of the whole shop."""
    whole = dataset.snapshot(Query())
    assert whole.customers["tier"].to_list() == ["VIP", "middle", "economy"]
    assert not whole.selected
    part = dataset.snapshot(Query() & Filter("channel", "shop"))
    assert part.described.select("id", "tier").rows() == [("bert", "middle")]
    assert part.selected
    assert part.thresholds == whole.thresholds
    assert dataset.snapshot(Query() & Filter("channel", None)).described["id"].to_list() == ["cleo"]
    both = Query() & Filter("channel", "web") & Filter("tier", "economy")
    assert dataset.snapshot(both).customers.height == 0


# --- nothing to show -------------------------------------------------------------------------------


def test_no_rows(rows_of: RowsOf) -> None:
    with pytest.raises(LtvError) as stopped:
        build_dataset(rows_of([]), None, None, CleaningPolicy(), MARCH_10)
    assert (stopped.value.exit_code, "no rows" in stopped.value.what) == (1, True)


@pytest.mark.parametrize(
    ("sales", "policy", "grounds"),
    [
        (
            [(None, 0, 1), (None, 0, 2), ("a", None, 3)],
            CleaningPolicy(),
            ("3 rows", "2 no customer id", "1 no date, or"),
        ),
        ([("a", 0, None)], CleaningPolicy(), ("1 no amount, or",)),
        ([("a", 0, 5, {"status": "failed"})], CleaningPolicy(), ("1 cancelled, failed or similar",)),
        ([("a", 0, -5), ("b", 0, -1)], CleaningPolicy(), ("refunds only",)),
        ([("a", 0, -5), ("b", 0, -1)], CleaningPolicy(refunds="drop"), ("2 refund, left out",)),
        ([("a", 0, 0)], CleaningPolicy(zero="drop"), ("1 amount of zero",)),
    ],
)
def test_nothing_left_says_what_took_it(
    dataset_of: DatasetOf, sales: list[object], policy: CleaningPolicy, grounds: tuple[str, ...]
) -> None:
    with pytest.raises(LtvError) as stopped:
        dataset_of(sales, policy=policy)
    assert stopped.value.exit_code == 1
    assert stopped.value.mend
    for ground in grounds:
        assert ground in stopped.value.what


def test_a_shop_whose_orders_all_lie_ahead(dataset_of: DatasetOf) -> None:
    """Its as-of day is never later than today, so that there is nothing to see yet."""
    with pytest.raises(LtvError):
        dataset_of([("anna", MARCH_10, 10)], today=JAN_5).as_of(Query())
