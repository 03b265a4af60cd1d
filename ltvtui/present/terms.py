"""The terms under which figures stand, in words."""

from __future__ import annotations

from ltvtui.analytics.schema import MONEY_SCALE
from ltvtui.analytics.snapshot import Snapshot
from ltvtui.present.numbers import amount


def threshold_words(snapshot: Snapshot, currency: str) -> str:
    """VIP from 130.49, middle from 43.06: where the tiers begin, on margin."""
    cuts = snapshot.thresholds
    return ", ".join(
        f"{name} from {amount(cut / MONEY_SCALE * snapshot.margin)} {currency}".rstrip()
        for name, cut in (("VIP", cuts.vip), ("middle", cuts.middle))
        if cut is not None
    )


def rule_words(snapshot: Snapshot, currency: str) -> str:
    """Where the tiers begin, the churn gap, and the rule."""
    gap = snapshot.churn_gap
    silence = f"churn gap {gap.days} d{' (set)' if gap.chosen else ''}"
    return " · ".join((threshold_words(snapshot, currency), silence, snapshot.terms.tier_rule.words()))
