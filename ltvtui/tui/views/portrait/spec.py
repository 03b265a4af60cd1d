"""Portrait as a registered screen: a key on any row leads to it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from ltvtui.present.definitions import EVERYWHERE
from ltvtui.tui.actions.sets import FILTERED, NOTED, PLOTS
from ltvtui.tui.command import Command
from ltvtui.tui.on_demand import on_demand_in
from ltvtui.tui.views.portrait.state import BOARDS, PortraitState
from ltvtui.tui.views.spec import Expected, Outlook, ViewSpec

if TYPE_CHECKING:
    from ltvtui.tui.views.portrait import actions, compute, view
else:
    actions, compute, view = on_demand_in("ltvtui.tui.views.portrait", "actions", "compute", "view")

OPEN: Final = Command(
    "portrait", "P", "P", "portrait", "Open a page about the customers of the row or trail.", "Ask",
    "loaded", actions.open_portrait, why_not="Nothing is loaded yet.", footer=56, on_rows=True,
    synonyms=("profile", "persona", "who are they", "describe", "typical"),
)  # fmt: skip


def _expected(outlook: Outlook) -> Expected:
    """The other parts of the page, and the card of the customer under the cursor."""
    location = outlook.location
    board = location.state(PortraitState).board
    card = [] if outlook.customer is None else [location.card(outlook.customer)]
    boards = [location.changed(PortraitState, board=each) for each in BOARDS if each != board]
    return Expected([*card, *boards])


PORTRAIT: Final = ViewSpec(
    "portrait",
    view.PortraitScreen,
    compute.portrait,
    vocabulary=(*EVERYWHERE, "index, z"),
    state=PortraitState,
    describe=lambda location: f"portrait: {location.state(PortraitState).board}",
    is_grouped=False,
    actions={
        **FILTERED, **NOTED, **PLOTS,
        "drill": actions.drill,
        "people": actions.people,
        "board": partial(actions.turn, step=1),
        "previous_board": partial(actions.turn, step=-1),
    },
    commands=(OPEN,),
    expected=_expected,
)  # fmt: skip
