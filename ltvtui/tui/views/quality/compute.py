"""What Quality shows: the account of cleaning, and doubts."""

from __future__ import annotations

from dataclasses import dataclass

from ltvtui.analytics.cleaning.data_quality import Quality as Account
from ltvtui.analytics.doubts import Doubt
from ltvtui.present.headline.quality import quality_clauses
from ltvtui.present.history import history_words
from ltvtui.present.numbers import symbol
from ltvtui.present.quality import quality_rows, quality_table
from ltvtui.present.tables import Table
from ltvtui.session.dataset import Dataset
from ltvtui.tui.location import Location
from ltvtui.tui.views.answer import Answer


@dataclass(frozen=True, eq=False, kw_only=True)
class QualityAnswer(Answer):
    """What quality shows."""

    account: Account
    rules: Table
    history: str
    """Where the history of the shop begins."""
    doubts: tuple[Doubt, ...]
    """What may have been read wrong."""


def quality(dataset: Dataset, location: Location) -> QualityAnswer:
    """The account as of the location's day."""
    account = dataset.quality(location.query)
    entry = dataset.snapshot(location.query.whole()).entry
    currency = symbol(dataset.cleaned.currency)
    return QualityAnswer(
        headline=quality_clauses(account, entry, dataset.doubts, currency),
        account=account,
        rules=quality_table(quality_rows(account), currency),
        history=history_words(entry),
        doubts=dataset.doubts,
    )
