"""Which customers: filter expressions as steps of a query."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from ltvtui.analytics.dimensions import HINDSIGHT
from ltvtui.analytics.forecast.remembered import gate_on
from ltvtui.errors import LtvError
from ltvtui.query.grammar.errors import FilterError
from ltvtui.query.grammar.fields import fields_of, values_of
from ltvtui.query.grammar.resolve import FilterContext, resolved, single
from ltvtui.query.query import Filter, Query, Step, Where
from ltvtui.session.dataset import Dataset


def narrowed(dataset: Dataset, query: Query, conditions: Sequence[str]) -> Query:
    """`query` narrowed to customers who meet all `conditions`, each a filter expression.

    Raises FilterError that points at what cannot be read or means nothing in the shop (exit code 2), and LtvError
    where no customer meets all conditions (1).
    """
    for text in conditions:
        try:
            query = query & step_of(dataset, query, text)
        except FilterError as error:
            raise error.of(text) from None
    if conditions and count_matching(dataset, query) == 0:
        raise LtvError(
            f"No customers match: {query.describe()}.", "No customer matches all conditions: leave one out."
        )
    return query


def step_of(dataset: Dataset, query: Query, text: str) -> Step:
    """The step of `text`: a plain filter where it gives a dimension its value.

    Raises FilterError that points at what cannot be read or means nothing in the shop.
    """
    shop = shop_of(dataset, query)
    from ltvtui.query.grammar.parsing import parse  # grammars take long to load

    node = resolved(parse(text), shop)
    plainly = single(node, shop.fields)
    return Filter(*plainly) if plainly else Where(node)


def shop_of(dataset: Dataset, query: Query) -> FilterContext:
    """What there is to compare under the terms of `query`; values are looked up as they are asked for."""
    whole = query.whole()
    fields = fields_of(dataset.people, dataset.cleaned)

    return FilterContext(
        fields,
        dataset.as_of(query),
        lambda field: dataset.ask(values_of, whole, field),
        lambda: gate_on(dataset.activity, dataset.as_of(query)).why,
    )


def made_with_hindsight(dataset: Dataset, query: Query) -> bool:
    """True where some step of the trail selects customers by what they did after their first order: such a cut is
    descriptive, and no advice to buy follows from it (metrics.md §5)."""
    later = {field.name for field in fields_of(dataset.people, dataset.cleaned) if field.hindsight}

    def is_later(step: Step) -> bool:
        match step:
            case Filter(dimension, _):
                return dimension in HINDSIGHT
            case Where(node):
                return not later.isdisjoint(node.names())
        return True  # who came back, and who moved between tiers

    return any(is_later(step) for step in query.trail)


def count_matching(dataset: Dataset, query: Query) -> int:
    """How many customers meet the whole trail of `query`, without any of their figures."""
    whole = dataset.snapshot(query.whole())
    if not query.trail:
        return whole.customers.height
    meets = pl.all_horizontal(*(step.condition(whole) for step in query.trail))
    return int(whole.described.select(meets.sum()).item())
