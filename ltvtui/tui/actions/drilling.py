"""Going into a row, to the people behind it, to another cut or view, and back up."""

from __future__ import annotations

from dataclasses import replace

from ltvtui.query.query import Query
from ltvtui.tui.actions import budget, cohorts
from ltvtui.tui.dialogs.dimension import CUSTOMERS, DimensionDialog
from ltvtui.tui.location import Location
from ltvtui.tui.screens.budget import BudgetScreen
from ltvtui.tui.screens.cohorts import CohortsScreen
from ltvtui.tui.screens.customers import CustomersScreen
from ltvtui.tui.screens.explore import ExploreScreen
from ltvtui.tui.screens.export_progress import ExportProgress
from ltvtui.tui.screens.main_screen import MainScreen
from ltvtui.tui.screens.matrix import MatrixScreen
from ltvtui.tui.screens.overview import OverviewScreen


def switch(main_screen: MainScreen, view: str) -> None:
    """Another view of the trail that is wanted, for keys may be faster than answers."""
    here, wanted, query = main_screen.location, main_screen.wanted, main_screen.wanted.query
    if view == wanted.view:
        return
    if view == here.view and here == replace(
        _to(main_screen, view, query, here.by), search=here.search, sort=here.sort
    ):
        main_screen.cancel()  # it is on screen: whatever was wanted is not any more
    else:
        by = free_dimension(main_screen, query) if query.trail else ("tier",)
        main_screen.go(_to(main_screen, view, query, by))


def drill(main_screen: MainScreen) -> None:
    """Into the row: from a tier to its segments, from a segment to the next cut, to a customer's card."""
    match main_screen.active:
        case CustomersScreen() as view:
            if (code := view.customer()) is not None:
                main_screen.go(
                    replace(
                        _to(main_screen, "customer", main_screen.location.query, main_screen.location.by),
                        customer=code,
                    )
                )
        case (OverviewScreen() | MatrixScreen() | BudgetScreen()) as view if view.steps():
            query = row_query(main_screen)
            main_screen.go(_to(main_screen, "explore", query, free_dimension(main_screen, query)))
        case BudgetScreen():
            main_screen.app.notify("“all” has every channel: choose one of them.", markup=False)
        case MatrixScreen() as view:
            main_screen.app.notify(view.why_closed(), markup=False)
        case ExploreScreen() as view if view.steps():
            _ask_dimension(main_screen, row_query(main_screen), people=True)
        case CohortsScreen():
            people(main_screen)
        case _:
            return


def people(main_screen: MainScreen) -> None:
    """The customers behind the row or cell."""
    view = main_screen.active
    if isinstance(view, CohortsScreen) and view.is_blank():
        main_screen.app.notify("No data yet: this period is in the future.", markup=False)
    elif isinstance(view, MatrixScreen) and not view.steps():
        main_screen.app.notify(view.why_closed(), markup=False)
    elif view.steps() or isinstance(view, CohortsScreen):
        main_screen.go(
            replace(main_screen.location, view="customers", query=row_query(main_screen), search="", sort=None)
        )


def dimension(main_screen: MainScreen) -> None:
    """Another cut of the same customers."""
    if main_screen.view == "cohorts":
        cohorts.ask_cohorts(main_screen)
        return
    if main_screen.view == "budget":
        budget.cut(main_screen)
        return
    _ask_dimension(main_screen, main_screen.location.query, people=False)


def back(main_screen: MainScreen) -> None:
    """Up one step: cancel what runs, close the narrowing, leave the big plot, then the place; never the app."""
    if (
        main_screen.cancel()
        or main_screen.query_one(ExportProgress).stop()
        or main_screen.stop_narrowing()
        or main_screen.active.leave_big_plot()
    ):
        return
    location = main_screen.location
    if (before := main_screen.came_from) is not None:
        main_screen.go(
            replace(before if location.own_terms else before.under(location.query), show=location.show), way="back"
        )
    elif location.query.trail:
        main_screen.go(replace(location, query=location.query.up()), way="stay")
    elif location.view != "overview":
        main_screen.go(_to(main_screen, "overview", location.query, ("tier",)), way="stay")
    else:
        main_screen.app.notify("This is the top level; q quits.", markup=False)


def _to(main_screen: MainScreen, view: str, query: Query, by: tuple[str, ...]) -> Location:
    """A place that remembers what Cohorts, Matrix and Budget showed last."""
    location = main_screen.wanted
    return Location(
        view, query, by, cohorts=location.cohorts, matrix=location.matrix, budget=location.budget, show=location.show
    )


def row_query(main_screen: MainScreen) -> Query:
    """The query narrowed to the row under the cursor."""
    query = main_screen.location.query
    for step in main_screen.active.steps():
        query = query & step
    return query


def free_dimension(main_screen: MainScreen, query: Query) -> tuple[str, ...]:
    """The dimension to cut by next: the last one used, unless the trail has settled it."""
    if main_screen.next_dimension and not set(main_screen.next_dimension) & query.settled:
        return main_screen.next_dimension
    return next(((d,) for d in main_screen.shop.dimensions if d not in query.settled), ("tier",))


def _ask_dimension(main_screen: MainScreen, query: Query, *, people: bool) -> None:
    """Ask for the next cut; with `people` it is one step further in, and the people can be listed instead."""
    free = [d for d in main_screen.shop.dimensions if d not in query.settled]

    def to(by: tuple[str, ...]) -> Location:
        listed = by == (CUSTOMERS,)
        return _to(
            main_screen, "customers" if listed else "explore", query, main_screen.location.by if listed else by
        )

    def chosen(by: tuple[str, ...] | None) -> None:
        if by == (CUSTOMERS,):
            main_screen.go(to(by))
        elif by is not None:
            main_screen.next_dimension = by
            main_screen.go(to(by), way="on" if people or main_screen.view != "explore" else "stay")

    current = free_dimension(main_screen, query) if people else main_screen.location.by
    title = "Then by" if people else "Group by"
    dialog = DimensionDialog(free, current, title=title, people=people, tried=lambda by: main_screen.expect(to(by)))
    main_screen.app.push_screen(dialog, chosen)
