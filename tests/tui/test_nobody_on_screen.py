"""A selection of nobody: boards say so and name the key that helps, instead of rows of noughts."""

from __future__ import annotations

from pathlib import Path

import pytest
from driving import Driver, drive
from textual.widgets import Input

from ltvtui.tui.dialogs.filter import FilterDialog
from ltvtui.tui.location import Location
from ltvtui.tui.views.matrix.state import BOARDS, MatrixState

SAID = "No customers in this selection: Esc goes back up."


@pytest.mark.parametrize("board", BOARDS)
def test_a_board_of_nobody_has_no_noughts(corner: Path, board: str) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("f")
        await app.until(lambda: isinstance(app.app.screen, FilterDialog), "the dialog")
        app.app.screen.query_one(Input).insert_text_at_cursor("orders > 99")
        await app.pilot.press("enter")
        await app.until(lambda: not isinstance(app.app.screen, FilterDialog), "the dialog to close")
        await app.settled()
        await app.sees(SAID)
        assert app.text.count(SAID) == 1
        await app.press("enter", "down", "right", "m", "g", "escape")
        assert not app.location.query.trail

    drive(corner, scenario, start=Location("matrix").having(MatrixState(board=board)))
