"""Tiers recorded at each opening: what changed stands on the card and on the board of tier migration."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from driving import Driver, drive
from textual.widgets import Input

from ltvtui.analytics.tiers.tiers import TierRule
from ltvtui.days import parse_day
from ltvtui.storage.settings_file import workspace_path
from ltvtui.tui.actions.terms import agree
from ltvtui.tui.dialogs.period import PeriodDialog
from ltvtui.tui.views.matrix.state import MIGRATION, MatrixState

SIZES = [(80, 24), (120, 36)]
APRIL = parse_day("2024-04-11")

# By revenue: ann 1000, bob 800 are VIP; cat 500, dan 400, eve 300 middle; the other five economy. fay, who had
# brought 200, buys for 700: ann 1000, fay 900 are VIP; bob 800, cat 500, dan 400 middle. bob, eve and fay changed.
FAY_BUYS = "INSERT INTO orders VALUES (30, 'fay', '2024-05-01 09:00:00', 700, 'paid', 'web', NULL)"


def later(shop: Path) -> None:
    """fay comes back."""
    with closing(sqlite3.connect(shop)) as connection:
        connection.execute(FAY_BUYS)
        connection.commit()


async def recorded(app: Driver, count: int) -> None:
    """Wait until that many recordings are known."""
    await app.until(lambda: len(app.main_screen.user_state.recordings) == count, "recordings")


async def first_opening(app: Driver) -> None:
    await recorded(app, 1)


def test_nothing_is_told_of_changes_before_there_are_any(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        await recorded(app, 1)
        await app.press("c", "enter")
        await app.sees("tiers    recorded since 2024-04-11")
        await app.press("4", "shift+tab")
        assert "recorded" not in app.text

    drive(corner, scenario)
    with closing(sqlite3.connect(workspace_path())) as connection:
        assert connection.execute("SELECT count(*) FROM tier_change").fetchone() == (0,)


@pytest.mark.parametrize("size", SIZES)
def test_what_changed_stands_on_the_card_and_on_the_board(corner: Path, size: tuple[int, int]) -> None:
    drive(corner, first_opening)
    later(corner)

    async def scenario(app: Driver) -> None:
        await recorded(app, 2)
        await app.press("c", "down", "enter")
        await app.sees("tiers    2024-05-01 economy → VIP")
        assert "recorded since 2024-04-11" in app.text
        await app.press("4", "shift+tab")
        assert app.location.state(MatrixState).board == MIGRATION
        await app.sees("recorded as changed: 3 tiers on 2024-05-01")

    drive(corner, scenario, size=size)


def test_a_day_on_which_tiers_were_recorded_can_be_compared_with(corner: Path) -> None:
    drive(corner, first_opening)
    later(corner)

    async def scenario(app: Driver) -> None:
        await recorded(app, 2)
        await app.press("4", "shift+tab", "b")
        assert isinstance(app.app.screen, PeriodDialog)
        await app.sees("tiers were recorded on 2024-04-11")
        await app.press("down")
        assert app.app.screen.query_one("#since", Input).value == "2024-04-11"
        await app.sees("the first recording")
        await app.press("enter")
        await app.until(lambda: app.location.state(MatrixState).since == APRIL, "the day")
        await app.settled()

    drive(corner, scenario)


def test_reading_again_records_too(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        await recorded(app, 1)
        later(corner)
        await app.press("r")
        await recorded(app, 2)
        assert app.main_screen.user_state.recordings[0].changed == 3

    drive(corner, scenario)


def test_another_rule_or_manner_of_reading_has_a_history_of_its_own(corner: Path) -> None:
    """Were they compared, customers would seem to have moved who did not."""
    drive(corner, first_opening)

    async def scenario(app: Driver) -> None:
        await recorded(app, 1)
        assert app.main_screen.user_state.recordings[0].changed is None

    drive(corner, scenario, terms={"tier_rule": "share:50/80"})
    drive(corner, scenario, cleaning={"zero": "drop"})


def test_the_day_that_is_looked_at_is_not_what_is_recorded(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        await recorded(app, 1)
        assert app.main_screen.user_state.recordings[0].as_of == APRIL

    drive(corner, scenario, terms={"as_of": "2024-02-15"})
    drive(corner, scenario, terms={"as_of": "2024-12-31"})


def test_it_can_be_turned_off(corner: Path, settings: Path) -> None:
    settings.mkdir()
    (settings / "config.toml").write_text("tier_history = false\n")

    async def scenario(app: Driver) -> None:
        await app.press("c", "enter")
        await app.settled()
        assert "unchanged since" not in app.text

    drive(corner, scenario)
    assert not workspace_path().exists()


def test_what_is_told_is_of_the_rule_in_force(corner: Path) -> None:
    """Under another rule nothing was recorded; under the first one it is there again."""
    drive(corner, first_opening)
    later(corner)

    async def scenario(app: Driver) -> None:
        await recorded(app, 2)
        await app.press("4", "shift+tab")
        await app.sees("recorded as changed")
        rule = app.location.query.tier_rule
        agree(app.main_screen, replace(app.location.query, tier_rule=TierRule("share", 0.5, 0.8)))
        await app.settled()
        await recorded(app, 0)
        assert "recorded as changed" not in app.text
        agree(app.main_screen, replace(app.location.query, tier_rule=rule))
        await app.settled()
        await app.sees("recorded as changed")

    drive(corner, scenario)
