"""Text from outside made harmless."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ltvtui.present.plain import plain


@pytest.mark.parametrize(
    ("given_text", "shown"),
    [
        ("København", "København"),
        ("日本語 👩‍🚀", "日本語 👩‍🚀"),
        ("red \x1b[31malert\x1b[0m", "red [31malert[0m"),
        ("\x9b31mC1", "31mC1"),
        ("two\r\nlines\tand a tab", "two  lines and a tab"),
        ("para\u2029graph\x85next", "para graph next"),
        ("in\u202evoice\u2066.exe\u2069", "invoice.exe"),
        ("\u200fmarks\u200e\u061c", "marks"),
        ("\ufeffname", "name"),
        ("lone \ud800", "lone \ufffd"),
        ("", ""),
    ],
)
def test_what_is_removed_and_what_stays(given_text: str, shown: str) -> None:
    assert plain(given_text) == shown


@given(st.text(st.characters()))
def test_nothing_that_steers_a_terminal_is_left(text: str) -> None:
    shown = plain(text)
    assert not any(unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} for character in shown)
    assert not any(unicodedata.bidirectional(c) in {"LRO", "RLO", "LRE", "RLE", "PDF", "LRI", "RLI"} for c in shown)
    shown.encode()
    assert plain(shown) == shown
