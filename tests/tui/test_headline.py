"""The sentence under the key figures: on every screen, in two lines at most, whole clauses and whole figures."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from driving import Driver, drive
from hypothesis import given
from hypothesis import strategies as st
from shops import COSTS, SALES, build
from textual.geometry import Size

from ltvtui.present.headline import sentence
from ltvtui.tui.views.matrix.state import BOARDS
from ltvtui.tui.widgets.headline import LINES, Headline
from ltvtui.tui.widgets.kpis import Kpis

TERMS = {"as_of": "2029-01-01"}
SIZES = [(80, 24), (120, 36), (200, 60)]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return build(tmp_path, SALES + COSTS)


def told(app: Driver) -> str:
    """What stands under the key figures."""
    widget = app.app.screen.query_one(Headline)
    assert widget.display
    return " ".join(line.plain for line in widget.render().split("\n"))


@pytest.mark.parametrize("size", SIZES)
def test_every_screen_has_its_own(shop: Path, size: tuple[int, int]) -> None:
    async def scenario(app: Driver) -> None:
        seen = [told(app)]
        for keys in (["2"], ["3"], ["4"], *[["tab"]] * (len(BOARDS) - 1), ["5"], ["8"], ["1", "c"], ["enter"]):
            await app.press(*keys)
            seen.append(told(app))
            lines = app.text.splitlines()
            assert len(lines) == size[1]
            assert max(map(len, lines)) <= size[0]
            strip, words = (app.app.screen.query_one(kind) for kind in (Kpis, Headline))
            assert words.region.y == 1 + strip.lines
            assert seen[-1].startswith(lines[words.region.y].strip())
            assert seen[-1].endswith(".")
        assert len(set(seen)) == len(seen)

    drive(shop, scenario, size=size, terms=TERMS)


def test_the_view_has_the_lines_that_it_leaves(shop: Path) -> None:
    async def scenario(app: Driver) -> None:
        for key in ("1", "3", "8", "5"):
            await app.press(key)
            assert app.main_screen.active.size == app.main_screen.frame.room

    drive(shop, scenario, size=(80, 24), terms=TERMS)


def test_a_narrower_terminal_shows_fewer_clauses_and_the_same_first(shop: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("5")
        wide = told(app)
        await app.pilot.resize_terminal(80, 24)
        await app.until(lambda: app.main_screen.frame.size == Size(80, 24), "the small terminal")
        await app.settled()
        narrow = told(app)
        assert narrow != wide
        assert wide.startswith(narrow.removesuffix("."))
        assert app.main_screen.active.size == app.main_screen.frame.room

    drive(shop, scenario, size=(200, 60), terms=TERMS)


def test_the_target_that_is_saved_is_the_one_that_is_said(shop: Path) -> None:
    async def scenario(app: Driver) -> None:
        assert "at target 3 pay up to 5.00 for a customer" in told(app)
        await app.press("5", "w", "tab", "5", "enter", "escape", "W")
        await app.until(lambda: app.location.settings.get("target") == "5.0", "the target")
        await app.press("1")
        assert "at target 5 pay up to 3.00 for a customer" in told(app)  # 15 for each, and a fifth of it

    drive(shop, scenario, size=(200, 60), terms=TERMS)


@pytest.mark.parametrize("made", ["corner", "shop"])
def test_no_width_cuts_a_clause(made: str, request: pytest.FixtureRequest) -> None:
    async def scenario(app: Driver) -> None:
        for keys in ("1", "2", "3", "4", "tab", "tab", "tab", "5", "6", "7", "tab", "tab", "tab", "8"):
            await app.press(keys)
            widget = app.app.screen.query_one(Headline)
            clauses = [_REMARKS.sub("", sentence([clause])) for clause in widget.clauses]
            for width in range(80, 201, 4):
                text = " ".join(widget._lines(width - 2))
                told = _REMARKS.sub("", text).removesuffix(".").split("; ")
                assert text.endswith("."), text
                whole = " ".join(clauses).lower()
                assert all(part.lower() in whole for part in told), text

    drive(request.getfixturevalue(made), scenario, terms=TERMS if made == "shop" else {"as_of": "2024-12-31"})


_REMARKS = re.compile(r" \([^()]*\)")
CLAUSES = st.lists(
    st.lists(st.sampled_from(["customers", "1 234 567", "57 %", "34.60 €", "bring", "of", "3 815 VIPs"]), min_size=1)
    .map(" ".join)
    .filter(lambda clause: len(clause) < 90),
    min_size=1,
    max_size=6,
)


@given(CLAUSES, st.integers(80, 220))
def test_whole_clauses_and_whole_figures(clauses: list[str], width: int) -> None:
    widget = Headline()
    widget.clauses = tuple(clauses)
    lines = widget._lines(width - 2)
    assert len(lines) == widget.lines_in(width) <= LINES
    assert all(len(line) <= width - 2 for line in lines)
    said = " ".join(lines)
    how_many = next(n for n in range(1, len(clauses) + 1) if sentence(clauses[:n]) == said)
    if how_many < len(clauses):
        # One more would not have fitted: less than a figure is left of the lines.
        assert len(sentence(clauses[: how_many + 1])) > (width - 2) * LINES - 2 * len("3 815 VIPs")
    for line, following in pairwise(lines):
        assert not (re.search(r"\d$", line) and re.match(r"\d{3}\b|[%€]", following))


def test_nothing_to_say_takes_no_line() -> None:
    assert Headline().lines_in(80) == 0
