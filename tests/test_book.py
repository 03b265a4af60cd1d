"""The book: one version of the data, and what has been asked of it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import polars as pl
import pytest

from ltvtui.analytics.clean import CleaningPolicy
from ltvtui.analytics.schema import MONEY_SCALE
from ltvtui.analytics.segments import profile
from ltvtui.analytics.snapshot import Snapshot
from ltvtui.book import Book, open_book
from ltvtui.errors import LtvError
from ltvtui.lens import Filter, Lens

BookOf = Callable[..., Book]
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
def book(book_of: BookOf) -> Book:
    return book_of(SALES)


# --- answers are remembered --------------------------------------------------------------------------


def test_the_same_question_has_the_same_answer(book: Book) -> None:
    assert book.ask(profile, Lens(), ("tier",)) is book.ask(profile, Lens(), ("tier",))
    assert book.ask(profile, Lens() & Filter("tier", "VIP")) is book.ask(profile, Lens() & Filter("tier", "VIP"))
    assert book.quality(Lens()) is book.quality(Lens(horizon=3))


def test_another_question_lens_or_detail_has_its_own(book: Book) -> None:
    asked: list[tuple[object, ...]] = []

    def question(snapshot: Snapshot, *details: object) -> int:
        asked.append((snapshot.terms.horizon, snapshot.customers.height, *details))
        return len(asked)

    vip = Lens() & Filter("tier", "VIP")
    given = [
        (Lens(), ()),
        (Lens(), ("x",)),
        (Lens(horizon=6), ()),
        (vip, ()),
        (Lens(), ()),
        (vip, ()),
        (vip.up(), ()),
    ]
    assert [book.ask(question, lens, *details) for lens, details in given] == [1, 2, 3, 4, 1, 4, 1]
    assert asked == [(12, 3), (12, 3, "x"), (6, 3), (12, 1)]


def test_the_oldest_answers_give_way_to_large_ones(book_of: BookOf, monkeypatch: pytest.MonkeyPatch) -> None:
    """Room for two answers of 8 000 bytes, not for three."""
    monkeypatch.setattr("ltvtui.book.REMEMBERED", 20_000)
    book = book_of([("anna", 0, 10)])
    asked: list[int] = []

    def thousand_numbers(_: Snapshot, number: int) -> pl.DataFrame:
        asked.append(number)
        return pl.DataFrame({"number": [number] * 1_000}, schema={"number": pl.Int64})

    for number in (0, 1, 0, 2):  # 0 is asked again: 1 is the oldest when 2 comes
        assert book.ask(thousand_numbers, Lens(), number)["number"][0] == number
    assert asked == [0, 1, 2]
    book.ask(thousand_numbers, Lens(), 0)
    assert asked == [0, 1, 2]
    book.ask(thousand_numbers, Lens(), 1)
    assert asked == [0, 1, 2, 1]


def test_an_answer_larger_than_the_room_is_given_all_the_same(
    book_of: BookOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ltvtui.book.REMEMBERED", 1)
    book = book_of([("anna", 0, 10)])
    assert book.ask(lambda _: pl.DataFrame({"n": [1, 2, 3]}), Lens())["n"].sum() == 6


def test_a_question_that_fails_is_asked_again(book: Book) -> None:
    tries: list[int] = []

    def question(_: Snapshot) -> int:
        tries.append(1)
        if len(tries) == 1:
            raise ValueError("not yet")
        return len(tries)

    with pytest.raises(ValueError, match="not yet"):
        book.ask(question, Lens())
    assert book.ask(question, Lens()) == 2


def test_books_do_not_share_answers(book_of: BookOf) -> None:
    one, other = book_of(SALES), book_of(SALES[:1])
    assert one.ask(profile, Lens())["customers"][0] == 3
    assert other.ask(profile, Lens())["customers"][0] == 1


def test_many_threads_may_ask(book: Book) -> None:
    start = threading.Barrier(4)

    def asked(number: int) -> list[int]:
        start.wait(timeout=10)
        return [book.ask(profile, Lens(horizon=1 + i % 3))["customers"][0] for i in range(number, number + 12)]

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
    monkeypatch.setattr("ltvtui.memory.Future", Promise)
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


def test_two_threads_that_ask_the_same_make_it_once(book: Book, waited_for: threading.Event) -> None:
    made: list[threading.Thread] = []

    def question(_: Snapshot) -> pl.DataFrame:
        made.append(threading.current_thread())
        assert waited_for.wait(30)
        return pl.DataFrame({"n": [len(made)]})

    one, other = both(lambda: book.ask(question, Lens()))
    assert one is other
    assert len(made) == 1
    assert book.ask(question, Lens()) is one


def test_an_error_reaches_both_threads_and_is_forgotten(book: Book, waited_for: threading.Event) -> None:
    tries: list[int] = []

    def question(_: Snapshot) -> int:
        tries.append(1)
        if len(tries) == 1:
            assert waited_for.wait(30)
            raise ValueError("not yet")
        return len(tries)

    one, other = both(lambda: book.ask(question, Lens()))
    assert isinstance(one, ValueError)
    assert str(one) == str(other) == "not yet"
    assert len(tries) == 1
    assert book.ask(question, Lens()) == 2


def test_two_threads_share_the_snapshot_of_different_questions(
    book: Book, waited_for: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ltvtui.book import take

    taken: list[int] = []

    def slow(*given: Any) -> Snapshot:
        taken.append(1)
        assert waited_for.wait(30)
        return take(*given)

    monkeypatch.setattr("ltvtui.book.take", slow)
    one, other = both(lambda: book.ask(lambda snapshot: snapshot, Lens()))  # a question of its own for each
    assert one is other
    assert len(taken) == 1


# --- the day it stands on ----------------------------------------------------------------------------


def test_stands_on_the_last_order_day(book: Book) -> None:
    assert book.as_of(Lens()) == MARCH_10


MAY_5 = MARCH_10 + 21 + 30 + 5


def test_stands_on_a_later_refund(book_of: BookOf) -> None:
    """It is money of anna's that the figures hold; her last order stays that of March."""
    book = book_of([*SALES, ("anna", "2024-05-05", -1, {})])
    assert book.as_of(Lens()) == MAY_5
    customers = book.snapshot(Lens()).described
    assert customers.filter(id="anna").select("last", "revenue").row(0) == (MARCH_1, 39 * MONEY_SCALE)


def test_a_refund_that_names_its_order_is_of_the_day_of_that(book_of: BookOf) -> None:
    sales = [("anna", "2024-03-10", 10, {"order_id": "1"}), ("anna", "2024-05-05", -1, {"order_id": "2"})]
    assert book_of(sales).as_of(Lens()) == MAY_5
    sales[1][3]["refund_of"] = "1"
    assert book_of(sales).as_of(Lens()) == MARCH_10


def test_a_refund_that_is_left_out_makes_no_day(book_of: BookOf) -> None:
    """dora never ordered; eve had not by then, and what she orders later lies ahead of today."""
    sales = [*SALES, ("dora", "2024-05-05", -1, {}), ("eve", "2024-05-05", -1, {}), ("eve", "2024-05-07", 9, {})]
    book = book_of(sales, today=MAY_5 + 1)
    assert book.as_of(Lens()) == MARCH_10
    assert book_of([*sales, ("anna", "2024-04-01", -1, {})], today=MAY_5 + 1).as_of(Lens()) == MARCH_10 + 22
    assert book_of([*sales, ("anna", "2024-05-07", -1, {})], today=MAY_5 + 1).as_of(Lens()) == MARCH_10


@pytest.mark.parametrize(("today", "told"), [(MARCH_10, MARCH_10), (MARCH_10 - 1, MARCH_1), (JAN_5, JAN_5)])
def test_never_stands_later_than_today(book_of: BookOf, today: int, told: int) -> None:
    """An order dated ahead of the clock is a slip of the pen, or not yet shipped."""
    book = book_of(SALES, today=today)
    assert book.as_of(Lens()) == told
    assert book.snapshot(Lens()).customers["last"].max() <= today


def test_stands_where_it_is_told_to(book: Book) -> None:
    assert book.as_of(Lens(as_of=JAN_5)) == JAN_5
    assert book.snapshot(Lens(as_of=JAN_5)).described["id"].to_list() == ["anna"]
    assert book.as_of(Lens(as_of=MARCH_10 + 500)) == MARCH_10 + 500


@pytest.mark.parametrize("asked", [lambda b, lens: b.as_of(lens), lambda b, lens: b.ask(profile, lens)])
@pytest.mark.parametrize("day", [JAN_5 - 1, JAN_5 - 4, 0])
def test_a_day_before_the_first_order_is_refused(book: Book, day: int, asked: Callable[..., object]) -> None:
    """Even on the day of dora's refund, which is no order."""
    with pytest.raises(LtvError) as refused:
        asked(book, Lens(as_of=day))
    assert refused.value.exit_code == 2
    assert "2024-01-05" in refused.value.what
    assert "2024-01-05" in refused.value.mend


# --- what is in it -------------------------------------------------------------------------------


def test_dimensions(book_of: BookOf) -> None:
    scores = ("R score", "F score", "M score")
    placing = ("RFM", "RFM score", "ABC", "XYZ", "stage", "orders band")
    periods = (*placing, "first year", "first quarter", "first month", "first week", *scores)
    assert book_of([("anna", 0, 1)]).dimensions == ("tier", *periods)
    assert book_of(SALES).dimensions == ("tier", "channel", *periods)
    known = [{"customer_id": "anna", "name": "Anna", "birth_day": "1990-01-01", "city": "Rome"}]
    assert book_of(SALES, known).dimensions == ("tier", "city", "channel", "age band", *periods)


def test_every_dimension_can_be_asked(book_of: BookOf) -> None:
    known = [{"customer_id": "anna", "birth_day": "1990-01-01", "city": "Rome"}]
    book = book_of(SALES, known)
    for name in book.dimensions:
        assert book.ask(profile, Lens(), (name,))["customers"].sum() == 3, name


def test_quality_counts(book: Book) -> None:
    """Seven rows: one of nobody, two refunds, four orders. dora's refund has no owner."""
    quality = book.quality(Lens())
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


def test_quality_as_of_a_day(book: Book) -> None:
    quality = book.quality(Lens(as_of=MARCH_1))
    assert (quality.orders, quality.refunds, quality.last_day) == (3, 2, MARCH_1)
    assert {c.rule: c.rows for c in quality.counts}["after_as_of"] == 1


def test_orders_of_a_customer(book: Book) -> None:
    """Codes follow the ids: anna, bert, cleo, dora."""
    assert book.orders_of(0)["amount"].to_list() == [100_000, 300_000]
    assert book.orders_of(1)["amount"].to_list() == [200_000, -50_000]
    assert book.orders_of(3)["kind"].to_list() == ["refund"]
    assert book.orders_of(9).height == 0


def test_margin_is_mapped_or_not(book: Book, book_of: BookOf) -> None:
    assert not book.margin_mapped
    assert book_of([("anna", 0, 10, {"margin": 4})]).margin_mapped


def test_the_trail_narrows_the_snapshot(book: Book) -> None:
    """40, 15 and 5: anna is VIP; tiers stay those of the whole shop."""
    whole = book.snapshot(Lens())
    assert whole.customers["tier"].to_list() == ["VIP", "middle", "economy"]
    assert not whole.selected
    part = book.snapshot(Lens() & Filter("channel", "shop"))
    assert part.described.select("id", "tier").rows() == [("bert", "middle")]
    assert part.selected
    assert part.thresholds == whole.thresholds
    assert book.snapshot(Lens() & Filter("channel", None)).described["id"].to_list() == ["cleo"]
    both = Lens() & Filter("channel", "web") & Filter("tier", "economy")
    assert book.snapshot(both).customers.height == 0


# --- nothing to show -------------------------------------------------------------------------------


def test_no_rows(rows_of: RowsOf) -> None:
    with pytest.raises(LtvError) as stopped:
        open_book(rows_of([]), None, None, CleaningPolicy(), MARCH_10)
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
        ([("a", 0, 5, {"status": "failed"})], CleaningPolicy(), ("1 cancelled, failed or the like",)),
        ([("a", 0, -5), ("b", 0, -1)], CleaningPolicy(), ("refunds only",)),
        ([("a", 0, -5), ("b", 0, -1)], CleaningPolicy(refunds="drop"), ("2 refund, left out",)),
        ([("a", 0, 0)], CleaningPolicy(zero="drop"), ("1 amount of zero",)),
    ],
)
def test_nothing_left_says_what_took_it(
    book_of: BookOf, sales: list[object], policy: CleaningPolicy, grounds: tuple[str, ...]
) -> None:
    with pytest.raises(LtvError) as stopped:
        book_of(sales, policy=policy)
    assert stopped.value.exit_code == 1
    assert stopped.value.mend
    for ground in grounds:
        assert ground in stopped.value.what


def test_a_shop_whose_orders_all_lie_ahead(book_of: BookOf) -> None:
    """Its as-of day is never later than today, so that there is nothing to see yet."""
    with pytest.raises(LtvError):
        book_of([("anna", MARCH_10, 10)], today=JAN_5).as_of(Lens())
