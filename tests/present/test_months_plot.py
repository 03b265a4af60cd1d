"""The chart of the newest complete month beside the one before and that of a year ago, by hand."""

from __future__ import annotations

from datetime import date

import polars as pl

from ltvtui.present.overview_panels import months_plot


def rows(*months: tuple[int, date, int, int | None, int, float]) -> pl.DataFrame:
    names = ("back", "month", "customers", "new", "orders", "revenue")
    return pl.DataFrame(months, schema=names, orient="row")


def test_each_month_says_who_ordered_and_how_the_newest_differs() -> None:
    found = months_plot(
        rows(
            (0, date(2026, 6, 1), 20, 5, 30, 900.0),
            (1, date(2026, 5, 1), 1, 0, 1, 1000.0),
            (12, date(2025, 6, 1), 10, None, 12, 600.0),
        ),
        "€",
    )
    assert found.title == "Revenue of Jun 2026, the month before and a year ago"
    assert found.labels == [
        "Jun 2026: 20 customers, 5 new",
        "May 2026 (now -10.0 %): 1 customer, 0 new",
        "Jun 2025 (now +50.0 %): 10 customers",
    ]
    assert found.values == [900.0, 1000.0, 600.0]
    assert found.format(900.0) == "900.00 €"


def test_a_month_without_revenue_has_no_share_and_a_young_shop_no_month() -> None:
    found = months_plot(rows((0, date(2026, 6, 1), 1, 1, 1, 9.0), (1, date(2026, 5, 1), 0, 0, 0, 0.0)), "")
    assert found.labels[1] == "May 2026: 0 customers, 0 new"
    none = rows((0, date(2026, 6, 1), 1, 1, 1, 9.0)).clear()
    assert months_plot(none, "").values == []
