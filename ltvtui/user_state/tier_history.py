"""What tiers were whenever a shop was opened: as they were shown then, by the rule and the data of then."""

from __future__ import annotations

from dataclasses import dataclass

from ltvtui.query.query import Query


@dataclass(frozen=True)
class Recording:
    """One time at which tiers were compared with those recorded before, and differed."""

    as_of: int
    """The shop's latest day then, since 1970-01-01."""
    at: str
    """When it was opened: ISO, UTC, to the second."""
    customers: int
    """How many there were."""
    changed: int | None
    """How many were in another tier than recorded before, new ones too; None: nothing was recorded before."""


@dataclass(frozen=True)
class TierChange:
    """One customer's tier, as it was recorded, and the one recorded before."""

    as_of: int
    """The shop's latest day then, since 1970-01-01."""
    at: str
    """When: ISO, UTC, to the second."""
    before: str | None
    """None: not a customer then."""
    after: str | None
    """None: no customer any more."""


def tier_rule_key(query: Query, margin_mapped: bool) -> str:
    """What tiers of the shop's latest day depend on beside the orders: those of two rules are not compared."""
    rule, margin = query.tier_rule, query.margin
    short = rule.short() if rule.value == "historic" else f"{rule.short()} expected"
    if margin is None:
        return short
    if rule.kind == "threshold":
        return f"{short} at margin {margin!r}"
    return f"{short} of revenue" if margin_mapped else short
