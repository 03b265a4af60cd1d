"""What a plan says: the goal and how far it is, what is old, and the measure that can bring most."""

from __future__ import annotations

from typing import Any

from ltvtui.days import iso
from ltvtui.present.headline import Clauses
from ltvtui.present.headline.words import listed, name, share
from ltvtui.present.numbers import count, counted
from ltvtui.present.planning.enough import enough_clauses, stuck_clauses
from ltvtui.present.planning.words import effect_words, figure_text
from ltvtui.user_state.plan_answer import PlanAnswer

NOT_SAVED = "this plan is filled from the data and not saved"


def plan_clauses(found: PlanAnswer, sign: str = "", best: bool = True) -> Clauses:
    """The clauses of a plan, what has to be done first; `best`: with the measure that can bring most."""
    return (
        *stuck_clauses(found),
        _goal(found, sign),
        *_moved(found, sign),
        *enough_clauses(found, sign),
        *change_clauses(found),
        *(best_clauses(found, sign) if best else ()),
        *_open(found),
    )


def change_clauses(found: PlanAnswer) -> Clauses:
    """Whether the segments are old, and how many changed since."""
    return (*_old(found), *_changed(found))


def _goal(found: PlanAnswer, sign: str) -> str:
    step = found.goal
    goal = step.goal
    if step.now.value is None:
        return f"{goal.name}: {goal.figure} is not known. {step.now.missing}".removesuffix(".")
    now, target = figure_text(goal, step.now.value, sign), figure_text(goal, step.target, sign)
    text = f"{goal.name}: {goal.figure} {now} today, {target} wanted by {iso(step.until)}"
    if step.target is not None and _is_attained(found):
        return f"{text}: attained"
    return text


def _is_attained(found: PlanAnswer) -> bool:
    step = found.goal
    if step.now.value is None or step.target is None:
        return False
    return step.now.value >= step.target if step.goal.rises else step.now.value <= step.target


def _moved(found: PlanAnswer, sign: str) -> Clauses:
    moved, goal = found.goal.progress, found.goal.goal
    if moved is None or moved.set_on == found.snapshot.terms.as_of:
        return ()
    then = figure_text(goal, moved.then.value, sign)
    if not then or moved.now.value is None:
        return (f"what {goal.figure} was on {iso(moved.set_on)} is not known",)
    text = f"on {iso(moved.set_on)}, when it was set, it was {then}"
    if moved.share is not None and moved.time is not None and not _is_attained(found):
        text += f": {share(moved.share)} of the way in {share(moved.time)} of the time"
    before = found.goal.before
    usual = (f"{count(before)} came back in as many days before the goal",) if before is not None else ()
    return (f"{text}; the day has passed" if moved.days_left < 0 else text, *usual)


def _old(found: PlanAnswer) -> Clauses:
    if not found.is_old or found.age is None:
        return ()
    gap = counted(found.snapshot.churn_gap.days, "day")
    return (f"segments are {counted(found.age, 'day')} old, more than the churn gap of {gap}: choose them again",)


def _changed(found: PlanAnswer) -> Clauses:
    changes = found.changes
    if changes is None:
        return ()
    verb = "has" if changes.moved == 1 else "have"
    return (f"{counted(changes.moved, 'customer')} {verb} changed segment since {iso(changes.since)}",)


def best_clauses(found: PlanAnswer, sign: str) -> Clauses:
    """The measure that can bring most; nothing where none can, or the goal's figure cannot be moved."""
    if found.goal.is_stuck:
        return ()
    with_effect: list[tuple[float, str, dict[str, Any]]] = [
        (measure.effect["total"], measure.segment, measure.effect)
        for measure in found.measures
        if measure.effect is not None and measure.effect["total"] is not None
    ]
    if not with_effect:
        return ()
    _, segment, effect = max(with_effect, key=lambda each: each[0])
    return (f"most can come of {name(segment)}: {effect_words(effect, sign)}",)


def _open(found: PlanAnswer) -> Clauses:
    if found.saved:
        return ()
    assumed = [*found.goal.assumed, *(["method"] if found.method.assumed else [])]
    assumed += ["segments"] if found.segments_assumed else []
    return (f"{NOT_SAVED}: {listed(assumed, 9)} chosen for you",) if assumed else (NOT_SAVED,)
