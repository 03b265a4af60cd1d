"""Help in lines that can be searched; the palette by names, other words and dimensions."""

from __future__ import annotations

from pathlib import Path

import pytest
from driving import Driver, drive

from ltvtui.present.definitions import DEFINITIONS
from ltvtui.tui.palette import BEGINS, BY_HELP, EXACT, fit
from ltvtui.tui.registry import registry_of
from ltvtui.tui.views.registry import VIEWS

TERMS = {"as_of": "2024-12-31"}
REGISTRY = registry_of(VIEWS)


def test_every_key_and_every_word_fits_on_a_line_of_the_narrowest_terminal() -> None:
    assert [c.help for c in REGISTRY.commands if len(c.help) > 61] == []
    assert [word for word, meaning in DEFINITIONS.items() if len(meaning) > 80] == []


def test_every_screen_has_words_and_all_are_defined() -> None:
    for view in VIEWS:
        assert view.vocabulary
        assert set(view.vocabulary) <= DEFINITIONS.keys(), view.name
        assert len(set(view.vocabulary)) == len(view.vocabulary), view.name


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
def test_help_is_searched(corner: Path, size: tuple[int, int]) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("question_mark")
        await app.sees("Go up one step of the trail")
        await app.press("slash")
        await app.type("churn gap")
        await app.sees("days without an order after which a customer has lapsed")
        assert "Go up one step of the trail" not in app.text
        await app.press("enter", "escape")  # all lines again
        await app.sees("Go up one step of the trail")
        await app.press("escape")
        await app.until(lambda: len(app.app.screen_stack) == 2, "the main screen")

    drive(corner, scenario, size=size, terms=TERMS)


def test_help_is_found_by_other_words_too(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("question_mark", "slash")
        await app.type("pdf")
        await app.sees("Export the table")
        await app.press(*["backspace"] * 3)
        await app.type("q?[b]")
        await app.sees("No line has “q?[b]”.")

    drive(corner, scenario, terms=TERMS)


def test_words_are_those_of_the_screen(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        for screen, has, not_ in (("5", "max CAC", "Pareto"), ("1", "Pareto curve", "max CAC")):
            await app.press(screen, "question_mark")
            await app.sees(has)
            assert not_ not in app.text.split("Words")[1].split("Columns")[0]
            await app.press("escape")

    drive(corner, scenario, size=(120, 110), terms=TERMS)


def best(query: str, view: str = "overview") -> str:
    found = {
        command.id: fit(query, command.label, command.synonyms, command.help, (command.shown,))[0]
        for command in REGISTRY.commands_of(view)
    }
    return max(found, key=lambda id: found[id]) if max(found.values()) else ""


@pytest.mark.parametrize(
    ("query", "id"),
    [
        *[("pdf", "export"), ("csv", "export"), ("excel", "export"), ("screenshot", "export")],
        *[("search", "filter"), ("where", "filter"), ("chart", "plot"), ("confidence", "intervals")],
        *[("margin", "terms"), ("settings", "terms"), ("vip", "tiers"), ("exit", "quit"), ("refresh", "reload")],
        *[("customers", "people"), ("save", "views"), ("split", "dimension"), ("x", "export"), ("Esc", "up")],
        *[("up", "up"), ("EXPORT", "export"), ("  sort ", "sort"), ("expo", "export"), ("nothing at all", "")],
    ],
)
def test_what_is_found_first(query: str, id: str) -> None:
    assert best(query) == id


def test_search_is_the_search_where_there_is_one() -> None:
    assert best("search", "explore") == "search"


def test_scores() -> None:
    assert fit("sort", "sort", (), "Sort it.") == (EXACT, "")
    assert fit("so", "sort", (), "") == (BEGINS, "")
    assert fit("rank", "sort", ("rank",), "")[1] == "rank"
    assert fit("column", "sort", (), "Sort by this column.") == (BY_HELP, "")
    assert fit("zebra", "sort", ("rank",), "Sort by this column.") == (0.0, "")


@pytest.mark.parametrize("typed", ["country", "group by country", "Country"])
def test_a_dimension_is_grouped_by_at_once(corner: Path, typed: str) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("ctrl+p")
        await app.until(lambda: len(app.app.screen_stack) == 3, "the palette")
        await app.type(typed)
        await app.sees("group by country")
        await app.press("enter")
        await app.until(lambda: app.location.by == ("country",), "by country")
        await app.settled()
        assert app.main_screen.view == "explore"
        await app.press("escape")
        assert app.main_screen.view == "overview"

    drive(corner, scenario, terms=TERMS)


def test_a_dimension_that_the_trail_has_settled_is_not_offered(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("enter", "ctrl+p")
        await app.until(lambda: len(app.app.screen_stack) == 3, "the palette")
        await app.type("group by")
        await app.sees("group by channel")
        assert "group by tier" not in app.text

    drive(corner, scenario, terms=TERMS)


def test_the_theme_is_in_it(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("ctrl+p")
        await app.until(lambda: len(app.app.screen_stack) == 3, "the palette")
        await app.type("light")
        await app.sees("Change the colours")
        await app.press("enter")
        await app.sees("textual-light")

    drive(corner, scenario, size=(120, 50), terms=TERMS)
