"""Customers of a snapshot added up by dimensions: each sum is made once, and the next is made of it."""

from __future__ import annotations

from typing import Final

import polars as pl

from ltvtui.analytics.aggregate import Aggregate, aggregate, ended
from ltvtui.analytics.intervals import group_sums
from ltvtui.analytics.ltv import age_table, curve
from ltvtui.analytics.scoring import BY_SCORE, dimension_of_score
from ltvtui.analytics.snapshot import Snapshot

AGGREGATE: Final = "aggregate"
"""The question whose answer is `aggregate_of`."""


def aggregate_of(snapshot: Snapshot, *names: str) -> Aggregate:
    """aggregate.aggregate by the dimensions `names` over the months that are followed: one pass over customers."""
    return snapshot.recall(AGGREGATE, names, lambda: _aggregate(snapshot, names))


def age_table_of(snapshot: Snapshot, *names: str) -> pl.DataFrame:
    """ltv.age_table by the dimensions `names` over the months that are followed."""

    def make() -> pl.DataFrame:
        return age_table(aggregate_of(snapshot, *names), names, snapshot.followed)

    return snapshot.recall("age table", names, make)


def curve_of(snapshot: Snapshot, *names: str) -> pl.DataFrame:
    """ltv.curve by the dimensions `names` over the months that are followed."""
    discount = snapshot.terms.discount

    def make() -> pl.DataFrame:
        return curve(age_table_of(snapshot, *names), names, snapshot.margin, discount)

    return snapshot.recall(("curve", discount), names, make)


def groups_of(snapshot: Snapshot, *names: str) -> pl.DataFrame:
    """intervals.group_sums by the dimensions `names` over the months that are followed."""
    return snapshot.recall("groups", names, lambda: _groups(snapshot, names), of_gap=False)


def _groups(snapshot: Snapshot, names: tuple[str, ...]) -> pl.DataFrame:
    customers, ages = snapshot.by(*names), snapshot.counted
    money = ages.select(name for name in ages.columns if not name.startswith("orders "))
    own = money if customers.height == ages.height else money[customers["customer"]]
    return group_sums(customers, own, names, snapshot.followed)


def _aggregate(snapshot: Snapshot, names: tuple[str, ...]) -> Aggregate:
    if not names:
        # All are counted by adding their tiers up, which every screen asks for too.
        return aggregate_of(snapshot, "tier").by()
    if set(names) <= BY_SCORE:
        return _of_scores(snapshot, names)
    customers, ages = snapshot.by(*names), snapshot.counted
    if customers.height < ages.height // 2:
        ages = snapshot.ages
    elif customers.height < ages.height:
        # To put a few columns in the order of the codes is cheaper than to pick rows of thirty.
        rows = snapshot.by_code(pl.int_range(customers.height, dtype=pl.UInt32, eager=True))
        customers = customers.select("seen", "months", "lapsed", "orders", "revenue", *names)[rows]
    bought: pl.DataFrame | None = snapshot.find("bought", names, of_gap=False)
    if bought is not None:  # under another churn gap, which changes who has left alone
        return Aggregate(bought, ended(customers, names, snapshot.followed))
    found = aggregate(customers, ages, names, snapshot.followed)
    snapshot.recall("bought", names, lambda: found.bought, of_gap=False)
    return found


def _of_scores(snapshot: Snapshot, names: tuple[str, ...]) -> Aggregate:
    """Aggregates by RFM dimensions: sums of the few scores, not of the customers once more."""
    scores = aggregate_of(snapshot, "RFM score")
    segments = snapshot.terms.rules.rfm.names

    def renamed(rows: pl.DataFrame) -> pl.DataFrame:
        columns = [dimension_of_score(name, rows["RFM score"], segments).alias(name) for name in names]
        return rows.select(*columns, pl.exclude("RFM score"))

    return scores.of_each(renamed).by(*names)
