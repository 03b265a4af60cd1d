"""Long columns in short pieces."""

from __future__ import annotations

import threading

import polars as pl
import pytest

from ltvtui.analytics import pieces


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "SHORT", 4)


@pytest.mark.parametrize(
    ("height", "expected"),
    [(0, [(0, 0)]), (1, [(0, 1)]), (4, [(0, 4)]), (5, [(0, 4), (4, 1)]), (9, [(0, 4), (4, 4), (8, 1)])],
)
def test_each_row_stands_in_one_piece(height: int, expected: list[pieces.Piece]) -> None:
    assert pieces.pieces(height) == expected


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ([7, 7, 7, 8, 8, 8, 9, 9, 9], [(0, 6), (6, 3)]),  # the fourth row is an 8, the eighth a 9: the end
        ([1, 2, 3, 4, 5, 5, 5, 5, 6], [(0, 4), (4, 4), (8, 1)]),
        ([3] * 9, [(0, 9)]),
    ],
)
def test_rows_of_one_key_stay_together(keys: list[int], expected: list[pieces.Piece]) -> None:
    assert pieces.sorted_pieces(pl.Series(keys, dtype=pl.UInt32)) == expected


def test_results_stand_in_the_order_of_the_pieces_whichever_ends_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first piece waits until the second is done."""
    monkeypatch.setattr(pl, "thread_pool_size", lambda: 2)
    done = threading.Event()

    def work(number: int) -> int:
        if number == 0:
            assert done.wait(30)
        done.set()
        return number

    assert pieces.each(work, range(5)) == [0, 1, 2, 3, 4]


def test_one_piece_needs_no_further_thread() -> None:
    assert pieces.each(lambda _: threading.current_thread(), [0]) == [threading.current_thread()]


def test_what_fails_in_a_piece_fails() -> None:
    with pytest.raises(ZeroDivisionError):
        pieces.each(lambda number: 1 // number, [1, 0, 1])
