"""A plan with the figures that fill it: values alone, which session.planning makes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from ltvtui.analytics.drivers.drivers import Drivers
from ltvtui.analytics.planning.changes import SegmentChanges
from ltvtui.analytics.planning.goals import Goal, GoalFigure
from ltvtui.analytics.planning.methods import MethodFacts
from ltvtui.analytics.planning.target_matrix import TargetMatrix
from ltvtui.analytics.portrait.portrait import Portrait
from ltvtui.analytics.snapshot import Snapshot
from ltvtui.query.query import Query
from ltvtui.user_state.next_steps import NextStep
from ltvtui.user_state.notes import Note
from ltvtui.user_state.plans import MarketingPlan, Trail


@dataclass(frozen=True)
class GoalProgress:
    """How a goal's figure has moved since it was set."""

    set_on: int
    baseline: float | None
    """The figure as it was when the goal was set."""
    then: GoalFigure
    """The same figure of that day, from the data and under the settings of today."""
    now: GoalFigure
    share: float | None
    """Of the way to the target; null where there is none."""
    time: float | None
    """Of the time to its day, 0…1."""
    days_left: int
    """Below 0: the day has passed."""

    @property
    def is_changed(self) -> bool:
        """Whether the figure of that day is no longer what it was: data or settings have changed."""
        if self.baseline is None or self.then.value is None:
            return self.baseline is not self.then.value
        return abs(self.baseline - self.then.value) > 1e-9 * max(abs(self.baseline), 1.0)


@dataclass(frozen=True)
class GoalStep:
    """The goal, with its figure of today."""

    goal: Goal
    now: GoalFigure
    target: float | None
    """None where the figure of today is not known."""
    until: int
    vip_from: int | None
    """Value from which on customers are VIPs for this goal (Int64 money)."""
    before: int | None
    """Of customers won back: how many came back, by themselves, within as many days before the goal was set as have
    passed since; of a goal of today as it looks ahead."""
    assumed: tuple[str, ...]
    """What nobody has chosen: goal, number, day."""
    progress: GoalProgress | None
    """None: the goal is not kept yet, or was set after the as-of day."""
    windows: int = 1
    """Of how many customers the orders to come count in LTV within the horizon."""

    @property
    def is_stuck(self) -> bool:
        """Whether no order of today's customers can move the figure any more."""
        return self.goal.key == "raise-ltv" and not self.windows


def name_of(trail: Trail) -> str:
    """A segment in one phrase."""
    return " ▸ ".join(step.describe() for step in trail) or "all customers"


@dataclass(frozen=True, eq=False)
class Segments:
    """Segments of the customers of a plan."""

    by: tuple[str, ...]
    """Dimensions that they are values of; empty: each has conditions of its own."""
    trails: tuple[Trail, ...]
    """What selects each among the plan's customers."""
    rows: pl.DataFrame
    """segments.profile of each, row for row, within `tau` months."""
    whole: pl.DataFrame
    """The same of all customers of the plan."""
    tau: int
    """The common age: months of data of the youngest segment with 30 customers or more."""
    left_out: int = 0
    """Smaller segments beyond MOST."""

    @property
    def names(self) -> tuple[str, ...]:
        """What each is called."""
        return tuple(name_of(trail) for trail in self.trails)


@dataclass(frozen=True, eq=False)
class SegmentEffects:
    """What a measure on each segment can bring at most."""

    rows: pl.DataFrame
    """EFFECTS, row for row of the segments; null where there is none."""
    missing: str = ""
    """Why no segment has an effect, or some have none."""
    statements: tuple[str, ...] = ()
    """What there is to know of the figures that they are made of."""


@dataclass(frozen=True, eq=False)
class MethodStep:
    """Step 3: how customers are divided, and what speaks for it."""

    method: str
    """A key of METHODS."""
    fitting: str
    """The one that fits the goal and the shop."""
    by: tuple[str, ...]
    """Dimensions of the segments; empty of own filters."""
    facts: MethodFacts
    assumed: bool
    """Nobody has chosen it: it is the fitting one."""


@dataclass(frozen=True, eq=False)
class Profile:
    """Step 4: one of the segments chosen."""

    trail: Trail
    name: str
    portrait: Portrait
    note: Note
    """The analyst's name, description and next steps."""


@dataclass(frozen=True, eq=False)
class Measure:
    """Step 5: who, what, until when, and what it can bring at most."""

    trail: Trail
    segment: str
    step: NextStep
    suggested: bool
    """Nobody has planned anything for the segment: this follows from the goal."""
    effect: dict[str, Any] | None
    """EFFECTS of the segment; None: see `missing`."""
    missing: str


@dataclass(frozen=True, eq=False)
class PlanAnswer:
    """A plan, filled from the data."""

    plan: MarketingPlan
    """With all that it left open."""
    saved: bool
    """Whether it was kept before."""
    snapshot: Snapshot
    query: Query
    goal: GoalStep
    drivers: Drivers
    """Step 2: dimensions known at the first order, by how much of LTV they tell apart."""
    repeat: Drivers
    """The same of a second order."""
    criteria: dict[str, str]
    """The group of criteria of each dimension of the shop."""
    method: MethodStep
    segments: Segments
    matrix: TargetMatrix
    effects: SegmentEffects
    profiles: tuple[Profile, ...]
    measures: tuple[Measure, ...]
    changes: SegmentChanges | None
    """None: segments were not kept, or on no earlier day."""
    age: int | None
    """Days since segments were chosen; None: they were not kept."""
    segments_assumed: bool
    """Nobody has chosen segments."""
    hindsight: bool
    """Segments are chosen by what customers did later: they describe, they do not predict."""

    @property
    def is_old(self) -> bool:
        """Whether the segmentation is older than the churn gap."""
        return self.age is not None and self.age > self.snapshot.churn_gap.days
