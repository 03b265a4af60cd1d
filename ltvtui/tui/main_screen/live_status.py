"""What the main screen knows of a shop that is watched: since when, and what was shown then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from ltvtui.analytics.budget.manual_spend import ManualSpend
from ltvtui.analytics.segments import profile
from ltvtui.errors import LtvError
from ltvtui.present.figures import Figures, key_figures
from ltvtui.present.tables import Table
from ltvtui.session.dataset import Dataset
from ltvtui.tui.location import Location
from ltvtui.tui.views.answer import Answer

Compute = Callable[[Dataset, Location], Answer]


@dataclass(frozen=True, eq=False)
class Before:
    """What a location showed when changes began to be counted."""

    figures: Figures
    tables: tuple[Table, ...]


class LiveStatus:
    """Whether the shop is watched, and the state that its figures are held against."""

    def __init__(self) -> None:
        self.on = False
        """Whether somebody looks for what others write."""
        self.lost = ""
        """Why the shop cannot be read just now, in a few words: what is shown is of the time when it could."""
        self.is_proven = True
        """Whether all rows have been read again since the last commit."""
        self.since: Dataset | None = None
        """The shop when changes began to be counted."""
        self._changed_at: datetime | None = None
        self._shown: tuple[Location, Dataset, Before | None] | None = None

    def begin(self, dataset: Dataset) -> None:
        """The shop is watched from now on."""
        self.on, self.lost, self.is_proven = True, "", True
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

    def release(self, dataset: Dataset) -> None:
        """A state is over: unless changes are counted from it, what was made of it goes."""
        if self.since is None or self.since.cleaned is not dataset.cleaned:
            dataset.forget()

    def set_typed_spend(self, typed: ManualSpend) -> None:
        """What the analyst types in is no change of the shop."""
        if self.since is not None:
            self.count_from(replace(self.since, typed=typed))

    def describe(self, dataset: Dataset | None) -> str:
        """For the first line: live or not, since when, and how many orders came."""
        if self.lost:
            return f"○ stale: {self.lost} · "
        at = f" {self._changed_at:%H:%M:%S}" if self._changed_at else ""
        if not self.on or dataset is None or self.since is None:
            return ""
        more = _orders(dataset) - _orders(self.since)
        return f"{'●' if self.is_proven else '◐'} live{at}{f' {more:+,}'.replace(',', ' ') if more else ''} · "

    def before(self, dataset: Dataset, location: Location, compute: Compute) -> Before | None:
        """What `location`, answered by `compute`, showed before; None where there is nothing to hold it against.

        Runs in a worker.
        """
        since = self.since
        if since is None or since is dataset:
            return None
        if self._shown is not None and self._shown[:2] == (location, since):
            return self._shown[2]
        there = carried(location, dataset, since)
        try:
            found = None if there is None else _shown(since, there, compute)
        except LtvError:
            found = None  # it was not there yet
        self._shown = (location, since, found)
        return found


def figures_of(dataset: Dataset, location: Location, answer: Answer) -> Figures:
    """The key figures over a view."""
    if answer.figures is not None:
        return answer.figures
    snapshot = dataset.snapshot(location.query)
    row = dataset.ask(profile, location.query, (), location.show.with_intervals(snapshot.customers.height))
    return key_figures(row, snapshot, dataset.cleaned.currency, dataset.gross(location.query))


def carried(location: Location, dataset: Dataset, other: Dataset) -> Location | None:
    """A location of `dataset` in `other`, where customers may have other codes; None where its customer is not."""
    if location.customer is None:
        return location
    ids = other.cleaned.customer_ids
    found = (ids == dataset.cleaned.customer_ids[location.customer]).arg_true()
    return replace(location, customer=int(found[0])) if found.len() else None


def _shown(dataset: Dataset, location: Location, compute: Compute) -> Before:
    answer = compute(dataset, location)
    return Before(figures_of(dataset, location, answer), answer.tables)


def _orders(dataset: Dataset) -> int:
    return int(dataset.activity_index.by_day["orders"].sum())
