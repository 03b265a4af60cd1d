"""A line of values, of which the one under the cursor is stepped with arrow keys or typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from rich.text import Text
from textual import events
from textual.binding import BindingType
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive

from ltvtui.tui.keys import PARAMETER_KEYS, parameter_bindings
from ltvtui.tui.widgets.fixed_size import FixedSizeWidget

_BOUND = frozenset(key for keys, _, _ in PARAMETER_KEYS for key in keys.split(","))
CHANGED = "*"
"""Behind a value that is not the one agreed on."""


@dataclass(frozen=True)
class Parameter:
    """One value as it is shown."""

    name: str
    label: str
    value: str
    changed: bool = False
    """Another than the one agreed on."""


class ParameterBar(FixedSizeWidget, can_focus=False):
    """Values side by side, in as many lines as they take. It changes none of them: it tells what was asked for.

    It takes the keyboard only where it is `opened`, never by Tab: a digit typed for a screen would change a value.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"parameter-bar--label", "parameter-bar--changed"}
    DEFAULT_CSS = """
    ParameterBar { width: 1fr; padding: 0 1; }
    ParameterBar > .parameter-bar--label { color: $text-muted; }
    ParameterBar > .parameter-bar--changed { color: $text-warning; text-style: bold; }
    """
    BINDINGS: ClassVar[list[BindingType]] = parameter_bindings()

    parameters: reactive[tuple[Parameter, ...]] = reactive(())
    at: reactive[int] = reactive(0)
    """The value under the cursor."""
    typed: reactive[str | None] = reactive(None)
    """What is being typed in its place."""

    @dataclass
    class Stepped(Message):
        """A value is wanted by so many steps higher or lower."""

        name: str
        steps: int

    @dataclass
    class Typed(Message):
        """A value was typed."""

        name: str
        text: str

    @dataclass
    class Reset(Message):
        """A value is wanted as it was agreed on."""

        name: str

    @dataclass
    class Focused(Message):
        """The line was entered or left."""

        on: bool

    class Left(Message):
        """The analyst is done with the line."""

    def opened(self) -> None:
        """Take the keyboard until the analyst is done."""
        self.can_focus = True
        self.focus()

    # -- what is shown ---------------------------------------------------------------------------------

    def lines_in(self, room: Size) -> int:
        """Lines it takes in a view of that size."""
        return len(self._lines(room.width - 2))

    def _lines(self, width: int) -> list[list[int]]:
        """Positions of the values, line by line."""
        lines: list[list[int]] = [[]]
        used = 0
        for place, parameter in enumerate(self.parameters):
            need = _cells(parameter)
            if lines[-1] and used + need - 1 > width:
                lines.append([])
                used = 0
            lines[-1].append(place)
            used += need
        return lines

    def render(self) -> Text:
        """The values; the one under the cursor is turned round while the line has the focus."""
        label, changed = (self.get_component_rich_style(f"parameter-bar--{part}") for part in ("label", "changed"))
        text = Text(no_wrap=True, end="")
        for number, line in enumerate(self._lines(self.content_size.width)):
            text.append("\n" if number else "")
            for place in line:
                parameter, here = self.parameters[place], place == self.at and self.has_focus
                text.append(f"{parameter.label} ", label)
                typed = here and self.typed is not None
                text.append(
                    f"{self.typed}▏" if typed else parameter.value,
                    "reverse" if here else changed if parameter.changed else "bold",
                )
                text.append(CHANGED if parameter.changed else " ", changed)
                text.append(" ")
        return text

    # -- keys ------------------------------------------------------------------------------------------

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """While the line has the focus keys that write something are no commands, but for help."""
        return character is not None and character.isprintable() and character != "?"

    def on_key(self, event: events.Key) -> None:
        """Type a value in place of the one under the cursor; what no value has in it is not taken."""
        character = event.character or ""
        typing = self.typed is not None
        if event.key == "backspace" and typing:
            self.typed = (self.typed or "")[:-1] or None
        elif character and _typable(character):
            self.typed = (self.typed or "") + character
        elif not self.check_consume_key(event.key, event.character) or event.key in _BOUND:
            return
        event.stop()
        event.prevent_default()

    def action_turn(self, steps: int) -> None:
        """One step less or more."""
        self.typed = None
        if self.parameters:
            self.post_message(self.Stepped(self.parameters[self.at].name, steps))

    def action_choose(self, step: int) -> None:
        """Another value; what was typed is taken."""
        self._post_typed()
        self.at = (self.at + step) % max(len(self.parameters), 1)

    def action_accept(self) -> None:
        """Take what was typed."""
        self._post_typed()

    def action_leave(self) -> None:
        """Forget what was typed; without any the analyst is done."""
        if self.typed is None:
            self.post_message(self.Left())
        self.typed = None

    def action_reset(self) -> None:
        """The value that was agreed on."""
        if self.parameters:
            self.post_message(self.Reset(self.parameters[self.at].name))

    def _post_typed(self) -> None:
        if self.typed is not None and self.parameters:
            self.post_message(self.Typed(self.parameters[self.at].name, self.typed))
        self.typed = None

    # -- focus and mouse -------------------------------------------------------------------------------

    def on_focus(self) -> None:
        """The cursor is seen."""
        self.refresh()
        self.post_message(self.Focused(True))

    def on_blur(self) -> None:
        """The cursor is gone, and what was typed and not taken with it."""
        self.typed = None
        if self.screen.focused not in (None, self):  # none: the terminal's window has lost it, and gets it back
            self.can_focus = False
        self.refresh()
        self.post_message(self.Focused(False))

    def on_click(self, event: events.Click) -> None:
        """A click opens the line and chooses a value; the wheel turns it."""
        self.opened()
        lines = self._lines(self.content_size.width)
        end = 1
        for place in lines[event.y] if event.y < len(lines) else ():
            end += _cells(self.parameters[place])
            if event.x < end:
                self.at = place
                return

    def on_mouse_scroll_down(self) -> None:
        """Wheel down: less."""
        self.action_turn(-1)

    def on_mouse_scroll_up(self) -> None:
        """Wheel up: more."""
        self.action_turn(1)


def _cells(parameter: Parameter) -> int:
    """Cells of a value, its mark and the blank behind it."""
    return cell_len(f"{parameter.label} {parameter.value}{CHANGED} ")


def _typable(character: str) -> bool:
    return character.isdigit() or character in ".,%-"
