"""Which group of criteria a dimension belongs to, guessed from its name and from its values."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ltvtui.analytics.portrait.criteria import CRITERIA, criterion_of, grouped
from ltvtui.analytics.portrait.portrait import portrait
from ltvtui.query.query import Filter, Query
from ltvtui.session.dataset import Dataset

DatasetOf = Callable[..., Dataset]


@pytest.mark.parametrize(
    ("name", "criterion"),
    [
        ("country", "geography"),
        ("billingCity", "geography"),
        ("store city", "geography"),
        ("Bundesland", "geography"),
        ("PAÍS", "geography"),
        ("age band", "demography"),
        ("Geschlecht", "demography"),
        ("marital_status", "demography"),
        ("title", "demography"),
        ("job title", "social and economic"),
        ("household income", "social and economic"),
        ("education level", "social and economic"),
        ("interest category", "psychography"),
        ("hobbies", "psychography"),
        ("signup channel", "behaviour"),
        ("product category", "behaviour"),
        ("customer type", "behaviour"),
        ("канал", "behaviour"),
        ("x", "other"),
        ("", "other"),
    ],
)
def test_by_name(name: str, criterion: str) -> None:
    assert criterion_of(name) == criterion


@pytest.mark.parametrize(
    ("values", "criterion"),
    [
        (["DE", "FR", "DK"], "geography"),
        (["f", "m"], "demography"),
        (["Männlich", "Weiblich", "?"], "demography"),
        (["under 18", "18–24", "25-34", "35 to 44", "65+"], "demography"),
        (["Student", "Retired", "Self-employed", "unknown"], "social and economic"),
        (["Music", "Travel", "Yoga"], "psychography"),
        (["Google", "organic", "email", "x"], "behaviour"),
        (["1-2", "3-4", "5-9"], "other"),  # numbers of orders are no ages
        (["S", "M", "L"], "other"),
        (["M"], "other"),
        (["AA", "BB", "CC", "QQ", "XX"], "other"),
        ([], "other"),
    ],
)
def test_by_values_where_the_name_has_no_meaning(values: list[str], criterion: str) -> None:
    assert criterion_of("c7", values) == criterion


def test_what_is_of_an_order_is_behaviour_unless_it_says_more() -> None:
    assert criterion_of("c7", ["a", "b"], of_orders=True) == "behaviour"
    assert criterion_of("country", (), of_orders=True) == "geography"


def test_every_group_is_listed_and_others_where_there_are_some() -> None:
    assert grouped({"city": "geography"}) == {**{criterion: [] for criterion in CRITERIA}, "geography": ["city"]}
    assert grouped({"x": "other"})["other"] == ["x"]


def test_a_portrait_knows_the_criteria_of_the_shop(dataset_of: DatasetOf) -> None:
    """Also those that select the customers; not a column in which nothing stands."""
    sales = [("ann", 0, 10, {"channel": "web"}), ("bob", 1, 20, {"channel": "shop"})]
    table = [
        {"customer_id": "ann", "country": "DE", "hobby": None, "c7": "f"},
        {"customer_id": "bob", "country": "FR", "hobby": None, "c7": "m"},
    ]
    dataset = dataset_of(sales, table)
    found = portrait(dataset.snapshot(Query() & Filter("country", "DE")), dataset.snapshot(Query()), ("country",))
    assert found.criteria == {"country": "geography", "c7": "demography", "channel": "behaviour"}
