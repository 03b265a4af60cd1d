"""The same figures the slow way: hash tables and joins over whole frames, as any engine would run them.

What the app computes from running totals is held against this, on real shops and on random ones.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any, cast

import oracle
import polars as pl
import pytest
from polars.testing import assert_frame_equal
from scipy.stats import t as student

from ltvtui.analytics import history
from ltvtui.analytics.schema import MONEY_SCALE
from ltvtui.analytics.segments import profile
from ltvtui.analytics.snapshot import Snapshot


def activity(orders: pl.DataFrame) -> pl.DataFrame:
    """schema.ACTIVITY of clean orders, sorted."""
    return oracle.activity(orders)


def seen(snapshot: Snapshot) -> pl.DataFrame:
    """Activity up to the as-of day."""
    return snapshot.activity_index.activity.filter(pl.col("day") <= snapshot.terms.as_of)


def customers(snapshot: Snapshot) -> pl.DataFrame:
    """oracle.customers of the snapshot."""
    return oracle.customers(snapshot.activity_index.activity, snapshot.terms.as_of)


def gaps(activity: pl.DataFrame) -> pl.DataFrame:
    """Days between consecutive order days: customer, gap, one row each."""
    visits = activity.filter(pl.col("orders") > 0).sort("customer", "day")
    gap = pl.col("day").diff().over("customer").alias("gap")
    return visits.select("customer", gap).drop_nulls("gap")


def ledger(snapshot: Snapshot, horizon: int) -> pl.DataFrame:
    """customer, age_month, orders, revenue, value: what counts by metrics.md §4, customer by customer."""
    known = seen(snapshot).join(counted(snapshot).select("customer", "first", "seen"), on="customer")
    lived = pl.max_horizontal(pl.col("day") - pl.col("first"), pl.lit(0)).cast(pl.Int64)
    return (
        known.with_columns((lived / 30.4375).floor().cast(pl.Int32).alias("age_month"))
        .filter(pl.col("age_month") < pl.col("seen"), pl.col("age_month") < horizon)
        .group_by("customer", "age_month")
        .agg(pl.col("orders").cast(pl.Int64).sum(), pl.col("revenue", "value").sum())
        .sort("customer", "age_month")
    )


def counted(snapshot: Snapshot) -> pl.DataFrame:
    """`customers` of the snapshot who count towards LTV, with seen: their complete age months."""
    since = snapshot.entry.since
    own = customers(snapshot).join(snapshot.customers.select("customer"), on="customer", how="semi")
    days = (snapshot.terms.as_of + 1 - pl.col("first")).cast(pl.Int64)
    known = own.with_columns((days / 30.4375).floor().cast(pl.Int32).alias("seen"))
    return known if since is None else known.filter(pl.col("first") >= since)


def long(snapshot: Snapshot) -> pl.DataFrame:
    """Snapshot.ages as rows like those of `ledger`, months that do not count left out."""
    wide = pl.concat([snapshot.customers.select("customer", "seen"), snapshot.ages], how="horizontal")
    value = "value" if "value 0" in wide.columns else "revenue"
    months = [
        wide.filter(pl.col("seen") > month).select(
            "customer",
            pl.lit(month, pl.Int32).alias("age_month"),
            pl.col(f"orders {month}").cast(pl.Int64).alias("orders"),
            pl.col(f"revenue {month}").alias("revenue"),
            pl.col(f"{value} {month}").alias("value"),
        )
        for month in range(snapshot.terms.horizon)
    ]
    return pl.concat(months).sort("customer", "age_month")


# --- the definitions as plain loops ----------------------------------------------------------------


@dataclass(slots=True)
class Life:
    """What is known of one customer."""

    first: int
    last: int
    seen: int
    """Complete age months."""
    orders: dict[int, int]
    revenue: dict[int, int]
    value: dict[int, int]
    """By age month, those that are complete and followed."""


def followed(snapshot: Snapshot) -> int:
    """Age months: those within the horizon, and those that segments are compared at."""
    return max(snapshot.terms.horizon, 12)


def lives(snapshot: Snapshot) -> dict[int, Life]:
    """Customers who count towards LTV, in the order of their ids."""
    found = {
        customer: Life(first, last, months, {}, {}, {})
        for customer, first, last, months in counted(snapshot).select("customer", "first", "last", "seen").rows()
    }
    of_revenue = snapshot.terms.margin is not None
    for customer, month, orders, revenue, value in ledger(snapshot, followed(snapshot)).rows():
        life = found[customer]
        life.orders[month], life.revenue[month] = orders, revenue
        life.value[month] = revenue if of_revenue else value
    return found


def enough(people: int) -> int:
    return min(30, math.ceil(people / 10))


def seen_by_age(people: list[Life], horizon: int) -> list[int]:
    """N_k for the leading months, at most `horizon`, with enough who were seen for them: τ of them."""
    by_age = Counter(min(life.seen, horizon) for life in people)
    there = [sum(many for seen, many in by_age.items() if seen > month) for month in range(horizon)]
    needed = max(enough(there[0]), 1)
    return list(itertools.takewhile(lambda many: many >= needed, there))


def by_age(people: list[Life], what: str, there: list[int]) -> list[float]:
    """`what` a customer orders or brings in each age month, over all who were seen for it."""
    end = len(there)
    sums = [0] * end
    for amounts in map(attrgetter(what), people):
        for month, amount in amounts.items():
            if month < end:
                sums[month] += amount
    return [amount / many for amount, many in zip(sums, there, strict=True)]


def survival(people: list[Life], as_of: int, churn_gap: int, horizon: int) -> tuple[list[float], int]:
    """S(0), S(1), … of metrics.md §3, and how many of them are supported."""
    cut = as_of - churn_gap
    ends = Counter[tuple[int, bool]]()
    for life in people:
        known, lived = int((cut - life.first) / 30.4375), int((life.last - life.first) / 30.4375) + 1
        if life.first <= cut and known >= 1:
            lapsed = life.last <= cut and lived <= known
            ends[lived if lapsed else known, lapsed] += 1
    alive, supported = [1.0], 1
    for month in range(1, horizon):
        at_risk = sum(many for (end, _), many in ends.items() if end >= month)
        if ends and at_risk >= enough(ends.total()):
            alive.append(alive[-1] * (1 - ends[month, True] / at_risk))
            supported += 1
        else:
            back = min(3, month - 1)
            begun = alive[-1 - back]
            alive.append(alive[-1] * ((alive[-1] / begun) ** (1 / back) if back and begun else 1.0))
    return alive, supported


def standard_error(people: list[Life], worth: list[float]) -> float | None:
    """Of the LTV of `people` over as many months as have a `worth`: what a ten-thousandth brought in one is."""
    groups = min(100, len(people))
    months = len(worth)
    there, brought = [], []
    for group in range(groups):
        seen, sums = Counter[int](), [0] * months
        for life in people[group::groups]:
            seen[life.seen] += 1
            for month, value in life.value.items():
                if month < months:
                    sums[month] += value
        there.append([sum(many for known, many in seen.items() if known > month) for month in range(months)])
        brought.append(sums)
    all_there, all_brought = ([sum(month) for month in zip(*rows, strict=True)] for rows in (there, brought))
    without = []
    for there_now, brought_now in zip(there, brought, strict=True):
        left = [whole - own for whole, own in zip(all_there, there_now, strict=True)]
        if not all(left):
            return None
        rest = [whole - own for whole, own in zip(all_brought, brought_now, strict=True)]
        without.append(sum(v / n * w for v, n, w in zip(rest, left, worth, strict=True)))
    mean = sum(without) / groups
    return math.sqrt((groups - 1) / groups * sum((one - mean) ** 2 for one in without))


def entry(snapshot: Snapshot) -> tuple[str, int, int, float | None]:
    """State of the history, how many came early and late, and z where it was asked for (metrics.md §3)."""
    terms, gap = snapshot.terms, snapshot.churn_gap.days
    everybody = replace(
        snapshot,
        terms=replace(terms, horizon=12),
        customers=customers(snapshot),
        entry=replace(snapshot.entry, since=None),
    )
    people = list(lives(everybody).values())
    border = min(life.first for life in people) + gap
    early, late = [p for p in people if p.first < border], [p for p in people if p.first >= border]
    if len(late) < 30:
        return "cannot be told", len(early), len(late), None
    next_ones = sum(life.first < border + gap for life in late)
    days = min(gap, terms.as_of - border + 1)
    if len(early) < 30 or len(early) / gap < 1.2 * next_ones / days:
        return "complete", len(early), len(late), None
    common = min(len(seen_by_age(part, 12)) for part in (early, late))
    if common == 0:
        return "complete", len(early), len(late), None
    told = []
    for part in (early, late):
        worth = [1 / MONEY_SCALE] * common
        values = by_age(part, "value", seen_by_age(part, 12)[:common])
        told.append((sum(values) / MONEY_SCALE, standard_error(part, worth) or 0.0))
    (before, error_before), (after, error_after) = told
    spread = math.hypot(error_before, error_after)
    z = (before - after) / spread if spread else None
    return "cut off" if z is not None and z > 2 else "complete", len(early), len(late), z


def same(value: float | None, size: float = 1.0) -> Any:
    """What equals `value` but for the last digits of a figure of that `size`."""
    return None if value is None else pytest.approx(value, rel=1e-9, abs=1e-9 * max(abs(size), 1.0))


def assert_row(row: dict[str, Any], people: list[Life], snapshot: Snapshot) -> None:
    """Hold a row of segments.profile, with its interval, against the loops over its customers."""
    terms = snapshot.terms
    assert row["counted"] == len(people)
    there = seen_by_age(people, followed(snapshot)) if people else []
    tau = min(len(there), terms.horizon)
    assert row["within_months"] == tau
    if not tau:
        assert [row[name] for name in ("check", "frequency", "retention_months", "ltv", "ltv_se")] == [None] * 5
        return
    alive, supported = survival(people, terms.as_of, snapshot.churn_gap.days, tau)
    assert row["retention_months"] == same(sum(alive))
    assert row["retention_supported_months"] == min(supported, tau)
    orders = sum(by_age(people, "orders", there)[:tau])
    revenue = sum(by_age(people, "revenue", there)[:tau]) / MONEY_SCALE
    assert row["frequency"] == same(orders / sum(alive))
    assert row["check"] == same(revenue / orders)
    worth = [snapshot.margin / (1 + terms.discount) ** ((k + 0.5) / 12) / MONEY_SCALE for k in range(len(there))]
    value = [v * w for v, w in zip(by_age(people, "value", there), worth, strict=True)]
    ltv = sum(value[:tau])
    assert row["ltv"] == same(ltv)
    for age in (1, 3, 6, 12):
        assert row[f"ltv_{age}"] == same(sum(value[:age]) if age <= len(there) else None)
    error = standard_error(people, worth[:tau]) if len(people) > 1 else None
    assert row["ltv_se"] == same(error, ltv)
    if error is None:
        assert (row["ltv_lower"], row["ltv_upper"]) == (None, None)
        return
    reach = float(student.ppf(0.975, min(100, len(people)) - 1)) * error
    if ltv > 1e-6:
        bounds = ltv * math.exp(-reach / ltv), ltv * math.exp(min(reach / ltv, 700))
        assert row["ltv_lower"] == same(bounds[0], ltv)
        assert row["ltv_upper"] >= 1e300 or row["ltv_upper"] == pytest.approx(bounds[1], rel=1e-6)
    elif ltv < -1e-6:
        assert (row["ltv_lower"], row["ltv_upper"]) == (same(ltv - reach, ltv), same(ltv + reach, ltv))


def assert_same(snapshot: Snapshot) -> None:
    """Hold everything that a snapshot is made of against the slow way."""
    terms = snapshot.terms
    known = ["customer", "orders", "revenue", "value", "days", "first", "last"]
    slow = customers(snapshot)
    if terms.margin is not None:
        slow = slow.with_columns(pl.col("revenue").alias("value"))
    assert_frame_equal(snapshot.customers.select(known), slow.select(known))
    found = gaps(seen(snapshot))["gap"]
    counted = found.value_counts(name="len").sort("gap")
    assert_frame_equal(snapshot.activity_index.totals(terms.as_of).gaps, counted)
    assert snapshot.churn_gap.gaps == found.len()
    if terms.churn_gap is None and found.len():
        measured = math.ceil(round(cast(float, found.quantile(0.9, "linear")), 9))
        assert snapshot.churn_gap.days == min(max(measured, 30), 365)
    some = pl.any_horizontal(pl.col("orders", "revenue", "value") != 0)
    slow = ledger(snapshot, terms.horizon)
    if terms.margin is not None:
        slow = slow.with_columns(pl.col("revenue").alias("value"))
    assert_frame_equal(long(snapshot).filter(some), slow.filter(some))
    state, early, late, z = entry(snapshot)
    assert (snapshot.entry.state, snapshot.entry.early, snapshot.entry.late) == (state, early, late)
    assert snapshot.entry.z == same(z)
    people = lives(snapshot)
    assert_row(profile(snapshot, (), True).row(0, named=True), list(people.values()), snapshot)
    tiers = dict(snapshot.customers.select("customer", "tier").iter_rows())
    for row in profile(snapshot, ("tier",), True).iter_rows(named=True):
        own = [life for customer, life in people.items() if tiers[customer] == row["tier"]]
        assert_row(row, own, snapshot)
    months = history.by_month(snapshot)
    theirs = seen(snapshot).join(snapshot.customers.select("customer"), on="customer", how="semi")
    assert months["revenue"].sum() == theirs["revenue"].sum()
    assert months["orders"].sum() == theirs["orders"].sum()
