"""Matrix as a registered screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from ltvtui.present.definitions import EVERYWHERE
from ltvtui.session.dataset import Dataset
from ltvtui.tui.actions import drilling
from ltvtui.tui.actions.sets import FILTERED, INTERVALS, NOTED, PLOT, metrics
from ltvtui.tui.location import Location
from ltvtui.tui.on_demand import on_demand_in
from ltvtui.tui.views.matrix.state import BOARDS, MatrixState
from ltvtui.tui.views.spec import Expected, Outlook, ViewSpec

if TYPE_CHECKING:
    from ltvtui.tui.views.matrix import actions, compute, view
else:
    actions, compute, view = on_demand_in("ltvtui.tui.views.matrix", "actions", "compute", "view")


def _boards(location: Location) -> list[Location]:
    """The other boards."""
    state = location.state(MatrixState)
    return [location.having(state.on(board)) for board in BOARDS if board != state.board]


def _expected(outlook: Outlook) -> Expected:
    """Segments and people of the cell or row, then the other boards."""
    location, into = outlook.location, outlook.below
    segments = [location.at("explore", into, by) for by in outlook.free(into)[:1]] if outlook.row else []
    people = [location.at("customers", into, location.by)] if outlook.row else []
    return Expected([*segments, *people, *_boards(location)])


def _entry(outlook: Outlook) -> Expected:
    here = outlook.location.at("matrix", outlook.location.query)
    return Expected((here,), _boards(here))


def _preparations(dataset: Dataset, location: Location) -> Sequence[Callable[[], object]]:
    """All boards but the first are about gaps between orders, or other days."""
    return () if location.state(MatrixState).board == BOARDS[0] else dataset.activity_index.preparations


MATRIX: Final = ViewSpec(
    "matrix",
    view.MatrixScreen,
    compute.matrix,
    key="4",
    title="Matrix",
    help="RFM, ABC × XYZ, life cycle and tier migration.",
    synonyms=("abc", "rfm", "life cycle", "migration"),
    vocabulary=(
        *(*EVERYWHERE, "RFM", "Lost (RFM)", "ABC", "XYZ", "stage", "lapsed", "lost, one-time", "fading"),
        *("new, lapsed", "thresholds", "recorded"),
    ),
    state=MatrixState,
    describe=lambda location: location.state(MatrixState).board,
    actions={
        **FILTERED, **INTERVALS, **NOTED, **PLOT, **metrics(actions.measure),
        "drill": drilling.into_segments,
        "people": drilling.people,
        "bucket": actions.days,
        "relative": actions.shares,
        "board": partial(actions.turn, step=1),
        "previous_board": partial(actions.turn, step=-1),
    },
    expected=_expected,
    entry=_entry,
    preparations=_preparations,
)  # fmt: skip
