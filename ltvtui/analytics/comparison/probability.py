"""What is beyond a value by chance, and how much of it is left where many are tested."""

from __future__ import annotations

from collections.abc import Sequence
from math import erfc, sqrt
from typing import Final

SIGNIFICANT: Final = 0.05
"""A p below it, adjusted for all that are shown beside it, is called a difference."""


def both_tails(z: float) -> float:
    """p of a standard normal deviate, both tails."""
    return erfc(abs(z) / sqrt(2))


def both_tails_of_t(t: float, degrees: int) -> float:
    """p of Student's t, both tails."""
    from scipy.special import stdtr  # takes a quarter of a second to load

    return float(2 * stdtr(degrees, -abs(t)))


def adjusted(p: Sequence[float | None]) -> list[float | None]:
    """Each p adjusted for the false discovery rate over all of them (Benjamini & Hochberg 1995); None stays.

    p · n ÷ rank, and never above that of a larger p.
    """
    rising = sorted((value, place) for place, value in enumerate(p) if value is not None)
    found: list[float | None] = [None] * len(p)
    least = 1.0
    for rank, (value, place) in reversed(list(enumerate(rising, 1))):
        least = min(least, value * (len(rising) / rank))
        found[place] = least
    return found
