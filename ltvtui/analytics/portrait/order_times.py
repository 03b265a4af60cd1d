"""When customers order: by weekday and hour, and by month of the year, beside all customers (metrics.md §12)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from ltvtui.analytics.snapshot import Snapshot

HOURS: Final = 24
_MONTHS: Final = 12
_WEEKDAYS: Final = 7
_THURSDAY: Final = 3
"""The weekday of day 0, Monday being 0."""
_CELLS: Final = _WEEKDAYS * _MONTHS * HOURS

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
    orders = whole.cleaned.orders
    conditions = []
    if whole.terms.as_of < whole.activity_index.last_day:
        conditions.append(pl.col("day") <= whole.terms.as_of)
    if not bool((orders["kind"] == "order").all()):
        conditions.append(pl.col("kind") == "order")
    seen = orders.filter(*conditions) if conditions else orders
    return _times(seen.select("customer", "day", "second"), _inside(snapshot, whole))


def _inside(snapshot: Snapshot, whole: Snapshot) -> pl.Series:
    """UInt16 by customer code: the first cell of the customers of the snapshot, 0 of others."""
    nobody = pl.zeros(whole.counted.height, dtype=pl.UInt16, eager=True)
    return nobody.scatter(snapshot.customers["customer"], _CELLS)


def _times(orders: pl.DataFrame, inside: pl.Series) -> OrderTimes:
    first, last = orders.select(pl.col("day").min(), pl.col("day").max().alias("last")).row(0)
    days = pl.int_range(first, last + 1, dtype=pl.Int32, eager=True)
    month = days.cast(pl.Date).dt.month().cast(pl.Int32) - 1
    start = (((days + _THURSDAY) % _WEEKDAYS * _MONTHS + month) * HOURS).cast(pl.UInt16)
    cell = pl.lit(start).gather(pl.col("day") - first) + (pl.col("second") // 3600).cast(pl.UInt16)
    cells = orders.select(cell + pl.lit(inside).gather("customer")).to_series()
    counts = np.bincount(cells.to_numpy(), minlength=2 * _CELLS).reshape(2, _WEEKDAYS, _MONTHS, HOURS)
    own, base = counts[1], counts[0] + counts[1]
    at_midnight = int((orders["second"] == 0).sum())
    # Days without times are read as midnight; a few rows with a time do not make a shop that knows when.
    has_times = at_midnight * 2 <= orders.height and bool((base.sum(axis=(0, 1)) > 0).sum() > 1)
    weekday, hour = (axis.ravel() for axis in np.indices((_WEEKDAYS, HOURS)))
    return OrderTimes(
        _counted({"weekday": np.arange(_WEEKDAYS)}, own.sum(axis=(1, 2)), base.sum(axis=(1, 2))),
        _counted({"month": np.arange(1, _MONTHS + 1)}, own.sum(axis=(0, 2)), base.sum(axis=(0, 2))),
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
