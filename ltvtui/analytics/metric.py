"""A metric as a value: what it is called, its unit, how parts make a whole, and its definition in one sentence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeVar

Unit = Literal["count", "money", "share", "ratio"]
"""count: whole number; money: currency units; share: 0…1; ratio: any other number."""
Total = Literal["sum", "mean per customer", "mean per order", "own"]
"""How the figure of a whole follows from those of its parts. sum: they add up; mean: weighted by customers or orders;
own: it does not follow from them, the whole has to be computed by itself."""


@dataclass(frozen=True)
class Metric:
    """One figure of a cohort, a cell of a matrix or a column."""

    key: str
    """Column of the frames that have it, and key in JSON."""
    name: str
    """What a person reads and says: title of a column, value of an option."""
    unit: Unit
    total: Total = "own"
    help: str = ""
    """The definition in one sentence."""
    decimals: int = 2
    """Digits that mean something, of a ratio."""

    @property
    def adds_up(self) -> bool:
        """Whether parts sum to the whole, so that each of them is a share of it."""
        return self.total == "sum"


M = TypeVar("M", bound=Metric)


def by_key(metrics: Iterable[M]) -> dict[str, M]:
    """A registry, in the order given. Raises ValueError where two have one key."""
    registry: dict[str, M] = {}
    for metric in metrics:
        if metric.key in registry:
            raise ValueError(f"two metrics have the key {metric.key!r}")
        registry[metric.key] = metric
    return registry
