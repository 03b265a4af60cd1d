"""What a filter line offers: candidates in their place, best first."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from query.expressions import expressions

from ltvtui.query.grammar.completing import MOST, complete
from ltvtui.query.grammar.errors import FilterError
from ltvtui.query.grammar.parsing import begin, parse
from ltvtui.query.grammar.resolve import FilterContext
from ltvtui.query.query import Query
from ltvtui.session.apply_filters import shop_of, step_of
from ltvtui.session.dataset import Dataset

DatasetOf = Callable[..., Dataset]

SALES = [
    ("ann", "2024-01-01", 10.0, {"channel": "web"}),
    ("ann", "2024-02-01", 10.0, {"channel": "e-mail"}),
    ("bob", "2024-01-31", 50.0, {"channel": "web"}),
    ("cat", "2024-02-29", 10.0, {"channel": None}),
    *[("dan", "2024-03-01", 1.0, {"channel": "web"})] * 12,
]
PEOPLE = [
    {"customer_id": "ann", "name": "Ann", "country": "DK"},
    {"customer_id": "bob", "name": "Bob", "country": "New York"},
    {"customer_id": "cat", "name": "Cat", "country": None},
    {"customer_id": "dan", "name": "Dan", "country": "DK"},
]


@pytest.fixture(scope="module")
def dataset(dataset_of: DatasetOf) -> Dataset:
    return dataset_of(SALES, PEOPLE)


@pytest.fixture(scope="module")
def shop(dataset: Dataset) -> FilterContext:
    return shop_of(dataset, Query())


def offered(shop: FilterContext, text: str) -> list[str]:
    """What is offered where | stands."""
    return [candidate.text for candidate in complete(text.replace("|", ""), text.index("|"), shop)]


@pytest.mark.parametrize(
    ("text", "candidates"),
    [
        ("coun|", ["country"]),
        ("COUN|", ["country"]),
        ("band|", ["orders band"]),  # a word inside it
        ("first mo|", ["first month"]),
        ("average c|", ["average check"]),  # of which no word is a name
        ("zzz = 1 and average c|", ["average check"]),
        ("rders|", ["orders", "orders band"]),  # a part of it
        ("zzz|", []),
        ("no|", ["not"]),
        ("country |", ["=", "!=", "in (", "~", "is known", "is unknown", "not in ("]),
        ("country i|", ["in (", "is known", "is unknown"]),
        ("country !|", ["!="]),
        ("country is |", ["known", "unknown"]),
        ("country is u|", ["unknown"]),
        ("country not |", ["in ("]),
        ("orders |", [">=", "<=", "=", "<", ">", "!=", "in (", "orders band"]),
        ("zzz |", []),
        ("country = |", ["DK", "New York", "unknown"]),
        ("country ~ |", ["DK", "New York"]),
        ("country = y|", ["New York"]),
        ("country = new y|", ["New York"]),
        ("country in (|", ["DK", "New York", "unknown"]),
        ("country in (DK |", [")", ","]),
        ("country in (DK, n|", ["New York", "unknown"]),
        ("country not in (d|", ["DK"]),
        ("channel = |", ["web", "e-mail", "unknown"]),  # of three customers, one, and one
        ("orders band = 1|", ["1", '"10 and more"']),
        ('orders band = "10 |', ['"10 and more"']),
        ('"orders b|', ["orders band"]),
        ("last >= |", ["-30d", "-90d", "-12m", "2024", "2024-03", "2023", "2024-03-01"]),
        ("last >= 2024-|", ["2024-03", "2024-03-01"]),
        ("first month = |", ["2024-01", "2024-02", "2024-03"]),
        ("orders > |", []),
        ("name = |", []),
        ("country = DK |", ["and", "or"]),
        ("country = DK o|", ["or"]),
        ("(country = DK |", ["and", "or", ")"]),
        ("country = New |", ["and", "or", "New York"]),
        ("country = DK and coun|", ["country"]),
        ("country = DK) |", []),
        ('country = "DK" |', ["and", "or"]),
        ("zzz = |", []),
    ],
)
def test_what_is_offered(shop: FilterContext, text: str, candidates: list[str]) -> None:
    assert offered(shop, text) == candidates


def test_an_empty_line_offers_names(shop: FilterContext) -> None:
    assert offered(shop, "|")[:5] == ["tier", "country", "channel", "orders", "revenue"]
    assert len(offered(shop, "|")) == MOST
    assert offered(shop, "not |") == offered(shop, "country = DK and |") == offered(shop, "(|") == offered(shop, "|")


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("coun|", "country"),
        ("co|un = DK", "country = DK"),
        ("country = n| and orders > 1", "country = New York and orders > 1"),
        ("country = new y|ork and orders > 1", "country = New York and orders > 1"),
        ('country = "D|" and orders > 1', "country = DK and orders > 1"),
        ('orders band = "10|', 'orders band = "10 and more"'),
        ("country=|", "country=DK"),
        ("country = DK |", "country = DK and"),
        ("country = DK a|", "country = DK and"),
    ],
)
def test_a_candidate_stands_where_it_belongs(shop: FilterContext, text: str, taken: str) -> None:
    typed = text.replace("|", "")
    assert complete(typed, text.index("|"), shop)[0].inserted(typed) == taken


typed = st.one_of(
    st.text(max_size=20),
    st.builds(lambda node: node.describe(), expressions),
    st.lists(
        st.sampled_from(
            [
                "country",
                "orders band",
                "first",
                "=",
                ">=",
                "~",
                "in",
                "(",
                ")",
                ",",
                "DK",
                "10",
                '"',
                "and",
                "not",
                "is",
            ]
        ),
        max_size=9,
    ).map(" ".join),
)


@given(typed, st.integers(0, 60))
@example('not "" = "000!" or "" is unknown', 18)
def test_it_never_fails_and_what_is_taken_can_go_on(shop: FilterContext, text: str, cursor: int) -> None:
    cursor = min(cursor, len(text))
    found = complete(text, cursor, shop)
    assert len(found) <= MOST
    assert len(set(found)) == len(found)
    for candidate in found:
        assert 0 <= candidate.start <= cursor <= candidate.end <= len(text)
        read = begin(text[: candidate.start] + candidate.text)
        assert read is not None, candidate


@given(st.data())
def test_an_expression_can_be_made_of_candidates_alone(
    dataset: Dataset, shop: FilterContext, data: st.DataObject
) -> None:
    text = ""
    for _ in range(12):
        found = complete(text, len(text), shop)
        if not found:
            break
        taken = data.draw(st.sampled_from(found)).inserted(text)
        text = taken if taken.endswith("(") else f"{taken} "
        assert begin(text) is not None, text
    refused = None
    try:
        step_of(dataset, Query(), text)
    except FilterError as error:  # it is not finished, or compares what has no order
        refused = error
    assert refused is None or refused.at <= len(text)


def test_what_is_offered_as_a_value_is_one(dataset: Dataset, shop: FilterContext) -> None:
    for field in (field for field in shop.fields if not field.needs_forecast):  # the shop is too small for one
        for candidate in complete(f"{field.name} = ", len(field.name) + 3, shop):
            parse(candidate.inserted(f"{field.name} = "))
            step_of(dataset, Query(), candidate.inserted(f"{field.name} = "))
