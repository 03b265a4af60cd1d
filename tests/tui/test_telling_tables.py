"""Tables on screen at three sizes: the most telling columns first, bars, colours with letters, both keys in sight."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from driving import Driver, drive
from shops import COSTS, SALES, build
from textual_internals import strips_of

from ltvtui.present.pivot import Pivot, pivot
from ltvtui.query.query import Filter
from ltvtui.tui.views.explore.view import ExploreScreen

TERMS = {"as_of": "2025-06-30", "margin": "0.5"}


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return build(tmp_path, SALES + COSTS)


def lines(app: Driver, *first: str) -> list[str]:
    """The lines of the screen that begin with one of these words."""
    return [line for line in app.text.splitlines() if line.split()[:1] and line.split()[0] in first]


# Of 90 customers 45 bought for 20, and 45 for 10: 900 and 450 of 1 350. On half of it as margin they are worth 10 and
# 5, where all are worth 7.50: 1.33 and 0.67 times that. VIPs stay three months, the others one.
OVERVIEW = {
    80: [
        " tier     customers  % cust   lapsed  revenue   % rev    LTV  life, mo  × all ›",
        " VIP             45  50.0 %  100.0 %   900.00  66.7 %  10.00      3.00   1.33",
        " economy         45  50.0 %  100.0 %   450.00  33.3 %   5.00      1.00   0.67",
    ],
    120: [
        " tier     customers      of customers   lapsed  revenue        of revenue    LTV  lifetime"
        ", mo  × all  95 % from     7›",
        " VIP             45  ██████    50.0 %  100.0 %   900.00  ████████  66.7 %  10.00          "
        "3.00   1.33      10.00",
        " economy         45  ██████    50.0 %  100.0 %   450.00  ████      33.3 %   5.00          "
        "1.00   0.67       5.00",
    ],
    200: [
        " tier     customers            of customers   lapsed  revenue              of revenue    L"
        "TV  × all  95 % from     to  avg check  orders/mo  lifetime, mo  margin  orders  per cust "
        " avg check",
        " VIP             45  ██████████▌     50.0 %  100.0 %   900.00  ██████████████  66.7 %  10."
        "00   1.33      10.00  10.00       6.67      1.000          3.00  50.0 %     135      3.00 "
        "      6.67",
        " economy         45  ██████████▌     50.0 %  100.0 %   450.00  ███████         33.3 %   5."
        "00   0.67       5.00   5.00      10.00      1.000          1.00  50.0 %      45      1.00 "
        "     10.00",
    ],
}
HEIGHTS = {80: 24, 120: 36, 200: 60}


@pytest.mark.parametrize("width", HEIGHTS)
def test_ltv_and_lifetime_of_tiers_are_seen_without_scrolling(shop: Path, width: int) -> None:
    async def scenario(app: Driver) -> None:
        shown = [line for line in lines(app, "tier", "VIP", "economy") if "from 10.00" not in line]
        assert shown[:3] == OVERVIEW[width]

    drive(shop, scenario, size=(width, HEIGHTS[width]), terms=TERMS)


@pytest.mark.parametrize("width", HEIGHTS)
def test_both_keys_stay_in_sight_and_g_crosses_them(shop: Path, width: int) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("2", "d", "c", "space", "t", "space", "enter")
        assert app.location.by == ("channel", "tier")
        await app.press(*["right"] * 12)
        assert next(line for line in lines(app, "channel") if "tier" in line).replace("‹", " ").split()[1] == "tier"
        assert all(line.split()[1] in {"VIP", "economy"} for line in lines(app, "ads", "mail")[:4])
        await app.press("g")
        view = app.main_screen.active
        assert isinstance(view, ExploreScreen)
        assert view.is_pivoted
        while "metric: customers" not in app.text:
            await app.press("m")
        assert lines(app, "ads", "mail", "organic")[:3] == [
            " ads                    15       15",
            " mail                   15       15",
            " organic                15       15",
        ]
        assert "1/7 (m) · g for the list" in app.text
        assert " channel ↓ tier →" in app.text  # which stands down, and which across
        await app.press("home", *["left"] * 8, "right", "right", "c")  # of the first row the second column
        assert app.location.query.trail == (Filter("channel", "ads"), Filter("tier", "economy"))
        await app.press("escape", "g")
        assert "metric:" not in app.text

    drive(shop, scenario, size=(width, HEIGHTS[width]), terms=TERMS)


def test_a_verdict_has_a_letter_and_a_negative_headroom_stands_out(shop: Path) -> None:
    """CAC 12 against 2.50 at most is 9.50 too much."""

    async def scenario(app: Driver) -> None:
        await app.press("5")
        (line,) = lines(app, "ads")[:1]
        assert line.split()[1:3] == ["P", "pause"]
        assert "-9.50" in line
        (strip,) = [strip for strip in strips_of(app.app.screen) if "-9.50" in "".join(s.text for s in strip)][:1]
        (cell,) = [segment for segment in strip if "-9.50" in segment.text]
        assert cell.style is not None
        assert cell.style.bold

    drive(shop, scenario, size=(120, 36), terms=TERMS)


def test_the_heat_map_is_made_in_a_worker_and_goes_along_with_the_location(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No key waits for it; a customer's card and back, it is there again, of the same metric."""
    threads: list[threading.Thread] = []

    def watched(*asked: Any) -> Pivot:
        threads.append(threading.current_thread())
        return pivot(*asked)

    monkeypatch.setattr("ltvtui.tui.views.explore.compute.pivot", watched)

    async def scenario(app: Driver) -> None:
        await app.press("2", "d", "c", "space", "t", "space", "enter", "g", "m")
        before = app.text
        assert "metric:" in before
        assert threads
        assert threading.main_thread() not in threads
        await app.press("c")
        assert app.main_screen.view == "customers"
        await app.press("escape")
        assert app.text == before

    drive(shop, scenario, size=(120, 36), terms=TERMS)
