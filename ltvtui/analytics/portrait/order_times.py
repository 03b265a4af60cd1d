"""When customers order: by weekday and hour, and by month of the year, beside all customers (metrics.md §12)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from ltvtui.analytics.order_store import HOURS, MONTHS, WEEKDAYS, OrderMoments
from ltvtui.analytics.snapshot import Snapshot

COUNTS: Final = ("orders", "base_orders", "share", "base_share", "index")
"""Columns behind the time: orders of the customers and of the base (Int64), each as a share of all of them (Float64),
and the ratio of both shares × 100; null where the base has no orders then."""


@dataclass(frozen=True, eq=False)
class OrderTimes:
    """When some customers ordered, beside all customers of the shop."""

    weekdays: pl.DataFrame
    """weekday (Int32, 0 for Monday), then COUNTS: seven rows."""
    months: pl.DataFrame
    """month (Int32, 1 … 12), then COUNTS: twelve rows."""
    hours: pl.DataFrame | None
    """weekday, hour (Int32, 0 … 23), then COUNTS: 168 rows; None where the shop has no times of day."""


def order_times(snapshot: Snapshot, whole: Snapshot) -> OrderTimes:
    """When the customers of `snapshot` ordered, up to the as-of day, beside those of the `whole` shop."""
    asked = pl.repeat(False, whole.counted.height, dtype=pl.Boolean, eager=True)
    asked = asked.scatter(snapshot.customers["customer"], True)
    return _times(whole.cleaned.store.moments(asked, whole.terms.as_of))


def _times(moments: OrderMoments) -> OrderTimes:
    counts = moments.counts
    own, base = counts[1], counts[0] + counts[1]
    # Days without times are read as midnight; a few rows with a time do not make a shop that knows when.
    has_times = moments.at_midnight * 2 <= moments.orders and bool((base.sum(axis=(0, 1)) > 0).sum() > 1)
    weekday, hour = (axis.ravel() for axis in np.indices((WEEKDAYS, HOURS)))
    return OrderTimes(
        _counted({"weekday": np.arange(WEEKDAYS)}, own.sum(axis=(1, 2)), base.sum(axis=(1, 2))),
        _counted({"month": np.arange(1, MONTHS + 1)}, own.sum(axis=(0, 2)), base.sum(axis=(0, 2))),
        _counted({"weekday": weekday, "hour": hour}, own.sum(axis=1).ravel(), base.sum(axis=1).ravel())
        if has_times
        else None,
    )


def _counted(
    when: dict[str, npt.NDArray[np.int_]], own: npt.NDArray[np.int_], base: npt.NDArray[np.int_]
) -> pl.DataFrame:
    counts = pl.DataFrame(
        {**{name: pl.Series(axis).cast(pl.Int32) for name, axis in when.items()}, "orders": own, "base_orders": base},
    ).cast({"orders": pl.Int64, "base_orders": pl.Int64})
    shares = [
        (pl.col(column) / pl.col(column).sum().over(pl.lit(0))).fill_nan(None).alias(share)
        for column, share in (("orders", "share"), ("base_orders", "base_share"))
    ]
    index = pl.when(pl.col("base_share") > 0).then(pl.col("share") / pl.col("base_share") * 100).alias("index")
    return counts.with_columns(shares).with_columns(index)
