"""An answer that takes long: a preliminary one first, then how far it is, then the complete one."""

from __future__ import annotations

import threading
from pathlib import Path

import polars as pl
from driving import Driver, drive
from textual.app import ComposeResult

from ltvtui.errors import LtvError
from ltvtui.present.tables import Column, Table
from ltvtui.session.dataset import Dataset
from ltvtui.tui.actions.sets import FILTERED
from ltvtui.tui.location import Location
from ltvtui.tui.views.answer import Answer
from ltvtui.tui.views.registry import VIEWS
from ltvtui.tui.views.spec import Report, ViewSpec
from ltvtui.tui.views.view import View
from ltvtui.tui.widgets.grid import Grid


def _answer(word: str, *, is_preliminary: bool = False) -> Answer:
    table = Table(pl.DataFrame({"word": [word, word]}), (Column("word", "word"),))
    return Answer(tables=(table,), is_preliminary=is_preliminary)


class SlowScreen(View):
    def compose(self) -> ComposeResult:
        yield Grid()

    def show(self, dataset: Dataset, location: Location, answer: Answer) -> None:
        self.grid.show(answer.tables[0], location.sort, self.grid.row)


class Slow:
    """A screen of which the complete answer waits for the test."""

    def __init__(self, error: LtvError | None = None) -> None:
        self.goes_on = threading.Event()
        self.asked = 0
        self.given_up = 0
        self._error = error

    def complete(self, dataset: Dataset, location: Location, report: Report) -> Answer:
        self.asked += 1
        report("1 of 2 done")
        self.goes_on.wait(60)
        try:
            report("2 of 2 done")
        except Exception:
            self.given_up += 1
            raise
        if self._error:
            raise self._error
        return _answer("complete")

    @property
    def spec(self) -> ViewSpec:
        return ViewSpec(
            "slow", SlowScreen, lambda dataset, location: _answer("sample", is_preliminary=True),
            complete=self.complete, key="9", title="Slow", help="Takes long.", actions={**FILTERED},
        )  # fmt: skip


def test_the_complete_answer_takes_the_place_of_the_first_one(corner: Path) -> None:
    slow = Slow()

    async def scenario(app: Driver) -> None:
        await app.press("9", "down")
        assert "sample" in app.text
        await app.sees("1 of 2 done · as of")
        slow.goes_on.set()
        await app.sees("complete")
        assert "sample" not in app.text
        assert "of 2 done" not in app.text
        assert app.main_screen.active.grid.row == 1  # the cursor stays
        await app.press("1", "9")
        assert "complete" in app.text
        assert slow.asked == 1

    drive(corner, scenario, views=(*VIEWS, slow.spec))


def test_who_goes_elsewhere_does_not_wait(corner: Path) -> None:
    slow = Slow()

    async def scenario(app: Driver) -> None:
        await app.press("9")
        await app.sees("1 of 2 done")
        await app.press("1")
        assert "of 2 done" not in app.text
        slow.goes_on.set()
        await app.until(lambda: slow.given_up, "the end of the worker")
        await app.press("9")
        await app.sees("complete")
        assert slow.asked == 2

    drive(corner, scenario, views=(*VIEWS, slow.spec))


def test_what_cannot_be_completed_is_said(corner: Path) -> None:
    slow = Slow(LtvError("too few customers", "Remove a filter."))

    async def scenario(app: Driver) -> None:
        slow.goes_on.set()
        await app.press("9")
        await app.sees("Remove a filter.")
        assert "sample" in app.text
        await app.press("1")
        assert app.main_screen.view == "overview"

    drive(corner, scenario, views=(*VIEWS, slow.spec))
