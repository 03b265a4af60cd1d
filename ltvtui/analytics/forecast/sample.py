"""A shop as some of its customers show it: a first forecast of a large one, in a moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from ltvtui.analytics.kernel.activity_index import ActivityIndex
from ltvtui.analytics.kernel.cached_activity import CachedActivity
from ltvtui.analytics.kernel.memo import UNCACHED

SAMPLE: Final = 50_000
"""Customers that a first forecast is made of."""


@dataclass(frozen=True, eq=False)
class Sample:
    """One in so many customers of a shop."""

    activity: CachedActivity
    """Theirs, under codes that count up."""
    step: int
    """One in so many: a code of the shop ÷ the code here."""


def sample_of(activity: CachedActivity) -> Sample:
    """About SAMPLE customers, or all of a shop that has no more."""
    index = activity.index
    codes = index.activity["customer"]
    last = codes[-1] if codes.len() else 0
    step = max((int(last) + 1) // SAMPLE, 1)
    rows = index.activity.filter(codes % step == 0).with_columns(pl.col("customer") // step)
    return Sample(CachedActivity(ActivityIndex(rows, index.margin_mapped), UNCACHED), step)
