"""Step 1: the goal, its figure on a day, and how far it has moved since it was set."""

from __future__ import annotations

from typing import Final

from ltvtui.analytics.planning.goals import (
    DEFAULT_GOAL,
    GOALS,
    WITHOUT_WINDOWS,
    Goal,
    GoalFigure,
    default_target,
    ltv_figure,
    open_windows,
    vip_figure,
    won_back_figure,
)
from ltvtui.days import first_of_month, months_later
from ltvtui.session.planning.question import PlanQuestion
from ltvtui.user_state.plan_answer import GoalProgress, GoalStep

MONTHS_AHEAD: Final = 6
"""Months after the as-of day, of a goal that nobody has given a day."""
MONTHS_OF_CAC: Final = 12
"""Calendar months whose spend and new customers make CAC: that of all time would hardly move."""


def goal_step(asked: PlanQuestion) -> GoalStep:
    """The goal of the plan; what it leaves open is filled from the data."""
    plan, as_of = asked.plan, asked.as_of
    windows = asked.dataset.ask(open_windows, asked.query)
    goal = GOALS[plan.goal or (DEFAULT_GOAL if windows else WITHOUT_WINDOWS)]
    is_set = plan.set_on is not None and plan.set_on <= as_of
    set_on = plan.set_on if is_set and plan.set_on is not None else as_of
    vip_from = plan.vip_from if plan.vip_from is not None else asked.dataset.snapshot(asked.query).thresholds.vip
    now = figure_on(asked, goal, as_of, set_on, vip_from)
    until = plan.until if plan.until is not None else months_later(as_of, MONTHS_AHEAD)
    # Since the goal was set, else as far as it looks ahead: what comes of itself is no success.
    span = as_of - set_on or max(until - as_of, 1)
    before = _before(asked, set_on, span) if goal.key == "win-back" else None
    target = (
        plan.target if plan.target is not None else default_target(goal, now.value, before or 0, asked.budget.target)
    )
    given = {"goal": plan.goal, "number": plan.target, "day": plan.until}
    progress = _progress(asked, goal, now, target, until, vip_from) if is_set else None
    assumed = tuple(name for name, value in given.items() if value is None)
    return GoalStep(goal, now, target, until, vip_from, before, assumed, progress, windows)


def figure_on(asked: PlanQuestion, goal: Goal, day: int, set_on: int, vip_from: int | None) -> GoalFigure:
    """The goal's figure on a day; `set_on` is the day from which on customers are won back."""
    dataset, query = asked.dataset, asked.on(day)
    match goal.key:
        case "raise-ltv":
            return dataset.ask(ltv_figure, query)
        case "win-back":
            return dataset.ask(won_back_figure, query, set_on)
        case "grow-vips":
            return dataset.ask(vip_figure, query, vip_from)
    why = asked.why_no_budget()
    return GoalFigure(day, None, missing=why) if why else _of_budget(asked, goal, day)


def _of_budget(asked: PlanQuestion, goal: Goal, day: int) -> GoalFigure:
    """CAC or LTV:CAC of the channels that something was spent on; of all where spend is not split by channel."""
    is_cac = goal.key == "cut-cac"
    since = first_of_month(day, 1 - MONTHS_OF_CAC) if is_cac else None
    found = asked.budget_on(asked.on(day), since=since)
    column = "cac" if is_cac else "ltv_cac"
    rows = [rows.row(0, named=True) for rows in (found.paid, found.blended) if rows.height]
    row = next((row for row in rows if row[column] is not None), None)
    if row is None:
        what = "CAC" if is_cac else "LTV:CAC"
        return GoalFigure(day, None, missing=f"There is no {what} up to that day: no new customers with spend.")
    seen = None if is_cac else row["within_months"]
    return GoalFigure(day, row[column], seen=seen, customers=row["new_customers"])


def _before(asked: PlanQuestion, day: int, span: int) -> int:
    """Customers who came back within `span` days up to `day`, or since the first order."""
    since = max(day - span, asked.dataset.first_day)
    return int(asked.dataset.ask(won_back_figure, asked.on(day), since).value or 0)


def _progress(
    asked: PlanQuestion, goal: Goal, now: GoalFigure, target: float | None, until: int, vip_from: int | None
) -> GoalProgress | None:
    plan = asked.plan
    if plan.set_on is None:
        return None
    then = figure_on(asked, goal, plan.set_on, plan.set_on, vip_from)
    share = None
    if now.value is not None and then.value is not None and target is not None and target != then.value:
        share = (now.value - then.value) / (target - then.value)
    whole, passed = until - plan.set_on, asked.as_of - plan.set_on
    time = min(passed / whole, 1.0) if whole > 0 else None
    return GoalProgress(plan.set_on, plan.baseline, then, now, share, time, until - asked.as_of)
