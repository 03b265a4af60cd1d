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
from ltvtui.analytics.lifecycle import stage, warning_gap
from ltvtui.analytics.rfm import Cuts, cuts_of, scores
from ltvtui.analytics.rfm_names import BEST, Names, named
from ltvtui.analytics.rules import Rules

R = TypeVar("R")

SINGLE: Final = pl.Enum([str(score) for score in range(BEST, 0, -1)])
"""R, F or M alone, the best first."""
SINGLE_SCORES: Final = ("R score", "F score", "M score")
BY_SCORE: Final = frozenset({"RFM", *SINGLE_SCORES})
"""Dimensions that the RFM score tells."""


@dataclass(frozen=True, eq=False)
class Scorer:
    """Among whom customers are placed, and by which rules."""

    standing: CustomerTotals
    activity_index: ActivityIndex
    churn_gap: int
    """Days."""
    rules: Rules
    memo: Memo = UNCACHED

    def score(self, name: str) -> pl.Series:
        """The dimension `name` (of DIMENSION_SCORES) of all customers of `standing`, row for row (Enum)."""
        return self.once((name, self.depends_on(name)), lambda: _JUDGES[name][0](self))

    def depends_on(self, name: str) -> Hashable:
        """The part of the terms by which the dimension `name` is told."""
        return _JUDGES[name][1](self)

    @property
    def cuts(self) -> Cuts:
        """Cuts of RFM."""
        rule = self.rules.rfm
        standing = self.standing
        return self.once(("cuts", rule), lambda: cuts_of(standing.customers, standing.as_of, rule))

    def once(self, key: Hashable, make: Callable[[], R]) -> R:
        """What `make` gives, made once for all who ask on that day; `key` says on what of the terms it depends."""
        return self.memo.recall(("score", self.standing.as_of, key), make)


_Judge = Callable[[Scorer], pl.Series]


def told_by_score(name: str, score: pl.Series, names: Names) -> pl.Series:
    """The dimension `name` (of BY_SCORE) of whoever has that `score` (rfm.SCORE)."""
    if name == "RFM":
        return named(score, names)
    shift = int(BEST ** (len(SINGLE_SCORES) - 1 - SINGLE_SCORES.index(name)))
    return (score.to_physical() // shift % BEST).cast(pl.UInt8).cat.to(SINGLE)


def _by_score(name: str) -> _Judge:
    return lambda stick: told_by_score(name, stick.score("RFM score"), stick.rules.rfm.names)


def _score(stick: Scorer) -> pl.Series:
    return scores(stick.standing.customers, stick.standing.as_of, stick.cuts)


def _abc(stick: Scorer) -> pl.Series:
    return abc(stick.standing.customers["revenue"], stick.rules.abc, stick.standing.ranked["revenue"])


def _xyz(stick: Scorer) -> pl.Series:
    known = stick.standing.customers
    squares = stick.once("squares", lambda: stick.activity_index.running.squared_gaps_until(stick.standing.as_of))
    return xyz(known["days"], known["last"] - known["first"], squares.gather(known["customer"]), stick.rules.xyz)


def _stage(stick: Scorer) -> pl.Series:
    standing = stick.standing
    silent = standing.as_of - standing.customers["last"]
    return stage(standing.customers["orders"], silent, stick.churn_gap, warning_gap(standing.gaps, stick.churn_gap))


_JUDGES: Final[dict[str, tuple[_Judge, Callable[[Scorer], Hashable]]]] = {
    "RFM": (_by_score("RFM"), lambda stick: stick.rules.rfm),
    "RFM score": (_score, lambda stick: stick.rules.rfm),
    **{name: (_by_score(name), lambda stick: stick.rules.rfm) for name in SINGLE_SCORES},
    "ABC": (_abc, lambda stick: stick.rules.abc),
    "XYZ": (_xyz, lambda stick: stick.rules.xyz),
    "stage": (_stage, lambda stick: stick.churn_gap),
}
"""How each is told, and on what of the terms that depends."""
DIMENSION_SCORES: Final = tuple(_JUDGES)
"""Names of these dimensions."""
