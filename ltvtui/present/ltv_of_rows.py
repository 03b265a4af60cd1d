"""Why the LTV of some segments and that of all do not add up, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from ltvtui.present.headline.words import name
from ltvtui.present.numbers import amount, count

APART: Final = 0.02
"""How far the mean of the rows is from the LTV of all where it is explained."""
MOST: Final = 4
"""Rows of which it is told how many customers their LTV is of."""


def ltv_of_rows_words(rows: pl.DataFrame, whole: pl.DataFrame, by: Sequence[str]) -> tuple[str, ...]:
    """Of `rows` and `whole` (segments.profile) by the dimensions `by`: of how many customers of each row the LTV is,
    where a cut-off history counts some alone, and why the rows do not average to all."""
    return (*_counted(rows, by), *_apart(rows, whole))


def _counted(rows: pl.DataFrame, by: Sequence[str]) -> tuple[str, ...]:
    part = rows.filter(pl.col("counted") < pl.col("customers")).head(MOST)
    if part.is_empty() or len(by) != 1:
        return ()
    figures = part.select(*by, "counted", "customers").rows()
    each = [f"{count(n)} of {count(of)} {name(who)}" for who, n, of in figures]
    return (f"LTV is of {', '.join(each)}{', …' if rows.height > MOST else ''}",)


def _apart(rows: pl.DataFrame, whole: pl.DataFrame) -> tuple[str, ...]:
    measured, of_all = rows.filter(pl.col("ltv").is_not_null(), pl.col("counted") > 0), whole["ltv"][0]
    if rows.height < 2 or measured.height < rows.height or not of_all:
        return ()
    mean = float((measured["ltv"] * measured["counted"]).sum()) / float(measured["counted"].sum())
    if abs(mean / of_all - 1) < APART:
        return ()
    return (f"rows average {amount(mean)}, all {amount(of_all)}: months count who has been seen so long",)
