"""What a comparison of two groups says: which brings more, why, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ltvtui.analytics.comparison.comparison import Comparison
from ltvtui.analytics.comparison.sides import SIDE
from ltvtui.analytics.retention import FEW
from ltvtui.present.headline import Clauses, with_fixed_brackets
from ltvtui.present.headline.words import change as changed
from ltvtui.present.headline.words import digits_of, listed, money, name, within
from ltvtui.present.numbers import amount, count, counted
from ltvtui.present.plain import plain

PART_WORDS: Final = {
    "check": "average check",
    "frequency": "frequency",
    "retention_months": "lifetime",
    "margin": "margin",
}
"""Factors of LTV as they are called in a sentence."""
NO_CAUSE: Final = "a difference is not a cause"


@dataclass(frozen=True)
class GroupNames:
    """What both groups are called."""

    a: str
    b: str

    @property
    def short(self) -> GroupNames:
        """Both without the dimension, where it is one and the same: email and organic."""
        (of_a, mark, a), (of_b, _, b) = (text.partition(": ") for text in (self.a, self.b))
        return GroupNames(a, b) if mark and a and b and of_a == of_b else self


def comparison_clauses(
    found: Comparison,
    names: GroupNames,
    sign: str = "",
    hindsight: bool = False,
    costs: Sequence[Mapping[str, Any]] | None = None,
) -> Clauses:
    """The clauses of a comparison: what differs, by how much and how surely, what follows, and why.

    `hindsight`: the groups are chosen by what customers did later; `costs`: rows of a budget, of A and B."""
    if found.same:
        return (f"A and B are the same {counted(found.overlap, 'customer')}, so that nothing differs",)
    return (
        *_verdict(found, names, sign, () if costs is None else _costs(names, costs, sign)),
        *_leaving(found, names),
        *([f"{counted(found.overlap, 'customer')} in both left out"] if found.overlap else []),
        *(["the groups are based on past behaviour, so they describe and do not predict"] if hindsight else []),
        NO_CAUSE,
    )


def _verdict(found: Comparison, names: GroupNames, sign: str, costs: Clauses) -> Clauses:
    ltv, a, b = found.of("ltv"), plain(names.a), plain(names.short.b)
    if found.few:
        sizes = {row[SIDE]: row["counted"] for row in found.rows.iter_rows(named=True)}
        small = [f"{name} ({count(sizes[side])})" for side, name in (("a", a), ("b", b)) if sizes[side] < FEW]
        return (with_fixed_brackets(f"no verdict: fewer than {FEW} customers count in {listed(small)}"),)
    if ltv.value is None or ltv.a is None or ltv.b is None:
        return ("LTV cannot be compared: there is less than a month of data on one group",)
    decimals, months = comparison_digits(found), within(found.tau, found.horizon)
    both = (f"{name} ({_amount(of, sign, decimals)})" for name, of in ((a, ltv.a), (b, ltv.b)))
    of_a, of_b = map(with_fixed_brackets, both)
    value = changed(ltv.value, sign, decimals)
    if ltv.lower is None or ltv.upper is None:
        return (f"LTV is {value} for {of_a} against {of_b} {months}, and how certain that is cannot be calculated",)
    ends = " to ".join(changed(end, sign, decimals) for end in (ltv.lower, ltv.upper))
    if not found.differs("ltv"):
        # An interval without zero is of this difference alone; the verdict is one of several at once.
        is_lost = ltv.lower > 0 or ltv.upper < 0
        several = ", but not clear among several comparisons" if is_lost else ""
        text = f"LTV does not clearly differ between {of_a} and {of_b} {months}: {value}"
        return (text, f"95 % interval {ends}{several}", *costs)
    direction = "higher" if ltv.value > 0 else "lower"
    verdict = f"LTV is clearly {direction} for {of_a} than for {of_b} {months}: {value}"
    return (verdict, *costs, *_why(found, sign), f"95 % interval of the difference {ends}")


def _why(found: Comparison, sign: str) -> Clauses:
    parts, decimals = found.parts.parts, comparison_digits(found)
    if parts is None:
        return ()
    seen = [name for name, part in parts.items() if round(part, decimals)]
    seen.sort(key=lambda name: -abs(parts[name]))
    words = [f"{PART_WORDS[name]} {changed(parts[name], sign, decimals)}" for name in seen]
    return (f"due to {listed(words, 4)}",) if words else ()


def _costs(names: GroupNames, costs: Sequence[Mapping[str, Any]], sign: str) -> Clauses:
    """What a customer of each may cost, and does."""
    parts = []
    for called, row in zip((names.short.a, names.short.b), costs, strict=True):
        if row["max_cac"] is None:
            continue
        spent = "nothing spent" if row["cac"] is None else f"CAC {money(row['cac'], sign)}"
        most = f"{money(row['max_cac'], sign)}" if row["max_cac"] > 0 else "nothing"
        parts.append(with_fixed_brackets(f"{most} for {name(called)} ({spent})"))
    return (f"pay at most {listed(parts)}",) if parts else ()


def _leaving(found: Comparison, names: GroupNames) -> Clauses:
    test = found.log_rank
    if test is None or not found.differs("log_rank"):
        return ()
    sooner = names.a if test.observed > test.expected else names.b
    return (f"lifetime is clearly shorter for {with_fixed_brackets(plain(sooner))}",)


def comparison_digits(found: Comparison) -> int:
    """Decimals of money beside the LTV of both groups."""
    return digits_of(found.rows["ltv"])


def _amount(value: float, sign: str, decimals: int) -> str:
    return f"{amount(value, decimals)} {sign}".rstrip()
