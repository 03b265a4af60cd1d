"""A new screen is one value: with nothing else said of it, it has a key, help, palette, drilling, saved views."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl
from driving import Driver, drive
from textual.app import ComposeResult

from ltvtui.analytics.snapshot import Snapshot
from ltvtui.present.tables import Column, Table
from ltvtui.query.query import Filter
from ltvtui.session.dataset import Dataset
from ltvtui.tui.actions import drilling
from ltvtui.tui.actions.sets import FILTERED, NOTED, SORTED
from ltvtui.tui.command import Command
from ltvtui.tui.location import Location, ViewState, choices
from ltvtui.tui.main_screen.main_screen import MainScreen
from ltvtui.tui.registry import registry_of
from ltvtui.tui.saved_views import read_location, write_location
from ltvtui.tui.views.answer import Answer
from ltvtui.tui.views.registry import VIEWS
from ltvtui.tui.views.spec import Expected, Outlook, ViewSpec
from ltvtui.tui.views.view import View, steps_of
from ltvtui.tui.widgets.caption import Caption
from ltvtui.tui.widgets.grid import Grid

# -- the whole of a screen: state, computation, widget, actions, value ---------------------------------


@dataclass(frozen=True)
class CountriesState(ViewState):
    """What is counted."""

    of: str = field(default="customers", metadata=choices(("customers", "orders")))


def by_country(snapshot: Snapshot) -> pl.DataFrame:
    rows = snapshot.customers.with_columns(snapshot.by("country")["country"])
    return rows.group_by("country").agg(pl.len().alias("customers"), pl.col("orders").sum()).sort("country")


def countries(dataset: Dataset, location: Location) -> Answer:
    of = location.state(CountriesState).of
    columns = (Column("country", "country"), Column(of, of, "count"))
    return Answer(tables=(Table(dataset.ask(by_country, location.query), columns),))


class CountriesScreen(View):
    def compose(self) -> ComposeResult:
        yield Caption()
        yield Grid()

    def show(self, dataset: Dataset, location: Location, answer: Answer) -> None:
        self.grid.show(answer.tables[0], location.sort, self.grid.row)
        self.query_one(Caption).show((f"{location.state(CountriesState).of} of countries",))

    def steps(self) -> tuple[Filter, ...]:
        return steps_of(self.grid, ("country",))


def turn(main_screen: MainScreen) -> None:
    of = main_screen.wanted.state(CountriesState).of
    main_screen.go(
        main_screen.wanted.changed(CountriesState, of="orders" if of == "customers" else "customers"), way="stay"
    )


COUNTRIES = ViewSpec(
    "countries",
    CountriesScreen,
    countries,
    key="9",
    title="Countries",
    help="Where customers live.",
    state=CountriesState,
    describe=lambda location: "countries",
    actions={
        **FILTERED, **SORTED, **NOTED,
        "drill": drilling.into_segments,
        "people": drilling.people,
    },
    commands=(
        Command("turn", "Z", "Z", "turn", "Count orders, or customers.", "Ask", run=turn, footer=70,
                why_not="Only on Countries: press 9."),
    ),
    entry=lambda outlook: Expected((outlook.location.at("countries", outlook.location.query),)),
)  # fmt: skip

# ------------------------------------------------------------------------------------------------------

WITH_TOY = (*VIEWS, COUNTRIES)
TERMS = {"as_of": "2024-12-31"}


def run(corner: Path, scenario: object, **how: object) -> None:
    drive(corner, scenario, terms=TERMS, views=WITH_TOY, **how)  # type: ignore[arg-type]


def footer(app: Driver) -> str:
    return "\n".join(app.text.splitlines()[-2:])


def test_its_key_leads_to_it_and_the_footer_names_it(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        assert "9 Countries" in footer(app)
        await app.press("Z")
        await app.sees("Only on Countries: press 9.")
        await app.press("9")
        assert app.main_screen.view == "countries"
        assert app.text.splitlines()[0].split("local")[0].rstrip().endswith("▸ countries")
        assert "customers of countries" in app.text
        assert "Z turn" in footer(app)
        await app.press("Z")
        assert "orders of countries" in app.text

    run(corner, scenario, size=(160, 36))


def test_the_palette_finds_it(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("ctrl+p")
        await app.until(lambda: len(app.app.screen_stack) == 3, "the palette")
        await app.type("countries")
        await app.sees("Where customers live")
        await app.press("enter")
        await app.until(lambda: app.main_screen.view == "countries", "countries")

    run(corner, scenario)


def test_help_tells_its_keys_alone(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("9", "question_mark")
        await app.sees("Count orders, or customers.")
        assert "Mark the cohort" not in app.text

    run(corner, scenario, size=(120, 90))


def test_drilling_and_back_keep_what_it_shows(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("9", "Z", "down")
        there, row = app.location, app.main_screen.active.steps()
        await app.press("enter")
        assert (app.main_screen.view, app.location.query.trail) == ("explore", row)
        assert app.location.state(CountriesState).of == "orders"
        await app.press("escape")
        assert app.location == there
        assert "orders of countries" in app.text
        await app.press("c")
        assert (app.main_screen.view, app.location.query.trail) == ("customers", row)

    run(corner, scenario)


def test_a_saved_view_remembers_it(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("9", "Z", "v", *"mine", "enter")
        await app.sees("was saved")
        await app.press("1", "v")
        await app.sees("countries")
        await app.press("enter")
        await app.until(lambda: app.location.view == "countries", "the saved view")
        await app.settled()
        assert app.location.state(CountriesState).of == "orders"

    run(corner, scenario)


def test_it_is_written_and_read_as_every_other() -> None:
    registry, location = registry_of(WITH_TOY), Location("countries").having(CountriesState("orders"))
    text = write_location(location, registry)
    assert text == '{"form": 1, "view": "countries", "countries": {"of": "orders"}}'
    assert read_location(text, registry).location == location


def test_it_is_expected_from_a_table_of_segments_and_in_the_key_table() -> None:
    registry = registry_of(WITH_TOY)
    assert COUNTRIES.entry(Outlook(None, Location("overview"))).soon == (Location("countries"),)  # type: ignore[arg-type]
    assert "| 9 | Where customers live |" in registry.key_table()
    other = replace(Location("countries"), by=("country",)).having(CountriesState("orders"))
    assert registry.question(other) == Location("countries", by=()).having(CountriesState("orders"))
