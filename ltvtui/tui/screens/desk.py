"""The desk: trail, key figures, one view at a time, and the keys that work there.

It owns where the analyst stands. A new place is asked for in a worker; trail, figures and view
change together when the answer is there, so that no figure ever stands under a question it does not
answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import polars as pl
from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.events import Resize
from textual.message import Message
from textual.screen import Screen
from textual.widgets import ContentSwitcher, Input, Static
from textual.worker import get_current_worker

from ltvtui.analytics.segments import profile
from ltvtui.analytics.snapshot import Snapshot
from ltvtui.book import Book
from ltvtui.days import iso
from ltvtui.errors import LtvError
from ltvtui.lens import Lens
from ltvtui.present.figures import key_figures
from ltvtui.present.plain import plain
from ltvtui.present.understood import understood
from ltvtui.sources.detect import Proposal
from ltvtui.sources.mapping import Mapping
from ltvtui.tui import commands
from ltvtui.tui.dialogs.dimension import CUSTOMERS, DimensionDialog
from ltvtui.tui.dialogs.help import HelpDialog
from ltvtui.tui.dialogs.terms import TermsDialog
from ltvtui.tui.dialogs.tiers import TierDialog
from ltvtui.tui.messages import RowChosen
from ltvtui.tui.place import Place
from ltvtui.tui.screens.customer import Customer
from ltvtui.tui.screens.customers import DEAREST_FIRST, Customers
from ltvtui.tui.screens.explore import Explore
from ltvtui.tui.screens.loading import Loading
from ltvtui.tui.screens.overview import Overview
from ltvtui.tui.screens.quality import Quality
from ltvtui.tui.screens.view import View
from ltvtui.tui.widgets.grid import Grid
from ltvtui.tui.widgets.keybar import KeyBar
from ltvtui.tui.widgets.kpis import Kpis
from ltvtui.tui.widgets.trail import Trail

BOXES = (100, 30)
"""From this width and height on the key figures stand in boxes."""
SMALLEST = (80, 24)
SAY_AFTER = 0.3
"""Seconds after which an answer that is not there yet is said to be worked on."""


@dataclass
class Answered(Message):
    """A place has its answer."""

    place: Place
    remember: bool
    figures: pl.DataFrame
    snapshot: Snapshot
    answer: Any


@dataclass
class Refused(Message):
    """A place could not be answered."""

    error: LtvError


class Desk(Screen[None]):
    """One shop, one place at a time."""

    BINDINGS: ClassVar[list[BindingType]] = commands.bindings()
    DEFAULT_CSS = """
    Desk ContentSwitcher { height: 1fr; }
    Desk #search { display: none; height: 1; border: none; padding: 0 1; background: $panel; }
    Desk #search:focus { border: none; background: $primary-muted; }
    Desk #search.-open { display: block; }
    Desk #small { display: none; height: 1fr; content-align: center middle; text-align: center; }
    Desk.-small > * { display: none !important; }
    Desk.-small > #small { display: block !important; }
    """

    def __init__(self, start: Place, title: str) -> None:
        super().__init__()
        self.place = start
        """Where the analyst stands: what is on screen answers exactly this."""
        self.book: Book | None = None
        self._title = title
        self._trail: list[Place] = []
        self._reading = False
        self._next_dimension: tuple[str, ...] = ()
        self._snapshot: Snapshot | None = None
        self._wanted = start

    def compose(self) -> ComposeResult:
        """The frame every view shares."""
        yield Trail()
        yield Kpis()
        with ContentSwitcher(initial="loading"):
            yield Loading()
            yield Overview()
            yield Explore()
            yield Customers()
            yield Customer()
            yield Quality()
        yield Input(id="search", placeholder="narrow: type a part, Enter keeps it, Esc clears it")
        yield KeyBar()
        yield Static("", id="small", markup=False)

    def on_mount(self) -> None:
        """Ready for keys while nothing is loaded."""
        self.wait()

    # -- reading -------------------------------------------------------------------------------------

    def wait(self) -> None:
        """A reading begins."""
        self._reading = True
        self.query_one(Kpis).display = False
        self.query_one(ContentSwitcher).current = "loading"
        loading = self.query_one(Loading)
        loading.start(self._title)
        loading.focus()
        self._frame("loading", "opening")

    def forget(self) -> None:
        """The columns mean something else now: begin from the whole shop."""
        self.place = Place("overview", self.place.lens.whole())

    def advance(self, done: int, total: int) -> None:
        """`done` of about `total` rows are read."""
        self.query_one(Loading).advance(done, total)

    def fail(self, error: LtvError) -> None:
        """There is nothing to show."""
        self._reading = False
        self.query_one(Loading).fail(error)
        self._frame("loading", "nothing loaded")

    def open(
        self, book: Book, lens: Lens, mapping: Mapping, proposal: Proposal | None, notices: Sequence[str]
    ) -> None:
        """Show `book` from where the analyst stood; the first time under `lens`."""
        self._reading = False
        place = self.place if self.book else replace(self.place, lens=lens)
        self.book = book
        self._trail.clear()
        self.query_one(Quality).describe(understood(mapping, proposal), notices)
        known = set(book.dimensions)
        if not set(place.by) <= known:
            self.app.notify(f"There is no dimension {plain(' × '.join(place.by))} here.", markup=False)
            place = replace(place, by=("tier",))
        if {step.dimension for step in place.lens.trail} - known or place.customer is not None:
            # Codes and dimensions belong to one reading: what may mean another now is left.
            place = Place("overview", place.lens.whole())
        self.go(place, remember=False)

    # -- where the analyst stands --------------------------------------------------------------------

    @property
    def view(self) -> str:
        """Name of the view on screen."""
        return str(self.query_one(ContentSwitcher).current)

    def go(self, place: Place, *, remember: bool = True) -> None:
        """Ask for `place`; it is shown when its answer is there. `remember` makes Esc return here."""
        self._wanted = place
        self._answer(place, remember)
        self.set_timer(SAY_AFTER, lambda: self._say_working(place))

    def _say_working(self, place: Place) -> None:
        """Say that an answer takes its time; what is on screen still belongs to the trail above it."""
        if place is self._wanted and place is not self.place and self.view != "loading":
            self.query_one(Trail).note = "working… Esc cancels"

    @work(thread=True, exclusive=True, group="answers")
    def _answer(self, place: Place, remember: bool) -> None:
        assert self.book is not None
        worker = get_current_worker()
        try:
            figures = self.book.ask(profile, place.lens)
            answer = self._view(place.view).ask(self.book, place)
            message: Message = Answered(place, remember, figures, self.book.snapshot(place.lens), answer)
        except LtvError as error:
            message = Refused(error)
        if not worker.is_cancelled:
            self.post_message(message)

    def on_answered(self, message: Answered) -> None:
        """Trail, figures and view change together."""
        if message.place is not self._wanted or self.book is None:
            return
        if message.remember and self.view != "loading":
            self._trail.append(self.place)
        place = self.place = message.place
        self._snapshot = message.snapshot
        view = self._view(place.view)
        figures = key_figures(
            message.figures, message.snapshot, self.book.cleaned.currency, self.book.gross(place.lens)
        )
        with self.app.batch_update():
            kpis = self.query_one(Kpis)
            kpis.figures = figures
            kpis.display = place.view in commands.SELECTIONS
            view.show(self.book, place, message.answer)
            self.query_one(ContentSwitcher).current = place.view
            self._frame(place.view, "")
            self._note_day()
            self._show_search(place.search)
            if not self.query_one("#search", Input).has_focus:
                view.grid.focus()

    def on_refused(self, message: Refused) -> None:
        """What cannot be answered leaves everything as it was."""
        self._wanted = self.place
        self._note_day()
        self.app.notify(plain(message.error.mend), title=plain(message.error.what), severity="error", markup=False)

    def _note_day(self) -> None:
        if self._snapshot is not None:
            self.query_one(Trail).note = f"as of {iso(self._snapshot.terms.as_of)}"

    def _view(self, name: str) -> View:
        return self.query_one(f"#{name}", View)

    def _frame(self, view: str, note: str) -> None:
        words = [step.words() for step in self.place.lens.trail] if view != "quality" else []
        crumbs = [self._title, *words, *([w] if (w := self.place.words()) else [])]
        if view == "customer" and self.book is not None and self.place.customer is not None:
            crumbs.append(str(self.book.cleaned.customer_ids[self.place.customer]))
        self.query_one(Trail).show(crumbs if view != "loading" else [self._title], note)
        bar = self.query_one(KeyBar)
        shown = [c for c in commands.in_view(view) if c.footer or c.group == "Screens"]
        bar.active = view
        bar.commands = tuple(shown)

    def on_resize(self, event: Resize) -> None:
        """Boxes where there is room; a polite word where there is too little."""
        width, height = event.size
        self.query_one(Kpis).set_class(width < BOXES[0] or height < BOXES[1], "-line")
        self.set_class(width < SMALLEST[0] or height < SMALLEST[1], "-small")
        self.query_one("#small", Static).update(
            f"This terminal is {width}×{height}.\nltvtui needs {SMALLEST[0]}×{SMALLEST[1]}: please make it larger."
        )

    # -- commands ------------------------------------------------------------------------------------

    def action_command(self, id: str) -> None:
        """Run a command, or say why it cannot be run now."""
        command = commands.find(id)
        if not commands.works(command, self.view):
            if command.why_not:
                self.app.notify(command.why_not, markup=False)
            return
        view = self.query_one(f"#{self.view}")
        run = getattr(view, f"do_{id}", None) or getattr(self, f"do_{id}", None) or getattr(self.app, f"do_{id}")
        run()

    def do_overview(self) -> None:
        """Overview of the same trail."""
        self._switch("overview")

    def do_explore(self) -> None:
        """Explore the same trail."""
        self._switch("explore")

    def do_quality(self) -> None:
        """Quality of what was read."""
        self._switch("quality")

    def _switch(self, view: str) -> None:
        if view == self.view:
            return
        by = self.place.by if view == "explore" and self.place.view == "explore" else ("tier",)
        if view == "explore" and len(self.place.lens.trail):
            by = self._free_dimension(self.place.lens)
        self.go(Place(view, self.place.lens, by))

    def do_back(self) -> None:
        """Up one step: close the search, cancel a question, leave the place, never the app."""
        search = self.query_one("#search", Input)
        if search.has_class("-open") and (search.has_focus or self.place.search):
            self._close_search()
        elif self.view == "loading":
            if self._reading:
                self.post_message(ReadingStopped())
        elif self._wanted is not self.place:
            self._wanted = self.place
            self.workers.cancel_group(self, "answers")
            self._note_day()
        elif self._trail:
            before = self._trail.pop().under(self.place.lens)
            self.go(before, remember=False)
        elif self.place.lens.trail:
            self.go(replace(self.place, lens=self.place.lens.up()), remember=False)
        elif self.place.view != "overview":
            self.go(Place("overview", self.place.lens), remember=False)
        else:
            self.app.notify("This is the top; q leaves.", markup=False)

    def on_row_chosen(self, message: RowChosen) -> None:
        """Enter drills."""
        self.do_drill()

    def do_drill(self) -> None:
        """Into the row: from a tier to its segments, from a segment to the next cut, to a card."""
        view = self._view(self.view)
        if isinstance(view, Customers):
            if (code := view.customer()) is not None:
                self.go(Place("customer", self.place.lens, self.place.by, customer=code))
        elif isinstance(view, Overview):
            if view.steps():
                lens = self._narrowed(view)
                self.go(Place("explore", lens, self._free_dimension(lens)))
        elif isinstance(view, Explore) and view.steps():
            lens = self._narrowed(view)
            self._ask_dimension(lens, people=True, title="Then by")

    def do_people(self) -> None:
        """The customers behind the row."""
        view = self._view(self.view)
        if view.steps():
            self.go(Place("customers", self._narrowed(view), self.place.by))

    def do_dimension(self) -> None:
        """Another cut of the same customers."""
        self._ask_dimension(self.place.lens, people=False, title="Cut by")

    def _narrowed(self, view: View) -> Lens:
        lens = self.place.lens
        for step in view.steps():
            lens = lens & step
        return lens

    def _free_dimension(self, lens: Lens) -> tuple[str, ...]:
        """The dimension to cut by next: the last one used, unless the trail has settled it."""
        assert self.book is not None
        settled = {step.dimension for step in lens.trail}
        if self._next_dimension and not set(self._next_dimension) & settled:
            return self._next_dimension
        return next(((d,) for d in self.book.dimensions if d not in settled), ("tier",))

    def _ask_dimension(self, lens: Lens, *, people: bool, title: str) -> None:
        assert self.book is not None
        settled = {step.dimension for step in lens.trail}
        free = [d for d in self.book.dimensions if d not in settled]
        current = self._free_dimension(lens) if people else self.place.by

        def chosen(by: tuple[str, ...] | None) -> None:
            if by is None:
                return
            if by == (CUSTOMERS,):
                self.go(Place("customers", lens, self.place.by))
                return
            self._next_dimension = by
            self.go(Place("explore", lens, by), remember=people or self.view != "explore")

        self.app.push_screen(DimensionDialog(free, current, title=title, people=people), chosen)

    def do_tiers(self) -> None:
        """The tier rule, live."""
        assert self.book is not None
        book, lens = self.book, self.place.lens

        def chosen(rule: Any) -> None:
            if rule is not None and rule != lens.tier_rule:
                self._change(replace(lens, tier_rule=rule))

        snapshot = book.snapshot(lens.whole())
        self.app.push_screen(
            TierDialog(snapshot, lens.tier_rule, book.cleaned.currency or "", book.gross(lens)), chosen
        )

    def do_terms(self) -> None:
        """As-of day and the other terms."""
        assert self.book is not None
        assert self._snapshot is not None
        book, lens = self.book, self.place.lens
        first = book.quality(lens).first_day

        def chosen(changed: Lens | None) -> None:
            if changed is not None and changed != lens:
                self._change(changed)

        gap = self._snapshot.churn_gap.days
        dialog = TermsDialog(lens, book.as_of(lens), first, gap, book.margin_mapped)
        self.app.push_screen(dialog, chosen)

    def do_earlier(self) -> None:
        """As-of day one month earlier."""
        self._step_month(-1)

    def do_later(self) -> None:
        """As-of day one month later."""
        self._step_month(1)

    def _step_month(self, step: int) -> None:
        assert self.book is not None
        lens = self._wanted.lens
        day = pl.Series([self.book.as_of(lens)], dtype=pl.Int32).cast(pl.Date)
        # A month end steps to month ends, so that whole months are compared.
        ends = bool((day == day.dt.month_end())[0])
        moved = day.dt.offset_by(f"{step}mo")
        moved = moved.dt.month_end() if ends else moved
        self._change(replace(lens, as_of=int(moved.cast(pl.Int32)[0])))

    def _change(self, lens: Lens) -> None:
        """The same place under other terms; they are remembered for this shop."""
        self.go(replace(self.place, lens=lens), remember=False)
        self.post_message(TermsChanged(lens))

    def do_sort(self) -> None:
        """Sort by the column under the cursor; again: turn round."""
        key = self._view(self.view).grid.column_key
        table = self._view(self.view).grid.table
        current = self.place.sort or (DEAREST_FIRST if self.view == "customers" else None)
        if table is None:
            return
        if current and current[0] == key:
            self.do_reverse()
            return
        falls = next(c.right for c in table.columns if c.key == key)
        self.go(replace(self.place, sort=(key, falls)), remember=False)

    def do_reverse(self) -> None:
        """Turn the order round."""
        current = self.place.sort or (DEAREST_FIRST if self.view == "customers" else ("revenue", True))
        self.go(replace(self.place, sort=(current[0], not current[1])), remember=False)

    def do_copy(self) -> None:
        """Copy the row by OSC 52, which reaches through SSH."""
        text = self._view(self.view).row_text()
        if text:
            self.app.copy_to_clipboard(text)
            self.app.notify("Row copied to the clipboard of your terminal.", markup=False)

    def do_help(self) -> None:
        """Keys and words."""
        self.app.push_screen(HelpDialog(self.view))

    # -- narrowing -----------------------------------------------------------------------------------

    def do_search(self) -> None:
        """Open the line that narrows rows."""
        search = self.query_one("#search", Input)
        search.add_class("-open")
        search.value = self.place.search
        search.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow as the analyst types."""
        if event.input.id == "search" and event.input.has_focus and event.value != self._wanted.search:
            self.go(replace(self.place, search=event.value), remember=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Keep what was typed and go on in the table."""
        if event.input.id == "search":
            event.input.set_class(bool(event.value), "-open")
            self._view(self.view).grid.focus()

    def _close_search(self) -> None:
        search = self.query_one("#search", Input)
        search.remove_class("-open")
        self.query_one(f"#{self.view}", View).query_one(Grid).focus()
        if self.place.search or self._wanted.search:
            self.go(replace(self.place, search=""), remember=False)

    def _show_search(self, text: str) -> None:
        search = self.query_one("#search", Input)
        if not search.has_focus:
            search.set_class(bool(text), "-open")
            search.value = text


@dataclass
class ReadingStopped(Message):
    """Esc was pressed while rows were read."""


@dataclass
class TermsChanged(Message):
    """The analyst agreed on other terms."""

    lens: Lens
