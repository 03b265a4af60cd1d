"""The shop as it stands on one day under one set of terms: what every question is asked of."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final, TypeVar, cast

import polars as pl

from ltvtui.analytics import dimensions
from ltvtui.analytics.aggregate import Aggregate, aggregate, moved_on
from ltvtui.analytics.clean import CleanOrders
from ltvtui.analytics.entry import Choice, Entry, entry_of
from ltvtui.analytics.intervals import group_sums
from ltvtui.analytics.kernel.activity_index import ActivityIndex, CustomerTotals
from ltvtui.analytics.ltv import LONGEST_AGE, age_table, curve, with_months_seen
from ltvtui.analytics.people import People
from ltvtui.analytics.retention import ChurnGap, censor, churn_gap
from ltvtui.analytics.rules import Rules
from ltvtui.analytics.schema import units
from ltvtui.analytics.scoring import BY_SCORE, DIMENSION_SCORES, Scorer, told_by_score
from ltvtui.analytics.tiers import Thresholds, TierRule, assign, thresholds

MOST_MOVED: Final = 4
"""One in so many customers may change tier for those who stay not to be counted anew."""
R = TypeVar("R")
Cut = tuple[tuple[str, ...], Hashable]
"""Dimensions, and what of the terms they depend on that snapshots may share."""


@dataclass(frozen=True)
class Terms:
    """What has to be agreed on before any figure means something."""

    as_of: int
    """Days since 1970-01-01; nothing after this day is known."""
    horizon: int = 12
    """Months over which LTV is counted."""
    churn_gap: int | None = None
    """Silent days after which a customer has left; None: measured (metrics.md §3)."""
    entry: Choice = "auto"
    """Whose LTV is counted where the history begins in the middle of the shop's life (metrics.md §3)."""
    margin: float | None = None
    """Share of revenue that is kept; None: the mapped margin column, else 1.0, gross of costs."""
    discount: float = 0.0
    """Annual discount rate."""
    tier_rule: TierRule = field(default_factory=TierRule)
    week_start: int = 0
    """Weekday on which weeks begin, 0 for Monday to 6 for Sunday."""
    rules: Rules = field(default_factory=Rules)


@dataclass(frozen=True, eq=False)
class Slice:
    """Customers of one value of a dimension: what is known of all by that dimension tells of them too."""

    whole: Snapshot
    dimension: str
    value: str | None
    """None: not known."""


@dataclass(frozen=True, eq=False)
class Snapshot:
    """Customers and what they did, under `terms`. Frames are never changed in place."""

    terms: Terms
    margin: float
    """Factor on `value`: the agreed margin, or 1.0 where value already is margin or stays gross."""
    churn_gap: ChurnGap
    entry: Entry
    """Of the whole shop, whoever `customers` are."""
    thresholds: Thresholds
    customers: pl.DataFrame
    """customer, orders, revenue, value, days, first, last, seen, months, lapsed, tier; sorted by customer."""
    counted: pl.DataFrame
    """ActivityIndex.ages over `followed` months, by customer code: of the whole shop, whoever `customers` are."""
    activity_index: ActivityIndex
    """The whole shop, past the as-of day too."""
    standing: CustomerTotals
    """The whole shop, before anything was agreed on."""
    people: People
    """Everybody, whoever `customers` are."""
    past: Callable[[int], CustomerTotals]
    """The whole shop as of another day."""
    cleaned: CleanOrders
    """All orders, past the as-of day too."""
    selected: bool = False
    """True where `customers` is a part of the shop."""
    slice_of: Slice | None = None
    """What they are a part of, where that is all that tells them from the rest."""
    _tallies: dict[Cut, Aggregate] = field(default_factory=dict, repr=False)
    _age_tables: dict[Cut, pl.DataFrame] = field(default_factory=dict, repr=False)
    _longer: dict[int, Snapshot] = field(default_factory=dict, repr=False)
    _told: dict[tuple[str, Cut], Any] = field(default_factory=dict, repr=False)
    """What others made of `customers`."""

    def where(self, *conditions: pl.Expr) -> Snapshot:
        """The part of the shop that meets all `conditions`; tiers, churn gap and clock stay the shop's."""
        if not conditions:
            return self
        meets = self.described.select(pl.all_horizontal(*conditions)).to_series()
        return self._part(self.customers.filter(meets))

    def only(self, dimension: str, value: str | None) -> Snapshot:
        """The customers whose `dimension` is `value`; None means unknown."""
        return replace(self.where(self.matches(dimension, value)), slice_of=Slice(self, dimension, value))

    def _part(self, customers: pl.DataFrame) -> Snapshot:
        return replace(
            self,
            customers=customers,
            selected=True,
            slice_of=None,
            _tallies={},
            _age_tables={},
            _longer={},
            _told={},
        )

    def over(self, horizon: int) -> Snapshot:
        """The same customers, LTV counted over `horizon` months instead; remembered."""
        if horizon == self.terms.horizon:
            return self
        terms = replace(self.terms, horizon=horizon)
        if horizon not in self._longer:
            counted = _counted(self.activity_index, terms)
            # Months that are summed up anyway need not be counted again.
            tallies = self._tallies if months_followed(horizon) == self.followed else {}
            self._longer[horizon] = replace(
                self, terms=terms, counted=counted, _tallies=tallies, _age_tables={}, _longer={}, _told={}
            )
        known = self._longer[horizon]
        return known if known.terms == terms else replace(known, terms=terms)

    def under(self, rule: TierRule) -> Snapshot:
        """The same customers, cut into tiers by another rule; what does not ask for tiers stays counted."""
        terms = replace(self.terms, tier_rule=rule)
        customers, cuts = _tiered(self.customers, self.standing, terms)
        tallies = {cut: counted for cut, counted in self._tallies.copy().items() if "tier" not in cut[0]}
        tables = {cut: counted for cut, counted in self._age_tables.copy().items() if "tier" not in cut[0]}
        other = replace(
            self,
            terms=terms,
            thresholds=cuts,
            customers=customers,
            _tallies=tallies,
            _age_tables=tables,
            _longer={},
            _told={},
        )
        moved = customers["tier"] != self.customers["tier"]
        by_tier = self._cut(("tier",))
        if by_tier in self._tallies and moved.sum() * MOST_MOVED <= customers.height:
            left, came = (part._part(part.customers.filter(moved)).aggregate("tier") for part in (self, other))
            tallies[by_tier] = moved_on(self._tallies[by_tier], left, came, ("tier",))
        return other

    def described_by(self, cleaned: CleanOrders, people: People) -> Snapshot:
        """The same, where more is known of the same orders and of who the customers are."""
        known = {name: getattr(self, name).copy() for name in ("_tallies", "_age_tables", "_told")}
        # Of the same shop as it was known before nothing may be held.
        return replace(self, cleaned=cleaned, people=people, slice_of=None, **known, _longer={})

    def by(self, *names: str) -> pl.DataFrame:
        """`customers` with the dimensions `names`."""
        known = self.customers if set(names) <= set(dimensions.DERIVED) else self.described
        placed = known.with_columns(self._placed(name).alias(name) for name in names if name in DIMENSION_SCORES)
        return dimensions.add(placed, names, self.terms.as_of, self.terms.week_start)

    def matches(self, dimension: str, value: str | None) -> pl.Expr:
        """True for the customers of `described` whose `dimension` is `value`; None means unknown."""
        if dimension not in DIMENSION_SCORES:
            return dimensions.matches(dimension, value, self.terms.as_of)
        return pl.lit(self._placed(dimension).cast(pl.String)).eq_missing(pl.lit(value, dtype=pl.String))

    def _placed(self, name: str) -> pl.Series:
        """Where `customers` stand among all of the shop, row for row."""
        whole = self.scorer.score(name)
        if not self.selected:
            return whole
        rows = self.standing.customers["customer"].search_sorted(self.customers["customer"])
        return whole.gather(rows)

    @property
    def scorer(self) -> Scorer:
        """What places customers among all of the shop."""
        return Scorer(self.standing, self.activity_index, self.churn_gap.days, self.terms.rules)

    @cached_property
    def described(self) -> pl.DataFrame:
        """`customers`, then the columns of People.frame."""
        everybody = self.people.frame
        if self.customers.height < everybody.height:
            everybody = everybody[self.customers["customer"]]
        return pl.concat([self.customers, everybody.drop("customer")], how="horizontal")

    @cached_property
    def measured(self) -> pl.DataFrame:
        """`described` with average_check (currency units) and silent (days since the last order)."""
        return self.described.with_columns(
            (units(pl.col("revenue")) / pl.col("orders")).alias("average_check"),
            (self.terms.as_of - pl.col("last")).alias("silent"),
        )

    @cached_property
    def ranked(self) -> pl.Series:
        """Value of `customers` by which tiers are cut (Int64 money), highest first."""
        if self.selected:
            return self.customers["value"].sort(descending=True)
        return self.standing.values(self.terms.margin)

    @cached_property
    def ages(self) -> pl.DataFrame:
        """`counted` of `customers`, row for row."""
        if self.customers.height == self.counted.height:
            return self.counted
        return self.counted[self.customers["customer"]]

    @property
    def followed(self) -> int:
        """Age months that are summed up."""
        return months_followed(self.terms.horizon)

    def aggregate(self, *names: str) -> Aggregate:
        """tally.tally by the dimensions `names`: one pass over the customers, remembered."""
        cut = self._cut(names)
        if cut not in self._tallies:
            self._tallies[cut] = self._tally(names) if names else self._whole
        return self._tallies[cut]

    def age_table(self, *names: str) -> pl.DataFrame:
        """ltv.age_table by the dimensions `names` over the months that are `followed`, remembered."""
        cut = self._cut(names)
        if cut not in self._age_tables:
            self._age_tables[cut] = age_table(self.aggregate(*names), names, self.followed)
        return self._age_tables[cut]

    def curve(self, *names: str) -> pl.DataFrame:
        """ltv.curve by the dimensions `names` over the months that are followed, remembered."""
        discount = self.terms.discount

        def made() -> pl.DataFrame:
            return curve(self.age_table(*names), names, self.margin, discount)

        return self.remembered(f"curve at {discount}", names, made)

    def groups(self, *names: str) -> pl.DataFrame:
        """intervals.group_sums by the dimensions `names` over the months that are followed, remembered."""
        return self.remembered("groups", names, lambda: self._groups(names))

    def _groups(self, names: tuple[str, ...]) -> pl.DataFrame:
        customers, ages = self.by(*names), self.counted
        money = ages.select(name for name in ages.columns if not name.startswith("orders "))
        own = money if customers.height == ages.height else money[customers["customer"]]
        return group_sums(customers, own, names, self.followed)

    def remembered(self, what: str, names: tuple[str, ...], make: Callable[[], R]) -> R:
        """What `make` gives, made once: `what` of these customers by the dimensions `names`."""
        key = what, self._cut(names)
        if key not in self._told:
            self._told[key] = make()
        return cast(R, self._told[key])

    def recalled(self, what: str, names: tuple[str, ...]) -> Any:
        """What was `remembered` so; None where it was not."""
        return self._told.get((what, self._cut(names)))

    def _cut(self, names: tuple[str, ...]) -> Cut:
        """What tells `names` apart from the same under other terms, which may share this snapshot's memory."""
        weeks = self.terms.week_start if dimensions.WEEKLY in names else 0
        return names, (weeks, *(self.scorer.depends_on(name) for name in names if name in DIMENSION_SCORES))

    @property
    def _whole(self) -> Aggregate:
        """All are counted by adding their tiers up, which every screen asks for too."""
        return self.aggregate("tier").by()

    def _tally(self, names: tuple[str, ...]) -> Aggregate:
        if set(names) <= BY_SCORE:
            return self._of_scores(names)
        customers, ages = self.by(*names), self.counted
        if customers.height < ages.height // 2:
            ages = self.ages
        elif customers.height < ages.height:
            # To put a few columns in the order of the codes is cheaper than to pick rows of thirty.
            customers = customers.select("seen", "months", "lapsed", "orders", "revenue", *names)[self._rows]
        return aggregate(customers, ages, names, self.followed)

    def _of_scores(self, names: tuple[str, ...]) -> Aggregate:
        """The tally of what RFM scores tell: of theirs, which there are few of, not of the customers once more."""
        scores = self.aggregate("RFM score")
        known = self.terms.rules.rfm.names

        def named(rows: pl.DataFrame) -> pl.DataFrame:
            told = [told_by_score(name, rows["RFM score"], known).alias(name) for name in names]
            return rows.select(*told, pl.exclude("RFM score"))

        return scores.of_each(named).by(*names)

    @property
    def _rows(self) -> pl.Series:
        """Row in `customers` of each customer code (UInt32); null for those who are not there."""
        return self.by_code(pl.int_range(self.customers.height, dtype=pl.UInt32, eager=True))

    def by_code(self, values: pl.Series) -> pl.Series:
        """`values`, one for each of `customers`, by customer code; null for those who are not there."""
        if self.customers.height == self.counted.height:
            return values  # everybody: codes count up from 0
        nobody = pl.repeat(None, self.counted.height, dtype=values.dtype, eager=True)
        return nobody.scatter(self.customers["customer"], values)


def build_snapshot(
    cleaned: CleanOrders,
    activity_index: ActivityIndex,
    past: Callable[[int], CustomerTotals],
    people: People,
    terms: Terms,
) -> Snapshot:
    """The shop on `terms.as_of` under `terms`; `past` gives it as of any day."""
    standing = past(terms.as_of)
    known, margin = standing.customers, terms.margin
    if margin is not None:
        # An agreed margin goes before a mapped one: the analyst said so.
        known = known.with_columns(pl.col("revenue").alias("value"))
    gap = churn_gap(standing.gaps, terms.as_of - known["last"], terms.churn_gap)
    counted = _counted(activity_index, terms)
    entry = entry_of(known, counted, terms.as_of, gap.days, terms.entry)
    watched = with_months_seen(censor(known, terms.as_of, gap.days, entry.since), terms.as_of, entry.since)
    customers, cuts = _tiered(watched, standing, terms)
    worth = margin if margin is not None else 1.0
    return Snapshot(
        terms, worth, gap, entry, cuts, customers, counted, activity_index, standing, people, past, cleaned
    )


def months_followed(horizon: int) -> int:
    """Age months that are summed up for LTV within `horizon`: those that segments are compared at, at the least."""
    return max(horizon, LONGEST_AGE)


def _counted(activity_index: ActivityIndex, terms: Terms) -> pl.DataFrame:
    counted = activity_index.ages(months_followed(terms.horizon))
    if terms.margin is not None and activity_index.margin_mapped:
        return counted.select(c for c in counted.columns if not c.startswith("value"))
    return counted


def _tiered(customers: pl.DataFrame, standing: CustomerTotals, terms: Terms) -> tuple[pl.DataFrame, Thresholds]:
    margin = 1.0 if terms.margin is None else terms.margin
    cuts = thresholds(standing.values(terms.margin), terms.tier_rule, margin)
    return customers.with_columns(assign(pl.col("value"), cuts)), cuts
