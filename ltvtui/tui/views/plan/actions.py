"""What keys do on Plan: its boards, its choices, and keeping it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from ltvtui.analytics.planning.goals import GOALS
from ltvtui.analytics.planning.methods import METHODS
from ltvtui.analytics.planning.target_matrix import MATRIX_CRITERIA
from ltvtui.days import iso, parse_day
from ltvtui.errors import LtvError
from ltvtui.query.grammar.syntax import Compare, IsKnown, Word
from ltvtui.query.query import Filter, Step
from ltvtui.query.terms import parse_spend, parse_weights
from ltvtui.session.planning.options import PlanOptions, plan_with
from ltvtui.session.planning.plan import to_save
from ltvtui.tui.action_context import ActionContext
from ltvtui.tui.actions import drilling
from ltvtui.tui.actions.views_and_notes import change_user_state
from ltvtui.tui.dialogs.choice import ChoiceDialog
from ltvtui.tui.dialogs.form import Field, Texts
from ltvtui.tui.dialogs.plan import PlanDialog
from ltvtui.tui.location import after
from ltvtui.tui.views.plan.state import BOARDS, SEGMENTS, PlanState
from ltvtui.tui.views.plan.view import PlanScreen, with_user_state
from ltvtui.user_state.plan_answer import PlanAnswer
from ltvtui.user_state.plans import MarketingPlan, Trail
from ltvtui.user_state.state import PlanChange

OF_A_PART: Final = "A saved plan is about all customers: Esc goes up to them."
_BY_DIMENSIONS: Final[Mapping[tuple[str, ...], str]] = {
    ("tier",): "tiers", ("RFM",): "rfm", ("ABC",): "abc-xyz", ("ABC", "XYZ"): "abc-xyz", ("XYZ", "ABC"): "abc-xyz",
}  # fmt: skip


def plan(main_screen: ActionContext) -> None:
    """The plan of the shop: the saved one, else one that is filled from the data."""
    wanted = main_screen.wanted
    if wanted.view == "plan":
        main_screen.app.notify("This is the plan already.", markup=False)
        return
    there = with_user_state(wanted.at("plan", wanted.query.whole()), main_screen.user_state)
    main_screen.go(there.changed(PlanState, draft=None), way="across")


def side_by_side(main_screen: ActionContext) -> None:
    """The segments on screen by the criteria of a plan, each with a score."""
    wanted = main_screen.wanted
    if wanted.view == "plan":
        main_screen.go(wanted.changed(PlanState, board=SEGMENTS), way="stay")
        return
    method = _BY_DIMENSIONS.get(wanted.by, "cohorts")
    if method == "cohorts" and len(wanted.by) > 1:
        main_screen.app.notify("Group by one dimension to score its segments: press d.", markup=False)
        return
    draft = MarketingPlan(method=method, by=wanted.by[0] if method == "cohorts" else None)
    there = with_user_state(wanted.at("plan", wanted.query, wanted.by), main_screen.user_state)
    main_screen.go(there.changed(PlanState, board=SEGMENTS, draft=draft))


def turn(main_screen: ActionContext, step: int) -> None:
    """The next board, or the one before."""
    board = after(BOARDS, main_screen.wanted.state(PlanState).board, step)
    main_screen.go(main_screen.wanted.changed(PlanState, board=board), way="stay")


def drill(main_screen: ActionContext) -> None:
    """Into the customers of the row, or to the segments of its dimension."""
    dimension = main_screen.active.dimension() if isinstance(main_screen.active, PlanScreen) else None
    if dimension is None:
        drilling.into_segments(main_screen)
        return
    main_screen.last_dimension = (dimension,)
    main_screen.go(main_screen.wanted.at("explore", main_screen.location.query, (dimension,)))


def choose(main_screen: ActionContext) -> None:
    """Choose the segment under the cursor, or choose it no more."""
    found, steps = _found(main_screen), main_screen.active.steps()
    if found is None or not steps or steps not in found.segments.trails:
        main_screen.app.notify("Segments are on the board of that name: press Tab.", markup=False)
        return
    chosen = found.plan.segments
    others = tuple(trail for trail in chosen if trail != steps)
    if not others:
        main_screen.app.notify("A plan needs a segment: choose another one first.", markup=False)
        return
    segments = others if steps in chosen else (*chosen, steps)
    _change(main_screen, replace(_divided(main_screen, found), segments=segments))


def method(main_screen: ActionContext) -> None:
    """Divide customers otherwise."""
    found = _found(main_screen)
    if found is None:
        return

    def answered(key: str | None) -> None:
        if key is not None and key != found.method.method:
            _give(main_screen, PlanOptions(method=key))

    choices = {key: f"{name} (fits)" if key == found.method.fitting else name for key, name in METHODS.items()}
    main_screen.app.push_screen(ChoiceDialog("Divide customers by", choices, found.method.method), answered)


def edit(main_screen: ActionContext) -> None:
    """Goal, number, day, method, weights: all that is chosen."""
    found = _found(main_screen)
    if found is None:
        return
    before, dataset, query = main_screen.wanted.state(PlanState).plan, main_screen.dataset, main_screen.wanted.query
    fields = _fields(before, found)
    shown = {field.name: field.value for field in fields}

    def read(texts: Texts) -> MarketingPlan:
        for name, keys in (("goal", GOALS), ("method", METHODS)):
            if texts[name] and texts[name] not in keys:
                raise LtvError(f"There is no {name} {texts[name]!r}.", f"Choose from: {', '.join(keys)}.", 2)
        # What is as it was is not given again: a number that is shown rounded would begin another goal.
        new = {name: text for name, text in texts.items() if text and text != shown[name]}
        own = [text.strip() for text in new.get("segments", "").split(";") if text.strip()]
        given = PlanOptions(
            new.get("goal"),
            parse_spend(new["target"]) if "target" in new else None,
            parse_day(new["until"]) if "until" in new else None,
            "filter" if own else new.get("method"),
            new.get("by"),
            tuple(own),
            parse_weights(texts["weights"].split(), MATRIX_CRITERIA),
        )
        return plan_with(dataset, query, _without(before, texts), given)

    main_screen.app.push_screen(PlanDialog(fields, read), lambda plan: _accept(main_screen, plan))


def save(main_screen: ActionContext) -> None:
    """Keep the plan for the shop, with the figures of its day."""
    found, state = _found(main_screen), main_screen.wanted.state(PlanState)
    if found is None:
        return
    if main_screen.wanted.query.trail:
        main_screen.app.notify(OF_A_PART, markup=False)
        return
    plan = to_save(found, state.saved, datetime.now(UTC).isoformat(timespec="seconds"), again=_is_again(state))
    change_user_state(main_screen, PlanChange(plan))
    main_screen.go(
        with_user_state(main_screen.wanted.changed(PlanState, draft=None), main_screen.user_state), way="stay"
    )


def again(main_screen: ActionContext) -> None:
    """Choose segments again, from the data of today."""
    plan = main_screen.wanted.state(PlanState).plan
    _change(main_screen, replace(plan, segments=(), segmented_on=None))


def _is_again(state: PlanState) -> bool:
    """Whether segments were to be chosen again."""
    return state.draft is not None and state.draft.segmented_on is None


def _found(main_screen: ActionContext) -> PlanAnswer | None:
    view = main_screen.active
    return view.found if isinstance(view, PlanScreen) else None


def _divided(main_screen: ActionContext, found: PlanAnswer) -> MarketingPlan:
    """The plan with its method, so that segments of it can be chosen."""
    return replace(main_screen.wanted.state(PlanState).plan, method=found.plan.method, by=found.plan.by)


def _give(main_screen: ActionContext, given: PlanOptions) -> None:
    plan = main_screen.wanted.state(PlanState).plan
    _change(main_screen, plan_with(main_screen.dataset, main_screen.wanted.query, plan, given))


def _accept(main_screen: ActionContext, plan: MarketingPlan | None) -> None:
    if plan is not None:
        _change(main_screen, plan)


def _change(main_screen: ActionContext, plan: MarketingPlan) -> None:
    main_screen.go(main_screen.wanted.changed(PlanState, draft=plan), way="stay")


def _without(plan: MarketingPlan, texts: Texts) -> MarketingPlan:
    """The plan without what was emptied: that is filled from the data again."""
    plan_left = replace(plan, weights=())
    if not texts["target"] and plan.target is not None:
        plan_left = replace(plan_left, target=None, set_on=None, baseline=None, vip_from=None)
    if not texts["until"]:
        plan_left = replace(plan_left, until=None)
    if not texts["method"] and plan.method is not None:
        plan_left = replace(plan_left, method=None, by=None, segments=(), segmented_on=None)
    return plan_left


def _expression(trail: Trail) -> str:
    """What can be typed for a segment."""
    return " and ".join(_words(step) for step in trail)


def _words(step: Step) -> str:
    match step:
        case Filter(dimension, None):
            return IsKnown(Word(dimension), False).describe()
        case Filter(dimension, str(value)):
            return Compare(Word(dimension), "=", Word(value)).describe()
    return step.describe()


def _day(plan: MarketingPlan) -> str:
    return "" if plan.until is None else iso(plan.until)


def _fields(plan: MarketingPlan, found: PlanAnswer) -> tuple[Field, ...]:
    own = plan.segments if found.method.method == "filter" else ()
    conditions = "; ".join(map(_expression, own))
    usual = "" if found.goal.target is None else f"{found.goal.target:.2f}"
    target = "" if plan.target is None else f"{plan.target:g}"
    weights = " ".join(f"{name}={weight:g}" for name, weight in plan.weights)
    return (
        Field("goal", "goal", plan.goal or "", ", ".join(GOALS)),
        Field("target", f"number ({found.goal.goal.figure})", target, usual),
        Field("until", "until", _day(plan), iso(found.goal.until)),
        Field("method", "method", plan.method or "", f"{found.method.fitting} fits; {', '.join(METHODS)}"),
        Field("by", "cohorts by", plan.by or "", "first quarter, or any dimension"),
        Field("segments", "own filters", conditions, "tier = VIP and stage = fading; country = DK"),
        Field("weights", "weights", weights, "value=2 size=0"),
    )
