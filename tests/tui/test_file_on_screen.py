"""A csv on screen: read with progress, cancelled, read again when it has changed."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from driving import Driver, drive

from ltvtui.sources.files import table_file
from ltvtui.sources.mapping_file import load, mapping_path

LINES = [f"{n},c{n % 12},2024-{n % 9 + 1:02}-11,10" for n in range(1, 61)]


@pytest.fixture
def orders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LTVTUI_CACHE_DIR", str(tmp_path / "cache"))
    path = tmp_path / "orders.csv"
    path.write_text("\n".join(("order_id,customer_id,order_date,amount", *LINES, "")))
    return path


def test_it_opens_under_its_own_name_and_follows_the_file(orders: Path) -> None:
    async def scenario(app: Driver) -> None:
        assert app.text.splitlines()[0].lstrip().startswith("orders.csv")
        assert "600" in app.text
        await app.until(lambda: app.app.parts.shop.opened, "all of the shop")
        with orders.open("a") as file:
            file.write("61,c1,2024-09-12,23\n")
        await app.pilot.press("r")
        await app.sees("623")
        await app.sees("orders.csv was read again: 1 row more")

    drive(orders, scenario)


def test_its_mapping_is_kept_under_its_own_name(orders: Path, settings: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("C")
        await app.sees("Columns of orders.csv")
        await app.sees("customer_id")
        await app.until(lambda: "Examining" not in app.text, "the preview")
        await app.pilot.press("ctrl+s")
        await app.until(
            lambda: app.app.screen is app.main_screen and app.main_screen.view == "overview", "the figures"
        )
        await app.settled()

    drive(orders, scenario)
    saved = load(mapping_path(settings, orders))
    assert saved is not None
    assert saved.mapping.orders == "orders"


def test_esc_cancels_while_the_file_is_read(orders: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, whole = threading.Event(), table_file.fill_fresh

    def slow(path, loads, tell, stopped):  # type: ignore[no-untyped-def]
        tell(1_000, 4_000)
        begun.set()
        while not stopped():
            threading.Event().wait(0.01)
        return whole(path, loads, tell, stopped)

    monkeypatch.setattr(table_file, "fill_fresh", slow)

    async def scenario(app: Driver) -> None:
        await app.until(begun.is_set, "the reading")
        await app.sees("1 000 of 4 000 rows read")
        await app.pilot.press("escape")
        await app.sees("The reading was cancelled.")
        await app.until(lambda: not list((tmp_path / "cache").iterdir()), "the end of what had begun")
        monkeypatch.setattr(table_file, "fill_fresh", whole)
        await app.pilot.press("r")
        await app.until(lambda: app.main_screen.view == "overview", "the figures")
        assert "600" in app.text

    drive(orders, scenario, loaded=False)


def test_a_broken_file_says_where_and_is_read_when_it_is_mended(orders: Path) -> None:
    good = orders.read_text()
    orders.write_text(good + "62,c1\n")

    async def scenario(app: Driver) -> None:
        await app.sees("orders.csv cannot be read: line 62 has 2 fields, the header 4.")
        await app.sees("Correct or remove that line")
        orders.write_text(good)
        await app.pilot.press("r")
        await app.until(lambda: app.main_screen.view == "overview", "the figures")

    drive(orders, scenario, loaded=False, size=(80, 24))
