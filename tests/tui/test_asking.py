"""Terms, tiers, sorting, narrowing, plots, help and palette."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from driving import Driver, drive
from shops import build

from ltvtui.analytics.tiers.tiers import TierRule
from ltvtui.tui.registry import registry_of
from ltvtui.tui.views.registry import VIEWS

ALL_LAPSED = {"as_of": "2024-12-31"}


def day(text: str) -> int:
    from ltvtui.days import parse_day

    return parse_day(text)


def test_the_as_of_day_is_changed_and_shown(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        assert "as of 2024-04-11" in app.text  # the latest order, refunds aside
        await app.press("A")
        await app.sees("as-of day")
        await app.type("2024-12-31")
        await app.press("enter")
        await app.sees("as of 2024-12-31")
        await app.sees("350.00")
        await app.press("left_square_bracket")  # month ends step to month ends
        assert app.location.query.as_of == day("2024-11-30")
        await app.press("right_square_bracket")  # nothing was recorded after the last order
        await app.sees("The last order is on 2024-04-11")
        assert app.location.query.as_of == day("2024-11-30")

    drive(corner, scenario)


def test_a_month_back_and_on(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("left_square_bracket")
        assert app.location.query.as_of == day("2024-03-11")
        await app.press("right_square_bracket")
        assert app.location.query.as_of == day("2024-04-11")
        await app.press("right_square_bracket")
        assert app.location.query.as_of == day("2024-04-11")

    drive(corner, scenario)


def test_a_day_before_the_first_order_changes_nothing(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("A")
        await app.sees("as-of day")
        await app.type("2023-01-01")
        await app.press("enter")
        await app.sees("The first order is on 2024-01-10.")
        await app.press("escape")
        assert "as of 2024-12-31" in app.text
        for _ in range(12):
            await app.press("left_square_bracket")
        await app.sees("is before the first order")
        assert app.location.query.as_of == day("2024-01-31")

    drive(corner, scenario, terms=ALL_LAPSED)


def test_terms_are_read_or_refused(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("A", "tab", "tab", "tab", "tab")
        await app.type("0.4")
        await app.press("enter")
        await app.until(lambda: app.location.query.margin == 0.4, "the margin")
        await app.sees("140.00")  # 350 × 0.4
        assert "margin 40.0 %" in app.text
        await app.press("A", "tab")
        await app.type("zero")
        await app.press("enter")
        await app.sees("Invalid horizon: zero.")

    drive(corner, scenario, terms=ALL_LAPSED)


def test_the_week_start_is_chosen_and_remembered(corner: Path, settings: Path) -> None:
    async def choose(app: Driver) -> None:
        await app.press("A")
        await app.sees("week start")
        await app.press(*["tab"] * 6)
        await app.type("someday")
        await app.press("enter")
        await app.sees("Invalid week start: 'someday'.")
        await app.press("home", "shift+end")
        await app.type("sun")
        await app.press("enter")
        await app.until(lambda: app.location.query.week_start == 6, "weeks start on Sunday")

    drive(corner, choose, terms=ALL_LAPSED, size=(80, 24))
    kept = tomllib.loads((settings / "config.toml").read_text("utf-8"))
    assert [s["week_start"] for s in kept["shops"].values()] == ["sunday"]

    async def find(app: Driver) -> None:
        await app.sees("week start sunday")
        assert app.location.query.week_start == 6
        await app.press("A")
        await app.sees("Sunday")
        await app.press(*["tab"] * 6, "delete", "enter")  # empty: Monday again
        await app.until(lambda: app.location.query.week_start == 0, "weeks from Monday")

    drive(corner, find)


def test_quality_tells_zone_and_week_start(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("8")
        await app.sees("days in Europe/Berlin · weeks start on Sunday")

    drive(corner, scenario, terms={"week_start": "sunday"}, cleaning={"time_zone": "Europe/Berlin"}, size=(80, 24))


def test_the_tier_rule_is_tried_live_and_remembered(corner: Path, settings: Path) -> None:
    async def accept(app: Driver) -> None:
        await app.press("t")
        await app.sees("Tier rule")
        await app.type("10")  # VIP, top 10 % of customers: one of ten
        await app.sees("1 000.00")
        assert "VIP from 800.00" in app.text  # behind the dialog nothing has changed yet
        await app.press("enter")
        await app.until(lambda: app.location.query.tier_rule == TierRule("quantile", 0.1, 0.3), "the rule")
        await app.sees("VIP from 1 000.00")

    drive(corner, accept, terms=ALL_LAPSED)
    kept = tomllib.loads((settings / "config.toml").read_text("utf-8"))
    assert [s["tier_rule"] for s in kept["shops"].values()] == ["quantile:10/30"]
    assert (settings / "config.toml").stat().st_mode & 0o077 == 0

    async def again(app: Driver) -> None:
        assert "VIP from 1 000.00" in app.text

    drive(corner, again, terms=ALL_LAPSED)


def test_a_tier_rule_that_cannot_be_is_not_taken(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("t", "down", "down")  # threshold, beginning with the same tiers in money
        await app.sees("800.00")
        await app.press("tab")
        await app.type("0")
        await app.press("enter")
        await app.sees("Give two falling amounts above 0.")
        await app.press("escape")
        assert app.location.query.tier_rule == TierRule()

    drive(corner, scenario, terms=ALL_LAPSED)


def test_sorting_and_reversing(corner: Path) -> None:
    def first(app: Driver) -> str:
        table = app.main_screen.active.grid.table
        assert table is not None
        return str(table.part(0, 1)["id"][0])

    async def scenario(app: Driver) -> None:
        await app.press("2", "d")
        await app.sees("Group by")
        await app.press("c", "enter", "c")  # country; DK comes first
        assert first(app) == "ann"
        await app.press("S")
        assert first(app) == "joe"
        await app.press("home", "s")  # by the column under the cursor: the customer id
        assert app.location.sort == ("id", False)
        assert first(app) == "ann"
        await app.press("s")
        assert first(app) == "joe"

    drive(corner, scenario, terms=ALL_LAPSED)


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60)])
def test_people_stand_by_their_stage(corner: Path, size: tuple[int, int]) -> None:
    """Of the five Danes ann, bob and eve came often, fay and joe once, and all have been away for longer than 31
    days: one-time stands before lost."""

    async def scenario(app: Driver) -> None:
        await app.press("2", "d", "c", "enter", "c")
        keys = app.main_screen.active.grid.window.keys  # as they stand where there is so much room
        await app.press(*["right"] * keys.index("stage"), "s")
        assert app.location.sort == ("stage", False)
        table = app.main_screen.active.grid.table
        assert table is not None
        assert table.part(0, 5).select("id", "stage").rows() == [
            *(("fay", "one-time"), ("joe", "one-time"), ("ann", "lost"), ("bob", "lost"), ("eve", "lost"))
        ]
        assert "stage" in app.text
        assert "one-time" in app.text
        await app.press("slash", *"one-t")
        table = app.main_screen.active.grid.table
        assert table is not None
        assert table.part(0, 5)["id"].to_list() == ["fay", "joe"]

    drive(corner, scenario, terms=ALL_LAPSED, size=size)


def test_narrowing_is_literal_and_esc_clears_it(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("2", "d")
        await app.sees("Group by")
        await app.press("end", *["up"] * 4, "enter")  # first month: January and February
        await app.until(lambda: app.location.by == ("first month",), "months")
        await app.settled()
        await app.press("slash")
        await app.type("2024-02")
        await app.sees("1 of 2 rows")
        await app.press("enter", "c")
        await app.sees("5 customers")
        await app.press("slash")
        await app.type("[bold]")  # a name of nobody here, and no markup
        await app.sees("0 customers matching “[bold]”")
        await app.press("escape")
        await app.sees("5 customers")
        assert app.location.search == ""

    drive(corner, scenario, terms=ALL_LAPSED)


def test_markup_in_the_data_is_text(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("c")
        await app.sees("Ann [bold]Ash[/bold]")
        await app.press("enter")
        await app.until(lambda: app.main_screen.view == "customer", "the card")
        await app.sees("Ann [bold]Ash[/bold]")

    drive(corner, scenario, terms=ALL_LAPSED)


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60)])
def test_who_has_lapsed_is_seen_at_every_size(tmp_path: Path, size: tuple[int, int]) -> None:
    """As of 4 October ann's last order is 60 days old, which is the churn gap, and bob's 59; cat's and dan's are
    older, and eve ordered that very day. VIP is one of five, middle the next two."""
    shop = build(
        tmp_path,
        """
        CREATE TABLE orders (order_id INTEGER PRIMARY KEY, customer_id TEXT, ordered_at TEXT, amount REAL);
        INSERT INTO orders VALUES (1, 'ann', '2024-08-05', 500), (2, 'bob', '2024-08-06', 400),
            (3, 'cat', '2024-05-05', 300), (4, 'dan', '2024-06-05', 20), (5, 'eve', '2024-10-04', 10);
        """,
    )

    async def scenario(app: Driver) -> None:
        bars = str.maketrans("", "", "█▉▊▋▌▍▎▏")
        lines = [" ".join(line.translate(bars).split()) for line in app.text.splitlines()]
        for told in (
            "VIP few 1 20.0 % 100.0 % 500.00",
            "middle few 2 40.0 % 50.0 % 700.00",
            "economy few 2 40.0 % 50.0 % 30.00",
        ):
            assert any(line.startswith(told) for line in lines), app.text
        assert any("lapsed revenue" in line for line in lines)
        assert "churn gap 60 days" in app.text
        table = app.main_screen.active.grid.table
        assert table is not None
        (location,) = (location for location, column in enumerate(table.columns) if column.key == "lapsed_share")
        assert table.columns[location].help == "Share with days since last order ≥ churn gap (60)."
        await app.press("home", *["right"] * location, "s")
        assert app.location.sort == ("lapsed_share", True)
        table = app.main_screen.active.grid.table
        assert table is not None
        assert table.part(0, 1)["tier"].to_list() == ["VIP"]

    drive(shop, scenario, size=size, terms={"churn_gap": "60"})


def test_plots_are_shown_hidden_and_enlarged(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        assert "Cumulative LTV by tier" in app.text
        await app.press("m")
        assert "Pareto: revenue by share of customers" in app.text
        assert "20 % → 51.4 %" in app.text  # ann and bob: 1800 of 3500
        await app.press("G")
        assert "check" not in app.text.split("Pareto")[0].splitlines()[-2]
        await app.press("G", "g")
        assert "Pareto" not in app.text
        await app.press("g", "2")
        assert "Revenue by tier" in app.text
        await app.press("right")
        assert "Share of revenue by tier, all time" in app.text

    drive(corner, scenario, size=(100, 40), terms=ALL_LAPSED)


def test_pareto_is_of_what_tiers_are_cut_by(tmp_path: Path) -> None:
    """Of revenue ann makes 100 of 160, of margin bob 15 of 20: the best fifth of three is one. Of revenue times a
    margin it is ann again."""
    shop = build(
        tmp_path,
        """
        CREATE TABLE orders (order_id INTEGER PRIMARY KEY, customer_id TEXT, ordered_at TEXT, amount REAL, cost REAL);
        INSERT INTO orders VALUES (1, 'ann', '2024-01-10', 100, 99), (2, 'bob', '2024-01-11', 20, 5),
            (3, 'cat', '2024-01-12', 40, 36);
        """,
    )

    async def of_margin(app: Driver) -> None:
        await app.press("m")
        assert "Pareto: margin by share of customers, best first  % of margin" in app.text
        assert "20 % → 75.0 %" in app.text

    async def of_revenue_times_margin(app: Driver) -> None:
        await app.press("m")
        assert "% of margin" in app.text
        assert "20 % → 62.5 %" in app.text

    drive(shop, of_margin, size=(100, 40))
    drive(shop, of_revenue_times_margin, size=(100, 40), terms={"margin": "0.4"})


def test_plots_stand_beside_each_other_where_there_is_room(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        (line,) = (line for line in app.text.splitlines() if "Cumulative LTV by tier" in line)
        assert "Pareto" in line

    drive(corner, scenario, size=(120, 40), terms=ALL_LAPSED)


def test_a_key_that_cannot_work_says_why(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("8", "d")
        await app.sees("Nothing to group here")

    drive(corner, scenario)


@pytest.mark.parametrize("view", [view.name for view in VIEWS if view.key])
def test_help_tells_every_key_that_works(corner: Path, view: str) -> None:
    async def scenario(app: Driver) -> None:
        registry = registry_of(VIEWS)
        await app.press(registry.view(view).key, "question_mark")
        await app.sees("Help")
        for command in registry.commands_of(view):
            assert command.help.split()[0] in app.text
        await app.press("escape")

    drive(corner, scenario, size=(200, 110))


def test_every_command_of_the_palette_runs(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("ctrl+p")
        await app.until(lambda: len(app.app.screen_stack) == 3, "the palette")
        await app.type("quality")
        await app.sees("What was read, what was left out")
        await app.press("enter")
        await app.until(lambda: app.main_screen.view == "quality", "quality")
        await app.press("1", "ctrl+p")
        await app.until(lambda: len(app.app.screen_stack) == 3, "the palette")
        await app.type("people")  # a word of Explore's explanation too, but the name of another command
        await app.sees("c      people")
        await app.press("enter")
        await app.until(lambda: app.main_screen.view == "customers", "customers")

    drive(corner, scenario)


def test_quality_tells_what_was_left_out(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("8")
        lines = [" ".join(line.split()) for line in app.text.splitlines()]
        assert any(line.startswith("no customer id left out 1 40.00") for line in lines)
        assert any(line.startswith("no date, or not a readable one left out 1 10.00") for line in lines)
        assert any(line.startswith("cancelled, failed or similar left out 1 60.00") for line in lines)
        assert any(line.startswith("refund, reduces revenue noted 1 -50.00") for line in lines)
        assert any("19 orders and 1 refund," in line for line in lines)

    drive(corner, scenario)


def test_too_small_a_terminal_is_told_so(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        assert "ltvtui needs 80×24" in app.text

    drive(corner, scenario, size=(60, 20))


def test_themes_are_remembered(corner: Path, settings: Path) -> None:
    async def scenario(app: Driver) -> None:
        app.app.theme = "textual-light"
        await app.until((settings / "config.toml").exists, "the settings")

    drive(corner, scenario)
    assert tomllib.loads((settings / "config.toml").read_text("utf-8"))["theme"] == "textual-light"


def test_keys_are_rebound_by_id(corner: Path, settings: Path) -> None:
    settings.mkdir()
    (settings / "config.toml").write_text('[keys]\nquality = "w"\n', "utf-8")

    async def scenario(app: Driver) -> None:
        await app.press("w")
        assert app.main_screen.view == "quality"

    drive(corner, scenario)
