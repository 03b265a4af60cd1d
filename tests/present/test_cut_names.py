"""Names that are cut still tell rows apart."""

from __future__ import annotations

import pytest

from ltvtui.present.fitting import fit_middle, shorten_apart
from ltvtui.present.tables import Column


def test_a_name_is_cut_in_its_middle() -> None:
    assert fit_middle("signup channel", 14) == "signup channel"
    assert fit_middle("signup channel: email", 11) == "signu…email"  # 5 + … + the last 5
    assert fit_middle("abcdefgh", 6) == "abcde…"  # too narrow for both ends


def test_of_names_that_begin_alike_the_beginning_is_cut() -> None:
    names = ["signup channel email", "signup channel organic", "country DK"]
    short = shorten_apart(names, 14)
    assert [name[-5:] for name in short[:2]] == ["email", "ganic"]
    assert short[2] == "country DK"


@pytest.mark.parametrize("width", range(9, 24))
def test_no_two_rows_are_cut_to_the_same(width: int) -> None:
    names = ["signup channel: email", "signup channel: organic", "signup channel: search", "signup month: email"]
    short = shorten_apart(names, width)
    assert len(set(short)) == len(names)
    assert all(len(name) <= width for name in short)


def test_a_column_cuts_what_is_wider_than_it_may_be() -> None:
    column = Column("name", "name", widest=11)
    assert column.fit("signup channel: email", 11) == "signu…email"
    assert column.fit("one-time 189, regular 112", 8) == "one-tim…"  # the edge of the screen cuts it
