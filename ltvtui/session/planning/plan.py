"""The five steps of a plan: goal, criteria, method, profiles, measures; and what changed since it was kept."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import polars as pl

from ltvtui.analytics.planning.changes import ELSEWHERE, SegmentChanges, changes_since, labels, tier_changes_since
from ltvtui.analytics.planning.methods import dimensions_of, fitting_method, method_facts
from ltvtui.analytics.planning.target_matrix import TargetMatrix
from ltvtui.analytics.rfm.misnomers import misnomers
from ltvtui.query.query import Query
from ltvtui.session.apply_filters import made_with_hindsight
from ltvtui.session.comparison import drivers_of, portrait_of
from ltvtui.session.criteria import criteria_of
from ltvtui.session.planning.goal import goal_step
from ltvtui.session.planning.question import PlanQuestion
from ltvtui.session.planning.segments import effects_of, matrix_of, segments_by, segments_of
from ltvtui.session.planning.suggestions import suggested_step
from ltvtui.user_state.plan_answer import (
    GoalStep,
    Measure,
    MethodStep,
    PlanAnswer,
    Profile,
    SegmentEffects,
    Segments,
    name_of,
)
from ltvtui.user_state.plans import MarketingPlan, Trail

CHOSEN: Final = 3
"""Segments that are chosen where nobody has: those on which a measure can bring most."""


def plan_of(asked: PlanQuestion) -> PlanAnswer:
    """The plan of a shop. LtvError where the shop has no such dimension, or a step means nothing in it."""
    dataset, query, plan = asked.dataset, asked.query, asked.plan
    goal = goal_step(asked)
    method = _method(asked, goal.goal.key)
    segments = segments_by(asked, method.by) if method.by else segments_of(asked, plan.segments)
    matrix = matrix_of(asked, segments, dict(plan.weights))
    effects = effects_of(asked, segments, goal.goal.key, goal.vip_from)
    there = tuple(trail for trail in plan.segments if trail in segments.trails)
    chosen = there or _largest(segments, effects, matrix)
    profiles = tuple(_profile(asked, trail) for trail in chosen)
    age = _age(asked)
    filled = replace(
        plan,
        goal=goal.goal.key,
        target=goal.target,
        until=goal.until,
        method=method.method,
        by=method.by[0] if method.method == "cohorts" else None,
        segments=chosen,
    )
    return PlanAnswer(
        filled,
        plan.is_saved,
        asked.snapshot,
        query,
        goal,
        drivers_of(dataset, query, "ltv", hindsight=False),
        drivers_of(dataset, query, "repeat", hindsight=False),
        criteria_of(dataset),
        method,
        segments,
        matrix,
        effects,
        profiles,
        tuple(measure for found in profiles for measure in _measures(found, segments, effects, goal, method, asked)),
        _changes(asked, method, chosen) if age else None,
        age,
        not there,
        any(made_with_hindsight(dataset, asked.within(trail)) for trail in segments.trails),
    )


def to_save(answer: PlanAnswer, before: MarketingPlan | None, at: str, again: bool = False) -> MarketingPlan:
    """The plan as it is kept at the time `at` (ISO, UTC): with the figures of its day.

    Where `before` has the same goal and number, they count from the day on which they were set; where it has the same
    segments, from the day on which they were chosen, unless they are chosen `again`.
    """
    plan, as_of = answer.plan, answer.snapshot.terms.as_of
    own, old = (plan.goal, plan.target), None if before is None else (before.goal, before.target)
    is_new_goal = before is None or before.set_on is None or own != old or before.set_on > as_of
    goal = {
        "set_on": as_of if is_new_goal or before is None else before.set_on,
        "baseline": answer.goal.now.value if is_new_goal or before is None else before.baseline,
        "vip_from": answer.goal.vip_from if is_new_goal or before is None else before.vip_from,
    }
    if is_new_goal and plan.goal == "win-back":
        goal["baseline"] = 0.0
    division = (plan.method, plan.by, plan.segments)
    is_same = before is not None and division == (before.method, before.by, before.segments) and not again
    day = before.segmented_on if is_same and before is not None and before.segmented_on is not None else as_of
    return replace(plan, **goal, segmented_on=day, changed=at)  # type: ignore[arg-type]


def _method(asked: PlanQuestion, goal: str) -> MethodStep:
    plan, facts = asked.plan, asked.dataset.ask(method_facts, asked.query)
    channel = asked.channel if goal in ("cut-cac", "check-budget") else None
    fitting = fitting_method(goal, facts, channel)
    method = plan.method or fitting
    by = None if plan.by is None else asked.dataset.dimension(plan.by, asked.query)
    return MethodStep(method, fitting, dimensions_of(method, facts, by, channel), facts, plan.method is None)


def _largest(segments: Segments, effects: SegmentEffects, matrix: TargetMatrix) -> tuple[Trail, ...]:
    """The segments on which a measure can bring most; where none can, those with the highest total of the matrix."""
    if not segments.by:
        return segments.trails
    ranked = effects.rows.with_row_index("place").filter(pl.col("total") > 0)
    if ranked.height:
        best = ranked.sort("total", "place", descending=[True, False]).head(CHOSEN)["place"]
        return tuple(segments.trails[place] for place in best)
    by_name = dict(zip(segments.names, segments.trails, strict=True))
    names = matrix.rows.filter(pl.col("total").is_not_null())["segment"].head(CHOSEN)
    return tuple(by_name[name] for name in names)


def _profile(asked: PlanQuestion, trail: Trail) -> Profile:
    own = asked.within(trail)
    return Profile(trail, name_of(trail), portrait_of(asked.dataset, own), asked.notebook.of_trail(own.trail))


def _measures(
    found: Profile,
    segments: Segments,
    effects: SegmentEffects,
    goal: GoalStep,
    method: MethodStep,
    asked: PlanQuestion,
) -> tuple[Measure, ...]:
    row = effects.rows.row(segments.trails.index(found.trail), named=True)
    effect = row if row["kind"] is not None else None
    missing = "" if effect is not None else effects.missing
    steps = found.note.steps
    if not steps:
        names = asked.query.rules.rfm.names
        value = getattr(found.trail[-1], "value", None) if method.method == "rfm" and found.trail else None
        misleading = asked.dataset.ask(misnomers, asked.query).rows["RFM"]  # of them the name's advice is not true
        actions = zip(names.names, names.actions, strict=False)
        action = {name: text for name, text in actions if name not in misleading}.get(value or "", "")
        step = suggested_step(goal.goal, effect, goal.until, action)
        return (Measure(found.trail, found.name, step, True, effect, missing),)
    return tuple(Measure(found.trail, found.name, step, False, effect, missing) for step in steps)


def _age(asked: PlanQuestion) -> int | None:
    """Days since segments were chosen; None where they were not, or after the as-of day."""
    since = asked.plan.segmented_on
    return None if since is None or since > asked.as_of else asked.as_of - since


def _changes(asked: PlanQuestion, method: MethodStep, chosen: tuple[Trail, ...]) -> SegmentChanges | None:
    since = asked.plan.segmented_on
    if since is None or since < asked.dataset.first_day:
        return None
    dataset, query, earlier = asked.dataset, asked.query, asked.on(since)
    if method.method == "tiers":
        return dataset.ask(tier_changes_since, query, since)
    if method.by:
        now, then = (labels(dataset.snapshot(each), method.by) for each in (query, earlier))
    else:
        now, then = (_label_by_trail(asked, each, chosen) for each in (query, earlier))
    return changes_since(dataset.snapshot(query), dataset.snapshot(earlier), now, then)


def _label_by_trail(asked: PlanQuestion, query: Query, trails: tuple[Trail, ...]) -> pl.Series:
    """The first of the segments that each customer of `query` is in."""
    snapshot = asked.dataset.snapshot(query)
    found = pl.repeat(None, snapshot.counted.height, dtype=pl.String, eager=True)
    for trail in reversed(trails):
        own = asked.dataset.snapshot(replace(query, trail=(*query.trail, *trail))).customers["customer"]
        found = found.scatter(own, name_of(trail))
    return found.gather(snapshot.customers["customer"]).fill_null(ELSEWHERE)
