"""The silence since a customer's last order, against the days that usually lie between two."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Self

from ltvtui.present.charts.scale import finite
from ltvtui.present.charts.specs import Timeline
from ltvtui.present.numbers import count, counted
from ltvtui.present.rhythm import days_in_words


class Silence(NamedTuple):
    """The days since the last order."""

    last: float
    """Day of that order."""
    until: float
    rhythm: float | None
    """Days that usually lie between two orders."""

    @classmethod
    def of(cls, chart: Timeline, orders: Sequence[tuple[float, float]]) -> Self | None:
        """The silence that goes on at the end of a chart; None without an order before its last day."""
        until = finite(chart.until)
        bought = [day for day, amount in orders if amount >= 0]
        if until is None or not bought or max(bought) >= until:
            return None
        return cls(max(bought), until, finite(chart.rhythm))

    @property
    def is_long(self) -> bool:
        """Whether it is longer than usual."""
        return self.rhythm is not None and self.until - self.last > self.rhythm

    def wordings(self) -> tuple[str, ...]:
        """In words, the fullest first: usually 30 days apart · 124 days since the last."""
        days = round(self.until - self.last)
        silent = f"{counted(days, 'day')} since the last"
        if self.rhythm is None:
            return (silent,)
        usual = days_in_words(float(self.rhythm))
        return (f"usually {usual} apart · {silent}", f"usual gap {usual}, now {count(days)}")
