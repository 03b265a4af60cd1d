"""By how much the figures of two groups differ, and how sure that is (metrics.md §12)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot
from typing import Final

import numpy as np
import polars as pl

from ltvtui.analytics.comparison.probability import both_tails_of_t
from ltvtui.analytics.comparison.replicates import MEASURES, Errors
from ltvtui.analytics.comparison.sides import SIDE, A, B
from ltvtui.analytics.intervals import student

_EQUAL: Final = 1e-12
"""A part of a figure below this is one of the last digits of a float."""


@dataclass(frozen=True)
class Difference:
    """One figure of A less that of B."""

    measure: str
    """One of replicates.MEASURES: a column of segments.profile."""
    a: float | None
    b: float | None
    value: float | None
    """a - b; None where one of them was not observed."""
    se: float | None
    """The standard errors of both, as of independent samples, in squares; None where one is unknown."""
    lower: float | None
    """Lower bound of the 95 % interval."""
    upper: float | None
    p: float | None
    """That of no difference; None where it cannot be tested, or nothing varies."""


def differences(rows: pl.DataFrame, errors_a: Errors, errors_b: Errors) -> tuple[Difference, ...]:
    """The difference of each of MEASURES, from the rows of segments.profile of both sides.

    Value ± t · SE, t with g - 1 degrees of freedom, g the groups of the side that has fewer.
    """
    by_side = {row[SIDE]: row for row in rows.iter_rows(named=True)}
    degrees = max(min(errors_a.groups, errors_b.groups) - 1, 1)
    return tuple(
        _difference(name, by_side[A][name], by_side[B][name], (errors_a.errors[name], errors_b.errors[name]), degrees)
        for name in MEASURES
    )


def _difference(
    name: str, a: float | None, b: float | None, errors: Sequence[float | None], degrees: int
) -> Difference:
    if a is None or b is None:
        return Difference(name, a, b, None, None, None, None, None)
    value, (error_a, error_b) = a - b, errors
    if error_a is None or error_b is None:
        return Difference(name, a, b, value, None, None, None, None)
    se, least = hypot(error_a, error_b), _EQUAL * max(abs(a), abs(b))
    if se > least:
        p: float | None = both_tails_of_t(value / se, degrees)
    else:  # customers who are all alike have no spread
        se, p = 0.0, 0.0 if abs(value) > least else None
    half_width = float(student(np.array([float(degrees)]))[0]) * se
    return Difference(name, a, b, value, se, value - half_width, value + half_width, p)
