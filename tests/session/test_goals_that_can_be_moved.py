"""A plan says whose orders still move its figure, and how far all measures together go."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from ltvtui.days import parse_day
from ltvtui.present.headline import sentence
from ltvtui.present.planning.report import PlanReport, notes
from ltvtui.query.query import Query
from ltvtui.session.dataset import Dataset
from ltvtui.session.planning.plan import plan_of
from ltvtui.session.planning.question import PlanQuestion
from ltvtui.user_state.plans import MarketingPlan

OLD = [("ann", "2024-01-01", 10), ("bob", "2024-01-02", 20), ("ann", "2024-12-20", 10), ("bob", "2025-02-01", 30)]
"""First orders a year and a month before the last day."""
NEW = [("cay", "2025-01-15", 40)]


def plan(dataset: Dataset, goal: str | None = None) -> PlanReport:
    query = Query(entry="all")
    asked = PlanQuestion(dataset, query, plan=MarketingPlan(goal=goal))
    return PlanReport(plan_of(asked), None, gross=False)


@pytest.mark.parametrize(
    ("sales", "windows", "goal"), [(OLD, 0, "win-back"), (OLD + NEW, 1, "raise-ltv")], ids=["closed", "open"]
)
def test_a_goal_that_nobody_moves_is_not_chosen(
    dataset_of: Callable[..., Dataset], sales: Sequence[tuple[str, str, float]], windows: int, goal: str
) -> None:
    found = plan(dataset_of(sales)).found.goal
    assert (found.windows, found.goal.key) == (windows, goal)


def test_a_goal_that_nobody_moves_says_so_and_what_can_be_moved(dataset_of: Callable[..., Dataset]) -> None:
    report = plan(dataset_of(OLD), "raise-ltv")
    said = sentence(report.headline)
    assert said.startswith(
        "LTV within 12 months cannot be moved: these months are over for every customer; “win back"
    )
    assert "can bring" not in said
    assert any(note.startswith("LTV within 12 months cannot be moved") for note in notes(report))


def test_those_whose_orders_count_are_told_apart(dataset_of: Callable[..., Dataset]) -> None:
    told = notes(plan(dataset_of(OLD + NEW), "raise-ltv"))
    assert "orders of 1 of 3 customers (33 %) still count in LTV within 12 months, those of others no more" in told
    assert parse_day("2025-02-01") == plan(dataset_of(OLD)).found.snapshot.terms.as_of
