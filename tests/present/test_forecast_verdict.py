"""Whether forecasts of the past were closer than the guess “as in the last period”."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from ltvtui.analytics.forecast.accuracy import ACCURACY
from ltvtui.analytics.forecast.backtest import NONE, Backtest
from ltvtui.analytics.forecast.forecast import TOTALS
from ltvtui.analytics.forecast.gate import Gate
from ltvtui.analytics.forecast.summary import ForecastSummary
from ltvtui.present.forecast.verdict import CLOSER, EQUAL, FARTHER, verdict_table, verdict_tone
from ltvtui.present.headline.forecast import proof_clauses


def attempted(*rows: tuple[int, str, bool, float, float]) -> Backtest:
    """Attempts: months, method, whether the season was known, forecast and happened value."""
    frame = pl.DataFrame(
        [
            {
                "months": months, "origin": place // 3, "method": method, "season_known": known, "customers": 9,
                "value": forecast, "actual_value": happened, "bias_value": forecast / happened - 1,
                "gini_value": 0.5, "mae_value": 1.0,
            }
            for place, (months, method, known, forecast, happened) in enumerate(rows)
        ],
        schema=ACCURACY,
    )  # fmt: skip
    return replace(NONE, accuracy=frame)


FOUND = ForecastSummary(
    *(Gate(), (3,), 1000, 400.4, 90_000.0, 110_000.0, 7_000.0, pl.DataFrame(schema=TOTALS)),
    None,
    None,
    (),
    preliminary=False,
)

TWO = attempted(
    (3, "model", True, 110.0, 100.0),
    (3, "last period", True, 130.0, 100.0),
    (3, "nobody leaves", True, 200.0, 100.0),
    (3, "model", True, 160.0, 200.0),
    (3, "last period", True, 180.0, 200.0),
    (3, "nobody leaves", True, 300.0, 200.0),
    (3, "model", False, 150.0, 100.0),
    (3, "last period", False, 120.0, 100.0),
    (3, "nobody leaves", False, 120.0, 100.0),
)


def test_means_of_the_tests_and_of_the_guesses() -> None:
    """Off by 10 and 20 %: 15 % on average; the guess by 30 and 10 %: 20 %. The third test knew no season."""
    table = verdict_table(TWO, "value", "€")
    rows = table.frame.select("next", "verdict", "tests", "forecast", "happened").rows()
    assert rows == [
        ("3 months", CLOSER, 2, 135.0, 150.0),
        ("3 months, season unknown", FARTHER, 1, 150.0, 100.0),
    ]
    errors = table.frame.select("error", "last", "stay").rows()
    assert errors == [pytest.approx((0.15, 0.2, 0.75)), pytest.approx((0.5, 0.2, 0.2))]
    assert verdict_table(TWO, "value", whole=False).height == 1
    assert verdict_table(NONE, "value").height == 0


def test_a_guess_as_good_is_no_victory() -> None:
    alike = attempted((6, "model", True, 110.0, 100.0), (6, "last period", True, 110.0, 100.0))
    assert verdict_table(alike, "value").frame["verdict"].to_list() == [EQUAL]
    assert [verdict_tone(each) for each in (CLOSER, EQUAL, FARTHER, "–")] == ["good", "fair", "bad", None]


def test_the_sentence_begins_with_the_verdict() -> None:
    said = proof_clauses(FOUND, TWO, 3)
    assert said[0] == "the forecast over 3 months is a fair guide and closer than “as in the last period”"
    assert said[1].endswith("were off by 15 % on average")
    worse = attempted((3, "model", True, 150.0, 100.0), (3, "last period", True, 120.0, 100.0))
    said = proof_clauses(FOUND, worse, 3)
    assert said[:2] == (
        "do not rely on the forecast over 3 months",
        "in the past “as in the last period” was closer than the model (off by 20 %)",
    )
    for forecast, word in ((105.0, "can be relied on"), (140.0, "is a rough guide")):
        one = attempted((3, "model", True, forecast, 100.0))
        assert proof_clauses(FOUND, one, 3)[0] == f"the forecast over 3 months {word}, by a single test"
