"""What is remembered under some terms is never taken for what others give: keys name all that answers depend on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

import polars as pl
import pytest
from effort import examples
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from ltvtui.analytics.budget.acquisition import acquisition_of
from ltvtui.analytics.budget.prices import prices
from ltvtui.analytics.budget.spend import Spend
from ltvtui.analytics.budget.terms import BudgetTerms
from ltvtui.analytics.cohorts.cohorts import cohorts
from ltvtui.analytics.dimensions import DERIVED, FORECAST_BANDS
from ltvtui.analytics.history import by_month
from ltvtui.analytics.lifecycle.migration import moves
from ltvtui.analytics.listing import listed
from ltvtui.analytics.months_compared import months_compared
from ltvtui.analytics.repeat_purchase import repeat_purchases
from ltvtui.analytics.rules import Rules
from ltvtui.analytics.schema import SPEND as SPEND_ROWS
from ltvtui.analytics.segments import profile
from ltvtui.analytics.snapshot import Snapshot
from ltvtui.analytics.survival import retention_curves
from ltvtui.analytics.tiers.origins import origin
from ltvtui.analytics.tiers.tiers import parse_rule
from ltvtui.query.query import Filter, Query
from ltvtui.query.terms import parse_rfm
from ltvtui.session.dataset import Dataset

DatasetOf = Callable[..., Dataset]

SALES = [
    (f"c{n % 37}", (n * n * 7 + 13 * n) % 700, (n * 37 % 190) / 3, {"channel": ("web", "shop", None)[n % 37 % 3]})
    for n in range(300)
]
SPEND = Spend(
    pl.DataFrame(
        [(day, channel, 900_000) for day in (0, 200, 430, 500) for channel in ("web", "shop")],
        SPEND_ROWS,
        orient="row",
    )
)
DIMENSIONS = (*(name for name in DERIVED if name not in FORECAST_BANDS), "channel")

terms = st.builds(
    Query,
    as_of=st.sampled_from([500, 640, 700]),
    horizon=st.sampled_from([3, 12, 14, 15]),
    churn_gap=st.sampled_from([None, 60, 200]),
    entry=st.sampled_from(["all", 40, 300]),
    margin=st.sampled_from([None, 0.4]),
    discount=st.sampled_from([0.0, 0.2]),
    tier_rule=st.sampled_from(["quantile:20/30", "quantile:5/60", "threshold:300/40"]).map(parse_rule),
    week_start=st.sampled_from([0, 3, 6]),
    rules=st.sampled_from(
        [
            Rules(),
            Rules(parse_rfm("R:20/90/200/400 F:1/2/4/8 M:10/50/100/300")),
            Rules(abc=(0.3, 0.6)),
            Rules(xyz=(0.1, 2.0)),
        ]
    ),
    trail=st.one_of(
        st.just(()),
        st.just(()),
        st.tuples(
            st.one_of(
                st.builds(Filter, st.just("tier"), st.sampled_from(["VIP", "middle", "economy"])),
                st.builds(Filter, st.just("RFM"), st.sampled_from(["champions", "hibernating", "loyal"])),
                st.builds(Filter, st.just("ABC"), st.sampled_from(["A", "B"])),
                st.builds(Filter, st.just("stage"), st.sampled_from(["active", "lapsed"])),
                st.builds(Filter, st.just("channel"), st.sampled_from(["web", None])),
            )
        ),
    ),
)


def origin_of(snapshot: Snapshot, tier: str, dimension: str) -> pl.DataFrame:
    """origin as a table."""
    return pl.DataFrame([] if (found := origin(snapshot, tier, dimension)) is None else [found])


def prices_of(snapshot: Snapshot, dimension: str, horizon: int | None) -> pl.DataFrame:
    """prices of SPEND as a table."""
    return pl.DataFrame([prices(snapshot, SPEND, BudgetTerms(dimension, horizon=horizon))])


by = st.lists(st.sampled_from(DIMENSIONS), min_size=1, max_size=2, unique=True).map(tuple)
questions = st.one_of(
    st.tuples(st.just(profile), by, st.booleans()),
    st.tuples(st.just(profile), st.just(())),
    st.tuples(st.just(retention_curves), by),
    st.tuples(st.just(cohorts), st.sampled_from(["week", "month", "quarter"]), st.sampled_from([None, *DIMENSIONS])),
    st.tuples(st.just(moves), st.sampled_from(["tier", "stage"]), st.sampled_from([300, 450])),
    st.tuples(
        *(st.just(acquisition_of), st.sampled_from(DIMENSIONS), st.none()),
        *(st.sampled_from([None, 30, 90]), st.sampled_from([None, 430, 480]), st.sampled_from([12, 24])),
    ),
    st.tuples(st.just(listed), st.just("revenue")),
    st.tuples(st.sampled_from([by_month, months_compared, repeat_purchases])),
    st.tuples(st.just(prices_of), st.sampled_from(["channel", "first week"]), st.sampled_from([None, 24])),
    st.tuples(st.just(origin_of), st.sampled_from(["VIP", "middle"]), st.sampled_from(["channel", "stage"])),
)
OF_NO_GAP = (by_month, months_compared, repeat_purchases)
"""Questions about what was done, whoever is held to have left."""


def frames(answer: Any) -> Iterator[pl.DataFrame]:
    """All tables of an answer, rows of each in an order that what is no float decides: the last digits of a sum of
    floats depend on the order of threads."""
    if isinstance(answer, pl.DataFrame):
        texts = answer.with_columns(pl.col(pl.Categorical, pl.Enum).cast(pl.String))
        keys = [name for name, kind in texts.schema.items() if not kind.is_float()]
        yield texts.sort(keys, nulls_last=True, maintain_order=True)
    elif is_dataclass(answer):
        for part in fields(answer):
            yield from frames(getattr(answer, part.name))
    elif isinstance(answer, list | tuple):
        for part in answer:
            yield from frames(part)


@pytest.mark.parametrize("changed", [part.name for part in fields(Query)])
@settings(deadline=None, max_examples=examples(10), suppress_health_check=list(HealthCheck))
@given(terms, terms, st.lists(questions, min_size=2, max_size=4))
def test_an_answer_depends_on_no_terms_but_its_own(
    dataset_of: DatasetOf, changed: str, first: Query, other: Query, asked: list[tuple[Any, ...]]
) -> None:
    """Asked of a dataset of which the same was asked under terms that differ in one, and of one without a past."""
    assume(getattr(first, changed) != getattr(other, changed))
    query = replace(first, **{changed: getattr(other, changed)})
    dataset, alone = dataset_of(SALES), dataset_of(SALES)
    asked = [*asked, (profile, ("tier",), True), (retention_curves, ("channel",)), *((each,) for each in OF_NO_GAP)]
    for question, *details in asked:
        dataset.ask(question, first, *details)
    for question, *details in asked:
        found, anew = (frames(of.ask(question, query, *details)) for of in (dataset, alone))
        for one, two in zip(found, anew, strict=True):
            assert_frame_equal(one, two, rel_tol=1e-9, abs_tol=1e-6)


def test_a_period_of_acquisition_is_cut_by_the_rules_in_force(dataset_of: DatasetOf) -> None:
    """Three customers came in the period: of four, quintiles give an M of 5 to one of them. Under cuts at 1, 2, 3 and
    4 all have it."""
    dataset = dataset_of([("ann", 10, 70), ("bob", 20, 20), ("cat", 30, 10), ("dan", 80, 5)])
    every = Query(as_of=100, rules=Rules(parse_rfm("M:1/2/3/4")))
    for query, best in ((Query(as_of=100), 1), (every, 3)):
        counts = dataset.ask(acquisition_of, query, "M score", None, 0, 35, 12).counts
        assert counts.filter(channel="5")["new_customers"].to_list() == [best]


def test_what_was_done_is_asked_once_whatever_the_churn_gap(dataset_of: DatasetOf) -> None:
    """Of a part of the shop it is asked anew: who fades depends on the gap."""
    dataset = dataset_of(SALES)
    short, long = (dataset.snapshot(Query(as_of=640, entry="all", churn_gap=gap)) for gap in (60, 200))
    for question in OF_NO_GAP:
        assert question(short) is question(long)
    fading = [part.only("stage", "fading") for part in (short, long)]
    assert len({part.customers.height for part in fading}) == 2
    for question in OF_NO_GAP:
        assert question(fading[0]) is not question(fading[1])
