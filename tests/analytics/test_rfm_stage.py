"""Where RFM and stage seem to contradict each other, worked out by hand."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest

from ltvtui.analytics.listing import card
from ltvtui.analytics.rfm.names import read_names, usual_names, usual_table
from ltvtui.analytics.rfm.rfm import RfmRule
from ltvtui.analytics.rfm.stage import Contradiction, contradiction, usual_recency
from ltvtui.analytics.rules import Rules
from ltvtui.present.rfm_stage import contradiction_words
from ltvtui.query.query import Query
from ltvtui.session.dataset import Dataset

DatasetOf = Callable[..., Dataset]

ONCE = [(name, day, 10) for name, day in zip("abcde", (100, 90, 80, 70, 60), strict=True)]
"""As of day 100 the last order is 0, 10, 20, 30 and 40 days ago: between them lie the quintiles, at 8, 16, 24 and 32
days, so that R is 5, 4, 3, 2 and 1."""
TWICE = [*ONCE, *((name, day, 5) for name, day, _ in ONCE)]
"""Two orders on one day: no gaps, so that nobody is fading."""
AGAIN = [*ONCE, *((name, day - 10, 5) for name, day, _ in ONCE)]
"""Gaps of 10 days: W is 15, the shortest there is."""


def told(dataset: Dataset, churn_gap: int, rules: Rules | None = None) -> dict[str, Contradiction]:
    snapshot = dataset.snapshot(Query(churn_gap=churn_gap, rules=rules or Rules()))
    found = {}
    for customer, name in enumerate("abcde"):
        facts = card(snapshot, dataset.orders_of(customer), customer)
        assert facts is not None
        if said := contradiction(snapshot, facts.facts):
            found[name] = said
    return found


@pytest.mark.parametrize("sales", [ONCE, TWICE])
@pytest.mark.parametrize(
    ("churn_gap", "expected"),
    [
        # All but a have lapsed. c is New by 311; of d and e R is low too.
        (5, {"b": Contradiction(10, 5, True, 2 / 5), "c": Contradiction(20, 5, True, 3 / 5)}),
        (15, {"c": Contradiction(20, 15, True, 3 / 5)}),  # a and b have not lapsed, and came lately by R too
        (35, {"d": Contradiction(30, 35, False, 2 / 5)}),  # e alone has lapsed
        (50, {"d": Contradiction(30, 50, False, 2 / 5), "e": Contradiction(40, 50, False, 1 / 5)}),
    ],
)
def test_who_is_told(
    dataset_of: DatasetOf, sales: list[tuple[str, int, int]], churn_gap: int, expected: dict[str, Contradiction]
) -> None:
    assert told(dataset_of(sales), churn_gap) == expected


def test_who_is_fading_contradicts_nobody(dataset_of: DatasetOf) -> None:
    """d came 30 days ago, longer than W and shorter than the churn gap."""
    assert told(dataset_of(AGAIN), 35) == {}


def test_in_the_middle_the_name_decides(dataset_of: DatasetOf) -> None:
    """M is cut at 18, 26, 34 and 42: c with 20 is 312, About to sleep."""
    dataset = dataset_of([(n, d, m) for (n, d, _), m in zip(ONCE, (30, 10, 20, 40, 50), strict=True)])
    assert told(dataset, 5) == {"b": Contradiction(10, 5, True, 2 / 5)}
    assert told(dataset, 25) == {"c": Contradiction(20, 25, False, 3 / 5)}


def test_in_the_middle_a_name_of_ones_own_stands_for_its_cells(dataset_of: DatasetOf) -> None:
    """With 311 called Lost, too: six cells of R1 and that one are 9/7 in the mean."""
    names = read_names(usual_table().replace('R3 = "N', 'R3 = "Z'))
    assert usual_recency(names, "Lost") == Fraction(9, 7)
    rules = Rules(rfm=RfmRule(names=names))
    assert told(dataset_of(ONCE), 5, rules) == {"b": Contradiction(10, 5, True, 2 / 5)}
    assert told(dataset_of(ONCE), 25, rules) == {"c": Contradiction(20, 25, False, 3 / 5)}


def test_mean_recency_of_names() -> None:
    """Loyal: one cell of R5, two of R4, five of R3. About to sleep: three of R3, five of R2."""
    assert usual_recency(usual_names(), "Loyal") == Fraction(28, 8)
    assert usual_recency(usual_names(), "About to sleep") == Fraction(19, 8)


@pytest.mark.parametrize(
    ("found", "short"),
    [
        (None, ""),
        (
            Contradiction(210, 88, True, 0.38),
            "RFM: 210 days is in the best 38 % of customers; stage: churn gap 88 days",
        ),
        (
            Contradiction(1, 30, False, 0.3001),  # of the worst 30 % they are not
            "RFM: 1 day is in the worst 31 % of customers; stage: churn gap 30 days",
        ),
    ],
)
def test_one_sentence(found: Contradiction | None, short: str) -> None:
    assert "".join(contradiction_words(found)[1:]) == short


def test_the_longest_sentence_fits_the_narrowest_screen() -> None:
    longest = Contradiction(9_999, 365, False, 1.0)
    assert len(contradiction_words(longest)[-1]) <= 78  # 80 columns less the blanks at both sides
