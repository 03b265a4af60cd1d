"""Columns: what ltvtui makes of them, a preview of ten rows, and what only the analyst can say."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar, Final

import polars as pl
from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.message import Message
from textual.screen import Screen
from textual.suggester import SuggestFromList
from textual.widgets import Input, Label, Static
from textual.worker import get_current_worker

from ltvtui.errors import Cancelled, LtvError
from ltvtui.present.choices import choice_lines
from ltvtui.present.numbers import percent
from ltvtui.present.plain import plain
from ltvtui.present.tables import Column, Table
from ltvtui.session.open_request import OpenRequest
from ltvtui.session.request_source import layout_of
from ltvtui.sources.catalog_table import CatalogTable
from ltvtui.sources.detection.choices import TABLES, WORDS, choices
from ltvtui.sources.mapping import Mapping
from ltvtui.sources.mapping_file import SavedMapping, save
from ltvtui.sources.overrides import Overrides
from ltvtui.tui.dialogs.choice import ChoiceDialog
from ltvtui.tui.dialogs.mapping.fields import FIELDS, MappingField, role_column
from ltvtui.tui.dialogs.mapping.trial import TrialReading, read_outcome, read_with
from ltvtui.tui.keys import dialog_bindings
from ltvtui.tui.latest import Latest
from ltvtui.tui.widgets.grid import Grid

_NEEDED: Final = frozenset({"orders", "customer", "date", "amount", *WORDS})
"""Roles that something has to play."""


@dataclass(frozen=True)
class Understanding:
    """What the analyst said about the columns."""

    overrides: Overrides
    path: Path | None
    """The file in which the mapping is kept; None where it could not be written."""


@dataclass
class TrialRead(Message):
    """The database was looked at."""

    overrides: Overrides
    reading: TrialReading


@dataclass
class ChoicesFound(Message):
    """What could play a role, as lines to pick from."""

    role: str
    lines: dict[str, str]


@dataclass
class OutcomeRead(Message):
    """What comes out under what was said, in a line."""

    overrides: Overrides
    text: str


class MappingScreen(Screen[Understanding | None]):
    """A field for each role. What is typed goes before the mapping in force, or before what was guessed."""

    DEFAULT_CSS = """
    MappingScreen #title { height: 1; background: $panel; padding: 0 1; text-style: bold; }
    MappingScreen #fields { height: auto; max-height: 42%; padding: 0 1; scrollbar-size-vertical: 1; }
    MappingScreen .field { height: 1; }
    MappingScreen .field Label { width: 14; color: $text-muted; }
    MappingScreen .field Input { width: 30; border: none; height: 1; padding: 0; background: $panel; }
    MappingScreen .field Input:focus { border: none; background: $primary-muted; }
    MappingScreen .field Static {
        width: 1fr; height: 1; padding: 0 1; color: $text-muted; text-wrap: nowrap; text-overflow: ellipsis;
    }
    MappingScreen #question { height: auto; max-height: 3; padding: 0 1; color: $text-warning; }
    MappingScreen #outcome { height: auto; max-height: 2; padding: 0 1; text-style: bold; }
    MappingScreen #names { height: auto; max-height: 3; padding: 0 1; color: $text-muted; }
    MappingScreen Grid { padding: 0 1; height: 1fr; }
    MappingScreen #keys { height: 1; background: $panel; padding: 0 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = dialog_bindings("mapping")

    def __init__(self, request: OpenRequest, in_force: Mapping | None) -> None:
        super().__init__()
        self._request = request
        self._in_force = in_force
        self._overrides = Overrides() if in_force else request.overrides
        self._reading: TrialReading | None = None
        self._trials: Latest[Overrides] = Latest(self._try)

    def compose(self) -> ComposeResult:
        """Fields over a preview."""
        yield Static(f"Columns of {plain(self._request.name)}", id="title", markup=False)
        with VerticalScroll(id="fields", can_focus=False):
            for role, label in FIELDS:
                with Horizontal(classes="field"):
                    yield Label(label, markup=False)
                    yield MappingField(getattr(self._overrides, role) or "", id=role, select_on_focus=True)
                    yield Static("", id=f"{role}-why", markup=False)
        yield Static("Examining the database…", id="question", markup=False)
        yield Static("", id="outcome", markup=False)
        yield Static("", id="names", markup=False)
        yield Grid(empty="There is no preview yet.")
        keys = "^s save · ↑ ↓ field · ⏎ choose · → accept suggestion · - for none · Esc close"
        yield Static(keys, id="keys", markup=False)

    def on_mount(self) -> None:
        """Look at the database."""
        self._trials.want(self._overrides)
        self.query_one("#orders", Input).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """What is typed is said; an emptied field is not; "-" says that there is none."""
        text = event.value.strip()
        value = None if not text else "" if text == "-" else text
        role = str(event.input.id)
        if getattr(self._overrides, role) != value:
            self._overrides = replace(self._overrides, **{role: value})
            self._reading = None
            self.workers.cancel_group(self, "outcome")
            self._trials.want(self._overrides)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter lists what could play the role, with what stands there."""
        if self._reading is None or not self._reading.tables:
            self.app.notify("The database is still being examined.", severity="warning", markup=False)
            return
        self._list_choices(str(event.input.id), self._reading.tables, self._orders)

    @work(thread=True, exclusive=True, group="offer", description="list column candidates")
    def _list_choices(self, role: str, tables: tuple[CatalogTable, ...], orders: str) -> None:
        """Judging a column takes some milliseconds, and there may be thousands."""
        self.post_message(ChoicesFound(role, choice_lines(choices(role, tables, orders))))

    def on_choices_found(self, message: ChoicesFound) -> None:
        """Open the list; what is picked stands in the field, and the next one has its turn."""
        field = self.query_one(f"#{message.role}", Input)
        if not message.lines:
            self.app.notify("Choose the orders table first.", severity="warning", markup=False)
            return
        none = {} if message.role in _NEEDED else {"-": "none"}

        def picked(name: str | None) -> None:
            if name is not None:
                field.value = name
                roles = [role for role, _ in FIELDS]
                below = roles[roles.index(message.role) + 1 :] or [message.role]
                self.query_one(f"#{below[0]}", Input).focus()

        current = field.value or str(field.placeholder)
        self.app.push_screen(ChoiceDialog(dict(FIELDS)[message.role], message.lines | none, current), picked)

    @property
    def _orders(self) -> str:
        """The table that holds the orders, as far as that is known."""
        reading = self._reading
        candidates = reading.proposal.candidates if reading and reading.proposal else ()
        table = self._overrides.orders or (reading.mapping.orders if reading and reading.mapping else "")
        return table or (candidates[0].orders if candidates else "")

    def _question(self) -> str:
        """The role that is in doubt; blank where none is."""
        proposal = self._reading.proposal if self._reading else None
        return proposal.questions[0].role if proposal and proposal.questions else ""

    def action_leave(self) -> None:
        """Leave without a change."""
        self.dismiss(None)

    def action_accept(self) -> None:
        """Use the mapping and keep it, if nothing is in doubt."""
        reading = self._reading
        if reading is None:
            self.app.notify("The database is still being examined.", severity="warning", markup=False)
        elif reading.mapping is None or reading.error is not None:
            self.app.notify("Answer the question first.", severity="warning", markup=False)
            if (role := self._question()) in dict(FIELDS):
                self.query_one(f"#{role}", Input).focus()
        else:
            self.dismiss(self._save(reading.mapping))

    def _save(self, mapping: Mapping) -> Understanding:
        path = self._request.mapping_file
        try:
            saved = self._request.saved()
            how = layout_of(self._request, saved)
            saving = replace(saved or SavedMapping(mapping), mapping=mapping, skip_rows=how.skip_rows)
            save(path, replace(saving, no_header=not how.header, encoding=how.encoding))
        except LtvError as error:
            self.app.notify(plain(error.mend), title=plain(error.what), severity="warning", markup=False)
            return Understanding(self._overrides, None)
        return Understanding(Overrides(), path)

    @work(thread=True, exclusive=True, group="reading", description="map the columns")
    def _try(self, overrides: Overrides) -> None:
        """Ask the database what it makes of `overrides`; the keyboard stays free."""
        worker = get_current_worker()
        with suppress(Cancelled):
            reading = read_with(self._request, self._in_force, overrides, lambda: worker.is_cancelled)
            self.post_message(TrialRead(overrides, reading))

    @work(thread=True, exclusive=True, group="outcome", description="preview the mapping")
    def _see_outcome(self, overrides: Overrides, mapping: Mapping) -> None:
        """Read the shop as it is understood now; whatever is said meanwhile calls it off."""
        worker = get_current_worker()
        with suppress(Cancelled):
            try:
                words = read_outcome(self._request, mapping, lambda: worker.is_cancelled)
            except LtvError as error:
                words = f"{error.what} {error.mend}"
            self.post_message(OutcomeRead(overrides, words))

    def on_outcome_read(self, message: OutcomeRead) -> None:
        """Show it, unless something else was said since."""
        if message.overrides == self._overrides:
            self.query_one("#outcome", Static).update(plain(message.text))

    def on_trial_read(self, message: TrialRead) -> None:
        """Show the reading, unless something else was said since."""
        self._trials.done(message.overrides)
        if message.overrides != self._overrides:
            return
        self._reading = reading = message.reading
        error = reading.error
        questions = reading.proposal.questions if reading.proposal else ()
        doubt = questions[0].text if questions else f"{error.what} {error.mend}" if error else ""
        answer = f"Press Enter in “{dict(FIELDS)[questions[0].role]}” to choose. " if questions else ""
        # What to do stands first: a long question is cut where it ends.
        self.query_one("#question", Static).update(plain(f"? {answer}{doubt}") if doubt else "")
        if reading.tables:
            self._suggest(reading)
        if reading.mapping is not None or reading.proposal is not None:
            self._explain(reading)
        grid = self.query_one(Grid)
        rows = pl.DataFrame() if reading.rows is None else reading.rows.with_columns(pl.all().fill_null(""))
        grid.show(Table(rows, tuple(Column(name, name) for name in rows.columns)))
        certain = reading.mapping if error is None else None
        self.query_one("#outcome", Static).update("… calculating the preview" if certain else "")
        if certain is not None:
            self._see_outcome(message.overrides, certain)

    def _suggest(self, reading: TrialReading) -> None:
        """Names to complete: tables for the orders, columns of the orders table for the rest."""
        tables = {table.name: tuple(column.name for column in table.columns) for table in reading.tables}
        names = [plain(n) for n in tables.get(self._orders, ())]
        for role, _ in FIELDS:
            suggested = [plain(t) for t in tables] if role in TABLES else list(WORDS.get(role, names))
            self.query_one(f"#{role}", Input).suggester = SuggestFromList(suggested, case_sensitive=False)
        listing = f"columns: {', '.join(names)}" if names else f"tables: {', '.join(plain(t) for t in tables)}"
        self.query_one("#names", Static).update(listing)

    def _explain(self, reading: TrialReading) -> None:
        """What plays each role, and why."""
        guesses = {g.role: g for g in reading.proposal.guesses} if reading.proposal else {}
        for role, _ in FIELDS:
            guess, current = guesses.get(role), role_column(reading.mapping, role)
            column = current or (guess.column if guess else "")
            why = f"{percent(guess.score, 0)} {guess.why}" if guess else "in use" if column else ""
            self.query_one(f"#{role}", Input).placeholder = plain(column)
            self.query_one(f"#{role}-why", Static).update(plain(why))
