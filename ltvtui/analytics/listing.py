"""The customers themselves: as a table to read, and one by one."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import polars as pl

from ltvtui.analytics.forecast.forecast import PEOPLE
from ltvtui.analytics.kernel.quantiles import type7
from ltvtui.analytics.kernel.sort_order import SortOrder
from ltvtui.analytics.scoring import DIMENSION_SCORES
from ltvtui.analytics.snapshot import Snapshot


@dataclass(frozen=True, eq=False)
class Listing:
    """Customers in some order: a million rows are not moved to show forty of them."""

    frame: pl.DataFrame
    """Snapshot.measured with stage (Enum lifecycle.STAGE), and forecast.PEOPLE where that was asked for; or some rows
    of it."""
    order: SortOrder
    """Rows of `frame` as they are to be read."""
    narrowed: bool = False
    """Whether `frame` is a copy of some rows."""

    @property
    def rows(self) -> pl.DataFrame:
        """All rows of `frame` in their order."""
        return self.frame[self.order.whole]


def listed(
    snapshot: Snapshot, sort: str = "revenue", descending: bool = True, search: str = "", forecast: bool = False
) -> Listing:
    """The snapshot's customers by `sort`, ties by customer; unknown values come last.

    `search` keeps those whose text columns hold it, whatever the case. With `forecast`, or where they are sorted by a
    column of it, they have theirs; its columns are null where the shop has none.
    """
    measured = snapshot.measured.with_columns(_stages(snapshot))
    if forecast or sort in PEOPLE:
        measured = pl.concat([measured, forecast_columns(snapshot)], how="horizontal")
    rows = narrow(measured, search)
    keys = rows.select(sort)  # rows stand by customer already
    if sort == "id":  # 43 stands before 1000 where ids are numbers
        keys = keys.select(pl.col("id").cast(pl.Int64, strict=False).alias("number"), "id")
    return Listing(rows, SortOrder(keys, descending), bool(search))


def forecast_columns(snapshot: Snapshot) -> pl.DataFrame:
    """forecast.PEOPLE of the snapshot's customers, row for row; null where the shop has no forecast."""
    if not snapshot.why_no_forecast:
        return snapshot.forecast.select(*PEOPLE)
    people = snapshot.customers.height
    return pl.select(pl.repeat(None, people, dtype=dtype()).alias(name) for name, dtype in PEOPLE.items())


def _stages(snapshot: Snapshot) -> pl.Series:
    """Life-cycle stage of the snapshot's customers, row for row: told of all once a day, and once of them."""
    return snapshot.recall("stages", ("stage",), lambda: snapshot.by("stage")["stage"])


def narrow(rows: pl.DataFrame, search: str) -> pl.DataFrame:
    """Rows with a text column that contains `search`, whatever the case."""
    if not search:
        return rows
    texts = [c for c in rows.get_columns() if isinstance(c.dtype, pl.String | pl.Categorical | pl.Enum)]
    wanted = f"(?i){pl.escape_regex(search)}"
    return rows.filter(pl.any_horizontal(_matches(column, wanted) for column in texts)) if texts else rows.clear()


def _matches(values: pl.Series, wanted: str) -> pl.Series:
    """Boolean: where the text matches the pattern; each category is matched once."""
    if isinstance(values.dtype, pl.String):
        return values.fill_null("unknown").str.contains(wanted)
    kinds = values.unique()
    return values.is_in(kinds.filter(_matches(kinds.cast(pl.String), wanted)).implode(), nulls_equal=True)


@dataclass(frozen=True)
class Rhythm:
    """How often a customer orders: the gaps between order days (metrics.md §2)."""

    gaps: int
    """How many there are: at least one."""
    median: Fraction
    """Days; type 7, so that of two middle gaps it is their mean."""
    due: int
    """Day of the last order and the median gap, rounded up to a day: when the next one would keep the rhythm."""


@dataclass(frozen=True, eq=False)
class Card:
    """One customer as of the snapshot's day."""

    facts: dict[str, Any]
    """The customer's row of Snapshot.measured, and where they stand among all of the shop:
    placing.DIMENSION_SCORES."""
    rank: int
    """Place by revenue among the snapshot's customers; equals share the better one."""
    of: int
    orders: pl.DataFrame
    """Orders up to the as-of day, oldest first: schema.ORDERS, margin and attributes where mapped,
    total (Int64 money, running), gap (days since the order before; null at the first)."""

    @property
    def rhythm(self) -> Rhythm | None:
        """How often they order; None of whoever ordered on one day only."""
        days = self.orders.filter(pl.col("kind") == "order")["day"].unique().sort()
        gaps = days.diff().drop_nulls().sort().to_list()
        if not gaps:
            return None
        median = type7(lambda rank: int(gaps[rank]), len(gaps), Fraction(1, 2))
        return Rhythm(len(gaps), median, int(days[-1]) + math.ceil(median))


def card(snapshot: Snapshot, orders: pl.DataFrame, customer: int) -> Card | None:
    """The card of `customer` (code) with their clean `orders`; None if they had not bought yet."""
    alone = snapshot.where(pl.col("customer") == customer)
    if alone.customers.height == 0:
        return None
    facts = pl.concat([alone.measured, alone.by(*DIMENSION_SCORES).select(DIMENSION_SCORES)], how="horizontal")
    better = int((snapshot.customers["revenue"] > facts["revenue"][0]).sum())
    seen = orders.filter(pl.col("day") <= snapshot.terms.as_of)
    bought = pl.when(pl.col("kind") == "order").then(pl.col("day"))
    history = seen.with_columns(
        pl.col("amount").cum_sum().alias("total"),
        pl.when(pl.col("kind") == "order").then(bought - bought.forward_fill().shift(1)).alias("gap"),
    )
    return Card(facts.row(0, named=True), better + 1, snapshot.customers.height, history)
