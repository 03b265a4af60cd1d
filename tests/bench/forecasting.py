"""Forecasts made anew each time: the first of a sample, and that of each customer."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final, TypeVar

from ltvtui.analytics.forecast.of_snapshot import forecast_of, question_of
from ltvtui.analytics.forecast.summary import forecast_summary
from ltvtui.analytics.kernel.memo import Memo
from ltvtui.analytics.snapshot import Snapshot

R = TypeVar("R")
WHOLE: Final = "forecast of each customer"
SAMPLED: Final = "first forecast, of a sample"


@dataclass(frozen=True)
class NoForecasts:
    """A memo that remembers everything but forecasts."""

    memo: Memo

    def recall(self, key: Hashable, make: Callable[[], R], *, lasting: bool = False) -> R:
        """What `make` gives, where it is a forecast; else what is remembered."""
        return make() if _is_forecast(key) else self.memo.recall(key, make, lasting=lasting)

    def find(self, key: Hashable) -> Any:
        """What is remembered, unless it is a forecast."""
        return None if _is_forecast(key) else self.memo.find(key)

    def pin(self, key: Hashable, made: object) -> None:
        """As the memo does."""
        self.memo.pin(key, made)


def _is_forecast(key: Hashable) -> bool:
    return str(key[0] if isinstance(key, tuple) else key).startswith("forecast")


def questions(snapshot: Snapshot) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Both forecasts: fitted, with the season of the year before, and scored over three horizons."""
    anew = replace(snapshot, memo=NoForecasts(snapshot.memo))
    yield SAMPLED, partial(forecast_summary, anew, sampled=True)
    yield WHOLE, lambda: forecast_of(anew, question_of(anew))
