"""Going from view to view: laid out once, asked once, and of many questions the latest."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest
from driving import Driver, drive, watch_questions
from textual.geometry import Size

from ltvtui.analytics.tiers.tiers import parse_rule
from ltvtui.days import parse_day
from ltvtui.query.query import Query
from ltvtui.tui.latest import Latest
from ltvtui.tui.location import Location
from ltvtui.tui.widgets.table_over_plots import TableOverPlots

ALL_LAPSED = {"as_of": "2024-12-31"}


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60)])
def test_a_view_knows_its_room_before_it_is_laid_out(
    corner: Path, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    arranged: list[str] = []
    whole = TableOverPlots.fill

    def fill(self: TableOverPlots, room: Size) -> None:
        arranged.append(str(self.parent.id if self.parent else ""))
        whole(self, room)

    monkeypatch.setattr(TableOverPlots, "fill", fill)

    async def scenario(app: Driver) -> None:
        assert app.main_screen.active.size == app.main_screen.active.room
        for key in ("8", "2", "slash", "escape", "c", "enter"):
            await app.press(key)
            assert app.main_screen.active.size == app.main_screen.active.room, key
        assert arranged == ["overview", "explore", "explore", "explore"]  # the last two for the narrowing line

    drive(corner, scenario, size=size, terms=ALL_LAPSED)


def test_what_was_shown_is_shown_again_without_a_question(corner: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    watch_questions(monkeypatch, lambda location: asked.append(location.view))

    async def scenario(app: Driver) -> None:
        await app.press("down", "2", "1", "2", "1")
        assert asked == ["overview", "explore"]
        assert app.main_screen.active.grid.row == 1
        await app.press("left_square_bracket")
        assert asked == ["overview", "explore", "overview"]
        await app.press("2")
        assert "as of 2024-11-30" in app.text
        assert asked[-1] == "explore"

    drive(corner, scenario, terms=ALL_LAPSED)


def test_of_what_is_typed_the_first_and_the_latest_are_asked(corner: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    may_end = threading.Event()

    def slow(location: Location) -> None:
        if location.view == "customers":
            asked.append(location.search)
            assert not location.search or may_end.wait(60)

    watch_questions(monkeypatch, slow)

    async def scenario(app: Driver) -> None:
        await app.press("c", "slash")
        await app.pilot.press(*"bob")
        may_end.set()
        await app.settled()
        assert asked == ["", "b", "bob"]
        assert app.location.search == "bob"
        await app.sees("1 customer matching “bob”")

    drive(corner, scenario, terms=ALL_LAPSED)


def test_one_question_at_a_time_and_then_the_latest() -> None:
    begun: list[str] = []
    latest = Latest(begun.append)
    for question in ("a", "b", "c"):
        latest.want(question)
    assert begun == ["a"]
    latest.done("b")  # never began
    latest.done("a")
    assert begun == ["a", "c"]
    latest.want("d")
    latest.forget()
    latest.want("e")
    latest.done("c")  # forgotten
    assert begun == ["a", "c", "e"]
    latest.done("e")
    assert begun == ["a", "c", "e"]


def test_columns_keep_their_places_while_rows_are_narrowed_and_sorted(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("c")
        table = app.main_screen.active.grid.table
        assert table is not None
        await app.press("S", "slash", *"bob")
        narrowed = app.main_screen.active.grid.table
        assert narrowed is not None
        assert narrowed.height < table.height
        assert narrowed.widths == table.widths

    drive(corner, scenario, terms=ALL_LAPSED)


@pytest.mark.parametrize(
    ("keys", "wanted"),
    [
        (("A", "enter"), Query(as_of=parse_day("2024-10-31"))),
        (("t", "3", "0", "enter"), Query(as_of=parse_day("2024-10-31"), tier_rule=parse_rule("quantile:30/30"))),
        (("f", *"orders > 2", "enter"), Query(as_of=parse_day("2024-10-31"))),
    ],
)
def test_a_dialog_keeps_what_was_pressed_before_it_was_there(
    corner: Path, monkeypatch: pytest.MonkeyPatch, keys: tuple[str, ...], wanted: Query
) -> None:
    """Two months back are asked for and not answered yet when the dialog opens."""
    answer = threading.Event()

    def wait(location: Location) -> None:
        assert location.query.as_of == parse_day("2024-12-31") or answer.wait(60)

    watch_questions(monkeypatch, wait)

    async def scenario(app: Driver) -> None:
        await app.pilot.press("left_square_bracket", "left_square_bracket")
        assert app.location.query.as_of == parse_day("2024-12-31")
        await app.pilot.press(*keys)
        answer.set()
        await app.settled()
        assert replace(app.location.query, trail=()) == wanted
        assert [step.describe() for step in app.location.query.trail] == (["orders > 2"] if keys[0] == "f" else [])

    drive(corner, scenario, terms=ALL_LAPSED)
