"""What is said before a forecast: that the past speaks against it, and what of it is one miss of a year ago."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
from test_forecast_words import GOOD, made, past_of

from ltvtui.analytics.forecast.backtest import NONE, Backtest
from ltvtui.analytics.forecast.forecast import TOTALS
from ltvtui.analytics.forecast.repeat_model import RepeatModel
from ltvtui.present.forecast.season import season_cautions, season_effect
from ltvtui.present.headline.forecast import late_clauses
from ltvtui.present.headline.reliance import distrust, trust

STAYING = RepeatModel("mbg", 0.8, 9.9, 0.002, 11.9, -1.0)


def without_season(test: Backtest) -> Backtest:
    return replace(test, accuracy=test.accuracy.with_columns(season_known=pl.lit(False)))


@pytest.mark.parametrize(
    ("test", "word"),
    [
        (None, ""),
        (NONE, "untested"),
        (past_of((0.5, 0.5), (0.4, 0.4)), "worse"),
        (without_season(GOOD), "season untested"),  # the forecast has × 1.25
        (past_of((0.1, -0.1), (0.5, 0.5)), "good"),
        (past_of((0.2, -0.2), (0.5, 0.5)), "fair"),
        (past_of((0.3, -0.2), (0.5, 0.5)), "rough"),
    ],
)
def test_the_past_in_a_word(test: Backtest | None, word: str) -> None:
    assert trust(made(), test, 3) == word


def test_a_longer_horizon_is_doubted_by_the_longest_that_was_tested() -> None:
    """The past tests three months, and there the guess was closer: off by 40 %, the model by 50 %."""
    longer = made(months=(12,))
    assert distrust(longer, past_of((0.5, 0.5), (0.4, 0.4)), 12) == (
        "do not rely on this forecast: over 3 months, the longest that the past can test, the model was off by 50 %, "
        "“as in the last period” by 40 %",
    )
    assert distrust(longer, GOOD, 12) == ()


def test_a_model_that_keeps_everybody_is_doubted_where_many_are_silent() -> None:
    found = made(repeat=STAYING, lapsed=300, churn_gap=110)
    (told,) = distrust(found, GOOD, 3)
    assert told.replace("\u00a0", " ") == (
        "by the model hardly anybody leaves, yet by the churn gap 300 (30 %) have lapsed (no order for 110 days)"
    )
    assert distrust(made(repeat=STAYING), GOOD, 3) == ()


@pytest.mark.parametrize(
    ("factor", "told"),
    [
        (1.25, "× 1.25 of it is what the forecast of one year ago missed: without it 16 000 €"),
        (0.8, "× 0.80 takes off what the forecast of one year ago had too much: without it 25 000 €"),
        (1.05, ""),
    ],
)
def test_what_of_it_is_one_miss(factor: float, told: str) -> None:
    row = (3, 500.0, 20_000.0, 400.0, 20_000.0 / factor, 1.0, factor)
    assert season_effect(pl.DataFrame([row], TOTALS, orient="row").row(0, named=True), "€") == told


def test_a_season_that_no_test_had_says_how_much_history_it_takes() -> None:
    """365 + 180 + 91 days; of 545 there are too few."""
    told = season_cautions(made(history_days=545), without_season(GOOD), 3, "€")
    assert told[1] == (
        "Over 3 months no test of the past includes the season (season not testable: history of 545 days, it takes "
        "636)."
    )
    assert "which cannot tell a season from a trend" in told[-1]
    assert len(season_cautions(made(history_days=900), GOOD, 3, "€")) == 2


def test_the_late_are_told_from_those_who_hardly_come_back() -> None:
    states = {"late": (12, 340.0, 900.0), "unlikely": (3, 1.0, 500.0), "on time": (5, 70.0, 2.0)}
    assert late_clauses(states, 12, "€", True) == (
        "12 customers are late and may still bring 340.00 € within 12 months",
        "3 hardly come back (chance below 10 %), nor does their 500.00 €",
    )
    assert late_clauses(states, 12, "€", False)[0] == "12 customers are late"
