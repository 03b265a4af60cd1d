"""What is tried on Budget, and whether there is anything to take back, to save or to match."""

from __future__ import annotations

from dataclasses import replace

from ltvtui.analytics.budget.budget import Budget as Found
from ltvtui.query.query import Query
from ltvtui.tui.location import Location
from ltvtui.tui.views.budget.state import BudgetState


def saved_terms(location: Location) -> tuple[Query, BudgetState]:
    """Settings and state in which what is tried is saved: margin, horizon and discount for every screen; a period
    stays what is tried."""
    state, query = location.state(BudgetState), location.query
    draft = state.draft
    terms = replace(draft, margin=None, horizon=None, discount=None)
    return (
        replace(
            query,
            margin=query.margin if draft.margin is None else draft.margin,
            horizon=query.horizon if draft.horizon is None else draft.horizon,
            discount=query.discount if draft.discount is None else draft.discount,
        ),
        replace(state, draft=terms, saved=replace(terms, since=None, until=None)),
    )


def can_save(location: Location) -> bool:
    """Whether saving would change a setting."""
    query, state = saved_terms(location)
    return query != location.query or state.saved != location.state(BudgetState).saved


def unmatched_spend(found: Found) -> list[tuple[str, int]]:
    """Names in the spend that are no channel's, and the money of each."""
    return [(str(name), value) for name, value in found.spend_without_customers.drop_nulls("channel").rows()]
