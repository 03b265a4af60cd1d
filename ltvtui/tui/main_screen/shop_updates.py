"""The shop on the main screen: how it comes there, and how it changes while the analyst is in it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from threading import Event

from ltvtui.analytics.budget.manual_spend import ManualSpend
from ltvtui.analytics.lifecycle.lapsed import LAPSED_SHARE
from ltvtui.analytics.segments import INTERVAL, MEASURES
from ltvtui.errors import LtvError
from ltvtui.present.columns import customer_columns
from ltvtui.present.plain import plain
from ltvtui.query.grammar.fields import fields_of
from ltvtui.session.dataset import Dataset
from ltvtui.session.opened_dataset import OpenedDataset
from ltvtui.session.strongest_dimension import carry_strongest_dimension
from ltvtui.tui.location import Location
from ltvtui.tui.main_screen.expected import cheap
from ltvtui.tui.main_screen.first_line import FirstLine
from ltvtui.tui.main_screen.live_status import carried
from ltvtui.tui.main_screen.loading import Loading
from ltvtui.tui.main_screen.lookahead import Lookahead
from ltvtui.tui.main_screen.whole import Whole
from ltvtui.tui.registry import LOADING
from ltvtui.tui.requests import SpendTyped
from ltvtui.tui.widgets.kpis import Kpis


class ShopUpdates:
    """What becomes of a main screen when a shop is read, completed, lost or written to by others."""

    def __init__(self, main_screen: Whole, first_line: FirstLine, lookahead: Lookahead) -> None:
        self._screen = main_screen
        self._first_line = first_line
        self._lookahead = lookahead
        self._state = main_screen.state

    def wait(self) -> None:
        """A reading begins."""
        screen = self._screen
        self._state.is_reading = True
        self._state.is_shown()
        screen.live.end()
        screen.navigator.give_up()
        self._lookahead.stop()
        screen.answers.drop()
        screen.frame.query_one(Kpis).add_class("-away")
        screen.frame.show_headline(())
        screen.frame.bring(LOADING, (screen.shop_name,), "opening")
        loading = screen.frame.query_one(Loading)
        loading.start(screen.shop_name)
        loading.focus()

    def forget(self) -> None:
        """The columns mean something else now: begin from the whole shop."""
        screen = self._screen
        screen.navigator.restart(self._top)
        screen.last_dimension = ()

    def advance(self, done: int, total: int) -> None:
        """`done` of about `total` rows are read."""
        if self._state.is_reading:  # a late sign must not cover what was said since
            self._screen.frame.query_one(Loading).advance(done, total)

    def begin_step(self, doing: str, number: int, steps: int) -> None:
        """A step of the reading begins whose rows are not counted."""
        if self._state.is_reading:  # a late sign must not cover what was said since
            self._screen.frame.query_one(Loading).begin_step(doing, number, steps)

    def fail(self, error: LtvError) -> None:
        """Nothing new to show: back to the shop that is still there, or say why there is none."""
        screen = self._screen
        self._state.is_reading = False
        if self._state.found is not None:
            screen.app.notify(plain(error.mend), title=plain(error.what), severity="error", markup=False)
            screen.answers.pages.clear()  # what changed while it was watched is counted no longer
            screen.go(replace(screen.location), way="stay")
            return
        screen.frame.query_one(Loading).fail(error)
        screen.frame.bring(LOADING, (screen.shop_name,), "nothing loaded")

    def open(self, opened: OpenedDataset, is_complete: bool = True) -> None:
        """Show a shop from where the analyst was; the first time under the settings it was opened with.

        Unless it is `whole`, more of the same shop is on its way.
        """
        screen = self._screen
        self._state.is_reading, self._state.is_complete = False, is_complete
        location = screen.location
        if self._state.found is None:
            starts = (view.start(opened) for view in screen.registry.views)
            location = replace(location, query=opened.query).having(*(state for state in starts if state))
        dataset = self._set_dataset(opened)
        names = {
            *dataset.dimensions,
            *(c.key for c in customer_columns((), True, True)),
            *MEASURES,
            *INTERVAL,
            LAPSED_SHARE,
        }
        fields = {field.name for field in fields_of(dataset.people, dataset.cleaned)}
        screen.navigator.carry(lambda location: location if _is_valid(location, names, fields) else None)
        screen.last_dimension = screen.last_dimension if set(screen.last_dimension) <= names else ()
        location = location.within(dataset.dimensions)
        if not set(location.by) <= names:
            screen.app.notify(f"This shop has no dimension {plain(' × '.join(location.by))}.", markup=False)
            location = replace(location, by=("tier",))
        is_valid = _is_valid(location, names, fields)
        top = Location(screen.registry.first, location.query.whole(), states=location.states)
        screen.go(replace(location) if is_valid else top, way="stay")

    def complete(self, opened: OpenedDataset) -> None:
        """Go on in the same shop, with its customers and figures and more to divide by."""
        self._state.is_complete = True
        self._set_dataset(opened)
        self._ask_again()

    def prepare(self, dataset: Dataset) -> None:
        """Ask `dataset`, which is to be shown, what is on screen now and what is near: in the thread that calls."""
        here = self._screen.location
        self._screen.answers.prepare(dataset, (here, *cheap(self._screen.registry, here)))

    def type_in(self, typed: ManualSpend) -> None:
        """The analyst typed in something about spend: it counts at once, and is to be stored."""
        self._screen.post_message(SpendTyped(self._state.typed, typed))
        self.set_typed_spend(typed)

    def set_typed_spend(self, typed: ManualSpend) -> None:
        """Count what was typed in about spend."""
        screen, state = self._screen, self._state
        state.typed = typed
        if state.found is None:
            return
        state.found = replace(state.found, typed=typed)
        screen.live.set_typed_spend(typed)
        reads_spend = "spend" in screen.registry.view(screen.location.view).reads
        if not state.is_reading and (screen.navigator.is_waiting or reads_spend):
            self._ask_again()

    def show_again(self) -> None:
        """The same location, held against another state."""
        self._screen.answers.pages.clear()
        if not self._state.is_reading:
            self._ask_again()

    # -- a shop that is watched ----------------------------------------------------------------------

    def set_live(self, on: bool) -> None:
        """Others' commits are looked for from now on, or no longer."""
        if on:
            self._screen.live.begin(self._state.dataset)
        else:
            self._screen.live.end()
        self.show_again()

    def grow(self, opened: OpenedDataset, shown: Event) -> None:
        """The shop with what others wrote to it: the analyst stays. `shown` is set once it is on screen."""
        screen, state = self._screen, self._state
        if not state.is_ready or not screen.live.on:
            shown.set()
            return
        before, way = state.dataset, screen.navigator.way
        state.signal_with(shown)
        after = self._set_dataset(opened)
        carry_strongest_dimension(before, after)
        screen.live.changed()
        here, wanted = (carried(location, before, after) for location in (screen.location, screen.wanted))
        screen.navigator.carry(lambda location: carried(location, before, after))
        if here is None or wanted is None:
            here = wanted = self._top
        screen.navigator.location = here
        screen.answers.drop()
        screen.live.release(before)
        screen.go(replace(wanted), way=way)

    def lose(self, error: LtvError, reason: str) -> None:
        """The shop cannot be read any more: what is shown is of the time when it could."""
        self._screen.live.lost = reason
        self._first_line.show_day()
        self._screen.app.notify(plain(error.mend), title=plain(error.what), severity="warning", markup=False)

    def regain(self) -> None:
        """It can be read again."""
        self._screen.live.lost = ""
        self._first_line.show_day()

    def set_proven(self, is_proven: bool) -> None:
        """All rows are proven to be as they are shown, or not yet."""
        self._screen.live.is_proven = is_proven
        self._first_line.show_day()

    # ------------------------------------------------------------------------------------------------

    @property
    def _top(self) -> Location:
        """The whole shop under the settings in force."""
        here = self._screen.location
        return Location(self._screen.registry.first, here.query.whole(), states=here.states)

    def _set_dataset(self, opened: OpenedDataset) -> Dataset:
        """The dataset from now on."""
        self._state.found = replace(opened.dataset, typed=self._state.typed)
        self._state.origin = opened.origin
        self._screen.answers.pages.clear()
        self._screen.frame.views.set_shop(opened)
        return self._state.found

    def _ask_again(self) -> None:
        """What is wanted is asked of the shop as it is now; the analyst stays."""
        self._screen.answers.drop()
        self._screen.go(replace(self._screen.wanted), way=self._screen.navigator.way)


def _is_valid(location: Location, names: Collection[str], fields: Collection[str]) -> bool:
    """Whether a location means the same after another reading: customer codes belong to one reading, and dimensions
    and the fields of filters may be gone."""
    sort = {location.sort[0]} if location.sort else set()
    needed = {*location.by, *location.query.fixed_dimensions, *sort}
    is_there = needed <= set(names) and location.query.mentioned_fields <= set(fields)
    return is_there and location.within(names) == location and location.customer is None
