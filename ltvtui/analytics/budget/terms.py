"""Under what a budget is asked: channels, target and limits, worth of a customer, and the days that count."""

from __future__ import annotations

from dataclasses import dataclass, field

from ltvtui.analytics.budget.spend import Spend
from ltvtui.analytics.snapshot import Snapshot


@dataclass(frozen=True)
class BudgetTerms:
    """What is agreed on beyond the snapshot's own terms, of which horizon, margin and discount hold here too."""

    dimension: str | None = None
    """What tells channels apart: a dimension whose values the spend names, or one of dimensions.PERIODS, by which
    spend is told by its day. None: spend.channel_dimension."""
    then: str | None = None
    """A second dimension that cuts the customers of each channel; spend is not told by it."""
    target: float = 3.0
    """LTV:CAC that is wanted."""
    payback_limit: int = 12
    """Months within which a customer has to bring back what they cost."""
    since: int | None = field(default=None, metadata={"day": True})
    """First day of acquisition and of spend, since 1970-01-01; None: the beginning."""
    until: int | None = field(default=None, metadata={"day": True})
    """Last day of both; None, or a day after it: the as-of day."""
    aliases: tuple[tuple[str, str], ...] = ()
    """(name in the spend, channel it means)."""
    horizon: int | None = None
    """Months over which LTV is counted; None: the snapshot's."""
    margin: float | None = None
    """Share of revenue that is kept; None: what the snapshot has."""
    discount: float | None = None
    """Annual discount rate; None: the snapshot's."""

    def short(self) -> dict[str, str]:
        """What is agreed on for the shop, as text; defaults are left out, and what is said for one look."""
        default = BudgetTerms()
        words = {
            "channel": self.dimension or "",
            "target": repr(self.target) if self.target != default.target else "",
            "payback_limit": str(self.payback_limit) if self.payback_limit != default.payback_limit else "",
        }
        return {name: word for name, word in words.items() if word}


@dataclass(frozen=True)
class Worth:
    """How customers are valued in a budget: what is tried of it, else what is agreed on."""

    horizon: int
    """Months over which LTV is counted."""
    margin: float
    """Factor on what customers bring."""
    of_revenue: bool
    """True where the margin is tried, and goes before a mapped one."""
    discount: float
    """Annual discount rate."""


def days_of(snapshot: Snapshot, spend: Spend, terms: BudgetTerms) -> tuple[int | None, int]:
    """The period of `terms` as far as spend is known, and customers are known to be new."""
    since, until = _asked(snapshot, terms)
    proven = snapshot.entry.since
    if proven is not None:
        # Spend of a month in which only some of the customers count would be held against these alone.
        begun = spend.begins(proven)
        since = begun if since is None else max(since, begun)
    if spend.covered_days is None:
        return since, until
    first, last = spend.covered_days
    return (first if since is None else max(since, first)), min(until, last)


def left_out(snapshot: Snapshot, terms: BudgetTerms, days: tuple[int | None, int]) -> int:
    """Budget.left_out."""
    since, until = _asked(snapshot, terms)
    proven = snapshot.entry.since
    begin = max((day for day in (since, proven) if day is not None), default=None)
    first = snapshot.customers["first"]
    asked = (first <= until) if begin is None else first.is_between(begin, until)
    inside = (first <= days[1]) if days[0] is None else first.is_between(days[0], days[1])
    return int((asked & ~inside).sum())


def _asked(snapshot: Snapshot, terms: BudgetTerms) -> tuple[int | None, int]:
    as_of = snapshot.terms.as_of
    return terms.since, as_of if terms.until is None else min(terms.until, as_of)


def worth_of(snapshot: Snapshot, terms: BudgetTerms) -> Worth:
    """What counts as worth of a customer: as `terms` have it, else as the snapshot does."""
    defaults = snapshot.terms
    return Worth(
        defaults.horizon if terms.horizon is None else terms.horizon,
        snapshot.margin if terms.margin is None else terms.margin,
        terms.margin is not None,
        defaults.discount if terms.discount is None else terms.discount,
    )


def followed(worth: Worth, terms: BudgetTerms) -> int:
    """Age months to follow, at the least: up to the horizon and to the payback limit."""
    return max(worth.horizon, terms.payback_limit)
