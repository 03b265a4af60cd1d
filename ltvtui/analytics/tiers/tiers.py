"""Value tiers: VIP, middle, economy (metrics.md §5)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

import polars as pl

from ltvtui.analytics.schema import MONEY_SCALE
from ltvtui.errors import LtvError

TIERS: Final = ("VIP", "middle", "economy")
TIER: Final = pl.Enum(TIERS)

RuleKind = Literal["quantile", "share", "threshold"]
TierValue = Literal["historic", "expected"]
"""What customers are ranked by: value to date, or expected LTV, to date and over the next year (metrics.md §10)."""
DEFAULT_CUTS: Final[dict[RuleKind, tuple[float, float]]] = {"quantile": (0.2, 0.3), "share": (0.5, 0.8)}


@dataclass(frozen=True)
class TierRule:
    """How customers are cut into tiers."""

    kind: RuleKind = "quantile"
    vip: float = 0.2
    """quantile: share of customers; share: running share of value; threshold: money."""
    middle: float = 0.3
    """quantile: share of the next customers; share: running share up to which; threshold: money."""
    value: TierValue = "historic"

    def __post_init__(self) -> None:
        """Refuse cuts that describe no tiers."""
        wrong = {
            "quantile": not (self.vip > 0 and self.middle >= 0 and self.vip + self.middle <= 1 + 1e-9),
            "share": not 0 < self.vip <= self.middle <= 1,
            "threshold": not 0 < self.middle <= self.vip,
        }
        if any(math.isnan(v) or math.isinf(v) for v in (self.vip, self.middle)) or wrong[self.kind]:
            raise LtvError(f"Invalid tier rule: {self.describe()}.", RULE_HELP[self.kind], 2)

    def describe(self) -> str:
        """The rule in one phrase."""
        expected = self.value == "expected"
        by = " by expected LTV" if expected else ""
        if self.kind == "threshold":
            return f"VIP from {self.vip:g}, middle from {self.middle:g}{by}"
        vip, middle = self.vip * 100, self.middle * 100
        if self.kind == "share":
            of = "expected LTV" if expected else "value"
            return f"VIP make the first {vip:g} % of {of}, middle up to {middle:g} %"
        return f"VIP top {vip:g} % of customers{by}, middle next {middle:g} %"

    def short(self) -> str:
        """The rule as parse_rule reads it, without what customers are ranked by."""
        scale = 1 if self.kind == "threshold" else 100
        return f"{self.kind}:{round(self.vip * scale, 6):.12g}/{round(self.middle * scale, 6):.12g}"


RULE_HELP: Final[dict[str, str]] = {
    "quantile": "Give two shares of customers that add up to at most 1, such as quantile:20/30.",
    "share": "Give two rising shares of value up to 1, such as share:50/80.",
    "threshold": "Give two falling amounts above 0, such as threshold:500/100.",
}


@dataclass(frozen=True)
class Thresholds:
    """From which TierRule.value on a customer is in a tier, ten-thousandths; None where nobody can be in it."""

    vip: int | None
    middle: int | None


@dataclass(frozen=True)
class Tied:
    """A tier that holds another share of customers than its rule asks for, since equal values stay together."""

    tier: str
    share: float
    """Of customers, 0…1."""
    asked: float
    """Of customers, 0…1."""


def parse_rule(text: str) -> TierRule:
    """A rule from its short form: quantile:20/30, share:50/80 or threshold:500/100."""
    kind, _, cuts = text.partition(":")
    try:
        first, second = (float(c) for c in cuts.split("/"))
        match kind:
            case "quantile" | "share":
                return TierRule(kind, first / 100, second / 100)
            case "threshold":
                return TierRule(kind, first, second)
    except ValueError:
        pass
    mend = RULE_HELP.get(kind, "Write it as quantile:20/30, share:50/80 or threshold:500/100.")
    raise LtvError(f"Invalid tier rule: {text!r}.", mend, 2)


def parse_tier_value(text: str) -> TierValue:
    """What customers are ranked by: historic or expected."""
    match text.strip().casefold():
        case "historic" | "expected" as value:
            return value
    raise LtvError(f"Invalid tier value: {text!r}.", "Choose historic or expected.", 2)


def thresholds(ranked: pl.Series, rule: TierRule, margin: float = 1.0) -> Thresholds:
    """Where the tiers begin among `ranked` (Int64 money, historic value of each customer, highest first).

    `margin` scales the amounts of a threshold rule, which are meant in money on margin. A middle tier that would
    begin where VIP does holds nobody, and has no threshold.
    """
    cuts = _begins(ranked, rule, margin)
    swallowed = cuts.vip is not None and cuts.middle is not None and cuts.middle >= cuts.vip
    return Thresholds(cuts.vip, None) if swallowed else cuts


def _begins(ranked: pl.Series, rule: TierRule, margin: float) -> Thresholds:
    """The values that `rule` points at; those of VIP and middle may be the same."""
    if rule.kind == "threshold":
        scale = MONEY_SCALE / margin
        return Thresholds(math.ceil(round(rule.vip * scale, 6)), math.ceil(round(rule.middle * scale, 6)))
    if ranked.len() == 0:
        return Thresholds(None, None)
    if rule.kind == "quantile":
        return _above_zero(ranked, _at_rank(ranked, rule.vip), _at_rank(ranked, rule.vip + rule.middle))
    # Equal values stand or fall together: the running total before the first of them decides.
    before = ranked.cum_sum() - ranked
    begins = (ranked != ranked.shift(1)).fill_null(True) & (ranked > 0)  # below, the running total falls again
    steps = pl.DataFrame({"value": ranked, "before": before}).filter(begins)
    whole = int(ranked.sum())
    return Thresholds(_within(steps, rule.vip, whole), _within(steps, rule.middle, whole))


def assign(value: pl.Expr, cuts: Thresholds) -> pl.Expr:
    """Tier (Enum TIER) of each `value` (Int64 money); values ≤ 0 are always economy."""
    crossed = pl.lit(0, dtype=pl.UInt8)
    for cut in (cuts.middle, cuts.vip):
        if cut is not None:
            crossed += ((value >= cut) & (value > 0)).cast(pl.UInt8)
    if cuts.middle is None and cuts.vip is not None:
        crossed = crossed * 2
    return (2 - crossed).cat.to(TIER).alias("tier")


def ties(ranked: pl.Series, rule: TierRule) -> tuple[Tied, ...]:
    """Tiers of a quantile `rule` that equal values make larger or smaller than was asked for; `ranked` as above.

    Whoever is worth as much as the last of a tier belongs to it, and is missing from the next one. That a share of
    customers is no whole number, or that values ≤ 0 are economy, is not a tie.
    """
    cuts, everybody = thresholds(ranked, rule), ranked.len()
    if rule.kind != "quantile" or cuts.vip is None:
        return ()
    begins = cuts.vip if cuts.middle is None else cuts.middle
    asked = [_rank(share, everybody) for share in (rule.vip, rule.vip + rule.middle)]
    counts = [int((ranked >= cut).sum()) for cut in (cuts.vip, begins)]
    sizes = {
        "VIP": (counts[0], asked[0], rule.vip),
        "middle": (counts[1] - counts[0], asked[1] - asked[0], rule.middle),
    }
    # A border that is not even reached was moved by values ≤ 0.
    attained = {"VIP": counts[0] >= asked[0], "middle": counts[0] >= asked[0] and counts[1] >= asked[1]}
    return tuple(
        Tied(tier, size / everybody, share)
        for tier, (size, wanted, share) in sizes.items()
        if attained[tier] and size != wanted
    )


def _rank(share: float, everybody: int) -> int:
    """⌈share·N⌉, N at most; rounded before the ceiling, since 0.07 × 100 > 7 in floats."""
    return min(math.ceil(round(share * everybody, 6)), everybody)


def _at_rank(ranked: pl.Series, share: float) -> int | None:
    """Value at that descending rank."""
    rank = _rank(share, ranked.len())
    return int(ranked[rank - 1]) if rank else None


def _within(steps: pl.DataFrame, share: float, whole: int) -> int | None:
    """Lowest value that begins before `share` of the whole; in fractions, since 0.07 × 100 > 7 in floats."""
    limit = math.ceil(Fraction(str(round(share, 9))) * whole)
    lowest = steps.filter(pl.col("before") < limit)["value"].min()
    return int(lowest) if isinstance(lowest, int) else None


def _above_zero(ranked: pl.Series, *cuts: int | None) -> Thresholds:
    """Values ≤ 0 are economy: a cut at or below zero begins with the least value above it, if there is one."""
    positive = ranked.filter(ranked > 0).min() if any(cut is not None and cut <= 0 for cut in cuts) else None
    least = int(positive) if isinstance(positive, int) else None
    vip, middle = (least if cut is not None and cut <= 0 else cut for cut in cuts)
    return Thresholds(vip, middle)
