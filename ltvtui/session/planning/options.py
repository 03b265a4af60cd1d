"""What of a plan was given, laid over the plan that was kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ltvtui.analytics.planning.methods import METHODS
from ltvtui.days import iso
from ltvtui.errors import LtvError
from ltvtui.query.grammar.errors import FilterError
from ltvtui.query.grammar.parsing import parse
from ltvtui.query.grammar.resolve import resolved, single
from ltvtui.query.grammar.syntax import And
from ltvtui.query.query import Filter, Query
from ltvtui.session.apply_filters import count_matching, shop_of, step_of
from ltvtui.session.dataset import Dataset
from ltvtui.user_state.next_steps import NextStep, parse_step
from ltvtui.user_state.notes import Notebook, Subject
from ltvtui.user_state.plans import MarketingPlan, Trail
from ltvtui.user_state.state import NoteChange


@dataclass(frozen=True)
class PlanOptions:
    """What was given; None and empty: nothing."""

    goal: str | None = None
    target: float | None = None
    until: int | None = None
    method: str | None = None
    by: str | None = None
    segments: tuple[str, ...] = ()
    """Filter expressions."""
    weights: tuple[tuple[str, float], ...] = ()
    measures: tuple[str, ...] = ()
    """EXPR: next step, for each."""


def plan_with(dataset: Dataset, query: Query, before: MarketingPlan | None, given: PlanOptions) -> MarketingPlan:
    """The plan `before` with what was given in its place; another goal or method begins its part again.

    Raises LtvError (exit code 2) for a day that is not after the as-of day, and FilterError for segments that mean
    nothing in the shop.
    """
    plan = before or MarketingPlan()
    if given.goal is not None and given.goal != plan.goal:
        plan = MarketingPlan(goal=given.goal, changed=plan.changed)
    if given.target is not None and given.target != plan.target:
        plan = replace(plan, target=given.target, set_on=None, baseline=None, vip_from=None)
    if given.until is not None:
        if given.until <= dataset.as_of(query):
            day = iso(dataset.as_of(query))
            raise LtvError(f"{iso(given.until)} is not after the as-of day.", f"Choose a day after {day}.", 2)
        plan = replace(plan, until=given.until)
    method = given.method or ("cohorts" if given.by is not None else None)
    by = given.by if given.by is not None else plan.by
    if (method is not None and method != plan.method) or by != plan.by:
        plan = replace(plan, method=method or plan.method, by=by, segments=(), segmented_on=None)
    trails = tuple(segment_trail(dataset, query, text) for text in given.segments)
    if not trails and not plan.segments:
        trails = tuple(dict.fromkeys(trail for trail, _ in measures_of(dataset, query, given.measures)))
    if trails:
        plan = _with_segments(plan, trails)
    if given.weights:
        weights = {**dict(plan.weights), **dict(given.weights)}
        plan = replace(plan, weights=tuple((name, weight) for name, weight in weights.items() if weight != 1))
    return plan


def _with_segments(plan: MarketingPlan, trails: tuple[Trail, ...]) -> MarketingPlan:
    """The plan with segments, which have to be some of its method."""
    method = plan.method or method_of(trails)
    names = {step.dimension for trail in trails for step in trail}
    if method == "cohorts" and len(names) == 1 and all(len(trail) == 1 for trail in trails):
        return replace(plan, by=names.pop(), method=method, segments=trails)
    if method not in ("filter", method_of(trails)):
        mend = f"Choose segments of {METHODS[method]}, or --method filter for conditions of your own."
        raise LtvError(f"Not every segment given is one of {METHODS[method]}.", mend, 2)
    return replace(plan, method=method, segments=trails)


def segment_trail(dataset: Dataset, query: Query, text: str) -> Trail:
    """The steps of a filter expression: a plain filter for each dimension that it gives a value, joined by `and`.

    Raises FilterError where it cannot be read or means nothing in the shop, LtvError where it selects nobody.
    """
    try:
        shop = shop_of(dataset, query)
        node = resolved(parse(text), shop)
        parts = [single(part, shop.fields) for part in node.parts] if isinstance(node, And) else []
        plain = [Filter(*part) for part in parts if part is not None]
        trail: Trail = tuple(plain) if parts and len(plain) == len(parts) else (step_of(dataset, query, text),)
    except FilterError as error:
        raise error.of(text) from None
    if count_matching(dataset, replace(query, trail=(*query.trail, *trail))) == 0:
        raise LtvError(f"No customers match: {text}.", "Choose a segment that has customers.")
    return trail


def method_of(trails: Sequence[Trail]) -> str:
    """The method whose segments all of `trails` are: a key of METHODS."""
    names = {tuple(step.dimension for step in trail) for trail in trails}
    of_methods: dict[str, set[tuple[str | None, ...]]] = {
        "tiers": {("tier",)},
        "rfm": {("RFM",)},
        "abc-xyz": {("ABC", "XYZ"), ("ABC",)},
    }
    return next((method for method, fields in of_methods.items() if names <= fields), "filter")


def measures_of(dataset: Dataset, query: Query, texts: Sequence[str]) -> tuple[tuple[Trail, NextStep], ...]:
    """Segment and next step of each of `texts`, such as "tier = VIP: call them; until 2027-03-01; moves ltv".

    Raises LtvError (exit code 2) for one without a segment or a step.
    """
    found = []
    for text in texts:
        expression, mark, step = text.partition(": ")
        if not mark:
            how = "Write it as 'tier = VIP: what; owner NAME; until DAY; moves FIGURE'."
            raise LtvError(f"The measure {text!r} does not name a segment.", how, 2)
        found.append((segment_trail(dataset, query, expression), parse_step(step)))
    return tuple(found)


def note_changes(
    notebook: Notebook, query: Query, measures: Sequence[tuple[Trail, NextStep]]
) -> tuple[NoteChange, ...]:
    """What has to be noted so that `measures` are next steps of their segments; nothing that is noted already."""
    changes: list[NoteChange] = []
    for trail, step in measures:
        key = Subject((*query.trail, *trail)).key
        before = notebook.notes.get(key) or notebook.of(Subject((*query.trail, *trail)))
        if step in before.steps:
            continue
        lines = [*before.actions.splitlines(), step.write()]
        after = replace(before, actions="\n".join(lines))
        changes.append(NoteChange(key, before, after))
        notebook = notebook.noting(key, after)
    return tuple(changes)
