"""Rows that tell of one order together: headers with lines, earlier states, totals told again, no sales."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from ltvtui.analytics.cleaning.clean import CleaningPolicy, CleanOrders, clean
from ltvtui.analytics.schema import MONEY_SCALE

RowsOf = Callable[..., pl.DataFrame]


def counted(cleaned: CleanOrders) -> dict[str, tuple[int, float]]:
    """Rows and money of the rules that touched any."""
    return {c.rule: (c.rows, c.amount / MONEY_SCALE) for c in cleaned.counts if c.rows}


def orders(cleaned: CleanOrders) -> list[tuple[Any, ...]]:
    ids = cleaned.customer_ids
    found = cleaned.in_order().select("customer", "day", "amount").rows()
    return [(ids[customer], day, amount / MONEY_SCALE) for customer, day, amount in found]


def exported(rows_of: RowsOf, *lines: tuple[Any, ...]) -> pl.DataFrame:
    """Rows of (customer, day, amount, order id, what else is said, what tells lines apart)."""
    rows = rows_of([(c, d, a, {"order_id": o, **said}) for c, d, a, o, said, _ in lines])
    return rows.with_columns(
        pl.Series("copy", [hash((c, d, a, o, str(said), k)) % 2**60 for c, d, a, o, said, k in lines], pl.UInt64),
        pl.Series("same", [hash((c, d, a, o, k)) % 2**60 for c, d, a, o, _, k in lines], pl.UInt64),
    )


PAID, NOTHING = {"status": "paid", "currency": "EUR"}, {"status": None, "currency": None}


def test_what_the_first_line_tells_holds_for_the_order(rows_of: RowsOf) -> None:
    """Order 1 has three lines, 2 two and is voided, 3 one; further lines have neither amount nor status."""
    cleaned = clean(
        exported(
            rows_of,
            *(("anna", 5, 40, "1", PAID, "a"), ("anna", None, None, "1", NOTHING, "b")),
            (None, None, None, "1", NOTHING, "c"),
            *(("bert", 6, 9, "2", {**PAID, "status": "voided"}, "a"), ("bert", 6, None, "2", NOTHING, "b")),
            ("cleo", 7, 3, "3", PAID, "a"),
        )
    )
    assert orders(cleaned) == [("anna", 5, 40), ("cleo", 7, 3)]
    assert counted(cleaned) == {"lines_told_once": (3, 0), "status": (1, 9)}
    assert not cleaned.line_level


def test_a_total_that_cannot_be_read_is_one_finding(rows_of: RowsOf) -> None:
    lines = [
        *(("anna", 5, 40, "1", PAID, "a"), ("anna", 5, None, "1", NOTHING, "b")),
        *(("bert", 6, None, "2", PAID, "a"), ("bert", 6, None, "2", NOTHING, "b")),
        *(
            line
            for n in range(3, 12)
            for line in (("c", n, 1, str(n), PAID, "a"), ("c", n, None, str(n), NOTHING, "b"))
        ),
    ]
    assert counted(clean(exported(rows_of, *lines))) == {"lines_told_once": (11, 0), "no_amount": (1, 0)}


def test_one_order_of_several_lines_is_enough_where_they_leave_all_to_the_first(rows_of: RowsOf) -> None:
    lines = (("anna", 5, 40, "1", PAID, "a"), ("anna", 5, None, "1", NOTHING, "b"), ("bert", 6, 9, "2", PAID, "a"))
    assert counted(clean(exported(rows_of, *lines))) == {"lines_told_once": (1, 0)}


def test_an_amount_that_cannot_be_read_stays_a_finding_among_lines_with_their_own(rows_of: RowsOf) -> None:
    lines = [("anna", 5, amount, str(order), PAID, k) for order in range(6) for k, amount in ((1, 4 + order), (2, 3))]
    lines[3] = ("anna", 5, None, "1", PAID, 2)
    cleaned = clean(exported(rows_of, *lines))
    assert counted(cleaned)["no_amount"] == (1, 0)
    assert "lines_told_once" not in counted(cleaned)
    assert cleaned.orders["amount"].sum() == (sum(range(4, 10)) + 5 * 3) * MONEY_SCALE


def test_a_status_of_one_line_alone_is_that_of_the_order(rows_of: RowsOf) -> None:
    cleaned = clean(
        exported(
            rows_of,
            *(("anna", 5, 40, "1", {"status": "refunded"}, "a"), ("anna", 5, 2, "1", {"status": None}, "b")),
            *(("anna", 6, 5, "2", {"status": "paid"}, "a"), ("anna", 6, 7, "2", {"status": None}, "b")),
        )
    )
    assert orders(cleaned) == [("anna", 6, 12)]
    assert counted(cleaned)["status"] == (2, 42)


def test_of_an_order_in_two_states_the_later_one_counts(rows_of: RowsOf) -> None:
    lines = [(f"c{n}", 5, 10, str(n), {"status": "paid"}, "") for n in range(8)]
    again = [*lines[:4], ("c4", 5, 10, "4", {"status": "cancelled"}, "")]
    cleaned = clean(exported(rows_of, *lines, *again))
    assert counted(cleaned) == {"earlier_state": (1, 10), "exact_copy": (4, 40), "status": (1, 10)}
    assert cleaned.orders.height == 7
    assert cleaned.orders["amount"].sum() == 70 * MONEY_SCALE


def test_the_later_state_is_that_of_the_later_change(rows_of: RowsOf) -> None:
    told = ({"status": "refunded", "changed": 900}, {"status": "paid", "changed": 100})
    cleaned = clean(
        exported(rows_of, *(("anna", 5, 10, "1", said, "") for said in told), ("bert", 5, 1, "2", {}, ""))
    )
    assert orders(cleaned) == [("bert", 5, 1)]


def test_of_an_order_of_lines_in_two_states_the_later_lines_count(rows_of: RowsOf) -> None:
    """Orders of two lines; 3 to 5 stand in a second export too, where 4 was cancelled meanwhile."""
    paid, gone = {"status": "paid"}, {"status": "cancelled"}
    first = [(f"c{n}", n, 10 + k, str(n), paid, k) for n in range(1, 6) for k in range(2)]
    second = [(f"c{n}", n, 10 + k, str(n), gone if n == 4 else paid, k) for n in range(3, 6) for k in range(2)]
    cleaned = clean(exported(rows_of, *first, *second))
    assert counted(cleaned) == {"earlier_state": (6, 63), "status": (2, 21), "lines_summed": (8, 84)}
    assert orders(cleaned) == [(f"c{n}", n, 21) for n in (1, 2, 3, 5)]


def test_the_same_line_twice_in_one_place_is_two_lines(rows_of: RowsOf) -> None:
    lines = [("anna", 5, 10, "1", {"status": status}, k) for k in range(2) for status in ("paid", "sent")]
    cleaned = clean(exported(rows_of, *lines, ("anna", 5, 7, "1", {"status": "paid"}, 3)))
    assert orders(cleaned) == [("anna", 5, 47)]


def test_states_are_kept_where_every_row_is_to_count(rows_of: RowsOf) -> None:
    rows = exported(rows_of, *(("anna", 5, 10, "1", {"status": status}, "") for status in ("new", "paid")))
    assert clean(rows, CleaningPolicy(repeats="keep")).orders["amount"].to_list() == [20 * MONEY_SCALE]
    assert clean(rows).orders["amount"].to_list() == [10 * MONEY_SCALE]


def test_a_total_on_every_line_counts_once(rows_of: RowsOf) -> None:
    lines = [(f"c{n}", n, 10 + n, str(n), {}, line) for n in range(6) for line in range(3)]
    cleaned = clean(exported(rows_of, *lines))
    assert cleaned.orders["amount"].sum() == sum(range(10, 16)) * MONEY_SCALE
    assert counted(cleaned) == {"total_again": (12, 150)}


def test_lines_at_one_price_are_summed(rows_of: RowsOf) -> None:
    lines = [(f"c{n}", n, 19.99, str(n), {}, line) for n in range(6) for line in range(2)]
    assert clean(exported(rows_of, *lines)).orders["amount"].sum() == round(12 * 19.99 * MONEY_SCALE)


def test_what_was_refunded_of_an_order_is_taken_off_it(rows_of: RowsOf) -> None:
    rows = rows_of(
        [
            ("anna", 5, 40, {"refunded": 15 * MONEY_SCALE}),
            ("bert", 5, 40, {"refunded": None}),
            ("cleo", 5, 7, {"refunded": 90 * MONEY_SCALE}),
        ]
    )
    cleaned = clean(rows)
    assert orders(cleaned) == [("anna", 5, 25), ("bert", 5, 40), ("cleo", 5, 0)]
    assert counted(cleaned) == {"refunded_part": (2, -22), "zero_amount": (1, 0)}
    assert clean(rows, CleaningPolicy(refunds="drop")).orders["amount"].sum() == 87 * MONEY_SCALE


def test_a_day_of_cancelling_leaves_out(rows_of: RowsOf) -> None:
    rows = rows_of([("anna", 5, 40, {"undone": True}), ("bert", 5, 3, {"undone": False})])
    assert orders(clean(rows)) == [("bert", 5, 3)]
    assert counted(clean(rows)) == {"status": (1, 40)}
    assert clean(rows, CleaningPolicy(excluded_statuses=())).orders.height == 2


@pytest.mark.parametrize("kind", ["stripe_fee", "General Withdrawal", "payout", "Transfer to bank"])
def test_what_is_no_sale_is_no_refund_either(rows_of: RowsOf, kind: str) -> None:
    rows = rows_of([("anna", 5, 40, {"row_type": "charge"}), ("anna", 5, -1, {"row_type": kind})])
    assert orders(clean(rows)) == [("anna", 5, 40)]
    assert counted(clean(rows)) == {"no_sale": (1, -1)}


def test_a_refund_without_a_minus_gets_one(rows_of: RowsOf) -> None:
    rows = rows_of([("anna", 5, 40, {"row_type": "Sale"}), ("anna", 6, 15, {"row_type": "Refund"})])
    assert orders(clean(rows)) == [("anna", 5, 40), ("anna", 6, -15)]


@pytest.mark.parametrize("backwards", [False, True])
def test_what_one_line_tells_holds_wherever_it_stands(rows_of: RowsOf, backwards: bool) -> None:
    lines = [
        *(("anna", 5, 40, "1", PAID, "a"), ("bert", 6, 9, "2", {**PAID, "status": "voided"}, "a")),
        *((None, None, None, "1", NOTHING, "b"), ("cleo", 7, 3, "3", PAID, "a")),
        *(("anna", None, None, "1", NOTHING, "c"), ("bert", 6, None, "2", NOTHING, "b")),
    ]
    cleaned = clean(exported(rows_of, *(lines[::-1] if backwards else lines)))
    assert orders(cleaned) == [("anna", 5, 40), ("cleo", 7, 3)]
    assert counted(cleaned) == {"lines_told_once": (3, 0), "status": (1, 9)}


def test_headers_with_lines_that_come_again_in_another_state(rows_of: RowsOf) -> None:
    """Order 1 stands in both exports, refunded in the second one; 2 alike in both; 3 and 4 in one each."""
    later = {**PAID, "status": "refunded"}
    first = [(c, 5, 40, o, PAID, "a") for c, o in (("anna", "1"), ("bert", "2"), ("cleo", "3"))]
    second = [
        ("anna", 5, 40, "1", later, "a"),
        *((c, 5, 40, o, PAID, "a") for c, o in (("bert", "2"), ("dora", "4"))),
    ]
    lines = [(None, None, None, o, NOTHING, "b") for o in "123"], [(None, None, None, o, NOTHING, "b") for o in "124"]
    cleaned = clean(exported(rows_of, *first, *lines[0], *second, *lines[1]))
    assert orders(cleaned) == [("bert", 5, 40), ("cleo", 5, 40), ("dora", 5, 40)]
    assert counted(cleaned) == {
        "lines_told_once": (6, 0),
        "earlier_state": (1, 40),
        "exact_copy": (1, 40),
        "status": (1, 40),
    }


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize(
    ("earlier", "later", "sold"),
    [
        ("failed", "paid", True),
        ("pending", "completed", True),
        ("paid", "refunded", False),
        ("bezahlt", "storniert", False),
        ("abgelehnt", "bezahlt", True),
        ("ожидает оплаты", "отменён", False),
    ],
)
def test_the_later_state_is_the_later_one_of_a_life(
    rows_of: RowsOf, earlier: str, later: str, sold: bool, backwards: bool
) -> None:
    """An export is often sorted with the newest first: where a state stands tells little."""
    told = [("anna", 5, 10, "1", {"status": status}, "") for status in (earlier, later)]
    cleaned = clean(exported(rows_of, *(told[::-1] if backwards else told), ("bert", 5, 1, "2", {"status": "x"}, "")))
    assert orders(cleaned) == [("anna", 5, 10), ("bert", 5, 1)][0 if sold else 1 :]


def test_equal_lines_of_an_order_that_stand_apart_are_no_second_export(rows_of: RowsOf) -> None:
    """Two shirts and two hats, of which one shirt came back, in a table that was shuffled."""
    kept, back = {"status": "kept"}, {"status": "sent on"}
    shirt, hat = (("anna", 5, 20, "1", kept, "shirt"), ("anna", 5, 9, "1", kept, "hat"))
    other = ("bert", 5, 1, "2", kept, "")
    lines = [shirt, other, hat, other, ("anna", 5, 20, "1", back, "shirt"), other, hat, other]
    cleaned = clean(exported(rows_of, *lines))
    assert ("anna", 5, 58) in orders(cleaned)
    assert "earlier_state" not in counted(cleaned)
