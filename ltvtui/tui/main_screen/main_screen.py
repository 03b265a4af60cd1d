"""The main screen: a shop, where the analyst is in it, and the keys that work there.

A new location is asked for in a worker; trail, figures and view change together when the answer is there, so that
no figure ever stands under a question it does not answer. What commands do stands in tui/actions and tui/views.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from textual import on
from textual.app import ComposeResult
from textual.events import Key
from textual.reactive import Reactive
from textual.screen import Screen
from textual.widget import Widget

from ltvtui.errors import LtvError
from ltvtui.present.changes import compare_figures
from ltvtui.present.plain import plain
from ltvtui.session.dataset import Dataset
from ltvtui.tui.location import Location, Way
from ltvtui.tui.main_screen.answers import Answered, Answers, Refused
from ltvtui.tui.main_screen.command_runner import CommandRunner
from ltvtui.tui.main_screen.first_line import FirstLine
from ltvtui.tui.main_screen.frame import Frame
from ltvtui.tui.main_screen.idle_keys import idle_keys
from ltvtui.tui.main_screen.live_status import LiveStatus
from ltvtui.tui.main_screen.long_answers import LongAnswers
from ltvtui.tui.main_screen.lookahead import Lookahead
from ltvtui.tui.main_screen.navigator import Navigator
from ltvtui.tui.main_screen.pages import Page
from ltvtui.tui.main_screen.paint_gate import PaintGate
from ltvtui.tui.main_screen.reading_state import ReadingState
from ltvtui.tui.main_screen.shop_updates import ShopUpdates
from ltvtui.tui.messages import CommandWanted, CursorMoved, HeadingChosen, KeysFreed, LocationWanted, RowChosen
from ltvtui.tui.registry import LOADING, Registry
from ltvtui.tui.requests import ReadingStopped
from ltvtui.tui.terminal.textual_internals import bind
from ltvtui.tui.views.view import View
from ltvtui.tui.widgets.kpis import Kpis
from ltvtui.tui.widgets.search_bar import SearchBar
from ltvtui.user_state.state import UserState


class MainScreen(Screen[None]):
    """One shop, one location at a time."""

    BLANK = True
    focused: Reactive[Widget | None] = Reactive(None, repaint=False)
    """Textual paints the whole screen once more when another widget has the keys; those two paint themselves."""

    def __init__(
        self, registry: Registry, start: Location, title: str, of_app: Mapping[str, Callable[[], object]]
    ) -> None:
        """`title` stands first in the trail; `of_app`: commands that the app carries out, by their id."""
        super().__init__()
        bind(self, registry.bindings())
        self.registry = registry
        self.shop_name = title
        self.navigator = Navigator(start)
        self.state = ReadingState()
        self.live = LiveStatus()
        self.frame = Frame(registry)
        self.answers = Answers(self, registry, self.state, self.live, self._answer_begun)
        self.lookahead = Lookahead(self)
        self.first_line = FirstLine(self)
        self.long_answers = LongAnswers(self, registry, self.first_line.show_progress)
        self.commands = CommandRunner(self, of_app)
        self.updates = ShopUpdates(self, self.first_line, self.lookahead)
        self.user_state = UserState()
        """Saved views, notes and recorded tiers of this shop."""
        self.last_dimension: tuple[str, ...] = ()
        """What was divided by last: offered first the next time."""
        self.expressions: tuple[str, ...] = ()
        """Filters that were typed, the last one first."""
        self._paint_gate = PaintGate(self)

    def compose(self) -> ComposeResult:
        """The frame with the views."""
        yield self.frame

    def on_mount(self) -> None:
        """Ready for keys while nothing is loaded."""
        self.updates.wait()

    # -- what is on screen ---------------------------------------------------------------------------

    @property
    def location(self) -> Location:
        """Where the analyst is: what is on screen answers exactly this."""
        return self.navigator.location

    @property
    def wanted(self) -> Location:
        """The location that was asked for last."""
        return self.navigator.wanted

    @property
    def dataset(self) -> Dataset:
        """The dataset that is asked; there is one as soon as a shop is read."""
        return self.state.dataset

    @property
    def view(self) -> str:
        """Name of the view on screen; LOADING while there is none."""
        return self.frame.view

    @property
    def is_loading(self) -> bool:
        """Whether no view is on screen."""
        return self.view == LOADING

    @property
    def active(self) -> View:
        """The view on screen."""
        return self.frame.get_view(self.view)

    # -- going somewhere -----------------------------------------------------------------------------

    def go(self, location: Location, *, way: Way = "on") -> None:
        """Ask for `location`; it is shown when its answer is there. Esc returns from one gone `on` to."""
        self.navigator.want(location, way)
        self.lookahead.stop()
        self.long_answers.stop()
        page = self.answers.find(location)
        if page is not None:
            self.answers.drop()
            self._paint_gate.begin()
            page = replace(page, location=location)
            if self.frame.views.has_made(location.view):
                self._arrive(page, way)
                self.open_paint_gate()
            else:
                self.post_message(Answered((location, way), page))
            return
        if way != "stay":  # from elsewhere nothing is waited for
            self.answers.drop()
        self.answers.want((location, way))

    def _answer_begun(self, location: Location) -> None:
        self._paint_gate.begin()
        self.first_line.show_working_soon(location)

    async def on_answered(self, message: Answered) -> None:
        """Show what is still wanted; ask for what is wanted instead."""
        page, (location, way) = message.page, message.question
        if self.state.is_ready and page.serves(self.dataset):
            self.answers.pages.put(page)
            if location is self.wanted:
                await self.frame.views.make(location.view)
            if location is self.wanted and self.frame.views.has_made(location.view):
                self._arrive(page, way)
        self.answers.done(message.question)
        self.open_paint_gate()

    def on_refused(self, message: Refused) -> None:
        """What cannot be answered leaves everything as it was."""
        self.answers.done(message.question)
        self._paint_gate.end()
        if message.question[0] is not self.wanted:
            return
        query = self.wanted.query
        if self.is_loading and query.tier_rule.value == "expected":
            what, now = plain(message.error.what), "Tiers are by historic value for now: t changes that."
            self.app.notify(now, title=what, severity="warning", markup=False)
            historic = replace(query.tier_rule, value="historic")
            self.go(replace(self.wanted, query=replace(query, tier_rule=historic)), way="stay")
            return
        if self.is_loading and query.as_of is not None:
            # The shop has changed under the day: its own latest one is always there.
            self.go(replace(self.wanted, query=replace(query, as_of=None)), way="stay")
            return
        if self.is_loading:
            self.state.found = None
            self.updates.fail(message.error)
            return
        self._stay()
        self.state.is_shown()
        self.app.notify(plain(message.error.mend), title=plain(message.error.what), severity="error", markup=False)

    def _arrive(self, page: Page, way: Way) -> None:
        """Trail, figures and view change together."""
        location, before = page.location, page.before
        self.frame.tour.arrive(None if self.is_loading else self.location, location)
        self.navigator.arrive(location, way, can_return=not self.is_loading)
        view = self.frame.get_view(location.view)
        with self.app.batch_update():
            kpis = self.query_one(Kpis)
            kpis.set_class(not self.registry.view(location.view).is_selection, "-away")
            line = self.query_one(SearchBar)
            line.show(location.search)
            self.frame.show_headline(page.answer.headline)
            view.present(self.dataset, location, page.answer, self.frame.room)
            view.compare_with(before.tables if before else ())
            kpis.figures = compare_figures(page.figures, before.figures) if before else page.figures
            self.frame.bring(location.view, self.first_line.crumbs())
            self.first_line.show_day(page.as_of)
            if not line.has_focus:
                view.focus_content()
            self.frame.show_keys(idle_keys(self))
        view.show_change(self.live.on)
        self.state.is_shown()
        self.long_answers.begin(page)
        self.lookahead.arrive(location, page.as_of)
        if waiting := self._release():
            self.commands.run(waiting)

    def _release(self) -> str:
        """No command waits, nor do keys."""
        waiting = self.commands.release()
        self.app.post_message(KeysFreed())
        return waiting

    def _stay(self) -> None:
        """What is wanted is what is on screen."""
        self.navigator.give_up()
        self._release()
        self.first_line.show_day()

    def cancel(self) -> bool:
        """Stop what is running; False where nothing is."""
        if self.state.is_reading:
            self.post_message(ReadingStopped())
        elif self.navigator.is_waiting:
            self.answers.drop()
            self._stay()
        else:
            return self.is_loading
        return True

    def open_paint_gate(self) -> None:
        """Show what there is, unless the view waits for something that comes in a moment."""
        if self.is_loading or self.active.is_complete:
            self._paint_gate.end()

    def show_user_state(self, user_state: UserState) -> None:
        """Views, notes and recordings from now on; notes are marked where they belong."""
        self.user_state = user_state
        self.frame.views.show_user_state(user_state)
        self.first_line.rewrite()

    # -- what widgets tell ---------------------------------------------------------------------------

    def on_key(self, event: Key) -> None:
        """Say of a key that nobody has a use for that it does nothing."""
        if event.key not in self.active_bindings:
            self.commands.refuse(event)

    def action_command(self, id: str) -> None:
        """Run a command, or say why it cannot be run now."""
        self.commands.run(id)

    @on(RowChosen)
    @on(HeadingChosen)
    @on(CommandWanted)
    def run_for(self, message: RowChosen | HeadingChosen | CommandWanted) -> None:
        """Enter drills, a click on a heading sorts by it, and a view may lead to another one."""
        match message:
            case RowChosen():
                self.commands.run("drill")
            case HeadingChosen():
                self.commands.run("sort")
            case CommandWanted(id):
                self.commands.run(id)

    def on_cursor_moved(self, message: CursorMoved) -> None:
        """Another row leads elsewhere, or nowhere."""
        self.frame.show_keys(idle_keys(self))
        self.active.show_change(self.live.on)
        self.lookahead.begin()

    def on_screen_resume(self) -> None:
        """A dialog was left: what may have been tried in it is not expected any more."""
        self.lookahead.begin()

    def on_location_wanted(self, message: LocationWanted) -> None:
        """Something else is to be shown: changed is what is wanted, for keys may be faster than answers."""
        try:
            location = message.change(self.wanted)
        except LtvError as error:
            self.app.notify(plain(error.mend), title=plain(error.what), severity="error", markup=False)
            return
        if location is not self.wanted:
            self.go(location, way="stay")
