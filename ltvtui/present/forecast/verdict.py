"""Whether forecasts of a shop's past were closer than a guess: a row for each horizon."""

from __future__ import annotations

from typing import Final

import polars as pl

from ltvtui.analytics.forecast.accuracy import alike, apart
from ltvtui.analytics.forecast.backtest import Backtest
from ltvtui.present.columns import BIG, largest
from ltvtui.present.forecast.plots import METRICS
from ltvtui.present.forecast.tables import GINI_HELP, MAE_HELP, NEXT, SEASONLESS, TESTS_HELP, off_tone
from ltvtui.present.numbers import Kind
from ltvtui.present.tables import Column, Table, Tone

CLOSER: Final = "▲ closer"
FARTHER: Final = "▼ worse"
EQUAL: Final = "= equal"
_GUESSES: Final = {"last": "last period", "stay": "nobody leaves"}
_VERDICT_HELP: Final = "The model against the guess that all goes on as in the last period: which of them was closer."


def verdict_table(test: Backtest, metric: str, currency: str = "", *, whole: bool = True) -> Table:
    """Of each horizon how far off the forecasts of a metric (of plots.METRICS) were, and the guesses; if it is to be
    `whole`, with those of the model that are not like today's (accuracy.apart), which stand apart."""
    what = METRICS[metric]
    rows = _rows(alike(test.accuracy), what, "")
    if whole:
        rows = pl.concat([rows, _rows(apart(test.accuracy), what, SEASONLESS)])
    rows = rows.sort("months", maintain_order=True)
    is_value = metric == "value"
    is_big = max(largest(rows, "forecast"), largest(rows, "happened")) >= BIG
    decimals = 0 if is_big or not is_value else 2
    kind: Kind = "units" if is_value else "ratio"
    heading = f"{metric}, {currency}" if is_value and currency else metric
    off = "off by"
    columns = (
        Column(NEXT, "horizon", help="Months forecast."),
        Column("verdict", "verdict", help=_VERDICT_HELP, tone=verdict_tone),
        Column("tests", "tests", "count", help=TESTS_HELP),
        Column("forecast", "forecast", kind, heading, decimals, "On average over the tests."),
        Column("happened", "happened", kind, heading, decimals, "What came, on average over the tests."),
        Column("error", "model", "share", off, help=_OFF_HELP, tone=off_tone),
        Column("last", "last period", "share", off, help="The guess that all goes on as in the last equal period."),
        Column("stay", "nobody leaves", "share", off, help="The guess that nobody ever leaves.", rank=1),
        Column("gini", "Gini", "ratio", "each", 3, GINI_HELP, rank=2),
        Column("mae", "MAE", kind, "each", 2, MAE_HELP, rank=2),
    )
    return Table(rows, columns, fixed=1)


_OFF_HELP: Final = "Mean size of forecast ÷ happened − 1, of the total."


def verdict_tone(value: object) -> Tone | None:
    """Of a verdict."""
    return {CLOSER: "good", FARTHER: "bad", EQUAL: "fair"}.get(str(value))  # type: ignore[return-value]


def _rows(trials: pl.DataFrame, what: str, marked: str) -> pl.DataFrame:
    models = (
        trials.filter(pl.col("method") == "model")
        .group_by("months", maintain_order=True)
        .agg(
            pl.len().cast(pl.Int64).alias("tests"),
            pl.col(what).mean().alias("forecast"),
            pl.col(f"actual_{what}").mean().alias("happened"),
            _error(what).alias("error"),
            pl.col(f"gini_{what}").mean().alias("gini"),
            pl.col(f"mae_{what}").mean().alias("mae"),
        )
    )
    for key, method in _GUESSES.items():
        guess = trials.filter(pl.col("method") == method).group_by("months").agg(_error(what).alias(key))
        models = models.join(guess, on="months", how="left", maintain_order="left")
    closer = pl.col("error") < pl.col("last")
    verdict = (
        pl.when(closer).then(pl.lit(CLOSER)).when(pl.col("error") > pl.col("last")).then(pl.lit(FARTHER))
        .when(pl.col("error") == pl.col("last")).then(pl.lit(EQUAL)).otherwise(pl.lit("–"))
    )  # fmt: skip
    plural = pl.when(pl.col("months") == 1).then(pl.lit(" month")).otherwise(pl.lit(" months"))
    horizon = (pl.col("months").cast(pl.String) + plural + marked).alias(NEXT)
    return models.with_columns(verdict.alias("verdict"), horizon)


def _error(what: str) -> pl.Expr:
    """The mean size of the biases, as backtest.in_short has it."""
    return pl.col(f"bias_{what}").abs().mean()
