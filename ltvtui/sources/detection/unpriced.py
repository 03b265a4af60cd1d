"""Columns that are called amounts and are not understood: said with an example, instead of seeing no orders."""

from __future__ import annotations

from collections.abc import Iterable

from ltvtui.errors import LtvError
from ltvtui.sources.catalog_table import CatalogColumn, CatalogTable
from ltvtui.sources.detection import scoring
from ltvtui.sources.detection.vocabulary import group, meaning, weights
from ltvtui.sources.values.money import is_money
from ltvtui.sources.values.nothing import is_nothing

_DIGITS_ENOUGH = 0.9
"""Share of the values that has to hold a digit: words are no amounts."""


def refuse_strange_amounts(tables: Iterable[CatalogTable]) -> None:
    """LtvError (exit code 2) where a table has a customer, a date and an amount, were its amounts understood."""
    for table in tables:
        if any(scoring.amount_score(column) for column in table.columns):
            continue
        if not any(scoring.customer_score(c) for c in table.columns):
            continue
        if not any(scoring.date_score(c)[0] for c in table.columns):
            continue
        for column in table.columns:
            if (example := _strange(column)) is not None:
                raise LtvError(
                    f"The amounts in {column.name} of {table.name} cannot be read, such as {example!r}.",
                    "Write them as 1234.56, or name another column: --amount COLUMN.",
                    2,
                )


def _strange(column: CatalogColumn) -> str | None:
    """The first of its amounts that is not understood, where its name is one of amounts."""
    name_words = set(meaning(column.name))
    if not name_words & weights("amount").keys() or name_words & group("amount_bad"):
        return None
    texts = [v.strip() for v in column.sample if isinstance(v, str) and not is_nothing(v)]
    if sum(any(c.isdigit() for c in text) for text in texts) < _DIGITS_ENOUGH * len(texts):
        return None
    return next((text for text in texts if not is_money(text)), None)
