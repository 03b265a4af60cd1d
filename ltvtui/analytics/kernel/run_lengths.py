"""Sums over runs: rows that stand together in a sorted frame.

A sum over a run is the difference of two running totals, so that it needs no hash table, and is exact for
integers.
"""

from __future__ import annotations

from functools import reduce
from operator import or_

import polars as pl


def ends_of(*keys: pl.Series) -> pl.Series:
    """Boolean: True at the last row of each run of equal `keys`."""
    return reduce(or_, ((key != key.shift(-1)).fill_null(True) for key in keys))


def run_sums(values: pl.Series, ends: pl.Series) -> pl.Series:
    """Sum of `values` (integers) over each run, given where the runs end (ends_of)."""
    totals = values.cum_sum().filter(ends)
    return totals - totals.shift(1, fill_value=0)


def run_lengths(ends: pl.Series) -> pl.Series:
    """Rows in each run (UInt32), given where the runs end."""
    places = ends.arg_true().cast(pl.UInt32) + 1
    return places - places.shift(1, fill_value=0)
