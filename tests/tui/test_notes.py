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
