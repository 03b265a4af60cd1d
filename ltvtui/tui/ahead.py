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
from ltvtui.tui.place import BOARDS, BudgetView, Place

LARGE: Final = 50_000
"""Customers from which on looking ahead is worth it."""


def near(place: Place) -> tuple[Place, ...]:
    """Places one key away that cost so little that there is time for them while a large shop is read on."""
    by_tier = Place("explore", place.query, ("tier",))
    cheap = (Place("overview", place.query), *([] if place.query.trail else [by_tier]), Place("quality", place.query))
    views = [other.view for other in cheap]
    others = (replace(other, show=place.show) for other in cheap if other.view != place.view)
    return tuple(others) if place.view in views else ()


def likely(
    dataset: Dataset,
    place: Place,
    row: tuple[Step, ...],
    months: tuple[Query, ...],
    last_cut: tuple[str, ...] = (),
    stepping: int = 0,
    turning: bool = False,
    customer: int | None = None,
) -> Iterator[Place]:
    """Places that one key leads to from `place`, the likeliest first.

    `row` are the filters of the row under the cursor, `months` the lenses of other as-of days, `last_cut` the
    dimensions that were chosen last: they are offered again. `stepping` is not 0 where a month back (-1) or on (1)
    is what led here: who walks through time goes on walking; so does who goes
    through the periods of cohorts, which `turning` says. `customer` is the code of the one under the cursor.
    """
    query = into = place.query
    if stepping:
        elsewhen = _elsewhen(place, months)
        yield from sorted(elsewhen, key=lambda to: to.query.as_of or 0, reverse=stepping > 0)
    for step in row:
        into = into & step
    if row and place.view in ("overview", "explore"):
        again = not set(last_cut) & into.settled
        cuts = [last_cut] if last_cut and again else _free(dataset, into)
        yield from (Place("explore", into, by) for by in cuts[:1])
        yield Place("customers", into, place.by)
    if customer is not None:
        yield Place("customer", query, place.by, customer=customer)
    if place.view == "cohorts":
        cell = [replace(place, view="customers", query=into)] if row else []
        yield from _from_cohorts(place, cell, turning)
    if place.view == "matrix":
        if row:
            yield from (replace(place, view="explore", query=into, by=by) for by in _free(dataset, into)[:1])
            yield replace(place, view="customers", query=into)
        yield from _boards(place)
    if place.view == "budget":
        yield replace(place, budget=_of_another_period(dataset, place.budget))
    if place.view == "overview":
        yield from (Place("explore", query, by) for by in ((("tier",),) if not query.trail else ()))
    if place.view in ("overview", "explore"):
        yield from _to_cohorts(dataset, place)[0]
        yield Place("matrix", query, matrix=place.matrix)
        yield Place("budget", query, budget=place.budget)
        yield Place("quality", query)


def possible(dataset: Dataset, place: Place, months: tuple[Query, ...], stepping: int = 0) -> Iterator[Place]:
    """Places to which one key leads too, but less often, or a second one: many of them, of which some take long.

    `months` and `stepping` as likely takes them.
    """
    query = place.query
    if place.view == "cohorts":
        makers = (name for (name,) in _free(dataset, query) if name not in PERIODS and name != place.cohorts.by)
        yield from (replace(place, cohorts=replace(place.cohorts, by=name)) for name in makers)
    if place.view in ("overview", "explore"):
        yield from _to_cohorts(dataset, place)[1]
        yield from (Place("explore", query, by) for by in _free(dataset, query) if by != place.by)
        yield from _boards(Place("matrix", query, matrix=place.matrix))
    if not stepping:
        yield from _elsewhen(place, months)


def _elsewhen(place: Place, months: tuple[Query, ...]) -> list[Place]:
    return [replace(place, query=other) for other in months] if place.view in GROUPS else []


def _boards(place: Place) -> list[Place]:
    """The other boards of Matrix."""
    return [replace(place, matrix=place.matrix.on(board)) for board in BOARDS if board != place.matrix.board]


def _to_cohorts(dataset: Dataset, place: Place) -> tuple[list[Place], list[Place]]:
    """Cohorts as they were last, and by attributes: from the whole shop some of them soon, as they take long."""
    query, whole = place.query, place.view == "overview" and not place.query.trail
    makers = [name for name in dataset.people.attributes if name not in query.settled]
    if whole:
        makers.insert(1, "tier")  # they tell the cohorts of each tier
    triangles = [replace(place.cohorts, by=by) for by in makers]
    places = [Place("cohorts", query, cohorts=terms) for terms in (place.cohorts, *triangles)]
    soon = 3 if whole else 1
    return places[:soon], places[soon:]


def _from_cohorts(place: Place, cell: list[Place], turning: bool) -> Iterator[Place]:
    """The people of the `cell`, and cohorts of other periods as the key goes round."""
    here = BUCKETS.index(place.cohorts.bucket)
    round_from_here = BUCKETS[here + 1 :] + BUCKETS[:here]
    periods = [replace(place, cohorts=replace(place.cohorts, bucket=bucket)) for bucket in round_from_here]
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
