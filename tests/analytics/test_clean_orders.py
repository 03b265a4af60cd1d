"""Every rule of cleaning, with what it says it touched."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from ltvtui.analytics.cleaning.clean import CleaningPolicy, CleanOrders, clean
from ltvtui.analytics.schema import MONEY_SCALE
from ltvtui.errors import LtvError
from ltvtui.query.query import Query
from ltvtui.session.dataset import Dataset, build_dataset
from ltvtui.sources.values.whole_numbers import whole_numbers

DatasetOf = Callable[..., Dataset]
RowsOf = Callable[..., pl.DataFrame]


def told(cleaned: CleanOrders, rule: str) -> tuple[int, float, bool]:
    """Rows, money and whether they are left out."""
    found = {c.rule: c for c in cleaned.counts}[rule]
    return found.rows, found.amount / MONEY_SCALE, found.excluded


def rules(cleaned: CleanOrders) -> set[str]:
    return {c.rule for c in cleaned.counts if c.rows}


def kept(cleaned: CleanOrders) -> list[tuple[Any, ...]]:
    """Orders as (customer id, day, amount, kind)."""
    ids = cleaned.customer_ids
    found = cleaned.in_order().select("customer", "day", "amount", "kind").rows()
    return [(ids[customer], day, amount / MONEY_SCALE, kind) for customer, day, amount, kind in found]


# --- what cannot be used -------------------------------------------------------------------------


def test_unusable_rows_are_counted_under_the_first_rule_they_break(rows_of: RowsOf) -> None:
    cleaned = clean(
        rows_of(
            [
                ("anna", 5, 10),
                (None, 5, 20),
                (None, None, 7),
                ("bert", None, 30),
                ("cleo", None, None),
                ("dora", 5, None),
                ("anna", 6, 40, {"status": "cancelled"}),
                ("anna", None, 1, {"status": "cancelled"}),
            ]
        )
    )
    assert told(cleaned, "no_customer") == (2, 27, True)
    assert told(cleaned, "no_date") == (3, 31, True)
    assert told(cleaned, "no_amount") == (1, 0, True)
    assert told(cleaned, "status") == (1, 40, True)
    assert cleaned.rows_read == 8
    assert kept(cleaned) == [("anna", 5, 10, "order")]


@pytest.mark.parametrize(
    "status", ["cancelled", "CANCELED", "Refunded", "voided", "failed", "declined", " Returned ", "VOIDED", "cancel"]
)
def test_excluded_statuses(rows_of: RowsOf, status: str) -> None:
    cleaned = clean(rows_of([("anna", 5, 10, {"status": status}), ("anna", 5, 3, {"status": "paid"})]))
    assert told(cleaned, "status") == (1, 10, True)
    assert kept(cleaned) == [("anna", 5, 3, "order")]


@pytest.mark.parametrize("status", ["paid", "not cancelled", "cancel requested", "", None])
def test_other_statuses_stay(rows_of: RowsOf, status: str | None) -> None:
    cleaned = clean(rows_of([("anna", 5, 10, {"status": status})]))
    assert told(cleaned, "status") == (0, 0, True)
    assert kept(cleaned) == [("anna", 5, 10, "order")]


def test_statuses_of_ones_own(rows_of: RowsOf) -> None:
    rows = rows_of([("anna", 5, 10, {"status": "On Hold"}), ("anna", 6, 4, {"status": "cancelled"})])
    assert kept(clean(rows, CleaningPolicy(excluded_statuses=("on hold",)))) == [("anna", 6, 4, "order")]
    assert kept(clean(rows, CleaningPolicy(excluded_statuses=(" ON HOLD ",)))) == [("anna", 6, 4, "order")]
    everything = clean(rows, CleaningPolicy(excluded_statuses=()))
    assert told(everything, "status") == (0, 0, True)
    assert len(kept(everything)) == 2


@pytest.mark.parametrize(
    ("listed", "written"),
    [
        ("Verstoß", "Verstoß"),
        ("ОТМЕНЁН", "отменён"),
        ("Annulé", "ANNULÉ"),
    ],
)
def test_statuses_are_case_blind_in_any_alphabet(rows_of: RowsOf, listed: str, written: str) -> None:
    cleaned = clean(rows_of([("anna", 5, 10, {"status": written})]), CleaningPolicy(excluded_statuses=(listed,)))
    assert told(cleaned, "status") == (1, 10, True)


def test_without_a_status_there_is_no_such_rule(rows_of: RowsOf) -> None:
    assert "status" not in {c.rule for c in clean(rows_of([("anna", 5, 10)])).counts}


# --- signs ---------------------------------------------------------------------------------------

SIGNS = [("anna", 5, 10), ("anna", 6, -4), ("anna", 7, 0), ("bert", 5, -3), ("bert", 8, 1)]


@pytest.mark.parametrize(
    ("refunds", "rule", "excluded", "orders", "revenue"),
    [("net", "refunds_netted", False, 3, 4), ("drop", "refund_dropped", True, 3, 11), ("keep", None, False, 5, 4)],
)
def test_negative_amounts(
    dataset_of: DatasetOf, refunds: Any, rule: str | None, excluded: bool, orders: int, revenue: float
) -> None:
    dataset = dataset_of(SIGNS, policy=CleaningPolicy(refunds=refunds))
    assert told(dataset.cleaned, rule or "refunds_as_orders") == (2, -7, excluded)
    customers = dataset.snapshot(Query(as_of=8)).customers
    assert customers["orders"].sum() == orders
    assert customers["revenue"].sum() == revenue * MONEY_SCALE


@pytest.mark.parametrize(("zero", "orders"), [("count", 3), ("drop", 2)])
def test_zero_amounts(dataset_of: DatasetOf, zero: Any, orders: int) -> None:
    dataset = dataset_of(SIGNS, policy=CleaningPolicy(zero=zero))
    assert told(dataset.cleaned, "zero_amount") == (1, 0, zero == "drop")
    customers = dataset.snapshot(Query(as_of=8)).customers
    assert customers["orders"].sum() == orders
    assert customers["revenue"].sum() == 4 * MONEY_SCALE


def test_a_zero_order_is_a_day_with_an_order(dataset_of: DatasetOf) -> None:
    row = dataset_of([("anna", 5, 10), ("anna", 50, 0)]).snapshot(Query()).customers.row(0, named=True)
    assert (row["orders"], row["days"], row["first"], row["last"]) == (2, 2, 5, 50)


def test_a_refund_is_no_day_with_an_order(dataset_of: DatasetOf) -> None:
    row = dataset_of([("anna", 5, 10), ("anna", 2, -1), ("anna", 50, -1)]).snapshot(Query(as_of=60)).customers
    found = row.select("orders", "days", "first", "last", "revenue").row(0)
    assert found == (1, 1, 5, 5, 8 * MONEY_SCALE)


# --- refunds with and without a reference --------------------------------------------------------


def test_a_refund_without_reference_stays_on_its_day(dataset_of: DatasetOf) -> None:
    dataset = dataset_of([("anna", 10, 100), ("anna", 50, -30)])
    assert dataset.activity_index.activity.select("day", "orders", "revenue").rows() == [
        (10, 1, 1_000_000),
        (50, 0, -300_000),
    ]


def test_a_refund_by_reference_is_booked_on_the_day_of_its_order(dataset_of: DatasetOf) -> None:
    dataset = dataset_of(
        [
            ("anna", 10, 100, {"order_id": "1"}),
            ("anna", 20, 50, {"order_id": "2"}),
            ("anna", 70, -30, {"order_id": "3", "refund_of": "1"}),
            ("anna", 80, -5, {"order_id": "4", "refund_of": None}),
        ]
    )
    assert dataset.activity_index.activity.select("day", "orders", "revenue").rows() == [
        (10, 1, 700_000),
        (20, 1, 500_000),
        (80, 0, -50_000),
    ]
    assert "refund_without_order" not in rules(dataset.cleaned)


def test_references_that_lead_nowhere_are_counted(dataset_of: DatasetOf) -> None:
    """Order 9 is unknown; order 1 is anna's, so that its refund is hers; order 4 is a refund itself."""
    dataset = dataset_of(
        [
            ("anna", 10, 100, {"order_id": "1"}),
            ("bert", 10, 100, {"order_id": "2"}),
            ("anna", 30, -1, {"order_id": "3", "refund_of": "9"}),
            ("bert", 40, -2, {"order_id": "4", "refund_of": "1"}),
            ("bert", 50, -3, {"order_id": "5", "refund_of": "4"}),
        ]
    )
    assert told(dataset.cleaned, "refund_without_order") == (2, -4, False)
    assert told(dataset.cleaned, "refund_of_other") == (1, -2, False)
    assert dataset.activity_index.activity.select("day", "revenue").rows() == [
        (10, 980_000),
        (30, -10_000),
        (10, 1_000_000),
        (50, -30_000),
    ]


LEFT_OUT = [
    ("anna", 10, 100, {"order_id": "1", "status": "paid"}),
    ("anna", 11, 70, {"order_id": "2", "status": "cancelled"}),
    ("anna", None, 60, {"order_id": "3"}),
    (None, 12, 50, {"order_id": "4"}),
    ("bert", 13, None, {"order_id": "5"}),
    ("bert", 14, 0, {"order_id": "6"}),
    ("bert", 15, 9, {"order_id": "7", "status": "paid"}),
]
"""Order 1 and 7 are kept, 6 is one of zero; all others are left out, each by a rule of its own."""


@pytest.mark.parametrize(
    ("customer", "reference", "out"),
    [
        ("anna", "1", False),
        ("anna", "2", True),
        ("anna", "3", True),
        ("anna", "4", True),  # whose it was nobody knows, and it is left out
        ("bert", "5", True),
        ("bert", "6", False),
        ("bert", "2", True),  # anna's: the refund goes where the order went
        ("bert", "9", False),  # there is no such order
        ("bert", None, False),
    ],
)
def test_a_refund_of_an_order_that_was_left_out(
    dataset_of: DatasetOf, customer: str, reference: str | None, out: bool
) -> None:
    back = (customer, 30, -2, {"order_id": "20", "refund_of": reference, "status": "paid"})
    cleaned = dataset_of([*LEFT_OUT, back]).cleaned
    assert ("refund_of_left_out" in rules(cleaned)) == out
    assert told(cleaned, "refunds_netted") == ((0, 0, False) if out else (1, -2, False))
    assert cleaned.orders["amount"].sum() == (109 - 2 * (not out)) * MONEY_SCALE
    if out:
        assert told(cleaned, "refund_of_left_out") == (1, -2, True)


def test_refunds_of_zero_that_is_left_out(dataset_of: DatasetOf) -> None:
    back = ("bert", 30, -2, {"order_id": "20", "refund_of": "6"})
    cleaned = dataset_of([*LEFT_OUT, back], policy=CleaningPolicy(zero="drop")).cleaned
    assert told(cleaned, "refund_of_left_out") == (1, -2, True)
    assert told(cleaned, "zero_amount") == (1, 0, True)


def test_where_refunds_are_orders_or_dropped_no_order_takes_them_along(dataset_of: DatasetOf) -> None:
    back = ("anna", 30, -2, {"order_id": "20", "refund_of": "2"})
    for refunds, rule, out in (("keep", "refunds_as_orders", False), ("drop", "refund_dropped", True)):
        cleaned = dataset_of([*LEFT_OUT, back], policy=CleaningPolicy(refunds=refunds)).cleaned
        assert told(cleaned, rule) == (1, -2, out)
        assert "refund_of_left_out" not in rules(cleaned)


def test_an_order_of_which_a_line_is_kept_keeps_its_refund(rows_of: RowsOf) -> None:
    """Of order 1 one line was cancelled. A status column tells nothing of the refund, which has none."""
    lines = [line("anna", "1", 5, 10, status="paid"), line("anna", "1", 5, 4, status="cancelled")]
    lines += [line("anna", "2", 6, 3, status="cancelled"), line("anna", "2", 6, 2, status="cancelled")]
    lines += [line("anna", "3", 9, -1, refund_of="1"), line("anna", "4", 9, -3, refund_of="2")]
    lines += [line("anna", "4", 9, -2, refund_of="2")]
    cleaned = clean(rows_of(lines))
    assert kept(cleaned) == [("anna", 5, 10, "order"), ("anna", 5, -1, "refund")]
    assert told(cleaned, "refund_of_left_out") == (1, -5, True)  # its two lines are one refund


def test_a_reference_on_an_order_is_not_a_refund(dataset_of: DatasetOf) -> None:
    """An exchange names the order it replaces; it is an order on its own day."""
    dataset = dataset_of(
        [("anna", 10, 100, {"order_id": "1"}), ("anna", 40, 20, {"order_id": "2", "refund_of": "1"})]
    )
    assert dataset.activity_index.activity["day"].to_list() == [10, 40]


def test_customers_with_refunds_only_are_none(dataset_of: DatasetOf) -> None:
    dataset = dataset_of([("anna", 10, 100), ("bert", 5, -20), ("bert", 6, -1), ("cleo", 7, -3), ("cleo", 20, 4)])
    early = Query(as_of=10)
    assert dataset.snapshot(early).described["id"].to_list() == ["anna"]
    assert {c.rule: (c.rows, c.amount, c.excluded) for c in dataset.quality(early).counts}["only_refunds"] == (
        3,
        -240_000,
        True,
    )
    # By day 20 cleo has ordered: her earlier refund is hers.
    late = Query(as_of=20)
    assert dataset.snapshot(late).described.select("id", "revenue").rows() == [("anna", 1_000_000), ("cleo", 10_000)]
    assert {c.rule: c.rows for c in dataset.quality(late).counts}["only_refunds"] == 2


def test_rows_after_the_as_of_day_are_counted(dataset_of: DatasetOf) -> None:
    dataset = dataset_of([("anna", 10, 100), ("anna", 11, 50), ("bert", 12, 7), ("bert", 13, -2)])
    counts = {c.rule: (c.rows, c.amount, c.excluded) for c in dataset.quality(Query(as_of=10)).counts}
    assert counts["after_as_of"] == (3, 550_000, True)
    counts = {c.rule: (c.rows, c.amount, c.excluded) for c in dataset.quality(Query(as_of=13)).counts}
    assert counts["after_as_of"] == (0, 0, True)


# --- lines and copies ----------------------------------------------------------------------------


def line(customer: str, order: str | None, day: int, amount: float, **more: Any) -> tuple[Any, ...]:
    return (customer, day, amount, {"order_id": order, **more})


def test_lines_are_summed_to_orders(rows_of: RowsOf) -> None:
    """Order 1: 10 + 20 − 5, at its earliest moment, described by its dearest line. Order 1 of bert is another."""
    cleaned = clean(
        rows_of(
            [
                line("anna", "1", 5, 10, second=700, margin=1, product="pen"),
                line("anna", "1", 4, 20, second=900, margin=2, product="dataset"),
                line("anna", "1", 5, -5, second=100, margin=0, product="voucher"),
                line("anna", "2", 9, 3, second=0, margin=1, product="pen"),
                line("bert", "1", 9, 8, second=0, margin=4, product="ink"),
            ]
        )
    )
    assert cleaned.line_level
    assert kept(cleaned) == [("anna", 4, 25, "order"), ("anna", 9, 3, "order"), ("bert", 9, 8, "order")]
    assert cleaned.in_order()["second"].to_list() == [900, 0, 0]
    assert cleaned.in_order()["margin"].to_list() == [30_000, 10_000, 40_000]
    assert cleaned.in_order()["product"].to_list() == ["dataset", "pen", "ink"]
    assert told(cleaned, "lines_summed") == (5, 36, False)
    assert cleaned.attributes == ("product",)


def test_of_equal_lines_the_first_row_describes_the_order(rows_of: RowsOf) -> None:
    """Both attributes are of the same row, whichever value comes first by alphabet, and whatever the other is."""
    cleaned = clean(
        rows_of(
            [
                line("anna", "1", 5, 3, product="ant", shelf="a"),
                line("anna", "1", 5, 20, product="zebra", shelf=None),
                line("anna", "2", 6, 8, product="pen", shelf="c"),
                line("anna", "1", 5, 20, product="bear", shelf="b"),
                line("anna", "2", 6, 8, product="ink", shelf="d"),
            ]
        )
    )
    assert cleaned.in_order().select("product", "shelf").rows() == [("zebra", None), ("pen", "c")]


def test_the_first_of_several_orders_at_one_moment_has_the_smallest_id(rows_of: RowsOf) -> None:
    """9 comes before 10, though not as text; a later moment is later whatever its id."""
    rows = rows_of(
        [
            line("anna", "10", 5, 1, channel="ant"),
            line("anna", "9", 5, 2, channel="bee"),
            line("anna", "1", 5, 3, channel="cat", second=1),
            line("bert", "12", 5, 4, channel="bee"),
            line("bert", "11", 5, 4, channel="cat"),
        ]
    )
    dataset = build_dataset(whole_numbers(rows), None, None, CleaningPolicy(), 100)
    assert dataset.cleaned.in_order()["order_id"].to_list() == [9, 10, 1, 11, 12]
    assert dataset.people.frame.select("id", "channel").rows() == [("anna", "bee"), ("bert", "cat")]


def test_an_order_whose_lines_sum_below_zero_is_a_refund(rows_of: RowsOf) -> None:
    cleaned = clean(rows_of([line("anna", "1", 5, 9), line("anna", "2", 6, 2), line("anna", "2", 6, -5)]))
    assert kept(cleaned) == [("anna", 5, 9, "order"), ("anna", 6, -3, "refund")]
    assert told(cleaned, "refunds_netted") == (1, -3, False)


def test_rows_without_an_order_id_are_orders(rows_of: RowsOf) -> None:
    cleaned = clean(
        rows_of(
            [
                *(line("anna", None, 5, 9, copy=1), line("anna", None, 5, 9, copy=1)),
                *(line("anna", "1", 5, 1, copy=2), line("anna", "1", 5, 2, copy=3)),
            ]
        )
    )
    assert kept(cleaned) == [("anna", 5, 3, "order"), ("anna", 5, 9, "order"), ("anna", 5, 9, "order")]


@pytest.mark.parametrize("column", [True, False])
def test_without_repeats_every_row_is_an_order(rows_of: RowsOf, column: bool) -> None:
    sales = [("anna", 5, 9), ("anna", 5, 9)]
    cleaned = clean(rows_of([line(c, str(i), d, a) for i, (c, d, a) in enumerate(sales)] if column else sales))
    assert kept(cleaned) == [("anna", 5, 9, "order")] * 2
    assert not cleaned.line_level


COPIES = [
    line("anna", "1", 5, 10, copy=7),
    line("anna", "1", 5, 10, copy=7),
    line("anna", "1", 5, 10, copy=7),
    line("bert", "2", 6, 4, copy=8),
]
LINES = [*COPIES, line("anna", "1", 5, 1, copy=9)]


@pytest.mark.parametrize(
    ("repeats", "orders", "count"),
    [
        ("auto", [("anna", 5, 10), ("bert", 6, 4)], ("exact_copy", 2, 20, True)),
        ("drop", [("anna", 5, 10), ("bert", 6, 4)], ("exact_copy", 2, 20, True)),
        ("keep", [("anna", 5, 30), ("bert", 6, 4)], ("copies_among_lines", 2, 20, False)),
    ],
)
def test_an_order_table_with_exact_copies(rows_of: RowsOf, repeats: Any, orders: list[Any], count: Any) -> None:
    """Every repeat is a copy of its row: the table has one row per order, and the first is kept."""
    cleaned = clean(rows_of(COPIES), CleaningPolicy(repeats=repeats))
    assert [o[:3] for o in kept(cleaned)] == orders
    assert told(cleaned, count[0]) == count[1:]
    assert cleaned.line_level is (repeats == "keep")


@pytest.mark.parametrize(
    ("repeats", "amount", "count"),
    [
        ("auto", 31, ("copies_among_lines", 2, 20, False)),
        ("keep", 31, ("copies_among_lines", 2, 20, False)),
        ("drop", 11, ("exact_copy", 2, 20, True)),
    ],
)
def test_a_line_table_with_exact_copies(rows_of: RowsOf, repeats: Any, amount: float, count: Any) -> None:
    """One repeat is another line: two pens in one order are two lines alike, and both were paid for."""
    cleaned = clean(rows_of(LINES), CleaningPolicy(repeats=repeats))
    assert [o[:3] for o in kept(cleaned)] == [("anna", 5, amount), ("bert", 6, 4)]
    assert told(cleaned, count[0]) == count[1:]
    assert cleaned.line_level


def test_repeats_are_looked_for_among_usable_rows(rows_of: RowsOf) -> None:
    """The cancelled first try of order 1 is not a line of it."""
    cleaned = clean(rows_of([line("anna", "1", 5, 10, status="failed"), line("anna", "1", 6, 10, status="paid")]))
    assert kept(cleaned) == [("anna", 6, 10, "order")]
    assert not cleaned.line_level


# --- currencies and margin -----------------------------------------------------------------------

PURSES = [
    ("anna", 5, 10, {"currency": "EUR"}),
    ("bert", 6, 20, {"currency": "usd"}),
    ("cleo", 7, 3, {"currency": "Eur"}),
]


def test_several_currencies_stop(rows_of: RowsOf) -> None:
    with pytest.raises(LtvError) as stopped:
        clean(rows_of(PURSES))
    assert "EUR, USD" in stopped.value.what
    assert "2 currencies" in stopped.value.what
    assert "--currency" in stopped.value.mend
    assert "--rate" in stopped.value.mend


@pytest.mark.parametrize("wanted", ["EUR", "eur"])
def test_one_currency_is_kept(rows_of: RowsOf, wanted: str) -> None:
    cleaned = clean(rows_of(PURSES), CleaningPolicy(currency=wanted))
    assert kept(cleaned) == [("anna", 5, 10, "order"), ("cleo", 7, 3, "order")]
    assert told(cleaned, "other_currency") == (1, 20, True)
    assert cleaned.currency == "EUR"


def test_currencies_of_rows_left_out_do_not_matter(rows_of: RowsOf) -> None:
    rows = rows_of([PURSES[0], (None, 6, 20, {"currency": "USD"})])
    assert clean(rows).currency == "EUR"


def test_without_a_currency_column_there_is_none(rows_of: RowsOf) -> None:
    assert clean(rows_of([("anna", 5, 10)])).currency is None


def test_a_rate_converts_amount_and_margin(rows_of: RowsOf) -> None:
    cleaned = clean(
        rows_of(
            [
                ("anna", 5, 10, {"currency": "EUR", "rate": 1.0, "margin": 4}),
                ("bert", 5, 20, {"currency": "USD", "rate": 0.5, "margin": 3}),
                ("cleo", 5, 0.0003, {"currency": "USD", "rate": 0.9, "margin": 0}),
            ]
        )
    )
    assert cleaned.in_order()["amount"].to_list() == [100_000, 100_000, 3]
    assert cleaned.in_order()["margin"].to_list() == [40_000, 15_000, 0]


@pytest.mark.parametrize("rate", [None, float("nan"), float("inf")])
def test_without_a_usable_rate_there_is_no_amount(rows_of: RowsOf, rate: float | None) -> None:
    cleaned = clean(
        rows_of(
            [("anna", 5, 10, {"currency": "EUR", "rate": 1.0}), ("bert", 5, 20, {"currency": "USD", "rate": rate})]
        )
    )
    assert kept(cleaned) == [("anna", 5, 10, "order")]
    assert told(cleaned, "no_amount")[0] == 1


# --- shape ---------------------------------------------------------------------------------------


def test_customers_are_coded_by_their_ids(rows_of: RowsOf) -> None:
    cleaned = clean(rows_of([("zoe", 1, 1), ("Anna", 9, 1), ("10", 5, 1), ("9", 5, 1), ("zoe", 0, 2), (None, 1, 1)]))
    assert cleaned.customer_ids.to_list() == ["10", "9", "Anna", "zoe"]
    assert cleaned.in_order()["customer"].to_list() == [0, 1, 2, 3, 3]
    assert cleaned.in_order()["day"].to_list() == [5, 5, 9, 0, 1]


def test_nothing_left_is_an_empty_frame_with_the_same_columns(rows_of: RowsOf) -> None:
    some = clean(rows_of([("anna", 5, 10)]))
    none = clean(rows_of([(None, 5, 10)]))
    assert none.orders.height == 0
    assert none.orders.schema == some.orders.schema


def test_a_margin_that_is_not_known_is_said(rows_of: RowsOf) -> None:
    """Nothing is dropped silently: an order without a cost would count with no margin at all."""
    cleaned = clean(rows_of([("anna", 5, 10, {"margin": 4}), ("anna", 6, 20, {"margin": None})]))
    assert told(cleaned, "no_margin")[:2] == (1, 20)
