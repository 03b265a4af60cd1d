"""Budget on screen: what a customer may cost, what if, spend typed in, names joined."""

from __future__ import annotations

import hashlib
import stat
from pathlib import Path

import polars as pl
import pytest
from driving import Driver, drive
from shops import COSTS, SALES, build

from ltvtui.storage.workspace import Workspace
from ltvtui.tui.views.budget.state import BudgetState
from ltvtui.tui.widgets.grid import Grid
from ltvtui.tui.widgets.parameter_bar import ParameterBar

# Of each channel 30 customers, M = 10, 13, 15; ads cost 360, mail 30, and 60 are booked for "fb". Half of them bring
# 20 and half 10: of n groups of one SE² = (n - 1) ÷ n · n · (5 ÷ (n - 1))² = 25 ÷ (n - 1), and LTV lies in
# 13.22 … 17.02 of the 30 of a channel (t 2.045230), 13.75 … 16.36 of 60 (2.000995), 13.98 … 16.09 of 90 (1.986979).
TERMS = {"as_of": "2029-01-01", "churn_gap": "40"}
SIZES = [(80, 24), (120, 36), (200, 60)]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return build(tmp_path, SALES + COSTS)


def row(app: Driver, channel: str) -> list[str]:
    """The row of a channel as it stands on screen, cell by cell, without the letter before its verdict."""
    lines = [line.split() for line in app.text.splitlines()]
    heads = next(place for place, line in enumerate(lines) if {"verdict", "new"} <= set(line))
    name, *cells = next(line for line in lines[heads:] if line[:1] == [channel])
    if cells and len(cells[0]) == 1 and cells[0].isalpha():
        letter = cells.pop(0)
        assert cells[0].startswith(letter.lower())
    return [name, *cells]


def line_of_terms(app: Driver) -> dict[str, str]:
    return {
        parameter.name: parameter.value + "*" * parameter.changed
        for parameter in app.app.screen.query_one(ParameterBar).parameters
    }


@pytest.mark.parametrize("size", SIZES)
def test_what_may_be_paid_is_read_at_once(shop: Path, size: tuple[int, int]) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("5")
        # CAC 360 / 30 = 12; LTV 15, 15 / 12 = 1.25; M reaches 12 two thirds from month 0 to 1. Max CAC 4.41 … 5.67.
        assert row(app, "ads")[:6] == ["ads", "reduce", "30", "360.00", "12.00", "15.00"]
        assert row(app, "mail")[:6] == ["mail", "scale", "30", "30.00", "1.00", "15.00"]
        assert row(app, "organic")[:7] == ["organic", "no", "spend", "30", "–", "–", "15.00"]
        # Paid: 390 / 60 = 6.50 over 16.36 / 3 = 5.45. All: 450 / 90 = 5 within 13.98 / 3 = 4.66 and 16.09 / 3 = 5.36.
        assert row(app, "paid")[:6] == ["paid", "reduce", "60", "390.00", "6.50", "15.00"]
        assert row(app, "all")[:6] == ["all", "hold", "90", "450.00", "5.00", "15.00"]
        if size[0] >= 200:
            assert row(app, "ads")[6:12] == ["1.25", "0.7", "mo", "5.00", "4.41", "5.67"]
            assert row(app, "mail")[6:12] == ["15.00", "by", "first", "order", "5.00", "4.41"]
        else:
            # Where not all columns fit, the most that a customer may cost stands before all else.
            assert row(app, "ads")[6:8] == ["5.00", "-7.00"]
            assert row(app, "mail")[6:8] == ["5.00", "4.00"]
        if size[0] == 120:
            assert row(app, "ads")[8:11] == ["1.25", "0.7", "mo"]
            assert row(app, "paid")[8] == "2.31"
            assert row(app, "all")[8] == "3.00"
        for told in (
            "revenue, not profit",
            "spend without customers: fb (60.00)",
            "customers without spend: organic (30); CAC of the others 6.50",  # (360 + 30) / 60
            "CAC is an average",
            "Payback of mail",
        ):
            assert told in app.text
        assert ("CAC 6.50, at most 5.00" in app.text) == (size[0] < 100)
        assert ("╭ max CAC" in app.text) == (size[0] >= 100)
        assert ("LTV:CAC over time by channel" in app.text) == (size[0] >= 120)

    drive(shop, scenario, size=size, terms=TERMS)


@pytest.mark.parametrize("size", SIZES)
def test_every_figure_follows_what_is_tried(shop: Path, size: tuple[int, int]) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("5", "w")
        assert "← → step" in app.text
        await app.press(*["left"] * 10)  # margin 100 % → 50 %: LTV 7.50, 8.51 at the most
        assert row(app, "ads")[:6] == ["ads", "pause", "30", "360.00", "12.00", "7.50"]
        assert "revenue, not profit" not in app.text
        await app.press("tab", "2", "enter")  # target 2: 7.5 / 2 = 3.75
        assert line_of_terms(app) | {"margin": "50 %*", "target": "2*"} == line_of_terms(app)
        assert app.location.state(BudgetState).draft.target == 2
        await app.press("tab", "1", "enter")  # within one month: M0 = 5
        assert row(app, "mail")[5] == "5.00"
        await app.press("backspace")  # the horizon as agreed, the others as tried
        assert row(app, "mail")[5] == "7.50"
        assert line_of_terms(app)["horizon"] == "12 mo"
        await app.press("escape", "0")
        assert row(app, "ads")[1:6] == ["reduce", "30", "360.00", "12.00", "15.00"]
        assert not any(value.endswith("*") for value in line_of_terms(app).values())
        assert isinstance(app.app.focused, Grid)

    drive(shop, scenario, size=size, terms=TERMS)


def test_keys_faster_than_answers_all_count(shop: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("5", "w", "tab")
        await app.pilot.press(*["right"] * 8)
        await app.settled()
        assert line_of_terms(app)["target"] == "7*"  # 3 + 8 × 0.5

    drive(shop, scenario, terms=TERMS)


def test_what_cannot_be_tried_says_why(shop: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("5", "w")
        await app.press("4", "0", "0", "enter")
        await app.sees("Invalid margin: 400%")
        await app.press("5", "escape", "4", "backspace", "backspace")  # what was typed is forgotten, digit by digit
        await app.press("c", "q", "e", "enter", "enter")  # letters are no values, and no commands here
        assert line_of_terms(app)["margin"] == "100 % (revenue)"
        assert app.location.view == "budget"

    drive(shop, scenario, terms=TERMS)


def test_the_row_under_the_cursor_stays_under_it(shop: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("5", "down")
        await app.sees("Payback of ads")
        await app.press("s")  # by the name: ads, mail, organic
        assert app.main_screen.active.grid.row == 0
        await app.sees("Payback of ads")

    drive(shop, scenario, terms=TERMS)


def test_what_is_tried_is_agreed_on_and_remembered(shop: Path, settings: Path) -> None:
    async def agree(app: Driver) -> None:
        await app.press("5", "w", "4", "0", "enter", "tab", "2", "enter", "escape", "W")
        assert not any(value.endswith("*") for value in line_of_terms(app).values())
        assert app.location.query.margin == 0.4
        await app.press("W")
        await app.sees("Nothing to save")
        await app.press("1")
        await app.sees("6.00")  # LTV of everybody, on the margin

    async def again(app: Driver) -> None:
        await app.sees("Settings from last time:")
        await app.press("5")
        assert line_of_terms(app) | {"margin": "40 %", "target": "2"} == line_of_terms(app)

    drive(shop, agree, terms=TERMS)
    drive(shop, again, terms=TERMS)


def test_a_period_of_acquisition_and_those_acquired_in_it(shop: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("5", "w", "shift+tab", *"2024-01", "enter", "escape")
        assert line_of_terms(app)["until"] == "2024-01-31*"
        assert row(app, "ads")[:5] == ["ads", "reduce", "30", "360.00", "12.00"]
        await app.press("down", "c")
        assert app.location.query.describe() == "channel: ads ▸ first <= 2024-01-31"
        assert app.main_screen.active.grid.table.height == 30

    drive(shop, scenario, size=(200, 60), terms=TERMS)


def test_a_row_is_drilled_into_and_all_is_not(shop: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("5", "end", "enter")
        await app.sees("choose one of them")
        await app.press("home", "enter")
        assert (app.location.view, app.location.query.describe()) == ("explore", "channel: mail")
        await app.press("5")  # of a channel alone the spend is known
        assert row(app, "all")[:5] == ["all", "scale", "30", "30.00", "1.00"]
        await app.press("f", *"orders > 1", "enter")
        await app.sees("chosen by what they did later, so there is no max CAC for them")
        assert row(app, "mail") == ["mail", "15", "–", "–", "20.00"]
        await app.press("escape", "backspace", "backspace")
        assert app.location.view == "budget"

    drive(shop, scenario, terms=TERMS)


@pytest.mark.parametrize("size", SIZES)
def test_what_was_paid_for_stands_before_all(shop: Path, size: tuple[int, int]) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("5")
        table = app.main_screen.active.grid.table
        assert table is not None
        assert table.frame["channel"].to_list() == ["mail", "ads", "organic", "paid", "all"]
        lines = [line.split()[0] for line in app.text.splitlines() if line.split()]
        assert lines[lines.index("paid") + 1] == "all"
        assert ("60 paid" in app.text) == (size[0] < 100)
        assert ("╭ paid customers" in app.text) == ("╰ of 90" in app.text) == (size[0] >= 100)
        await app.press("s")  # by name: both stay below
        table = app.main_screen.active.grid.table
        assert table is not None
        assert table.frame["channel"].to_list() == ["ads", "mail", "organic", "paid", "all"]

    drive(shop, scenario, size=size, terms=TERMS)


OFTEN = "orders >= 2"


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("filtered", [True, False])
def test_under_a_cut_made_with_hindsight_nothing_advises(shop: Path, size: tuple[int, int], filtered: bool) -> None:
    async def scenario(app: Driver) -> None:
        await app.press(*(("f", *OFTEN, "enter") if filtered else ("enter",)))
        assert app.location.query.describe() == (OFTEN if filtered else "VIP")
        await app.press("5")
        assert "chosen by what they did later" in app.text
        for name in ("all", "mail"):
            assert row(app, name)[0:4] == [name, row(app, name)[1], "–", "–"]  # no verdict between name and customers
        table = app.main_screen.active.grid.table
        assert table is not None
        for advice in ("verdict", "payback_months", "max_cac", "max_cac_lower", "max_cac_upper", "headroom"):
            assert table.frame[advice].null_count() == table.height, advice
        for word in ("scale", "hold", "reduce", "pause", "by first order", "max CAC 5"):
            assert f" {word}" not in app.text  # "thresholds" is a key
        assert ("payback –" in app.text) == (size[0] < 100)

    drive(shop, scenario, size=size, terms=TERMS)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("step", ["first channel = mail", "country = DK"])
def test_under_a_cut_known_at_the_first_order_advice_stays(tmp_path: Path, size: tuple[int, int], step: str) -> None:
    """Of a channel alone the spend is known; of a country only what may be paid is told."""
    people = """
    CREATE TABLE customers (customer_id TEXT PRIMARY KEY, country TEXT);
    INSERT INTO customers SELECT DISTINCT customer_id, 'DK' FROM orders WHERE channel = 'mail';
    INSERT INTO customers SELECT DISTINCT customer_id, 'SE' FROM orders WHERE channel <> 'mail';
    """

    async def scenario(app: Driver) -> None:
        await app.press("f", *step, "enter", "5")
        assert len(app.location.query.trail) == 1
        assert "by what they did later" not in app.text
        table = app.main_screen.active.grid.table
        assert table is not None
        spent = step.startswith("first channel")
        verdict = ["scale"] if spent else ["no", "spend"]
        assert row(app, "mail")[1 : 1 + len(verdict)] == verdict
        known = table.frame.filter(pl.col("channel") == "all").row(0, named=True)
        assert (known["max_cac"], known["payback_months"]) == (pytest.approx(5.0), 0.0 if spent else None)

    drive(build(tmp_path, SALES + COSTS + people), scenario, size=size, terms=TERMS)


@pytest.mark.parametrize("size", [(120, 36), (200, 60)])
def test_the_strip_tells_what_differs_from_what_is_saved(shop: Path, size: tuple[int, int]) -> None:
    """Paid, on a margin of 95 %: LTV 14.25 instead of 15, 14.25 / 6.5 = 2.19 instead of 2.31, 4.75 instead of 5."""

    async def scenario(app: Driver) -> None:
        await app.press("5")
        assert "▼" not in strip(app)
        await app.press("w", "left")
        assert "│ 14.25" in strip(app)
        for told in ("▼ 0.75", "▼ 0.12", "▼ 0.25"):
            assert told in strip(app), told
        await app.press("escape", "0")
        assert "│ 15.00" in strip(app)
        assert "▼" not in strip(app)
        await app.press("w", "left", "escape", "W")  # saved: nothing differs any more
        assert "│ 14.25" in strip(app)
        assert "▼" not in strip(app)

    drive(shop, scenario, size=size, terms=TERMS)


def test_the_strip_of_one_line_tells_which_way_figures_differ(shop: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("5", "w", "left")
        line = app.text.splitlines()[1]
        assert "LTV 14.25▼ = 2.19▼ × CAC" in line
        assert "CAC 6.50, at most 4.75▼" in line
        await app.press("escape", "0")
        assert "▼" not in app.text.splitlines()[1]

    drive(shop, scenario, size=(80, 24), terms=TERMS)


def strip(app: Driver) -> str:
    """The boxes of key figures."""
    return "\n".join(app.text.splitlines()[1:4])


def test_spend_is_typed_in_and_kept_beside_the_shop(shop: Path, tmp_path: Path) -> None:
    before = hashlib.sha256(shop.read_bytes()).hexdigest()
    kept = tmp_path / "data" / "workspace.sqlite"

    async def type_in(app: Driver) -> None:
        await app.press("5", "down", "down", "e")
        await app.sees("No spend is known yet.")
        await app.press(*"2024-01..2024-03", "tab", *"90")
        await app.sees("3 months, 90.00: 30.00 each")
        await app.press("enter")
        assert row(app, "organic")[:6] == ["organic", "scale", "30", "90.00", "3.00", "15.00"]
        assert "customers without spend" not in app.text
        await app.until(lambda: kept.exists() and Workspace(kept).typed(app.app.parts.shop.key).rows.height == 3)

    async def again(app: Driver) -> None:
        await app.press("5")
        await app.until(lambda: row(app, "organic")[3] == "90.00", "the amounts that were typed")
        await app.press("home", "down", "e")  # mail, organic, ads
        await app.press(*"2024-01..2024-03", "tab", "enter")  # no amount: it is taken back
        await app.until(lambda: row(app, "organic")[1:5] == ["no", "spend", "30", "–"], "no amount")

    drive(shop, type_in, terms=TERMS)
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    drive(shop, again, terms=TERMS)
    assert hashlib.sha256(shop.read_bytes()).hexdigest() == before


def test_what_is_typed_goes_before_the_table_month_by_month(shop: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("5", "down", "e", *"2024-01", "tab", *"60")
        await app.sees("1 month, 60.00, in place of 360.00 in the table")
        await app.press("enter")
        assert row(app, "ads")[:5] == ["ads", "scale", "30", "60.00", "2.00"]

    drive(shop, scenario, terms=TERMS)


def test_a_channel_that_nobody_came_by_is_not_booked(shop: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("5", "end", "e", *"adz")
        await app.sees("Did you mean ads?")
        await app.press("enter")
        await app.sees("No customer came through 'adz'")
        await app.press("escape")
        assert row(app, "all")[3] == "450.00"

    drive(shop, scenario, terms=TERMS)


def test_a_name_is_joined_to_a_channel_and_parted_again(shop: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("5", "J")
        await app.sees("fb  60.00")
        await app.press("enter")
        await app.sees("Channel of fb")
        await app.press("a", "enter")  # jumps to ads
        assert row(app, "ads")[:5] == ["ads", "reduce", "30", "420.00", "14.00"]  # 360 + 60
        assert "spend without customers" not in app.text
        await app.press("J")
        await app.sees("fb → ads")
        await app.press("enter", "i", "enter")
        assert row(app, "ads")[3] == "360.00"

    drive(shop, scenario, terms=TERMS)


def test_channels_are_cut_once_more(shop: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("5", "d")
        await app.press("c", "space", "t", "space", "enter")
        assert app.location.state(BudgetState).draft.then == "tier"
        # 18 of 90 are VIP by rank, 6 of each channel's 15 who spent 20; the CAC stays that of the channel.
        assert "based on past spend" in app.text
        vip = next(line.split() for line in app.text.splitlines() if line.split()[:2] == ["ads", "VIP"])
        assert vip[3:6] == ["–", "12.00", "20.00"]

    drive(shop, scenario, terms=TERMS, size=(120, 40))


def test_months_of_acquisition_take_spend_by_its_day(shop: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("5", "d")
        await app.press("f", "f", "f", "enter")  # first year, first quarter, first month
        assert app.location.state(BudgetState).draft.dimension == "first month"
        assert row(app, "2024-01")[:5] == ["2024-01", "hold", "90", "450.00", "5.00"]
        await app.press("e")
        await app.sees("Spend has no channels here")

    drive(shop, scenario, terms=TERMS)


def test_a_shop_without_spend_or_channels_says_how_to_give_them(tmp_path: Path) -> None:
    shop = build(tmp_path, SALES.replace("channel TEXT", "kind TEXT").replace("amount, channel)", "amount, kind)"))

    async def scenario(app: Driver) -> None:
        await app.press("5")
        await app.sees("No spend is known. Press e to enter it")
        assert row(app, "unknown")[:4] == ["unknown", "no", "spend", "90"]
        await app.press("J")
        await app.sees("All spend names are matched")
        await app.press("e", *"2024-01", "tab", *"900", "enter")
        assert row(app, "all")[1:5] == ["reduce", "90", "900.00", "10.00"]

    drive(shop, scenario, terms=TERMS, size=(80, 24))


def test_what_cannot_be_kept_counts_all_the_same(shop: Path, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")

    async def scenario(app: Driver) -> None:
        await app.press("5", "down", "down", "e", *"2024-01", "tab", *"30", "enter")
        await app.sees("cannot be used")
        assert row(app, "organic")[:5] == ["organic", "scale", "30", "30.00", "1.00"]

    drive(shop, scenario, terms=TERMS, size=(120, 36))


def test_spend_that_cannot_be_used_says_why(tmp_path: Path) -> None:
    mixed = """
    ALTER TABLE marketing_spend ADD COLUMN currency TEXT DEFAULT 'EUR';
    UPDATE marketing_spend SET currency = 'USD' WHERE channel = 'fb';
    """
    shop = build(tmp_path, SALES + COSTS + mixed)

    async def scenario(app: Driver) -> None:
        await app.press("5")
        await app.sees("is in several currencies: EUR, USD")
        assert row(app, "ads")[:6] == ["ads", "no", "spend", "30", "–", "–"]

    drive(shop, scenario, terms=TERMS, size=(120, 36))


def test_bad_rows_of_spend_are_counted_where_the_spend_is_told(tmp_path: Path) -> None:
    bad = """
    INSERT INTO marketing_spend VALUES ('2024-01', 'mail', 'a lot'), ('soon', 'mail', 9), ('2024-01', 'ads', -60);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20)
    INSERT INTO marketing_spend SELECT '2024-01', 'tv', 1 FROM n;
    """
    shop = build(tmp_path, SALES + COSTS + bad)

    async def scenario(app: Driver) -> None:
        await app.press("5")
        await app.sees("2 of 26 rows of marketing_spend left out")
        assert "1 row of marketing_spend is negative: it reduces the spend" in app.text
        assert "Exact copies of other rows in marketing_spend" in app.text
        assert "fb (60.00), tv (20.00)" in app.text
        assert row(app, "ads")[3] == "300.00"  # 360 - 60

    drive(shop, scenario, terms=TERMS, size=(200, 60))


def test_no_digit_changes_a_value_that_was_not_opened(shop: Path) -> None:
    """Tab and a digit are keys of screens everywhere else: w alone opens the line, and what it changes is told."""

    async def scenario(app: Driver) -> None:
        await app.press("5", "tab", "3")
        assert app.location.view == "cohorts"
        await app.press("5", "shift+tab")
        assert isinstance(app.app.focused, Grid)
        await app.press("w", "4", "0", "escape", "escape")
        assert line_of_terms(app)["margin"] == "100 % (revenue)"
        assert "tried:" not in app.text
        await app.press("w", "4", "0", "enter", "escape")
        await app.sees("tried: margin 40 % (0 undoes, W keeps)")
        await app.press("tab", "0")
        assert line_of_terms(app)["margin"] == "100 % (revenue)"
        assert "tried:" not in app.text

    drive(shop, scenario, terms=TERMS)
