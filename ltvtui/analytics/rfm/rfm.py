"""Recency, frequency, monetary value: scores by quantiles or own cuts (metrics.md §7)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise, product
from typing import Final

import polars as pl

from ltvtui.analytics.kernel.quantiles import type7
from ltvtui.analytics.rfm.names import BEST, Names, usual_names
from ltvtui.analytics.schema import MONEY_SCALE
from ltvtui.errors import LtvError

FIFTHS: Final = tuple(Fraction(fifth, BEST) for fifth in range(1, BEST))
SCORE: Final = pl.Enum(["".join(cell) for cell in product("54321", repeat=3)])
"""R, F and M in three digits, the best first."""
RFM_HELP: Final = "Write them as quantiles:20/40/60/80, or R:30/60/90/180 F:1/2/3/5 M:50/100/250/500."


@dataclass(frozen=True)
class Cuts:
    """Thresholds between the five scores, rising; a value on a threshold stays below it."""

    recency: tuple[Fraction, ...]
    """Days since the last order."""
    frequency: tuple[Fraction, ...]
    """Orders."""
    monetary: tuple[Fraction, ...]
    """Revenue, currency units."""


@dataclass(frozen=True)
class RfmRule:
    """How customers are scored. Four cuts each, rising."""

    quantiles: tuple[Fraction, ...] = FIFTHS
    """Shares of customers at which cuts lie that are not given."""
    recency: tuple[Fraction, ...] | None = None
    """Days; None: at the quantiles. So too the next two."""
    frequency: tuple[Fraction, ...] | None = None
    """Orders."""
    monetary: tuple[Fraction, ...] | None = None
    """Revenue, currency units."""
    names: Names = field(default_factory=usual_names)

    def __post_init__(self) -> None:
        """Refuse cuts that do not part five scores."""
        for cuts in (self.quantiles, self.recency, self.frequency, self.monetary):
            if cuts is not None and (len(cuts) != BEST - 1 or any(low > high for low, high in pairwise(cuts))):
                raise LtvError("RFM needs four thresholds in rising order.", RFM_HELP, 2)
        if any(cuts is not None and cuts[0] < 0 for cuts in (self.recency, self.frequency)):
            raise LtvError("RFM thresholds of days and orders must be 0 or more.", RFM_HELP, 2)
        if not all(0 < share < 1 for share in self.quantiles):
            raise LtvError("RFM quantiles must be from 0 to 100.", RFM_HELP, 2)

    def short(self) -> str:
        """The cuts as terms.parse_rfm reads them; blank for quintiles."""
        shares = tuple(share * 100 for share in self.quantiles) if self.quantiles != FIFTHS else None
        given = {"quantiles": shares, "R": self.recency, "F": self.frequency, "M": self.monetary}
        return " ".join(f"{name}:{written(cuts)}" for name, cuts in given.items() if cuts is not None)


def written(cuts: Sequence[Fraction]) -> str:
    """Cuts as they are typed."""
    return "/".join(f"{float(cut):.12g}" for cut in cuts)


def cuts_of(customers: pl.DataFrame, as_of: int, rule: RfmRule) -> Cuts:
    """Cuts of `customers`: last (day), orders, revenue (Int64 money); those not given are type-7 quantiles."""
    silent, orders, money = as_of - customers["last"], customers["orders"], customers["revenue"]
    monetary = rule.monetary
    if monetary is None:
        monetary = tuple(cut / MONEY_SCALE for cut in _at(money, rule.quantiles))
    return Cuts(
        _at(silent, rule.quantiles) if rule.recency is None else rule.recency,
        _at(orders, rule.quantiles) if rule.frequency is None else rule.frequency,
        monetary,
    )


def scores(customers: pl.DataFrame, as_of: int, cuts: Cuts) -> pl.Series:
    """R, F and M (SCORE) of `customers`, each 1 to 5: one more for each threshold exceeded, for R one less."""
    recency = BEST - _exceeded(as_of - customers["last"], cuts.recency)
    frequency = 1 + _exceeded(customers["orders"], cuts.frequency)
    monetary = 1 + _exceeded(customers["revenue"], [cut * MONEY_SCALE for cut in cuts.monetary])
    places = [(BEST - part).cast(pl.UInt8) for part in (recency, frequency, monetary)]
    return (places[0] * BEST**2 + places[1] * BEST + places[2]).cat.to(SCORE)


def _at(values: pl.Series, quantiles: Sequence[Fraction]) -> tuple[Fraction, ...]:
    """Type-7 quantiles of whole numbers."""
    ordered, count = values.sort(), values.len()
    return tuple(type7(lambda rank: int(ordered[rank]), count, share) for share in quantiles if count)


def _exceeded(values: pl.Series, cuts: Sequence[Fraction]) -> pl.Series:
    """How many of `cuts` each whole number exceeds (UInt8): it does where it exceeds the whole part."""
    none = pl.zeros(values.len(), dtype=pl.UInt8, eager=True)
    return sum(((values > math.floor(cut)).cast(pl.UInt8) for cut in cuts), none)
