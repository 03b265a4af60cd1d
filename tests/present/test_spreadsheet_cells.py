"""Cells for a spreadsheet: texts are no formulas, numbers stay numbers; a column is as a cell alone."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ltvtui.analytics.schema import units
from ltvtui.present.numbers import write
from ltvtui.present.plain import plain
from ltvtui.present.spreadsheet import harmless
from ltvtui.present.texts import harmless_texts, plain_texts

texts = st.text(st.characters(exclude_categories=["Cs"]))  # a frame holds no surrogates


@pytest.mark.parametrize("text", ["-1 234.50", "-5", "-0.5", "-12.3 %", "7", "Ann", "a=b", "a-1", "", "–"])
def test_a_number_or_a_name_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text


@pytest.mark.parametrize(
    "text", ["=1", "+1", "+49 30", "@sum(A1)", "-2+3", "-cmd", "-1-1", "-A1", " =1", "＝1", "－1", "-"]
)
def test_what_a_spreadsheet_would_run_is_set_off(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize(
    ("text", "clean"), [("\t=1", "' =1"), ("\r\n@x", "'  @x"), ("\x1b=1", "'=1"), ("\u202e-a", "'-a")]
)
def test_control_characters_hide_no_formula(text: str, clean: str) -> None:
    assert harmless(text) == clean


@given(st.floats(-1e12, 1e12), st.sampled_from(["money", "units", "share", "ratio", "months", "count"]))
@example(-1234.5, "units")
def test_figures_as_written_stay_figures(value: float, kind: str) -> None:
    shown = write(value, kind)  # type: ignore[arg-type]
    assert harmless(shown) == shown


@given(texts)
def test_no_text_begins_like_a_formula_unless_it_is_a_number(text: str) -> None:
    safe = harmless(text)
    begins = safe.lstrip()[:1]
    assert begins not in ("=", "+", "@") or not begins
    if begins == "-":
        assert set(safe) <= set("-0123456789 .,%\u00a0")


@given(st.lists(st.none() | texts))
@example(["-1 234.50", "=1", "\t=1", "-1\n", "\u00a0=1", "\u3000@", "a\x85b"])
def test_a_column_is_treated_as_its_cells(values: list[str | None]) -> None:
    column = pl.DataFrame({"a": values, "b": values}, schema={"a": pl.String, "b": pl.String})
    expected = [None if v is None else plain(v) for v in values]
    assert column.select(plain_texts(pl.col(pl.String)))["b"].to_list() == expected
    expected = [None if v is None else harmless(v) for v in values]
    assert column.select(harmless_texts(pl.col(pl.String)))["b"].to_list() == expected


@given(st.lists(st.none() | st.integers(-(2**53), 2**53)))
@example([78207300, 77674900])
def test_money_in_units_is_the_nearest_float(money: list[int | None]) -> None:
    column = pl.DataFrame({"money": money}, schema={"money": pl.Int64})
    assert column.select(units(pl.col("money")))["money"].to_list() == [
        None if m is None else m / 10_000 for m in money
    ]
