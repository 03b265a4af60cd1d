"""Who is looked at, as an expression: what could be typed next, and what it keeps, while it is typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option
from textual.worker import get_current_worker

from ltvtui.errors import LtvError
from ltvtui.present.numbers import count
from ltvtui.present.plain import plain
from ltvtui.present.pointing import pointed
from ltvtui.query.grammar.completing import Completion
from ltvtui.query.grammar.errors import FilterError
from ltvtui.query.query import Step
from ltvtui.tui.dialogs.dialog import Dialog
from ltvtui.tui.keys import dialog_bindings
from ltvtui.tui.latest import Latest
from ltvtui.tui.widgets.line import TextLine


@dataclass(frozen=True)
class FilterOutcome:
    """What an expression keeps."""

    step: Step | None
    """None: nothing is typed, so that everybody is kept."""
    customers: int
    of: int


@dataclass(frozen=True)
class ChosenFilter:
    """What the dialog was left with."""

    step: Step | None
    """None: the line was empty."""
    text: str


@dataclass(frozen=True, eq=False)
class Typed:
    """The line as it stands."""

    text: str
    cursor: int


@dataclass
class Suggested(Message):
    """What could stand at the cursor."""

    typed: Typed
    candidates: tuple[Completion, ...]


@dataclass
class FilterChecked(Message):
    """What the line keeps, or what is wrong with it."""

    typed: Typed
    found: FilterOutcome | LtvError


class FilterDialog(Dialog[ChosenFilter]):
    """A line; below it what could be typed next, and whom it keeps or what is wrong. All of it is asked in a worker.

    Tab and Enter wait for the answer about what is typed when they are pressed.
    """

    DEFAULT_CSS = """
    FilterDialog OptionList { height: 8; border: none; padding: 0; background: $surface; }
    FilterDialog #outcome { height: auto; min-height: 4; color: $text-muted; }
    FilterDialog #outcome.-wrong { color: $text-error; }
    """
    BINDINGS: ClassVar[list[BindingType]] = dialog_bindings("filter")

    def __init__(
        self,
        start: str,
        check: Callable[[str], FilterOutcome],
        suggest: Callable[[str, int], tuple[Completion, ...]],
        recent: Sequence[str],
    ) -> None:
        """`check` raises LtvError; `recent` are expressions of before, the last one first."""
        super().__init__()
        self._start = start
        self._check = check
        self._suggest = suggest
        self._recent = tuple(recent)
        self._recalled = -1
        self._typed = Typed(start, len(start))
        self._asked: Latest[Typed] = Latest(self._ask)
        self._candidates: tuple[Completion, ...] = ()
        self._suggested: Typed | None = None
        """The line that the candidates are of."""
        self._found: tuple[str, FilterOutcome | LtvError] | None = None
        """A text and what is told of it."""
        self._accepting = self._entering = False
        """Tab or Enter was pressed before the answer was there."""

    def compose(self) -> ComposeResult:
        """The line, candidates, and what it does."""
        with Vertical(id="box") as box:
            box.border_title = "Filter"
            yield TextLine(self._start, placeholder="orders >= 3 and last >= -90d", select_on_focus=False)
            candidates = OptionList(markup=False)
            candidates.can_focus = False
            yield candidates
            yield Static("", id="outcome", markup=False)
            yield Static("", classes="hint", markup=False)

    def on_mount(self) -> None:
        """Ask about what the line begins with."""
        line = self.query_one(Input)
        # Only then it knows how much of itself it can show.
        self.call_after_refresh(line.scroll_to, line.content_width, animate=False, force=True)
        recent = " · ↑ previous filter" if self._recent and not self._start else ""
        self.query_one(".hint", Static).update(f"Tab accept · ↓ ↑ choose{recent} · Enter apply · Esc close")
        self.watch(line, "selection", self._follow_cursor, init=False)
        self._asked.want(self._typed)

    def on_input_changed(self) -> None:
        """Another text."""
        self._follow_cursor()

    def _follow_cursor(self) -> None:
        """Ask about the line where it is another one than before."""
        line = self.query_one(Input)
        if (line.value, line.cursor_position) != (self._typed.text, self._typed.cursor):
            self._accepting = self._entering = False
            self._typed = Typed(line.value, line.cursor_position)
            self._asked.want(self._typed)

    @work(thread=True, exclusive=True, group="filter", description="complete a filter")
    def _ask(self, typed: Typed) -> None:
        """What could come next and whom it keeps, away from the keyboard: there may be a million customers."""
        worker = get_current_worker()
        self.post_message(Suggested(typed, self._suggest(typed.text, typed.cursor)))
        try:
            last = self._found
            found = last[1] if last is not None and last[0] == typed.text else self._check(typed.text)
        except LtvError as error:
            found = error
        if not worker.is_cancelled:
            self.post_message(FilterChecked(typed, found))

    def on_suggested(self, message: Suggested) -> None:
        """Show what could be typed, unless something was."""
        if message.typed is not self._typed:
            return
        self._suggested, self._candidates = message.typed, message.candidates
        listed = self.query_one(OptionList)
        listed.clear_options()
        listed.add_options(Option(Text(plain(candidate.text))) for candidate in message.candidates)
        listed.highlighted = 0 if message.candidates else None
        if self._accepting:
            self.action_accept()

    def on_filter_checked(self, message: FilterChecked) -> None:
        """Show what the line does, unless another was typed since."""
        self._asked.done(message.typed)
        if message.typed.text != self._typed.text:
            return
        self._found = message.typed.text, message.found
        self._show_outcome(message.typed.text, message.found)
        if self._entering:
            self.on_input_submitted()

    def _show_outcome(self, text: str, found: FilterOutcome | LtvError) -> None:
        outcome = self.query_one("#outcome", Static)
        outcome.set_class(isinstance(found, LtvError), "-wrong")
        match found:
            case FilterOutcome(step, customers, of):
                hint = "" if step is not None else "\nEnter a name, a comparison and a value."
                outcome.update(f"{count(customers)} of {count(of)} customers{hint}")
            case FilterError():
                # What is not finished yet is no mistake.
                outcome.set_class(found.at < len(text.rstrip()), "-wrong")
                line, caret = pointed(text, found.at, self.query_one(Input).size.width)
                outcome.update("\n".join((line, caret, plain(found.reason), plain(found.mend))))
            case _:
                outcome.update(f"{plain(found.what)}\n{plain(found.mend)}")

    def action_choose(self, step: int) -> None:
        """Another candidate; up from a line that nothing was typed into, an expression of before."""
        line, listed = self.query_one(Input), self.query_one(OptionList)
        untouched = line.value == (self._recent[self._recalled] if self._recalled >= 0 else "")
        if step < 0 and untouched and self._recalled + 1 < len(self._recent):
            self._recalled += 1
            self._put(self._recent[self._recalled])
        elif self._candidates:
            listed.highlighted = ((listed.highlighted or 0) + step) % len(self._candidates)

    def action_accept(self) -> None:
        """Put the candidate into the line."""
        self._accepting = self._suggested is not self._typed
        chosen = self.query_one(OptionList).highlighted
        if self._accepting or chosen is None:
            return
        candidate, text = self._candidates[chosen], self._typed.text
        accepted = candidate.inserted(text)
        cursor = candidate.start + len(candidate.text)
        if cursor == len(accepted) and not accepted.endswith("("):
            accepted, cursor = f"{accepted} ", cursor + 1
        self._put(accepted, cursor)

    def _put(self, text: str, cursor: int | None = None) -> None:
        line = self.query_one(Input)
        line.value = text
        line.cursor_position = len(text) if cursor is None else cursor

    def on_input_submitted(self) -> None:
        """Apply what is typed, unless it cannot be."""
        last = self._found
        self._entering = last is None or last[0] != self._typed.text
        if last is not None and not self._entering and isinstance(last[1], FilterOutcome):
            self.dismiss(ChosenFilter(last[1].step, last[0].strip()))
