"""Overview as a registered screen."""

from __future__ import annotations

from typing import Final

from ltvtui.present.definitions import SEGMENTS
from ltvtui.tui.actions import drilling
from ltvtui.tui.actions.sets import AGES, FILTERED, INTERVALS, NOTED, PLOTS, SORTED
from ltvtui.tui.command import Command
from ltvtui.tui.views.overview.actions import toggle_newest
from ltvtui.tui.views.overview.compute import overview
from ltvtui.tui.views.overview.state import OverviewState
from ltvtui.tui.views.overview.view import OverviewScreen
from ltvtui.tui.views.segment_rows import below
from ltvtui.tui.views.spec import ViewSpec

NEWEST: Final = Command(
    "feed", "o", "o", "newest", "Show or hide the newest orders.", "Show", run=toggle_newest, footer=26,
    why_not="The newest orders are only on Overview: press 1.", synonyms=("latest", "recent orders", "feed"),
)  # fmt: skip

OVERVIEW: Final = ViewSpec(
    "overview",
    OverviewScreen,
    overview,
    key="1",
    title="Overview",
    help="Tiers, Pareto, revenue by month, value over time.",
    vocabulary=(*SEGMENTS, "Pareto curve"),
    state=OverviewState,
    reads=frozenset({"trail", "show", "settings", "spend"}),
    actions={
        **FILTERED, **SORTED, **PLOTS, **INTERVALS, **AGES, **NOTED,
        "drill": drilling.into_segments,
        "people": drilling.people,
        "dimension": drilling.group_by,
    },
    commands=(NEWEST,),
    expected=below,
    is_hub=True,
    is_cheap=True,
)  # fmt: skip
