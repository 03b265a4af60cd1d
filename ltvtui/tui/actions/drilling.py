"""Going into a row, to the people behind it, to another cut or view, and back up."""

from __future__ import annotations

from dataclasses import replace

from ltvtui.query.query import Query
from ltvtui.tui.actions import budget, triangle
from ltvtui.tui.dialogs.dimension import CUSTOMERS, DimensionDialog
from ltvtui.tui.place import Place
from ltvtui.tui.screens.budget import Budget
from ltvtui.tui.screens.cohorts import Cohorts
from ltvtui.tui.screens.customers import Customers
from ltvtui.tui.screens.desk import Desk
from ltvtui.tui.screens.explore import Explore
from ltvtui.tui.screens.matrix import Matrix
from ltvtui.tui.screens.overview import Overview
from ltvtui.tui.screens.sending import Sending


def switch(desk: Desk, view: str) -> None:
    """Another view of the trail that is wanted, for keys may be faster than answers."""
    here, wanted, query = desk.place, desk.wanted, desk.wanted.query
    if view == wanted.view:
        return
    if view == here.view and here == replace(_to(desk, view, query, here.by), search=here.search, sort=here.sort):
        desk.cancel()  # it is on screen: whatever was wanted is not any more
    else:
        by = free_dimension(desk, query) if query.trail else ("tier",)
        desk.go(_to(desk, view, query, by))


def drill(desk: Desk) -> None:
    """Into the row: from a tier to its segments, from a segment to the next cut, to a customer's card."""
    match desk.active:
        case Customers() as view:
            if (code := view.customer()) is not None:
                desk.go(replace(_to(desk, "customer", desk.place.query, desk.place.by), customer=code))
        case (Overview() | Matrix() | Budget()) as view if view.steps():
            query = row_lens(desk)
            desk.go(_to(desk, "explore", query, free_dimension(desk, query)))
        case Budget():
            desk.app.notify("“all” is everybody: choose a channel.", markup=False)
        case Matrix() as view:
            desk.app.notify(view.why_closed(), markup=False)
        case Explore() as view if view.steps():
            _ask_dimension(desk, row_lens(desk), people=True)
        case Cohorts():
            people(desk)
        case _:
            return


def people(desk: Desk) -> None:
    """The customers behind the row or cell."""
    view = desk.active
    if isinstance(view, Cohorts) and view.is_blank():
        desk.app.notify("That was not observed: the period is yet to come.", markup=False)
    elif isinstance(view, Matrix) and not view.steps():
        desk.app.notify(view.why_closed(), markup=False)
    elif view.steps() or isinstance(view, Cohorts):
        desk.go(replace(desk.place, view="customers", query=row_lens(desk), search="", sort=None))


def dimension(desk: Desk) -> None:
    """Another cut of the same customers."""
    if desk.view == "cohorts":
        triangle.ask_cohorts(desk)
        return
    if desk.view == "budget":
        budget.cut(desk)
        return
    _ask_dimension(desk, desk.place.query, people=False)


def back(desk: Desk) -> None:
    """Up one step: cancel what runs, close the narrowing, leave the big plot, then the place; never the app."""
    if desk.cancel() or desk.query_one(Sending).stop() or desk.stop_narrowing() or desk.active.leave_big_plot():
        return
    place = desk.place
    if (before := desk.came_from) is not None:
        desk.go(replace(before if place.own_terms else before.under(place.query), show=place.show), way="back")
    elif place.query.trail:
        desk.go(replace(place, query=place.query.up()), way="stay")
    elif place.view != "overview":
        desk.go(_to(desk, "overview", place.query, ("tier",)), way="stay")
    else:
        desk.app.notify("This is the top; q leaves.", markup=False)


def _to(desk: Desk, view: str, query: Query, by: tuple[str, ...]) -> Place:
    """A place that remembers what Cohorts, Matrix and Budget showed last."""
    place = desk.wanted
    return Place(view, query, by, cohorts=place.cohorts, matrix=place.matrix, budget=place.budget, show=place.show)


def row_lens(desk: Desk) -> Query:
    """The query narrowed to the row under the cursor."""
    query = desk.place.query
    for step in desk.active.steps():
        query = query & step
    return query


def free_dimension(desk: Desk, query: Query) -> tuple[str, ...]:
    """The dimension to cut by next: the last one used, unless the trail has settled it."""
    if desk.next_dimension and not set(desk.next_dimension) & query.settled:
        return desk.next_dimension
    return next(((d,) for d in desk.shop.dimensions if d not in query.settled), ("tier",))


def _ask_dimension(desk: Desk, query: Query, *, people: bool) -> None:
    """Ask for the next cut; with `people` it is one step further in, and the people can be listed instead."""
    free = [d for d in desk.shop.dimensions if d not in query.settled]

    def to(by: tuple[str, ...]) -> Place:
        listed = by == (CUSTOMERS,)
        return _to(desk, "customers" if listed else "explore", query, desk.place.by if listed else by)

    def chosen(by: tuple[str, ...] | None) -> None:
        if by == (CUSTOMERS,):
            desk.go(to(by))
        elif by is not None:
            desk.next_dimension = by
            desk.go(to(by), way="on" if people or desk.view != "explore" else "stay")

    current = free_dimension(desk, query) if people else desk.place.by
    title = "Then by" if people else "Cut by"
    dialog = DimensionDialog(free, current, title=title, people=people, tried=lambda by: desk.expect(to(by)))
    desk.app.push_screen(dialog, chosen)
