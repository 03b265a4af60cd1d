"""Blocks of a board: neighbours of one name, in which the name stands once and the letter elsewhere."""

from __future__ import annotations

import pytest

from ltvtui.present.blocks import Tile, badges, labelled, written

NAMES = ("Champions", "New", "Lost")
MARKS = badges(NAMES, ("C", "N", "Z"))
# N N C
# N Z C
# Z Z N
BOARD = {
    (row, column): Tile(MARKS[{"C": "Champions", "N": "New", "Z": "Lost"}[letter]], "7.7 %")
    for row, letters in enumerate(("NNC", "NZC", "ZZN"))
    for column, letter in enumerate(letters)
}
FIGURES = dict.fromkeys(BOARD, 5)


def test_every_block_is_named_once() -> None:
    # The N of the last row is a block of its own: it touches the others by a corner alone.
    assert labelled(BOARD, FIGURES, 20, 2) == {(0, 0), (0, 2), (1, 1), (2, 2)}


@pytest.mark.parametrize(
    ("width", "lines", "named"),
    [
        (15, 1, {(0, 0), (0, 2), (1, 1), (2, 2)}),  # Champions 1 251
        (14, 1, {(0, 0), (1, 1), (2, 2)}),
        (9, 1, {(0, 0), (2, 2)}),  # New 1 251; Lost takes one more
        (9, 2, {(0, 0), (0, 2), (1, 1), (2, 2)}),  # a line of its own
        (8, 2, {(0, 0), (1, 1), (2, 2)}),
        (2, 1, set()),
    ],
)
def test_a_name_stands_only_where_it_fits(width: int, lines: int, named: set[tuple[int, int]]) -> None:
    assert labelled(BOARD, FIGURES, width, lines) == named


def test_it_stands_in_the_first_cell_with_room() -> None:
    figures = {**FIGURES, (0, 0): 12}
    assert (0, 1) in labelled(BOARD, figures, 15, 1)


@pytest.mark.parametrize(
    ("lines", "width", "is_labelled", "cell"),
    [
        (1, 12, True, ("New    1 251",)),
        (1, 12, False, ("N      1 251",)),
        (1, 5, False, ("1 251",)),
        (2, 16, True, ("New             ", "1 251    7.7 %  ")),
        (2, 8, False, ("N       ", "1 251   ")),
        (3, 8, False, ("N       ", "1 251   ", "7.7 %   ")),
        (4, 8, True, ("New     ", "1 251   ", "7.7 %   ", "        ")),
    ],
)
def test_a_cell_has_its_name_its_figure_and_a_second_one(
    lines: int, width: int, is_labelled: bool, cell: tuple[str, ...]
) -> None:
    assert written(BOARD[0, 0], "1 251", width, lines, is_labelled) == cell


def test_names_beyond_the_colours_are_grey_and_paler_each() -> None:
    many = [f"name {place}" for place in range(11)]
    marks = [badges(many, "ABCDEFGHIJK")[name] for name in many]
    assert [mark.role for mark in marks[:8]] == [f"accent{place}" for place in range(1, 9)]
    assert {mark.role for mark in marks[8:]} == {"muted"}
    strengths = [mark.strength for mark in marks[8:]]
    assert strengths == sorted(strengths, reverse=True)
    assert len({*strengths}) == 3
