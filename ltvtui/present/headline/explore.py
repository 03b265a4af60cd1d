"""What Explore and a report by any dimension say: who stands out by LTV, and whose revenue is not their share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import polars as pl

from ltvtui.analytics.dimensions import HINDSIGHT, PERIODS
from ltvtui.present.headline import Clauses, with_fixed_brackets
from ltvtui.present.headline.overview import NOBODY
from ltvtui.present.headline.words import money, name, names, share, within
from ltvtui.present.numbers import count

NOTABLE: Final = 0.02
"""Points between two shares that are worth a word; where both are small, so is one TIMES the other."""
TIMES: Final = 1.25


def explore_clauses(
    rows: pl.DataFrame, by: Sequence[str], base: pl.DataFrame, sign: str, horizon: int = 12, misleading: Clauses = ()
) -> Clauses:
    """The clauses of `rows` (segments.profile by `by`, or some of them) and `base` (the same of all).

    `misleading`: rfm_names.misnomer_clauses of the names.

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
    if set(by) & set(PERIODS):  # who came later has had less time to bring anything
        first = (worth,)
    return (*first, *misleading, *_unknown(rows, by), *_small(rows))


def _alone(row: dict[str, Any], by: Sequence[str], sign: str) -> Clauses:
    who = "the only customer is" if row["customers"] == 1 else f"all {count(row['customers'])} customers are"
    return (f"{who} in one segment ({_segment(row, by)}), with {money(row['revenue'], sign)} of revenue",)


def _worth(rows: pl.DataFrame, by: Sequence[str], base: dict[str, Any], sign: str, horizon: int) -> str:
    seen = min(base["within_months"] or 0, horizon)
    months = f" {within(seen, horizon)}"
    usable = rows.filter(
        ~pl.col("few"), pl.col("ltv").is_not_null(), pl.col("within_months").clip(0, horizon) >= seen
    )
    if not seen or usable.is_empty():
        return "no segment has enough data to compare LTV"
    usable = usable.sort("ltv", descending=True, maintain_order=True)
    if "ltv_lower" not in rows.columns or base["ltv_lower"] is None:
        return _ends(usable, by, sign, months)
    above = usable.filter(pl.col("ltv_lower") > base["ltv_upper"])
    below = usable.filter(pl.col("ltv_upper") < base["ltv_lower"])
    everybody = f"all ({money(base['ltv'], sign)}{months})"
    sides = [
        f"{side} for {_segment(row, by)} ({money(row['ltv'], sign)})"
        for side, part, at in (("higher", above, 0), ("lower", below, -1))
        if part.height
        for row in [part.row(at, named=True)]
    ]
    if not sides:
        return f"no segment has an LTV clearly above or below that of {everybody}"
    return f"LTV is clearly {' and '.join(sides)} than for {everybody}"


def _ends(usable: pl.DataFrame, by: Sequence[str], sign: str, months: str) -> str:
    high, low = usable.row(0, named=True), usable.row(-1, named=True)
    if high["ltv"] == low["ltv"]:
        return f"LTV is {money(high['ltv'], sign)}{months} in every segment with enough data"
    ends = [
        f"{side} for {_segment(row, by)} ({money(row['ltv'], sign)})"
        for side, row in (("highest", high), ("lowest", low))
    ]
    return f"LTV{months} is {' and '.join(ends)}; intervals are off, so this may be chance"


def _shares(rows: pl.DataFrame, by: Sequence[str]) -> Clauses:
    by_gain = rows.drop_nulls("revenue_share").with_columns(
        (pl.col("revenue_share") - pl.col("customer_share")).alias("gain")
    )
    if by_gain.is_empty():
        return ("revenue is zero or negative, so there are no shares of it",)
    by_gain = by_gain.sort("gain", descending=True, maintain_order=True)
    high, low = by_gain.row(0, named=True), by_gain.row(-1, named=True)
    # A name from the shop never stands first: it would be given a capital.
    clauses = []
    if _differs(high) and high["gain"] > 0:
        clauses.append(f"{_of(high, by, first=True)} bring {share(high['revenue_share'])} of revenue")
    if _differs(low) and low["gain"] < 0:
        first = not clauses
        verb, of = (" bring", " of revenue") if first else ("", "")
        clauses.append(f"{_of(low, by, first=first)}{verb} only {share(low['revenue_share'])}{of}")
    return (", ".join(clauses),) if clauses else ("every segment's share of revenue is about its share of customers",)


def _differs(row: dict[str, Any]) -> bool:
    """Whether the share of revenue is another than that of customers, to those who read them."""
    of, brought = row["customer_share"], row["revenue_share"]
    if share(of) == share(brought):  # less than 0.1 % both
        return False
    return abs(brought - of) >= NOTABLE or not of / TIMES < brought < of * TIMES


def _of(row: dict[str, Any], by: Sequence[str], *, first: bool) -> str:
    part = share(row["customer_share"])
    return with_fixed_brackets(f"{part}{' of customers' if first else ''} ({_segment(row, by)})")


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


def _segment(row: dict[str, Any], by: Sequence[str]) -> str:
    """email; orders band 1 and gender M, since a bare figure or letter says nothing."""
    values = [name(row[dimension]) for dimension in by]
    return " × ".join(
        f"{name(dimension)} {value}" if value[:1].isdigit() or len(value) == 1 else value
        for dimension, value in zip(by, values, strict=True)
    )
