"""What can be tried on Budget: steps, typing, limits."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ltvtui.analytics.budget.terms import BudgetTerms
from ltvtui.days import iso, parse_day
from ltvtui.errors import LtvError
from ltvtui.tui.views.budget.what_if import NAMES, BaseValues, WhatIf

FIRST, LAST = parse_day("2023-07-10"), parse_day("2026-06-20")
SETTLED = BaseValues(0.446, "(mapped)", 3, 12, 12, 0, FIRST, LAST)


def trying(**tried: Any) -> WhatIf:
    return WhatIf(BudgetTerms(**tried), BudgetTerms(), SETTLED)


@pytest.mark.parametrize(
    ("name", "now", "steps", "then"),
    [
        ("margin", None, 1, 0.45),  # from between two steps to the next
        ("margin", None, -1, 0.40),
        ("margin", 0.45, 1, 0.5),
        ("margin", 1.0, 1, 1.0),
        ("margin", 0.05, -1, 0.05),
        ("target", None, 1, 3.5),
        ("target", 0.5, -1, 0.5),
        ("horizon", None, -1, 11),
        ("horizon", 120, 1, 120),
        ("payback_limit", None, 2, 14),
        ("discount", None, 1, 0.01),
        ("discount", 0.01, -1, None),  # as agreed
        ("since", None, 1, "2023-08-01"),
        ("since", "2023-08-01", 1, "2023-09-01"),
        ("since", "2023-08-01", -1, None),  # the first order's day is the beginning
        ("since", "2023-08-15", -1, "2023-08-01"),
        ("until", None, -1, "2026-05-31"),
        ("until", "2026-05-31", -1, "2026-04-30"),
        ("until", "2026-05-31", 1, None),
        ("until", "2024-02-29", 1, "2024-03-31"),
        ("until", "2024-02-10", 1, "2024-02-29"),
    ],
)
def test_steps(name: str, now: Any, steps: int, then: Any) -> None:
    def day(value: Any) -> Any:
        return parse_day(value) if isinstance(value, str) else value

    start = {} if now is None else {name: day(now)}
    expected = day(then)
    agreed = getattr(BudgetTerms(), name)
    assert getattr(trying(**start).stepped(name, steps), name) == (agreed if expected is None else expected)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("margin", "40", 0.4),
        ("margin", "0.4", 0.4),
        ("margin", "40%", 0.4),
        ("margin", "1", 1),
        ("margin", "0,4", 0.4),
        ("target", "2.5", 2.5),
        ("horizon", "24", 24),
        ("discount", "10", 0.1),
        ("discount", "6.5", 0.065),
        ("since", "2024", "2024-01-01"),
        ("since", "2024-03", "2024-03-01"),
        ("until", "2024-02", "2024-02-29"),
        ("until", "2024", "2024-12-31"),
        ("until", "2024-05-06", "2024-05-06"),
        ("since", "2000-01-01", "2023-07-10"),  # what was spent before does not count then
    ],
)
def test_typing(name: str, text: str, value: Any) -> None:
    wanted = parse_day(value) if isinstance(value, str) else value
    assert getattr(trying().typed(name, text), name) == wanted


@pytest.mark.parametrize(("name", "text"), [("margin", "400"), ("target", "0"), ("horizon", "1.5"), ("since", "20x")])
def test_what_cannot_be(name: str, text: str) -> None:
    with pytest.raises(LtvError):
        trying().typed(name, text)


def test_a_period_cannot_end_before_it_begins() -> None:
    some = trying(until=parse_day("2024-01-31"))
    assert some.stepped("since", 12).since == parse_day("2024-01-31")  # no further than its end
    with pytest.raises(LtvError, match="before it starts"):
        some.typed("since", "2024-03-01")


def test_what_is_agreed_on_is_not_marked() -> None:
    tried = trying(target=4.0, margin=0.5)
    assert [parameter.name for parameter in tried.parameters() if parameter.changed] == ["margin", "target"]
    assert [parameter.value for parameter in trying().parameters()] == [
        *("44.6 % (mapped)", "3", "12 mo", "12 mo", "0 %", "the beginning", "2026-06-20")
    ]
    assert tried.reset("margin") == BudgetTerms(target=4.0)
    assert tried.reset() == BudgetTerms()


STEPS = st.lists(st.tuples(st.sampled_from(NAMES), st.integers(-5, 5).filter(bool)), max_size=40)


@given(steps=STEPS)
def test_wherever_steps_lead_the_terms_can_be(steps: list[tuple[str, int]]) -> None:
    now = trying()
    for name, by in steps:
        now = replace(now, draft=now.stepped(name, by))
    assert FIRST <= now.value("since") <= now.value("until") <= LAST
    assert 0.05 <= now.value("margin") <= 1
    assert 1 <= now.value("horizon") <= 120
    assert iso(now.value("since"))


def test_a_discount_is_written_as_it_was_typed() -> None:
    parameters = replace(trying(), draft=trying().typed("discount", "6.5")).parameters()
    assert next(parameter.value for parameter in parameters if parameter.name == "discount") == "6.5 %"
