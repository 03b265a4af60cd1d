"""First orders by month of sign-up, worked out by hand."""

from __future__ import annotations

import polars as pl
import pytest

from ltvtui.analytics.lifecycle.lead_ladder import PEOPLE
from ltvtui.analytics.lifecycle.sign_ups import SIGN_UPS, sign_ups_by_month
from ltvtui.days import parse_day

AS_OF = parse_day("2024-04-10")


def people(*rows: tuple[str | None, str | None]) -> pl.DataFrame:
    """Sign-up and first order of each."""
    days = [tuple(None if day is None else parse_day(day) for day in row) for row in rows]
    return pl.DataFrame(
        [(str(at), None, entry, None, first) for at, (entry, first) in enumerate(days)], schema=PEOPLE, orient="row"
    )


def test_by_hand() -> None:
    """January: orders after 0, 31 and 80 days, and one person without: all have been known for 70 days and more, not
    all for 90. March: one has ordered after 5 days, the other has been known for 9."""
    found = sign_ups_by_month(
        people(
            *(("2024-01-01", "2024-01-01"), ("2024-01-01", "2024-02-01"), ("2024-01-10", "2024-03-30")),
            *(("2024-01-31", None), ("2024-03-01", "2024-03-06"), ("2024-04-01", None)),
            *(
                ("2024-02-01", "2024-01-05"),
                (None, "2024-01-01"),
                ("2024-04-11", None),
            ),  # these tell nothing
        ),
        AS_OF,
    )
    assert found.rows(named=True) == [
        {
            "month": "2024-01",
            "people": 4,
            "ordered": 3,
            "share": 0.75,
            "within_30": 0.25,
            "within_90": None,
            "median_days": 31.0,
        },
        {
            "month": "2024-03",
            "people": 1,
            "ordered": 1,
            "share": 1.0,
            "within_30": 1.0,
            "within_90": None,
            "median_days": 5.0,
        },
        {
            "month": "2024-04",
            "people": 1,
            "ordered": 0,
            "share": 0.0,
            "within_30": None,
            "within_90": None,
            "median_days": None,
        },
    ]


@pytest.mark.parametrize("rows", [(), ((None, None),)])
def test_nobody_signed_up(rows: tuple[tuple[None, None], ...]) -> None:
    assert sign_ups_by_month(people(*rows), AS_OF).schema == pl.Schema(SIGN_UPS)
    assert sign_ups_by_month(people(*rows), AS_OF).is_empty()
