"""Flat exports as systems write them, opened with no flag: orders, customers and revenue as they were made."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner, Result

from ltvtui.cli import main

Figures = tuple[int, int, float]


class Sale(NamedTuple):
    """What was sold, whatever an export writes of it."""

    number: int
    customer: int
    day: dt.datetime
    cents: int

    @property
    def money(self) -> str:
        return f"{self.cents / 100:.2f}"

    @property
    def email(self) -> str:
        return f"c{self.customer}@example.com"


SALES = [
    Sale(1000 + i, i * 7 % 23, dt.datetime(2024, 1, 3) + dt.timedelta(hours=31 * i), 1999 + i * 137 % 5000)
    for i in range(120)
]
EACH_TENTH = [sale for sale in SALES if sale.number % 10 == 0]


def figures(sales: Sequence[Sale]) -> Figures:
    return len(sales), len({s.customer for s in sales}), sum(s.cents for s in sales) / 100


def opened(path: Path, header: str, rows: Sequence[Sequence[object]], *flags: str) -> Result:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header.split("|"), *rows])
    return CliRunner().invoke(main, ["report", str(path), "--no-cache", "--format", "json", *flags])


def read(path: Path, header: str, rows: Sequence[Sequence[object]]) -> tuple[Figures, list[str]]:
    """The figures, and the codes of what is doubted."""
    done = opened(path, header, rows)
    assert done.exit_code == 0, done.stderr
    told = json.loads(done.stdout)
    base = told["base"]
    found = (base["orders"], base["customers"], round(base["revenue"], 2))
    return found, [doubt["code"] for doubt in told["warnings"]]


def status(sale: Sale, bad: str, good: str) -> str:
    return bad if sale in EACH_TENTH else good


KEPT = [sale for sale in SALES if sale not in EACH_TENTH]


@pytest.mark.parametrize(
    ("header", "row", "left"),
    [
        pytest.param(
            "order_id|order_date|status|order_total|billing_email|customer_user",
            lambda s: (s.number, s.day, status(s, "wc-failed", "wc-completed"), s.money, s.email, s.customer + 5),
            KEPT,
            id="two words for a customer",
        ),
        pytest.param(
            "id|Created (UTC)|Amount|Status|Customer Email",
            lambda s: (f"ch_{s.number}x", s.day, s.money, status(s, "Refused", "Paid"), s.email),
            KEPT,
            id="the zone of a clock in the name",
        ),
        pytest.param(
            "ID|Purchase Date|Grand Total (Base)|Grand Total (Purchased)|Status|Customer E-Mail",
            lambda s: (s.number, s.day, s.money, s.money, status(s, "canceled", "complete"), s.email.upper()),
            KEPT,
            id="the same amount twice",
        ),
        pytest.param(
            "Order Reference|Order Date|Customer|Untaxed Amount|Total|Status|Invoice Status",
            lambda s: (
                s.number,
                s.day,
                f"K{s.customer}",
                f"{s.cents / 200:.2f}",
                s.money,
                status(s, "Quotation", "Sales Order"),
                "Fully Invoiced",
            ),
            KEPT,
            id="one status that says the same of all",
        ),
        pytest.param(
            "id|user_email|created_at|currency|total|total_usd|total_formatted|status",
            lambda s: (
                s.number,
                s.email,
                s.day,
                "USD",
                s.cents,
                s.cents,
                f"${s.money}",
                status(s, "refunded", "paid"),
            ),
            KEPT,
            id="cents beside the same in units",
        ),
        pytest.param(
            "Order Number|Order Date|E-Mail|Order Refund Amount|Order Total Amount (- Refund)|Order Total Amount",
            lambda s: (s.number, s.day, s.email, "0.00", s.money, s.money),
            SALES,
            id="what is left after refunds",
        ),
    ],
)
def test_read_without_a_flag(
    tmp_path: Path, header: str, row: Callable[[Sale], Sequence[object]], left: list[Sale]
) -> None:
    assert read(tmp_path / "export.csv", header, [row(s) for s in SALES]) == (figures(left), [])


def test_names_that_are_numbers_of_orders_tell_copies_apart(tmp_path: Path) -> None:
    """Two exports that overlap, under each other."""
    rows = [(f"#{s.number}", s.email, "paid", f"{s.day} +0100", "EUR", s.money) for s in SALES]
    header = "Name|Email|Financial Status|Created at|Currency|Total"
    assert read(tmp_path / "orders.csv", header, [*rows[:80], *rows[50:]])[0] == figures(SALES)


def test_an_account_of_paypal_in_german(tmp_path: Path) -> None:
    def written(cents: int) -> str:
        return f"{cents / 100:.2f}".replace(".", ",")

    rows = []
    for s in SALES:
        day = (s.day.strftime("%d.%m.%Y"), "12:00:00")
        paid = (
            written(s.cents),
            written(-50),
            written(s.cents - 50),
            s.email,
            "shop@example.com",
            f"T{s.number}",
            "",
        )
        rows.append((*day, "Zahlung", "Abgeschlossen", "EUR", *paid))
        if s in EACH_TENTH:
            back = (written(-s.cents), "0,50", written(50 - s.cents), "shop@example.com", s.email)
            rows.append((*day, "Rückzahlung", "Abgeschlossen", "EUR", *back, f"R{s.number}", f"T{s.number}"))
    header = (
        "Datum|Uhrzeit|Typ|Status|Währung|Brutto|Entgelt|Netto|Absender E-Mail-Adresse|Empfänger E-Mail-Adresse"
        "|Transaktionscode|Zugehöriger Transaktionscode"
    )
    orders, people, _ = figures(SALES)
    assert read(tmp_path / "paypal.csv", header, rows)[0] == (orders, people, figures(KEPT)[2])


def test_an_invoice_that_nobody_has_paid_counts_and_is_told(tmp_path: Path) -> None:
    rows = [(s.number, s.customer, s.day, s.money, status(s, "Not Paid", "Paid")) for s in SALES]
    found = read(tmp_path / "invoices.csv", "invoice_id|customer_id|invoice_date|amount|status", rows)
    assert found == (figures(SALES), ["unpaid_status"])


def test_amounts_that_are_not_understood_are_shown(tmp_path: Path) -> None:
    rows = [(s.number, s.customer, s.day, f"{s.money} DR") for s in SALES]
    done = opened(tmp_path / "ledger.csv", "order_id|customer_id|order_date|amount", rows)
    assert done.exit_code == 2
    assert "The amounts in amount of ledger cannot be read, such as '19.99 DR'" in done.stderr


def test_dates_of_two_orders_are_shown(tmp_path: Path) -> None:
    rows = [
        (s.number, s.customer, s.day.strftime(("%d/%m/%Y", "%m/%d/%Y")[i % 2]), s.money) for i, s in enumerate(SALES)
    ]
    done = opened(tmp_path / "mixed.csv", "order_id|customer_id|order_date|amount", rows)
    assert done.exit_code == 2
    assert ", month first, and" in done.stderr


@pytest.mark.parametrize(
    ("header", "undone", "done"),
    [
        ("N° commande|Courriel|Date|Montant TTC|État", "Annulée", "Livrée"),
        ("Číslo objednávky|E-mail|Datum|Celkem s DPH|Stav", "Stornována", "Vyřízena"),
        ("Rendelés azonosító|Vevő e-mail|Rendelés dátuma|Bruttó összeg|Rendelés állapota", "Törölve", "Teljesítve"),
        ("Tilausnumero|Asiakkaan sähköposti|Tilauspäivä|Yhteensä|Tila", "Peruttu", "Toimitettu"),
        ("Ordernummer|E-post|Datum|Summa|Status", "Avbeställd", "Levererad"),
        ("Nr. comanda|E-mail client|Data|Total|Status", "Anulată", "Finalizată"),
        ("Sipariş No|E-posta|Sipariş Tarihi|Satış Tutarı|Sipariş Statüsü", "İptal Edildi", "Teslim Edildi"),
        ("Αρ. παραγγελίας|Πελάτης|Ημερομηνία|Σύνολο|Κατάσταση", "Ακυρωμένη", "Ολοκληρωμένη"),
        ("Pedido|Correo electrónico|Fecha|Importe total|Estado", "Cancelado", "Completado"),
        ("N. ordine|Indirizzo e-mail|Data|Totale|Stato", "Annullato", "Completato"),
        ("Pedido|E-mail do cliente|Data|Valor total|Situação|Status", "Cancelado", "Entregue"),
        ("رقم الطلب|البريد الإلكتروني|تاريخ الطلب|الإجمالي|الحالة", "ملغي", "مكتمل"),
        ("Order No.|Sold-to party|Posting date|Net value|STAT", "cancelled", "paid"),
        ("Zamówienie|Login kupującego|Data zakupu|Wartość|Status", "Anulowane", "Wysłane"),
        ("order|contact|date|amount|s", "cancelled", "paid"),
        ("Opportunity ID|Account Name|Close Date|Amount|Stage", "Closed Lost", "Closed Won"),
    ],
)
def test_what_was_undone_in_the_words_of_many_countries(tmp_path: Path, header: str, undone: str, done: str) -> None:
    order, who, day, money, *_, state = header.split("|")
    rows = [(s.number, s.email, s.day.date(), s.money, status(s, undone, done)) for s in SALES]
    names = "|".join((order, who, day, money, state))
    assert read(tmp_path / "orders.csv", names, rows)[0] == figures(KEPT)


@pytest.mark.parametrize(
    ("header", "sale", "back"),
    [
        ("order_id|customer_id|date|amount|type", "sale", "refund"),
        ("Belegnr|Kunde|Datum|Betrag|Belegart", "Rechnung", "Gutschrift"),
        ("Invoice Number|Customer|Date|Total|Document Type", "Invoice", "Credit Note"),
        ("Nº factura|Cliente|Fecha|Importe|Tipo de documento", "Factura", "Nota de crédito"),
    ],
)
def test_refunds_without_a_minus_that_a_type_tells(tmp_path: Path, header: str, sale: str, back: str) -> None:
    rows = [(s.number, f"K{s.customer}", s.day.date(), s.money, sale) for s in SALES]
    rows += [(s.number, f"K{s.customer}", s.day.date(), s.money, back) for s in EACH_TENTH]
    orders, people, _ = figures(SALES)
    assert read(tmp_path / "ledger.csv", header, rows)[0] == (orders, people, figures(KEPT)[2])


def test_a_second_status_that_says_more_is_told(tmp_path: Path) -> None:
    rows = [
        (s.number, s.customer, s.day, s.money, ("shipped", "completed")[i % 2], status(s, "failed", "paid"))
        for i, s in enumerate(SALES)
    ]
    header = "order_id|customer_id|date|amount|order_status|payment_status"
    assert read(tmp_path / "orders.csv", header, rows)[1] == ["unread_status"]


def test_deals_that_are_not_won_are_told(tmp_path: Path) -> None:
    rows = [(s.number, f"K{s.customer}", s.day, s.money, status(s, "Appointment", "Closed won")) for s in SALES]
    found = read(tmp_path / "deals.csv", "Record ID|Customer|Close Date|Amount|Deal Stage", rows)
    assert found[1] == ["unpaid_status"]


def test_amounts_of_two_currencies_are_no_sum(tmp_path: Path) -> None:
    rows = [(s.number, s.customer, s.day, status(s, "$", "€") + s.money) for s in SALES]
    header = "order_id|customer_id|order_date|amount"
    done = opened(tmp_path / "orders.csv", header, rows)
    assert done.exit_code == 2
    assert "are in 2 currencies: EUR, USD" in done.stderr
    assert opened(tmp_path / "orders.csv", header, rows, "--amount", "amount").exit_code == 0
