"""What Textual keeps to itself and the app cannot do without, each with the reason.

Nothing else touches private names of Textual: after an upgrade this is the one module to read again.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from textual import constants
from textual._xterm_parser import XTermParser as KeyParser
from textual.app import App
from textual.binding import Binding, BindingType
from textual.driver import Driver
from textual.screen import Screen
from textual.strip import Strip

__all__ = ["KeyParser", "bind", "driver_of", "is_waiting", "lines_of", "paint_once", "set_escape_delay"]


def bind(screen: Screen[None], bindings: Iterable[BindingType]) -> None:
    """Give one screen bindings, in place of those that Textual has for the same keys.

    BINDINGS are fixed when a class is made, and the commands of a main screen follow from the views that are
    registered. App.bind takes no id, by which settings rebind keys.
    """
    for binding in Binding.make_bindings(bindings):
        screen._bindings.key_to_bindings[binding.key] = [binding]


def driver_of(app: App[Any]) -> Driver | None:
    """What sends to the terminal; None before it is started. The app has no public way to write to it, or to ask
    whether it is still there."""
    return app._driver


def lines_of(screen: Screen[None]) -> list[Strip]:
    """What is on a screen, line by line, as it is painted. Screenshots of Textual are of the top screen only, with
    a dialog over the one that is wanted."""
    return screen._compositor.render_strips()


def paint_once(screen: Screen[Any]) -> None:
    """Have `screen` painted once where Textual does it twice: what a layout has moved, and right behind it all of the
    screen, where that is wanted too. A dialog is painted four times until it stands, with what is beneath."""
    paint = screen._compositor_refresh

    def paint_what_stays() -> None:
        if not (screen._layout_required and screen._repaint_required):
            paint()

    screen._compositor_refresh = paint_what_stays  # type: ignore[method-assign]


def set_escape_delay(seconds: float) -> None:
    """How long the parser of keys waits for what may follow a lone Esc. Textual asks the environment once."""
    setattr(constants, "ESCAPE_DELAY", seconds)  # noqa: B010 - declared Final


def is_waiting(parser: KeyParser) -> bool:
    """Whether what was read ends in the midst of a key. The parser does not tell when its wait is over."""
    return parser._timeout_time is not None
