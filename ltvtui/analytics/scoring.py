"""Cuts that place a customer among all of the shop: RFM, ABC, XYZ, life-cycle stage (metrics.md §6–§8).

A part of the shop is cut as the whole is: who is a champion stays one in every country.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Final, TypeVar

import polars as pl

from ltvtui.analytics.abcxyz import abc, xyz
from ltvtui.analytics.kernel.activity_index import ActivityIndex, CustomerTotals
from ltvtui.analytics.kernel.memo import UNCACHED, Memo
from ltvtui.analytics.lifecycle.lifecycle import stage, warning_gap
from ltvtui.analytics.rfm.names import BEST, Names, segment_names
from ltvtui.analytics.rfm.rfm import Cuts, cuts_of, scores
from ltvtui.analytics.rules import Rules

R = TypeVar("R")

SINGLE: Final = pl.Enum([str(score) for score in range(BEST, 0, -1)])
"""R, F or M alone, the best first."""
SINGLE_SCORES: Final = ("R score", "F score", "M score")
BY_SCORE: Final = frozenset({"RFM", *SINGLE_SCORES})
"""Dimensions that the RFM score tells."""


@dataclass(frozen=True, eq=False)
class Scorer:
    """The customers that scores compare, and the rules."""

    totals: CustomerTotals
    activity_index: ActivityIndex
    churn_gap: int
    """Days."""
    rules: Rules
    memo: Memo = UNCACHED

    def score(self, name: str) -> pl.Series:
        """The dimension `name` (of DIMENSION_SCORES) of all customers of `totals`, row for row (Enum)."""
        return self.once((name, self.depends_on(name)), lambda: _SCORING[name][0](self))

    def depends_on(self, name: str) -> Hashable:
        """The part of the terms that the dimension `name` depends on."""
        return _SCORING[name][1](self)

    @property
    def cuts(self) -> Cuts:
        """Cuts of RFM."""
        rule = self.rules.rfm
        totals = self.totals
        return self.once(("cuts", rule), lambda: cuts_of(totals.customers, totals.as_of, rule))

    def once(self, key: Hashable, make: Callable[[], R]) -> R:
        """What `make` gives, made once for all who ask on that day; `key` is the part of the terms that it needs."""
        return self.memo.recall(("score", self.totals.as_of, key), make)


_ScoreFunction = Callable[[Scorer], pl.Series]


def dimension_of_score(name: str, score: pl.Series, names: Names) -> pl.Series:
    """The dimension `name` (of BY_SCORE) of whoever has that `score` (rfm.SCORE)."""
    if name == "RFM":
        return segment_names(score, names)
    shift = int(BEST ** (len(SINGLE_SCORES) - 1 - SINGLE_SCORES.index(name)))
    return (score.to_physical() // shift % BEST).cast(pl.UInt8).cat.to(SINGLE)


def _by_score(name: str) -> _ScoreFunction:
    return lambda scorer: dimension_of_score(name, scorer.score("RFM score"), scorer.rules.rfm.names)


def _score(scorer: Scorer) -> pl.Series:
    return scores(scorer.totals.customers, scorer.totals.as_of, scorer.cuts)


def _abc(scorer: Scorer) -> pl.Series:
    return abc(scorer.totals.customers["revenue"], scorer.rules.abc, scorer.totals.ranked["revenue"])


def _xyz(scorer: Scorer) -> pl.Series:
    customers = scorer.totals.customers
    squares = scorer.once("squares", lambda: scorer.activity_index.running.squared_gaps_until(scorer.totals.as_of))
    return xyz(
        customers["days"],
        customers["last"] - customers["first"],
        squares.gather(customers["customer"]),
        scorer.rules.xyz,
    )


def _stage(scorer: Scorer) -> pl.Series:
    totals = scorer.totals
    silent = totals.as_of - totals.customers["last"]
    return stage(totals.customers["orders"], silent, scorer.churn_gap, warning_gap(totals.gaps, scorer.churn_gap))


_SCORING: Final[dict[str, tuple[_ScoreFunction, Callable[[Scorer], Hashable]]]] = {
    "RFM": (_by_score("RFM"), lambda scorer: scorer.rules.rfm),
    "RFM score": (_score, lambda scorer: scorer.rules.rfm),
    **{name: (_by_score(name), lambda scorer: scorer.rules.rfm) for name in SINGLE_SCORES},
    "ABC": (_abc, lambda scorer: scorer.rules.abc),
    "XYZ": (_xyz, lambda scorer: scorer.rules.xyz),
    "stage": (_stage, lambda scorer: scorer.churn_gap),
}
"""How each is told, and on what of the terms that depends."""
DIMENSION_SCORES: Final = tuple(_SCORING)
"""Names of these dimensions."""
