"""Which customers: filter expressions as steps of a lens."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from ltvtui.analytics.dimensions import HINDSIGHT
from ltvtui.book import Book
from ltvtui.errors import LtvError
from ltvtui.filters.fields import fields_of, values_of
from ltvtui.filters.meaning import Shop, settled, single
from ltvtui.filters.mistake import FilterError
from ltvtui.filters.parsing import parse
from ltvtui.lens import Filter, Lens, Step, Where


def narrowed(book: Book, lens: Lens, conditions: Sequence[str]) -> Lens:
    """`lens` narrowed to customers who meet all `conditions`, each a filter expression.

    Raises FilterError that points at what cannot be read or means nothing in the shop (exit code 2), and LtvError
    where nobody meets all conditions (1).
    """
    for text in conditions:
        try:
            lens = lens & step_of(book, lens, text)
        except FilterError as error:
            raise error.of(text) from None
    if conditions and kept(book, lens) == 0:
        raise LtvError(f"There are no customers: {lens.words()}.", "All conditions have to hold: leave one out.")
    return lens


def step_of(book: Book, lens: Lens, text: str) -> Step:
    """The step that `text` says: the plain one where it gives a dimension its value.

    Raises FilterError that points at what cannot be read or means nothing in the shop.
    """
    shop = shop_of(book, lens)
    node = settled(parse(text), shop)
    plainly = single(node, shop.fields)
    return Filter(*plainly) if plainly else Where(node)


def shop_of(book: Book, lens: Lens) -> Shop:
    """What there is to compare under the terms of `lens`; values are looked up as they are asked for."""
    whole = lens.whole()
    fields = fields_of(book.people, book.cleaned)
    return Shop(fields, book.as_of(lens), lambda field: book.ask(values_of, whole, field))


def made_with_hindsight(book: Book, lens: Lens) -> bool:
    """True where some step of the trail tells customers by what they did after their first order: such a cut
    describes, and nothing that reads as advice to buy follows from it (metrics.md §5)."""
    later = {field.name for field in fields_of(book.people, book.cleaned) if field.hindsight}

    def tells(step: Step) -> bool:
        match step:
            case Filter(dimension, _):
                return dimension in HINDSIGHT
            case Where(node):
                return not later.isdisjoint(node.names())
        return True  # who came back, and who moved between tiers

    return any(tells(step) for step in lens.trail)


def kept(book: Book, lens: Lens) -> int:
    """How many customers meet the whole trail of `lens`; none of their figures is made for that."""
    whole = book.snapshot(lens.whole())
    if not lens.trail:
        return whole.customers.height
    meets = pl.all_horizontal(*(step.condition(whole) for step in lens.trail))
    return int(whole.described.select(meets.sum()).item())
