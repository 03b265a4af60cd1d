"""Where figures are computed, in a few words."""

from __future__ import annotations

import pytest

from ltvtui.present.origin import clock, origin_words, short_count
from ltvtui.sources.origin import DataOrigin


@pytest.mark.parametrize(
    ("value", "words"),
    [
        *((0, "0"), (1, "1"), (999, "999"), (1000, "1 K"), (1050, "1 K"), (1100, "1.1 K"), (20_000, "20 K")),
        *((99_990, "99.9 K"), (123_456, "123 K"), (999_999, "999 K"), (1_000_000, "1 M"), (1_234_567, "1.2 M")),
        *((5_000_000, "5 M"), (2_500_000_000, "2.5 G")),
    ],
)
def test_counts_are_short_and_never_more_than_there_is(value: int, words: str) -> None:
    assert short_count(value) == words


def test_what_was_read_before_says_when() -> None:
    assert origin_words(DataOrigin("", 1, 9)) == "local · 1 customer"
    assert origin_words(DataOrigin("", 1_200_000, 9)) == "local · 1.2 M customers"
    assert origin_words(DataOrigin("spark", 1_200_000, 9, is_reduced=True)) == "spark: reduced there"
    assert origin_words(DataOrigin("postgres", 3, 5_000_000)) == "postgres: read 5 M"
    assert origin_words(DataOrigin("postgres", 3, 5_000_000, read_at=1e9)) == f"postgres: read {clock(1e9)}"
