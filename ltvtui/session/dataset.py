"""One version of the data, and what has been asked of it.

The dataset knows no question. A screen or command hands it an analytics function and a query; the dataset
feeds in the snapshot that the query describes and remembers the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import cached_property, partial
from typing import Final, ParamSpec, TypeVar, cast

import polars as pl

from ltvtui.analytics.budget.manual_spend import ManualSpend
from ltvtui.analytics.budget.spend import Spend
from ltvtui.analytics.cleaning.clean import CleaningPolicy, CleanOrders, clean, complete
from ltvtui.analytics.cleaning.data_quality import RULES, Quality
from ltvtui.analytics.cleaning.quality_account import quality_as_of
from ltvtui.analytics.dimensions import FORECAST_BANDS, names_of
from ltvtui.analytics.doubts import Doubt, Evidence, doubts_of
from ltvtui.analytics.facts import Facts
from ltvtui.analytics.forecast.remembered import gate_on
from ltvtui.analytics.incremental import grow
from ltvtui.analytics.kernel.activity_index import ActivityIndex, CustomerTotals
from ltvtui.analytics.kernel.cached_activity import CachedActivity
from ltvtui.analytics.kernel.calendar import BUCKETS, OF_MONTHS
from ltvtui.analytics.kernel.memo import Memo
from ltvtui.analytics.people import People, describe
from ltvtui.analytics.snapshot import Snapshot
from ltvtui.days import iso, months_later
from ltvtui.errors import LtvError
from ltvtui.query.query import Query
from ltvtui.session.result_cache import ResultCache
from ltvtui.session.snapshots import Snapshots

P = ParamSpec("P")
R = TypeVar("R")

ROOM: Final = 640 * 2**20
"""Bytes of answers kept. Most are small tables; a snapshot holds a frame of its customers, and so does each day."""


@dataclass(frozen=True, eq=False)
class Dataset:
    """Orders, activity and customers of one version of the data; answers questions about them."""

    cleaned: CleanOrders
    activity_index: ActivityIndex
    people: People
    spend: pl.DataFrame | None
    """schema.SPEND, where a spend table is mapped."""
    first_day: int
    """Day of the first order, days since 1970-01-01."""
    last_day: int | None
    """Latest day with an order or a refund (ActivityIndex.latest) that is not after the day of reading; None where
    all orders are."""
    time_zone: str | None = None
    """IANA name of the zone in which days are counted; None: the shop's own clock."""
    typed: ManualSpend = field(default_factory=ManualSpend)
    """What the analyst typed in about spend."""
    facts: Facts = field(default_factory=Facts)
    """What stands around the rows that it was made of."""
    criteria: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    """(dimension, group of portrait.criteria.CRITERIA) as the mapping has them; they change no figure."""
    reduced_by: str | None = field(default=None, repr=False)
    """The engine that reduced the orders where they lie; None where they were read."""
    results: ResultCache = field(default_factory=lambda: ResultCache(ROOM), repr=False)
    """All that is remembered of this version of the data, by what is asked and under which terms."""

    @cached_property
    def spending(self) -> Spend | None:
        """`spend` with what was typed in, to be asked about; None where nothing is known of it."""
        rows = self.typed.over(self.spend)
        return None if rows is None else Spend(rows)

    @property
    def doubts(self) -> tuple[Doubt, ...]:
        """What may have been read wrong, of all orders up to today. To be asked in a worker first."""
        return self.results.recall(("doubts", self.default_day, self.facts), self._doubts)

    def adopt(self, day: int, quality: Quality, doubts: tuple[Doubt, ...]) -> None:
        """Take the account and the doubts of the day `day` as they were found before, of the same data and facts."""
        self.results.recall(("quality", day), lambda: quality)
        self.results.recall(("doubts", day, self.facts), lambda: doubts)

    def _doubts(self) -> tuple[Doubt, ...]:
        day = self.default_day
        customers = self.totals(day).customers
        return doubts_of(Evidence(self.cleaned, customers, self.activity_index.by_day, day, self.facts))

    @property
    def margin_mapped(self) -> bool:
        """True where the shop's own margin or cost is read."""
        return self.activity_index.margin_mapped

    def gross(self, query: Query) -> bool:
        """True where LTV is gross of costs: no margin is agreed on and none is mapped."""
        return query.margin is None and not self.margin_mapped

    @property
    def dimensions(self) -> tuple[str, ...]:
        """Names that customers can be cut by: the shop's own first."""
        return names_of(self.people)

    def dimensions_of(self, query: Query) -> tuple[str, ...]:
        """Those of `dimensions` that tell something on the day of `query`, and that its trail leaves open."""
        unknown = query.fixed_dimensions
        if not gate_on(self.activity, self.as_of(query)).ok:
            unknown |= set(FORECAST_BANDS)
        return tuple(name for name in self.dimensions if name not in unknown)

    def missing_dimensions(self, query: Query) -> str:
        """Those that need a forecast, and why there is none on the day of `query`; blank where there is one."""
        why = gate_on(self.activity, self.as_of(query)).why
        return f"Without {' and '.join(FORECAST_BANDS)}. {why}" if why else ""

    def dimension(self, name: str, query: Query | None = None) -> str:
        """The dimension of that name, whatever its case; a hyphen may stand for a space.

        Raises LtvError (exit code 2) that names those there are; and (1) where it needs a forecast that there is not
        on the day of `query`.
        """
        for folded in (str.casefold, _folded):
            for existing in self.dimensions:
                if folded(existing) == folded(name):
                    if query is not None and existing in FORECAST_BANDS:
                        self.snapshot(query.whole()).forecast_for(existing)
                    return existing
        near = get_close_matches(_folded(name), [_folded(existing) for existing in self.dimensions], 1)
        question = next(
            (f"Did you mean {existing}? " for existing in self.dimensions if _folded(existing) in near), ""
        )
        mend = f"{question}Choose from: {', '.join(self.dimensions)}."
        raise LtvError(f"This shop has no dimension {name!r}.", mend, 2)

    @property
    def default_day(self) -> int:
        """The day that is looked at unless another is chosen."""
        return self.last_day if self.last_day is not None else self.activity_index.last_day

    def day_of_last(self, count: int) -> int:
        """The day since which at least so many orders came, up to the default day; the first where there are less."""
        days = self.activity_index.by_day.filter(pl.col("day") <= self.default_day)
        enough = days.filter(days["orders"].cum_sum(reverse=True) >= count)["day"]
        return int(enough[-1]) if enough.len() else self.first_day

    def as_of(self, query: Query) -> int:
        """The day of the query: its own, else the latest day with an order or a refund, never later than today.

        Raises LtvError for a day before the first order (exit code 2), and where no day is chosen and
        every order is dated after today (exit code 1).
        """
        if query.as_of is None:
            if self.last_day is None:
                raise LtvError(
                    f"Every order is dated after today: the first is on {iso(self.first_day)}.",
                    "Check the date format with `ltvtui config DB`, or choose a day with --as-of.",
                )
            return self.last_day
        if query.as_of < self.first_day:
            first = iso(self.first_day)
            raise LtvError(
                f"{iso(query.as_of)} is before the first order ({first}).",
                f"Choose an as-of day from {first} on.",
                2,
            )
        return query.as_of

    def since(self, query: Query, day: int | None, months: int) -> int:
        """The day from which on moves up to the query's day are counted: `day`, else `months` earlier.

        Never before the first order. Raises LtvError (exit code 2) for a `day` that is no earlier one.
        """
        as_of = self.as_of(query)
        if day is None:
            return max(months_later(as_of, -months), self.first_day)
        if not self.first_day <= day <= as_of:
            raise LtvError(
                f"{iso(day)} and {iso(as_of)} cannot be compared.",
                f"Choose an earlier and a later day, from {iso(self.first_day)} on.",
                2,
            )
        return day

    def snapshot(self, query: Query) -> Snapshot:
        """The shop under the query, narrowed to its trail."""
        terms = query.terms_on(self.as_of(query))
        return Snapshots(self.cleaned, self.activity_index, self.people, self.results).of(terms, query.trail)

    @property
    def activity(self) -> CachedActivity:
        """What the activity tells of any day."""
        return CachedActivity(self.activity_index, self.results.memo)

    def totals(self, as_of: int) -> CustomerTotals:
        """Customers and gaps as of a day."""
        return self.activity.totals(as_of)

    def cohorts_prepared(self, bucket: str, query: Query) -> tuple[Callable[[], object], ...]:
        """Each computes ahead something that cohorts by `bucket` will need. Done once, it costs nothing."""
        periods = self.activity.periods(bucket, query.week_start)
        return (lambda: periods.begins, lambda: periods.together)

    def preparations(self, query: Query) -> tuple[Callable[[], object], ...]:
        """Each computes ahead something that questions of another day or of cohorts will need, in a moment's time.

        Done once, it costs nothing.
        """
        buckets = sorted(BUCKETS, key=(*OF_MONTHS, "week").index)
        months, *others = (step for bucket in buckets for step in self.cohorts_prepared(bucket, query))
        return (months, *self.activity_index.preparations, *others)

    def ask(self, question: Callable[..., R], query: Query, *details: Hashable) -> R:
        """The answer of `question(snapshot, *details)` under `query`, computed once."""
        key = ("answer", question, query, details)
        return self.results.recall(key, lambda: question(self.snapshot(query), *details))

    def forget(self) -> None:
        """Give back what is remembered; it would hold the dataset alive until garbage is collected."""
        self.results.clear()

    def orders_of(self, customer: int) -> pl.DataFrame:
        """All clean orders of one customer (code), oldest first."""
        return self.cleaned.store.of(customer)

    def quality(self, query: Query) -> Quality:
        """What was read, left out and changed, as of the query's day."""
        as_of = self.as_of(query)
        return self.results.recall(("quality", as_of), lambda: self._quality(as_of))

    def _quality(self, as_of: int) -> Quality:
        customers = self.totals(as_of).customers["customer"]
        return quality_as_of(self.cleaned, self.activity_index.by_day, customers, as_of, self.time_zone)


def build_dataset(
    rows: pl.DataFrame,
    customer_table: pl.DataFrame | None,
    spend: pl.DataFrame | None,
    policy: CleaningPolicy,
    today: int,
) -> Dataset:
    """Clean `rows` and reduce them to activity.

    Raises LtvError where no order is left, with the reasons.
    """
    cleaned = clean(rows, policy)
    if not (cleaned.orders["kind"] == "order").any():
        raise nothing_left(cleaned)
    assert cleaned.activity is not None
    activity_index = ActivityIndex(cleaned.activity, "margin" in cleaned.orders.columns)
    return bound(cleaned, activity_index, describe(cleaned, customer_table), spend, today, policy.time_zone)


def completed(
    dataset: Dataset,
    rows: pl.DataFrame,
    customer_table: pl.DataFrame | None,
    spend: pl.DataFrame | None,
    policy: CleaningPolicy,
    today: int,
) -> Dataset:
    """`dataset`, made of some columns of `rows`, with all of them, and with the customers' and the spend table."""
    if rows.height != dataset.cleaned.orders.height:
        return build_dataset(rows, customer_table, spend, policy, today)  # which rows were left out is not stored
    cleaned = complete(dataset.cleaned, rows)
    people = describe(cleaned, customer_table)
    return Dataset(
        cleaned,
        dataset.activity_index,
        people,
        spend,
        dataset.first_day,
        dataset.last_day,
        dataset.time_zone,
        results=dataset.results.carried(partial(_completed, cleaned, people)),
    )


def _completed(cleaned: CleanOrders, people: People, key: Hashable, made: object, memo: Memo) -> object | None:
    """What an answer about a dataset is where all is known of its orders and customers; None: it is asked anew."""
    match key, made:
        case ("answer" | "quality", *_), _:
            return None
        case _, Snapshot():
            return made.described_by(cleaned, people, memo)
    return made


def grown(
    dataset: Dataset,
    horizon: int,
    more: CleanOrders,
    customer_table: pl.DataFrame | None,
    spend: pl.DataFrame | None,
    today: int,
) -> Dataset | None:
    """`dataset` with the orders of `more` (analytics.incremental.grow); None where all has to be read anew."""
    totals = dataset.totals(dataset.default_day)
    found = grow(dataset.cleaned, dataset.activity, dataset.people, totals, horizon, more, customer_table)
    return (
        None
        if found is None
        else replace(
            bound(*found, spend, today, dataset.time_zone),
            typed=dataset.typed,
            facts=dataset.facts,
            criteria=dataset.criteria,
        )
    )


def bound(
    cleaned: CleanOrders,
    activity_index: ActivityIndex,
    people: People,
    spend: pl.DataFrame | None,
    today: int,
    time_zone: str | None = None,
) -> Dataset:
    """The dataset of clean orders and what follows from them, opened on the day `today`."""
    first_day = cast(int, activity_index.by_day.filter(pl.col("orders") > 0)["day"].min())
    return Dataset(cleaned, activity_index, people, spend, first_day, activity_index.latest(today), time_zone)


def nothing_left(cleaned: CleanOrders) -> LtvError:
    """What is said of a shop without a usable order, with the reasons."""
    if cleaned.rows_read == 0:
        return LtvError("The orders table has no rows.", "Choose another table with --orders TABLE.")
    reasons = ", ".join(f"{c.rows} {RULES[c.rule]}" for c in cleaned.counts if c.excluded and c.rows)
    return LtvError(
        f"None of {cleaned.rows_read} rows is a usable order ({reasons or 'refunds only'}).",
        "Check the column mapping with `ltvtui config DB`, and correct it with --date, --amount or --customer.",
    )


def _folded(name: str) -> str:
    return name.casefold().replace("-", " ").replace("_", " ")
