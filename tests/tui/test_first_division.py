"""Explore begins with the dimension that tells LTV apart most, where there is one and it is found."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest
from driving import Driver, drive

from ltvtui.session.dataset import Dataset
from ltvtui.tui.main_screen import lookahead


def shop(tmp_path: Path, dear: int) -> Path:
    """40 customers of each channel and of each city, of whom those by mail spend `dear` and a little, the others 10
    and a little; nothing else differs."""
    path = tmp_path / "channels.sqlite"
    rows = [
        (f"{channel}{i}", f"2024-0{1 + i % 3}-1{i % 7}", (dear if channel == "mail" else 10) + i % 5, channel, i % 2)
        for channel in ("mail", "web")
        for i in range(40)
    ]
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE orders (customer_id TEXT, order_date TEXT, amount REAL, channel TEXT, city)")
        cities = [(*row[:4], ("Bergen", "Oslo")[row[4]]) for row in rows]
        connection.executemany("INSERT INTO orders VALUES (?, ?, ?, ?, ?)", cities)
    connection.close()
    return path


TERMS = {"as_of": "2024-12-31"}


def test_explore_begins_with_what_tells_ltv_apart_most(tmp_path: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("2")
        assert app.location.by == ("channel",)
        assert "channel tells LTV apart most; d: another" in app.text
        await app.press("1", "left_square_bracket", "2")  # under other terms it stays, but is not said to be so
        assert app.location.by == ("channel",)
        assert "apart most" not in app.text

    drive(shop(tmp_path, dear=90), scenario, terms=TERMS)


def test_explore_begins_with_tiers_where_nothing_tells_ltv_apart(tmp_path: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("2")
        assert app.location.by == ("tier",)
        assert "apart most" not in app.text

    drive(shop(tmp_path, dear=10), scenario, terms=TERMS)


def test_who_comes_before_it_is_found_sees_tiers_and_stays_with_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_find, found = threading.Event(), lookahead.find_strongest_dimension

    def slow(dataset: Dataset, *others: object) -> None:
        assert may_find.wait(60)
        found(dataset, *others)  # type: ignore[arg-type]

    monkeypatch.setattr(lookahead, "find_strongest_dimension", slow)

    async def scenario(app: Driver) -> None:
        await app.press("2")
        assert app.location.by == ("tier",)
        may_find.set()
        await app.until(lambda: lookahead.has_strongest_dimension(app.main_screen.dataset), "what is strongest")
        await app.settled()
        assert app.location.by == ("tier",)
        await app.press("1", "2")
        assert app.location.by == ("channel",)

    drive(shop(tmp_path, dear=90), scenario, terms=TERMS)
