"""Bytes to a terminal of 120×40: an analyst on a slow line waits for them."""

from __future__ import annotations

from pathlib import Path

from driving import Driver, drive
from textual_internals import strips_of

from ltvtui.tui.terminal.screen_diff import ScreenDiff

SIZE = (120, 40)
START, SWITCH, MOVE = 25_000, 12_000, 500


class TextLine:
    """What the driver would send for what is on the screen."""

    def __init__(self, app: Driver) -> None:
        self._app = app
        self._picture = ScreenDiff(*SIZE)

    def sent(self) -> int:
        console = self._app.app.console
        strips = strips_of(self._app.app.screen)
        lines = (f"\x1b[{y};1H{strip.render(console)}" for y, strip in enumerate(strips, 1))
        return len(self._picture.update("\n".join(lines) + "\x1b[1;1H").encode())


def test_bytes_of_a_start_a_switch_and_a_move(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        line = TextLine(app)
        assert 2_000 < line.sent() < START
        for key in "281":
            await app.press(key)
            assert 0 < line.sent() < SWITCH, key
        await app.press("c")
        line.sent()
        await app.press("down")
        assert 0 < line.sent() < MOVE

    drive(corner, scenario, size=SIZE, terms={"as_of": "2024-12-31"})
