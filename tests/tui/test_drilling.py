"""From the tiers to one customer's orders by keyboard alone, at every size."""

from __future__ import annotations

from pathlib import Path

import pytest
from driving import Driver, drive

from ltvtui.query.query import Filter

SIZES = [(80, 24), (120, 36), (200, 60)]
ALL_LAPSED = {"as_of": "2024-12-31"}


@pytest.mark.parametrize("size", SIZES)
def test_overview_to_card_and_back(corner: Path, size: tuple[int, int]) -> None:
    async def scenario(app: Driver) -> None:
        assert app.main_screen.view == "overview"
        for figure in ("184.21", "1.000", "1.90", "350.00"):
            assert figure in app.text, figure
        # Σ (x - 350)² = 990 000 of ten customers: SE² = 9 ÷ 10 · 990 000 ÷ 9² = 11 000, t(.975, 9) = 2.262157, and
        # 350 · exp(± 2.262157 · 104.8809 ÷ 350) = 177.69 … 689.39. At 80 columns it goes before the revenue.
        narrow = "10 cust · 184.21 × 1.000/mo × 1.90 mo = LTV ≥ 350.00 ±255.85 (11 of 12 mo)"
        for figure in (narrow,) if size[0] < 100 else ("3 500.00", "≥ 350.00 ±255.85", "LTV 11 of 12 mo"):
            assert figure in app.text, figure
        of = "" if size[0] < 100 else " of 12"  # in little room it takes fewer cells, so that it is seen at once
        for figure in (f"≥ 900.00 (11{of} mo)", f"≥ 400.00 (11{of} mo)", f"≥ 100.00 (10{of} mo)"):
            assert figure in app.text, figure
        await app.press("down", "enter")  # middle
        assert app.location.query.trail == (Filter("tier", "middle"),)
        assert app.main_screen.view == "explore"
        assert app.location.by == ("country",)
        await app.press("c")
        assert "3 customers" not in app.text  # c takes the row along: SE holds cat and dan
        assert app.location.query.trail[-1] == Filter("country", "SE")
        assert "2 customers" in app.text
        await app.press("enter")
        assert app.main_screen.view == "customer"
        for fact in ("Cat Cedar", "3 of 10 by revenue", "500.00", "2024-02-10"):
            assert fact in app.text, fact
        await app.press("escape", "escape", "escape")
        assert app.main_screen.view == "overview"
        assert app.location.query.trail == ()
        await app.press("escape")  # never out of the app
        assert app.main_screen.view == "overview"

    drive(corner, scenario, size=size, terms=ALL_LAPSED)


@pytest.mark.parametrize("size", SIZES)
def test_figures_are_never_cut(corner: Path, size: tuple[int, int]) -> None:
    async def scenario(app: Driver) -> None:
        for key in ("1", "2", "3", "8"):
            await app.press(key)
            lines = app.text.splitlines()
            assert len(lines) == size[1]
            assert max(len(line) for line in lines) <= size[0]

    drive(corner, scenario, size=size, terms=ALL_LAPSED)


def test_drilling_asks_for_the_next_dimension_and_remembers_it(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("2", "enter")
        await app.sees("Then by")
        await app.press("down", "enter")  # country is offered first, channel stands below
        await app.until(lambda: app.location.by == ("channel",), "explore by channel")
        await app.settled()
        await app.press("escape", "down", "enter")
        await app.sees("Then by")
        await app.press("enter")  # the last one used is offered again
        await app.until(lambda: app.location.query.trail[-1:] == (Filter("tier", "middle"),), "the middle tier")
        assert app.location.by == ("channel",)

    drive(corner, scenario, terms=ALL_LAPSED)


def test_the_end_of_the_trail_lists_customers(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("2", "enter")
        await app.sees("Then by")
        await app.press("home")
        await app.sees("customers: list them")
        await app.press("enter")
        await app.until(lambda: app.main_screen.view == "customers", "customers")
        await app.settled()
        assert "2 customers" in app.text
        assert "ann" in app.text
        assert "bob" in app.text

    drive(corner, scenario, terms=ALL_LAPSED)


def test_two_dimensions_crossed(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("2", "d")
        await app.sees("Group by")
        await app.press("space", "down", "space", "enter")
        await app.until(lambda: app.location.by == ("tier", "country"), "tier × country")
        await app.settled()
        # VIP are both Danish; middle cat and dan Swedish, eve Danish; economy fay and joe Danish, gus and
        # ida Swedish, of hal it is not known: six rows.
        assert "6 rows by tier × country" in app.text
        assert "unknown" in app.text
        await app.press("end", "c")
        assert app.location.query.trail == (Filter("tier", "economy"), Filter("country", None))
        assert "hal" in app.text

    drive(corner, scenario, terms=ALL_LAPSED)


def test_unknown_dimension_of_the_command_line(corner: Path) -> None:
    from ltvtui.tui.location import Location

    async def scenario(app: Driver) -> None:
        assert app.location.by == ("tier",)
        await app.sees("This shop has no dimension [b]shoe[/b].")

    drive(corner, scenario, start=Location("explore", by=("[b]shoe[/b]",)))
