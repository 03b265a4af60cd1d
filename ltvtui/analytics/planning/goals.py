"""What a plan may be made for, and the figure by which each goal is measured (metrics.md §14)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import polars as pl

from ltvtui.analytics.schema import age_month
from ltvtui.analytics.segments import profile
from ltvtui.analytics.snapshot import Snapshot
from ltvtui.analytics.tiers.values import tier_values

GoalUnit = Literal["money", "count", "ratio"]


@dataclass(frozen=True)
class Goal:
    """One kind of goal."""

    key: str
    """As options name it."""
    name: str
    """As people say it."""
    figure: str
    """What it is measured by."""
    unit: GoalUnit
    rises: bool = True
    """Whether more of the figure is better."""


GOALS: Final[dict[str, Goal]] = {
    goal.key: goal
    for goal in (
        Goal("raise-ltv", "raise LTV", "LTV", "money"),
        Goal("cut-cac", "cut CAC", "CAC", "money", rises=False),
        Goal("win-back", "win back customers", "customers won back", "count"),
        Goal("grow-vips", "grow VIPs", "VIPs", "count"),
        Goal("check-budget", "check the budget", "LTV:CAC", "ratio"),
    )
}
DEFAULT_GOAL: Final = "raise-ltv"
WITHOUT_WINDOWS: Final = "win-back"
"""The default where no customer is within the horizon of LTV any more."""
CHANGE: Final = 0.1
"""How much better than today a goal is that nobody has given a number: 10 %."""


@dataclass(frozen=True)
class GoalFigure:
    """A goal's figure on one day."""

    day: int
    """Since 1970-01-01."""
    value: float | None
    """Currency units, customers or a ratio; None: see `missing`."""
    lower: float | None = None
    """Of its 95 % interval, as `upper`; None where it has none."""
    upper: float | None = None
    seen: int | None = None
    """τ: months of data behind it, of LTV."""
    customers: int | None = None
    """How many it rests on."""
    missing: str = ""
    """Why there is none, in one sentence; blank where there is one."""


def ltv_figure(snapshot: Snapshot) -> GoalFigure:
    """LTV within the horizon of the snapshot's customers, with its interval and τ (metrics.md §4)."""
    row = profile(snapshot, (), True).row(0, named=True)
    missing = "" if row["ltv"] is not None else "There is less than a month of data on these customers."
    return GoalFigure(
        snapshot.terms.as_of,
        row["ltv"],
        row["ltv_lower"],
        row["ltv_upper"],
        row["within_months"] if row["ltv"] is not None else None,
        row["counted"] or 0,
        missing,
    )


def open_windows(snapshot: Snapshot) -> int:
    """Of how many of the snapshot's customers who count towards LTV the months of the horizon are not over: their
    orders to come still count in LTV within it; those of all others do not."""
    first, since = snapshot.customers["first"], snapshot.entry.since
    is_open = age_month(snapshot.terms.as_of - first + 1) < snapshot.terms.horizon
    return int((is_open if since is None else is_open & (first >= since)).sum())


def vip_figure(snapshot: Snapshot, vip_from: int | None) -> GoalFigure:
    """How many of the snapshot's customers are worth `vip_from` (Int64 money) or more and have not lapsed.

    The amount is that of the day on which the goal was set: a share of customers would never grow.
    """
    if vip_from is None:
        return GoalFigure(snapshot.terms.as_of, None, missing="No customer is worth more than zero: nobody is a VIP.")
    silent = snapshot.terms.as_of - snapshot.customers["last"]
    is_best = (vip_values(snapshot) >= vip_from) & (silent < snapshot.churn_gap.days)
    return GoalFigure(snapshot.terms.as_of, float(is_best.sum()), customers=snapshot.customers.height)


def won_back_figure(snapshot: Snapshot, since: int) -> GoalFigure:
    """How many of the snapshot's customers had been silent for the churn gap on the day `since` and ordered again.

    The gap is the snapshot's own on both days, as in migration.
    """
    then = snapshot.activity.customers(since).select("customer", pl.col("last").alias("then"))
    lapsed = then.filter(since - pl.col("then") >= snapshot.churn_gap.days)
    back = snapshot.customers.select("customer", "last").join(lapsed, on="customer").filter(pl.col("last") > since)
    return GoalFigure(snapshot.terms.as_of, float(back.height), customers=lapsed.height)


def vip_values(snapshot: Snapshot) -> pl.Series:
    """What tiers are cut by (Int64 money) of the snapshot's customers, row for row."""
    values = tier_values(snapshot.totals, snapshot.terms, snapshot.activity)
    if not snapshot.selected:
        return values
    return values.gather(snapshot.totals.customers["customer"].search_sorted(snapshot.customers["customer"]))


def default_target(goal: Goal, now: float | None, in_span: int, ratio: float) -> float | None:
    """The number of a goal that nobody has given one: CHANGE better than today; None where today's is not known.

    Of customers won back there are none today: CHANGE more than the `in_span` who came back by themselves within as
    many days before. Customers are whole, at least one more. LTV:CAC should reach `ratio`, the shop's own target.
    """
    if goal.key == "win-back":
        return float(_more(in_span))
    if goal.unit == "ratio" and (now is None or now < ratio):
        return ratio
    if now is None:
        return None
    if goal.unit == "count":
        return float(_more(round(now)))
    return now * (1 + CHANGE if goal.rises else 1 - CHANGE)


def _more(count: int) -> int:
    """CHANGE more than `count`, rounded up; at least one more."""
    return count + max(-(-count * round(CHANGE * 100) // 100), 1)
