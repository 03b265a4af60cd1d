"""What the shop is looked at under: the day, and all that has to be agreed on."""

from __future__ import annotations

from dataclasses import dataclass, field

from ltvtui.analytics.entry import Choice
from ltvtui.analytics.rules import Rules
from ltvtui.analytics.tiers.tiers import TierRule


@dataclass(frozen=True)
class TermsOfAnyDay:
    """What has to be agreed on before any figure means something, but the day."""

    horizon: int = 12
    """Months over which LTV is counted."""
    churn_gap: int | None = None
    """Days without an order after which a customer has left; None: measured (metrics.md §3)."""
    entry: Choice = "auto"
    """Whose LTV is counted where the history begins in the middle of the shop's life (metrics.md §3)."""
    margin: float | None = None
    """Share of revenue that is kept; None: the mapped margin column, else 1.0, before costs."""
    discount: float = 0.0
    """Annual discount rate."""
    tier_rule: TierRule = field(default_factory=TierRule)
    week_start: int = 0
    """Weekday on which weeks begin, 0 for Monday to 6 for Sunday."""
    rules: Rules = field(default_factory=Rules)
    """Where RFM, ABC and XYZ cut."""


@dataclass(frozen=True)
class Terms(TermsOfAnyDay):
    """What a figure is computed under."""

    as_of: int = field(kw_only=True)
    """Days since 1970-01-01; nothing after this day is known."""
