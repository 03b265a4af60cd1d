"""The terms under which figures stand, in words."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Final

from ltvtui.analytics.abcxyz import FEWEST_GAPS
from ltvtui.analytics.kernel.calendar import WEEKDAYS
from ltvtui.analytics.lifecycle.migration import Moves
from ltvtui.analytics.retention import ChurnGap
from ltvtui.analytics.rfm.rfm import Cuts
from ltvtui.analytics.rules import Rules
from ltvtui.analytics.schema import MONEY_SCALE
from ltvtui.analytics.snapshot import Snapshot
from ltvtui.analytics.tiers.tiers import ties
from ltvtui.days import iso
from ltvtui.present.numbers import amount, counted, percent

NOTHING_FITS: Final = "–"
"""Between two thresholds that no whole number parts."""
LEAST_CUTS: Final = 2
"""Cuts from which on a score tells customers apart."""


def threshold_words(snapshot: Snapshot, currency: str, gross: bool) -> str:
    """VIP from 130.49, middle from 43.06: where the tiers begin that somebody can be in; of margin where LTV is."""
    cuts = snapshot.thresholds
    value = "expected LTV" if snapshot.terms.tier_rule.value == "expected" else "" if gross else "margin"
    money = " ".join(w for w in (currency, value) if w)
    return ", ".join(
        f"{name} from {amount(cut / MONEY_SCALE * snapshot.margin)} {money}".rstrip()
        for name, cut in (("VIP", cuts.vip), ("middle", cuts.middle))
        if cut is not None
    )


def ties_words(snapshot: Snapshot) -> tuple[str, ...]:
    """VIP 23.7 % instead of 20 %: ties: each tier whose share of customers equal values have changed.

    None of a part of the shop: tiers are cut among all, and their shares are another there.
    """
    if snapshot.selected:
        return ()
    found = ties(snapshot.tier_ranked, snapshot.terms.tier_rule)
    return tuple(
        f"{tied.tier} {percent(tied.share)} instead of {round(tied.asked * 100, 6):g} %: ties"
        for tied in found
        if percent(tied.share) != percent(tied.asked)  # one in a million more is not worth a word
    )


def thresholds_json(snapshot: Snapshot) -> dict[str, float | None]:
    """Value from which on VIP and middle begin, currency units; null where nobody can be in it."""
    cuts = {"VIP": snapshot.thresholds.vip, "middle": snapshot.thresholds.middle}
    return {name: None if cut is None else cut / MONEY_SCALE * snapshot.margin for name, cut in cuts.items()}


def rfm_words(found: Cuts, currency: str) -> tuple[str, ...]:
    """M 34 · 117 · 196 · 279 €: the cuts that no title tells, and scores that tell little."""
    sides = (("R", found.recency), ("F", found.frequency), ("M", found.monetary))
    alike = (name for name, side in sides if 0 < len({*map(math.floor, side)}) < LEAST_CUTS)
    money = " · ".join(_cut(cut) for cut in found.monetary)
    return (
        *(f"{name} is nearly equal for all customers: the names mean little" for name in alike),
        *([f"M {money} {currency}".rstrip()] if money else []),
    )


def abc_words(rules: Rules, starts: Mapping[str, int | None], currency: str) -> tuple[str, ...]:
    """The shares of ABC with the least revenue (Int64 money) in A and B, and the limits of XYZ."""
    lines = [
        f"{name} to {share * 100:g} % of revenue{_from(starts.get(name), currency)}"
        for name, share in zip("AB", rules.abc, strict=True)
    ]
    if rules.xyz is None:
        return (*lines, "XYZ off")
    low, high = rules.xyz
    return (*lines, f"variation of gaps X ≤ {low:g}, Y ≤ {high:g}, Z above; – under {FEWEST_GAPS} gaps")


def since_words(found: Moves) -> str:
    """The two days that are compared."""
    return f"from {iso(found.since)} to {iso(found.until)}"


def stage_words(churn_gap: int, warning: Fraction) -> str:
    """The two silences that part the stages of the life cycle."""
    return f"fading after {_cut(warning)} days without an order, lost from {churn_gap} on"


def merged(ranges: Sequence[tuple[str, str]]) -> list[tuple[str, str, str]]:
    """Of (score, range_words) those that somebody can have: the score, what it is called with those behind it that
    nobody can have (1–2), and the words."""
    found: list[tuple[str, str, str]] = []
    for score, words in ranges:
        if words == NOTHING_FITS:
            first, called, range_of = found.pop()
            found.append((first, f"{called.partition('–')[0]}–{score}", range_of))
        else:
            found.append((score, score, words))
    return found


def merged_words(letter: str, ranges: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """F1–2 are one: their thresholds are equal: those of `ranges` that are merged, in one phrase."""
    together = [f"{letter}{called}" for _, called, _ in merged(ranges) if "–" in called]
    return (f"{' and '.join(together)} merged: thresholds are equal",) if together else ()


def range_words(cuts: Sequence[Fraction]) -> tuple[str, ...]:
    """The whole numbers between cuts: ≤ 34, ≤ 117, …, > 279; a dash for what nothing fits in."""
    ends = [math.floor(cut) for cut in cuts]
    fits = [place == 0 or end > ends[place - 1] for place, end in enumerate(ends)]
    between = [f"≤{amount(end, 0)}" if fit else NOTHING_FITS for end, fit in zip(ends, fits, strict=True)]
    return (*between, f">{amount(ends[-1], 0)}") if ends else ()


def _cut(value: Fraction) -> str:
    return amount(float(value), 2).rstrip("0").rstrip(".")


def _from(start: int | None, currency: str) -> str:
    return "" if start is None else f" (from {amount(start / MONEY_SCALE)} {currency}".rstrip() + ")"


def gap_words(gap: ChurnGap) -> tuple[str, ...]:
    """churn gap 88 days, where it comes from unless it was measured, and how often it was wrong."""
    origin = " (set)" if gap.chosen else " (no repeat order yet)" if gap.gaps == 0 else ""
    returned = () if gap.returned is None else (f"{percent(gap.returned)} of longer gaps ended in another order",)
    return (f"churn gap {counted(gap.days, 'day')}{origin}", *returned)


def calendar_words(time_zone: str | None, week_start: int) -> tuple[str, ...]:
    """days in Europe/Berlin, weeks from Sunday: what differs from the shop's own clock and ISO weeks."""
    zone = () if time_zone is None else (f"days in {time_zone}",)
    return zone if week_start == 0 else (*zone, f"weeks start on {WEEKDAYS[week_start]}")


def rule_words(snapshot: Snapshot, currency: str, gross: bool) -> tuple[str, ...]:
    """Where the tiers begin, the churn gap, ties, the rule, and how far the churn gap can be trusted."""
    silence, *trust = gap_words(snapshot.churn_gap)
    begin, rule = threshold_words(snapshot, currency, gross), snapshot.terms.tier_rule.describe()
    return (begin, silence, *ties_words(snapshot), rule, *trust)
