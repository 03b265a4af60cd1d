"""The terms under which figures stand, in words."""

from __future__ import annotations

from ltvtui.analytics.calendar import WEEKDAYS
from ltvtui.analytics.retention import ChurnGap
from ltvtui.analytics.schema import MONEY_SCALE
from ltvtui.analytics.snapshot import Snapshot
from ltvtui.present.numbers import amount, counted, percent


def threshold_words(snapshot: Snapshot, currency: str, gross: bool) -> str:
    """VIP from 130.49, middle from 43.06: where the tiers begin; of margin where LTV is."""
    cuts = snapshot.thresholds
    money = " ".join(w for w in (currency, "" if gross else "margin") if w)
    return ", ".join(
        f"{name} from {amount(cut / MONEY_SCALE * snapshot.margin)} {money}".rstrip()
        for name, cut in (("VIP", cuts.vip), ("middle", cuts.middle))
        if cut is not None
    )


def gap_words(gap: ChurnGap) -> tuple[str, ...]:
    """churn gap 88 days, where it comes from unless it was measured, and how often it was wrong."""
    origin = " (set)" if gap.chosen else " (no repeat seen)" if gap.gaps == 0 else ""
    returned = () if gap.returned is None else (f"{percent(gap.returned)} of longer silences ended in a return",)
    return (f"churn gap {counted(gap.days, 'day')}{origin}", *returned)


def calendar_words(time_zone: str | None, week_start: int) -> tuple[str, ...]:
    """days in Europe/Berlin, weeks from Sunday: what differs from the shop's own clock and ISO weeks."""
    zone = () if time_zone is None else (f"days in {time_zone}",)
    return zone if week_start == 0 else (*zone, f"weeks from {WEEKDAYS[week_start]}")


def rule_words(snapshot: Snapshot, currency: str, gross: bool) -> tuple[str, ...]:
    """Where the tiers begin, the churn gap, the rule, and how far the churn gap can be trusted."""
    silence, *trust = gap_words(snapshot.churn_gap)
    return (threshold_words(snapshot, currency, gross), silence, snapshot.terms.tier_rule.words(), *trust)
