"""Long columns in short chunks."""

from __future__ import annotations

import threading

import polars as pl
import pytest

from ltvtui.analytics.kernel import chunks


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunks, "SHORT", 4)


@pytest.mark.parametrize(
    ("height", "expected"),
    [(0, [(0, 0)]), (1, [(0, 1)]), (4, [(0, 4)]), (5, [(0, 4), (4, 1)]), (9, [(0, 4), (4, 4), (8, 1)])],
)
def test_each_row_stands_in_one_piece(height: int, expected: list[chunks.Chunk]) -> None:
    assert chunks.chunks(height) == expected


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ([7, 7, 7, 8, 8, 8, 9, 9, 9], [(0, 6), (6, 3)]),  # the fourth row is an 8, the eighth a 9: the end
        ([1, 2, 3, 4, 5, 5, 5, 5, 6], [(0, 4), (4, 4), (8, 1)]),
        ([3] * 9, [(0, 9)]),
    ],
)
def test_rows_of_one_key_stay_together(keys: list[int], expected: list[chunks.Chunk]) -> None:
    assert chunks.sorted_chunks(pl.Series(keys, dtype=pl.UInt32)) == expected


def test_results_stand_in_the_order_of_the_pieces_whichever_ends_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first chunk waits until the second is done."""
    monkeypatch.setattr(pl, "thread_pool_size", lambda: 2)
    done = threading.Event()

    def work(number: int) -> int:
        if number == 0:
            assert done.wait(60)
        done.set()
        return number

    assert chunks.each(work, range(5)) == [0, 1, 2, 3, 4]


def test_one_piece_needs_no_further_thread() -> None:
    assert chunks.each(lambda _: threading.current_thread(), [0]) == [threading.current_thread()]


def test_what_fails_in_a_piece_fails() -> None:
    with pytest.raises(ZeroDivisionError):
        chunks.each(lambda number: 1 // number, [1, 0, 1])
