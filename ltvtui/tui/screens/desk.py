"""The desk: trail, key figures, one view at a time, and the keys that work there.

It owns where the analyst stands. A new place is asked for in a worker; trail, figures and view
change together when the answer is there, so that no figure ever stands under a question it does not
answer. What commands do to it stands in tui/actions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Mapping as Table
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal

import polars as pl
from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.events import Resize
from textual.geometry import Size
from textual.message import Message
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import ContentSwitcher, Static
from textual.worker import get_current_worker

from ltvtui.analytics.segments import MEASURES, profile
from ltvtui.analytics.snapshot import Snapshot
from ltvtui.book import Book
from ltvtui.days import iso
from ltvtui.errors import LtvError
from ltvtui.filters.fields import fields_of
from ltvtui.lens import Lens
from ltvtui.present.columns import customer_columns
from ltvtui.present.figures import key_figures
from ltvtui.present.plain import plain
from ltvtui.present.understood import understood
from ltvtui.sources.detect import Proposal
from ltvtui.sources.mapping import Mapping
from ltvtui.tui import commands
from ltvtui.tui.ahead import LARGE, by_months, likely
from ltvtui.tui.latest import Latest
from ltvtui.tui.messages import CursorMoved, HeadingChosen, RowChosen
from ltvtui.tui.place import Place
from ltvtui.tui.screens.cohorts import Cohorts
from ltvtui.tui.screens.customer import Customer
from ltvtui.tui.screens.customers import Customers
from ltvtui.tui.screens.explore import Explore
from ltvtui.tui.screens.loading import Loading
from ltvtui.tui.screens.overview import Overview
from ltvtui.tui.screens.quality import Quality
from ltvtui.tui.screens.view import View
from ltvtui.tui.widgets.keybar import KeyBar
from ltvtui.tui.widgets.kpis import Kpis
from ltvtui.tui.widgets.narrowing import Narrowing
from ltvtui.tui.widgets.trail import Trail
from ltvtui.tui.widgets.unscrolled import Unscrolled

BOXES = (100, 30)
"""From this width and height on the key figures stand in boxes."""
SMALLEST = (80, 24)
Way = Literal["on", "stay", "back"]
"""How a place is gone to: Esc returns from the next one, is not concerned, or was what brought it."""
AHEAD_AFTER = 0.1
"""Seconds without a key after which the next questions are asked ahead."""
SAY_AFTER = 0.3
"""Seconds after which an answer that is not there yet is said to be worked on."""


@dataclass
class Answered(Message):
    """A place has its answer."""

    question: tuple[Place, Way]
    book: Book
    place: Place
    way: Way
    figures: pl.DataFrame
    snapshot: Snapshot
    answer: Any


@dataclass
class Refused(Message):
    """A place could not be answered."""

    question: tuple[Place, Way]
    error: LtvError


class Views(ContentSwitcher, Unscrolled):
    """One view at a time."""

    DEFAULT_CSS = "Views { height: 1fr; }"


class Desk(Screen[None]):
    """One shop, one place at a time."""

    BINDINGS: ClassVar[list[BindingType]] = commands.bindings()
    DEFAULT_CSS = """
    Desk #small { display: none; height: 1fr; content-align: center middle; text-align: center; }
    Desk.-small > * { display: none !important; }
    Desk.-small > #small { display: block !important; }
    """

    def __init__(self, start: Place, title: str, actions: Table[str, Callable[[], None]]) -> None:
        super().__init__()
        self._command_table = actions
        self.place = start
        """Where the analyst stands: what is on screen answers exactly this."""
        self.wanted = start
        """The place that was asked for last; another than `place` while its answer is being made."""
        self.next_dimension: tuple[str, ...] = ()
        """What was cut by last: offered first the next time."""
        self.expressions: tuple[str, ...] = ()
        """Filters that were typed, the last one first."""
        self._book: Book | None = None
        self._title = title
        self._way: list[Place] = []
        self._pending: Way = "on"
        self._reading = False
        self._snapshot: Snapshot | None = None
        self._asked: Latest[tuple[Place, Way]] = Latest(self._ask)
        self._kept: dict[str, Answered] = {}
        """The last answer of each view: to see it again nothing is asked."""
        self._idle: Timer | None = None
        self._stepping = 0
        """-1 or 1 where a month back or on was what led to `place`."""
        self._whole = True
        """False while attributes and people are still being read."""
        self._understood = pl.DataFrame()

    def compose(self) -> ComposeResult:
        """The frame every view shares."""
        yield Trail()
        yield Kpis()
        with Views(initial="loading"):
            yield Loading()
            yield Overview()
            yield Explore()
            yield Cohorts()
            yield Customers()
            yield Customer()
            yield Quality()
        yield Narrowing()
        yield KeyBar()
        yield Static("", id="small", markup=False)

    def on_mount(self) -> None:
        """Ready for keys while nothing is loaded."""
        self.wait()

    # -- reading -------------------------------------------------------------------------------------

    def wait(self) -> None:
        """A reading begins."""
        self._reading = True
        self.wanted = self.place
        self._stop_ahead()
        self._drop_question()
        self.query_one(Kpis).add_class("-away")
        self.query_one(Views).current = "loading"
        loading = self.query_one(Loading)
        loading.start(self._title)
        loading.focus()
        self._frame("loading", "opening")

    def forget(self) -> None:
        """The columns mean something else now: begin from the whole shop."""
        self.place = Place("overview", self.place.lens.whole())
        self.next_dimension = ()
        self._way.clear()

    def advance(self, done: int, total: int) -> None:
        """`done` of about `total` rows are read."""
        if self._reading:  # a late sign must not cover what was said since
            self.query_one(Loading).advance(done, total)

    def fail(self, error: LtvError) -> None:
        """Nothing new to show: back to the shop that is still there, or say why there is none."""
        self._reading = False
        if self._book is not None:
            self.app.notify(plain(error.mend), title=plain(error.what), severity="error", markup=False)
            self.go(replace(self.place), way="stay")
            return
        self.query_one(Loading).fail(error)
        self._frame("loading", "nothing loaded")

    def open(
        self,
        book: Book,
        lens: Lens,
        mapping: Mapping,
        proposal: Proposal | None,
        notices: Sequence[str],
        whole: bool = True,
    ) -> None:
        """Show `book` from where the analyst stood; the first time under `lens`.

        Unless it is `whole`, more of the same shop is on its way.
        """
        self._reading, self._whole = False, whole
        self._understood = understood(mapping, proposal)
        place = self.place if self._book else replace(self.place, lens=lens)
        self._book = book
        self._kept.clear()
        known = {*book.dimensions, *(c.key for c in customer_columns((), True)), *MEASURES}
        fields = {field.name for field in fields_of(book.people, book.cleaned)}
        self._way = [p for p in self._way if _stands(p, known, fields)]
        self.next_dimension = self.next_dimension if set(self.next_dimension) <= known else ()
        self.query_one(Quality).describe(self._understood, notices)
        if place.cohorts.by not in known:
            place = replace(place, cohorts=replace(place.cohorts, by=None))
        if not set(place.by) <= known:
            self.app.notify(f"There is no dimension {plain(' × '.join(place.by))} here.", markup=False)
            place = replace(place, by=("tier",))
        stands = _stands(place, known, fields)
        self.go(replace(place) if stands else Place("overview", place.lens.whole()), way="stay")

    def complete(self, book: Book, notices: Sequence[str]) -> None:
        """Go on in `book`: the same shop, customers and figures, and more to cut by."""
        self._book, self._whole = book, True
        self._kept.clear()
        self.query_one(Quality).describe(self._understood, notices)
        # What was asked of the part is asked of the whole; the analyst stays where they are.
        self._drop_question()
        self.go(replace(self.wanted), way=self.pending)

    # -- where the analyst stands --------------------------------------------------------------------

    @property
    def view(self) -> str:
        """Name of the view on screen."""
        return str(self.query_one(Views).current)

    def go(self, place: Place, *, way: Way = "on") -> None:
        """Ask for `place`; it is shown when its answer is there. Esc returns from a place gone `on` to."""
        self.wanted, self._pending = place, way
        self._stop_ahead()
        kept = self._kept.get(place.view)
        if kept is not None and kept.place == place and not self._reading:
            self._drop_question()
            self._arrive(replace(kept, place=place, way=way))
            return
        if way != "stay":  # from elsewhere nothing is waited for
            self._drop_question()
        self._asked.want((place, way))

    def _ask(self, question: tuple[Place, Way]) -> None:
        place, _ = question
        self._answer(self.shop, question)
        self.set_timer(SAY_AFTER, lambda: self._say_working(place))

    def _drop_question(self) -> None:
        """Whatever is being answered is not wanted any more."""
        self.workers.cancel_group(self, "answers")
        self._asked.forget()

    def _say_working(self, place: Place) -> None:
        """Say that an answer takes its time; what is on screen still belongs to the trail above it."""
        if self.wanted is not self.place and place is not self.place and self.view != "loading":
            self.query_one(Trail).note = "working… Esc cancels"

    @work(thread=True, exclusive=True, group="answers")
    def _answer(self, book: Book, question: tuple[Place, Way]) -> None:
        worker = get_current_worker()
        place, way = question
        try:
            figures = book.ask(profile, place.lens)
            answer = self._view(place.view).ask(book, place)
            message: Message = Answered(question, book, place, way, figures, book.snapshot(place.lens), answer)
        except LtvError as error:
            message = Refused(question, error)
        if not worker.is_cancelled:
            self.post_message(message)

    def on_answered(self, message: Answered) -> None:
        """Show what is still wanted; ask for what is wanted instead."""
        if message.book is self._book and not self._reading:
            self._kept[message.place.view] = message
            if message.place is self.wanted:
                self._arrive(message)
        self._asked.done(message.question)

    def _arrive(self, message: Answered) -> None:
        """Trail, figures and view change together."""
        if message.way == "on" and self.view != "loading":
            self._way.append(self.place)
        elif message.way == "back" and self._way:
            self._way.pop()
        self._stepping = self._step_to(message)
        place = self.place = message.place
        self._snapshot = message.snapshot
        view = self._view(place.view)
        figures = key_figures(
            message.figures, message.snapshot, self.shop.cleaned.currency, self.shop.gross(place.lens)
        )
        with self.app.batch_update():
            kpis = self.query_one(Kpis)
            kpis.figures = figures
            kpis.set_class(place.view not in commands.SELECTIONS, "-away")
            line = self.query_one(Narrowing)
            line.show(place.search)
            view.present(self.shop, place, message.answer, self._room)
            self.query_one(Views).current = place.view
            self._frame(place.view, "")
            self._note_day()
            if not line.has_focus:
                view.grid.focus()
        self._look_ahead()

    def _step_to(self, answered: Answered) -> int:
        """-1 or 1 where the view goes back or on in time, 0 where something else changes."""
        place, lens = self.place, replace(self.place.lens, as_of=answered.place.lens.as_of)
        if self._snapshot is None or replace(place, lens=lens) != answered.place:
            return 0
        was, day = self._snapshot.terms.as_of, answered.snapshot.terms.as_of
        return (day > was) - (day < was)

    def on_cursor_moved(self, message: CursorMoved) -> None:
        """Another row leads elsewhere."""
        self._look_ahead()

    def _look_ahead(self) -> None:
        """Ask what will probably be asked next, when no key is pressed for a moment."""
        self._after_a_moment(self._begin_ahead)

    def on_screen_resume(self) -> None:
        """A dialog was left: what may have been tried in it is not expected any more."""
        self._look_ahead()

    def expect(self, lens: Lens) -> None:
        """Terms are being tried: when no key is pressed for a moment, ask ahead how the place looks under them."""
        place = replace(self.place, lens=replace(lens, trail=self.place.lens.trail))
        self._after_a_moment(lambda: self._ask_ahead(self.shop, (place,)))

    def _after_a_moment(self, act: Callable[[], object]) -> None:
        self._stop_ahead()
        if self._book is not None and self._book.people.frame.height >= LARGE:
            self._idle = self.set_timer(AHEAD_AFTER, act)

    def _stop_ahead(self) -> None:
        if self._idle is not None:
            self._idle.stop()
        self.workers.cancel_group(self, "ahead")

    def _begin_ahead(self) -> None:
        if self._book is None or self._reading or not self._whole or self.wanted is not self.place:
            return
        lens = self.place.lens
        months = tuple(other for step in (-1, 1) if (other := by_months(self._book, lens, step)) != lens)
        row = self.active.steps()
        places = likely(self._book, self.place, row, months, self.next_dimension, self._stepping)
        self._ask_ahead(self._book, tuple(places))

    @work(thread=True, exclusive=True, group="ahead", exit_on_error=False)
    def _ask_ahead(self, book: Book, places: tuple[Place, ...]) -> None:
        worker = get_current_worker()
        for place in places:
            if worker.is_cancelled:
                return
            with suppress(LtvError):  # said when it is really asked
                book.ask(profile, place.lens)
                self._view(place.view).ask(book, place)

    @property
    def _room(self) -> Size:
        """What the frame leaves to the view."""
        trail_and_keys = 2
        taken = trail_and_keys + self.query_one(Kpis).lines + self.query_one(Narrowing).lines
        return Size(self.size.width, max(self.size.height - taken, 0))

    def on_refused(self, message: Refused) -> None:
        """What cannot be answered leaves everything as it was."""
        self._asked.done(message.question)
        if message.question[0] is not self.wanted:
            return
        if self.view == "loading" and self.wanted.lens.as_of is not None:
            # The shop has changed under the day: its own latest one is always there.
            self.go(replace(self.wanted, lens=replace(self.wanted.lens, as_of=None)), way="stay")
            return
        if self.view == "loading":
            self._book = None
            self.fail(message.error)
            return
        self.wanted = self.place
        self._note_day()
        self.app.notify(plain(message.error.mend), title=plain(message.error.what), severity="error", markup=False)

    def _note_day(self) -> None:
        if self._snapshot is not None:
            more = "" if self._whole else "reading attributes… · "
            self.query_one(Trail).note = f"{more}as of {iso(self._snapshot.terms.as_of)}"

    @property
    def shop(self) -> Book:
        """The book that is asked; there is one as soon as a shop is read."""
        assert self._book is not None
        return self._book

    @property
    def active(self) -> View:
        """The view on screen."""
        return self._view(self.view)

    def _view(self, name: str) -> View:
        return self.query_one(f"#{name}", View)

    def _frame(self, view: str, note: str) -> None:
        words = [step.words() for step in self.place.lens.trail] if view != "quality" else []
        crumbs = [self._title, *words, *([w] if (w := self.place.words()) else [])]
        if view == "customer" and self.place.customer is not None:
            crumbs.append(str(self.shop.cleaned.customer_ids[self.place.customer]))
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
        if commands.works(command, self.view):
            self._command_table[id]()
        elif self.view == "loading":
            self.app.notify("Nothing is loaded yet.", markup=False)
        elif command.why_not:
            self.app.notify(command.why_not, markup=False)

    def on_row_chosen(self, message: RowChosen) -> None:
        """Enter drills where there is something to drill into."""
        self.action_command("drill")

    def on_heading_chosen(self, message: HeadingChosen) -> None:
        """A click on a heading sorts by it, and turns the order round the second time."""
        self.action_command("sort")

    def cancel(self) -> bool:
        """Stop what is running; False where nothing is."""
        if self._reading:
            self.post_message(ReadingStopped())
        elif self.wanted is not self.place:
            self.wanted = self.place
            self._drop_question()
            self._note_day()
        else:
            return self.view == "loading"
        return True

    @property
    def pending(self) -> Way:
        """How the place that is being asked for is gone to."""
        return self._pending if self.wanted is not self.place else "stay"

    @property
    def came_from(self) -> Place | None:
        """The place that Esc returns to."""
        return self._way[-1] if self._way else None

    def start_narrowing(self) -> None:
        """Open the line that narrows rows."""
        self.query_one(Narrowing).start(self.place.search)

    def stop_narrowing(self) -> bool:
        """Show all rows again; False where none were hidden."""
        line = self.query_one(Narrowing)
        if not line.has_class("-open"):
            return False
        self.active.grid.focus()
        line.close()
        if self.wanted.search:
            self.go(replace(self.place, search=""), way="stay")
        return True

    def on_narrowing_typed(self, message: Narrowing.Typed) -> None:
        """Narrow as the analyst types."""
        if message.text != self.wanted.search:
            self.go(replace(self.place, search=message.text), way="stay")

    def on_narrowing_done(self) -> None:
        """Go on in the table."""
        self.active.grid.focus()


@dataclass
class ReadingStopped(Message):
    """Esc was pressed while rows were read."""


@dataclass
class TermsChanged(Message):
    """The analyst agreed on other terms."""

    lens: Lens


def _stands(place: Place, known: set[str], fields: set[str]) -> bool:
    """True where a place means the same after another reading: customer codes belong to one reading, and
    dimensions and the fields of filters may be gone."""
    sort = {place.sort[0]} if place.sort else set()
    cohorts = {place.cohorts.by} - {None}
    stands = {*place.by, *place.lens.settled, *sort, *cohorts} <= known and place.lens.spoken_of <= fields
    return stands and place.customer is None
