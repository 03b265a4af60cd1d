"""The shop as it stands on one day under one set of terms: what every question is asked of."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final, TypeVar

import polars as pl

from ltvtui.analytics import dimensions
from ltvtui.analytics.cleaning.clean import CleanOrders
from ltvtui.analytics.entry import Entry, entry_of
from ltvtui.analytics.forecast.forecast import OF_VALUE, Forecast, ForecastQuestion
from ltvtui.analytics.forecast.observed import money_under
from ltvtui.analytics.forecast.remembered import forecast_on
from ltvtui.analytics.kernel.activity_index import ActivityIndex, CustomerTotals
from ltvtui.analytics.kernel.cached_activity import CachedActivity
from ltvtui.analytics.kernel.memo import UNCACHED, Memo
from ltvtui.analytics.ltv import LONGEST_AGE, with_months_seen
from ltvtui.analytics.people import People
from ltvtui.analytics.retention import ChurnGap, censor, churn_gap
from ltvtui.analytics.schema import units
from ltvtui.analytics.scoring import DIMENSION_SCORES, Scorer
from ltvtui.analytics.terms import Terms
from ltvtui.analytics.tiers.tiers import Thresholds
from ltvtui.analytics.tiers.values import tier_values, tiered
from ltvtui.errors import LtvError

R = TypeVar("R")
PLACED: Final = frozenset({*DIMENSION_SCORES, *dimensions.FORECAST_BANDS})
"""Dimensions that are told of customers by comparing all of the shop."""
OTHERWISE: Final = "Leave it out, or choose a later as-of day."
UNNAMED: Final = "unnamed"
"""A part of the shop of which nothing says in a key which one it is: no answer about it is remembered."""


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
    totals: CustomerTotals
    """The whole shop, without any setting."""
    people: People
    """Everybody, whoever `customers` are."""
    cleaned: CleanOrders
    """All orders, past the as-of day too."""
    selected: bool = False
    """True where `customers` is a part of the shop."""
    slice_of: Slice | None = None
    """What they are a part of, where that is all that tells them from the rest."""
    memo: Memo = UNCACHED
    """Where answers about this shop are remembered."""
    part: Hashable = None
    """Names `customers` in keys of `memo`: None for all of the shop, UNNAMED for a part without a name."""

    def where(self, *conditions: pl.Expr, name: Hashable = None) -> Snapshot:
        """The part of the shop that meets all `conditions`; tiers, churn gap and clock stay the shop's.

        `name` says in a key which part it is, with every term on which that depends but the day, churn gap, entry
        and margin. Answers about a part without a name are made each time they are asked for.
        """
        if not conditions:
            return self
        meets = self.described.select(pl.all_horizontal(*conditions)).to_series()
        return self.of_customers(self.customers.filter(meets), name)

    def only(self, dimension: str, value: str | None) -> Snapshot:
        """The customers whose `dimension` is `value`; None means unknown."""
        found = self.where(self.matches(dimension, value), name=self._key(value, (dimension,)))
        return replace(found, slice_of=Slice(self, dimension, value))

    def of_customers(self, customers: pl.DataFrame, name: Hashable = None) -> Snapshot:
        """The part of the shop that `customers`, some rows of its own, are; `name` as `where` takes it."""
        part = UNNAMED if name is None or self.part == UNNAMED else (self.part, name)
        return replace(self, customers=customers, selected=True, slice_of=None, part=part)

    def over(self, horizon: int) -> Snapshot:
        """The same customers, LTV counted over `horizon` months instead."""
        if horizon == self.terms.horizon:
            return self
        terms = replace(self.terms, horizon=horizon)
        if not self.selected:
            return self._counted_over(terms)
        # How a part is described, and what each of its customers did, takes time to be picked.
        return self.recall(("over", terms), (), lambda: self._counted_over(terms))

    def _counted_over(self, terms: Terms) -> Snapshot:
        return replace(self, terms=terms, counted=counted_months(self.activity, terms))

    def described_by(self, cleaned: CleanOrders, people: People, memo: Memo) -> Snapshot:
        """The same, where more is known of the same orders and of who the customers are; remembered in `memo`."""
        # Of the same shop as it was known before nothing may be held.
        return replace(self, cleaned=cleaned, people=people, slice_of=None, memo=memo)

    def by(self, *names: str) -> pl.DataFrame:
        """`customers` with the dimensions `names`; bands of a forecast are null where there is none."""
        frame = self.customers if set(names) <= set(dimensions.DERIVED) else self.described
        placed = frame.with_columns(self._placed(name).alias(name) for name in names if name in PLACED)
        return dimensions.add(placed, names, self.terms.as_of, self.terms.week_start)

    def matches(self, dimension: str, value: str | None) -> pl.Expr:
        """True for the customers of `described` whose `dimension` is `value`; None means unknown.

        Raises LtvError for a band of a forecast where there is none.
        """
        if dimension in dimensions.FORECAST_BANDS:
            self.forecast_for(dimension)
        if dimension not in PLACED:
            return dimensions.matches(dimension, value, self.terms.as_of)
        return pl.lit(self._placed(dimension).cast(pl.String)).eq_missing(pl.lit(value, dtype=pl.String))

    def _placed(self, name: str) -> pl.Series:
        """Where `customers` stand among all of the shop, row for row."""
        if name in dimensions.FORECAST_BANDS:
            if self.why_no_forecast:
                return dimensions.unknown_band(name, self.customers.height)
            return dimensions.forecast_band(name, self.forecast)
        whole = self.scorer.score(name)
        if not self.selected:
            return whole
        rows = self.totals.customers["customer"].search_sorted(self.customers["customer"])
        return whole.gather(rows)

    @property
    def scorer(self) -> Scorer:
        """What places customers among all of the shop."""
        return Scorer(self.totals, self.activity_index, self.churn_gap.days, self.terms.rules, self.memo)

    @property
    def activity(self) -> CachedActivity:
        """What the activity of the whole shop tells of any day."""
        return CachedActivity(self.activity_index, self.memo)

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
        """Value of `customers` to date (Int64 money), highest first."""
        if self.selected:
            return self.customers["value"].sort(descending=True)
        return self.totals.values(self.terms.margin)

    @property
    def tier_ranked(self) -> pl.Series:
        """What tiers are cut by (Int64 money) of all customers of the shop, highest first."""
        if self.terms.tier_rule.value == "historic":
            return self.totals.values(self.terms.margin)
        return tier_values(self.totals, self.terms, self.activity).sort(descending=True)

    @property
    def forecast(self) -> pl.DataFrame:
        """Forecast.customers of `customers`, row for row. Raises LtvError where the shop has none on its day."""
        return self._forecast_of_all().of(self.customers)

    def _forecast_of_all(self) -> Forecast:
        money = money_under(self.terms.margin, self.activity_index.margin_mapped)
        return forecast_on(self.activity, ForecastQuestion(self.terms.as_of, money=money, margin=self.margin))

    def forecast_for(self, name: str, column: str = "p_alive") -> pl.Series:
        """The column of `forecast` that the dimension or figure `name` is made of; an error says of which."""
        try:
            found = self.forecast[column]
        except LtvError as error:
            raise LtvError(f"{name} needs a forecast. {error.what}", OTHERWISE) from None
        if column in OF_VALUE and (why := self._forecast_of_all().model.no_value):
            raise LtvError(f"{name} needs a forecast of value. {why}", OTHERWISE)
        return found

    @property
    def why_no_forecast(self) -> str:
        """Why the shop has no forecast on its day; blank where it has one."""
        try:
            self._forecast_of_all()
        except LtvError as error:
            return error.what
        return ""

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

    def recall(self, question: Hashable, names: tuple[str, ...], make: Callable[[], R], *, of_gap: bool = True) -> R:
        """What `make` gives, made once: the answer to `question` about these customers by the dimensions `names`.

        `question` says on which terms it depends beyond those that say who these customers are, what they did in the
        months that are followed, and where the dimensions cut. `of_gap` is False where it depends on the churn gap by
        those dimensions at most: then another gap has the same answer.
        """
        return make() if self.part == UNNAMED else self.memo.recall(self._key(question, names, of_gap), make)

    def find(self, question: Hashable, names: tuple[str, ...], *, of_gap: bool = True) -> Any:
        """The answer that `recall` remembers; None where it does not."""
        return None if self.part == UNNAMED else self.memo.find(self._key(question, names, of_gap))

    def _key(self, question: Hashable, names: tuple[str, ...], of_gap: bool = True) -> Hashable:
        terms = self.terms
        # Who is in a part may depend on the gap, as does who counts, where that is measured.
        any_gap = self.part is None and not of_gap
        return (
            *(question, names, self.part),
            *((terms.as_of, self.entry.since) if any_gap else (terms.as_of, terms.churn_gap, terms.entry)),
            *(terms.margin, self.followed),
            terms.tier_rule if "tier" in names else None,
            terms.week_start if dimensions.WEEKLY in names else None,
            *(self.scorer.depends_on(name) for name in names if name in DIMENSION_SCORES),
        )

    def by_code(self, values: pl.Series) -> pl.Series:
        """`values`, one for each of `customers`, by customer code; null for those who are not there."""
        if self.customers.height == self.counted.height:
            return values  # everybody: codes count up from 0
        nobody = pl.repeat(None, self.counted.height, dtype=values.dtype, eager=True)
        return nobody.scatter(self.customers["customer"], values)


def build_snapshot(
    cleaned: CleanOrders, activity_index: ActivityIndex, people: People, terms: Terms, memo: Memo = UNCACHED
) -> Snapshot:
    """The shop on `terms.as_of` under `terms`; `memo` remembers what is asked of it."""
    activity = CachedActivity(activity_index, memo)
    totals = activity.totals(terms.as_of)
    valued, margin = totals.customers, terms.margin
    if margin is not None:
        # The margin of the terms goes before a mapped one: it is the analyst's choice.
        valued = valued.with_columns(pl.col("revenue").alias("value"))
    gap = churn_gap(totals.gaps, terms.as_of - valued["last"], terms.churn_gap)
    counted = counted_months(activity, terms)
    entry = entry_of(valued, counted, terms.as_of, gap.days, terms.entry)
    watched = with_months_seen(censor(valued, terms.as_of, gap.days, entry.since), terms.as_of, entry.since)
    customers, cuts = tiered(watched, totals, terms, activity)
    worth = margin if margin is not None else 1.0
    return Snapshot(
        *(terms, worth, gap, entry, cuts, customers, counted, activity_index, totals, people, cleaned), memo=memo
    )


def months_followed(horizon: int) -> int:
    """Age months that are summed up for LTV within `horizon`: those that segments are compared at, at the least."""
    return max(horizon, LONGEST_AGE)


def counted_months(activity: CachedActivity, terms: Terms) -> pl.DataFrame:
    """Snapshot.counted under `terms`."""
    counted = activity.ages(months_followed(terms.horizon))
    if terms.margin is not None and activity.index.margin_mapped:
        return counted.select(c for c in counted.columns if not c.startswith("value"))
    return counted
