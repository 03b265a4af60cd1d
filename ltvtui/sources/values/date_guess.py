"""In which formats a shop writes its dates, told from some of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from ltvtui.sources.values.dates import FORMATS, NUMBER_FORMATS, decode, decode_by_each, is_placeholder

_FEW_YEARS: Final = 10
_MANY_YEARS: Final = 15


@dataclass(frozen=True)
class DateGuess:
    """How a column's dates are written, as far as its values tell."""

    formats: tuple[str, ...]
    """To be tried in this order; empty where nothing reads as a date."""
    readable: float
    """Share of the values present that the formats read, 0..1."""
    ambiguous: bool
    """Month first and day first both read every value, and to different days."""
    why: str
    """One sentence."""


def guess_formats(values: Sequence[str | None]) -> DateGuess:
    """The formats that read most of `values`, fewest first; placeholders do not count."""
    present = pl.Series("text", [v for v in values if v is not None and not is_placeholder(v)], pl.String)
    if present.is_empty():
        return DateGuess((), 0.0, False, "no value to judge by")
    if decode(present, ("iso",))["day"].null_count() == 0:  # the commonest by far, and first of equals
        return DateGuess(("iso",), 1.0, False, f"100% of {present.len()} values read as iso")
    days = {name: found["day"] for name, found in decode_by_each(present, tuple(FORMATS)).items()}
    left = pl.Series([True] * present.len())
    chosen: list[str] = []
    while left.any():
        counts = {name: int((found.is_not_null() & left).sum()) for name, found in days.items()}
        if {"mdy", "dmy"} & set(chosen):
            counts["mdy"] = counts["dmy"] = counts["ymd"] = (
                0  # a column that holds both cannot be told apart value by value
            )
        best = max(counts, key=lambda name: counts[name])  # the first of equals: FORMATS' own order
        # a second format has to explain more than the odd number in a text column
        if counts[best] == 0 or (chosen and best in NUMBER_FORMATS and counts[best] < 0.02 * present.len()):
            break
        chosen.append(best)
        left = left & days[best].is_null()
    readable = 1 - int(left.sum()) / present.len()
    if {"mdy", "dmy"} & set(chosen) and _year_is_first(days, present):
        chosen, left = ["ymd"], days["ymd"].is_null()
        readable = 1 - int(left.sum()) / present.len()
    ambiguous, why = _ambiguity(chosen, days)
    if not chosen:
        why = "no value reads as a date"
    elif not ambiguous:
        why = f"{readable:.0%} of {present.len()} values read as " + ", then ".join(chosen) + why
    return DateGuess(tuple(chosen), readable, ambiguous, why)


def _year_is_first(days: dict[str, pl.Series], present: pl.Series) -> bool:
    """Whether the year comes first, in two digits: few years follow each other there, and many at the end."""
    if days["ymd"].null_count():
        return False
    parts = present.str.extract_all(r"\d+").list.eval(pl.element().cast(pl.Int32, strict=False))
    spans = [_span(parts.list.get(place)) for place in (0, 2)]
    return spans[0] <= _FEW_YEARS and spans[1] >= _MANY_YEARS


def _span(numbers: pl.Series) -> int:
    low, high = numbers.min(), numbers.max()
    return high - low if isinstance(low, int) and isinstance(high, int) else 0


def _ambiguity(chosen: list[str], days: dict[str, pl.Series]) -> tuple[bool, str]:
    slashed = {"mdy", "dmy"} & set(chosen)
    if not slashed:
        return False, ""
    month_first, day_first = days["mdy"], days["dmy"]
    either = month_first.is_not_null() | day_first.is_not_null()
    only_one = int((either & (month_first.is_null() | day_first.is_null())).sum())
    if only_one == 0 and bool((month_first != day_first).any()):
        return True, "every value can be read month first and day first, as different days"
    return False, f" ({only_one} of them only in this order)"
