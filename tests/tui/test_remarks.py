"""All remarks of a screen: a key reads what its lines have no room for."""

from __future__ import annotations

from pathlib import Path

import pytest
from driving import Driver, drive
from shops import build

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


def test_every_doubt_is_read_in_full(tmp_path: Path) -> None:
    """One customer has nearly all orders; the key says so on each screen, and what may be done about it."""
    shop = build(
        tmp_path,
        "CREATE TABLE orders (customer_id TEXT, order_date TEXT, amount REAL);"
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300)"
        " INSERT INTO orders SELECT CASE WHEN i % 20 THEN 'guest' ELSE 'c' || i END,"
        " date('2024-01-01', i || ' days'), 10.25 + i FROM n;",
    )

    async def scenario(app: Driver) -> None:
        doubts = app.main_screen.dataset.doubts
        assert doubts
        for screen in "17":
            await app.press(screen, "exclamation_mark")
            assert isinstance(app.app.screen, RemarksDialog)
            sections = dict(app.app.screen.sections)
            lines = sections["Doubts about what was read"]
            assert all(d.message in line and d.mend in line for d, line in zip(doubts, lines, strict=True))
            await app.press("exclamation_mark")

    drive(shop, scenario, size=(80, 24))


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
