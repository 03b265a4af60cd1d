"""Which statuses of a shop leave an order out (metrics.md §1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from ltvtui.analytics.cleaning.statuses import is_money_back, undone_among

EXCLUDED_STATUSES: Final = ("cancelled", "canceled", "refunded", "voided", "failed", "declined", "returned")


def barred_among(statuses: Iterable[str], excluded: tuple[str, ...]) -> list[str]:
    """Those of `statuses` whose rows are left out, `excluded` being CleaningPolicy.excluded_statuses."""
    return undone_among(statuses, excluded, excluded == EXCLUDED_STATUSES)


def of_refunds_among(barred: Iterable[str], excluded: Sequence[str]) -> list[str]:
    """Those of the `barred` statuses that stay where the amount is negative: they name what the row is."""
    listed = {status.strip().lower() for status in excluded}
    return [status for status in barred if is_money_back(status) and status.strip().lower() not in listed]
