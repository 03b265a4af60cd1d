"""What a comparison of two periods says: how revenue went, and what of it is due to whom."""

from __future__ import annotations

from typing import Final

from ltvtui.analytics.comparison.periods import PeriodChange
from ltvtui.present.headline import Clauses
from ltvtui.present.headline.words import change as changed
from ltvtui.present.headline.words import digits_of, listed, share
from ltvtui.present.numbers import amount, count

PART_WORDS: Final = {
    "new": "new customers",
    "returning": "returning customers",
    "orders_per_customer": "orders per customer",
    "average_check": "average check",
}


def period_clauses(change: PeriodChange, sign: str = "", partial: tuple[str, ...] = ()) -> Clauses:
    """The clauses of a change of revenue; `partial` periods are not complete."""
    incomplete = (f"{listed(partial)} is not complete, which alone makes a difference",) if partial else ()
    return (*incomplete, *_moved(change, sign), *_why(change, sign))


def _moved(change: PeriodChange, sign: str) -> Clauses:
    before, after = change.before, change.after
    decimals = period_digits(change)
    first, second = (
        f"{amount(part.revenue, decimals)} {sign}".rstrip() + f" in {part.period.name}" for part in (before, after)
    )
    if change.revenue == 0:
        return (f"revenue is the same in {before.period.name} and in {after.period.name}", _active(change))
    verb = "rose" if change.revenue > 0 else "fell"
    by = "" if change.share is None else f" by {share(abs(change.share))}"
    return (f"revenue {verb}{by}, from {first} to {second}", _active(change))


def _active(change: PeriodChange) -> str:
    before, after = change.before, change.after
    people = f"{count(after.active)} {'customer' if after.active == 1 else 'customers'} ordered"
    return f"{people} ({count(before.active)} before), {count(after.new)} of them new ({count(before.new)} before)"


def _why(change: PeriodChange, sign: str) -> Clauses:
    parts, decimals = change.parts, period_digits(change)
    if parts is None or not any(round(part, decimals) for part in parts.values()):
        return ()
    ranked = sorted((name for name in parts if round(parts[name], decimals)), key=lambda name: -abs(parts[name]))
    words = [f"{PART_WORDS[name]} {changed(parts[name], sign, decimals)}" for name in ranked]
    return (f"the change is made up of {listed(words, 4)}",)


def period_digits(change: PeriodChange) -> int:
    """Decimals of money beside both revenues."""
    return digits_of((change.before.revenue, change.after.revenue))
