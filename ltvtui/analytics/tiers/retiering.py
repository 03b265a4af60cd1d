"""The same shop cut into tiers by another rule: what does not ask for tiers stays as it was."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ltvtui.analytics.aggregate import moved_on
from ltvtui.analytics.snapshot import Snapshot
from ltvtui.analytics.summaries import AGGREGATE, aggregate_of
from ltvtui.analytics.tiers.tiers import TierRule
from ltvtui.analytics.tiers.values import tiered

MOST_MOVED: Final = 4
"""One in so many customers may change tier for those who stay not to be counted anew."""


def under(snapshot: Snapshot, rule: TierRule) -> Snapshot:
    """The customers of `snapshot`, cut into tiers by another rule."""
    terms = replace(snapshot.terms, tier_rule=rule)
    customers, cuts = tiered(snapshot.customers, snapshot.totals, terms, snapshot.activity)
    other = replace(snapshot, terms=terms, thresholds=cuts, customers=customers)
    moved = customers["tier"] != snapshot.customers["tier"]
    cached = snapshot.find(AGGREGATE, ("tier",))
    if cached is not None and moved.sum() * MOST_MOVED <= customers.height:
        left, joined = (part.of_customers(part.customers.filter(moved)) for part in (snapshot, other))
        other.recall(
            AGGREGATE,
            ("tier",),
            lambda: moved_on(cached, aggregate_of(left, "tier"), aggregate_of(joined, "tier"), ("tier",)),
        )
    return other
