"""A caret under a place of a typed text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from ltvtui.present.pointing import pointed


@pytest.mark.parametrize(
    ("text", "at", "line", "caret"),
    [
        ("abc def", 4, "abc def", "    ^"),
        ("abc", 3, "abc", "   ^"),
        ("", 0, "", "^"),
        ("日本 = x", 5, "日本 = x", "       ^"),  # two cells each
        ("a\x1bb\tc", 3, "ab c", "  ^"),
        ("0123456789 0123456789 bad rest", 22, "…123456789 bad rest", "           ^"),
    ],
)
def test_it_stands_under_the_place(text: str, at: int, line: str, caret: str) -> None:
    told = pointed(text, at, 20)
    assert (told[0].rstrip(), told[1]) == (line, caret)


@given(st.text(max_size=60), st.integers(0, 60), st.integers(4, 40))
def test_it_fits_and_points_inside(text: str, at: int, width: int) -> None:
    line, caret = pointed(text, min(at, len(text)), width)
    assert cell_len(line) == width
    assert len(caret) <= width
