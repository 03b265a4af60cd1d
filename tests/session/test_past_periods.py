"""What customers brought in periods as long as a forecast looks ahead, and what they have at risk together."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest

from ltvtui.analytics.forecast.past_periods import past_periods
from ltvtui.analytics.forecast.win_back import at_risk_together
from ltvtui.analytics.kernel.sort_order import SortOrder
from ltvtui.analytics.listing import Listing
from ltvtui.query.query import Filter, Query
from ltvtui.session.dataset import Dataset

SALES = [
    ("a", 0, 10.0, {"channel": "web"}),
    ("a", 100, 20.0, {"channel": "web"}),
    ("b", 150, 5.0, {"channel": "shop"}),
    ("b", 150, 3.0, {"channel": "shop"}),
    ("b", 200, 7.0, {"channel": "shop"}),
]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        # 3 months are 91 days: 110 to 200, and 19 to 109; 0 to 18 are no whole period. Two orders a day are one day.
        # Periods are those of the shop, whoever is asked about.
        (Query(as_of=200), [(109, 1.0, 20.0), (200, 2.0, 15.0)]),
        (Query(as_of=200) & Filter("channel", "shop"), [(109, 0.0, 0.0), (200, 2.0, 15.0)]),
        (Query(as_of=200) & Filter("channel", "web"), [(109, 1.0, 20.0), (200, 0.0, 0.0)]),
        (Query(as_of=90), [(90, 1.0, 10.0)]),
        (Query(as_of=89), []),
    ],
)
def test_periods_end_on_the_day(
    dataset_of: Callable[..., Dataset], query: Query, expected: list[tuple[int, float, float]]
) -> None:
    found = dataset_of(SALES).ask(past_periods, query, 3)
    assert found.columns == ["until", "order_days", "value"]
    assert found.rows() == expected


def listing(risks: list[float], alive: list[float]) -> Listing:
    columns = {"value_at_risk": risks, "p_alive": alive}
    frame = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.Float64))
    return Listing(frame, SortOrder(frame.select("value_at_risk"), descending=True))


def test_half_of_what_is_at_risk() -> None:
    """60 + 50 of 200 are half and more; P(alive) adds up to 1.3 of 4 people: 3 have left."""
    found = at_risk_together(listing([40.0, 60.0, 50.0, 50.0], [0.2, 0.1, 0.5, 0.5]), 400.0)
    assert found == {"customers": 4, "left": 3, "at_risk": 200.0, "of": 400.0, "half": 2}
    assert at_risk_together(listing([0.0], [1.0]), 0.0) == {
        "customers": 1,
        "left": 0,
        "at_risk": 0.0,
        "of": 0.0,
        "half": 0,
    }
    assert at_risk_together(listing([], []), 5.0)["half"] == 0
