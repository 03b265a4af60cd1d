"""A view is made when it is wanted first, and knows then what all views were told before."""

from __future__ import annotations

import asyncio
from pathlib import Path

from driving import Driver, drive

from ltvtui.tui.views.view import View
from ltvtui.user_state.state import UserState


def made(app: Driver) -> list[str | None]:
    """Ids of the views that there are."""
    return [view.id for view in app.main_screen.query(View)]


def test_only_what_is_visited_is_made_and_once(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        assert made(app) == ["overview"]
        overview = app.main_screen.active
        await app.press("2")
        assert made(app) == ["overview", "explore"]
        await app.press("1")
        assert app.main_screen.active is overview
        await app.press("2")
        assert made(app) == ["overview", "explore"]

    drive(corner, scenario)


def test_a_view_knows_what_was_told_before_and_while_it_was_made(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        views = app.main_screen.frame.views
        before, meanwhile = UserState(), UserState()
        views.show_user_state(before)
        making = asyncio.create_task(views.make("matrix"))
        while "matrix" not in made(app):
            await asyncio.sleep(0)
        assert not views.has_made("matrix")  # it has no parts yet
        views.show_user_state(meanwhile)
        await making
        assert views.made("matrix").user_state is meanwhile
        await views.make("quality")
        assert views.made("quality").user_state is meanwhile

    drive(corner, scenario)
