"""Drives the app in tests: opens a shop, presses keys, waits for conditions, reads the screen."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from quiet import until_quiet
from textual.pilot import Pilot
from textual_internals import is_leaving, send_key, strips_of

from ltvtui.session.dataset import Dataset
from ltvtui.session.open_request import OpenRequest
from ltvtui.sources.overrides import Overrides
from ltvtui.tui.app import LtvApp
from ltvtui.tui.location import Location
from ltvtui.tui.main_screen.main_screen import MainScreen
from ltvtui.tui.registry import Registry
from ltvtui.tui.views.answer import Answer
from ltvtui.tui.views.registry import VIEWS
from ltvtui.tui.views.spec import ViewSpec

TODAY = 20_500
"""2026-02-16: tests know no clock."""
PATIENCE = 60.0
"""Seconds until a condition that never comes is an error."""

Scenario = Callable[["Driver"], Awaitable[None]]


def watch_questions(monkeypatch: pytest.MonkeyPatch, heard: Callable[[Location], object]) -> None:
    """Call `heard` in the worker with every location before it is computed; it may wait."""
    registered = Registry.view

    def compute(view: ViewSpec, dataset: Dataset, location: Location) -> Answer:
        heard(location)
        return view.compute(dataset, location)

    def watched(self: Registry, name: str) -> ViewSpec:
        view = registered(self, name)
        return replace(view, compute=partial(compute, view))

    monkeypatch.setattr(Registry, "view", watched)


class LastingThreads(ThreadPoolExecutor):
    """The threads of workers. They outlive the app: Polars compiles each pattern anew for each thread."""

    def __init__(self) -> None:
        super().__init__()
        self._begun: set[Future[Any]] = set()

    def submit(self, *args: Any, **named: Any) -> Future[Any]:
        """As any executor, and remember it until it is done."""
        future = super().submit(*args, **named)
        self._begun.add(future)
        future.add_done_callback(self._begun.discard)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Wait for what was begun, as the loop does at its end; the threads stay for the next."""
        if wait:
            _wait_for(tuple(self._begun))


_wait_for = wait
THREADS = LastingThreads()


class Driver:
    """The app under test and its keyboard."""

    def __init__(self, app: LtvApp, pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot

    @property
    def main_screen(self) -> MainScreen:
        """The desk, also while a dialog stands over it."""
        return next(s for s in self.app.screen_stack if isinstance(s, MainScreen))

    @property
    def location(self) -> Location:
        """Where the analyst stands."""
        return self.main_screen.location

    @property
    def opened(self) -> bool:
        """Whether figures stand; before that the main screen itself may be on its way."""
        return self.main_screen.view != "loading"

    @property
    def text(self) -> str:
        """The screen as text."""
        lines = strips_of(self.app.screen)
        return "\n".join("".join(segment.text for segment in line).rstrip() for line in lines)

    async def until(self, condition: Callable[[], object], what: str = "") -> None:
        """Wait until `condition` holds."""
        loop = asyncio.get_running_loop()
        end = loop.time() + PATIENCE
        while not condition():
            if loop.time() > end:
                raise AssertionError(f"never came: {what}\n{self.text}")
            await until_quiet()
            await asyncio.sleep(0.002)

    async def press(self, *keys: str) -> None:
        """Press keys and wait until every question they asked is answered."""
        for key in keys:
            await send_key(self.app, key)
            await self.settled()

    async def type(self, text: str) -> None:
        """Type text."""
        await self.press(*text)

    async def settled(self) -> None:
        """Nothing is being asked, and what is wanted is what is shown."""
        await until_quiet()
        await self.until(lambda: self.main_screen.wanted is self.main_screen.location, "an answer")
        await until_quiet()

    async def sees(self, text: str) -> None:
        """Wait until `text` is on the screen."""
        await self.until(lambda: text in self.text, text)


def drive(
    path: Path,
    scenario: Scenario,
    *,
    size: tuple[int, int] = (120, 36),
    start: Location | None = None,
    overrides: Overrides | None = None,
    terms: dict[str, str] | None = None,
    cleaning: dict[str, str] | None = None,
    loaded: bool = True,
    views: Sequence[ViewSpec] = VIEWS,
) -> None:
    """Run `scenario` on the shop at `path`."""

    async def run() -> None:
        asyncio.get_running_loop().set_default_executor(THREADS)
        request = OpenRequest(path, overrides or Overrides(), terms=terms or {}, cleaning=cleaning or {})
        app = LtvApp(request, start or Location("overview"), today=TODAY, views=views)
        app.NOTIFICATION_TIMEOUT = PATIENCE  # on a busy machine a notice may be over before it is looked for
        async with app.run_test(size=size, notifications=True) as pilot:
            driver = Driver(app, pilot)
            if loaded:
                await driver.until(lambda: driver.opened, "the figures")
                await driver.settled()
            await scenario(driver)
            if not is_leaving(app):
                strips_of(app.screen)  # what is there in the end can be drawn
        app.parts.saving._queue.shutdown()  # what was to be remembered is

    asyncio.run(run())
