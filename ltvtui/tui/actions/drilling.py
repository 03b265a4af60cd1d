"""Going into a row, to the people behind it, to another dimension or view, and back up."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ltvtui.query.query import Query
from ltvtui.session.dataset import Dataset
from ltvtui.session.strongest_dimension import strongest_dimension
from ltvtui.tui.action_context import ActionContext
from ltvtui.tui.location import Location, Way

ALL_CUSTOMERS = ("tier",)
"""How the whole shop is divided where nothing is known that divides it better."""
NO_ROW: Final = "No row is selected."


def switch(main_screen: ActionContext, view: str) -> None:
    """Another view of the trail that is wanted, for keys may be faster than answers."""
    here, wanted, query = main_screen.location, main_screen.wanted, main_screen.wanted.query
    if view == wanted.view:  # its name is marked in the footer: a notice would only cover figures
        return
    if view == here.view and here == replace(wanted.at(view, query, here.by), search=here.search, sort=here.sort):
        main_screen.cancel()  # it is on screen: whatever was wanted is not any more
    else:
        whole = first_division(main_screen.dataset) if view == "explore" else ALL_CUSTOMERS
        by = free_dimension(main_screen, query) if query.trail else whole
        main_screen.go(wanted.at(view, query, by), way="across")


def into_segments(main_screen: ActionContext) -> None:
    """Into the row or cell: its segments by the next dimension."""
    if is_open(main_screen):
        query = row_query(main_screen)
        main_screen.go(main_screen.wanted.at("explore", query, free_dimension(main_screen, query)))


def into_customer(main_screen: ActionContext) -> None:
    """The card of the customer under the cursor."""
    here, code = main_screen.location, main_screen.active.customer()
    if code is None:
        main_screen.app.notify(NO_ROW, markup=False)
        return
    main_screen.go(replace(main_screen.wanted.at("customer", here.query, here.by), customer=code))


def ask_below(main_screen: ActionContext) -> None:
    """Into the segment, by a dimension that is asked for."""
    if is_open(main_screen):
        _ask_dimension(main_screen, row_query(main_screen), people=True)


def people(main_screen: ActionContext) -> None:
    """The customers behind the row or cell."""
    if is_open(main_screen):
        here = main_screen.location
        main_screen.go(replace(here, view="customers", query=row_query(main_screen), search="", sort=None))


def group_by(main_screen: ActionContext) -> None:
    """The same customers by another dimension."""
    _ask_dimension(main_screen, main_screen.location.query, people=False)


def group_at_once(main_screen: ActionContext, dimension: str) -> None:
    """The same customers by a dimension that was named."""
    main_screen.last_dimension = (dimension,)
    wanted = main_screen.wanted
    way: Way = "stay" if wanted.view == "explore" else "on"
    main_screen.go(wanted.at("explore", wanted.query, (dimension,)), way=way)


def up(main_screen: ActionContext) -> None:
    """One step up: cancel what runs, close the search, leave the big plot, leave a first answer as it is, undo the
    step that led here, then take the last filter off the trail; never out of the app."""
    if _ended(main_screen) or main_screen.long_answers.cancel(main_screen.location):
        return
    location, registry = main_screen.location, main_screen.registry
    if (before := main_screen.navigator.stepped_from) is not None:
        _return(main_screen, before)
    elif registry.view(location.view).needs_customer:
        main_screen.go(main_screen.wanted.at("customers", location.query, location.by), way="across")
    elif location.query.trail:
        main_screen.go(replace(location, query=location.query.up()), way="across")
    elif location.view != registry.first:
        main_screen.go(main_screen.wanted.at(registry.first, location.query, ALL_CUSTOMERS), way="across")
    else:
        main_screen.app.notify("This is the top level; q quits.", markup=False)


def back(main_screen: ActionContext) -> None:
    """The screen before this one; cancel what runs first."""
    if _ended(main_screen):
        return
    if (before := main_screen.navigator.previous_location) is not None:
        _return(main_screen, before)
    else:
        main_screen.app.notify("No screen before this one; Esc goes up.", markup=False)


def _ended(main_screen: ActionContext) -> bool:
    """Whether something was going on, which is over now."""
    return (
        main_screen.cancel()
        or main_screen.frame.stop_export()
        or main_screen.frame.close_search()
        or main_screen.active.leave_big_plot()
    )


def _return(main_screen: ActionContext, before: Location) -> None:
    location = main_screen.location
    under = before if location.own_terms else before.under(location.query)
    main_screen.go(replace(under, show=location.show), way="back")


def is_open(main_screen: ActionContext) -> bool:
    """Whether the row or cell under the cursor can be drilled into; else it is said why not."""
    closed = main_screen.active.closed()
    if closed is not None:
        main_screen.app.notify(closed or NO_ROW, markup=False)
    return closed is None


def row_query(main_screen: ActionContext) -> Query:
    """The query narrowed to the row under the cursor."""
    query = main_screen.location.query
    for step in main_screen.active.steps():
        query = query & step
    return query


def first_division(dataset: Dataset) -> tuple[str, ...]:
    """What Explore divides the whole shop by at first: the dimension that tells LTV apart most, once it is found."""
    found = strongest_dimension(dataset)
    return ALL_CUSTOMERS if found is None else (found,)


def free_dimension(main_screen: ActionContext, query: Query) -> tuple[str, ...]:
    """The dimension to divide by next: the last one used, unless the trail has settled it."""
    if main_screen.last_dimension and not set(main_screen.last_dimension) & query.fixed_dimensions:
        return main_screen.last_dimension
    return next(((d,) for d in main_screen.dataset.dimensions if d not in query.fixed_dimensions), ALL_CUSTOMERS)


def _ask_dimension(main_screen: ActionContext, query: Query, *, people: bool) -> None:
    """Ask for a dimension; with `people` it is one step further in, and the people can be listed instead."""
    from ltvtui.present.portrait.criteria import unknown_criteria
    from ltvtui.session.criteria import criteria_of
    from ltvtui.tui.dialogs.dimension import CUSTOMERS, DimensionDialog

    free = list(main_screen.dataset.dimensions_of(query))

    def to(by: tuple[str, ...]) -> Location:
        wanted = main_screen.wanted
        if by == (CUSTOMERS,):
            return wanted.at("customers", query, main_screen.location.by)
        return wanted.at("explore", query, by)

    def chosen(by: tuple[str, ...] | None) -> None:
        if by == (CUSTOMERS,):
            main_screen.go(to(by))
        elif by is not None:
            main_screen.last_dimension = by
            main_screen.go(to(by), way="on" if people or main_screen.view != "explore" else "stay")

    current = free_dimension(main_screen, query) if people else main_screen.location.by
    title = "Then by" if people else "Group by"

    def preview(by: tuple[str, ...]) -> None:
        main_screen.lookahead.expect(to(by))

    criteria = criteria_of(main_screen.dataset)
    unknown = [f"{text[0].upper()}{text[1:]}." for text in unknown_criteria(criteria)]
    missing = " ".join(part for part in (main_screen.dataset.missing_dimensions(query), *unknown) if part)
    dialog = DimensionDialog(
        free, current, title=title, people=people, missing=missing, criteria=criteria, on_preview=preview
    )
    main_screen.app.push_screen(dialog, chosen)
