"""What Quality shows: the account of cleaning, and doubts."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from ltvtui.analytics.data_quality import Quality as Account
from ltvtui.analytics.doubts import Doubt
from ltvtui.present.headline.quality import quality_clauses
from ltvtui.present.history import history_words
from ltvtui.present.numbers import symbol
from ltvtui.present.quality import quality_rows
from ltvtui.session.dataset import Dataset
from ltvtui.tui.location import Location
from ltvtui.tui.views.answer import Answer


@dataclass(frozen=True, eq=False, kw_only=True)
class QualityAnswer(Answer):
    """What quality shows."""

    account: Account
    rows: pl.DataFrame
    history: str
    """Where the history of the shop begins."""
    doubts: tuple[Doubt, ...]
    """What may have been read wrong."""


def quality(dataset: Dataset, location: Location) -> QualityAnswer:
    """The account as of the location's day."""
    account = dataset.quality(location.query)
    entry = dataset.snapshot(location.query.whole()).entry
    return QualityAnswer(
        headline=quality_clauses(account, entry, dataset.doubts, symbol(dataset.cleaned.currency)),
        account=account,
        rows=quality_rows(account),
        history=history_words(entry),
        doubts=dataset.doubts,
    )
