"""The share of a segment that has lapsed, as a column."""

from __future__ import annotations

from ltvtui.analytics.lifecycle.lapsed import LAPSED_SHARE
from ltvtui.present.columns import ALL_TIME
from ltvtui.present.tables import Column


def lapsed_column(churn_gap: int) -> Column:
    """The column, which stands behind how many they are: there it is seen on the narrowest screen, and how many have
    gone is what LTV and revenue to date do not tell. `churn_gap` is in days."""
    definition = f"Share with days since last order ≥ churn gap ({churn_gap})."
    return Column(LAPSED_SHARE, "lapsed", "share", ALL_TIME, help=definition)
