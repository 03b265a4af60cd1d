"""Columns: what ltvtui makes of them, a preview of ten rows, and what only the analyst can say."""

from __future__ import annotations

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

from ltvtui.errors import LtvError
from ltvtui.opening import Request
from ltvtui.present.numbers import percent
from ltvtui.present.plain import plain
from ltvtui.present.tables import Column, Table
from ltvtui.sources.dates import FORMATS
from ltvtui.sources.detect import Proposal, propose
from ltvtui.sources.mapping_file import load, save
from ltvtui.sources.overrides import Overrides
from ltvtui.sources.read import preview
from ltvtui.sources.sqlite import Database
from ltvtui.tui.commands import dialog_bindings
from ltvtui.tui.widgets.grid import Grid

FIELDS: Final = (
    ("orders", "orders table"),
    ("customer", "customer id"),
    ("date", "date"),
    ("date_format", "date format"),
    ("amount", "amount"),
    ("order_id", "order id"),
    ("status", "status"),
    ("currency", "currency"),
    ("cost", "cost"),
    ("margin", "margin"),
    ("refund_of", "refund of"),
)


@dataclass(frozen=True)
class Understanding:
    """What the analyst said about the columns."""

    overrides: Overrides
    kept: Path | None
    """The file in which the mapping is kept."""


@dataclass
class Proposed(Message):
    """A reading of the database, and what it gives."""

    said: Overrides
    proposal: Proposal | None
    rows: pl.DataFrame | None
    tables: tuple[tuple[str, tuple[str, ...]], ...]
    error: LtvError | None


class MappingScreen(Screen[Understanding | None]):
    """A field for each role. What is typed goes before what was guessed; an emptied field is guessed again."""

    DEFAULT_CSS = """
    MappingScreen #title { height: 1; background: $panel; padding: 0 1; text-style: bold; }
    MappingScreen #fields { height: auto; max-height: 11; padding: 0 1; }
    MappingScreen .field { height: 1; }
    MappingScreen .field Label { width: 14; color: $text-muted; }
    MappingScreen .field Input { width: 30; border: none; height: 1; padding: 0; background: $panel; }
    MappingScreen .field Input:focus { border: none; background: $primary-muted; }
    MappingScreen .field Static {
        width: 1fr; height: 1; padding: 0 1; color: $text-muted; text-wrap: nowrap; text-overflow: ellipsis;
    }
    MappingScreen #question { height: auto; max-height: 3; padding: 0 1; color: $text-warning; }
    MappingScreen #names { height: auto; max-height: 3; padding: 0 1; color: $text-muted; }
    MappingScreen Grid { padding: 0 1; height: 1fr; }
    MappingScreen #keys { height: 1; background: $panel; padding: 0 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = dialog_bindings("mapping")

    def __init__(self, request: Request) -> None:
        super().__init__()
        self._request = request
        self._said = request.overrides
        self._proposal: Proposal | None = None

    def compose(self) -> ComposeResult:
        """Fields over a preview."""
        name = plain(self._request.path.name)
        yield Static(f"Columns of {name}", id="title", markup=False)
        with VerticalScroll(id="fields", can_focus=False):
            for role, label in FIELDS:
                with Horizontal(classes="field"):
                    yield Label(label, markup=False)
                    yield Input(getattr(self._said, role) or "", id=role, select_on_focus=True)
                    yield Static("", id=f"{role}-why", markup=False)
        yield Static("", id="question", markup=False)
        yield Static("", id="names", markup=False)
        yield Grid(empty="No preview yet.")
        keys = "^s use and keep · ↑ ↓ field · → complete · empty: guess · -: none · Esc leave"
        yield Static(keys, id="keys", markup=False)

    def on_mount(self) -> None:
        """Look at the database."""
        self._propose(self._said)
        self.query_one("#orders", Input).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """What is typed is said; an emptied field is left to detection; "-" says there is none."""
        text = event.value.strip()
        said = None if not text else "" if text == "-" else text
        role = str(event.input.id)
        if getattr(self._said, role) != said:
            self._said = replace(self._said, **{role: said})
            self._propose(self._said)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter goes to the next field."""
        self.focus_next()

    def action_leave(self) -> None:
        """Leave without a change."""
        self.dismiss(None)

    def action_accept(self) -> None:
        """Use the mapping and keep it, if nothing is in doubt."""
        proposal = self._proposal
        if proposal is None or proposal.mapping is None or not proposal.certain:
            self.app.notify("Answer the question first.", severity="warning", markup=False)
            return
        path = self._request.mapping_file
        try:
            saved = load(path)
            save(
                path,
                proposal.mapping,
                cleaning=saved.cleaning if saved else None,
                shop=saved.shop if saved else None,
            )
        except LtvError as error:
            self.app.notify(plain(error.mend), title=plain(error.what), severity="warning", markup=False)
            self.dismiss(Understanding(self._said, None))
            return
        self.dismiss(Understanding(Overrides(), path))

    @work(thread=True, exclusive=True, group="proposal")
    def _propose(self, said: Overrides) -> None:
        """Ask the database what it makes of `said`; the keyboard stays free."""
        worker = get_current_worker()
        proposal, rows, error = None, None, None
        tables: tuple[tuple[str, tuple[str, ...]], ...] = ()
        try:
            with Database.open(self._request.path) as database:
                tables = tuple((t.name, tuple(c.name for c in t.columns)) for t in database.tables())
                proposal = propose(database, said)
                if proposal.mapping is not None:
                    rows = preview(database, proposal.mapping, 10)
        except LtvError as found:
            error = found
        if not worker.is_cancelled:
            self.post_message(Proposed(said, proposal, rows, tables, error))

    def on_proposed(self, message: Proposed) -> None:
        """Show the reading, unless something else was said since."""
        if message.said != self._said:
            return
        self._proposal = message.proposal
        self._suggest(message)
        self._explain(message)
        if message.rows is not None:
            columns = tuple(Column(c, c, decimals=0) for c in message.rows.columns)
            self.query_one(Grid).show(Table(message.rows.with_columns(pl.all().fill_null("")), columns))

    def _suggest(self, message: Proposed) -> None:
        """Names to complete: tables for the orders, columns of the orders table for the rest."""
        tables = dict(message.tables)
        orders = message.proposal.candidates[0].orders if message.proposal and message.proposal.candidates else ""
        names = [plain(n) for n in tables.get(orders, ())]
        for role, _ in FIELDS:
            choices = list(tables) if role == "orders" else list(FORMATS) if role == "date_format" else names
            self.query_one(f"#{role}", Input).suggester = SuggestFromList(choices, case_sensitive=False)
        told = f"columns: {', '.join(names)}" if names else f"tables: {', '.join(plain(t) for t in tables)}"
        self.query_one("#names", Static).update(told)

    def _explain(self, message: Proposed) -> None:
        guesses = {g.role: g for g in message.proposal.guesses} if message.proposal else {}
        mapping = message.proposal.mapping if message.proposal else None
        for role, _ in FIELDS:
            field = self.query_one(f"#{role}", Input)
            guess = guesses.get(role)
            if role == "date_format":
                field.placeholder = ", ".join(mapping.date_formats) if mapping else ""
            else:
                field.placeholder = plain(guess.column) if guess else ""
            why = f"{percent(guess.score, 0)} {plain(guess.why)}" if guess else ""
            self.query_one(f"#{role}-why", Static).update(why)
        question = self.query_one("#question", Static)
        if message.error is not None:
            question.update(plain(f"{message.error.what} {message.error.mend}"))
        elif message.proposal and message.proposal.questions:
            asked = message.proposal.questions[0]
            question.update(plain(f"? {asked.text} Say which in the field above."))
        else:
            question.update("")
