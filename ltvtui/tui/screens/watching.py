"""What the desk knows of a shop that is watched: since when, and what was shown then."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from ltvtui.analytics.manual_spend import ManualSpend
from ltvtui.analytics.segments import profile
from ltvtui.errors import LtvError
from ltvtui.present.figures import Figures, key_figures
from ltvtui.present.tables import Table
from ltvtui.session.dataset import Dataset
from ltvtui.tui.place import Place
from ltvtui.tui.screens.view import View


@dataclass(frozen=True, eq=False)
class Before:
    """What a place showed when changes began to be counted."""

    figures: Figures
    tables: tuple[Table, ...]


class Watching:
    """Whether the shop is watched, and the state that its figures are held against."""

    def __init__(self) -> None:
        self.on = False
        """Whether somebody looks for what others write."""
        self.lost = ""
        """Why the shop cannot be read just now, in a few words: what is shown is of the time when it could."""
        self.checked = True
        """Whether all rows have been read again since the last commit."""
        self.since: Dataset | None = None
        """The shop when changes began to be counted."""
        self._changed_at: datetime | None = None
        self._shown: tuple[Place, Dataset, Before | None] | None = None

    def begin(self, dataset: Dataset) -> None:
        """The shop is watched from now on."""
        self.on, self.lost, self.checked = True, "", True
        self.count_from(dataset)

    def end(self) -> None:
        """It is watched no longer."""
        self.on, self.lost, self.since, self._changed_at = False, "", None, None

    def count_from(self, dataset: Dataset) -> None:
        """Changes are counted from this state on."""
        self.since, self._shown = dataset, None

    def changed(self) -> None:
        """Something was committed just now."""
        self._changed_at = datetime.now()

    def let_go(self, dataset: Dataset) -> None:
        """A state is over: unless changes are counted from it, what was made of it goes."""
        if self.since is None or self.since.cleaned is not dataset.cleaned:
            dataset.forget()

    def take_typed(self, typed: ManualSpend) -> None:
        """What the analyst types in is no change of the shop."""
        if self.since is not None:
            self.count_from(replace(self.since, typed=typed))

    def words(self, dataset: Dataset | None) -> str:
        """For the first line: live or not, since when, and how many orders came."""
        if self.lost:
            return f"○ stale: {self.lost} · "
        at = f" {self._changed_at:%H:%M:%S}" if self._changed_at else ""
        if not self.on or dataset is None or self.since is None:
            return ""
        more = _orders(dataset) - _orders(self.since)
        return f"{'●' if self.checked else '◐'} live{at}{f' {more:+,}'.replace(',', ' ') if more else ''} · "

    def before(self, dataset: Dataset, place: Place, view: View) -> Before | None:
        """What `place` showed before; None where there is nothing to hold it against. Runs in a worker."""
        since = self.since
        if since is None or since is dataset:
            return None
        if self._shown is not None and self._shown[:2] == (place, since):
            return self._shown[2]
        there = carried(place, dataset, since)
        try:
            found = None if there is None else _shown(since, there, view)
        except LtvError:
            found = None  # it was not there yet
        self._shown = (place, since, found)
        return found


def figures_of(dataset: Dataset, place: Place, view: View, answer: object) -> Figures:
    """The key figures over a view."""
    own = view.key_figures(answer)
    if own is not None:
        return own
    snapshot = dataset.snapshot(place.query)
    row = dataset.ask(profile, place.query, (), place.show.with_intervals(snapshot.customers.height))
    return key_figures(row, snapshot, dataset.cleaned.currency, dataset.gross(place.query))


def carried(place: Place, dataset: Dataset, other: Dataset) -> Place | None:
    """A place of `dataset` in `other`, where customers may have other codes; None where its customer is not there."""
    if place.customer is None:
        return place
    ids = other.cleaned.customer_ids
    found = (ids == dataset.cleaned.customer_ids[place.customer]).arg_true()
    return replace(place, customer=int(found[0])) if found.len() else None


def _shown(dataset: Dataset, place: Place, view: View) -> Before:
    answer = view.ask(dataset, place)
    return Before(figures_of(dataset, place, view, answer), view.tables_of(dataset, place, answer))


def _orders(dataset: Dataset) -> int:
    return int(dataset.activity_index.by_day["orders"].sum())
