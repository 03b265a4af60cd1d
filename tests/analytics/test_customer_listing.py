"""The table of customers, and one customer's card."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest

from ltvtui.analytics.listing import card, listed
from ltvtui.analytics.schema import MONEY_SCALE
from ltvtui.analytics.scoring import DIMENSION_SCORES
from ltvtui.query.query import Filter, Query
from ltvtui.session.dataset import Dataset

DatasetOf = Callable[..., Dataset]

SALES = [
    *(("anna", 0, 100, {"order_id": "1"}), ("anna", 40, 50, {"order_id": "2"})),
    ("bert", 10, 150, {"order_id": "3"}),
    *(("cleo", 20, 200, {"order_id": "4"}), ("cleo", 50, -20, {"order_id": "5"})),
    ("d.o.r.a", 60, 30, {"order_id": "6"}),
]
PEOPLE = [
    {"customer_id": "anna", "name": "Anna (A.) 100%", "city": "Rome"},
    {"customer_id": "bert", "name": "BERT", "city": "Paris"},
    {"customer_id": "cleo", "name": "Cléo", "city": None},
]


@pytest.fixture(scope="module")
def dataset(dataset_of: DatasetOf) -> Dataset:
    return dataset_of(SALES, PEOPLE)


def ids(dataset: Dataset, *details: object) -> list[str]:
    return dataset.ask(listed, Query(), *details).rows["id"].to_list()


def test_best_first_and_equals_by_code(dataset: Dataset) -> None:
    """180, then twice 150 in the order of their codes, then 30."""
    assert ids(dataset) == ["cleo", "anna", "bert", "d.o.r.a"]
    assert ids(dataset, "revenue", False) == ["d.o.r.a", "anna", "bert", "cleo"]


@pytest.mark.parametrize(
    ("sort", "descending", "told"),
    [
        ("silent", False, ["d.o.r.a", "anna", "cleo", "bert"]),  # 0, 20, 40, 50 days
        ("average_check", True, ["cleo", "bert", "anna", "d.o.r.a"]),  # 180, 150, 75, 30
        ("orders", True, ["anna", "bert", "cleo", "d.o.r.a"]),
        ("city", False, ["bert", "anna", "cleo", "d.o.r.a"]),  # not known: last
        ("city", True, ["anna", "bert", "cleo", "d.o.r.a"]),  # either way
        ("id", True, ["d.o.r.a", "cleo", "bert", "anna"]),
    ],
)
def test_sorted_by_any_column(dataset: Dataset, sort: str, descending: bool, told: list[str]) -> None:
    assert ids(dataset, sort, descending) == told


@pytest.fixture(scope="module")
def often(dataset_of: DatasetOf) -> Dataset:
    """The same, and eve, who came every 10 days, the last time today.

    Of gaps of 10 (six) and 40 (one) days the 75th percentile is 10, so W is 15 days. anna came twice, the last time
    20 days ago, the others once: bert 50, cleo 40, dora 0 days ago.
    """
    return dataset_of([*SALES, *(("eve", day, 1) for day in range(0, 70, 10))], PEOPLE)


def test_the_stage_stands_beside_a_customer_and_sorts_by_the_life_cycle(often: Dataset) -> None:
    query = Query(churn_gap=45)
    rows = often.ask(listed, query, "stage", False).rows
    assert rows.select("id", "stage").rows() == [
        *(("cleo", "new"), ("d.o.r.a", "new"), ("bert", "one-time"), ("eve", "regular"), ("anna", "fading"))
    ]
    last_first = often.ask(listed, query, "stage", True).rows
    assert last_first["id"].to_list() == ["anna", "eve", "bert", "cleo", "d.o.r.a"]
    # anna has 20 days since the last order: with a churn gap of 19 she is lost, and only eve and dora are not.
    sooner = often.ask(listed, Query(churn_gap=19), "stage", True).rows
    assert sooner.select("id", "stage").row(0) == ("anna", "lost")


def test_the_stage_of_a_part_is_that_among_all(often: Dataset) -> None:
    part = often.ask(listed, Query(churn_gap=45) & Filter("city", "Rome")).rows
    assert part.select("id", "stage").rows() == [("anna", "fading")]
    found = often.ask(listed, Query(churn_gap=45), "revenue", True, "fading").rows
    assert found["id"].to_list() == ["anna"]


def test_what_stands_beside_a_customer(dataset: Dataset) -> None:
    rows = {row["id"]: row for row in listed(dataset.snapshot(Query())).rows.iter_rows(named=True)}
    assert {k: (r["orders"], r["revenue"], r["average_check"], r["silent"]) for k, r in rows.items()} == {
        "anna": (2, 150 * MONEY_SCALE, 75, 20),
        "bert": (1, 150 * MONEY_SCALE, 150, 50),
        "cleo": (1, 180 * MONEY_SCALE, 180, 40),
        "d.o.r.a": (1, 30 * MONEY_SCALE, 30, 0),
    }


@pytest.mark.parametrize(
    ("search", "told"),
    [
        ("", ["cleo", "anna", "bert", "d.o.r.a"]),
        ("ANNA", ["anna"]),
        ("bert", ["bert"]),
        ("CLÉO", ["cleo"]),
        ("rome", ["anna"]),
        ("(a.)", ["anna"]),
        ("100%", ["anna"]),
        (".", ["anna", "d.o.r.a"]),  # a dot is a dot
        ("d.o", ["d.o.r.a"]),
        ("a.*", []),
        ("[", []),
        ("^anna", []),
        ("vip", ["cleo"]),  # rank 1 of 4
    ],
)
def test_search_is_literal_and_case_blind(dataset: Dataset, search: str, told: list[str]) -> None:
    assert ids(dataset, "revenue", True, search) == told


def test_card_of_anna(dataset: Dataset) -> None:
    found = card(dataset.snapshot(Query()), dataset.orders_of(0), 0)
    assert found is not None
    assert (found.facts["id"], found.facts["name"], found.facts["average_check"]) == ("anna", "Anna (A.) 100%", 75)
    assert (found.rank, found.of) == (2, 4)
    assert found.orders["total"].to_list() == [100 * MONEY_SCALE, 150 * MONEY_SCALE]
    assert found.orders["gap"].to_list() == [None, 40]


def test_card_tells_where_they_stand_among_all(dataset: Dataset) -> None:
    """Also where the card is of a part of the shop, in which they would stand elsewhere."""
    whole, part = (dataset.snapshot(query) for query in (Query(), Query() & Filter("city", "Rome")))
    placed = whole.by(*DIMENSION_SCORES)
    for customer in range(4):
        for snapshot in (whole, part) if customer == 0 else (whole,):
            found = card(snapshot, dataset.orders_of(customer), customer)
            assert found is not None
            told = placed.filter(customer=customer).select(DIMENSION_SCORES).row(0, named=True)
            assert {name: found.facts[name] for name in DIMENSION_SCORES} == told


def test_equals_share_the_better_rank(dataset: Dataset) -> None:
    ranks = []
    for customer in range(4):
        found = card(dataset.snapshot(Query()), dataset.orders_of(customer), customer)
        assert found is not None
        ranks.append(found.rank)
    assert ranks == [2, 2, 1, 4]


def test_gaps_on_a_card_lie_between_orders(dataset_of: DatasetOf) -> None:
    """A refund has no gap and ends none; a second order of the day comes after 0 days."""
    dataset = dataset_of(
        [("anna", 0, 9), ("anna", 5, -2), ("anna", 30, 4, {"second": 1}), ("anna", 30, 1, {"second": 2})]
    )
    found = card(dataset.snapshot(Query()), dataset.orders_of(0), 0)
    assert found is not None
    assert found.orders["gap"].to_list() == [None, None, 30, 0]
    assert found.orders["total"].to_list() == [v * MONEY_SCALE for v in (9, 7, 11, 12)]


def test_card_as_of_a_day(dataset: Dataset) -> None:
    """On day 20 anna had ordered once and cleo just came; dora had not bought yet."""
    early = dataset.snapshot(Query(as_of=20))
    found = card(early, dataset.orders_of(0), 0)
    assert found is not None
    assert (found.facts["revenue"], found.rank, found.of) == (100 * MONEY_SCALE, 3, 3)
    assert found.orders["day"].to_list() == [0]
    assert card(early, dataset.orders_of(3), 3) is None


def test_rank_within_a_part_of_the_shop(dataset: Dataset) -> None:
    part = dataset.snapshot(Query() & Filter("city", "Rome"))
    found = card(part, dataset.orders_of(0), 0)
    assert found is not None
    assert (found.rank, found.of) == (1, 1)
    assert card(part, dataset.orders_of(1), 1) is None


def test_a_refund_by_reference_follows_its_order_on_the_card(dataset_of: DatasetOf) -> None:
    """Bought at noon, given back a week later in the morning: the running total is 10, then 6."""
    dataset = dataset_of(
        [
            ("anna", 0, 10, {"order_id": "1", "second": 43_200}),
            ("anna", 7, -4, {"order_id": "2", "second": 28_800, "refund_of": "1"}),
        ]
    )
    found = card(dataset.snapshot(Query()), dataset.orders_of(0), 0)
    assert found is not None
    assert found.orders["kind"].cast(pl.String).to_list() == ["order", "refund"]
    assert found.orders["total"].to_list() == [10 * MONEY_SCALE, 6 * MONEY_SCALE]


def test_ids_that_are_numbers_stand_in_their_order(dataset_of: DatasetOf) -> None:
    dataset = dataset_of([(c, 0, 1) for c in ("43", "1000", "9", "b", "a")])
    ids = [dataset.ask(listed, Query(), "id", falls).rows["id"].to_list() for falls in (False, True)]
    assert ids == [["9", "43", "1000", "a", "b"], ["1000", "43", "9", "b", "a"]]
