"""A shop that was opened: its dataset, and how it came to be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ltvtui.analytics.budget.terms import BudgetTerms
from ltvtui.analytics.cleaning.clean import CleaningPolicy
from ltvtui.query.query import Query
from ltvtui.session.dataset import Dataset
from ltvtui.sources.detection.proposal import Proposal
from ltvtui.sources.mapping import Mapping
from ltvtui.sources.origin import DataOrigin
from ltvtui.sources.shop import Reading

Store = Callable[[Callable[[], bool]], "str | None"]
"""Gives up where its argument says so. None when it is kept, else why it was not."""


@dataclass(frozen=True, eq=False)
class OpenedDataset:
    """A shop that can be asked."""

    dataset: Dataset
    query: Query
    budget: BudgetTerms
    """What is agreed on about spend."""
    mapping: Mapping
    proposal: Proposal | None
    """How the mapping was found; None where it was saved."""
    notices: tuple[str, ...]
    policy: CleaningPolicy
    """How rows were cleaned."""
    spend_file: str | None = None
    """Name of the file that the spend was read from."""
    reading: Reading | None = None
    """None while attributes and people are still to come."""
    read_at: float | None = None
    """When it was read, seconds since 1970, where it is not certain that nothing was committed since."""
    engine: str = ""
    """The kind of server that it was read from; "" of files."""
    store: Store | None = None
    """Stores the shop for the next opening: seconds of work, once the figures are shown. None: nothing to store."""

    @property
    def origin(self) -> DataOrigin:
        """Where it lies, and what of it was read."""
        cleaned, reduced_by = self.dataset.cleaned, self.dataset.reduced_by
        engine = self.engine if reduced_by is None else reduced_by.lower()
        return DataOrigin(engine, cleaned.customer_ids.len(), cleaned.rows_read, reduced_by is not None, self.read_at)

    @property
    def spend_notices(self) -> tuple[str, ...]:
        """Of the notices those that are about the spend."""
        source = self.spend_file or (self.mapping.spend.table if self.mapping.spend else None)
        return tuple(notice for notice in self.notices if source is not None and f" {source} " in f"{notice} ")
