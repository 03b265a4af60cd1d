"""The private parts of Textual, and one of its loop, that tests need: each once, with the reason.

Nothing else in tests may use any.
Where a new Textual renames one, it is mended here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from weakref import WeakKeyDictionary

import pytest
from textual import app as textual_app
from textual import pilot as textual_pilot
from textual._compositor import Compositor
from textual._context import active_app, visible_screen_stack
from textual.app import App
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.notifications import Notification
from textual.screen import Screen
from textual.strip import Strip


def strips_of(screen: Screen[Any]) -> list[Strip]:
    """The screen line by line as it would be painted. In public there is only the screen as one SVG."""
    return screen._compositor.render_strips()


async def send_key(app: App[Any], key: str) -> None:
    """A key without the pause that Pilot.press makes behind it: tests say themselves what they wait for."""
    await app._press_keys([key])


def is_leaving(app: App[Any]) -> bool:
    """Whether the app was told to exit. In public it is known only once it has ended, when there is no screen."""
    return app._exit


def notices_of(app: App[Any]) -> list[Notification]:
    """What was notified and is still shown. In public there is no list of it, and a toast may be cut."""
    return list(app._notifications)


def all_workers_ended(app: App[Any]) -> bool:
    """Whether none is left, cancelled or not: a thread goes on after its worker counts as cancelled in public."""
    return not app.workers._workers


def app_at_work() -> App[Any]:
    """The app of this task. Pilots wait by a function that is not told which app it is for."""
    return active_app.get()


def has_callbacks(loop: asyncio.AbstractEventLoop) -> bool:
    """Whether something is to be called in the next turn of the loop. In public one can only let turns pass."""
    return bool(loop._ready)  # type: ignore[attr-defined]


def has_to_paint(screen: Screen[Any]) -> bool:
    """Whether something waits for the next frame. In public one can only sleep until it came."""
    changed = screen._layout_required or screen._scroll_required or screen._repaint_required
    return bool(changed or screen._dirty_widgets or screen._recompose_required or screen._callbacks)


def paint(screen: Screen[Any]) -> None:
    """Paint now what waits for the next frame, which comes 60 times a second."""
    screen._on_timer_update()


def paint_nothing(patch: pytest.MonkeyPatch) -> None:
    """No frame is made for a terminal that nobody sees; `strips_of` still makes the lines of the screen. In public an
    app without a terminal makes each frame and throws it away."""

    def render_update(self: Compositor, screen_stack: list[Screen[Any]] | None = None, **_: bool) -> None:
        visible_screen_stack.set(screen_stack or [])
        self._dirty_regions.clear()

    patch.setattr(Compositor, "render_update", render_update)


def have_pilots_wait(patch: pytest.MonkeyPatch, until_quiet: Callable[..., Awaitable[None]]) -> None:
    """Every pilot waits by `until_quiet`; Textual's own wait for idle is no option of a pilot."""
    for module in (textual_app, textual_pilot):
        patch.setattr(module, "wait_for_idle", until_quiet)


def parse_styles_once(patch: pytest.MonkeyPatch) -> None:
    """Style sheets are parsed once a process. In public each app parses all of them, which is the same for all."""
    parse, parsed = Stylesheet._parse_rules, dict[tuple[object, ...], list[RuleSet]]()
    numbers, numbered = dict[tuple[object, ...], int](), WeakKeyDictionary[Stylesheet, tuple[object, int]]()

    def number_of_variables(sheet: Stylesheet) -> int:
        variables, number = numbered.get(sheet, (None, 0))
        if variables is not sheet._variables:
            number = numbers.setdefault(tuple(sheet._variables.items()), len(numbers))
            numbered[sheet] = sheet._variables, number
        return number

    def parse_once(self: Stylesheet, *source: object, **more: object) -> list[RuleSet]:
        key = (source, *more.items(), number_of_variables(self))
        if key not in parsed:
            parsed[key] = parse(self, *source, **more)  # type: ignore[arg-type]
        return parsed[key]

    patch.setattr(Stylesheet, "_parse_rules", parse_once)
    patch.setattr(RuleSet, "__hash__", object.__hash__)  # the same, and asked for a thousand times for every widget


def watch_painting(patch: pytest.MonkeyPatch, kind: type[App[Any]], before: Callable[[Screen[Any]], None]) -> None:
    """Call `before` with the screen each time it goes to the terminal. Nothing public says when that is, and what was
    there for one frame only is what these tests are about."""
    whole = kind._display

    def display(self: App[Any], screen: Screen[Any], renderable: Any) -> None:
        if not self._batch_count:  # else nothing goes to the terminal
            before(screen)
        whole(self, screen, renderable)

    patch.setattr(kind, "_display", display)
