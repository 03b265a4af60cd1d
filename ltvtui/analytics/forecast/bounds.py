"""The range that parameters are held within: an end of it is no failure, it says something about the shop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

End = Literal["low", "high"]
Sides = tuple[End | None, ...]
"""Of each parameter, the end at which it is held."""

LOWEST: Final = 1e-5
HIGHEST: Final = 1e3
HIGHEST_SCALE: Final = 1e6
"""Of a parameter that is a length of time or an amount of money."""
NEAR: Final = 0.01
"""As a share of its value: so close to an end counts as being there, since the likelihood hardly changes."""


@dataclass(frozen=True)
class Bound:
    """The range of one parameter."""

    low: float = LOWEST
    high: float = HIGHEST

    def end(self, value: float) -> End | None:
        """The end at which `value` is held."""
        if value <= self.low * (1 + NEAR):
            return "low"
        return "high" if value >= self.high * (1 - NEAR) else None


SHAPE: Final = Bound()
SCALE: Final = Bound(high=HIGHEST_SCALE)


def ends(values: Sequence[float], bounds: Sequence[Bound]) -> Sides:
    """At which end each of `values` is held."""
    return tuple(bound.end(value) for value, bound in zip(values, bounds, strict=True))
