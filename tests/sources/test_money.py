"""Amounts as text, in the manners of many countries. Expected amounts by hand."""

from __future__ import annotations

from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ltvtui.sources.values.money import marks_of, number, written_money, written_number

NBSP, NARROW, MINUS = "\u00a0", "\u202f", "\u2212"

TELLING = [
    ("1,648.00", 1648.0),
    ("1648,50", 1648.5),
    ("$1,648.00 ", 1648.0),
    ("1'234.50", 1234.5),
    ("1’234.50", 1234.5),
    ("1 234,50", 1234.5),
    (f"1{NBSP}234,50", 1234.5),
    (f"1{NARROW}234,50{NBSP}€", 1234.5),
    ("(15.50)", -15.5),
    ("($1,015.50)", -1015.5),
    ("$(15.50)", -15.5),
    (f"{MINUS}3", -3.0),
    (f"{MINUS}€3,20", -3.2),
    ("15.50-", -15.5),
    ("1,23,456.00", 123_456.0),
    ("-₹1,23,456.50", -123_456.5),
    ("1,234,567", 1_234_567.0),
    ("1.234.567", 1_234_567.0),
    ("1.234.567,89 €", 1_234_567.89),
    ("CHF 2'500.00", 2500.0),
    ("2500 CHF", 2500.0),
    ("kr. 12,50", 12.5),
    ("12,50 kr", 12.5),
    ("12,50 zł", 12.5),
    ("5 руб.", 5.0),
    ("Rs.500", 500.0),
    ("US$5.00", 5.0),
    ("R$ 1.234,50", 1234.5),
    ("500/-", 500.0),
    ("12,-", 12.0),
    ("1.385,-- €", 1385.0),
    ("Rp. 12.000,-", 12_000.0),
    ("1'234.-", 1234.0),
    ("R 1 234,56", 1234.56),
    ("1,234.50 د.إ", 1234.5),
    ("١٢٣٫٤٥", 123.45),
    ("１２３４", 1234.0),
    ("+3", 3.0),
    (".5", 0.5),
    ("0,125", 0.125),
    ("1234,567", 1234.567),
    ("1e3", 1000.0),
    ("7.00E+12", 7e12),
]
NO_AMOUNT = [
    "",
    "abc",
    "A12",
    "12 34",
    "(5",
    "5)",
    "--5",
    "-5-",
    "1,234.5.6",
    "12,345,67",
    "1.23.456",
    "12:30",
    "3 pcs",
    "R1001",
]
OPEN = [
    ("1,234", 1234.0, 1.234),
    ("1.234", 1.234, 1234.0),
    ("-12.500 €", -12.5, -12_500.0),
    ("$850,000", 850_000.0, 850.0),
]


@pytest.mark.parametrize("comma", [None, False, True])
def test_what_tells_its_mark_is_read_whatever_the_column(comma: bool | None) -> None:
    texts = pl.Series("t", [text for text, _ in TELLING])
    assert written_number(texts, comma).to_list() == [value for _, value in TELLING]


@pytest.mark.parametrize("comma", [None, False, True])
def test_what_is_no_amount_is_null(comma: bool | None) -> None:
    assert written_money(pl.Series("t", NO_AMOUNT), comma).to_list() == [None] * len(NO_AMOUNT)


def test_what_could_be_either_goes_with_its_column() -> None:
    texts = pl.Series("t", [text for text, _, _ in OPEN])
    assert written_number(texts, None).to_list() == [None] * len(OPEN)
    assert written_number(texts, False).to_list() == [point for _, point, _ in OPEN]
    assert written_number(texts, True).to_list() == [comma for _, _, comma in OPEN]


@pytest.mark.parametrize(
    ("column", "decided"),
    [
        (["1,234.50", "99", "1,000"], False),
        (["1.234,50", "99", "1.000"], True),
        (["12,5", "1000"], True),
        (["1,234,567", "1,000"], False),
        (["1.234.567", "1.000"], True),
        (["1,23,456", "1,000"], False),
        (["1'234.50", "1.000"], False),
        (["$1,500", "$850"], False),
        (["1.500 zł", "850 zł"], True),
        (["1,500", "850"], None),
        (["1.500 €"], None),
        (["$1.500"], None),
        (["1,5", "1.5", "1,500"], None),
        ([None, 5, b"1,5"], None),
    ],
)
def test_a_column_decides_as_a_whole(column: list[object], decided: bool | None) -> None:
    assert marks_of(column).decimal_comma is decided


def test_only_what_matters_is_in_doubt() -> None:
    assert marks_of(["1,500", "850"]).in_doubt
    assert marks_of(["1,5", "1.5", "1,500"]).in_doubt
    assert not marks_of(["1,5", "1.5"]).in_doubt
    assert not marks_of(["850"]).in_doubt


STYLES = [
    *((thousands, ".") for thousands in (",", "'", "’", "lakh", "")),
    *((thousands, ",") for thousands in (".", " ", NBSP, NARROW, "'", "")),
]
SIGNS = ["-{}", MINUS + "{}", "({})", "{}-", "-${}", "({} €)", "- {}", "{}- EUR", "EUR -{}"]
AROUND = ["{}", " {} ", "${}", "{} €", "{}" + NBSP + "zł", "CHF {}", "{} USD", "Rs. {}", "kr {}", "₹{}"]


def _grouped(whole: int, thousands: str) -> str:
    digits = str(whole)
    step, parts = (2 if thousands == "lakh" else 3), [digits[-3:]]
    rest = digits[:-3]
    while rest:
        parts.append(rest[-step:])
        rest = rest[:-step]
    return ("," if thousands == "lakh" else thousands).join(reversed(parts))


@given(
    cents=st.integers(0, 10**13),
    style=st.sampled_from(STYLES),
    around=st.sampled_from(AROUND),
    sign=st.sampled_from(SIGNS),
    negative=st.booleans(),
    comma=st.sampled_from([None, False, True]),
)
def test_an_amount_in_any_style_is_the_amount_it_was_made_of(
    cents: int, style: tuple[str, str], around: str, sign: str, negative: bool, comma: bool | None
) -> None:
    thousands, mark = style
    body = f"{_grouped(cents // 100, thousands)}{mark}{cents % 100:02}"
    text = sign.format(body) if negative else around.format(body)
    expected = int(Decimal(-cents if negative else cents) * 100)
    assert written_money(pl.Series("t", [text]), comma).to_list() == [expected]


@given(
    st.lists(
        st.text("0123456789.,' -+()$€eE\u00a0\u2212abKR/", max_size=14)
        | st.sampled_from([text for text, _ in TELLING]),
        max_size=20,
    ),
    st.sampled_from([None, False, True]),
)
def test_columns_and_single_values_are_read_alike(texts: list[str], comma: bool | None) -> None:
    assert written_number(pl.Series("t", texts, pl.String), comma).to_list() == [number(t, comma) for t in texts]
