"""A dataset's forecasts held against its past: attempt by attempt, with progress, each remembered."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from ltvtui.analytics.forecast.backtest import Attempt, Backtest, attempted, attempts, together
from ltvtui.analytics.forecast.forecast import MONTHS
from ltvtui.analytics.forecast.of_snapshot import gate_of, past_of, question_of
from ltvtui.analytics.forecast.repeat_likelihood import Kind
from ltvtui.errors import Cancelled
from ltvtui.query.query import Query
from ltvtui.session.dataset import Dataset
from ltvtui.sources.base import Progress


def _nothing(done: int, total: int) -> None:
    pass


def backtest(
    dataset: Dataset,
    query: Query,
    kind: Kind = "mbg",
    months: tuple[int, ...] = MONTHS,
    progress: Progress = _nothing,
    cancelled: Callable[[], bool] = lambda: False,
) -> Backtest:
    """The test of the whole shop's forecasts on its past, whatever the trail; empty where the gate is shut.

    Attempts that were made are remembered: who cancels and asks again goes on with the next. Raises Cancelled as soon
    as `cancelled` says so, and LtvError where no model fits.
    """
    test = _Test(dataset, query, kind, months)
    parts = []
    for done, attempt in enumerate(test.planned):
        if cancelled():
            raise Cancelled
        progress(done, len(test.planned))
        parts.append(test.make(attempt))
    progress(len(test.planned), len(test.planned))
    return together(parts)


def cached_backtest(
    dataset: Dataset, query: Query, kind: Kind = "mbg", months: tuple[int, ...] = MONTHS
) -> Backtest | None:
    """The same where every attempt was made before; None where one is missing."""
    test = _Test(dataset, query, kind, months)
    parts = [test.find(attempt) for attempt in test.planned]
    return together(part for part in parts if part is not None) if all(parts) else None


class _Test:
    """What has to be tried, and what was."""

    def __init__(self, dataset: Dataset, query: Query, kind: Kind, months: tuple[int, ...]) -> None:
        snapshot = dataset.snapshot(query.whole())
        self._dataset, self._kind = dataset, kind
        self._rule = snapshot.terms.tier_rule
        self._question = question_of(snapshot, kind, months)
        self._past = past_of(snapshot, self._question)
        self.planned = attempts(self._past, self._question.as_of, months) if gate_of(snapshot).ok else ()

    def make(self, attempt: Attempt) -> Backtest:
        """What comes of the attempt. Raises LtvError where no model fits."""
        return self._dataset.results.recall(
            self._key(attempt), lambda: attempted(self._past, attempt, self._kind, self._question.margin, self._rule)
        )

    def find(self, attempt: Attempt) -> Backtest | None:
        """What came of it, if it was made."""
        found: Backtest | None = self._dataset.results.find(self._key(attempt))
        return found

    def _key(self, attempt: Attempt) -> Hashable:
        asked = self._question
        return ("backtest", asked.as_of, self._kind, asked.money, asked.margin, self._rule, attempt)
