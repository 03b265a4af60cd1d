"""What Budget draws where no spend is known: what one may pay for a customer."""

from __future__ import annotations

from collections.abc import Callable

from ltvtui.analytics.budget.terms import BudgetTerms
from ltvtui.present.budget.plots import prices_plot
from ltvtui.query.query import Query
from ltvtui.session.budget import budget_of
from ltvtui.session.dataset import Dataset

SALES = [
    *((f"a{i}", "2024-01-10", 30.0, {"country": "DK"}) for i in range(40)),
    *((f"b{i}", "2024-01-11", 60.0, {"country": "DE"}) for i in range(35)),
    *((f"c{i}", "2024-01-12", 90.0, {"country": "FR"}) for i in range(5)),
    ("a0", "2025-03-01", 1.0, {"country": "DK"}),
]


def test_prices_of_channels_without_spend(dataset_of: Callable[..., Dataset]) -> None:
    """One order of 30 and one of 60 within the year, ÷ target 3; five customers of FR are too few."""
    dataset = dataset_of(SALES)
    found = budget_of(dataset, Query(entry="all"), BudgetTerms(dimension="country"), None)
    chart = prices_plot(found, "€")
    assert chart.title == "Max CAC by country"
    assert list(zip(chart.labels, chart.values, strict=True)) == [("DE", 20.0), ("DK", 10.0)]
