"""What is said of a sentence where there is little room: whole clauses, and brackets before clauses give way."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from ltvtui.present.headline import sentence, with_fixed_brackets
from ltvtui.present.headline.fitting import ENOUGH, fitting
from ltvtui.present.headline.words import name

FEW = (
    "868 VIPs (20 %) bring 74 % of revenue",
    "5 % of them have lapsed (no order for 110 days)",
    "it is too early to say what one may cost",
    "more of them came by ads",
)


def said(clauses: tuple[str, ...], room: int) -> str:
    return fitting(clauses, lambda text: len(text) <= room)


def test_all_of_it_where_there_is_room() -> None:
    assert said(FEW, 1000) == sentence(FEW)


def test_a_remark_gives_way_to_a_clause_that_is_news() -> None:
    whole = sentence(FEW[:3])
    assert said(FEW, len(whole)) == whole
    shorter = (
        "868 VIPs (20 %) bring 74 % of revenue; 5 % of them have lapsed; it is too early to say what one may cost."
    )
    assert said(FEW, len(whole) - 1) == shorter
    assert said(FEW, len(shorter) - 1) == shorter.replace(" (20 %)", "")


def test_of_two_remarks_of_a_clause_not_only_one_goes() -> None:
    clauses = ("reduce ads (20 € spent) and mail (10 € spent)", "scale organic")
    assert said(clauses, len(sentence(clauses)) - 1) == "Reduce ads and mail; scale organic."


def test_further_clauses_leave_remarks_alone() -> None:
    without_remarks = re.sub(r" \([^()]*\)", "", sentence(FEW))
    assert len(without_remarks) < len(sentence(FEW)) - 1
    assert said(FEW, len(sentence(FEW)) - 1) == sentence(FEW[:ENOUGH])


def test_a_name_keeps_its_brackets() -> None:
    clauses = (f"reduce {name('Google (paid)')} (166 604 € spent)", "scale email")
    assert sentence(clauses) == "Reduce Google (paid) (166 604 € spent); scale email."
    assert said(clauses, 40) == "Reduce Google (paid); scale email."


def test_what_a_figure_is_is_never_left_out() -> None:
    clauses = (f"pay up to 30.29 for a customer{with_fixed_brackets(' (LTV before costs)')}", "nobody has lapsed")
    assert said(clauses, 60) == "Pay up to 30.29 for a customer (LTV before costs)."


def test_nothing_to_say() -> None:
    assert said((), 10) == ""


CLAUSE = st.text("abc 1", min_size=1, max_size=60).map(str.strip).filter(bool)


@given(st.lists(st.tuples(CLAUSE, st.booleans()), min_size=1, max_size=6), st.integers(70, 300))
def test_whole_clauses_whatever_the_room(parts: list[tuple[str, bool]], room: int) -> None:
    clauses = tuple(f"{text} (remark)" if has_remark else text for text, has_remark in parts)
    words = said(clauses, room)
    assert len(words) <= room
    bare = sentence([text for text, _ in parts])
    told = words.replace(" (remark)", "")
    assert told.endswith(".")
    assert bare.startswith(told[:-1])
    assert bare[len(told) - 1] in ".;"
