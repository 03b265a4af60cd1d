"""Sentences beside figures: broken between words, and never within a number."""

from __future__ import annotations

import pytest

from ltvtui.tui.widgets.notes import Notes


@pytest.mark.parametrize("width", range(20, 60))
def test_no_number_is_broken(width: int) -> None:
    notes = Notes()
    notes.set_reactive(Notes.parts, ("spent: 3 (141 321.63), 4 (61 073.60), 5 (1 051 757.10)", "and no more"))
    lines = notes.lines(width)
    assert all(len(line) <= width - 2 for line in lines)
    for number in ("141 321.63", "61 073.60", "1 051 757.10"):
        assert any(number in line for line in lines)


@pytest.mark.parametrize("width", range(30, 90))
def test_notes_without_room_are_left_out_whole(width: int) -> None:
    notes = Notes()
    told = ("spend outside the period: 88 931 €, not counted", "search ads: one more customer costs 43.62 €")
    notes.set_reactive(Notes.parts, told)
    lines = notes.lines(width, 2)
    assert len(lines) <= 2
    assert all(len(line) <= width - 2 for line in lines)
    text = " ".join(lines)
    # Two lines hold the first note at any of these widths; the second is there whole, or not at all.
    assert text.startswith(told[0])
    assert text.removeprefix(told[0]).lstrip(" ·") in (told[1], "… 1 more (!)", "… (!)")
