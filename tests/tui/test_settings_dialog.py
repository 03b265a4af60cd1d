"""A: what is typed into a setting, stepped by a key, and what it would do."""

from __future__ import annotations

from pathlib import Path

import pytest
from driving import Driver, drive
from textual.widgets import Input

from ltvtui.days import iso, last_day_of
from ltvtui.errors import LtvError
from ltvtui.tui.dialogs.stepping import NumberSteps, WordSteps

TERMS = {"as_of": "2024-12-31"}


def field(app: Driver, name: str) -> str:
    return app.app.screen.query_one(f"#{name}", Input).value


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
def test_the_day_goes_by_months_and_the_effect_is_seen_before_it_holds(corner: Path, size: tuple[int, int]) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("A")
        await app.sees("Orders from 2024-01-10 to ")
        await app.press("left_square_bracket")
        assert field(app, "as_of") == "2024-11-30"  # an end of a month goes to another one
        await app.press(*["left_square_bracket"] * 10)
        assert field(app, "as_of") == "2024-01-31"
        await app.until(lambda: app.text.count("now  ") and app.text.count("then "), "the effect")
        await app.until(lambda: effect(app, "then") != effect(app, "now"), "fewer customers")
        assert app.location.query.as_of is not None
        assert iso(app.location.query.as_of) == "2024-12-31"
        await app.press("enter")
        await app.until(lambda: app.location.query.as_of != last_day_of("2024"), "the day")
        assert iso(app.location.query.as_of) == "2024-01-31"

    drive(corner, scenario, size=size, terms=TERMS)


def effect(app: Driver, name: str) -> list[str]:
    """The figures of that line."""
    line = next((line for line in app.text.splitlines() if f"│ {name}  " in line), "")
    return line.partition(f"│ {name}  ")[2].partition("│")[0].split()


def test_up_and_down_go_through_the_fields_and_each_has_its_steps(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("A", "down", "right_square_bracket")
        assert field(app, "horizon") == "13"
        await app.sees("Months of a customer's life that LTV counts.")
        await app.press("down", "down", "right_square_bracket")
        assert field(app, "entry") == "all"
        await app.press("down", "left_square_bracket")
        assert field(app, "margin") == "0.95"
        await app.press("down", "down", "left_square_bracket")
        assert field(app, "week_start") == "Sunday"
        await app.press("up", "right_square_bracket")
        assert field(app, "discount") == "0.01"

    drive(corner, scenario, terms=TERMS)


def test_a_month_is_its_last_day(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("A")
        await app.type("2024-02")
        await app.press("enter")
        await app.until(lambda: app.location.query.as_of == last_day_of("2024-02"), "the day")

    drive(corner, scenario, terms=TERMS)


def test_last_days() -> None:
    assert iso(last_day_of("2024-02")) == "2024-02-29"
    assert iso(last_day_of("2023")) == "2023-12-31"
    assert iso(last_day_of("2023-05-17")) == "2023-05-17"
    for text in ("2023-13", "May", "23-05", ""):
        with pytest.raises(LtvError):
            last_day_of(text)


def test_steps() -> None:
    by_five = NumberSteps(0.05, 0.05, 1, 1)
    assert by_five("0.4", 1) == "0.45"
    assert by_five("", -1) == "0.95"
    assert by_five("1", 1) == "1"
    assert by_five("0,1", -3) == "0.05"
    words = WordSteps(("auto", "all", "proven"))
    assert words("Proven", 1) == "auto"
    assert words("2024-01-01", 1) == "auto"
