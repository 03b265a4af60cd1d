"""Plan as a registered screen."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from ltvtui.present.definitions import EVERYWHERE
from ltvtui.tui.actions import drilling
from ltvtui.tui.actions.sets import NOTED, PLOTS
from ltvtui.tui.command import Command
from ltvtui.tui.location import Location
from ltvtui.tui.on_demand import on_demand_in
from ltvtui.tui.views.plan.state import BOARDS, PlanState
from ltvtui.tui.views.spec import Expected, Outlook, ViewSpec

if TYPE_CHECKING:
    from ltvtui.tui.views.plan import actions, compute, view
else:
    actions, compute, view = on_demand_in("ltvtui.tui.views.plan", "actions", "compute", "view")

NOT_LOADED: Final = "Nothing is loaded yet."
ONLY_HERE: Final = "This is only on the plan: press ^n."
OPEN: Final = Command(
    "plan", "ctrl+n", "^n", "plan", "Plan: goal, criteria, method, profiles, measures.", "Keep", "loaded",
    actions.plan, why_not=NOT_LOADED,
    synonyms=("goal", "target", "measures", "next steps", "strategy", "campaign", "segmentation"),
)  # fmt: skip
SIDE_BY_SIDE: Final = Command(
    "side_by_side", "ctrl+t", "^t", "side by side", "Score these segments side by side, to pick a target.", "Ask",
    "loaded", actions.side_by_side, why_not=NOT_LOADED,
    synonyms=("matrix", "score", "compare segments", "khramatrix", "weights", "target", "criteria"),
)  # fmt: skip
EDIT: Final = Command(
    "edit_plan", "ctrl+g", "^g", "goal", "Change goal, number, day, method and weights of the plan.", "Keep",
    run=actions.edit, footer=86, why_not=ONLY_HERE,
)  # fmt: skip
SAVE: Final = Command(
    "save_plan", "ctrl+s", "^s", "save", "Save the plan for this shop.", "Keep", run=actions.save, footer=83,
    why_not=ONLY_HERE, synonyms=("keep",),
)  # fmt: skip
AGAIN: Final = Command(
    "choose_again", "ctrl+r", "^r", "choose again", "Choose the segments of the plan again, from today's data.",
    "Keep", run=actions.again, footer=20, why_not=ONLY_HERE, synonyms=("segment again", "resegment"),
)  # fmt: skip


def _expected(outlook: Outlook) -> Expected:
    """The other boards, then customers of the row."""
    location = outlook.location
    board = location.state(PlanState).board
    boards = [location.changed(PlanState, board=each) for each in BOARDS if each != board]
    free = outlook.free(outlook.below)[:1] if outlook.row else []
    return Expected(boards, [location.at("explore", outlook.below, by) for by in free])


def _describe(location: Location) -> str:
    return f"plan: {location.state(PlanState).board}"


PLAN: Final = ViewSpec(
    "plan",
    view.PlanScreen,
    compute.plan_board,
    title="Plan",
    help="From a goal to measures, filled from the data and kept.",
    vocabulary=(*EVERYWHERE, "I²", "score 1–5", "total", "growth", "reach", "at most", "of the way, time"),
    state=PlanState,
    reads=frozenset({"trail", "spend", "settings"}),
    describe=_describe,
    is_grouped=False,
    actions={
        **NOTED, **PLOTS,
        "drill": actions.drill,
        "people": drilling.people,
        "dimension": actions.method,
        "mark": actions.choose,
        "board": partial(actions.turn, step=1),
        "previous_board": partial(actions.turn, step=-1),
    },
    commands=(OPEN, SIDE_BY_SIDE, EDIT, SAVE, AGAIN),
    expected=_expected,
)  # fmt: skip
