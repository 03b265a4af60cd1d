"""Which words of a shop leave an order out."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest

from ltvtui.analytics.cleaning.clean import CleaningPolicy, clean
from ltvtui.analytics.cleaning.statuses import is_undone, is_unpaid

RowsOf = Callable[..., pl.DataFrame]

UNDONE = (
    "Refused, Unsuccessful, uncollectible, Quotation, Quotation Sent, Angebot, "
    "wc-cancelled, wc-refunded, wc-failed, trash, wc-trash, checkout-draft, draft, Denied, Reversed, Expired, "
    "chargeback, Charged back, CANCELLED, cancelled by customer, CancelledByBuyer, payment failed, Fully Refunded, "
    "FULLY_REFUNDED, Refunded., VOIDED, Rejected, abandoned, Storniert, Zurückerstattet, zurueckerstattet, "
    "abgelehnt, "
    "annulé, Annulée, Remboursé, refusée, Cancelado, Reembolsado, devuelto, Annullato, rimborsato, estornado, "
    "Geannuleerd, terugbetaald, Annulleret, refunderet, Udløbet, Anulowane, zwrócone, отменён, Отменен, возвращён, "
    "возврат, скасовано, повернено, 已取消, キャンセル"
)
KEPT = (
    "paid, completed, wc-completed, pending, wc-on-hold, processing, partially_refunded, Partially Refunded, "
    "teilweise erstattet, partiellement remboursé, parcialmente reembolsado, częściowo zwrócone, частично возвращён, "
    "quotation accepted, "
    "not cancelled, cancellation requested, Pending cancellation, shipped DHL 1, return window closed, 部分退款, "
    "delivered, авансирован"
)


@pytest.mark.parametrize("status", UNDONE.split(", "))
def test_words_that_say_it_was_undone(status: str) -> None:
    assert is_undone(status)


@pytest.mark.parametrize("status", KEPT.split(", "))
def test_words_that_do_not(status: str) -> None:
    assert not is_undone(status)


UNPAID = "Not Paid, unpaid, wc-pending, Awaiting payment, pendingPayment, past_due, unbezahlt, impayé, не оплачен"
PAID = "paid, open, pending, bezahlt, payé, оплачен, authorized, on-hold"


@pytest.mark.parametrize("status", UNPAID.split(", "))
def test_words_that_say_nobody_has_paid(status: str) -> None:
    assert is_unpaid(status)


@pytest.mark.parametrize("status", PAID.split(", "))
def test_words_that_leave_it_open(status: str) -> None:
    assert not is_unpaid(status)


def test_a_list_of_ones_own_is_taken_word_by_word(rows_of: RowsOf) -> None:
    rows = rows_of([("anna", 5, 10, {"status": "wc-failed"}), ("anna", 6, 3, {"status": "Gone"})])
    own = clean(rows, CleaningPolicy(excluded_statuses=("gone",)))
    assert own.orders["amount"].to_list() == [100_000]
    assert clean(rows).orders["amount"].to_list() == [30_000]


def test_a_negative_row_called_refund_is_one(rows_of: RowsOf) -> None:
    rows = rows_of([("anna", 5, 10, {"status": "sale"}), ("anna", 6, -3, {"status": "refund"})])
    assert clean(rows).orders["amount"].to_list() == [100_000, -30_000]
