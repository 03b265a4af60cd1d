"""What a goal needs, beside what its measures can bring at most."""

from __future__ import annotations

import pytest

from ltvtui.analytics.planning.goals import GOALS, GoalFigure
from ltvtui.present.planning.words import needed_words


@pytest.mark.parametrize(
    ("goal", "value", "wanted", "measures", "told"),
    [
        # 10 more of each of 500 customers.
        (
            "raise-ltv",
            *(100.0, 110.0, 4000.0),
            "the goal needs 10.00 € × 500 customers = 5 000 €; all measures together reach 4 000 of 5 000 € at most; "
            "missing 1 000 €",
        ),
        (
            "raise-ltv",
            *(100.0, 110.0, 5000.0),
            "the goal needs 10.00 € × 500 customers = 5 000 €; all measures together bring 5 000 € at most: enough",
        ),
        ("raise-ltv", 110.0, 110.0, 0.0, ""),
        ("raise-ltv", None, 110.0, 0.0, ""),
        ("win-back", 100.0, 110.0, 0.0, ""),
    ],
)
def test_what_a_goal_needs(goal: str, value: float | None, wanted: float, measures: float, told: str) -> None:
    found = GoalFigure(0, value, customers=500)
    assert needed_words(GOALS[goal], found, wanted, measures, 500, "€") == told
    assert needed_words(GOALS[goal], found, wanted, measures, 501, "€") == ""  # one may be an old regular
