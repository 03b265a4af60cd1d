"""Explore as a registered screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from ltvtui.present.definitions import SEGMENTS
from ltvtui.session.dataset import Dataset
from ltvtui.tui.actions import drilling
from ltvtui.tui.actions.sets import AGES, FILTERED, INTERVALS, NOTED, PLOTS, SEARCHED, SORTED
from ltvtui.tui.location import Location
from ltvtui.tui.on_demand import on_demand_in
from ltvtui.tui.views.explore.state import ExploreState
from ltvtui.tui.views.segment_rows import below
from ltvtui.tui.views.spec import Expected, Outlook, ViewSpec

if TYPE_CHECKING:
    from ltvtui.tui.views.explore import actions, compute, view
else:
    actions, compute, view = on_demand_in("ltvtui.tui.views.explore", "actions", "compute", "view")


def _expected(outlook: Outlook) -> Expected:
    """What is below the row; of a heat map its next metric, of a list by two dimensions the heat map."""
    here, found = outlook.location, below(outlook)
    if len(here.by) < 2:
        return found
    crossed = actions.with_next_metric(here) if actions.is_crossed(here) else here.changed(ExploreState, crossed=True)
    return Expected((*found.soon, crossed), found.later)


def _entry(outlook: Outlook) -> Expected:
    """What the whole shop is divided by at first soon, other dimensions later."""
    location, query = outlook.location, outlook.location.query
    is_soon = location.view != "explore" and not query.trail
    others = [location.at("explore", query, by) for by in outlook.free(query) if by != location.by]
    first = drilling.first_division(outlook.dataset)
    return Expected((location.at("explore", query, first),) if is_soon else (), others)


def _preparations(dataset: Dataset, location: Location) -> Sequence[Callable[[], object]]:
    """XYZ is about gaps between orders."""
    return dataset.activity_index.preparations if "XYZ" in location.by else ()


def _describe(location: Location) -> str:
    return f"by {' × '.join(location.by)}"


EXPLORE: Final = ViewSpec(
    "explore",
    view.ExploreScreen,
    compute.explore,
    key="2",
    title="Explore",
    help="Segments by any dimension; drill down to their customers.",
    vocabulary=SEGMENTS,
    state=ExploreState,
    reads=frozenset({"trail", "by", "show"}),
    describe=_describe,
    dimensions=lambda location: location.by,
    actions={
        **FILTERED, **SORTED, **SEARCHED, **PLOTS, **INTERVALS, **AGES, **NOTED,
        "plot": actions.plot,
        "metric": actions.next_metric,
        "drill": drilling.ask_below,
        "people": drilling.people,
        "dimension": drilling.group_by,
    },
    expected=_expected,
    entry=_entry,
    preparations=_preparations,
    is_hub=True,
    is_cheap=True,
)  # fmt: skip
