"""The board of proof: how good forecasts of the shop's past were, and what the models say of its customers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import polars as pl

from ltvtui.analytics.forecast.backtest import COHORT, Backtest, in_short
from ltvtui.analytics.forecast.summary import alive_histogram
from ltvtui.analytics.listing import narrow
from ltvtui.days import iso
from ltvtui.present.charts import Chart
from ltvtui.present.forecast.plots import NOT_TESTED, alive_plot, bias_plot, calibration_plot
from ltvtui.present.forecast.tables import backtest_table, deciles_table
from ltvtui.present.forecast.verdict import verdict_table
from ltvtui.present.forecast.words import model_words, parameter_words
from ltvtui.present.headline.forecast import proof_clauses
from ltvtui.present.tables import Table
from ltvtui.tui.views.forecast.board import NO_TABLE, BoardContent, BoardQuestion, in_order, searched
from ltvtui.tui.views.forecast.state import TESTED
from ltvtui.tui.views.forecast.totals import PRELIMINARY

OF_ALL: Final = "tested on all customers"
NO_MATCH: Final = "No test matches."
TESTING: Final = "The test on the past is not complete."
_ROWS: Final[Mapping[str, Callable[[Backtest], tuple[pl.DataFrame, tuple[str, ...]]]]] = dict(
    zip(
        TESTED,
        (
            lambda test: (test.accuracy, ()),
            lambda test: (test.tiers, ("tier",)),
            lambda test: (test.cohorts, (COHORT,)),
        ),
        strict=True,
    )
)
"""Of a test the rows that are shown, and the dimension of their customers."""


def proof(asked: BoardQuestion) -> BoardContent:
    """Methods on average over all days of the past, then from each of them."""
    found, state, test = asked.found, asked.state, asked.test
    words = _words(asked)
    headline = proof_clauses(asked.unwarned, test, state.months)
    if test is None:
        caption = (PRELIMINARY,) if found.preliminary else ()
        return BoardContent(NO_TABLE, empty=TESTING, caption=caption, words=words, headline=headline)
    if not test.accuracy.height:
        return BoardContent(NO_TABLE, empty=f"{NOT_TESTED}.", words=words, headline=headline, plots=(_alive(asked),))
    own = test.of(state.months)
    above, low = (verdict_table(test, asked.metric, asked.sign, whole=whole) for whole in (True, False))
    short = in_short(test)
    of_horizon = short.filter(pl.col("months") == state.months)
    rows, by = _ROWS[state.tested](own)
    shown = in_order(narrow(rows, asked.location.search), asked.location)
    origin, of_test, chosen = state.origin, [], own.deciles
    table = backtest_table(shown, by) if rows.height else NO_TABLE
    if origin is not None and origin in own.deciles["origin"]:
        chosen = own.deciles.filter(pl.col("origin") == origin)
        table = deciles_table(in_order(chosen, asked.location))
        of_test = [f"test from {iso(origin)} by tenths of its customers (Esc: all tests)"]
    return BoardContent(
        table,
        above,
        low,
        marked=_place(above, state.months),
        marked_low=_place(low, state.months),
        empty=NO_MATCH if rows.height else f"{NOT_TESTED} of {state.months} months.",
        plots=(
            *([calibration_plot(chosen, state.months, asked.sign, asked.metric)] if rows.height else []),
            bias_plot(of_horizon if of_horizon.height else short, asked.metric),
            _alive(asked),
        ),
        caption=(
            *of_test,
            *([OF_ALL] if asked.location.query.trail else []),
            *searched(asked.location, shown.height, rows.height),
        ),
        words=words,
        headline=headline,
    )


def _place(above: Table, months: int) -> int:
    """The first row of that horizon; the first of all where there is none."""
    rows = above.frame.with_row_index("place").filter(pl.col("months") == months)
    return int(rows["place"][0]) if rows.height else 0


def _alive(asked: BoardQuestion) -> Chart:
    return alive_plot(asked.dataset.ask(alive_histogram, asked.location.query))


def _words(asked: BoardQuestion) -> tuple[str, ...]:
    found = asked.found
    if found.repeat is None:
        return ()
    statements = {*found.statements}  # they stand above
    words = (text for text in model_words(found, asked.sign) if text not in statements)
    return (*words, *parameter_words(found.repeat, found.spend))
