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
from ltvtui.remembered.kept import Remembered
from ltvtui.session.dataset import Dataset
from ltvtui.tui import commands
from ltvtui.tui.ahead import near
from ltvtui.tui.latest import Latest
from ltvtui.tui.messages import CursorMoved, KeysFreed
from ltvtui.tui.place import Place
from ltvtui.tui.screens.blink import Blink
from ltvtui.tui.screens.foresight import Foresight
from ltvtui.tui.screens.frame import Frame
from ltvtui.tui.screens.noted import noted
from ltvtui.tui.screens.pages import Page, Pages
from ltvtui.tui.screens.view import Caption, View
from ltvtui.tui.screens.watching import Watching, figures_of
from ltvtui.tui.widgets.kpis import Kpis
from ltvtui.tui.widgets.narrowing import Narrowing
from ltvtui.tui.widgets.trail import Trail
from ltvtui.tui.wishes import ReadingStopped

Way = Literal["on", "stay", "back"]
"""How a place is gone to: Esc returns from the next one, is not concerned, or was what brought it."""
SAY_AFTER = 0.3
"""Seconds after which an answer that is not there yet is said to be worked on."""


@dataclass
class Answered(Message):
    """A place has its answer."""

    question: tuple[Place, Way]
    page: Page


@dataclass
class Refused(Message):
    """A place could not be answered."""

    question: tuple[Place, Way]
    error: LtvError


class Asking(Frame):
    """A frame in which the analyst stands somewhere. What shop it is of is told from outside."""

    def __init__(self, start: Place, title: str) -> None:
        super().__init__()
        self.place = start
        """Where the analyst stands: what is on screen answers exactly this."""
        self.wanted = start
        """The place that was asked for last; another than `place` while its answer is being made."""
        self.next_dimension: tuple[str, ...] = ()
        """What was cut by last: offered first the next time."""
        self._book: Dataset | None = None
        self._title = title
        self._way: list[Place] = []
        self._pending: Way = "on"
        self._asked_at = 0.0
        self._reading = False
        self._as_of: int | None = None
        """Day of what is on screen."""
        self._asked: Latest[tuple[Place, Way]] = Latest(self._ask)
        self._pages = Pages()
        """What was seen or expected lately: to show it nothing is asked."""
        self._foresight = Foresight(self, self._expect)
        self._blink = Blink(self)
        self._whole = True
        """False while attributes and people are still being read."""
        self._held = ""
        """Id of a command that waits for the place that is wanted."""
        self.watching = Watching()
        """What is known of others who write to the shop."""
        self._shown = Event()
        """Set when the shop is on screen as it is."""
        self.remembered = Remembered()
        """Saved views, notes and recorded tiers of this shop."""

    def go(self, place: Place, *, way: Way = "on") -> None:
        """Ask for `place`; it is shown when its answer is there. Esc returns from a place gone `on` to."""
        self.wanted, self._pending, self._asked_at = place, way, time.monotonic()
        self._foresight.stop()
        page = None if self._book is None or self._reading else self._pages.get(self._book, place)
        if page is not None:
            self._drop_question()
            self._blink.begin()
            self._arrive(replace(page, place=place), way)
            self.end_blink()
            return
        if way != "stay":  # from elsewhere nothing is waited for
            self._drop_question()
        self._asked.want((place, way))

    def _ask(self, question: tuple[Place, Way]) -> None:
        place, _ = question
        self._blink.begin()
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

    @work(thread=True, exclusive=True, group="answers", description="answer")
    def _answer(self, question: tuple[Place, Way]) -> None:
        worker = get_current_worker()
        dataset = self.shop  # no argument: what a worker is given lives on until garbage is collected
        place, _ = question
        try:
            message: Message = Answered(question, self._make(dataset, place))
        except LtvError as error:
            message = Refused(question, error)
        if not worker.is_cancelled:
            self.post_message(message)

    def _make(self, dataset: Dataset, place: Place) -> Page:
        """The key figures of `place`, and what its view shows."""
        view = self.view_named(place.view)
        answer = view.ask(dataset, place)
        figures, before = figures_of(dataset, place, view, answer), self.watching.before(dataset, place, view)
        return Page(dataset, place, figures, dataset.as_of(place.query), answer, before)

    def _expect(self, dataset: Dataset, place: Place) -> None:
        """Make the page of a place that may be wanted."""
        if self._pages.get(dataset, place) is None:
            page = self._make(dataset, place)
            if dataset is self._book:  # else it would hold a shop that is over
                self._pages.put(page)

    def prepare(self, dataset: Dataset) -> None:
        """Ask `dataset`, which is to be shown, what is on screen now and what is near: in the thread that calls."""
        here = self.place
        for place in (here, *near(here)):
            with suppress(LtvError):  # said when it is really asked
                self._make(dataset, place)

    def on_answered(self, message: Answered) -> None:
        """Show what is still wanted; ask for what is wanted instead."""
        page, (place, way) = message.page, message.question
        if page.dataset is self._book and not self._reading:
            self._pages.put(page)
            if place is self.wanted:
                self._arrive(page, way)
        self._asked.done(message.question)
        self.end_blink()

    def end_blink(self) -> None:
        """Show what there is, unless the view waits for something that comes in a moment."""
        if self.view == "loading" or self.active.settled:
            self._blink.end()

    def _arrive(self, page: Page, way: Way) -> None:
        """Trail, figures and view change together."""
        if way == "on" and self.view != "loading":
            self._way.append(self.place)
        elif way == "back" and self._way:
            self._way.pop()
        place = self.place = page.place
        self._as_of = page.as_of
        view = self.view_named(place.view)
        with self.app.batch_update():
            kpis = self.query_one(Kpis)
            kpis.set_class(place.view not in commands.SELECTIONS, "-away")
            line = self.query_one(Narrowing)
            line.show(place.search)
            view.present(self.shop, place, page.answer, self.room)
            before = page.before
            view.hold_against(before.tables if before else ())
            kpis.figures = held_against(page.figures, before.figures) if before else page.figures
            self.bring(place.view, self._crumbs)
            self._note_day()
            if not line.has_focus:
                view.take_focus()
        self._tell_change()
        self._is_shown()
        self._foresight.arrive(place, page.as_of)
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

    def _ahead(self) -> tuple[Sequence[Place], Sequence[Place]]:
        """Where a key probably leads to, and where it may; nowhere while something else is on its way."""
        if self._reading or self.wanted is not self.place or self.watching.on:
            return (), ()  # of a shop that is watched the next state may come before the next key
        if not self._whole:
            return near(self.place), ()
        view = self.active
        return self._foresight.from_here(self.shop, self.place, view.steps(), view.customer(), self.next_dimension)

    def _later(self) -> Sequence[Callable[[], object]]:
        return self.active.later() if self.view != "loading" else ()

    def expect(self, place: Place) -> None:
        """A dialog would lead there: it is asked ahead."""
        self._foresight.surely(self._book, place)

    def on_refused(self, message: Refused) -> None:
        """What cannot be answered leaves everything as it was."""
        self._asked.done(message.question)
        self._blink.end()
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
        self.wanted = self.place
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
        place = self.place
        words = [step.words() for step in place.query.trail] if place.view != "quality" else []
        if place.customer is not None:
            words.append(str(self.shop.cleaned.customer_ids[place.customer]))
        crumbs = [self._title, *words]
        crumbs[-1] += noted(self.remembered.notes, place, self.shop)
        return [*crumbs, *([w] if (w := place.words()) else [])]

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

    def remember(self, remembered: Remembered) -> None:
        """Views, notes and recordings from now on; notes are marked where they belong."""
        self.remembered = remembered
        for view in self.query(View):
            view.remember(remembered)
        if self._book is not None and self.view != "loading":
            self.query_one(Trail).crumbs = tuple(plain(crumb) for crumb in self._crumbs)

    def cancel(self) -> bool:
        """Stop what is running; False where nothing is."""
        if self._reading:
            self.post_message(ReadingStopped())
        elif self.wanted is not self.place:
            self.wanted = self.place
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
        return self._pending if self.wanted is not self.place else "stay"

    @property
    def came_from(self) -> Place | None:
        """The place that Esc returns to."""
        return self._way[-1] if self._way else None
