"""Leads, worked out by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ltvtui.analytics.cleaning.clean import CleaningPolicy
from ltvtui.analytics.lifecycle.leads import leads
from ltvtui.days import parse_day
from ltvtui.query.query import Filter, Query
from ltvtui.session.dataset import Dataset

DatasetOf = Callable[..., Dataset]

SALES = [
    ("anna", "2024-01-05", 10),
    ("anna", "2024-02-20", 10),
    ("bert", "2024-02-01", 20),
    ("carl", "2024-01-10", -5),  # money back for something bought before the shop kept orders
    ("dora", "2024-01-15", 30),
]
TABLE = [
    {"customer_id": "ella", "name": "Ella", "country": "SE", "birth_day": "1990-01-01"},
    {"customer_id": "bert", "name": "Bert", "country": "DK", "birth_day": None},
    {"customer_id": "ella", "name": "Ella again", "country": "NO", "birth_day": None},
    {"customer_id": "anna", "name": "Anna", "country": "DK", "birth_day": None},
    {"customer_id": "carl", "name": None, "country": None, "birth_day": None},
    {"customer_id": "anna", "name": "Anna again", "country": "NO", "birth_day": None},
    {"customer_id": "", "name": "Nobody", "country": "DK", "birth_day": None},
    {"customer_id": "  ", "name": "Nobody", "country": "DK", "birth_day": None},
    {"customer_id": None, "name": "Nobody", "country": "DK", "birth_day": None},
]
"""dora buys without standing in it."""


def told(dataset: Dataset, day: str | None = None) -> int | None:
    return dataset.ask(leads, Query(as_of=parse_day(day) if day else None))


def test_who_never_ordered_is_a_lead_with_all_that_is_known(dataset_of: DatasetOf) -> None:
    """carl, who only got money back, has a code and still no order; of ella the first row counts."""
    people = dataset_of(SALES, TABLE).people
    assert people.leads is not None
    assert people.leads.rows() == [
        ("ella", "Ella", "SE", parse_day("1990-01-01")),
        ("carl", None, None, None),
    ]
    assert people.leads.columns == ["id", "name", "country", "birth_day"]
    assert people.leads["country"].dtype == people.frame["country"].dtype
    assert people.frame["id"].to_list() == ["anna", "bert", "carl", "dora"]
    assert people.in_table is not None
    assert people.in_table.to_list() == [True, True, False, False]


@pytest.mark.parametrize(
    ("day", "count"),
    [
        ("2024-01-05", 3),  # ella, carl, and bert, whose first order comes later; dora is not in the table
        ("2024-01-31", 3),
        ("2024-02-01", 2),
        (None, 2),
        ("2025-01-01", 2),
    ],
)
def test_leads_by_day(dataset_of: DatasetOf, day: str | None, count: int) -> None:
    assert told(dataset_of(SALES, TABLE), day) == count


def test_where_refunds_are_orders_who_got_one_has_ordered(dataset_of: DatasetOf) -> None:
    assert told(dataset_of(SALES, TABLE, CleaningPolicy(refunds="keep"))) == 1


def test_who_only_cancelled_is_a_lead(dataset_of: DatasetOf) -> None:
    sales = [("anna", "2024-01-05", 10, {"status": "paid"}), ("bert", "2024-01-06", 10, {"status": "cancelled"})]
    people = [{"customer_id": "anna"}, {"customer_id": "bert"}]
    dataset = dataset_of(sales, people)
    assert told(dataset) == 1
    assert dataset.people.leads is not None
    assert dataset.people.leads.rows() == [("bert",)]


def test_everybody_has_ordered(dataset_of: DatasetOf) -> None:
    dataset = dataset_of([("anna", 0, 10)], [{"customer_id": "anna"}])
    assert told(dataset) == 0


def test_nobody_who_ordered_stands_in_the_table(dataset_of: DatasetOf) -> None:
    assert told(dataset_of([("anna", 0, 10)], [{"customer_id": "bert"}])) == 1


def test_an_empty_table_knows_nobody(dataset_of: DatasetOf) -> None:
    empty = [{"customer_id": None}]
    assert told(dataset_of([("anna", 0, 10)], empty)) == 0


def test_without_a_customer_table_there_is_no_saying(dataset_of: DatasetOf) -> None:
    dataset = dataset_of(SALES)
    assert told(dataset) is None
    assert (dataset.people.in_table, dataset.people.leads) == (None, None)


def test_a_part_of_the_shop_has_no_leads_of_its_own(dataset_of: DatasetOf) -> None:
    assert dataset_of(SALES, TABLE).ask(leads, Query() & Filter("country", "DK")) is None
