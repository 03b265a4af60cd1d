"""Dimensions that hold the same are said once; a line names the one that is left out."""

from __future__ import annotations

import polars as pl

from ltvtui.present.headline.words import name, share

DIMENSION = "dimension"


def without_doubles(rows: pl.DataFrame, doubles: pl.DataFrame) -> pl.DataFrame:
    """`rows` with a column dimension, without those of comparison.doubles whose like is among them."""
    return rows.filter(~pl.col(DIMENSION).is_in(_left_out(rows, doubles)[DIMENSION].implode()))


def double_words(rows: pl.DataFrame, doubles: pl.DataFrame) -> tuple[str, ...]:
    """Which dimensions of `rows` are left out by without_doubles, and why: channel = signup channel for 99 % of
    customers, shown once."""
    return tuple(
        f"{name(dimension)} = {name(of)} for {share(same)} of customers: shown once"
        for dimension, of, same in _left_out(rows, doubles).rows()
    )


def _left_out(rows: pl.DataFrame, doubles: pl.DataFrame) -> pl.DataFrame:
    shown = rows[DIMENSION].unique()
    return doubles.filter(pl.col(DIMENSION).is_in(shown.implode()), pl.col("of").is_in(shown.implode()))
