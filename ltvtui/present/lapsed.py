"""The share of a segment that has lapsed, as a column."""

from __future__ import annotations

from collections.abc import Sequence

from ltvtui.analytics.lapsed import LAPSED_SHARE
from ltvtui.present.columns import ALL_TIME
from ltvtui.present.tables import Column


def with_lapsed_column(columns: Sequence[Column], churn_gap: int) -> tuple[Column, ...]:
    """`columns` of segments, the share that has lapsed right behind how many they are.

    There it is seen on the narrowest screen: how many have gone is what LTV and revenue to date do not tell.
    `churn_gap` is in days.
    """
    telling = f"Share with days since last order ≥ churn gap ({churn_gap})."
    lapsed = Column(LAPSED_SHARE, "lapsed", "share", ALL_TIME, help=telling)
    at = next(place for place, column in enumerate(columns, 1) if column.key == "customer_share")
    return (*columns[:at], lapsed, *columns[at:])
