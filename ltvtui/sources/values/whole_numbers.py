"""Ids that are whole numbers: narrow, and quick to compare."""

from __future__ import annotations

import polars as pl

from ltvtui.sources.values import decoding


def whole_numbers(rows: pl.DataFrame) -> pl.DataFrame:
    """Ids as Int32 or Int64 where each is a whole number as one writes it: narrower, and quick to compare.

    Decided by the values alone, not by how the shop declares them, so that 17 and "17" stay one customer.
    """
    for group in (("customer_id",), ("order_id", "refund_of")):
        names = [name for name in group if name in rows.columns]
        numbers = [_numbers(rows[name]) for name in names]
        found = [series for series in numbers if series is not None]
        if len(found) == len(names):
            rows = rows.with_columns(found)
        else:
            rows = rows.with_columns(pl.col(names).cast(pl.String))
    return rows


def _numbers(ids: pl.Series) -> pl.Series | None:
    if ids.dtype.is_integer():
        return ids
    for few in (ids.head(1000), ids):
        numbers = few.cast(pl.Int64, strict=False)
        if numbers.null_count() > few.null_count() or not bool((numbers.cast(pl.String) == few).all()):
            return None
    return decoding.narrow(numbers)
