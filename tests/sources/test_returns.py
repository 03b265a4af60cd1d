"""Columns of what went back, or never was a sale: found by name and content, and by both alone."""

from __future__ import annotations

import pytest

from ltvtui.sources.catalog_table import CatalogColumn, CatalogTable
from ltvtui.sources.detection.returns import cancelled_score, of_amount, refunded_score, type_score
from ltvtui.sources.sql import Value

TAKEN = 0.55
ZERO: tuple[Value, ...] = ("0.00", "5.00", None, "0.00", "0.00")
DAYS: tuple[Value, ...] = (None, "2024-05-05 10:00:00", None, None, "")
FLAGS: tuple[Value, ...] = (0, 1, 0, 0, 0)


def column(name: str, sample: tuple[Value, ...]) -> CatalogColumn:
    return CatalogColumn(name, "", sample=sample)


@pytest.mark.parametrize(
    ("name", "sample", "taken"),
    [
        ("Refunded Amount", ZERO, True),
        ("amount_refunded", (0, 1000, 0), True),
        ("Converted Amount Refunded", ZERO, True),
        ("total_refunded", ZERO, True),
        ("Erstatteter Betrag", ("0,00 €", "5,00 €"), True),
        ("refunds", ZERO, True),
        ("refunded", ("false", "true", "false"), False),
        ("refund_reason", ("broken", None), False),
        ("refund_id", ("17", "18"), False),
        ("Refunded date (UTC)", DAYS, False),
        ("amount", ZERO, False),
    ],
)
def test_refunded_amounts(name: str, sample: tuple[Value, ...], taken: bool) -> None:
    assert (refunded_score(column(name, sample)) >= TAKEN) == taken


@pytest.mark.parametrize(
    ("name", "sample", "taken"),
    [
        ("cancelled_at", DAYS, True),
        ("Cancelled at", (None, None, None), True),
        ("voidedAt", DAYS, True),
        ("cancel_date", DAYS, True),
        ("storniert am", (None, "05.05.2024", None, None, None), True),
        ("is_cancelled", FLAGS, True),
        ("canceled", ("false", "true", "false", "false"), True),
        ("deleted_at", ("NULL", "NULL", "2024-05-05", "NULL"), True),
        ("test", ("false", "false", "false", "false", "false", "true"), True),
        ("test", (0, 1, 1, 0), False),  # one of two pages that are tried
        ("cancelled_at", ("2024-05-05", "2024-05-06"), False),  # of every order: no sign that it was undone
        ("return_date", DAYS, False),
        ("refunded_at", DAYS, False),
        ("cancel_reason", (None, "other"), False),
        ("cancelled_items", FLAGS, False),
        ("order_date", DAYS, False),
    ],
)
def test_days_and_flags_of_cancelling(name: str, sample: tuple[Value, ...], taken: bool) -> None:
    assert (cancelled_score(column(name, sample)) >= TAKEN) == taken


@pytest.mark.parametrize(
    ("name", "kinds", "amounts", "taken"),
    [
        ("type", ("charge", "stripe_fee", "charge"), (20, -1, 20), True),
        ("Type", ("Website Payment", "General Withdrawal", "Payment Refund"), ("80.00", "-500.00", "-20.00"), True),
        ("Event Type", ("Payment", "Refund", "Payment"), (20, 5, 20), True),
        ("type", ("card", "bank transfer", "card"), (20, 30, 20), False),  # how it was paid
        ("payment_type", ("charge", "payout", "charge"), (20, -20, 20), False),
        ("type", ("gift", "usual", "usual"), (20, 30, 20), False),
        ("status", ("charge", "payout", "charge"), (20, -20, 20), False),
    ],
)
def test_types_of_rows(name: str, kinds: tuple[Value, ...], amounts: tuple[Value, ...], taken: bool) -> None:
    assert (type_score(column(name, kinds), column("amount", amounts)) >= TAKEN) == taken


def test_the_refunded_amount_goes_with_the_amount() -> None:
    amounts, backs = ("10.00", "20.00", "30.00"), ("0.00", "5.00", "0.00")
    names = ("Amount", "Amount Refunded", "Converted Amount", "Converted Amount Refunded")
    table = CatalogTable("payments", tuple(column(n, backs if "Refunded" in n else amounts) for n in names))
    assert of_amount(table, "Amount Refunded", "Converted Amount") == "Converted Amount Refunded"
    assert of_amount(table, "Converted Amount Refunded", "Amount") == "Amount Refunded"


@pytest.mark.parametrize(
    ("amounts", "backs"),
    [
        (("10.00", "-5.00", "30.00"), ("0.00", "5.00", "0.00")),  # refunds are rows of their own
        (("10.00", "20.00", "30.00"), ("40.00", "50.00", "90.00")),  # more than there was
        (("10.00", "20.00", "30.00"), ("10.00", "15.00", "30.00")),  # what was left of it
    ],
)
def test_a_column_that_is_no_part_of_the_amount(amounts: tuple[Value, ...], backs: tuple[Value, ...]) -> None:
    table = CatalogTable("payments", (column("total", amounts), column("refund_amount", backs)))
    assert of_amount(table, "refund_amount", "total") is None


def test_what_is_left_after_refunds_hides_no_column_of_refunds() -> None:
    amounts, left, backs = ("10.00", "20.00", "30.00"), ("10.00", "15.00", "30.00"), ("0.00", "5.00", "0.00")
    columns = (
        ("Order Total Amount (- Refund)", left),
        ("Order Total Amount", amounts),
        ("Order Refund Amount", backs),
    )
    table = CatalogTable("orders", tuple(column(name, sample) for name, sample in columns))
    found = of_amount(table, "Order Total Amount (- Refund)", "Order Total Amount")
    assert found == "Order Refund Amount"
