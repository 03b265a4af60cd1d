"""Comparisons of numbers and days, exact: whole numbers are compared with whole numbers."""

from __future__ import annotations

import math
from fractions import Fraction

import polars as pl

from ltvtui.query.grammar.amounts import Period


def compared(value: pl.Expr, sign: str, with_: Fraction, floating: bool = False) -> pl.Expr:
    """True where `value` (whole numbers, or Float64) stands so to a number that need not be whole."""
    if floating:
        return _plainly(value, sign, pl.lit(float(with_)))
    down, up = math.floor(with_), math.ceil(with_)
    match sign:
        case "=" | "!=" if down != up:
            return value.is_not_null() & pl.lit(sign == "!=")
        case ">" | "<=" | "=" | "!=":
            return _plainly(value, sign, pl.lit(down, dtype=pl.Int64))
    return _plainly(value, sign, pl.lit(up, dtype=pl.Int64))


def ratio_compared(above: pl.Expr, below: pl.Expr, sign: str, with_: Fraction) -> pl.Expr:
    """True where `above` / `below` (whole numbers, the lower one positive) stands so to a number."""
    crossed = above.cast(pl.Int128) * with_.denominator
    return _plainly(crossed, sign, below.cast(pl.Int128) * pl.lit(with_.numerator, dtype=pl.Int128))


def within(day: pl.Expr, sign: str, period: Period) -> pl.Expr:
    """True where `day` lies so to a period: = in it, > after its last day, >= from its first."""
    since, until = (pl.lit(end, dtype=pl.Int32) for end in period)
    match sign:
        case "=":
            return day.is_between(since, until)
        case "!=":
            return ~day.is_between(since, until)
        case ">" | "<=":
            return _plainly(day, sign, until)
    return _plainly(day, sign, since)


def _plainly(value: pl.Expr, sign: str, other: pl.Expr) -> pl.Expr:
    match sign:
        case "=":
            return value == other
        case "!=":
            return value != other
        case "<":
            return value < other
        case "<=":
            return value <= other
        case ">":
            return value > other
    return value >= other
