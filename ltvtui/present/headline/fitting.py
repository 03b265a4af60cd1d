"""Which clauses of a sentence are said where there is little room: whole ones, the most important first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from ltvtui.present.headline import Clauses, sentence

ENOUGH: Final = 3
"""Clauses for which remarks in brackets give way; further ones do not."""
_REMARK: Final = re.compile(r" \([^()]*\)")
"""Without it a clause is shorter and as true: what must not be left out has fixed brackets."""


def fitting(clauses: Sequence[str], fits: Callable[[str], bool]) -> str:
    """As many of the clauses as `fits` takes as one sentence; the last are left out whole.

    Where fewer than ENOUGH have room, remarks in brackets give way to one clause more, those of the last clauses
    first. Blank where there are none; where not even the first fits without a remark, it is all that is said.
    """
    if not clauses:
        return ""
    for shown in range(len(clauses), 0, -1):
        for wording in _wordings(tuple(clauses[:shown])) if shown <= ENOUGH else (tuple(clauses[:shown]),):
            if fits(text := sentence(wording)):
                return text
    return sentence([_REMARK.sub("", clauses[0])])


def _wordings(clauses: Clauses) -> Iterator[Clauses]:
    """The clauses, then one after the other without its remarks: of two alike not only one is left out."""
    yield clauses
    for place in reversed(range(len(clauses))):
        shorter = _REMARK.sub("", clauses[place])
        if shorter != clauses[place]:
            clauses = (*clauses[:place], shorter, *clauses[place + 1 :])
            yield clauses
