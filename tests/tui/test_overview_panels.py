"""What Overview shows on a large screen beside tiers: it obeys filters and the as-of day, and gives way elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from driving import Driver, drive
from shops import COSTS, SALES, build

TITLES = ("LTV by channel", "Repeat purchase", "No VIP is fading", "the newest complete month")


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """90 customers by three channels of 2024-01-01; 45 of them order for 6 after 31 days, and for 4 after 62."""
    return build(tmp_path, SALES + COSTS)


def row(app: Driver, *words: str) -> list[str]:
    """What stands behind these words in their line of the screen."""
    begin = " ".join(words)
    lines = (" ".join(line.split()) for line in app.text.splitlines())
    return next(line[line.index(begin) :] for line in lines if begin in line).removeprefix(begin).split()


@pytest.mark.parametrize(("size", "shown"), [((200, 60), True), ((120, 60), False), ((200, 40), False)])
def test_panels_are_there_where_they_have_room(shop: Path, size: tuple[int, int], shown: bool) -> None:
    async def scenario(app: Driver) -> None:
        assert [title in app.text for title in TITLES] == [shown] * 4
        assert "Cumulative LTV by tier" in app.text

    drive(shop, scenario, size=size, terms={"as_of": "2025-06-30"})


def test_they_are_of_the_as_of_day(shop: Path) -> None:
    """In March 2024 45 customers brought 4 each, 180; 45 had brought 6 in February, 270: a third less. Nobody is new:
    all came in January, which is the first month and whole. Of 90 half ordered again after 31 days."""

    async def scenario(app: Driver) -> None:
        assert row(app, "Feb 2024")[:7] == ["45", "0.0", "%", "0", "270.00", "-33.3", "%"]
        assert row(app, "2nd order")[:5] == ["90", "0.0", "%", "50.0", "%"]

    drive(shop, scenario, size=(200, 60), terms={"as_of": "2024-03-31"})


def test_they_obey_filters(shop: Path) -> None:
    """By one channel 30 came, 15 of them again; to cut them by channel tells nothing."""

    async def scenario(app: Driver) -> None:
        assert row(app, "2nd order")[:1] == ["90"]
        await app.press("f", *"channel", "equals_sign", *"ads", "enter")
        await app.until(lambda: row(app, "2nd order")[:1] == ["30"])
        assert "LTV by channel" not in app.text
        assert row(app, "3rd order")[:5] == ["15", "0.0", "%", "100.0", "%"]

    drive(shop, scenario, size=(200, 60), terms={"as_of": "2025-06-30"})
