"""The first days on which customers ordered: whatever the as-of day, those up to it are the earliest of them."""

from __future__ import annotations

import numpy as np
import polars as pl


def first_days(activity: pl.DataFrame, customers: int, count: int) -> pl.DataFrame:
    """By customer code, of so many `customers`: "1", "2", … (Int32), the first `count` of their days with an order,
    null where there are less. `activity` has customer, day and orders, by customer and day."""
    orders = np.flatnonzero(activity["orders"].to_numpy() > 0)
    codes, days = activity["customer"].to_numpy()[orders], activity["day"].to_numpy()[orders]
    begins = np.flatnonzero(np.diff(codes, prepend=-1))
    lengths = np.diff(begins, append=len(codes))
    found = {}
    for number in range(count):
        there = begins[lengths > number]
        missing = pl.repeat(None, customers, dtype=pl.Int32, eager=True)
        found[str(number + 1)] = missing.scatter(codes[there], days[there + number])
    return pl.DataFrame(found)
