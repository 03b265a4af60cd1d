"""Places are written down and read again as the same places; what is not understood is refused in words."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from query.expressions import expressions

from ltvtui.analytics.budget.terms import BudgetTerms
from ltvtui.analytics.cohorts.metrics import COHORT_METRICS
from ltvtui.analytics.entry import CHOICES
from ltvtui.analytics.forecast.forecast import MONTHS
from ltvtui.analytics.kernel.calendar import BUCKETS, OF_MONTHS
from ltvtui.analytics.lifecycle.migration import AFTER, BEFORE
from ltvtui.analytics.rules import Rules
from ltvtui.analytics.segment_metrics import MATRIX_METRICS
from ltvtui.analytics.tiers.tiers import parse_rule
from ltvtui.errors import LtvError
from ltvtui.present.forecast.columns import CHOICE
from ltvtui.present.forecast.plots import METRICS
from ltvtui.present.pivot import PIVOT_METRICS
from ltvtui.query.grammar.parsing import parse
from ltvtui.query.query import Active, Filter, Moved, Query, Where
from ltvtui.query.terms import parse_abc, parse_rfm, parse_xyz
from ltvtui.session.dataset import Dataset
from ltvtui.tui.location import Location, Show
from ltvtui.tui.registry import registry_of
from ltvtui.tui.saved_views import Saved
from ltvtui.tui.saved_views import in_shop as place_in_shop
from ltvtui.tui.saved_views import read_location as read_registered
from ltvtui.tui.saved_views import write_location as write_registered
from ltvtui.tui.views.budget.state import BudgetState
from ltvtui.tui.views.cohorts.state import CohortsState
from ltvtui.tui.views.compare.state import AGAINST, FIGURES, CompareState
from ltvtui.tui.views.compare.state import BOARDS as COMPARE_BOARDS
from ltvtui.tui.views.customers.state import CustomersState
from ltvtui.tui.views.explore.state import ExploreState
from ltvtui.tui.views.forecast.state import BOARDS as FORECAST_BOARDS
from ltvtui.tui.views.forecast.state import TESTED, ForecastState
from ltvtui.tui.views.matrix.state import BOARDS, MatrixState
from ltvtui.tui.views.overview.state import OverviewState
from ltvtui.tui.views.plan.state import BOARDS as PLAN_BOARDS
from ltvtui.tui.views.plan.state import PlanState
from ltvtui.tui.views.portrait.state import BOARDS as PORTRAIT_BOARDS
from ltvtui.tui.views.portrait.state import PortraitState
from ltvtui.tui.views.registry import VIEWS
from ltvtui.user_state.filter_steps import Unreadable, trail_fields, trail_of
from ltvtui.user_state.notes import Subject, subject_of

REGISTRY = registry_of(VIEWS)


def write_location(location: Location, customer: str | None = None) -> str:
    return write_registered(location, REGISTRY, customer)


def read_location(text: str) -> Saved:
    return read_registered(text, REGISTRY)


def in_shop(saved: Saved, dataset: Dataset, now: Location) -> Location:
    return place_in_shop(saved, REGISTRY, dataset, now)


days = st.integers(-20_000, 80_000)
names = st.one_of(st.sampled_from(["tier", "country", 'a "b"', "[red]x[/red]", ""]), st.text(max_size=9))
shares = st.integers(1, 999).map(lambda n: n / 1000)


def moved(cut: Any) -> st.SearchStrategy[Moved]:
    before, after = st.sampled_from(BEFORE[cut]), st.sampled_from(AFTER[cut])
    pairs = st.one_of(st.tuples(before, st.none()), st.tuples(st.none(), after), st.tuples(before, after))
    return st.builds(lambda since, pair: Moved(cut, since, *pair), days, pairs)


steps = st.one_of(
    st.builds(Filter, names, st.none() | names),
    st.builds(Active, st.sampled_from(BUCKETS), st.integers(0, 500), st.booleans()),
    moved("tier"),
    moved("stage"),
    st.builds(Where, expressions.map(lambda node: parse(node.describe()))),
)
lenses = {
    "as_of": st.none() | days,
    "horizon": st.integers(1, 120),
    "churn_gap": st.none() | st.integers(1, 3650),
    "entry": st.sampled_from(CHOICES) | days,
    "margin": st.none() | shares,
    "discount": st.just(0.0) | shares,
    "tier_rule": st.sampled_from(["quantile:20/30", "quantile:7/12.5", "share:50/80", "threshold:500/99.95"]).map(
        parse_rule
    ),
    "week_start": st.integers(0, 6),
    "rules": st.builds(
        Rules,
        st.sampled_from(["", "quantiles:10/20/30/99.5", "R:30/60/90/180 F:1/2/3/5", "M:0.5/100/250/500"]).map(
            parse_rfm
        ),
        st.sampled_from(["80/95", "70.5/90"]).map(parse_abc),
        st.sampled_from(["0.5/1", "0.25/2", "off"]).map(parse_xyz),
    ),
    "trail": st.lists(steps, max_size=3).map(tuple),
}
tried = {
    "dimension": st.none() | names,
    "then": st.none() | names,
    "target": shares,
    "payback_limit": st.integers(1, 120),
    "since": st.none() | days,
    "until": st.none() | days,
    "aliases": st.lists(st.tuples(names, names), max_size=2).map(tuple),
    "horizon": st.none() | st.integers(1, 120),
    "margin": st.none() | shares,
    "discount": st.none() | shares,
}
cohorts = {
    "bucket": st.sampled_from(BUCKETS),
    "by": st.none() | names,
    "metric": st.sampled_from(tuple(COHORT_METRICS)),
    "relative": st.booleans(),
}
matrix = {
    "board": st.sampled_from(BOARDS),
    "measure": st.sampled_from(tuple(MATRIX_METRICS)),
    "is_swapped": st.booleans(),
    "since": st.none() | days,
}
forecast = {
    "board": st.sampled_from(FORECAST_BOARDS),
    "months": st.sampled_from(MONTHS),
    "metric": st.sampled_from(tuple(METRICS)),
    "tested": st.sampled_from(TESTED),
    "origin": st.none() | days,
}
compare = {
    "board": st.sampled_from(COMPARE_BOARDS),
    "figure": st.sampled_from(FIGURES),
    "bucket": st.sampled_from(OF_MONTHS),
    "against": st.sampled_from(AGAINST),
}
explore = {"crossed": st.booleans(), "metric": st.sampled_from(PIVOT_METRICS)}
show = {"intervals": st.none() | st.booleans(), "ages": st.booleans()}
places = {
    "view": st.sampled_from(sorted(view.name for view in VIEWS if not view.needs_customer)),
    "query": st.builds(Query, **lenses),
    "by": st.lists(names, min_size=1, max_size=2).map(tuple),
    "search": names,
    "sort": st.none() | st.tuples(names, st.booleans()),
    "show": st.builds(Show, **show),
}
"""Everything a location holds but customer codes, which belong to one reading, and whether its terms are its own."""


states = st.tuples(
    st.builds(CohortsState, **cohorts),
    st.builds(MatrixState, **matrix),
    st.builds(BudgetState, draft=st.builds(BudgetTerms, **tried)),
    st.builds(OverviewState, newest=st.booleans()),
    st.builds(ExploreState, **explore),
    st.builds(ForecastState, **forecast),
    st.builds(CompareState, **compare),
    st.builds(PlanState, board=st.sampled_from(PLAN_BOARDS)),
    st.builds(PortraitState, board=st.sampled_from(PORTRAIT_BOARDS)),
    st.builds(
        CustomersState,
        forecast=st.none() | st.booleans(),
        columns=st.lists(st.sampled_from(CHOICE), unique=True).map(tuple),
    ),
)


@given(st.builds(Location, **places), states)
def test_what_is_written_is_read_as_the_same_place(location: Location, shown: Any) -> None:
    location = location.having(*shown)
    assert read_location(write_location(location)).location == location


@given(st.lists(steps, max_size=4), st.randoms())
def test_trails_are_read_again_and_are_the_same_subject_in_any_order(trail: list[Any], random: Any) -> None:
    assert trail_of(json.loads(json.dumps(trail_fields(trail)))) == tuple(trail)
    mixed = random.sample(trail, len(trail))
    subject = Subject(tuple(trail))
    assert subject.key == Subject(tuple(mixed)).key
    assert subject_of(subject.key).key == subject.key


@given(names)
def test_customers_are_subjects_by_the_shops_own_id(name: str) -> None:
    assert subject_of(Subject(customer=name).key) == Subject(customer=name)
    assert Subject(customer=name).key != Subject((Filter("customer", name),)).key


def test_the_law_is_of_everything_that_a_place_holds() -> None:
    held = {"customer", "own_terms", "states"}
    for kind, known in ((Location, places), (Query, lenses), (BudgetTerms, tried), (CohortsState, cohorts)):
        assert {f.name for f in fields(kind)} - held == set(known), kind
    assert {f.name for f in fields(MatrixState)} == set(matrix)
    assert {view.state for view in VIEWS} - {None} == {
        CohortsState,
        MatrixState,
        BudgetState,
        OverviewState,
        ExploreState,
        ForecastState,
        CompareState,
        PlanState,
        CustomersState,
        PortraitState,
    }
    assert {f.name for f in fields(ExploreState)} == set(explore)
    assert {f.name for f in fields(ForecastState)} == set(forecast)
    of_a_sitting = {"marks", "back"}  # they are not saved
    assert {f.name for f in fields(CompareState)} == {*compare, *of_a_sitting}
    # What was changed of a plan is of a sitting; the plan and the notes are the shop's.
    assert {f.name for f in fields(PlanState)} == {"board", "draft", "saved", "notes"}
    assert {f.name for f in fields(PortraitState)} == {"board"}
    assert {f.name for f in fields(CustomersState)} == {"forecast", "columns"}
    assert {f.name for f in fields(Show)} == set(show)


def test_a_usual_place_is_said_in_few_words_that_do_not_change() -> None:
    """Views that were saved have to be read by every later version: this text is a promise."""
    location = Location("explore", Query(as_of=19_905, margin=0.4) & Filter("tier", "VIP"), by=("channel",))
    text = (
        '{"form": 1, "view": "explore", "by": ["channel"], "terms": {"margin": "0.4", "as_of": "2024-07-01"}, '
        '"trail": [{"dimension": "tier", "value": "VIP"}]}'
    )
    assert write_location(location) == text
    assert read_location(text).location == location
    young = Location("explore", Query(entry=19_905), by=("channel",), show=Show(intervals=False, ages=True))
    text = (
        '{"form": 1, "view": "explore", "by": ["channel"], "show": {"intervals": false, "ages": true}, '
        '"terms": {"entry": "2024-07-01"}}'
    )
    assert write_location(young) == text
    assert read_location(text).location == young
    since = '{"form": 1, "view": "budget", "budget": {"tried": {"since": "2024-01-01", "aliases": [["fb", "ads"]]}}}'
    assert read_location(since).location.state(BudgetState).draft == BudgetTerms(
        since=19_723, aliases=(("fb", "ads"),)
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[1]",
        '{"form": 2, "view": "overview"}',
        '{"view": "overview"}',
        '{"form": 1}',
        '{"form": 1, "view": "nowhere"}',
        '{"form": 1, "view": "customer"}',
        '{"form": 1, "view": "overview", "customer": 7}',
        '{"form": 1, "view": "overview", "moon": 1}',
        '{"form": 1, "view": "explore", "by": []}',
        '{"form": 1, "view": "explore", "by": "tier"}',
        '{"form": 1, "view": "explore", "sort": ["revenue", 1]}',
        '{"form": 1, "view": "cohorts", "cohorts": {"bucket": "aeon"}}',
        '{"form": 1, "view": "cohorts", "cohorts": {"relative": "yes"}}',
        '{"form": 1, "view": "matrix", "matrix": {"since": "soon"}}',
        '{"form": 1, "view": "matrix", "matrix": []}',
        '{"form": 1, "view": "budget", "budget": {"agreed": {"target": 9}}}',
        '{"form": 1, "view": "overview", "show": {"ages": "yes"}}',
        '{"form": 1, "view": "overview", "show": {"moon": true}}',
        '{"form": 1, "view": "overview", "terms": {"entry": "new"}}',
        '{"form": 1, "view": "overview", "terms": {"horizon": "0"}}',
        '{"form": 1, "view": "overview", "terms": {"horizon": 6}}',
        '{"form": 1, "view": "overview", "trail": {}}',
        '{"form": 1, "view": "overview", "trail": [{"dimension": 4}]}',
        '{"form": 1, "view": "overview", "trail": [{"where": "country ="}]}',
        '{"form": 1, "view": "overview", "trail": [{"active_in": "aeon", "offset": 1, "complete": true}]}',
        '{"form": 1, "view": "overview", "trail": [{"moved": "tier", "since": "2024-01-01"}]}',
    ],
)
def test_what_is_not_understood_is_refused_in_words(text: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read_location(text)
    assert caught.value.what.endswith(".")
    assert "later version" in caught.value.mend


# -- in a shop -----------------------------------------------------------------------------------------


@pytest.fixture
def dataset(dataset_of: Callable[..., Dataset]) -> Dataset:
    """ann and bob, by channel."""
    return dataset_of([("ann", 10, 5, {"channel": "web"}), ("bob", 20, 7, {"channel": "shop"})])


def stand(location: Location, dataset: Dataset, customer: str | None = None) -> Location:
    """Where a view of `location` leads to."""
    return in_shop(read_location(write_location(location, customer)), dataset, Location("overview"))


def test_a_view_leads_to_the_same_place_and_brings_its_terms(dataset: Dataset) -> None:
    query = Query(as_of=15, horizon=6) & Filter("channel", "web") & Where(parse("orders >= 1 and channel = web"))
    location = Location("explore", query, by=("tier", "channel"), sort=("revenue", False), search="w")
    found = stand(location, dataset)
    assert found == location
    assert found.own_terms


@pytest.mark.parametrize("column", ["ltv_lower", "ltv_upper", "ltv_3", "lapsed_share"])
def test_an_order_by_any_column_of_a_segment_is_read_again(column: str, dataset: Dataset) -> None:
    location = Location("explore", sort=(column, True), show=Show(intervals=True, ages=True))
    assert stand(location, dataset) == location


def test_what_the_shop_has_agreed_on_about_spend_stays(dataset: Dataset) -> None:
    location = Location("budget").having(BudgetState(BudgetTerms(target=9), BudgetTerms(target=4)))
    now = Location("overview").having(BudgetState(BudgetTerms(target=5), BudgetTerms()))
    found = in_shop(read_location(write_location(location)), dataset, now)
    assert (found.state(BudgetState).saved.target, found.state(BudgetState).draft.target) == (5, 4)


def test_a_card_is_found_by_the_shops_own_id(dataset: Dataset) -> None:
    location = Location("customer", customer=77)
    code = stand(location, dataset, "bob").customer
    assert code is not None
    assert dataset.cleaned.customer_ids[code] == "bob"
    with pytest.raises(LtvError, match="no customer 'cat'"):
        stand(location, dataset, "cat")


@pytest.mark.parametrize(
    ("location", "said"),
    [
        (Location("explore", by=("moon",)), "no dimension 'moon'"),
        (Location("overview", Query() & Filter("moon", "full")), "no dimension 'moon'"),
        (Location("cohorts").having(CohortsState(by="moon")), "no dimension 'moon'"),
        (Location("budget").having(BudgetState(draft=BudgetTerms(then="moon"))), "no dimension 'moon'"),
        (Location("customers", Query() & Where(parse("moon = full"))), "'moon'"),
        (Location("customers", Query() & Where(parse("channel = moon"))), "No channel has the value 'moon'"),
        (Location("overview", Query(as_of=3)), "is before the first order"),
    ],
)
def test_what_is_gone_is_said(location: Location, said: str, dataset: Dataset) -> None:
    with pytest.raises(LtvError) as caught:
        stand(location, dataset)
    assert said in caught.value.what


def test_what_does_not_bear_on_the_screen_gives_way(dataset: Dataset) -> None:
    """Cohorts by what is gone are no reason to refuse a view of the tiers; nor is an order of rows."""
    location = Location("overview", sort=("moon", True), by=("moon",)).having(CohortsState(by="moon", bucket="week"))
    found = stand(location, dataset)
    assert found == Location("overview").having(CohortsState(bucket="week"))
