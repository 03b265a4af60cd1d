"""What is expected of each customer, on screen: in the list, on the card, in the tier rule; and why it is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from driving import Driver, drive
from shops import build, returning_shop
from textual.widgets import OptionList, Static

from ltvtui.exporting.customers import customers_export
from ltvtui.present.numbers import write
from ltvtui.tui.location import Location

WHY = "Not enough data for a forecast: 120 of 180 days of history"
YOUNG = {"as_of": "2025-05-01"}
"""The 120th day after the first."""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return returning_shop(tmp_path_factory.mktemp("customers"))


def dialog(app: Driver) -> str:
    """What the dialog says, line by line."""
    return "\n".join(str(line.render()) for line in app.app.screen.query(Static))


def plain(text: str) -> str:
    """The text of a screen in one line."""
    return " ".join(text.split())


def test_the_list_shows_what_an_export_has(shop: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("c")
        assert "P(alive)" not in app.text
        await app.press("F")
        table, _ = customers_export(app.main_screen.dataset, app.location.query, "")
        best = table.part(0, 1).row(0, named=True)
        line = next(line for line in app.text.splitlines() if line.split()[:1] == [best["id"]])
        assert f"{best['p_alive'] * 100:.1f} %" in line
        for column in ("expected_value_12", "expected_ltv", "value_at_risk"):
            assert write(best[column], "units") in line
        await app.press("enter")  # and so does the card
        assert f"{best['expected_days_12']:.1f} order days in 12 mo" in plain(app.text)
        await app.press("backspace", "F")
        assert "P(alive)" not in app.text

    drive(shop, scenario, size=(160, 36))


@pytest.mark.parametrize("text", ["p alive < 0.3 and expected > 10", "p alive band = under 10 %"])
def test_a_filter_shows_what_it_compares(shop: Path, text: str) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("f")
        await app.type(text)
        await app.press("enter", "c")
        assert "P(alive)" in app.text
        await app.press("F")
        assert "P(alive)" not in app.text.replace("p alive", "")

    drive(shop, scenario)


def test_tiers_may_be_tried_by_expected_ltv(shop: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("t")
        await app.sees("[historic LTV]    expected LTV")
        await app.press("up", "up", "up")
        await app.sees("historic LTV    [expected LTV]")
        await app.sees("of exp. LTV")
        await app.press("enter")
        assert app.location.query.tier_rule.value == "expected"
        assert "expected LTV, middle from" in app.text

    drive(shop, scenario)


def test_a_shop_of_120_days_says_why(shop: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("d")
        assert "p alive band" not in [str(option.prompt) for option in app.app.screen.query_one(OptionList).options]
        assert f"Without p alive band and expected orders band. {WHY}" in dialog(app)
        await app.press("escape", "t")
        assert f"[historic LTV]   {WHY}" in dialog(app)
        await app.press("up", "up", "up")
        assert "[historic LTV]" in app.text
        await app.press("escape", "c", "F")
        assert WHY in plain(app.text)
        await app.press("enter")
        await app.sees("forecast")
        assert "Not enough data for" in app.text

    drive(shop, scenario, terms=YOUNG)


def test_a_shop_opens_on_a_day_without_a_forecast_under_tiers_by_it(shop: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.sees("Tiers by expected LTV need a forecast.")
        await app.sees("Tiers are by historic value for now")
        assert app.location.query.tier_rule.value == "historic"
        assert "as of 2025-05-01" in app.text

    drive(shop, scenario, terms={**YOUNG, "tier_value": "expected"})


def test_a_day_without_a_forecast_is_refused_under_tiers_by_it(shop: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("A")
        await app.type("2025-05-01")
        await app.press("enter")
        await app.sees("Tiers by expected LTV need a forecast.")
        assert app.location.query.as_of is None

    drive(shop, scenario, terms={"tier_value": "expected"})


def test_explore_by_a_band_says_why_there_is_none(shop: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.sees(WHY)

    drive(shop, scenario, terms=YOUNG, start=Location("explore", by=("p alive band",)))


def test_a_shop_of_customers_who_are_all_alike_is_said_to_be_one(tmp_path: Path) -> None:
    """500 customers order on the same three days: the model is at the end of its range."""
    days = ("2024-01-01", "2024-04-01", "2024-07-01")
    rows = ",".join(f"({who}, '{day}', 10)" for who in range(500) for day in days)
    alike = build(
        tmp_path, f"CREATE TABLE orders (customer_id, ordered_at, amount); INSERT INTO orders VALUES {rows};"
    )

    async def scenario(app: Driver) -> None:
        await app.press("c")
        assert "no differences between customers" not in plain(app.text)
        await app.press("F")
        assert "no differences between customers in how often they buy" in plain(app.text)

    drive(alike, scenario, size=(160, 36))


def test_columns_of_the_forecast_are_chosen_one_by_one(shop: Path) -> None:
    """K opens the choice: without P(alive), with the value of three months."""

    async def scenario(app: Driver) -> None:
        await app.press("c", "F")
        before = [column.key for column in app.main_screen.active.grid.table.columns]  # type: ignore[union-attr]
        assert {"p_alive", "expected_value_12"} <= {*before}
        await app.press("K")
        await app.sees("Columns of the forecast")
        await app.press("space")  # the first is P(alive)
        await app.press("down", "down", "down", "space", "enter")
        await app.settled()
        after = [column.key for column in app.main_screen.active.grid.table.columns]  # type: ignore[union-attr]
        assert {*before} - {*after} == {"p_alive"}
        assert {*after} - {*before} == {"expected_value_3"}
        await app.press("1", "c", "K", "escape")
        assert app.main_screen.view == "customers"

    drive(shop, scenario, size=(200, 40))
