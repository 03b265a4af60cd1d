"""Every question of the screens, asked anew each time: milliseconds."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, Final

import polars as pl

from bench import forecasting
from ltvtui.analytics.cohorts.cohorts import cohorts
from ltvtui.analytics.comparison.comparison import compare
from ltvtui.analytics.comparison.periods import period_change
from ltvtui.analytics.comparison.profile_index import profiled, value_counts
from ltvtui.analytics.dimensions import HINDSIGHT
from ltvtui.analytics.drivers.drivers import drivers
from ltvtui.analytics.drivers.first_repeat import DAYS
from ltvtui.analytics.history import by_month
from ltvtui.analytics.listing import card, listed
from ltvtui.analytics.portrait.portrait import portrait
from ltvtui.analytics.segments import profile, value_curves
from ltvtui.analytics.snapshot import Snapshot
from ltvtui.analytics.tiers.tiers import TierRule
from ltvtui.query.periods import parse_periods
from ltvtui.query.query import Filter, Query
from ltvtui.session.comparison import sides_between
from ltvtui.session.dataset import Dataset
from ltvtui.session.open_dataset import open_shop
from ltvtui.session.open_request import OpenRequest
from ltvtui.tui.location import Location
from ltvtui.tui.views.overview import compute
from ltvtui.tui.views.overview.compute import pareto

ON_SNAPSHOT: Final[dict[str, tuple[Callable[..., Any], tuple[Any, ...]]]] = {
    "key figures of all": (profile, ()),
    "profile by tier": (profile, (("tier",),)),
    "profile by channel": (profile, (("channel",),)),
    "profile by first month": (profile, (("first month",),)),
    "profile by tier × channel": (profile, (("tier", "channel"),)),
    "LTV of all with its interval": (profile, ((), True)),
    "LTV by tier with its interval": (profile, (("tier",), True)),
    "value over time by tier": (value_curves, (("tier",),)),
    "value over time by first month": (value_curves, (("first month",),)),
    "Pareto curve": (pareto, ()),
    "revenue by month": (by_month, ()),
    "cohorts by month": (cohorts, ("month",)),
    "cohorts by week": (cohorts, ("week",)),
    "cohorts by channel": (cohorts, ("month", "channel")),
    "customers, dearest first": (listed, ()),
    "customers sorted by first order": (listed, ("first", False)),
    "customers sorted by channel": (listed, ("channel", False)),
    "customers narrowed to “goo”": (listed, ("revenue", True, "goo")),
}
"""Questions of a snapshot that is there."""


def asked(path: str, times: str) -> dict[str, list[float]]:
    """Milliseconds of each question, `times` of them, the first of all first."""
    opened = open_shop(OpenRequest(Path(path), cache=False))
    questions = _questions(opened.dataset, opened.query)
    return {name: [_milliseconds(question) for _ in range(int(times))] for name, question in questions}


def _milliseconds(question: Callable[[], Any]) -> float:
    started = time.perf_counter()
    question()
    return (time.perf_counter() - started) * 1_000


def _questions(dataset: Dataset, query: Query) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Questions by name; none of them finds an answer that is remembered."""
    snapshot = dataset.snapshot(query)
    for name, (question, details) in ON_SNAPSHOT.items():
        yield name, partial(_on_a_copy, snapshot, question, details)
    vip = dataset.snapshot(query & Filter("tier", "VIP"))
    yield "cohorts of VIP by month", partial(_on_a_copy, vip, cohorts, ("month",))
    sides = sides_between(dataset, query, (Filter("tier", "VIP"),))
    names = profiled(dataset.people)
    yield "VIP against all others, with intervals", partial(_on_a_copy, snapshot, compare, (sides,))
    yield "index of attributes of VIP", partial(_on_a_copy, snapshot, value_counts, (sides, names))
    yield "portrait of VIP, with intervals", lambda: portrait(_copy(vip), _copy(snapshot))
    yield "drivers known at the first order", partial(_on_a_copy, snapshot, drivers, ("ltv", DAYS, tuple(HINDSIGHT)))
    two_months = parse_periods("2024-05,2024-06")
    yield "revenue of two months", partial(_on_a_copy, snapshot, period_change, two_months)

    yield from forecasting.questions(snapshot)

    codes = iter(range(snapshot.customers.height // 3, snapshot.customers.height))
    yield "card of a customer", lambda: _card(dataset, snapshot, int(snapshot.customers["customer"][next(codes)]))

    overview(dataset, query)  # stands on the screen before its terms change
    days, rules, gaps = count(1), count(1), count(1)
    as_of = dataset.as_of(query)
    # Each day, rule and gap is another one: new terms are never remembered.
    yield "quality as of a new day", lambda: dataset.quality(replace(query, as_of=as_of - next(days)))
    new_rules = (replace(query, tier_rule=TierRule("quantile", 0.2 + n / 1_000, 0.3)) for n in rules)
    yield "Overview under a new tier rule", lambda: overview(dataset, next(new_rules))
    new_gaps = (replace(query, churn_gap=60 + n) for n in gaps)
    yield "Overview under a new churn gap", lambda: overview(dataset, next(new_gaps))
    new_days = (replace(query, as_of=as_of - n) for n in count(40))
    yield "Overview as of a new day", lambda: overview(dataset, next(new_days))


def _on_a_copy(snapshot: Snapshot, question: Callable[..., Any], details: tuple[Any, ...]) -> Any:
    return question(_copy(snapshot), *details)


def _copy(snapshot: Snapshot) -> Snapshot:
    """It has no answers that the snapshot itself, or what it is a slice of, may have kept."""
    return replace(snapshot, slice_of=None, part=object())


def overview(dataset: Dataset, query: Query) -> None:
    """What the screen asks when it comes to Overview: snapshot, key figures, table and plots."""
    dataset.ask(profile, query)
    compute.overview(dataset, Location("overview", query))


def _card(dataset: Dataset, snapshot: Snapshot, customer: int) -> None:
    found = card(replace(snapshot), dataset.orders_of(customer), customer)
    assert found is not None
    assert found.orders.filter(pl.col("customer") != customer).is_empty()
