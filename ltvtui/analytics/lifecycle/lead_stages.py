"""In what order leads go through their stages, told by what the stages are called (metrics.md §12)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_RANKS: Final = (
    "visitor anonymous unknown imported raw cold",
    "new subscriber subscribed open prospect suspect neu nouveau nuevo ny nowy новый",
    "lead contacted attempted contact working engaged warm responded kontaktiert contacte contactado",
    "mql marketing nurturing nurture interested",
    "qualified sql sales hot qualifiziert qualifie calificado",
    "opportunity demo meeting trial evaluation discovery appointment termin",
    "proposal quote quoted offer offered negotiation negotiating contract angebot offre oferta",
    "customer client won converted closed paid active evangelist gewonnen kunde",
)
"""Words of stages, from the first to the last."""
_RANK: Final = {word: rank for rank, words in enumerate(_RANKS) for word in words.split()}
_SENT_BACK: Final = """
lost rejected disqualified unqualified dead junk spam invalid recycled bounced cancelled canceled inactive
unsubscribed declined refused abandoned verloren abgelehnt perdu rejete perdido rechazado tabt stracony отказ потерян
"""
_REJECTED: Final = frozenset(_SENT_BACK.split())
_NOT: Final = frozenset(("not", "no", "un", "nicht", "kein", "non", "ne"))
_WORD: Final = re.compile(r"[^\W\d_]+")
_NUMBER: Final = re.compile(r"\s*(\d{1,3})\b")


@dataclass(frozen=True)
class StageOrder:
    """The ladder that leads climb."""

    stages: tuple[str, ...]
    """From the first to the last."""
    rejected: tuple[str, ...]
    """Stages of leads that were sent back: no part of the ladder."""
    guessed: bool
    """Whether the order is told by the names of the stages, not by the analyst."""


def order_of(names: Sequence[str], stages: Sequence[str] = (), rejected: Sequence[str] = ()) -> StageOrder:
    """The order of the stages `names`, those with most leads first, some of which the analyst has put in order.

    Without `stages` they stand by the number that they begin with, else by what they are called; of names without a
    meaning the larger stands before the smaller, behind the others. Without `rejected` the names tell those too.
    """
    sent_back = tuple(rejected) or tuple(name for name in names if name not in stages and is_rejected(name))
    if stages:
        return StageOrder(tuple(stages), sent_back, False)
    left = [name for name in names if name not in sent_back]
    numbers = [_NUMBER.match(name) for name in left]
    if all(numbers):
        ranked = sorted(left, key=lambda name: int(_NUMBER.match(name)[1]))  # type: ignore[index]
    else:
        ranked = sorted(left, key=lambda name: rank_of(name, len(_RANKS)))
    return StageOrder(tuple(ranked), sent_back, True)


def rank_of(name: str, otherwise: int = -1) -> int:
    """How far on a stage is, by its words; of a marketing qualified lead sales have not said so yet."""
    if "marketing" in _words(name):
        return _RANK["marketing"]
    return max((_RANK[word] for word in _words(name) if word in _RANK), default=otherwise)


def is_rejected(name: str) -> bool:
    """Whether a stage is one of leads that came to nothing."""
    words = _words(name)
    return not _REJECTED.isdisjoint(words) or (not _NOT.isdisjoint(words) and rank_of(name) >= 0)


def _words(name: str) -> list[str]:
    return _WORD.findall(name.casefold().replace("_", " "))
