"""Cuts that place a customer among all of the shop: RFM, ABC, XYZ, life-cycle stage (metrics.md §6–§8).

A part of the shop is cut as the whole is: who is a champion stays one in every country.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import polars as pl

from ltvtui.analytics.abcxyz import abc, xyz
from ltvtui.analytics.lifecycle import stage, warning_gap
from ltvtui.analytics.rfm import named, quintiles, scores, usual_names
from ltvtui.analytics.timeline import Standing, Timeline

_Judge = Callable[[Standing, Timeline, int], pl.Series]


def place(name: str, standing: Standing, timeline: Timeline, churn_gap: int) -> pl.Series:
    """The dimension `name` (of PLACING) of all customers of `standing`, row for row (Enum); told once."""
    key = (name, churn_gap if name in _BY_CHURN_GAP else 0)
    if key not in standing.placed:
        standing.placed[key] = _JUDGES[name](standing, timeline, churn_gap)
    return standing.placed[key]


def _rfm(standing: Standing, timeline: Timeline, churn_gap: int) -> pl.Series:
    return named(place("RFM score", standing, timeline, churn_gap), usual_names())


def _score(standing: Standing, timeline: Timeline, churn_gap: int) -> pl.Series:
    cuts = quintiles(standing.customers, standing.as_of)
    return scores(standing.customers, standing.as_of, cuts)


def _abc(standing: Standing, timeline: Timeline, churn_gap: int) -> pl.Series:
    return abc(standing.customers["revenue"])


def _xyz(standing: Standing, timeline: Timeline, churn_gap: int) -> pl.Series:
    known = standing.customers
    squares = timeline.gap_squares(standing.as_of).gather(known["customer"])
    return xyz(known["days"], known["last"] - known["first"], squares)


def _stage(standing: Standing, timeline: Timeline, churn_gap: int) -> pl.Series:
    silent = standing.as_of - standing.customers["last"]
    return stage(standing.customers["orders"], silent, churn_gap, warning_gap(standing.gaps, churn_gap))


_JUDGES: Final[dict[str, _Judge]] = {"RFM": _rfm, "RFM score": _score, "ABC": _abc, "XYZ": _xyz, "stage": _stage}
_BY_CHURN_GAP: Final = frozenset({"stage"})
"""Those of them that ask who has left."""
PLACING: Final = tuple(_JUDGES)
"""Names of these dimensions."""
