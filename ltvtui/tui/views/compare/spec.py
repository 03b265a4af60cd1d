"""Compare as a registered screen."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from ltvtui.present.definitions import EVERYWHERE
from ltvtui.tui.actions import drilling
from ltvtui.tui.actions.sets import FILTERED, NOTED, PLOTS
from ltvtui.tui.command import Command
from ltvtui.tui.location import Location
from ltvtui.tui.on_demand import on_demand_in
from ltvtui.tui.views.compare.state import BOARDS, CompareState
from ltvtui.tui.views.spec import Expected, Outlook, ViewSpec

if TYPE_CHECKING:
    from ltvtui.tui.views.compare import actions, compute, view
else:
    actions, compute, view = on_demand_in("ltvtui.tui.views.compare", "actions", "compute", "view")

MARK: Final = Command(
    "mark_group", "a", "a", "mark", "Mark a group for Compare: A, then B; on Compare, unmark both.", "Ask",
    "loaded", actions.mark, why_not="Nothing is loaded yet.", footer=57, on_rows=True,
    synonyms=("compare with", "versus", "against", "difference"),
)  # fmt: skip

MARK_VIEW: Final = Command(
    "mark_view", "B", "B", "compare view", "Mark a saved view for Compare: A, then B.", "Ask", "loaded",
    actions.mark_view, why_not="Nothing is loaded yet.", synonyms=("compare saved views",),
)  # fmt: skip
DRIVERS_OF: Final = Command(
    "drivers", "D", "D", "drivers", "Show which dimensions decide about LTV and second orders.", "Ask", "loaded",
    actions.open_drivers, why_not="Nothing is loaded yet.", footer=53,
    synonyms=("what decides", "which dimension", "I²"),
)  # fmt: skip


def _expected(outlook: Outlook) -> Expected:
    """Customers of the row, then the other boards."""
    location = outlook.location
    free = outlook.free(outlook.below)[:1] if outlook.row else []
    below = [location.at("explore", outlook.below, by) for by in free]
    board = location.state(CompareState).board
    return Expected(below, [location.changed(CompareState, board=each) for each in BOARDS if each != board])


def _entry(outlook: Outlook) -> Expected:
    """The board that was seen last, of the same trail."""
    location = outlook.location
    by = location.by if location.query.trail else drilling.ALL_CUSTOMERS
    return Expected((), (location.at("compare", location.query, by),))


def _describe(location: Location) -> str:
    return f"compare: {location.state(CompareState).board}"


COMPARE: Final = ViewSpec(
    "compare",
    view.CompareScreen,
    compute.compare,
    key="7",
    title="Compare",
    help="Against the others: why LTV differs, and what decides.",
    vocabulary=(*EVERYWHERE, "I²", "p, adjusted", "index, z", "part"),
    state=CompareState,
    reads=frozenset({"trail", "show", "spend", "settings"}),
    describe=_describe,
    is_grouped=False,
    actions={
        **FILTERED, **NOTED, **PLOTS,
        "drill": actions.drill,
        "people": drilling.people,
        "metric": actions.next_metric,
        "bucket": actions.next_bucket,
        "board": partial(actions.turn, step=1),
        "previous_board": partial(actions.turn, step=-1),
    },
    commands=(MARK, MARK_VIEW, DRIVERS_OF),
    expected=_expected,
    entry=_entry,
)  # fmt: skip
