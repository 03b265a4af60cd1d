"""Budget as a registered screen."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ltvtui.days import iso, months_later, parse_day
from ltvtui.present.definitions import EVERYWHERE
from ltvtui.tui.actions import drilling
from ltvtui.tui.actions.sets import FILTERED, NOTED, PLOTS, SORTED
from ltvtui.tui.command import Command
from ltvtui.tui.location import Location
from ltvtui.tui.on_demand import on_demand_in
from ltvtui.tui.views.budget.state import BudgetState
from ltvtui.tui.views.spec import Expected, Outlook, ViewSpec

if TYPE_CHECKING:
    from ltvtui.tui.views.budget import actions, compute, view
else:
    actions, compute, view = on_demand_in("ltvtui.tui.views.budget", "actions", "compute", "view")

NO_WHAT_IF: Final = "What-if is only on Budget: press 5."
NO_SPEND: Final = "Spend is only on Budget: press 5."
OWN: Final = (
    Command("what_if", "w", "w", "what if", "Try another margin, target, horizon, payback or period.", "Ask",
            run=actions.try_others, why_not=NO_WHAT_IF, footer=88, synonyms=("scenario", "simulate", "try")),
    Command("spend", "e", "e", "spend", "Enter the spend of a channel.", "Ask", run=actions.spend, why_not=NO_SPEND,
            footer=66, synonyms=("cost", "marketing", "budget")),
    Command("as_agreed", "0", "0", "reset", "Reset to the saved settings.", "Ask", run=actions.reset,
            why_not=NO_WHAT_IF, footer=64),
    Command("agree", "W", "W", "keep", "Save these settings as default, for all screens.", "Ask",
            run=actions.save, why_not=NO_WHAT_IF, footer=20, synonyms=("save",)),
    Command("join", "J", "J", "join", "Match a name in the spend to a channel.", "Ask", run=actions.join,
            why_not=NO_SPEND, footer=63, synonyms=("alias", "match")),
)  # fmt: skip


def _expected(outlook: Outlook) -> Expected:
    """Budget since the second month: what it takes to answer that serves every period of whole months."""
    first = parse_day(f"{iso(outlook.dataset.first_day)[:8]}01")
    draft = replace(outlook.location.state(BudgetState).draft, since=months_later(first, 1))
    return Expected((outlook.location.changed(BudgetState, draft=draft),))


def _entry(outlook: Outlook) -> Expected:
    return Expected((outlook.location.at("budget", outlook.location.query),))


def _dimensions(location: Location) -> tuple[str | None, ...]:
    draft = location.state(BudgetState).draft
    return draft.dimension, draft.then


def _describe(location: Location) -> str:
    draft = location.state(BudgetState).draft
    return f"budget by {' × '.join(name for name in (draft.dimension or 'channel', draft.then) if name)}"


BUDGET: Final = ViewSpec(
    "budget",
    view.BudgetScreen,
    compute.budget,
    key="5",
    title="Budget",
    help="What a customer may cost: spend, CAC, LTV and payback.",
    vocabulary=(
        *(*EVERYWHERE, "CAC", "marginal CAC", "payback", "> 8 mo", "max CAC", "scale, hold", "cap", "see paid"),
        *("reduce, pause", "wait", "*", "(mapped), (revenue)"),
    ),
    state=BudgetState,
    start=lambda opened: BudgetState(opened.budget, opened.budget),
    reads=frozenset({"trail", "spend"}),
    describe=_describe,
    dimensions=_dimensions,
    actions={
        **FILTERED, **SORTED, **PLOTS, **NOTED,
        "drill": drilling.into_segments,
        "people": drilling.people,
        "dimension": actions.cut,
    },
    commands=OWN,
    expected=_expected,
    entry=_entry,
)  # fmt: skip
