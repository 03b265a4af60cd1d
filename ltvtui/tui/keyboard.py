"""Keys in the order in which they were pressed, one after the other.

Over a slow line several come at once, and what the first of them brings about takes a moment: a list that opens is
not there yet when the letter comes that is meant for it. So each key waits until the one before it has gone all its
way, from the widget that had the focus up to the app, and what it told on this way too; and until nothing that it
opened or asked for is still to come.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any, Final

from textual.app import App
from textual.dom import DOMNode
from textual.events import Key
from textual.timer import Timer

AT_LAST: Final = 0.5
"""Seconds after which the next key follows though nobody said that the one before has gone its way."""
PASSES: Final = 20
"""Of the loop, in which what a key told goes its way too."""


class Keyboard:
    """The keys that wait."""

    def __init__(self, app: App[Any], press: Callable[[Key], Awaitable[None]], awaited: Callable[[], bool]) -> None:
        """`press` begins the way of a key; `awaited` says that something must come before the next one."""
        self._app = app
        self._press = press
        self._awaited = awaited
        self._waiting: deque[Key] = deque()
        self._way: Timer | None = None
        """Runs while a key is on its way."""

    async def enqueue(self, key: Key) -> None:
        """A key was pressed."""
        self._waiting.append(key)
        await self.go_on()

    async def go_on(self) -> None:
        """Press what waits, as far as nothing has to come before."""
        if self._waiting and self._way is None and not self._awaited():
            key = self._waiting.popleft()
            self._way = self._app.set_timer(AT_LAST, self._finish)
            target: DOMNode = self._app.focused or self._app.screen
            await self._press(key)
            self._follow(target)

    def forget(self) -> None:
        """What waits is not meant any more."""
        self._waiting.clear()

    def _follow(self, node: DOMNode) -> None:
        """Go behind the key into each queue that it comes to."""
        above = node.parent or self._app
        after = self._finish if node is self._app else lambda: self._follow(above)
        if not node.call_later(after):
            self._app.call_later(self._finish)  # the key closed it

    async def _finish(self) -> None:
        """The key has gone its way; what it told, such as the line that was taken, comes close behind."""
        for _ in range(PASSES if self._waiting else 0):
            await asyncio.sleep(0)
        if self._way is not None:
            self._way.stop()
            self._way = None
        await self.go_on()
