"""Loading, failing, asking for columns, reading again."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from driving import Driver, drive
from shops import build
from textual_internals import all_workers_ended

from ltvtui.session import open_dataset
from ltvtui.sources.mapping_file import load, mapping_path
from ltvtui.tui.shop import reading

TWO_TABLES = "".join(
    f"""
    CREATE TABLE {name} (customer_id TEXT, order_date TEXT, amount REAL);
    INSERT INTO {name} VALUES ('{who}', '2024-01-01', 10), ('{who}', '2024-03-01', 20), ('x', '2024-02-01', 1);
    """
    for name, who in (("sales_north", "ann"), ("sales_south", "bob"))
)


def test_what_is_uncertain_is_asked_and_kept(tmp_path: Path, settings: Path) -> None:
    shop = build(tmp_path, TWO_TABLES)

    async def scenario(app: Driver) -> None:
        await app.sees("Columns of shop.sqlite")
        await app.sees("2 tables of the same columns could hold the orders:")
        await app.pilot.press("ctrl+s")  # not while a question is open
        await app.sees("Answer the question first.")
        for key in "sales_south":
            await app.pilot.press("underscore" if key == "_" else key)
        await app.sees("bob")  # the preview follows
        await app.until(lambda: "could hold the orders" not in app.text, "an answer")
        await app.pilot.press("ctrl+s")
        await app.until(lambda: app.main_screen.view == "overview", "the figures")
        await app.settled()
        await app.press("c")
        assert "bob" in app.text

    drive(shop, scenario, size=(100, 30), loaded=False)
    saved = load(mapping_path(settings, shop))
    assert saved is not None
    assert saved.mapping.orders == "sales_south"

    async def again(app: Driver) -> None:  # what was kept is not asked again
        assert app.main_screen.view == "overview"

    drive(shop, again)


def test_what_comes_out_follows_what_is_said(tmp_path: Path, settings: Path) -> None:
    """Two orders of ann and one of x; with the other column for the amount, none that can be read."""
    table = "CREATE TABLE orders (customer_id TEXT, order_date TEXT, amount REAL, note TEXT);"
    rows = "('ann', '2024-01-01', 10, 'a'), ('ann', '2024-03-01', 20, 'b'), ('x', '2024-02-01', 1, 'c')"
    shop = build(tmp_path, f"{table} INSERT INTO orders VALUES {rows};")

    async def scenario(app: Driver) -> None:
        await app.press("C")
        await app.sees("3 orders of 2 customers · revenue 31 · 2024-01-01 to 2024-03-01 · 0 of 3 rows")
        for _ in range(4):
            await app.pilot.press("down")
        for key in "note":
            await app.pilot.press(key)
        await app.sees("None of 3 rows is a usable order")
        for _ in range(4):
            await app.pilot.press("backspace")
        await app.sees("3 orders of 2 customers")

    drive(shop, scenario, size=(80, 24))
    drive(shop, scenario, size=(120, 36))


def test_a_table_and_a_column_are_picked_from_lists(tmp_path: Path, settings: Path) -> None:
    shop = build(tmp_path, TWO_TABLES)

    async def scenario(app: Driver) -> None:
        await app.sees("to choose.")
        await app.pilot.press("enter")
        await app.sees("sales_south                 customer_id, order_date, amount")
        await app.pilot.press("end", "enter")  # south, which stands below north
        await app.sees("3 orders of 2 customers · revenue 31")
        await app.pilot.press("down", "down", "enter")  # from the customer, whose turn it is, past the date
        await app.sees("╭─ date format")
        await app.pilot.press("escape")
        await app.pilot.press("ctrl+s")
        await app.until(lambda: app.main_screen.view == "overview", "the figures")

    drive(shop, scenario, size=(80, 24), loaded=False)
    saved = load(mapping_path(settings, shop))
    assert saved is not None
    assert saved.mapping.orders == "sales_south"


def test_a_column_is_changed_on_screen(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("C")
        await app.sees("Columns of corner.sqlite")
        await app.pilot.press("down")
        for key in "shoe":
            await app.pilot.press(key)
        await app.sees("has no column")
        await app.pilot.press("ctrl+s")
        await app.sees("Answer the question first.")
        await app.pilot.press("escape")
        await app.until(lambda: app.app.screen is app.main_screen, "the main screen again")
        assert app.main_screen.view == "overview"

    drive(corner, scenario)


def test_a_failure_says_what_and_how(tmp_path: Path) -> None:
    shop = build(
        tmp_path,
        """
        CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id TEXT, order_date TEXT, amount REAL);
        INSERT INTO orders VALUES (1, NULL, '2024-01-01', 10), (2, NULL, '2024-01-02', 20);
        """,
    )

    async def scenario(app: Driver) -> None:
        await app.sees("try again")
        assert "is a usable order" in app.text or "could" in app.text or "looks like" in app.text
        await app.pilot.press("2")
        await app.sees("Nothing is loaded yet.")

    drive(shop, scenario, loaded=False)


@pytest.fixture
def slow_reading(monkeypatch: pytest.MonkeyPatch) -> tuple[threading.Event, threading.Event]:
    """Readings that begin (first event) and then wait until they may end (second event) or are cancelled."""
    begun, may_end = threading.Event(), threading.Event()
    whole = open_dataset.open_shop

    def slow(request, progress=None, cancelled=None, today=None, early=None, **others):  # type: ignore[no-untyped-def]
        progress(1_000, 4_000)
        begun.set()
        while not may_end.wait(0.01):
            if cancelled():
                raise reading.Cancelled
        return whole(request, progress, cancelled, today, early, **others)

    monkeypatch.setattr(reading, "open_shop", slow)
    return begun, may_end


def test_progress_is_told_and_keys_answer_while_reading(
    corner: Path, slow_reading: tuple[threading.Event, threading.Event]
) -> None:
    begun, may_end = slow_reading

    async def scenario(app: Driver) -> None:
        await app.until(begun.is_set, "the reading")
        await app.sees("1 000 of 4 000 rows read")
        await app.pilot.press("question_mark")  # help answers while rows are read
        await app.sees("Go up one step")
        await app.pilot.press("escape")
        may_end.set()
        await app.until(lambda: app.main_screen.view == "overview", "the figures")

    drive(corner, scenario, loaded=False)


def test_esc_cancels_the_reading_and_r_begins_again(
    corner: Path, slow_reading: tuple[threading.Event, threading.Event]
) -> None:
    begun, may_end = slow_reading

    async def scenario(app: Driver) -> None:
        await app.until(begun.is_set, "the reading")
        await app.pilot.press("escape")
        await app.sees("The reading was cancelled.")
        await app.until(lambda: all_workers_ended(app.app), "the worker's end")
        may_end.set()
        await app.pilot.press("r")
        await app.until(lambda: app.main_screen.view == "overview", "the figures")

    drive(corner, scenario, loaded=False)


def test_reading_again_keeps_the_place(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("enter")
        location = app.location
        await app.pilot.press("r")
        await app.until(
            lambda: app.main_screen.view == "explore" and app.main_screen.wanted is app.location, "the figures"
        )
        assert app.location == location

    drive(corner, scenario, terms={"as_of": "2024-12-31"})
