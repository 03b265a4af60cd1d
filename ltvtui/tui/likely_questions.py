"""What the analyst will probably ask next, so that it is answered before they do.

The keys that lead on from a place are few: into the row under the cursor, to the people behind it, to another
view or cut, a month back or on. While nobody presses a key these are asked one after another; the dataset
remembers the answers. Small shops answer at once anyway.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from ltvtui.analytics.dimensions import PERIODS
from ltvtui.analytics.kernel.calendar import BUCKETS
from ltvtui.days import iso, months_later, parse_day
from ltvtui.query.query import Query, Step
from ltvtui.session.dataset import Dataset
from ltvtui.tui.commands import GROUPS
from ltvtui.tui.location import BOARDS, BudgetView, Location

LARGE: Final = 50_000
"""Customers from which on looking ahead is worth it."""


def near(location: Location) -> tuple[Location, ...]:
    """Places one key away that cost so little that there is time for them while a large shop is read on."""
    by_tier = Location("explore", location.query, ("tier",))
    cheap = (
        Location("overview", location.query),
        *([] if location.query.trail else [by_tier]),
        Location("quality", location.query),
    )
    views = [other.view for other in cheap]
    others = (replace(other, show=location.show) for other in cheap if other.view != location.view)
    return tuple(others) if location.view in views else ()


def likely(
    dataset: Dataset,
    location: Location,
    row: tuple[Step, ...],
    months: tuple[Query, ...],
    last_cut: tuple[str, ...] = (),
    stepping: int = 0,
    turning: bool = False,
    customer: int | None = None,
) -> Iterator[Location]:
    """Places that one key leads to from `place`, the likeliest first.

    `row` are the filters of the row under the cursor, `months` the queries of other as-of days, `last_cut` the
    dimensions that were chosen last: they are offered again. `stepping` is not 0 where a month back (-1) or on (1)
    is what led here: who walks through time goes on walking; so does who goes
    through the periods of cohorts, which `turning` says. `customer` is the code of the one under the cursor.
    """
    query = into = location.query
    if stepping:
        elsewhen = _elsewhen(location, months)
        yield from sorted(elsewhen, key=lambda to: to.query.as_of or 0, reverse=stepping > 0)
    for step in row:
        into = into & step
    if row and location.view in ("overview", "explore"):
        again = not set(last_cut) & into.settled
        cuts = [last_cut] if last_cut and again else _free(dataset, into)
        yield from (Location("explore", into, by) for by in cuts[:1])
        yield Location("customers", into, location.by)
    if customer is not None:
        yield Location("customer", query, location.by, customer=customer)
    if location.view == "cohorts":
        cell = [replace(location, view="customers", query=into)] if row else []
        yield from _from_cohorts(location, cell, turning)
    if location.view == "matrix":
        if row:
            yield from (replace(location, view="explore", query=into, by=by) for by in _free(dataset, into)[:1])
            yield replace(location, view="customers", query=into)
        yield from _boards(location)
    if location.view == "budget":
        yield replace(location, budget=_of_another_period(dataset, location.budget))
    if location.view == "overview":
        yield from (Location("explore", query, by) for by in ((("tier",),) if not query.trail else ()))
    if location.view in ("overview", "explore"):
        yield from _to_cohorts(dataset, location)[0]
        yield Location("matrix", query, matrix=location.matrix)
        yield Location("budget", query, budget=location.budget)
        yield Location("quality", query)


def possible(
    dataset: Dataset, location: Location, months: tuple[Query, ...], stepping: int = 0
) -> Iterator[Location]:
    """Places to which one key leads too, but less often, or a second one: many of them, of which some take long.

    `months` and `stepping` as likely takes them.
    """
    query = location.query
    if location.view == "cohorts":
        makers = (name for (name,) in _free(dataset, query) if name not in PERIODS and name != location.cohorts.by)
        yield from (replace(location, cohorts=replace(location.cohorts, by=name)) for name in makers)
    if location.view in ("overview", "explore"):
        yield from _to_cohorts(dataset, location)[1]
        yield from (Location("explore", query, by) for by in _free(dataset, query) if by != location.by)
        yield from _boards(Location("matrix", query, matrix=location.matrix))
    if not stepping:
        yield from _elsewhen(location, months)


def _elsewhen(location: Location, months: tuple[Query, ...]) -> list[Location]:
    return [replace(location, query=other) for other in months] if location.view in GROUPS else []


def _boards(location: Location) -> list[Location]:
    """The other boards of Matrix."""
    return [replace(location, matrix=location.matrix.on(board)) for board in BOARDS if board != location.matrix.board]


def _to_cohorts(dataset: Dataset, location: Location) -> tuple[list[Location], list[Location]]:
    """Cohorts as they were last, and by attributes: from the whole shop some of them soon, as they take long."""
    query, whole = location.query, location.view == "overview" and not location.query.trail
    makers = [name for name in dataset.people.attributes if name not in query.settled]
    if whole:
        makers.insert(1, "tier")  # they tell the cohorts of each tier
    triangles = [replace(location.cohorts, by=by) for by in makers]
    places = [Location("cohorts", query, cohorts=terms) for terms in (location.cohorts, *triangles)]
    soon = 3 if whole else 1
    return places[:soon], places[soon:]


def _from_cohorts(location: Location, cell: list[Location], turning: bool) -> Iterator[Location]:
    """The people of the `cell`, and cohorts of other periods as the key goes round."""
    here = BUCKETS.index(location.cohorts.bucket)
    round_from_here = BUCKETS[here + 1 :] + BUCKETS[:here]
    periods = [replace(location, cohorts=replace(location.cohorts, bucket=bucket)) for bucket in round_from_here]
    yield from (*periods, *cell) if turning else (*cell, *periods)


def by_months(dataset: Dataset, query: Query, step: int) -> Query:
    """`query` as of `step` months later; a month end goes to month ends, so that whole months are compared.

    Never later than the last day with an order or a refund, unless it was later already.
    """
    target = months_later(dataset.as_of(query), step)
    if step > 0 and dataset.last_day is not None and target > dataset.last_day:
        target = max(dataset.last_day, dataset.as_of(query))
    return replace(query, as_of=target)


def _of_another_period(dataset: Dataset, budget: BudgetView) -> BudgetView:
    """Budget since the second month: what it takes to answer that serves every period of whole months."""
    since = months_later(parse_day(f"{iso(dataset.first_day)[:8]}01"), 1)
    return replace(budget, tried=replace(budget.tried, since=since))


def _free(dataset: Dataset, query: Query) -> list[tuple[str, ...]]:
    """Dimensions that the trail has not settled."""
    return [(name,) for name in dataset.dimensions if name not in query.settled]
