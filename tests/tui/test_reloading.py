"""What the analyst keeps when the shop under the screen changes, or cannot be read for a while."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from driving import Driver, drive

from ltvtui.analytics.tiers.tiers import TierRule
from ltvtui.errors import LtvError
from ltvtui.storage import settings_file
from ltvtui.tui.location import Location

ALL_LAPSED = {"as_of": "2024-12-31"}


def change(shop: Path, sql: str) -> None:
    with closing(sqlite3.connect(shop)) as connection:
        connection.executescript(sql)
        connection.commit()


async def read_again(app: Driver) -> None:
    dataset = app.main_screen.state.found
    await app.pilot.press("r")
    await app.until(
        lambda: app.main_screen.state.found is not dataset and app.main_screen.view != "loading", "the figures"
    )
    await app.settled()


def test_a_column_that_is_gone_takes_its_places_along(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("2", "d")
        await app.sees("Group by")
        await app.press("c", "c", "enter")  # country, then channel
        await app.until(lambda: app.location.by == ("channel",), "channels")
        await app.press("8")
        change(corner, "ALTER TABLE orders DROP COLUMN channel;")
        await read_again(app)
        await app.press("escape")  # the place by channel is no more; what is left leads up
        assert app.location.by != ("channel",)
        await app.press("1", "enter")  # the next cut is not the one that is gone
        assert app.location.by == ("country",)

    drive(corner, scenario, terms=ALL_LAPSED)


def test_a_day_that_is_before_everything_now_gives_way(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("left_square_bracket", "left_square_bracket")  # 2024-02-11
        change(corner, "DELETE FROM orders WHERE ordered_at < '2024-02-15' OR ordered_at = 'soon';")
        await read_again(app)
        assert "as of 2024-04-11" in app.text

    drive(corner, scenario)


def test_a_shop_that_cannot_be_read_now_stays_as_it_was(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("2")
        hidden = corner.with_suffix(".away")
        corner.rename(hidden)
        await app.pilot.press("r")
        await app.sees("There is no file")
        await app.until(lambda: app.main_screen.view == "explore", "the figures that were there")
        assert "VIP" in app.text

    drive(corner, scenario, terms=ALL_LAPSED)


def test_settings_that_cannot_be_written_are_told(corner: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, text: str) -> None:
        raise LtvError("It could not be written.", "Check the disk.")

    monkeypatch.setattr(settings_file, "write_private", refuse)

    async def scenario(app: Driver) -> None:
        await app.press("t", "4", "0", "enter")
        await app.sees("It could not be written.")
        assert app.location.query.tier_rule == TierRule("quantile", 0.4, 0.3)

    drive(corner, scenario, terms=ALL_LAPSED)


@pytest.mark.parametrize("keys", [("1", "enter", "escape"), ("2", "8", "backspace")])
def test_the_way_back_is_that_by_which_one_came(corner: Path, keys: tuple[str, ...]) -> None:
    async def scenario(app: Driver) -> None:
        way: list[Location] = []
        for key in keys[:-1]:
            way.append(app.location)
            await app.press(key)
        await app.press(keys[-1])
        assert app.location.view == way[-1].view
        assert app.location.query.trail == way[-1].query.trail

    drive(corner, scenario, terms=ALL_LAPSED)


def test_a_role_that_a_shop_needs_cannot_be_taken_away(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("C")
        await app.sees("Columns of corner.sqlite")
        await app.pilot.press("down", "minus")
        await app.sees("The mapping has no column for customer")
        await app.pilot.press("escape")
        await app.until(lambda: app.app.screen is app.main_screen, "the main screen")

    drive(corner, scenario)
