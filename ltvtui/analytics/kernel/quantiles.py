"""Quantiles of whole numbers, exact: in floats a number may lie a hair beside a threshold that it is on."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction


def type7(at: Callable[[int], int], count: int, quantile: Fraction) -> Fraction:
    """Type 7 of Hyndman and Fan: linear between the two numbers about rank (count - 1) × quantile.

    `at` gives the number of a rank from 0 to `count` - 1, in rising order.
    """
    place = (count - 1) * quantile
    below = math.floor(place)
    low, high = at(below), at(min(below + 1, count - 1))
    return low + (high - low) * (place - below)
