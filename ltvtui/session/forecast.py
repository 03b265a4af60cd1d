"""A dataset's forecasts held against its past: attempt by attempt, with progress, each remembered."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import replace

import polars as pl

from ltvtui.analytics.dimensions import FORECAST_BANDS, HINDSIGHT
from ltvtui.analytics.forecast.backtest import Attempt, Backtest, attempted, attempts, fitted_in, together
from ltvtui.analytics.forecast.backtest_by import attempted_by
from ltvtui.analytics.forecast.forecast import MONTHS
from ltvtui.analytics.forecast.of_snapshot import gate_of, past_of, question_of
from ltvtui.analytics.forecast.repeat_likelihood import Kind
from ltvtui.analytics.forecast.trial import Fitted
from ltvtui.errors import Cancelled, LtvError
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
    as `cancelled` says so.
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


def backtest_by(
    dataset: Dataset,
    query: Query,
    by: tuple[str, ...],
    kind: Kind = "mbg",
    months: tuple[int, ...] = MONTHS,
    progress: Progress = _nothing,
) -> tuple[pl.DataFrame, ...]:
    """The same by the dimensions `by`: of each attempt a frame (backtest_by.attempted_by). None where they cannot be
    tested."""
    test = _Test(dataset, query, kind, months)
    planned = test.planned_by(by)
    parts = []
    for done, attempt in enumerate(planned):
        progress(done, len(planned))
        parts.append(test.make_by(attempt, by))
    return tuple(parts)


def cached_backtest_by(
    dataset: Dataset, query: Query, by: tuple[str, ...], kind: Kind = "mbg", months: tuple[int, ...] = MONTHS
) -> tuple[pl.DataFrame, ...] | None:
    """The same where every attempt was made before; None where one is missing."""
    test = _Test(dataset, query, kind, months)
    parts = [test.find_by(attempt, by) for attempt in test.planned_by(by)]
    return None if any(part is None for part in parts) else tuple(part for part in parts if part is not None)


class _Test:
    """What has to be tried, and what was."""

    def __init__(self, dataset: Dataset, query: Query, kind: Kind, months: tuple[int, ...]) -> None:
        self._query = query.whole()
        snapshot = dataset.snapshot(self._query)
        self._dataset, self._kind = dataset, kind
        self._rule = snapshot.terms.tier_rule
        self._question = question_of(snapshot, kind, months)
        self._past = past_of(snapshot, self._question)
        self.planned = attempts(self._past, self._question.as_of, months) if gate_of(snapshot).ok else ()

    def planned_by(self, by: tuple[str, ...]) -> tuple[Attempt, ...]:
        """Of groups; bands of a forecast would need another one of each day."""
        return self.planned if set(by).isdisjoint(FORECAST_BANDS) else ()

    def make(self, attempt: Attempt) -> Backtest:
        """What comes of the attempt."""
        asked, past = self._question, self._past
        return self._dataset.results.recall(
            self._key(attempt),
            lambda: attempted(past, attempt, self._kind, asked.margin, self._rule, self._fitted(attempt)),
        )

    def make_by(self, attempt: Attempt, by: tuple[str, ...]) -> pl.DataFrame:
        """What comes of it for each value of `by`, as customers were placed then."""
        return self._dataset.results.recall(self._key_by(attempt, by), lambda: self._made_by(attempt, by))

    def find_by(self, attempt: Attempt, by: tuple[str, ...]) -> pl.DataFrame | None:
        """The same, if it was made."""
        found: pl.DataFrame | None = self._dataset.results.find(self._key_by(attempt, by))
        return found

    def _made_by(self, attempt: Attempt, by: tuple[str, ...]) -> pl.DataFrame:
        query = self._query if HINDSIGHT.isdisjoint(by) else replace(self._query, as_of=attempt.origin)
        fitted = self._fitted(attempt)
        try:
            groups = self._dataset.snapshot(query).by(*by).select("customer", *by)
        except LtvError:  # tiers by expected LTV, which nobody could expect then
            groups, fitted = pl.DataFrame(schema=("customer", *by)), None
        return attempted_by(self._past, attempt, self._kind, self._question.margin, groups, fitted)

    def _fitted(self, attempt: Attempt) -> Fitted | None:
        """What fits, found once for all groups."""
        asked = self._question
        key = ("backtest fit", asked.as_of, self._kind, asked.money, attempt)
        found: tuple[Fitted | None] = self._dataset.results.recall(
            key, lambda: (fitted_in(self._past, attempt, self._kind),)
        )
        return found[0]

    def _key_by(self, attempt: Attempt, by: tuple[str, ...]) -> Hashable:
        return ("backtest by", self._query, self._kind, attempt, by)

    def find(self, attempt: Attempt) -> Backtest | None:
        """What came of it, if it was made."""
        found: Backtest | None = self._dataset.results.find(self._key(attempt))
        return found

    def _key(self, attempt: Attempt) -> Hashable:
        asked = self._question
        return ("backtest", asked.as_of, self._kind, asked.money, asked.margin, self._rule, attempt)
