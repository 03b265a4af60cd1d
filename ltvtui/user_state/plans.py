"""The plan of a shop: a goal, the segments chosen for it, and what the figures were when both were set."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Any, Final

from ltvtui.analytics.planning.goals import GOALS
from ltvtui.analytics.planning.methods import METHODS
from ltvtui.days import iso, parse_day
from ltvtui.errors import LtvError
from ltvtui.query.query import Step
from ltvtui.user_state.filter_steps import Unreadable, trail_fields, trail_of

Trail = tuple[Step, ...]


@dataclass(frozen=True)
class MarketingPlan:
    """A plan. What is None follows from the data each time it is looked at."""

    goal: str | None = None
    """A key of GOALS."""
    target: float | None = None
    """The number that the goal's figure should reach."""
    until: int | None = None
    """The day on which it should; since 1970-01-01."""
    method: str | None = None
    """A key of METHODS."""
    by: str | None = None
    """Dimension of cohorts."""
    segments: tuple[Trail, ...] = ()
    """The segments chosen, each by its steps."""
    weights: tuple[tuple[str, float], ...] = ()
    """(criterion, weight) of the comparison of segments, of those that do not have the weight 1."""
    set_on: int | None = None
    """The as-of day on which the goal was set."""
    baseline: float | None = None
    """The goal's figure of that day; None where there was none."""
    vip_from: int | None = None
    """Value from which on a customer was a VIP that day (Int64 money)."""
    segmented_on: int | None = None
    """The as-of day on which the segments were chosen."""
    changed: str = ""
    """When it was kept: ISO, UTC, to the second; blank before."""

    @property
    def is_saved(self) -> bool:
        """Whether it was kept, and not only filled from the data."""
        return bool(self.changed)


_DAYS: Final = ("until", "set_on", "segmented_on")
_TEXTS: Final = ("goal", "method", "by")
_UNREADABLE: Final = "The plan of this shop cannot be read."


def write_plan(plan: MarketingPlan) -> str:
    """The plan as JSON that `read_plan` reads; without the time at which it is kept."""
    fields: dict[str, Any] = {name: getattr(plan, name) for name in (*_TEXTS, "target", "baseline", "vip_from")}
    for name in _DAYS:
        day = getattr(plan, name)
        fields[name] = None if day is None else iso(day)
    fields["segments"] = [trail_fields(trail) for trail in plan.segments]
    fields["weights"] = dict(plan.weights)
    return json.dumps(fields, ensure_ascii=False)


def read_plan(text: str, changed: str = "") -> MarketingPlan:
    """The plan of `write_plan`. Raises Unreadable for anything else."""
    try:
        fields = json.loads(text)
        until, set_on, segmented_on = (_day(fields[name]) for name in _DAYS)
        goal, method, by = (_text(fields[name]) for name in _TEXTS)
        target, baseline, vip_from = (_number(fields[name]) for name in ("target", "baseline", "vip_from"))
        segments = tuple(trail_of(trail) for trail in fields["segments"])
        weights = tuple((str(name), _number(weight) or 0.0) for name, weight in fields["weights"].items())
    except (ValueError, KeyError, TypeError, AttributeError, LtvError) as error:
        raise Unreadable(_UNREADABLE) from error
    if goal not in (None, *GOALS) or method not in (None, *METHODS):
        raise Unreadable(_UNREADABLE)
    value = None if vip_from is None else round(vip_from)
    return MarketingPlan(
        goal, target, until, method, by, segments, weights, set_on, baseline, value, segmented_on, changed
    )


def _day(value: object) -> int | None:
    text = _text(value)
    return None if text is None else parse_day(text)


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    raise TypeError


def _number(value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return float(value)
    raise TypeError
