"""The shop on the main screen: how it comes there, and how it changes while the analyst stands in it."""

from __future__ import annotations

from dataclasses import replace
from threading import Event

import polars as pl

from ltvtui.analytics.lapsed import LAPSED_SHARE
from ltvtui.analytics.manual_spend import ManualSpend
from ltvtui.analytics.segments import INTERVAL, MEASURES
from ltvtui.errors import LtvError
from ltvtui.present.column_mapping import understood
from ltvtui.present.columns import customer_columns
from ltvtui.present.plain import plain
from ltvtui.query.grammar.fields import fields_of
from ltvtui.session.dataset import Dataset
from ltvtui.session.open_dataset import OpenedDataset
from ltvtui.tui.location import BudgetView, Location
from ltvtui.tui.requests import SpendTyped
from ltvtui.tui.screens.asking import Asking
from ltvtui.tui.screens.budget import BudgetScreen
from ltvtui.tui.screens.loading import Loading
from ltvtui.tui.screens.quality import QualityScreen
from ltvtui.tui.screens.watching import carried
from ltvtui.tui.widgets.kpis import Kpis


class Stocked(Asking):
    """A frame with a shop, or with one that is being read."""

    def __init__(self, start: Location, title: str) -> None:
        super().__init__(start, title)
        self._understood = pl.DataFrame()
        self.typed = ManualSpend()
        """What was typed in about spend; it stays while the shop is read again."""

    def on_mount(self) -> None:
        """Ready for keys while nothing is loaded."""
        self.wait()

    def wait(self) -> None:
        """A reading begins."""
        self._reading = True
        self._is_shown()
        self.watching.end()
        self.wanted = self.location
        self._foresight.stop()
        self._drop_question()
        self.query_one(Kpis).add_class("-away")
        self.bring("loading", (self._title,), "opening")
        loading = self.query_one(Loading)
        loading.start(self._title)
        loading.focus()

    def forget(self) -> None:
        """The columns mean something else now: begin from the whole shop."""
        self.location = Location("overview", self.location.query.whole())
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
            self._pages.clear()  # what changed while it was watched is counted no longer
            self.go(replace(self.location), way="stay")
            return
        self.query_one(Loading).fail(error)
        self.bring("loading", (self._title,), "nothing loaded")

    def open(self, opened: OpenedDataset, whole: bool = True) -> None:
        """Show a shop from where the analyst stood; the first time under the terms it was opened with.

        Unless it is `whole`, more of the same shop is on its way.
        """
        self._reading, self._whole = False, whole
        self._understood = understood(opened.mapping, opened.proposal)
        budget = BudgetView(opened.budget, opened.budget)
        location = self.location if self._book else replace(self.location, query=opened.query, budget=budget)
        dataset = self._take(opened)
        known = {
            *dataset.dimensions,
            *(c.key for c in customer_columns((), True)),
            *MEASURES,
            *INTERVAL,
            LAPSED_SHARE,
        }
        fields = {field.name for field in fields_of(dataset.people, dataset.cleaned)}
        self._way = [p for p in self._way if _stands(p, known, fields)]
        self.next_dimension = self.next_dimension if set(self.next_dimension) <= known else ()
        if location.cohorts.by not in known:
            location = replace(location, cohorts=replace(location.cohorts, by=None))
        if not set(location.by) <= known:
            self.app.notify(f"This shop has no dimension {plain(' × '.join(location.by))}.", markup=False)
            location = replace(location, by=("tier",))
        stands = _stands(location, known, fields)
        self.go(replace(location) if stands else Location("overview", location.query.whole()), way="stay")

    def complete(self, opened: OpenedDataset) -> None:
        """Go on in the same shop, with its customers and figures and more to cut by."""
        self._whole = True
        self._take(opened)
        self._ask_again()

    def _take(self, opened: OpenedDataset) -> Dataset:
        """The dataset from now on."""
        self._book = replace(opened.dataset, typed=self.typed)
        self._pages.clear()
        self.query_one(QualityScreen).describe(self._understood, opened.notices)
        self.query_one(BudgetScreen).describe(opened.spend_notices)
        return self._book

    def type_in(self, typed: ManualSpend) -> None:
        """The analyst typed in something about spend: it counts at once, and is to be kept."""
        self.post_message(SpendTyped(self.typed, typed))
        self.take_typed(typed)

    def take_typed(self, typed: ManualSpend) -> None:
        """Count what was typed in about spend."""
        self.typed = typed
        if self._book is None:
            return
        self._book = replace(self._book, typed=typed)
        self.watching.take_typed(typed)
        if not self._reading and (self.wanted is not self.location or self.location.view == "budget"):
            self._ask_again()

    # -- a shop that is watched ------------------------------------------------------------------------

    def set_live(self, on: bool) -> None:
        """Others' commits are looked for from now on, or no longer."""
        if on:
            self.watching.begin(self.shop)
        else:
            self.watching.end()
        self.show_again()

    def grow(self, opened: OpenedDataset, shown: Event) -> None:
        """The shop with what others wrote to it: the analyst stays. `shown` is set once it is on screen."""
        if self._book is None or self._reading or not self.watching.on:
            shown.set()
            return
        before, way, self._shown = self.shop, self.pending, shown
        after = self._take(opened)
        self.watching.changed()
        here, wanted = (carried(location, before, after) for location in (self.location, self.wanted))
        self._way = [
            location
            for location in (carried(location, before, after) for location in self._way)
            if location is not None
        ]
        if here is None or wanted is None:
            here = wanted = Location("overview", self.location.query.whole())
        self.location = here
        self._drop_question()
        self.watching.let_go(before)
        self.go(replace(wanted), way=way)

    def lose(self, error: LtvError, reason: str) -> None:
        """The shop cannot be read any more: what is shown is of the time when it could."""
        self.watching.lost = reason
        self._note_day()
        self.app.notify(plain(error.mend), title=plain(error.what), severity="warning", markup=False)

    def regain(self) -> None:
        """It can be read again."""
        self.watching.lost = ""
        self._note_day()

    def check(self, whole: bool) -> None:
        """All rows are proven to be as they are shown, or not yet."""
        self.watching.checked = whole
        self._note_day()


def _stands(location: Location, known: set[str], fields: set[str]) -> bool:
    """True where a place means the same after another reading: customer codes belong to one reading, and
    dimensions and the fields of filters may be gone."""
    sort = {location.sort[0]} if location.sort else set()
    cohorts = {location.cohorts.by} - {None}
    stands = {*location.by, *location.query.settled, *sort, *cohorts} <= known and location.query.spoken_of <= fields
    return stands and location.customer is None
