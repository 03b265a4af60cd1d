"""Exports from the screen: the dialog, every view, pictures, progress, Esc and q."""

from __future__ import annotations

import csv
import hashlib
import sys
import tomllib
from collections.abc import Iterator
from importlib.machinery import ModuleSpec
from pathlib import Path
from threading import Event
from types import ModuleType
from typing import Any

import polars as pl
import pytest
from driving import Driver, drive
from pictures import text_of
from shops import COSTS, SALES, build
from textual.widgets import Input
from textual_internals import is_leaving

from ltvtui.exporting import source
from ltvtui.exporting.values import chunks
from ltvtui.present.tables import Table
from ltvtui.tui.dialogs.export import ExportDialog
from ltvtui.tui.location import Location
from ltvtui.tui.main_screen.export_progress import ExportProgress

SIZES = [(80, 24), (120, 36)]
TERMS = {"as_of": "2024-12-31"}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which the app was started."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


async def choose(app: Driver, title: str) -> None:
    """Go to the line of the dialog that begins so."""
    dialog = app.app.screen
    assert isinstance(dialog, ExportDialog)
    location = next(n for n, offer in enumerate(dialog._offers) if offer.title.startswith(title))
    await app.press(*["down"] * location)


def fill(app: Driver, **texts: str) -> None:
    """Type into fields of the dialog."""
    for name, text in texts.items():
        app.app.screen.query_one(f"#{name}", Input).value = text


async def sent(app: Driver) -> None:
    """Wait until what is on its way has left."""
    await app.until(lambda: not app.main_screen.query_one(ExportProgress).busy, "the export")
    await app.settled()


@pytest.mark.parametrize("size", SIZES)
def test_what_i_see_is_written_with_full_precision(corner: Path, here: Path, size: tuple[int, int]) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("x")
        for told in ("current table: 3 rows of overview", "customers behind it", "ad audience: no e-mail column"):
            assert told in app.text
        assert "Enter export" in app.text
        await app.press("enter")
        await sent(app)
        await app.sees("Exported")
        assert "3 rows" in app.text
        found = {row["tier"]: row for row in rows(here / "corner-overview-2024-12-31.csv")}
        # fixtures/corner_shop.sql: of 3500 VIP have 1800; LTV 900 = check 225 × 1 × 4.
        vip = found["VIP"]
        assert [float(vip[k]) for k in ("customers", "revenue", "ltv", "check", "retention_months")] == [
            *(2, 1800, 900, 225, 4),
        ]
        assert float(vip["revenue_share"]) == 1800 / 3500
        assert vip["few"] == "true"

    drive(corner, scenario, size=size, terms=TERMS)


@pytest.mark.parametrize("size", SIZES)
def test_the_customers_behind_a_row(corner: Path, here: Path, size: tuple[int, int]) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("enter", "x")  # into VIP
        await choose(app, "customers behind it")
        fill(app, file="vip.parquet", columns="name, revenue, last order")
        await app.press("enter")
        await sent(app)
        found = pl.read_parquet(here / "vip.parquet")
        assert found.columns == ["name", "revenue", "last"]
        assert found.rows()[1][:2] == ("Bob Birch", 800.0)
        assert found.height == 2

    drive(corner, scenario, size=size, terms=TERMS)


def test_the_list_is_written_as_it_is_sorted_and_narrowed(corner: Path, here: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("s", "slash", *"se", "enter", "x", "enter")  # by id; of Sweden
        await sent(app)
        found = rows(here / "corner-customers-2024-12-31.csv")
        assert [row["id"] for row in found] == ["cat", "dan", "gus", "ida"]
        assert [float(row["average_check"]) for row in found] == [250, 200, 150, 50]
        await app.press("x")
        await choose(app, "customers behind it")
        fill(app, file="all.csv", columns="customer")
        await app.press("enter")
        await sent(app)
        everybody = ["ann", "bob", "cat", "dan", "eve", "fay", "gus", "hal", "ida", "joe"]
        assert [row["id"] for row in rows(here / "all.csv")] == everybody

    drive(corner, scenario, start=Location("customers"), terms=TERMS)


SHOWN = [
    # By the cohort of 2024-01: 5 customers; in month 1 all of them came back.
    ("3", "cohorts", lambda found: [found[1]["cohort"], found[1]["size"], found[1]["1"]], ["2024-01", "5", "100"]),
    ("4", "matrix", lambda found: "all" not in found[0] and "few" not in found[0], True),
    # Nothing is known of spend: null, not 0.
    ("5", "budget", lambda found: {row["spend"] for row in found}, {""}),
    ("8", "quality", lambda found: {r["what"]: r["amount"] for r in found}["no customer id"], "40"),
]


@pytest.mark.parametrize(("key", "name", "look", "expected"), SHOWN, ids=[s[1] for s in SHOWN])
def test_every_view_can_be_written(corner: Path, here: Path, key: str, name: str, look: Any, expected: Any) -> None:
    async def scenario(app: Driver) -> None:
        await app.press(key, "x", "enter")
        await sent(app)
        assert look(rows(here / f"corner-{name}-2024-12-31.csv")) == expected

    drive(corner, scenario, terms=TERMS)


def test_the_orders_of_a_card(corner: Path, here: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("c", "enter", "x", "enter")  # ann
        await sent(app)
        found = rows(here / "corner-orders-2024-12-31.csv")
        assert [(r["day"], float(r["amount"]), float(r["total"]), r["gap"]) for r in found] == [
            ("2024-04-11", 250, 1000, "31"),
            ("2024-03-11", 250, 750, "30"),
            ("2024-02-10", 250, 500, "31"),
            ("2024-01-10", 250, 250, ""),
        ]

    drive(corner, scenario, terms=TERMS)


def test_a_budget_tells_what_it_knows_in_figures(tmp_path: Path, here: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("5", "x", "enter")
        await sent(app)
        found = {row["channel"]: row for row in rows(here / "shop-budget-2029-01-01.csv")}
        # 30 customers for 360: CAC 12; LTV 15; M0 = 10, M1 = 13: 1 - 1 + (12 - 10) / (13 - 10) = 2/3 months.
        ads = found["ads"]
        assert [float(ads[k]) for k in ("new_customers", "spend", "cac", "ltv")] == [30, 360, 12, 15]
        assert float(ads["payback_months"]) == pytest.approx(2 / 3, rel=1e-12)
        assert (found["organic"]["spend"], found["organic"]["cac"]) == ("", "")
        assert "all" in found

    drive(build(tmp_path, SALES + COSTS), scenario, terms={"as_of": "2029-01-01", "churn_gap": "40"})


def test_a_copied_number_below_zero_stays_a_number(tmp_path: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("5", "down")  # below mail, of which more can be paid
        headings, ads = (line.split("\t") for line in app.main_screen.active.copied_text().splitlines())
        # The largest CAC is 15 / 3 = 5, and 12 is paid.
        assert dict(zip(headings, ads, strict=True))["headroom"] == "-7.00"

    drive(build(tmp_path, SALES + COSTS), scenario, terms={"as_of": "2029-01-01", "churn_gap": "40"})


@pytest.mark.parametrize("size", SIZES)
def test_an_audience_from_the_screen(tmp_path: Path, here: Path, size: tuple[int, int]) -> None:
    shop = build(
        tmp_path,
        """
        CREATE TABLE customers (customer_id TEXT PRIMARY KEY, email TEXT, phone TEXT);
        CREATE TABLE orders (order_id INTEGER PRIMARY KEY, customer_id TEXT, ordered_at TEXT, amount REAL);
        INSERT INTO customers VALUES ('a', 'A.B+c@gmail.com', '(800)555-0100'),
            ('b', 'none', NULL), ('c', NULL, NULL);
        INSERT INTO orders VALUES (1, 'a', '2024-01-01', 10), (2, 'b', '2024-01-01', 5), (3, 'c', '2024-01-02', 2);
        """,
    )

    async def scenario(app: Driver) -> None:
        await app.press("x")
        await choose(app, "ad audience for Google")
        assert "phone country" in app.text
        fill(app, country="Denmark")
        await app.press("enter")
        assert "Unknown country: 'Denmark'" in app.text
        fill(app, country="US")
        await app.press("enter")
        await sent(app)
        for told in ("1 row", "Written: 1 × e-mail, 1 × phone", "1 customer without a contact", "malformed"):
            assert told in app.text
        forms = {"Email": "ab@gmail.com", "Phone": "+18005550100"}
        hashes = {name: hashlib.sha256(form.encode()).hexdigest() for name, form in forms.items()}
        assert rows(here / "shop-google-2024-01-02.csv") == [hashes]

    drive(shop, scenario, size=size)


class _Rasteriser(ModuleType):
    """Stands in for the library that is no part of a plain installation."""

    @staticmethod
    def svg_to_bytes(svg_string: str, zoom: int) -> bytes:
        """What it was asked for."""
        return f"PNG of an {svg_string[1:4]}, {zoom} times".encode()


RASTERISER = _Rasteriser("resvg_py")
RASTERISER.__spec__ = ModuleSpec("resvg_py", None)


def test_pictures_of_plot_and_screen(corner: Path, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario(app: Driver) -> None:
        for title, name in (("current plot", "plot"), ("whole screen", "screen")):
            for ending in ("svg", "txt"):
                await app.press("x")
                await choose(app, title)
                fill(app, file=f"{name}.{ending}")
                await app.press("enter")
                await sent(app)
        plot, screen = (here.joinpath(f"{name}.txt").read_text("utf-8") for name in ("plot", "screen"))
        assert "Cumulative LTV by tier" in plot
        assert "average check" not in plot
        assert len(screen.splitlines()) == 36
        for told in ("corner.sqlite", "VIP", "Cumulative LTV by tier", "2024-12-31"):
            assert told in screen
            assert "Export" not in screen  # no dialog stands over it
        for name in ("plot", "screen"):
            drawn = here.joinpath(f"{name}.svg").read_text("utf-8")
            assert drawn.startswith("<svg")
            assert "Cumulative LTV by tier" in text_of(drawn)
        monkeypatch.setitem(sys.modules, "resvg_py", None)
        await app.press("x")
        await choose(app, "whole screen")
        fill(app, file="screen.png")
        await app.press("enter")
        assert "PNG needs the package resvg-py" in app.text
        assert "pip install 'ltvtui[png]'" in app.text
        monkeypatch.setitem(sys.modules, "resvg_py", RASTERISER)
        await app.press("enter")
        await sent(app)
        assert here.joinpath("screen.png").read_bytes() == b"PNG of an svg, 2 times"

    drive(corner, scenario, terms=TERMS)


@pytest.mark.parametrize("size", SIZES)
def test_what_is_there_is_replaced_only_when_that_is_said(corner: Path, here: Path, size: tuple[int, int]) -> None:
    async def scenario(app: Driver) -> None:
        path = here / "mine.csv"
        path.write_text("mine")
        await app.press("x")
        fill(app, file="mine.csv")
        await app.press("enter")
        assert "Replace it" in app.text
        await app.press("enter")  # the first answer leaves it
        assert isinstance(app.app.screen, ExportDialog)
        assert path.read_text() == "mine"
        await app.press("enter", "down", "enter")
        await sent(app)
        assert len(rows(path)) == 3

    drive(corner, scenario, size=size, terms=TERMS)


def test_a_table_of_another_database_is_asked_for(corner: Path, here: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("x")
        assert "table in an SQLite file" not in app.text
        fill(app, file="mine.sqlite")
        await app.settled()
        assert "table in an SQLite file" in app.text
        fill(app, table="tiers")
        await app.press("enter")
        await sent(app)
        await app.sees("table tiers")
        await app.press("x")
        fill(app, file="mine.sqlite", table="tiers")
        await app.press("enter")
        assert "Replace it" in app.text

    drive(corner, scenario, terms=TERMS)


def test_mistakes_are_told_in_the_dialog(corner: Path, here: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("x")
        for texts, told in (
            ({"file": ""}, "Enter a file name"),
            ({"file": "nowhere/x.csv"}, "There is no folder"),
            ({"file": "x.pdf"}, "Cannot infer the format"),
            ({"file": str(corner)}, "belongs to the shop"),
            ({"file": "x.csv", "columns": "tier, revenu"}, "Did you mean revenue?"),
        ):
            fill(app, **texts)
            await app.press("enter")
            assert told in " ".join(app.text.replace("│", " ").split()), texts
        await app.press("escape")
        assert not list(here.iterdir())

    drive(corner, scenario, terms=TERMS)


def test_the_folder_is_remembered(corner: Path, here: Path, tmp_path: Path, settings: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()

    async def export(app: Driver) -> None:
        await app.press("x")
        fill(app, file=str(elsewhere / "x.csv"))
        await app.press("enter")
        await sent(app)

    async def again(app: Driver) -> None:
        await app.press("x")
        assert app.app.screen.query_one("#file", Input).value == str(elsewhere / "corner-overview-2024-12-31.csv")

    drive(corner, export, terms=TERMS)
    assert tomllib.loads((settings / "config.toml").read_text("utf-8"))["export_folder"] == str(elsewhere)
    drive(corner, again, terms=TERMS)


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Event:
    """Every export waits, after its first rows are written, until this is set."""
    gate = Event()

    def slowly(table: Table) -> Iterator[pl.DataFrame]:
        for chunk in chunks(table):
            yield chunk.head(1)
            assert gate.wait(60)
            yield chunk.tail(-1)

    monkeypatch.setattr(source, "chunks", slowly)
    return gate


@pytest.mark.parametrize("size", SIZES)
def test_escape_stops_it_and_nothing_was_written(
    corner: Path, here: Path, held: Event, size: tuple[int, int]
) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("x", "enter")
        await app.sees("33 % · Esc cancels")  # one row of three
        assert "writing corner-overview" in app.text
        await app.press("2")  # meanwhile everything works
        assert app.location.view == "explore"
        await app.press("x")
        await app.sees("is running")  # one at a time
        await app.press("escape")
        assert app.location.view == "explore"
        held.set()
        await sent(app)
        await app.sees("nothing was written")
        assert not list(here.iterdir())
        assert "Esc cancels" not in app.text

    drive(corner, scenario, size=size, terms=TERMS)


def test_leaving_asks_while_something_is_on_its_way(corner: Path, here: Path, held: Event) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("x", "enter", "q")
        await app.sees("Stay until it is finished")
        await app.press("enter")
        held.set()
        await sent(app)
        assert len(rows(here / "corner-overview-2024-12-31.csv")) == 3
        await app.press("q")  # now nothing is asked
        assert "Stay" not in app.text
        assert is_leaving(app.app)

    drive(corner, scenario, terms=TERMS)


def test_leaving_all_the_same_writes_nothing(corner: Path, here: Path, held: Event) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("x", "enter", "q")
        await app.sees("Stay until it is finished")
        await app.press("down", "enter")
        assert is_leaving(app.app)
        app.app.workers.cancel_all()  # as the app does when it ends
        held.set()

    drive(corner, scenario, terms=TERMS)
    assert not [path for path in here.iterdir() if not path.name.startswith(".")]
