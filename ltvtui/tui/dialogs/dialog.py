"""The frame that every dialog shares: a titled box, Esc closes without a change."""

from __future__ import annotations

from functools import lru_cache
from itertools import takewhile
from typing import ClassVar, Final, Self, TypeVar

from rich.segment import Segment
from rich.style import Style
from textual.binding import BindingType
from textual.color import Color
from textual.geometry import Region
from textual.reactive import Reactive
from textual.renderables.background_screen import BackgroundScreen
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widget import Widget

from ltvtui.tui.keys import dialog_bindings
from ltvtui.tui.messages import KeysFreed
from ltvtui.tui.terminal.textual_internals import lines_of, paint_once

Result = TypeVar("Result")
SOON: Final = 0.2
"""Seconds after which keys are taken though nothing has the focus."""


class Dialog(ModalScreen[Result | None]):
    """A box in the middle of the screen; returns None when left."""

    DEFAULT_CSS = """
    Dialog { align: center middle; background: $background 60%; }
    Dialog > #box {
        width: 72; max-width: 96%; height: auto; max-height: 92%;
        border: round $primary; border-title-color: $text; background: $surface; padding: 0 1;
    }
    Dialog .hint { color: $text-muted; height: auto; }
    Dialog .error { color: $text-error; height: auto; }
    Dialog Input { border: none; height: 1; padding: 0; background: $panel; }
    Dialog Input:focus { border: none; background: $primary-muted; }
    Dialog .field { height: 1; }
    Dialog .field Label { width: 24; color: $text-muted; }
    Dialog .field Input { width: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = dialog_bindings("every")
    focused: Reactive[Widget | None] = Reactive(None, repaint=False)
    """Textual paints all once more when another field has the keys; fields paint themselves."""

    def __init__(self) -> None:
        super().__init__()
        self._beneath: list[Strip] = []
        self.keys_wait = True
        """False as soon as there is something that keys can be meant for."""
        paint_once(self)

    def on_mount(self) -> None:
        """There may be nothing to focus."""
        self.set_timer(SOON, self._free_keys)

    def on_descendant_focus(self) -> None:
        """It is there."""
        self._free_keys()

    def _free_keys(self) -> None:
        if self.keys_wait:
            self.keys_wait = False
            self.app.post_message(KeysFreed())

    def action_leave(self) -> None:
        """Close without a change."""
        self.dismiss(None)

    def render_line(self, y: int) -> Strip:
        """The screen beneath, veiled; Textual would veil every piece of it anew for each picture."""
        if not self._beneath:
            screens = list(takewhile(lambda screen: screen is not self, self.app.screen_stack))
            lines = lines_of(screens[-1])
            self._beneath = [_veiled(line, self.styles.background) for line in lines]
        return self._beneath[y] if y < len(self._beneath) else Strip.blank(self.size.width, self.rich_style)

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """As every widget; what is beneath may have changed."""
        self._beneath = []
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)


def _veiled(line: Strip, veil: Color) -> Strip:
    segments = [Segment(text, _veiled_style(style or Style(), veil)) for text, style, _ in line]
    return Strip(segments, line.cell_length)


@lru_cache(4096)
def _veiled_style(style: Style, veil: Color) -> Style:
    return next(iter(BackgroundScreen.process_segments([Segment(" ", style)], veil))).style or style
