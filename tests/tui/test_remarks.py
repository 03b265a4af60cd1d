"""All remarks of a screen: a key reads what its lines have no room for."""

from __future__ import annotations

from pathlib import Path

import pytest
from driving import Driver, drive

from ltvtui.tui.dialogs.remarks import RemarksDialog
from ltvtui.tui.widgets.notes import KEY, Notes

TERMS = {"as_of": "2024-12-31"}


def test_what_a_narrow_screen_leaves_out_is_read_with_a_key(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        for screen in "12345678":
            await app.press(screen)
            clauses = app.main_screen.frame.clauses
            await app.press("exclamation_mark")
            await app.sees("Remarks · ")
            assert isinstance(app.app.screen, RemarksDialog)
            lines = [line for _, each in app.app.screen.sections for line in each]
            assert {clause[1:] for clause in clauses} <= {line[1:] for line in lines}
            assert lines[0][:60] in app.text.replace("│", " ")
            await app.press("exclamation_mark")
            assert app.app.screen is app.main_screen

    drive(corner, scenario, size=(80, 24), terms=TERMS)


@pytest.mark.parametrize("width", range(24, 90))
def test_notes_left_out_name_the_key(width: int) -> None:
    notes = Notes()
    notes.set_reactive(Notes.parts, ("spend outside the period: 88 931 €", "one more customer costs 43.62 €", "few"))
    for most in (1, 2, 3):
        lines = notes.lines(width, most)
        assert len(lines) <= most
        assert all(len(line) <= width - 2 for line in lines)
        whole = " ".join(notes.lines(width))
        assert " ".join(lines) == whole or lines[-1].endswith(KEY)
