"""Exports of shop systems, payment providers and ad platforms, with the figures that must come out.

Where a column has to be told is for the detection to learn, not for these tests: they name it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from shops import ROOT

from ltvtui.cli import main

CASES = ROOT.parent / "shared" / "data" / "cases"
needs_cases = pytest.mark.skipif(not CASES.is_dir(), reason=f"the cases are not at hand: {CASES}")


def run(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def report(name: str, *flags: str) -> dict[str, Any]:
    found = run("report", CASES / name, *flags, "--format", "json")
    assert found.exit_code == 0, found.stderr
    told: dict[str, Any] = json.loads(found.stdout)
    return told


def touched(told: dict[str, Any], kind: str) -> dict[str, tuple[int, float]]:
    return {rule: (c["rows"], c["amount"]) for rule, c in told["quality"][kind].items() if c["rows"]}


SHOPIFY = ("--customer", "Email", "--date", "Created at", "--order-id", "Name", "--amount", "Total")
STRIPE = ("--amount", "Converted Amount", "--currency-column", "Converted Currency", "--customer", "Customer Email")
UMSATZ = ("--customer", "Kundennr.", "--date", "Datum", "--amount", "Betrag")


@needs_cases
@pytest.mark.parametrize(
    ("name", "flags", "orders", "customers", "revenue"),
    [
        ("shopify_orders_export.csv", SHOPIFY, 144, 43, 7_665.84),
        ("shopify_orders_export.csv", (*SHOPIFY, "--refunded", ""), 144, 43, 7_770.52),
        ("stripe_unified_payments.csv", STRIPE, 150, 42, 6_223.05),
        ("paypal_activity.csv", ("--customer", "From Email Address", "--amount", "Gross"), 144, 37, 6_098.90),
        ("amazon_all_orders.txt", ("--customer", "buyer-email", "--amount", "item-price"), 110, 35, 2_798.60),
        ("EtsySoldOrders2024.csv", ("--customer", "Buyer User ID", "--amount", "Order Total"), 102, 51, 3_526.97),
        ("square_transactions.csv", ("--customer", "Customer ID", "--amount", "Total Collected"), 80, 26, 3_435.48),
        ("cancelled_at.csv", (), 108, 27, 2_160.00),
        ("overlapping_exports.csv", (), 100, 25, 2_000.00),
        ("status_words.csv", ("--status", "status"), 66, 20, 660.00),
        ("status_many.csv", ("--status", "status"), 108, 27, 1_080.00),
        ("line_refunds.csv", (), 60, 15, 1_940.00),
        ("discount_lines.csv", (), 60, 15, 1_740.00),
        ("ledger.csv", (), 80, 40, 1_600.00),
        ("one_time.csv", (), 100, 100, 3_000.00),
        ("two_stores_same_numbers.csv", (), 120, 40, 2_400.00),
        ("test_orders.csv", (), 85, 30, 549.45),
        ("trailing_comma.csv", (), 120, 29, 5_235.00),
        ("sep_line.csv", (), 120, 29, 5_235.00),
        ("umsatz_plain_utf8.csv", UMSATZ, 95, 30, 32_677.00),
        ("umsatz_plain_utf16.csv", UMSATZ, 95, 30, 32_677.00),
        ("umsatz_plain_cp1252.csv", (*UMSATZ, "--encoding", "cp1252"), 95, 30, 32_677.00),
        ("umsatz_cp1252.csv", (*UMSATZ, "--encoding", "cp1252"), 95, 30, 32_677.00),
        ("umsatz_title_utf8.csv", UMSATZ, 95, 30, 32_677.00),
        ("umsatz_totals_utf8.csv", UMSATZ, 95, 30, 32_677.00),
        ("xl_plain.xlsx", (), 90, 25, 3_753.00),
        ("xl_title.xlsx", (), 90, 25, 3_753.00),
        ("xl_title_total.xlsx", (), 90, 25, 3_753.00),
        ("xl_total.xlsx", (), 90, 25, 3_753.00),
    ],
)
def test_figures(name: str, flags: tuple[str, ...], orders: int, customers: int, revenue: float) -> None:
    base = report(name, *flags)["base"]
    assert (base["orders"], base["customers"], round(base["revenue"], 2)) == (orders, customers, revenue)


@needs_cases
def test_further_lines_of_an_order_are_no_finding() -> None:
    told = report("shopify_orders_export.csv", *SHOPIFY)
    assert touched(told, "excluded") == {"status": (16, 1_018.10)}
    assert touched(told, "noted") == {"lines_told_once": (126, 0.0), "refunded_part": (8, -104.68)}


@needs_cases
def test_merged_cells_are_told_of() -> None:
    found = run("report", CASES / "xl_merged.xlsx")
    assert "23 merged cells that reach over several rows" in found.stderr


@needs_cases
def test_orders_in_two_states_are_told_of() -> None:
    assert touched(report("overlapping_exports.csv"), "excluded") == {
        "earlier_state": (2, 40),
        "exact_copy": (18, 360),
    }


@needs_cases
def test_refunds_go_where_their_orders_went() -> None:
    """Refunds of orders that are left out go with them; those that nobody, or the shop, sent belong to the buyer."""
    woo = report("woo_hpos.sqlite", "--orders", "wp_wc_orders", "--order-id", "id", "--guests", "keep")
    assert touched(woo, "excluded")["refund_of_left_out"] == (10, -469.8)
    assert touched(woo, "excluded")["status"] == (40, 2_084.4)
    assert touched(woo, "noted") == {"refund_of_other": (10, -389.9), "refunds_netted": (6, -60.0)}
    named = report("woo_hpos.sqlite", "--orders", "wp_wc_orders", "--order-id", "id")
    assert touched(named, "excluded")["refund_of_left_out"] == (6, -349.9)
    assert touched(named, "excluded")["status"] == (26, 1_344.6)
    assert touched(named, "noted") == {"refund_of_other": (10, -389.9), "refunds_netted": (4, -40.0)}
    paypal = report("paypal_activity.csv", "--customer", "From Email Address", "--amount", "Gross")
    assert paypal["mapping"]["refund_of"] == "Reference Txn ID"
    assert touched(paypal, "excluded") == {"no_sale": (8, -4_000), "status": (6, 250.2)}
    assert touched(paypal, "noted") == {"refund_of_other": (7, -160.9), "refunds_netted": (7, -160.9)}


@needs_cases
@pytest.mark.parametrize(
    ("name", "google", "facebook"),
    [
        ("spend_iso", 3_600, 2_400),
        ("spend_monyy", 2_400, 2_400),
        ("spend_quarter", 3_600, 2_400),
        ("spend_meta_export", None, 2_400),
        ("spend_google_export", 3_600, None),
        ("spend_wide_total", 3_600, 2_400),
        ("spend_total_row", 3_600, 2_400),
        ("spend_dup", 3_000, 2_400),
        ("spend_neg_credit", 3_000, 2_400),
    ],
)
def test_spend(name: str, google: float | None, facebook: float | None) -> None:
    found = run("budget", CASES / "budget_shop.csv", "--spend", CASES / f"{name}.csv", "--format", "json")
    assert found.exit_code == 0, found.stderr
    spent = {row["channel"]: row["spend"] for row in json.loads(found.stdout)["rows"]}
    assert (spent["Google Ads"], spent["Facebook"]) == (google, facebook)


@needs_cases
@pytest.mark.parametrize("name", ["spend_usd", "spend_meta_export"])
def test_spend_in_another_currency(name: str, tmp_path: Path) -> None:
    text = (CASES / f"{name}.csv").read_text().replace("(EUR)", "(USD)")
    (tmp_path / "spend.csv").write_text(text)
    found = run("budget", CASES / "budget_shop_eur.csv", "--spend", tmp_path / "spend.csv")
    assert (found.exit_code, "is in USD, the shop in EUR" in found.stderr) == (1, True)


@needs_cases
def test_a_currency_that_the_shop_does_not_tell() -> None:
    found = run("budget", CASES / "budget_shop.csv", "--spend", CASES / "spend_usd.csv")
    assert found.exit_code == 0
    assert "The spend in spend_usd.csv is in USD. The shop has no currency" in found.stderr


def test_refunds_that_are_told_twice_are_taken_off_once(tmp_path: Path) -> None:
    """Sixty charges of 10.50, six of which were refunded by 3: in a column, and by rows without a minus."""
    charges = "".join(
        f"ch_{n},charge,2024-0{1 + n % 9}-03,K{n % 9},10.50,{'3.00' if n % 10 == 0 else '0.00'}\n" for n in range(60)
    )
    refunds = "".join(f"re_{n},refund,2024-09-20,K{n},3.00,0.00\n" for n in range(6))
    path = tmp_path / "charges.csv"
    path.write_text("id,type,created,customer,amount,amount_refunded\n" + charges + refunds)
    base = report(str(path))["base"]
    assert (base["orders"], base["customers"], base["revenue"]) == (60, 9, 60 * 10.5 - 18)
