"""Which columns of a shop a question needs, told from its words before the shop is read."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ltvtui.analytics.budget.spend import CHANNEL_WORDS
from ltvtui.sources.mapping import Mapping
from ltvtui.sources.needed_columns import FIGURES, NeededColumns

Needs = Callable[[Mapping], NeededColumns]
"""What is read first of a shop with that mapping."""


def figures_only(mapping: Mapping) -> NeededColumns:
    """Key figures and tiers."""
    return FIGURES


def columns_in(texts: Iterable[str | None], *, channels: bool) -> Needs:
    """What `texts`, names of dimensions and filters, may mean; and, where `channels` are told of, those.

    An attribute counts as needed where its name stands anywhere in a text: too many cost a little time, one too few
    is noticed, for a dimension or field that is not there is an error.
    """
    written = _folded(" ".join(text for text in texts if text))

    def needed(mapping: Mapping) -> NeededColumns:
        names = [attribute.name for attribute in mapping.attributes]
        chosen = {name for name in names if _folded(name) in written or (channels and _is_channel(name))}
        if chosen and mapping.order_id is None:  # then all attributes decide which of equal orders was the first
            chosen = set(names)
        return NeededColumns(frozenset(chosen), order_ids=True, tables=True)

    return needed


def _is_channel(name: str) -> bool:
    return any(word in name for word in CHANNEL_WORDS)


def _folded(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())
