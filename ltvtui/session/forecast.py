"""A dataset's forecasts held against its past: attempt by attempt, with progress, each remembered."""

from __future__ import annotations

from collections.abc import Callable

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
    snapshot = dataset.snapshot(query.whole())
    if not gate_of(snapshot).ok:
        return together(())
    question = question_of(snapshot, kind, months)
    past, rule = past_of(snapshot, question), snapshot.terms.tier_rule

    def made(attempt: Attempt) -> Backtest:
        key = ("backtest", question.as_of, kind, question.money, question.margin, rule, attempt)
        return dataset.results.recall(key, lambda: attempted(past, attempt, kind, question.margin, rule))

    planned = attempts(past, question.as_of, months)
    parts = []
    for done, attempt in enumerate(planned):
        if cancelled():
            raise Cancelled
        progress(done, len(planned))
        parts.append(made(attempt))
    progress(len(planned), len(planned))
    return together(parts)
