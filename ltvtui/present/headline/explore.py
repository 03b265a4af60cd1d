"""What Explore and a report by any dimension say: who stands out by LTV, and whose revenue is not their share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from ltvtui.analytics.dimensions import HINDSIGHT
from ltvtui.present.headline import Clauses
from ltvtui.present.headline.overview import NOBODY
from ltvtui.present.headline.words import money, name, names, share, within
from ltvtui.present.numbers import count


def explore_clauses(
    rows: pl.DataFrame, by: Sequence[str], base: pl.DataFrame, sign: str, horizon: int = 12
) -> Clauses:
    """The clauses of `rows` (segments.profile by `by`, or some of them) and `base` (the same of all).

    Where both have intervals, a segment stands out whose interval and that of all do not overlap.
    """
    rows = rows.filter(pl.col("customers") > 0)
    if rows.is_empty():
        return NOBODY
    if rows.height == 1:
        return _alone(rows.row(0, named=True), by, sign)
    worth, shares = _worth(rows, by, base.row(0, named=True), sign, horizon), _shares(rows, by)
    # Tiers and scores are made of what was spent: that their LTV differs is no news.
    first = (*shares, worth) if set(by) & HINDSIGHT else (worth, *shares)
    return (*first, *_unknown(rows, by), *_small(rows))


def _alone(row: dict[str, Any], by: Sequence[str], sign: str) -> Clauses:
    who = "the only customer is" if row["customers"] == 1 else f"all {count(row['customers'])} customers are"
    return (f"{who} {_named(row, by)}, with {money(row['revenue'], sign)} of revenue",)


def _worth(rows: pl.DataFrame, by: Sequence[str], base: dict[str, Any], sign: str, horizon: int) -> str:
    seen = min(base["within_months"] or 0, horizon)
    months = f" {within(seen, horizon)}"
    known = rows.filter(~pl.col("few"), pl.col("ltv").is_not_null(), pl.col("within_months").clip(0, horizon) >= seen)
    if not seen or known.is_empty():
        return "no segment has enough data to compare LTV"
    known = known.sort("ltv", descending=True, maintain_order=True)
    if "ltv_lower" not in rows.columns or base["ltv_lower"] is None:
        return _ends(known, by, sign, months)
    above = known.filter(pl.col("ltv_lower") > base["ltv_upper"])
    below = known.filter(pl.col("ltv_upper") < base["ltv_lower"])
    whole = f"all ({money(base['ltv'], sign)}{months})"
    told = [
        f"{side} for {_named(row, by)} ({money(row['ltv'], sign)})"
        for side, part, at in (("higher", above, 0), ("lower", below, -1))
        if part.height
        for row in [part.row(at, named=True)]
    ]
    if not told:
        return f"no segment has an LTV clearly above or below that of {whole}"
    return f"LTV is clearly {' and '.join(told)} than for {whole}"


def _ends(known: pl.DataFrame, by: Sequence[str], sign: str, months: str) -> str:
    high, low = known.row(0, named=True), known.row(-1, named=True)
    if high["ltv"] == low["ltv"]:
        return f"LTV is {money(high['ltv'], sign)}{months} in every segment with enough data"
    ends = [
        f"{side} for {_named(row, by)} ({money(row['ltv'], sign)})"
        for side, row in (("highest", high), ("lowest", low))
    ]
    return f"LTV{months} is {' and '.join(ends)}; intervals are off, so this may be chance"


def _shares(rows: pl.DataFrame, by: Sequence[str]) -> Clauses:
    known = rows.drop_nulls("revenue_share").with_columns(
        (pl.col("revenue_share") - pl.col("customer_share")).alias("gain")
    )
    if known.is_empty():
        return ("revenue is zero or negative, so there are no shares of it",)
    known = known.sort("gain", descending=True, maintain_order=True)
    told = []
    high, low = known.row(0, named=True), known.row(-1, named=True)
    for row, sides in ((high, "brings"), (low, "brings only")):
        of, brought = share(row["customer_share"]), share(row["revenue_share"])
        if of != brought and (row["gain"] > 0) == (sides == "brings"):
            told.append(f"{_named(row, by)} ({of} of customers) {sides} {brought} of revenue")
    return (", ".join(told),) if told else ("every segment's share of revenue is its share of customers",)


def _unknown(rows: pl.DataFrame, by: Sequence[str]) -> Clauses:
    if len(by) != 1:
        return ()
    unknown = rows.filter(pl.col(by[0]).is_null())
    return tuple(f"{names(by)} is unknown for {share(part)} of customers" for part in unknown["customer_share"])


def _small(rows: pl.DataFrame) -> Clauses:
    few = int(rows["few"].sum())
    if not few:
        return ()
    if few == rows.height:
        return ("every segment is a small sample",)
    of = f"{count(few)} of {count(rows.height)} segments"
    return (f"{of} is a small sample" if few == 1 else f"{of} are small samples",)


def _named(row: dict[str, Any], by: Sequence[str]) -> str:
    """email; orders band 1, since a bare figure would read as an amount."""
    values = [name(row[dimension]) for dimension in by]
    return " × ".join(
        f"{name(dimension)} {value}" if value[:1].isdigit() else value
        for dimension, value in zip(by, values, strict=True)
    )
