"""The card of one customer: where they stand, at every size."""

from __future__ import annotations

from pathlib import Path

import pytest
from driving import Driver, drive

ALL_LAPSED = {"as_of": "2024-12-31"}


def facts(app: Driver) -> dict[str, str]:
    """What stands beside the activity_index, by its label."""
    scrollbar = "▁▂▃▄▅▆▇█ "
    shown = [line[1:39].rstrip(scrollbar) for line in app.text.splitlines()[1:-1]]
    return {line[:9].strip(): line[9:] for line in shown}


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60)])
def test_where_a_customer_stands(corner: Path, size: tuple[int, int]) -> None:
    """ann: four orders after gaps of 31, 30 and 31 days, the last 264 days ago, where 31 are a churn gap. Nobody
    ordered later, more often or for more. Before her stands nothing of the revenue."""

    async def scenario(app: Driver) -> None:
        await app.press("c", "enter")
        found = facts(app)
        assert found["tier"] == "VIP"
        assert found["rank"] == "1 of 10 by revenue"
        assert found["stage"] == "lost · last 264 days ago"
        assert found["RFM"] == "Champions (555)"
        assert found["ABC–XYZ"] == "A–X"
        assert found["name"] == "Ann [bold]Ash[/bold]"
        assert list(found).index("name") < list(found).index("tier") < list(found).index("revenue")
        # 10 January, 10 February, 11 March and 11 April are 31, 30 and 31 days apart; 31 days later it is 12 May.
        assert found["rhythm"] == "31 days, median of 3 gaps"
        assert found["due"] == "2024-05-12, 233 d ago"

    drive(corner, scenario, size=size, terms=ALL_LAPSED)


def test_who_came_once(corner: Path) -> None:
    """joe: one order of 0.00 on 24 February; of R 264, 264, 311, 312, … he exceeds the first threshold, 301.6 days.
    All revenue stands before him."""

    async def scenario(app: Driver) -> None:
        await app.press("down", "down", "c", "end", "enter")
        found = facts(app)
        assert found["stage"] == "one-time · last 311 days ago"
        assert found["rhythm"] == "one order day: none yet"
        assert "due" not in found
        assert found["RFM"] == "New (411)"
        assert found["ABC–XYZ"] == "C · too few gaps"

    drive(corner, scenario, size=(80, 24), terms=ALL_LAPSED)


def test_where_they_stood_a_while_ago(corner: Path) -> None:
    """On 15 March ann had come three times, last on the 11th: W and the churn gap are 31 days."""

    async def scenario(app: Driver) -> None:
        await app.press("c", "enter")
        assert facts(app)["stage"] == "regular · last 4 days ago"
        assert facts(app)["ABC–XYZ"] == "A · too few gaps"

    drive(corner, scenario, size=(80, 24), terms={"as_of": "2024-03-15"})


RANKED = {
    80: "RFM: 264 days is in the best 20 % of customers; stage: churn gap 31 days",
    120: "RFM compares with other customers (264 days is in the best 20 %), stage with the churn gap (31 days):"
    " lapsed",
}
"""Of ann: she and bob of ten came last."""


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60)])
def test_a_champion_who_is_lost_is_explained_in_one_line(corner: Path, size: tuple[int, int]) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("c", "enter")
        assert facts(app)["RFM"] == "Champions (555)"
        lines = [line.strip() for line in app.text.splitlines()]
        assert lines.count(RANKED[min(size[0], 120)]) == 1
        assert sum("churn gap" in line for line in lines) == 1
        await app.press("G")  # the activity_index alone
        assert "churn gap" not in app.text
        await app.press("G")
        assert "churn gap" in app.text

    drive(corner, scenario, size=size, terms=ALL_LAPSED)


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60)])
def test_where_rfm_and_stage_agree_nothing_is_explained(corner: Path, size: tuple[int, int]) -> None:
    """cat: the last order 325 days ago, as long as anybody's, and lost; ann 4 days before 15 March, and regular."""

    async def lost(app: Driver) -> None:
        await app.press("down", "c", "enter")
        assert facts(app)["stage"] == "lost · last 325 days ago"
        assert "churn gap" not in app.text
        await app.press("escape", "escape", "up", "c", "enter")
        assert "churn gap" in app.text  # of ann again: the line comes and goes

    async def regular(app: Driver) -> None:
        await app.press("c", "enter")
        assert "churn gap" not in app.text

    drive(corner, lost, size=size, terms=ALL_LAPSED)
    drive(corner, regular, size=size, terms={"as_of": "2024-03-15"})
