"""Dimensions that hold the same are said once; a line names the one that is left out."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from ltvtui.present.headline.words import name, share

DIMENSION = "dimension"


def without_doubles(rows: pl.DataFrame, doubles: pl.DataFrame, fixed: Collection[str] = ()) -> pl.DataFrame:
    """`rows` with a column dimension, without those of comparison.doubles whose like is among them, or is `fixed`: by
    which the groups were chosen, so that it says of them only that."""
    return rows.filter(~pl.col(DIMENSION).is_in([name for name, *_ in _left_out(rows, doubles, fixed)]))


def double_words(rows: pl.DataFrame, doubles: pl.DataFrame, fixed: Collection[str] = ()) -> tuple[str, ...]:
    """Which dimensions of `rows` are left out by without_doubles, and why: channel = signup channel for 99 % of
    customers, shown once."""
    return tuple(
        f"{name(left)} = {name(of)} for {share(same)} of customers: {'left out' if of in fixed else 'shown once'}"
        for left, of, same in _left_out(rows, doubles, fixed)
    )


def _left_out(rows: pl.DataFrame, doubles: pl.DataFrame, fixed: Collection[str]) -> list[tuple[str, str, float]]:
    """The dimension that is left out, the one that holds the same, and the share of customers of whom it does."""
    shown = set(rows[DIMENSION].unique())
    found = []
    for dimension, of, same in doubles.rows():
        if dimension in shown and (of in shown or of in fixed):
            found.append((dimension, of, same))
        elif dimension in fixed and of in shown:
            found.append((of, dimension, same))
    return found
