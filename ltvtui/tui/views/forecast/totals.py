"""The board of totals: what will come within each horizon, of whom, and what came before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from ltvtui.analytics.forecast.backtest_by import with_bands_by
from ltvtui.analytics.forecast.past_periods import past_periods
from ltvtui.analytics.forecast.summary import forecast_by
from ltvtui.analytics.listing import narrow
from ltvtui.present.charts import Chart
from ltvtui.present.forecast.plots import periods_plot, totals_plot
from ltvtui.present.forecast.season import season_words
from ltvtui.present.forecast.tables import groups_table, totals_table
from ltvtui.present.forecast.words import bandless_words
from ltvtui.present.headline.forecast import forecast_clauses
from ltvtui.present.headline.reliance import trust
from ltvtui.present.plots import bars_plot
from ltvtui.present.tables import Table
from ltvtui.session.value_order import value_orders
from ltvtui.tui.views.forecast.board import NO_TABLE, BoardContent, BoardQuestion, in_order, searched

KIND: Final = "mbg"
PRELIMINARY: Final = "preliminary: a sample of the customers tells it"
CALCULATING: Final = "Not calculated for all customers yet."
TESTING: Final = "the test on the past is not complete"


def totals(asked: BoardQuestion) -> BoardContent:
    """Horizons over groups; of a sample, horizons alone."""
    found, state = asked.found, asked.state
    above = totals_table(asked.totals, asked.sign, _trusts(asked))
    marked = found.months.index(state.months)
    season = season_words(_row(asked), asked.metric)
    headline = forecast_clauses(asked.unwarned, asked.totals, asked.test, asked.sign)
    if not found.customers:
        return BoardContent(NO_TABLE, headline=headline)
    if found.preliminary:
        return BoardContent(
            NO_TABLE, above, marked=marked, empty=CALCULATING, caption=(PRELIMINARY,), headline=headline,
            plots=(_by_horizon(asked),), season=season,
        )  # fmt: skip
    dataset, location = asked.dataset, asked.location
    every = dataset.ask(forecast_by, location.query, location.by, KIND, state.horizons)
    if asked.tests_by is not None:
        every = with_bands_by(every, location.by, asked.tests_by, state.horizons)
    rows = in_order(narrow(every, location.search), location)
    table = groups_table(rows, location.by, state.horizons, asked.sign, asked.metric)
    return BoardContent(
        table,
        above,
        marked=marked,
        by=location.by,
        plots=(*_plots(asked), _at_risk(asked, rows, table)),
        caption=(*_untested(asked), *searched(location, rows.height, every.height)),
        season=season,
        words=bandless_words(rows),
        headline=headline,
    )


def _trusts(asked: BoardQuestion) -> dict[int, str]:
    """Of each horizon what the past says of it; nothing before it has been tested."""
    if asked.test is None:
        return {}
    return {months: trust(asked.found, asked.test, months) for months in asked.found.months}


def _plots(asked: BoardQuestion) -> tuple[Chart, ...]:
    dataset, query, state = asked.dataset, asked.location.query, asked.state
    periods = dataset.ask(past_periods, query, state.months)
    return periods_plot(periods, _row(asked), asked.metric, asked.sign), _by_horizon(asked)


def _at_risk(asked: BoardQuestion, rows: pl.DataFrame, table: Table) -> Chart:
    """Of whom what is at risk would come."""
    column = next(each for each in table.columns if each.key == "value_at_risk")
    by = asked.location.by
    return bars_plot(rows, by, column, value_orders(asked.dataset, by))


def _row(asked: BoardQuestion) -> Mapping[str, Any]:
    """What is expected within the chosen horizon."""
    return asked.totals.filter(pl.col("months") == asked.state.months).row(0, named=True)


def _by_horizon(asked: BoardQuestion) -> Chart:
    return totals_plot(asked.totals, asked.sign, asked.metric)


def _untested(asked: BoardQuestion) -> tuple[str, ...]:
    return (TESTING,) if asked.test is None else ()
