"""Days on which nobody ordered, by hand."""

from __future__ import annotations

import polars as pl
import pytest

from ltvtui.analytics.cleaning.data_quality import QuietDays, quiet_days


@pytest.mark.parametrize(
    ("days", "found"),
    [
        ([], QuietDays(0, None)),
        ([7], QuietDays(0, None)),
        ([7, 8, 8, 9], QuietDays(0, None)),
        ([7, 9], QuietDays(1, (8, 8))),
        # 8 and 9 are quiet, 11 is, 13 and 14 are: five days, the first stretch of two is the longest.
        ([15, 7, 10, 12, 10], QuietDays(5, (8, 9))),
    ],
)
def test_quiet_days(days: list[int], found: QuietDays) -> None:
    assert quiet_days(pl.Series(days, dtype=pl.Int32)) == found
