"""Widths of columns: no figure is ever cut, and text as rarely as can be."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from ltvtui.present.tables import Column, Table

NAME = Column("name", "", widest=1_000)
TEXTS = st.lists(st.text("ab漢é\u0301🙂 ", max_size=12) | st.none(), min_size=1, max_size=20)


@given(TEXTS, st.booleans())
def test_text_columns_are_as_wide_as_their_widest_value(texts: list[str | None], categorical: bool) -> None:
    values = pl.Series("name", texts, pl.String).cast(pl.Categorical if categorical else pl.String)
    widest = max(cell_len(NAME.write(text)) for text in texts)
    assert Table(values.to_frame(), (NAME,)).widths == (widest,)


@pytest.mark.parametrize("rows", [0, 1, 3])
def test_a_title_is_never_cut(rows: int) -> None:
    frame = pl.DataFrame({"name": ["x"] * rows, "n": [1] * rows}, schema={"name": pl.String, "n": pl.Int64})
    assert Table(frame, (Column("name", "customer"), Column("n", "orders", "count"))).widths == (8, 6)


def test_widths_that_are_known_are_not_measured_again() -> None:
    assert Table(pl.DataFrame({"name": ["a" * 30]}), (NAME,), measured=(7,)).widths == (7,)
