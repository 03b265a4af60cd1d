"""What Forecast shows: a board, or why the shop has none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ltvtui.analytics.forecast.accuracy import why_not_ranked
from ltvtui.analytics.forecast.backtest import Backtest
from ltvtui.analytics.forecast.forecast import MONTHS
from ltvtui.analytics.forecast.summary import ForecastSummary, answers_late, forecast_summary
from ltvtui.present.forecast.figures import forecast_figures
from ltvtui.present.forecast.season import season_cautions
from ltvtui.present.forecast.words import band_words, gate_words, lapsed_words
from ltvtui.present.headline.forecast import why_no_forecast
from ltvtui.session.dataset import Dataset
from ltvtui.session.forecast import backtest, backtest_by, cached_backtest, cached_backtest_by
from ltvtui.tui.location import Location
from ltvtui.tui.views.answer import Answer
from ltvtui.tui.views.forecast.board import BoardContent, BoardFunction, BoardQuestion
from ltvtui.tui.views.forecast.proof import proof
from ltvtui.tui.views.forecast.state import BOARDS, TOTALS, ForecastState
from ltvtui.tui.views.forecast.totals import KIND, totals
from ltvtui.tui.views.forecast.win_back import win_back
from ltvtui.tui.views.spec import Report

_BOARDS: Final[Mapping[str, BoardFunction]] = dict(zip(BOARDS, (totals, proof, win_back), strict=True))


@dataclass(frozen=True, eq=False, kw_only=True)
class ForecastAnswer(Answer):
    """What the screen shows."""

    shown: BoardContent | None
    """None where there is no forecast."""
    cautions: tuple[str, ...] = ()
    """What there is to know before the figures are used."""
    why: str = ""
    """Why there is no forecast; blank where there is one."""
    has_value: bool = True
    """Whether value can be expected, beside order days."""
    needed: tuple[str, ...] = ()
    """What it would take, in sentences."""


def forecast(dataset: Dataset, location: Location) -> ForecastAnswer:
    """The board, as far as it is told in a moment: of a large shop by a sample, and without a test that was not made
    before."""
    is_late = answers_late(dataset.snapshot(location.query))
    found = dataset.ask(forecast_summary, location.query, KIND, MONTHS, is_late)
    return _answer(dataset, location, found, cached_backtest(dataset, location.query))


def complete(dataset: Dataset, location: Location, report: Report) -> ForecastAnswer:
    """The next better answer: of all customers, then with the test on the past."""
    query = location.query
    test = cached_backtest(dataset, query)
    if answers_late(dataset.snapshot(query)):
        report("calculating")
    elif test is None:
        test = backtest(dataset, query, progress=lambda done, total: report(f"tested {done} of {total}"))
    elif _shows_groups(location):
        backtest_by(
            dataset, query, location.by, progress=lambda done, total: report(f"groups tested {done} of {total}")
        )
    return _answer(dataset, location, dataset.ask(forecast_summary, query, KIND, MONTHS), test)


def _shows_groups(location: Location) -> bool:
    return location.state(ForecastState).board == TOTALS


def _answer(dataset: Dataset, location: Location, found: ForecastSummary, test: Backtest | None) -> ForecastAnswer:
    if why := found.gate.why:
        return ForecastAnswer(shown=None, why=why, needed=gate_words(), headline=why_no_forecast(why))
    state = location.state(ForecastState)
    own = dataset.ask(forecast_summary, location.query, KIND, state.horizons, found.preliminary)
    groups = _shows_groups(location) and not found.preliminary
    tests_by = cached_backtest_by(dataset, location.query, location.by) if groups else None
    asked = BoardQuestion(dataset, location, found, own, test, tests_by)
    shown = _BOARDS[state.board](asked)
    unranked = "" if test is None else why_not_ranked(test.accuracy)
    return ForecastAnswer(
        tables=(shown.above, shown.rows),
        headline=shown.headline,
        figures=forecast_figures(own, asked.sign, test),
        is_preliminary=found.preliminary or test is None or (groups and tests_by is None),
        shown=shown,
        has_value=not found.no_value,
        cautions=(
            *([unranked] if unranked else []),
            *lapsed_words(own),
            *found.statements,
            *_of_season(asked),
            *band_words(test, found.months),
        ),
    )


def _of_season(asked: BoardQuestion) -> tuple[str, ...]:
    """Of the chosen horizon; of the longest where the season changes little in that one."""
    found, test = asked.found, asked.test
    for months in (asked.state.months, found.months[-1]):
        if cautions := season_cautions(found, test, months, asked.sign):
            # The sentence over the totals says the first already.
            is_shown = asked.state.board == TOTALS and months == asked.state.months
            return tuple(text for text in cautions if not (is_shown and text.startswith("Value ")))
    return ()
