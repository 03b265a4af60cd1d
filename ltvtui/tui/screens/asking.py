"""Asking: where the analyst stands, and how another place comes on screen.

A new place is asked for in a worker; trail, figures and view change together when the answer is there, so that
no figure ever stands under a question it does not answer.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from threading import Event
from typing import Literal

from textual import work
from textual.message import Message
from textual.worker import get_current_worker

from ltvtui.days import iso
from ltvtui.errors import LtvError
from ltvtui.present.changes import held_against
from ltvtui.present.plain import plain
from ltvtui.session.dataset import Dataset
from ltvtui.tui import commands
from ltvtui.tui.latest import Latest
from ltvtui.tui.likely_questions import near
from ltvtui.tui.location import Location
from ltvtui.tui.messages import CursorMoved, KeysFreed
from ltvtui.tui.requests import ReadingStopped
from ltvtui.tui.screens.frame import Frame
from ltvtui.tui.screens.note_markers import noted
from ltvtui.tui.screens.pages import Page, Pages
from ltvtui.tui.screens.paint_gate import PaintGate
from ltvtui.tui.screens.prefetch import Prefetch
from ltvtui.tui.screens.view import Caption, View
from ltvtui.tui.screens.watching import Watching, figures_of
from ltvtui.tui.widgets.kpis import Kpis
from ltvtui.tui.widgets.search_bar import SearchBar
from ltvtui.tui.widgets.trail import Trail
from ltvtui.user_state.state import UserState

Way = Literal["on", "stay", "back"]
"""How a place is gone to: Esc returns from the next one, is not concerned, or was what brought it."""
SAY_AFTER = 0.3
"""Seconds after which an answer that is not there yet is said to be worked on."""


@dataclass
class Answered(Message):
    """A place has its answer."""

    question: tuple[Location, Way]
    page: Page


@dataclass
class Refused(Message):
    """A place could not be answered."""

    question: tuple[Location, Way]
    error: LtvError


class Asking(Frame):
    """A frame in which the analyst stands somewhere. What shop it is of is told from outside."""

    def __init__(self, start: Location, title: str) -> None:
        super().__init__()
        self.location = start
        """Where the analyst stands: what is on screen answers exactly this."""
        self.wanted = start
        """The place that was asked for last; another than `place` while its answer is being made."""
        self.next_dimension: tuple[str, ...] = ()
        """What was cut by last: offered first the next time."""
        self._book: Dataset | None = None
        self._title = title
        self._way: list[Location] = []
        self._pending: Way = "on"
        self._asked_at = 0.0
        self._reading = False
        self._as_of: int | None = None
        """Day of what is on screen."""
        self._asked: Latest[tuple[Location, Way]] = Latest(self._ask)
        self._pages = Pages()
        """What was seen or expected lately: to show it nothing is asked."""
        self._foresight = Prefetch(self, self._expect)
        self._paint_gate = PaintGate(self)
        self._whole = True
        """False while attributes and people are still being read."""
        self._held = ""
        """Id of a command that waits for the place that is wanted."""
        self.watching = Watching()
        """What is known of others who write to the shop."""
        self._shown = Event()
        """Set when the shop is on screen as it is."""
        self.user_state = UserState()
        """Saved views, notes and recorded tiers of this shop."""

    def go(self, location: Location, *, way: Way = "on") -> None:
        """Ask for `place`; it is shown when its answer is there. Esc returns from a place gone `on` to."""
        self.wanted, self._pending, self._asked_at = location, way, time.monotonic()
        self._foresight.stop()
        page = None if self._book is None or self._reading else self._pages.get(self._book, location)
        if page is not None:
            self._drop_question()
            self._paint_gate.begin()
            self._arrive(replace(page, location=location), way)
            self.open_paint_gate()
            return
        if way != "stay":  # from elsewhere nothing is waited for
            self._drop_question()
        self._asked.want((location, way))

    def _ask(self, question: tuple[Location, Way]) -> None:
        location, _ = question
        self._paint_gate.begin()
        self._answer(question)
        self.set_timer(SAY_AFTER, lambda: self._say_working(location))

    def _drop_question(self) -> None:
        """Whatever is being answered is not wanted any more."""
        self.workers.cancel_group(self, "answers")
        self._asked.forget()

    def _say_working(self, location: Location) -> None:
        """Say that an answer takes its time; what is on screen still belongs to the trail above it."""
        if self.wanted is not self.location and location is not self.location and self.view != "loading":
            self.query_one(Trail).note = "working… Esc cancels"

    @work(thread=True, exclusive=True, group="answers", description="answer")
    def _answer(self, question: tuple[Location, Way]) -> None:
        worker = get_current_worker()
        dataset = self.shop  # no argument: what a worker is given lives on until garbage is collected
        location, _ = question
        try:
            message: Message = Answered(question, self._make(dataset, location))
        except LtvError as error:
            message = Refused(question, error)
        if not worker.is_cancelled:
            self.post_message(message)

    def _make(self, dataset: Dataset, location: Location) -> Page:
        """The key figures of `place`, and what its view shows."""
        view = self.view_named(location.view)
        answer = view.ask(dataset, location)
        figures, before = figures_of(dataset, location, view, answer), self.watching.before(dataset, location, view)
        return Page(dataset, location, figures, dataset.as_of(location.query), answer, before)

    def _expect(self, dataset: Dataset, location: Location) -> None:
        """Make the page of a place that may be wanted."""
        if self._pages.get(dataset, location) is None:
            page = self._make(dataset, location)
            if dataset is self._book:  # else it would hold a shop that is over
                self._pages.put(page)

    def prepare(self, dataset: Dataset) -> None:
        """Ask `dataset`, which is to be shown, what is on screen now and what is near: in the thread that calls."""
        here = self.location
        for location in (here, *near(here)):
            with suppress(LtvError):  # said when it is really asked
                self._make(dataset, location)

    def on_answered(self, message: Answered) -> None:
        """Show what is still wanted; ask for what is wanted instead."""
        page, (location, way) = message.page, message.question
        if page.dataset is self._book and not self._reading:
            self._pages.put(page)
            if location is self.wanted:
                self._arrive(page, way)
        self._asked.done(message.question)
        self.open_paint_gate()

    def open_paint_gate(self) -> None:
        """Show what there is, unless the view waits for something that comes in a moment."""
        if self.view == "loading" or self.active.settled:
            self._paint_gate.end()

    def _arrive(self, page: Page, way: Way) -> None:
        """Trail, figures and view change together."""
        if way == "on" and self.view != "loading":
            self._way.append(self.location)
        elif way == "back" and self._way:
            self._way.pop()
        location = self.location = page.location
        self._as_of = page.as_of
        view = self.view_named(location.view)
        with self.app.batch_update():
            kpis = self.query_one(Kpis)
            kpis.set_class(location.view not in commands.SELECTIONS, "-away")
            line = self.query_one(SearchBar)
            line.show(location.search)
            view.present(self.shop, location, page.answer, self.room)
            before = page.before
            view.hold_against(before.tables if before else ())
            kpis.figures = held_against(page.figures, before.figures) if before else page.figures
            self.bring(location.view, self._crumbs)
            self._note_day()
            if not line.has_focus:
                view.take_focus()
        self._tell_change()
        self._is_shown()
        self._foresight.arrive(location, page.as_of)
        self._look_ahead()
        held = self._held
        self._drop_held()
        if held:
            self.action_command(held)

    @property
    def keys_wait(self) -> bool:
        """Whether a command waits for its rows: keys after it mean what it brings about, such as a list."""
        return bool(self._held) and self.is_current

    def _drop_held(self) -> None:
        """No command waits, nor do keys."""
        self._held = ""
        self.app.post_message(KeysFreed())

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
        self._foresight.after_a_moment(self._book, self._ahead, self._later, self._whole)

    def _ahead(self) -> tuple[Sequence[Location], Sequence[Location]]:
        """Where a key probably leads to, and where it may; nowhere while something else is on its way."""
        if self._reading or self.wanted is not self.location or self.watching.on:
            return (), ()  # of a shop that is watched the next state may come before the next key
        if not self._whole:
            return near(self.location), ()
        view = self.active
        return self._foresight.from_here(self.shop, self.location, view.steps(), view.customer(), self.next_dimension)

    def _later(self) -> Sequence[Callable[[], object]]:
        return self.active.later() if self.view != "loading" else ()

    def expect(self, location: Location) -> None:
        """A dialog would lead there: it is asked ahead."""
        self._foresight.surely(self._book, location)

    def on_refused(self, message: Refused) -> None:
        """What cannot be answered leaves everything as it was."""
        self._asked.done(message.question)
        self._paint_gate.end()
        if message.question[0] is not self.wanted:
            return
        if self.view == "loading" and self.wanted.query.as_of is not None:
            # The shop has changed under the day: its own latest one is always there.
            self.go(replace(self.wanted, query=replace(self.wanted.query, as_of=None)), way="stay")
            return
        if self.view == "loading":
            self._book = None
            self.fail(message.error)
            return
        self.wanted = self.location
        self._drop_held()
        self._note_day()
        self._is_shown()
        self.app.notify(plain(message.error.mend), title=plain(message.error.what), severity="error", markup=False)

    def _note_day(self) -> None:
        if self._as_of is not None:
            more = "" if self._whole else "reading attributes… · "
            live = self.watching.words(self._book)
            self.query_one(Trail).note = f"{more}{live}as of {iso(self._as_of)}"

    @property
    def whole(self) -> bool:
        """False while attributes and people are still being read."""
        return self._whole

    @property
    def shop(self) -> Dataset:
        """The dataset that is asked; there is one as soon as a shop is read."""
        assert self._book is not None
        return self._book

    @property
    def _crumbs(self) -> list[str]:
        location = self.location
        words = [step.words() for step in location.query.trail] if location.view != "quality" else []
        if location.customer is not None:
            words.append(str(self.shop.cleaned.customer_ids[location.customer]))
        crumbs = [self._title, *words]
        crumbs[-1] += noted(self.user_state.notes, location, self.shop)
        return [*crumbs, *([w] if (w := location.words()) else [])]

    def _ask_again(self) -> None:
        """What is wanted is asked of the shop as it is now; the analyst stays."""
        self._drop_question()
        self.go(replace(self.wanted), way=self.pending)

    def fail(self, error: LtvError) -> None:
        """There is nothing to ask."""
        raise NotImplementedError

    def action_command(self, id: str) -> None:
        """Run a command."""
        raise NotImplementedError

    def show_again(self) -> None:
        """The same place, held against another state."""
        self._pages.clear()
        if not self._reading:
            self._ask_again()

    def _is_shown(self) -> None:
        self._shown.set()

    def remember(self, user_state: UserState) -> None:
        """Views, notes and recordings from now on; notes are marked where they belong."""
        self.user_state = user_state
        for view in self.query(View):
            view.remember(user_state)
        if self._book is not None and self.view != "loading":
            self.query_one(Trail).crumbs = tuple(plain(crumb) for crumb in self._crumbs)

    def cancel(self) -> bool:
        """Stop what is running; False where nothing is."""
        if self._reading:
            self.post_message(ReadingStopped())
        elif self.wanted is not self.location:
            self.wanted = self.location
            self._drop_held()
            self._drop_question()
            self._note_day()
        else:
            return self.view == "loading"
        return True

    @property
    def quiet_for(self) -> float:
        """Seconds since something was last asked."""
        return time.monotonic() - self._asked_at

    @property
    def reading(self) -> bool:
        """Whether the shop is being read."""
        return self._reading

    @property
    def pending(self) -> Way:
        """How the place that is being asked for is gone to."""
        return self._pending if self.wanted is not self.location else "stay"

    @property
    def came_from(self) -> Location | None:
        """The place that Esc returns to."""
        return self._way[-1] if self._way else None
