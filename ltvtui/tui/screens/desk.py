"""The desk: where the analyst stands, and the keys that work there.

A new place is asked for in a worker; trail, figures and view change together when the answer is there, so that
no figure ever stands under a question it does not answer. What commands do to it stands in tui/actions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Mapping as Table
from dataclasses import dataclass, replace
from threading import Event
from typing import Any, Literal

import polars as pl
from textual import work
from textual.message import Message
from textual.worker import get_current_worker

from ltvtui.analytics.budget import BudgetTerms
from ltvtui.analytics.segments import MEASURES
from ltvtui.analytics.snapshot import Snapshot
from ltvtui.analytics.typed import Typed
from ltvtui.book import Book
from ltvtui.days import iso
from ltvtui.errors import LtvError
from ltvtui.filters.fields import fields_of
from ltvtui.lens import Lens
from ltvtui.opening import Opened
from ltvtui.present.changes import held_against
from ltvtui.present.columns import customer_columns
from ltvtui.present.figures import Figures
from ltvtui.present.plain import plain
from ltvtui.present.understood import understood
from ltvtui.remembered.kept import Remembered
from ltvtui.tui import commands
from ltvtui.tui.latest import Latest
from ltvtui.tui.messages import CursorMoved, HeadingChosen, RowChosen
from ltvtui.tui.place import BudgetView, Place
from ltvtui.tui.screens.budget import Budget
from ltvtui.tui.screens.foresight import Foresight
from ltvtui.tui.screens.frame import Frame
from ltvtui.tui.screens.loading import Loading
from ltvtui.tui.screens.noted import noted
from ltvtui.tui.screens.quality import Quality
from ltvtui.tui.screens.view import Caption, PlaceWanted, View
from ltvtui.tui.screens.watching import Before, Watching, carried, figures_of
from ltvtui.tui.widgets.kpis import Kpis
from ltvtui.tui.widgets.narrowing import Narrowing
from ltvtui.tui.widgets.trail import Trail

Way = Literal["on", "stay", "back"]
"""How a place is gone to: Esc returns from the next one, is not concerned, or was what brought it."""
SAY_AFTER = 0.3
"""Seconds after which an answer that is not there yet is said to be worked on."""


@dataclass
class Answered(Message):
    """A place has its answer."""

    question: tuple[Place, Way]
    book: Book
    place: Place
    way: Way
    figures: Figures
    snapshot: Snapshot
    answer: Any
    before: Before | None
    """What the place showed before others wrote to the shop."""


@dataclass
class Refused(Message):
    """A place could not be answered."""

    question: tuple[Place, Way]
    error: LtvError


class Desk(Frame):
    """One shop, one place at a time."""

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
        self._foresight = Foresight(self, self._make)
        self._whole = True
        """False while attributes and people are still being read."""
        self._understood = pl.DataFrame()
        self.typed = Typed()
        """What was typed in about spend; it stays while the shop is read again."""
        self._held = ""
        """Id of a command that waits for the place that is wanted."""
        self.watching = Watching()
        """What is known of others who write to the shop."""
        self._shown = Event()
        """Set when the shop is on screen as it is."""
        self.remembered = Remembered()
        """Saved views, notes and recorded tiers of this shop."""

    def on_mount(self) -> None:
        """Ready for keys while nothing is loaded."""
        self.wait()

    # -- reading -------------------------------------------------------------------------------------

    def wait(self) -> None:
        """A reading begins."""
        self._reading = True
        self._is_shown()
        self.watching.end()
        self.wanted = self.place
        self._foresight.stop()
        self._drop_question()
        self.query_one(Kpis).add_class("-away")
        self.bring("loading", (self._title,), "opening")
        loading = self.query_one(Loading)
        loading.start(self._title)
        loading.focus()

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
        self.bring("loading", (self._title,), "nothing loaded")

    def open(self, opened: Opened, whole: bool = True) -> None:
        """Show a shop from where the analyst stood; the first time under the terms it was opened with.

        Unless it is `whole`, more of the same shop is on its way.
        """
        self._reading, self._whole = False, whole
        self._understood = understood(opened.mapping, opened.proposal)
        budget = BudgetView(opened.budget, opened.budget)
        place = self.place if self._book else replace(self.place, lens=opened.lens, budget=budget)
        book = self._take(opened)
        known = {*book.dimensions, *(c.key for c in customer_columns((), True)), *MEASURES}
        fields = {field.name for field in fields_of(book.people, book.cleaned)}
        self._way = [p for p in self._way if _stands(p, known, fields)]
        self.next_dimension = self.next_dimension if set(self.next_dimension) <= known else ()
        if place.cohorts.by not in known:
            place = replace(place, cohorts=replace(place.cohorts, by=None))
        if not set(place.by) <= known:
            self.app.notify(f"There is no dimension {plain(' × '.join(place.by))} here.", markup=False)
            place = replace(place, by=("tier",))
        stands = _stands(place, known, fields)
        self.go(replace(place) if stands else Place("overview", place.lens.whole()), way="stay")

    def complete(self, opened: Opened) -> None:
        """Go on in the same shop, with its customers and figures and more to cut by."""
        self._whole = True
        self._take(opened)
        # What was asked of the part is asked of the whole; the analyst stays where they are.
        self._drop_question()
        self.go(replace(self.wanted), way=self.pending)

    # -- a shop that is watched ------------------------------------------------------------------------

    def set_live(self, on: bool) -> None:
        """Others' commits are looked for from now on, or no longer."""
        if on:
            self.watching.begin(self.shop)
        else:
            self.watching.end()
        self.show_again()

    def grow(self, opened: Opened, shown: Event) -> None:
        """The shop with what others wrote to it: the analyst stays. `shown` is set once it is on screen."""
        if self._book is None or self._reading or not self.watching.on:
            shown.set()
            return
        before, way, self._shown = self.shop, self.pending, shown
        after = self._take(opened)
        self.watching.lost = False
        self.watching.changed()
        here, wanted = (carried(place, before, after) for place in (self.place, self.wanted))
        self._way = [place for place in (carried(place, before, after) for place in self._way) if place is not None]
        if here is None or wanted is None:
            here = wanted = Place("overview", self.place.lens.whole())
        self.place = here
        self._drop_question()
        self.watching.let_go(before)
        self.go(replace(wanted), way=way)

    def lose(self, error: LtvError) -> None:
        """The shop cannot be read any more: what is shown is of the time when it could."""
        self.watching.lost = True
        self._note_day()
        self.app.notify(plain(error.mend), title=plain(error.what), severity="warning", markup=False)

    def regain(self) -> None:
        """It can be read again, and is as it was."""
        self.watching.lost = False
        self._note_day()

    def show_again(self) -> None:
        """The same place, held against another state."""
        self._kept.clear()
        if not self._reading:
            self._drop_question()
            self.go(replace(self.wanted), way=self.pending)

    def _is_shown(self) -> None:
        self._shown.set()

    def _take(self, opened: Opened) -> Book:
        """The book from now on."""
        self._book = replace(opened.book, typed=self.typed)
        self._kept.clear()
        self.query_one(Quality).describe(self._understood, opened.notices)
        self.query_one(Budget).describe(opened.spend_notices)
        return self._book

    def type_in(self, typed: Typed) -> None:
        """The analyst typed in something about spend: it counts at once, and is to be kept."""
        self.post_message(SpendTyped(self.typed, typed))
        self.take_typed(typed)

    def take_typed(self, typed: Typed) -> None:
        """Count what was typed in about spend."""
        self.typed = typed
        if self._book is None:
            return
        self._book = replace(self._book, typed=typed)
        self.watching.take_typed(typed)
        self._kept.pop("budget", None)
        if not self._reading and (self.wanted is not self.place or self.place.view == "budget"):
            self._drop_question()
            self.go(replace(self.wanted), way=self.pending)

    def remember(self, remembered: Remembered) -> None:
        """Views, notes and recordings from now on; notes are marked where they belong."""
        self.remembered = remembered
        for view in self.query(View):
            view.remember(remembered)
        if self._book is not None and self.view != "loading":
            self.query_one(Trail).crumbs = tuple(plain(crumb) for crumb in self._crumbs)

    # -- where the analyst stands --------------------------------------------------------------------

    def go(self, place: Place, *, way: Way = "on") -> None:
        """Ask for `place`; it is shown when its answer is there. Esc returns from a place gone `on` to."""
        self.wanted, self._pending = place, way
        self._foresight.stop()
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
        self._answer(question)
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
    def _answer(self, question: tuple[Place, Way]) -> None:
        worker = get_current_worker()
        book = self.shop  # no argument: what a worker is given lives on until garbage is collected
        place, way = question
        try:
            view = self.view_named(place.view)
            figures, answer = self._make(book, place)
            before = self.watching.before(book, place, view)
            snapshot = book.snapshot(place.lens)
            message: Message = Answered(question, book, place, way, figures, snapshot, answer, before)
        except LtvError as error:
            message = Refused(question, error)
        if not worker.is_cancelled:
            self.post_message(message)

    def _make(self, book: Book, place: Place) -> tuple[Figures, Any]:
        """The key figures of `place`, and what its view shows."""
        view = self.view_named(place.view)
        answer = view.ask(book, place)
        return figures_of(book, place, view, answer), answer

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
        place = self.place = message.place
        self._snapshot = message.snapshot
        view = self.view_named(place.view)
        with self.app.batch_update():
            kpis = self.query_one(Kpis)
            kpis.set_class(place.view not in commands.SELECTIONS, "-away")
            line = self.query_one(Narrowing)
            line.show(place.search)
            view.present(self.shop, place, message.answer, self.room)
            before = message.before
            view.hold_against(before.tables if before else ())
            kpis.figures = held_against(message.figures, before.figures) if before else message.figures
            self.bring(place.view, self._crumbs)
            self._note_day()
            if not line.has_focus:
                view.take_focus()
        self._tell_change()
        self._is_shown()
        self._foresight.arrive(place, message.snapshot.terms.as_of)
        self._look_ahead()
        held, self._held = self._held, ""
        if held:
            self.action_command(held)

    def on_cursor_moved(self, message: CursorMoved) -> None:
        """Another row leads elsewhere."""
        self._tell_change()
        self._look_ahead()

    def _tell_change(self) -> None:
        """Of the figure under the cursor how much it changed."""
        for caption in self.active.query(Caption):
            caption.change = self.active.grid.change_under_cursor() if self.watching.on else ""

    def on_screen_resume(self) -> None:
        """A dialog was left: what may have been tried in it is not expected any more."""
        self._look_ahead()

    def _look_ahead(self) -> None:
        self._foresight.after_a_moment(self._book, self._likely, prepared=True)

    def _likely(self) -> Sequence[Place]:
        """Where a key probably leads to; nowhere while something else is on its way."""
        if self._reading or not self._whole or self.wanted is not self.place or self.watching.on:
            return ()  # of a shop that is watched the next state may come before the next key
        return self._foresight.from_here(self.shop, self.place, self.active.steps(), self.next_dimension)

    def expect(self, place: Place) -> None:
        """A dialog would lead there: it is asked ahead."""
        self._foresight.after_a_moment(self._book, lambda: (place,))

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
        self.wanted, self._held = self.place, ""
        self._note_day()
        self._is_shown()
        self.app.notify(plain(message.error.mend), title=plain(message.error.what), severity="error", markup=False)

    def _note_day(self) -> None:
        if self._snapshot is not None:
            more = "" if self._whole else "reading attributes… · "
            live = self.watching.words(self._book)
            self.query_one(Trail).note = f"{more}{live}as of {iso(self._snapshot.terms.as_of)}"

    @property
    def whole(self) -> bool:
        """False while attributes and people are still being read."""
        return self._whole

    @property
    def shop(self) -> Book:
        """The book that is asked; there is one as soon as a shop is read."""
        assert self._book is not None
        return self._book

    @property
    def _crumbs(self) -> list[str]:
        place = self.place
        words = [step.words() for step in place.lens.trail] if place.view != "quality" else []
        if place.customer is not None:
            words.append(str(self.shop.cleaned.customer_ids[place.customer]))
        crumbs = [self._title, *words]
        crumbs[-1] += noted(self.remembered.notes, place, self.shop)
        return [*crumbs, *([w] if (w := place.words()) else [])]

    # -- commands ------------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Tab goes from field to field where it is no command."""
        if action == "command" and parameters[0] in ("board", "previous_board"):
            return self.view == "matrix"
        return super().check_action(action, parameters)

    def action_command(self, id: str) -> None:
        """Run a command, or say why it cannot be run now."""
        command = commands.find(id)
        if id in commands.ON_ROWS and self.wanted is not self.place and self.view != "loading":
            self._held = id  # it was pressed for the rows that are on their way
        elif commands.works(command, self.view):
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

    def on_place_wanted(self, message: PlaceWanted) -> None:
        """A view is to show something else: changed is what is wanted, for keys may be faster than answers."""
        try:
            self.go(message.change(self.wanted), way="stay")
        except LtvError as error:
            self.app.notify(plain(error.mend), title=plain(error.what), severity="error", markup=False)

    def cancel(self) -> bool:
        """Stop what is running; False where nothing is."""
        if self._reading:
            self.post_message(ReadingStopped())
        elif self.wanted is not self.place:
            self.wanted, self._held = self.place, ""
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
    budget: BudgetTerms


@dataclass
class SpendTyped(Message):
    """The analyst typed in what was spent, or what a name in it means."""

    before: Typed
    after: Typed


def _stands(place: Place, known: set[str], fields: set[str]) -> bool:
    """True where a place means the same after another reading: customer codes belong to one reading, and
    dimensions and the fields of filters may be gone."""
    sort = {place.sort[0]} if place.sort else set()
    cohorts = {place.cohorts.by} - {None}
    stands = {*place.by, *place.lens.settled, *sort, *cohorts} <= known and place.lens.spoken_of <= fields
    return stands and place.customer is None
