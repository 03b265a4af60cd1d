"""Cohorts as a registered screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from ltvtui.analytics.dimensions import PERIODS
from ltvtui.analytics.kernel.calendar import BUCKETS
from ltvtui.present.definitions import EVERYWHERE
from ltvtui.session.dataset import Dataset
from ltvtui.tui.actions import drilling
from ltvtui.tui.actions.sets import FILTERED, INTERVALS, NOTED, PLOT, metrics
from ltvtui.tui.command import Command
from ltvtui.tui.location import Location
from ltvtui.tui.on_demand import on_demand_in
from ltvtui.tui.views.cohorts.state import CohortsState
from ltvtui.tui.views.spec import Expected, Outlook, ViewSpec

if TYPE_CHECKING:
    from ltvtui.tui.views.cohorts import actions, compute, view
else:
    actions, compute, view = on_demand_in("ltvtui.tui.views.cohorts", "actions", "compute", "view")

MARK: Final = Command(
    "mark", "space", "Spc", "mark", "Mark the cohort to draw its curve; on Plan, choose.", "Ask",
    run=actions.mark, footer=66, why_not="Marking is only on Cohorts and Plan: press 3 or ^n.", on_rows=True,
)  # fmt: skip


def _expected(outlook: Outlook) -> Expected:
    """The people of the cell, the other periods as the key goes round, and cohorts by attributes."""
    location = outlook.location
    state = location.state(CohortsState)
    here = BUCKETS.index(state.bucket)
    periods = [location.changed(CohortsState, bucket=each) for each in BUCKETS[here + 1 :] + BUCKETS[:here]]
    cell = [location.at("customers", outlook.below, location.by)] if outlook.row else []
    free = (name for (name,) in outlook.free(location.query) if name not in PERIODS and name != state.by)
    by_attribute = [location.changed(CohortsState, by=name) for name in free]
    return Expected([*periods, *cell] if "bucket" in outlook.changed else [*cell, *periods], by_attribute)


def _entry(outlook: Outlook) -> Expected:
    """Cohorts as they were last, and by attributes: from the whole shop some of them soon, as they take long."""
    location, query = outlook.location, outlook.location.query
    is_top = location.view == "overview" and not query.trail
    makers = [name for name in outlook.dataset.people.attributes if name not in query.fixed_dimensions]
    if is_top:
        makers.insert(1, "tier")  # they tell the cohorts of each tier
    here = location.at("cohorts", query)
    locations = [here, *(here.changed(CohortsState, by=by) for by in makers)]
    soon = 3 if is_top else 1
    return Expected(locations[:soon], locations[soon:])


def _preparations(dataset: Dataset, location: Location) -> Sequence[Callable[[], object]]:
    return dataset.cohorts_prepared(location.state(CohortsState).bucket, location.query)


def _describe(location: Location) -> str:
    state = location.state(CohortsState)
    return f"cohorts by {state.by or f'first {state.bucket}'}"


COHORTS: Final = ViewSpec(
    "cohorts",
    view.CohortsScreen,
    compute.cohort_triangle,
    key="3",
    title="Cohorts",
    help="Who came back when: cohorts by first order or any attribute.",
    vocabulary=(*EVERYWHERE, "cohort", "all", "*", "cumulative LTV", "payback"),
    state=CohortsState,
    describe=_describe,
    dimensions=lambda location: (location.state(CohortsState).by,),
    actions={
        **FILTERED, **INTERVALS, **NOTED, **PLOT, **metrics(actions.metric),
        "drill": drilling.people,
        "people": drilling.people,
        "dimension": actions.ask_cohorts,
        "bucket": actions.bucket,
        "relative": actions.relative,
    },
    commands=(MARK,),
    expected=_expected,
    entry=_entry,
    preparations=_preparations,
)  # fmt: skip
