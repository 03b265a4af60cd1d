"""What a shop gives with a mapping that is tried: rows, questions, and what comes out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import polars as pl

from ltvtui.errors import LtvError
from ltvtui.present.outcome import outcome_words
from ltvtui.query.query import Query
from ltvtui.session.find_mapping import Undecided, understand
from ltvtui.session.open_dataset import preview_dataset
from ltvtui.session.open_request import OpenRequest
from ltvtui.session.request_source import opened_source
from ltvtui.sources.catalog import tables_of
from ltvtui.sources.catalog_table import CatalogTable
from ltvtui.sources.detection.proposal import Proposal
from ltvtui.sources.mapping import Mapping
from ltvtui.sources.mapping_file import SavedMapping
from ltvtui.sources.overrides import Overrides
from ltvtui.sources.preview import preview


@dataclass(frozen=True, eq=False)
class TrialReading:
    """What the database gives under what was said."""

    mapping: Mapping | None = None
    proposal: Proposal | None = None
    """Guesses and candidates, where something was guessed."""
    rows: pl.DataFrame | None = None
    tables: tuple[CatalogTable, ...] = ()
    """Of the database."""
    error: LtvError | None = None
    """What is in doubt or wrong."""


def read_with(
    request: OpenRequest, in_force: Mapping | None, overrides: Overrides, stopped: Callable[[], bool]
) -> TrialReading:
    """What the database of `request` gives with `overrides` before the mapping in force. Cancelled when `stopped`."""
    tables: tuple[CatalogTable, ...] = ()
    base = SavedMapping(in_force) if in_force else None
    try:
        with opened_source(request, cancelled=stopped) as location, location.open(stopped) as database:
            tables = tables_of(database)
            try:
                mapping, proposal = understand(database, replace(request, overrides=overrides), base)
                return TrialReading(mapping, proposal, preview(database, mapping, 10), tables)
            except Undecided as error:
                likely = error.proposal.mapping
                rows = preview(database, likely, 10) if likely else None
                return TrialReading(likely, error.proposal, rows, tables, error)
    except LtvError as error:
        return TrialReading(tables=tables, error=error)


def read_outcome(request: OpenRequest, mapping: Mapping, stopped: Callable[[], bool]) -> str:
    """What comes out of the shop under `mapping`, in a line.

    LtvError where nothing does; Cancelled when `stopped`.
    """
    dataset = preview_dataset(request, mapping, stopped)
    query = Query()
    as_of = dataset.as_of(query)
    days = dataset.activity_index.by_day.filter(pl.col("day") <= as_of)
    revenue, customers = int(days["revenue"].sum()), dataset.totals(as_of).customers.height
    return outcome_words(dataset.quality(query), customers, revenue, dataset.cleaned.currency)
