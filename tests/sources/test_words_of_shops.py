"""Small shops with foreign words, as they were handed in, against the figures that must come out."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from ltvtui.cli import main

CASES = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "cases"


@pytest.fixture(scope="module", autouse=True)
def _cases_at_hand() -> None:
    if not CASES.is_dir():
        pytest.skip(f"the cases are not at hand: {CASES}")


def report(folder: Path, name: str, *flags: str) -> tuple[tuple[int, int, float], str]:
    path = shutil.copy(CASES / name, folder)
    done = CliRunner().invoke(main, ["report", str(path), "--no-cache", "--format", "json", *flags])
    assert done.exception is None, done.output
    base = json.loads(done.stdout)["base"]
    return (base["orders"], base["customers"], round(base["revenue"], 2)), done.stderr


@pytest.mark.parametrize("language", ["da", "de", "fr", "it", "ru", "uk"])
def test_the_same_shop_in_six_languages(tmp_path: Path, language: str) -> None:
    assert report(tmp_path, f"languages/{language}.sqlite")[0] == (499, 80, 15_922.84)


@pytest.mark.parametrize(
    ("name", "figures", "said"),
    [
        ("household", (200, 58, 11_059.63), ""),
        ("cogs", (200, 58, 5_527.41), ""),
        ("orderscopedcustomer", (400, 300, 20_955.81), "customer_unique_id of customers"),
    ],
)
def test_shops_with_words_of_their_own(tmp_path: Path, name: str, figures: tuple[float, ...], said: str) -> None:
    found, told = report(tmp_path, f"schemas/{name}.sqlite")
    assert found == figures
    assert said in told


def test_an_amount_that_was_said_may_stand_in_the_lines(tmp_path: Path) -> None:
    found, _ = report(tmp_path, "schemas/orderscopedcustomer.sqlite", "--amount", "payment_value")
    assert found == (400, 300, 20_955.81)


def test_a_price_goes_before_a_count_that_is_called_amount(tmp_path: Path) -> None:
    (_, customers, revenue), said = report(tmp_path, "schemas/sorteddates.sqlite")
    assert (customers, revenue) == (2_999, 9_266_043.0)
    assert "SALES_PRICE is read as the amount" in said


def test_roles_of_a_shop_export_whose_names_say_little(tmp_path: Path) -> None:
    (orders, customers, _), _ = report(tmp_path, "shopify_orders_export.csv")
    assert (orders, customers) == (144, 43)


def test_many_statuses_hide_none(tmp_path: Path) -> None:
    assert report(tmp_path, "status_many.csv")[0][::2] == (108, 1_080.0)


def test_the_primary_key_goes_before_a_blank_number(tmp_path: Path) -> None:
    path = shutil.copy(CASES / "woo_hpos.sqlite", tmp_path)
    done = CliRunner().invoke(main, ["config", str(path), "--orders", "wp_wc_orders"])
    assert done.exception is None, done.output
    assert 'order_id = "id"' in done.stdout
