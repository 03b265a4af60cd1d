"""Looking ahead: what one key leads to is asked before it is pressed, and never in the way."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from driving import Driver, drive, watch_questions
from textual.worker import Worker, get_current_worker

from ltvtui.analytics.budget.terms import BudgetTerms
from ltvtui.analytics.tiers.tiers import TierRule
from ltvtui.days import parse_day
from ltvtui.query.query import Filter, Query, Step
from ltvtui.session.dataset import Dataset
from ltvtui.session.months import by_months
from ltvtui.session.result_cache import ResultCache
from ltvtui.tui.location import Location
from ltvtui.tui.main_screen import lookahead
from ltvtui.tui.main_screen import prefetch as prefetch_module
from ltvtui.tui.main_screen.answers import Answers
from ltvtui.tui.main_screen.expected import cheap, expected
from ltvtui.tui.main_screen.lookahead import Lookahead
from ltvtui.tui.main_screen.pages import Page
from ltvtui.tui.registry import Registry, registry_of
from ltvtui.tui.views.budget.state import BudgetState
from ltvtui.tui.views.cohorts.state import CohortsState
from ltvtui.tui.views.matrix.state import MatrixState
from ltvtui.tui.views.registry import VIEWS
from ltvtui.tui.views.spec import Expected, Outlook

DatasetOf = Callable[..., Dataset]

ALL_LAPSED = {"as_of": "2024-12-31"}


@pytest.fixture(autouse=True)
def nothing_strongest(monkeypatch: pytest.MonkeyPatch) -> None:
    """What Explore begins with is found ahead too: test_first_division is about that."""
    monkeypatch.setattr(Lookahead, "_is_strongest_wanted", False)


SALES = [
    ("anna", "2024-01-05", 10, {"channel": "web"}),
    ("anna", "2024-03-01", 30, {"channel": "web"}),
    ("bert", "2024-02-01", 20, {"channel": "shop"}),
    ("cleo", "2024-03-10", 5, {"channel": None}),
]
DIMENSION_SCORES = ("RFM", "RFM score", "ABC", "XYZ", "stage")
SCORES = ("R score", "F score", "M score")
FREE = (
    "channel",
    *DIMENSION_SCORES,
    "orders band",
    "first year",
    "first quarter",
    "first month",
    "first week",
    *SCORES,
)
"""Dimensions of SALES beside the tier."""
VIP, WEB = Filter("tier", "VIP"), Filter("channel", "web")
MONTHS = (Query(as_of=parse_day("2024-02-10")), Query(as_of=parse_day("2024-03-10")))
BOARDS_AHEAD = [
    Location("matrix").having(MatrixState(board)) for board in ("RFM", "ABC × XYZ", "life cycle", "tier migration")
]
FORECAST, COMPARE = (Location(name, by=("tier",)) for name in ("forecast", "compare"))
SCREENS_AHEAD = [Location("cohorts"), BOARDS_AHEAD[0], Location("budget"), Location("quality")]
BY_CHANNEL = Location("cohorts").having(CohortsState(by="channel"))
FROM_OVERVIEW = [
    Location("cohorts"),
    BY_CHANNEL,
    Location("cohorts").having(CohortsState(by="tier")),
    *SCREENS_AHEAD[1:],
]
"""Of the whole shop: the next key may lead into a tier, of which cohorts by tier tell too."""
NO_MORE = 10**9
"""More customers than any shop has."""
REGISTRY = registry_of(VIEWS)


@pytest.fixture
def dataset(dataset_of: DatasetOf) -> Dataset:
    return dataset_of(SALES)


# --- where one key leads -----------------------------------------------------------------------------


def outlook(
    dataset: Dataset, location: Location, row: tuple[Step, ...], months: tuple[Query, ...], **how: Any
) -> Expected:
    """What is asked ahead."""
    return expected(REGISTRY, Outlook(dataset, location, row, months=months, **how))


def from_here(
    dataset: Dataset, location: Location, row: tuple[Step, ...], months: tuple[Query, ...], **how: Any
) -> list[Location]:
    """All that is asked ahead, the likeliest first."""
    there = outlook(dataset, location, row, months, **how)
    return [*there.soon, *there.later]


def explored(query: Query, *names: str) -> list[Location]:
    return [Location("explore", query, (name,)) for name in names]


def test_from_overview_into_the_tier_then_to_cuts_quality_and_months(dataset: Dataset) -> None:
    here, into = Location("overview"), Query() & VIP
    assert from_here(dataset, here, (VIP,), MONTHS) == [
        *explored(into, "channel"),
        Location("customers", into, ("tier",)),
        *explored(Query(), "tier"),
        *FROM_OVERVIEW,
        *explored(Query(), *FREE),
        *BOARDS_AHEAD[1:],
        FORECAST,
        COMPARE,
        *(Location("overview", query) for query in MONTHS),
    ]


def test_while_a_shop_is_read_on_only_what_is_near(dataset: Dataset) -> None:
    here, there = Location("overview"), Location("overview", Query() & VIP)
    assert cheap(REGISTRY, here) == (*explored(Query(), "tier"), Location("quality"))
    assert cheap(REGISTRY, there) == (Location("quality", there.query),)
    assert cheap(REGISTRY, Location("quality", there.query)) == (there,)
    assert cheap(REGISTRY, explored(Query(), "tier")[0]) == (here, Location("quality"))
    assert cheap(REGISTRY, Location("cohorts")) == ()
    for location in (here, there):
        assert set(cheap(REGISTRY, location)) <= set(outlook(dataset, location, (VIP,), MONTHS).soon)


def test_who_walks_through_time_goes_on_walking(dataset: Dataset) -> None:
    here = Location("overview")
    back, on = (replace(here, query=query) for query in MONTHS)
    usual = from_here(dataset, here, (VIP,), MONTHS)
    assert from_here(dataset, here, (VIP,), MONTHS, direction=-1) == [back, on, *usual[:-2]]
    assert from_here(dataset, here, (VIP,), MONTHS, direction=1) == [on, back, *usual[:-2]]
    assert from_here(dataset, Location("quality"), (), MONTHS, direction=1) == []


def test_from_overview_with_a_trail_to_what_it_has_not_settled(dataset: Dataset) -> None:
    query = Query() & WEB
    here, into = Location("overview", query), query & VIP
    assert from_here(dataset, here, (VIP,), ()) == [
        *explored(into, "RFM"),
        Location("customers", into, ("tier",)),
        *(replace(screen, query=query) for screen in SCREENS_AHEAD),
        *explored(query, *FREE[1:]),
        *(replace(board, query=query) for board in BOARDS_AHEAD[1:]),
        replace(FORECAST, query=query),
        replace(COMPARE, query=query),
    ]


def test_from_explore_into_the_row_and_to_the_other_cuts(dataset: Dataset) -> None:
    here, into = Location("explore", by=("channel",), sort=("revenue", False)), Query() & WEB
    assert from_here(dataset, here, (WEB,), MONTHS) == [
        *explored(into, "tier"),
        Location("customers", into, ("channel",)),
        *SCREENS_AHEAD,
        *explored(Query(), "tier", *FREE[1:]),
        BY_CHANNEL,
        *BOARDS_AHEAD[1:],
        FORECAST,
        COMPARE,
        *(replace(here, query=query) for query in MONTHS),
    ]


def test_a_crossed_row_is_two_steps(dataset: Dataset) -> None:
    places = from_here(dataset, Location("explore", by=("tier", "channel")), (VIP, WEB), ())
    into = Query() & VIP & WEB
    assert places[:2] == [*explored(into, "RFM"), Location("customers", into, ("tier", "channel"))]


def test_what_takes_long_and_is_less_likely_is_told_apart(dataset: Dataset) -> None:
    here = Location("overview")
    likeliest = [
        *explored(Query() & VIP, "channel"),
        Location("customers", Query() & VIP),
        *explored(Query(), "tier"),
    ]
    assert list(outlook(dataset, here, (VIP,), MONTHS).soon) == [*likeliest, *FROM_OVERVIEW]
    assert [location.view for location in outlook(dataset, here, (), MONTHS).later][-7:] == [
        *["matrix"] * 3,
        *("forecast", "compare"),
        *["overview"] * 2,
    ]
    assert not outlook(dataset, Location("matrix"), (), MONTHS, direction=-1).later


def test_without_a_row_there_is_nothing_to_go_into(dataset: Dataset) -> None:
    further = [
        *explored(Query(), "tier"),
        *FROM_OVERVIEW,
        *explored(Query(), *FREE),
        *BOARDS_AHEAD[1:],
        FORECAST,
        COMPARE,
    ]
    assert from_here(dataset, Location("overview"), (), ()) == further


def test_from_cohorts_to_the_people_of_the_cell_other_periods_cohorts_and_months(dataset: Dataset) -> None:
    here = Location("cohorts").having(CohortsState("quarter", "channel", "orders"))
    made_by = ("tier", *DIMENSION_SCORES, "orders band", *SCORES)
    assert from_here(dataset, here, (WEB,), MONTHS) == [
        replace(here, view="customers", query=Query() & WEB),
        *(here.having(CohortsState(bucket, "channel", "orders")) for bucket in ("year", "week", "month")),
        *(here.having(CohortsState("quarter", by, "orders")) for by in made_by),
        *(replace(here, query=query) for query in MONTHS),
    ]


def test_who_goes_through_the_periods_of_cohorts_goes_on(dataset: Dataset) -> None:
    here = Location("cohorts").having(CohortsState("quarter", "channel", "orders"))
    people, *periods = from_here(dataset, here, (WEB,), ())[:4]
    assert people.view == "customers"
    assert from_here(dataset, here, (WEB,), (), changed=frozenset({"bucket"}))[:4] == [*periods, people]


def test_from_customers_to_the_card_of_the_one_under_the_cursor(dataset: Dataset) -> None:
    here = Location("customers", Query() & VIP, search="a", sort=("orders", True))
    assert from_here(dataset, here, (), (), customer=7) == [Location("customer", Query() & VIP, customer=7)]


def test_from_matrix_into_the_cell_to_its_people_other_boards_and_months(dataset: Dataset) -> None:
    terms = MatrixState("life cycle", "revenue", since=parse_day("2024-01-05"))
    here, into = Location("matrix").having(terms), Query() & WEB
    assert from_here(dataset, here, (WEB,), MONTHS) == [
        replace(here, view="explore", query=into),
        replace(here, view="customers", query=into),
        *(here.having(replace(terms, board=board)) for board in ("RFM", "ABC × XYZ", "tier migration")),
        *(replace(here, query=query) for query in MONTHS),
    ]


def test_from_budget_to_another_period_which_serves_all_and_to_months(dataset: Dataset) -> None:
    here = Location("budget").having(BudgetState(draft=BudgetTerms(target=2)))
    later = BudgetTerms(target=2, since=parse_day("2024-02-01"))  # the first order is of January
    assert from_here(dataset, here, (WEB,), MONTHS) == [
        here.having(BudgetState(draft=later)),
        *(replace(here, query=query) for query in MONTHS),
    ]


@pytest.mark.parametrize("view", ["customers", "customer", "quality"])
def test_from_other_views_nothing_is_likely(dataset: Dataset, view: str) -> None:
    assert from_here(dataset, Location(view), (VIP,), MONTHS) == []


# --- months ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "step", "then"),
    [
        (None, -1, "2024-02-10"),
        ("2024-03-05", -1, "2024-02-05"),
        ("2024-01-20", 1, "2024-02-20"),
        ("2024-02-29", -1, "2024-01-31"),  # a month end goes to month ends, both ways
        ("2024-01-31", 1, "2024-02-29"),
        ("2024-03-31", -1, "2024-02-29"),
        ("2024-03-30", -1, "2024-02-29"),  # no month end, but February has no such day
        ("2024-02-20", 1, "2024-03-10"),  # the last order day
        (None, 1, "2024-03-10"),
        ("2024-03-10", 1, "2024-03-10"),
        ("2024-12-31", 1, "2024-12-31"),  # later already: nowhere to go but back
        ("2024-12-31", -1, "2024-11-30"),
        ("2024-01-31", -1, "2023-12-31"),  # before the first order: the dataset says so when it is asked
    ],
)
def test_months_go_to_month_ends_and_never_beyond_the_last_order(
    dataset: Dataset, day: str | None, step: int, then: str
) -> None:
    terms = Query(
        horizon=6, churn_gap=90, margin=0.4, discount=0.1, tier_rule=TierRule("share", 0.5, 0.8), trail=(VIP,)
    )
    query = replace(terms, as_of=parse_day(day) if day else None)
    assert by_months(dataset, query, step) == replace(query, as_of=parse_day(then))


def test_where_every_order_lies_ahead_months_are_free(dataset_of: DatasetOf) -> None:
    dataset = dataset_of(SALES, today=parse_day("2023-12-01"))
    assert by_months(dataset, Query(as_of=parse_day("2024-03-10")), 1) == Query(as_of=parse_day("2024-04-10"))


# --- on screen ---------------------------------------------------------------------------------------


class Asked:
    """What the views were asked, and what the dataset had to make for it."""

    def __init__(self) -> None:
        self.begun: list[Location] = []
        self.answered: list[Location] = []
        self.made: list[Hashable] = []
        self.held: dict[Location, threading.Event] = {}
        """Answers that wait."""

    def hold(self, location: Location) -> threading.Event:
        """Let the answer to `place` wait until the event is set."""
        return self.held.setdefault(location, threading.Event())


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[Asked]:
    told = Asked()

    def heard(location: Location) -> None:
        told.begun.append(location)
        assert location not in told.held or told.held[location].wait(60)

    make = Answers.make

    def made(self: Answers, dataset: Dataset, location: Location) -> Page:
        page = make(self, dataset, location)  # key figures, too
        told.answered.append(location)
        return page

    monkeypatch.setattr(Answers, "make", made)
    watch_questions(monkeypatch, heard)
    recall: Callable[..., Any] = ResultCache.recall

    def counted(self: object, key: Hashable, make: Callable[[], Any], *, lasting: bool = False) -> Any:
        def made() -> Any:
            told.made.append(key)
            return make()

        return recall(self, key, made, lasting=lasting)

    monkeypatch.setattr(ResultCache, "recall", counted)
    yield told
    for event in told.held.values():
        event.set()


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every shop is large enough to look ahead in."""
    monkeypatch.setattr(prefetch_module, "LARGE", 0)


def ahead(app: Driver) -> list[Location]:
    """Places that are asked ahead from here."""
    main_screen = app.main_screen
    months = tuple(by_months(main_screen.dataset, app.location.query, step) for step in (-1, 1))
    lenses = tuple(query for query in months if query != app.location.query)
    return from_here(main_screen.dataset, app.location, main_screen.active.steps(), lenses)


async def looked_ahead(app: Driver, asked: Asked) -> None:
    """Wait until all that is likely is answered."""
    await app.until(lambda: set(ahead(app)) <= set(asked.answered), "the answers ahead")


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize("keys", [("enter",), ("c",), ("left_square_bracket",), ("2",), ("8",)])
@pytest.mark.parametrize("row", [0, 1])
def test_after_a_pause_a_key_makes_nothing_any_more(
    corner: Path, asked: Asked, monkeypatch: pytest.MonkeyPatch, keys: tuple[str, ...], row: int
) -> None:
    async def scenario(app: Driver) -> None:
        await app.press(*["down"] * row)
        assert app.main_screen.active.grid.row == row
        await looked_ahead(app, asked)
        monkeypatch.setattr(prefetch_module, "LARGE", NO_MORE)  # else it would look on from the next place
        before, begun, made = app.location, len(asked.begun), len(asked.made)
        await app.press(*keys)
        assert app.location != before
        assert made
        assert asked.begun[begun:] == []
        assert asked.made[made:] == []

    drive(corner, scenario, terms=ALL_LAPSED)


@pytest.mark.usefixtures("large")
def test_from_the_next_place_it_looks_on(corner: Path, asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("enter")
        assert app.location.query.trail == (VIP,)
        await looked_ahead(app, asked)
        monkeypatch.setattr(prefetch_module, "LARGE", NO_MORE)
        made = len(asked.made)
        await app.press("left_square_bracket")
        assert app.location.query == Query(as_of=parse_day("2024-11-30"), trail=(VIP,))
        assert asked.made[made:] == []

    drive(corner, scenario, terms=ALL_LAPSED)


@pytest.mark.usefixtures("large")
def test_a_month_back_is_followed_by_the_one_before(corner: Path, asked: Asked) -> None:
    async def scenario(app: Driver) -> None:
        await looked_ahead(app, asked)
        asked.begun.clear()
        await app.press("left_square_bracket")
        await looked_ahead(app, asked)
        assert app.location.query.as_of == parse_day("2024-11-30")
        before = replace(app.location, query=replace(app.location.query, as_of=parse_day("2024-10-31")))
        assert asked.begun[0] == before

    drive(corner, scenario, terms=ALL_LAPSED)


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize(
    ("keys", "wanted"),
    [
        (("t", "4", "0"), Query(tier_rule=TierRule("quantile", 0.4, 0.3))),
        (("A", "tab", "tab", "6", "0"), Query(churn_gap=60)),
    ],
)
def test_terms_that_are_being_tried_are_answered_before_they_are_accepted(
    corner: Path, asked: Asked, monkeypatch: pytest.MonkeyPatch, keys: tuple[str, ...], wanted: Query
) -> None:
    async def scenario(app: Driver) -> None:
        await app.pilot.press(*keys)
        there = Location("overview", replace(wanted, as_of=app.location.query.as_of))
        await app.until(lambda: there in asked.answered, "the answer ahead")
        monkeypatch.setattr(prefetch_module, "LARGE", NO_MORE)
        made = len(asked.made)
        await app.press("enter")
        assert app.location == there
        assert asked.made[made:] == []

    drive(corner, scenario, terms=ALL_LAPSED)


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize(
    ("keys", "there"),
    [
        (("2", "d", "o"), Location("explore", by=("orders band",))),
        (("enter", "d", "o"), Location("explore", Query() & VIP, ("orders band",))),
        (("3", "d", "s"), Location("cohorts").having(CohortsState(by="stage"))),
        (("5", "d", "t"), Location("budget").having(BudgetState(BudgetTerms("tier"), BudgetTerms("tier")))),
    ],
)
def test_the_dimension_under_the_cursor_is_answered_before_it_is_taken(
    corner: Path, asked: Asked, monkeypatch: pytest.MonkeyPatch, keys: tuple[str, ...], there: Location
) -> None:
    *ways, dialog, letter = keys
    monkeypatch.setattr(Lookahead, "_expected", lambda _: Expected())  # what is on screen leads nowhere else

    async def scenario(app: Driver) -> None:
        await app.press(*ways)
        await app.pilot.press(dialog, letter)
        location = replace(there, query=replace(there.query, as_of=app.location.query.as_of))
        await app.until(lambda: location in asked.answered, "the answer ahead")
        monkeypatch.setattr(prefetch_module, "LARGE", NO_MORE)
        made = len(asked.made)
        await app.press("enter")
        assert app.location == location
        assert asked.made[made:] == []

    drive(corner, scenario, terms=ALL_LAPSED)


@pytest.mark.usefixtures("large")
def test_after_a_dialog_that_changed_nothing_it_looks_on(corner: Path, asked: Asked) -> None:
    async def scenario(app: Driver) -> None:
        await app.pilot.press("t")
        app.main_screen.answers.pages.clear()  # else there might be nothing left to ask
        asked.answered.clear()
        await app.pilot.press("escape")
        await looked_ahead(app, asked)

    drive(corner, scenario, terms=ALL_LAPSED)


class Watched:
    """A worker that tells when it has heard that it is cancelled."""

    def __init__(self, worker: Worker[Any], heard: threading.Event) -> None:
        self._worker = worker
        self._heard = heard

    @property
    def is_cancelled(self) -> bool:
        if self._worker.is_cancelled and self._worker.group == "ahead":
            self._heard.set()
        return self._worker.is_cancelled


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Set when looking ahead ends because it was cancelled."""
    event = threading.Event()
    monkeypatch.setattr(prefetch_module, "get_current_worker", lambda: Watched(get_current_worker(), event))
    return event


@pytest.mark.usefixtures("large")
def test_a_key_ends_the_looking_ahead(corner: Path, asked: Asked, heard: threading.Event) -> None:
    """At once, while its own answer is still being made."""
    whole = Query(as_of=parse_day("2024-12-31"))
    likeliest, wanted = Location("explore", whole & VIP, ("country",)), Location("quality", whole)
    go_on, answer = asked.hold(likeliest), asked.hold(wanted)

    async def scenario(app: Driver) -> None:
        await app.until(lambda: likeliest in asked.begun, "the first place ahead")
        assert not heard.is_set()
        await app.pilot.press("8")
        await app.until(lambda: wanted in asked.begun, "the question of the key")
        go_on.set()
        await app.until(heard.is_set, "the end of looking ahead")
        answer.set()
        await app.settled()
        assert app.location == wanted
        assert asked.begun == [Location("overview", whole), likeliest, wanted]

    drive(corner, scenario, terms=ALL_LAPSED)


@pytest.mark.usefixtures("large")
def test_what_is_less_likely_waits_longer(corner: Path, asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prefetch_module, "FAR_DELAY", 3600)

    async def scenario(app: Driver) -> None:
        main_screen = app.main_screen
        near = outlook(main_screen.dataset, app.location, main_screen.active.steps(), ()).soon
        await app.until(lambda: set(near) <= set(asked.answered), "what is likely")
        await app.press("down")
        nearer = outlook(main_screen.dataset, app.location, main_screen.active.steps(), ()).soon
        await app.until(lambda: set(nearer) <= set(asked.answered), "what is likely from the next row")
        assert set(asked.begun) == {app.location, *near, *nearer}

    drive(corner, scenario, terms=ALL_LAPSED)


class Turns:
    """A lock that tells how often it was wished for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.wishes = 0

    def __enter__(self) -> None:
        self.wishes += 1
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()


@pytest.mark.usefixtures("large")
def test_another_row_leads_elsewhere(
    corner: Path, asked: Asked, heard: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One question after the other: what was begun for the row before is done to its end."""
    turns = Turns()
    monkeypatch.setattr(prefetch_module, "Lock", lambda: turns)
    whole = Query(as_of=parse_day("2024-12-31"))
    likeliest = Location("explore", whole & VIP, ("country",))
    go_on = asked.hold(likeliest)

    async def scenario(app: Driver) -> None:
        await app.until(lambda: likeliest in asked.begun, "the first place ahead")
        wishes = turns.wishes
        await app.press("down")
        await app.until(lambda: turns.wishes > wishes, "who waits for their turn")
        assert asked.begun == [Location("overview", whole), likeliest]
        go_on.set()
        await looked_ahead(app, asked)
        await app.until(heard.is_set, "the end of looking ahead")
        assert Location("customers", whole & Filter("tier", "middle")) in asked.begun
        assert Location("customers", whole & VIP) not in asked.begun

    drive(corner, scenario, terms=ALL_LAPSED)


@pytest.mark.usefixtures("large")
def test_what_a_dialog_would_take_waits_for_nothing(corner: Path, asked: Asked) -> None:
    whole = Query(as_of=parse_day("2024-12-31"))
    likeliest, tried = Location("explore", whole & VIP, ("country",)), TierRule("quantile", 0.4, 0.3)
    go_on = asked.hold(likeliest)

    async def scenario(app: Driver) -> None:
        await app.until(lambda: likeliest in asked.begun, "the first place ahead")
        await app.pilot.press("t", "4", "0")
        await app.until(
            lambda: Location("overview", replace(whole, tier_rule=tried)) in asked.answered, "the rule that is tried"
        )
        assert likeliest not in asked.answered
        go_on.set()

    drive(corner, scenario, terms=ALL_LAPSED)


@pytest.mark.usefixtures("large")
def test_an_error_ahead_is_said_only_where_it_is_asked(corner: Path, asked: Asked) -> None:
    """A month back there was no order yet."""

    async def scenario(app: Driver) -> None:
        *_, back, on = ahead(app)
        assert back.query.as_of == parse_day("2023-12-31")
        await app.until(lambda: on in asked.answered, "the month after the one that cannot be")
        await app.pilot.pause()
        assert back not in asked.answered
        assert "is before the first order" not in app.text
        await app.press("left_square_bracket")
        await app.sees("2023-12-31 is before the first order")
        assert app.location.query.as_of == parse_day("2024-01-31")

    drive(corner, scenario, terms={"as_of": "2024-01-31"})


@pytest.mark.parametrize(("customers", "looks"), [(prefetch_module.LARGE, False), (11, False), (10, True)])
def test_small_shops_do_not_look_ahead(
    corner: Path, monkeypatch: pytest.MonkeyPatch, customers: int, looks: bool
) -> None:
    """Ten customers of the corner shop have bought."""
    looked: list[Location] = []

    def told(registry: Registry, outlook: Outlook) -> Expected:
        looked.append(outlook.location)
        return Expected()

    monkeypatch.setattr(prefetch_module, "LARGE", customers)
    monkeypatch.setattr(prefetch_module, "IDLE_DELAY", 0.001)
    monkeypatch.setattr(lookahead, "expected", told)

    async def scenario(app: Driver) -> None:
        await app.press("down", "2")
        later = threading.Event()
        app.main_screen.set_timer(0.002, later.set)  # any earlier one has come before it
        await app.until(later.is_set, "a timer")
        assert bool(looked) == looks

    drive(corner, scenario, terms=ALL_LAPSED)
