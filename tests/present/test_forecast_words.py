"""What is said of a forecast: its sentence, the parameters in words, tables and charts of what was found."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from ltvtui.analytics.forecast.accuracy import ACCURACY
from ltvtui.analytics.forecast.backtest import CALIBRATION, NONE, Backtest, apart_in_short, in_short, with_bands
from ltvtui.analytics.forecast.forecast import TOTALS
from ltvtui.analytics.forecast.gate import Gate
from ltvtui.analytics.forecast.repeat_model import RepeatModel
from ltvtui.analytics.forecast.spend_model import SpendModel
from ltvtui.analytics.forecast.summary import ForecastSummary
from ltvtui.present.charts import Palette, render
from ltvtui.present.forecast.figures import forecast_figures
from ltvtui.present.forecast.plots import alive_plot, bias_plot, calibration_plot, totals_plot
from ltvtui.present.forecast.report import ForecastReport, write_forecast
from ltvtui.present.forecast.tables import backtest_table, short_test_table, totals_table
from ltvtui.present.forecast.words import model_words, parameter_words
from ltvtui.present.headline import sentence
from ltvtui.present.headline.forecast import forecast_clauses
from ltvtui.present.text_tables import text_table

ORIGINS = (10_000, 9_900)


def made(**changes: object) -> ForecastSummary:
    totals = pl.DataFrame([(3, 500.0, 20_000.0, 400.0, 16_000.0, 1.25, 1.25)], schema=TOTALS, orient="row")
    found = ForecastSummary(
        *(Gate(), (3,), 1000, 400.4, 90_000.0, 110_000.0, 7_000.0, totals),
        RepeatModel("mbg", 0.61784, 8.65696, 0.55152, 1.00906, -17_127.373),
        SpendModel(4.68345, 4.18978, 24.3906, -4_884.566),
        (),
        preliminary=False,
    )
    return replace(found, **changes)  # type: ignore[arg-type]


def past_of(model: tuple[float, ...], repeated: tuple[float, ...], gini: float = 0.6) -> Backtest:
    """Forecasts of 20 000 of the past with these biases."""
    rows = [
        {
            "months": 3,
            "origin": origin,
            "method": method,
            "season_known": True,
            "customers": 900,
            **{f"{name}{what}": 20_000.0 for name in ("", "actual_") for what in ("order_days", "value")},
            **{f"bias_{what}": bias for what in ("order_days", "value")},
            **{f"mae_{what}": 1.5 for what in ("order_days", "value")},
            **{f"gini_{what}": gini for what in ("order_days", "value")},
            "actual_value": 20_000.0 / (1 + bias),
        }
        for method, biases in (("model", model), ("last period", repeated))
        for origin, bias in zip(ORIGINS, biases, strict=False)
    ]
    deciles = [(3, 10_000, tenth, 90, 9.0 - tenth / 2, 8.0, 900.0 / tenth, 800.0 / tenth) for tenth in range(1, 11)]
    return replace(
        NONE,
        accuracy=pl.DataFrame(rows, schema=ACCURACY),
        deciles=pl.DataFrame(deciles, schema=CALIBRATION, orient="row"),
    )


GOOD = past_of((0.25, -0.2), (0.5, 0.4))


def said(found: ForecastSummary, test: Backtest | None = GOOD) -> str:
    return sentence(forecast_clauses(found, with_bands(found.totals, test or NONE), test, "€"))


def test_the_sentence_says_how_much_and_how_sure() -> None:
    """Off by 25 % and −20 %: 22.5 % on average; 20 000 ÷ 1.25 and ÷ 0.8."""
    assert said(made()) == (
        "Today's customers are expected to bring 20 000 € within 3 months (16 000 to 25 000 € by past errors); "
        "× 1.25 of it is what the forecast of one year ago missed: without it 16 000 €; "
        "2 such forecasts of the past were off by 22 % on average; "
        "600 of 1 000 customers (60 %) have probably left; of all customers 7 000.00 € is at risk."
    )


@pytest.mark.parametrize(
    ("found", "test", "words"),
    [
        (made(gate=Gate("Not enough data for a forecast: 120 of 180 days of history.")), GOOD,
         "Not enough data for a forecast: 120 of 180 days of history."),
        (made(customers=0), GOOD, "No customers in this selection."),
        (made(), past_of((0.9, 0.4), (0.1, -0.2)),
         "In the past “as in the last period” was closer than the model (off by 15 %)"),
        (made(), past_of((0.1, 0.1), (0.2, 0.2), gini=0.02), "Customers cannot be told apart"),
        (made(preliminary=True), None, "Today's customers are expected to bring about 20 000 € within 3 months;"),
        (made(), NONE, "The past is too short to test forecasts of 3 months; today's customers are expected"),
        (made(), past_of((0.25,), (0.5,)), "; the only such forecast that the past can test was off by 25 %;"),
        (made(p_alive=1000.0), GOOD, "on average."),
        (made(statements=("Season unknown: less than 545 days of history.",)), GOOD,
         "; season unknown: less than 545 days of history."),
    ],
)  # fmt: skip
def test_the_worst_comes_first(found: ForecastSummary, test: Backtest | None, words: str) -> None:
    text = said(found, test)
    assert words in text
    if words[0].isupper():
        assert text.startswith(words)
    if words == "on average.":
        assert "left" not in text


def test_parameters_in_words() -> None:
    """.61784 ÷ 8.65696 a week is .3103 a month of 30.4375 days; .55152 ÷ 1.56058 leave; p·v ÷ (q − 1) = 35.81."""
    assert model_words(made(), "€") == (
        "While they stay, customers order on 0.31 days a month on average; they differ much in that.",
        "After an order day 35 % of customers leave.",
        "An order day brings 35.81 € on average; customers differ somewhat in that.",
    )
    found = made()
    assert found.repeat is not None
    assert found.spend is not None
    assert parameter_words(found.repeat, found.spend)[0] == (
        "MBG/NBD: r 0.618, α 8.66 weeks, a 0.552, b 1.01; log-likelihood -17 127.4"
    )


def test_parameters_at_a_bound_are_words_and_no_figures() -> None:
    alike = RepeatModel("mbg", 1000.0, 5000.0, 1e-5, 1.0, -1.0)
    words = " ".join(model_words(made(repeat=alike, statements=alike.statements), ""))
    assert "Nobody leaves: every customer counts as active." in words
    assert "No differences between customers in how often they buy." in words
    assert "of customers leave" not in words
    assert "differ much" not in words
    same = SpendModel(5.0, 1000.0, 1e6, -1.0)
    assert "differ" not in " ".join(model_words(made(spend=same), "")[2:3])
    assert model_words(made(repeat=None, spend=None), "") == ()
    assert model_words(made(preliminary=True), "")[0] == "Preliminary: a sample of the customers tells it."


def test_tables_hold_what_was_found() -> None:
    text = text_table(totals_table(with_bands(made().totals, GOOD), "€"))
    assert "3 months" in text
    assert "16 000  25 000" in text
    rows = text_table(short_test_table(in_short(GOOD))).splitlines()
    assert rows[3].split()[:5] == ["3", "months", "model", "2", "22.5"]
    assert "1997-05-19" in text_table(backtest_table(GOOD.accuracy))


def test_key_figures() -> None:
    boxes = {box.label: (box.value, box.note) for box in forecast_figures(made(), "€").boxes}
    assert boxes == {
        "customers": ("1 000", ""),
        "active": ("400", "40.0 %"),
        "value to date": ("90 000 €", ""),
        "expected 3 mo": ("20 000 €", ""),
        "exp. LTV": ("110.00 €", "each, 3 mo"),
        "at risk": ("7 000.00 €", "3 mo"),
    }
    assert forecast_figures(made(gate=Gate("no")), "€").boxes == ()


@pytest.mark.parametrize("width", [40, 100])
def test_charts_of_a_forecast(width: int) -> None:
    totals = with_bands(made().totals, GOOD)
    bars = pl.DataFrame({"p_from": [p / 10 for p in range(10)], "customers": [5] * 10})
    charts = [
        totals_plot(totals, "€"),
        calibration_plot(GOOD.deciles, 3, "€"),
        alive_plot(bars),
        bias_plot(in_short(GOOD)),
    ]
    nothing = [
        totals_plot(totals.clear(), "€"),
        calibration_plot(NONE.deciles, 3, "€"),
        alive_plot(bars.with_columns(customers=pl.lit(0))),
        bias_plot(in_short(NONE)),
    ]
    for chart in (*charts, *nothing):
        lines = render(chart, width, 14, Palette())
        assert len(lines) <= 14
        text = "".join(run.text for line in lines for run in line)
        assert chart.title.split()[0] in text or chart.empty in text
    for chart in nothing:
        assert chart.empty in "".join(run.text for line in render(chart, 100, 14, Palette()) for run in line)


def test_the_report_of_a_shut_gate_has_no_figures() -> None:
    refused = made(gate=Gate("Not enough data for a forecast: 59 of 500 customers."), totals=made().totals.clear())
    refused = replace(refused, repeat=None, spend=None)
    report = ForecastReport(10_000, "all customers", (), refused, NONE, None)
    assert write_forecast(report, "table") == (
        "Not enough data for a forecast: 59 of 500 customers.\nas of 1997-05-19 · all customers\n"
    )
    assert write_forecast(report, "markdown").strip() == "Not enough data for a forecast: 59 of 500 customers."


def test_means_are_of_tests_that_knew_the_season_where_any_did() -> None:
    """Biases of 10, −20 and 60 %, the last without a season: it stands apart."""
    model = GOOD.accuracy.filter(pl.col("method") == "model").head(1)
    biases = pl.concat(
        model.with_columns(
            pl.lit(origin, dtype=pl.Int32).alias("origin"),
            pl.lit(bias).alias("bias_order_days"),
            pl.lit(known).alias("season_known"),
        )
        for origin, bias, known in ((300, 0.1, True), (200, -0.2, True), (100, 0.6, False))
    )
    for rows, attempts, mean in ((biases, 2, 0.15), (biases[::2], 1, 0.1), (biases[2:], 1, 0.6)):
        found = in_short(replace(GOOD, accuracy=rows)).row(0, named=True)
        assert found["attempts"] == attempts
        assert found["error_order_days"] == pytest.approx(mean)
    test = replace(GOOD, accuracy=biases)
    shown = text_table(short_test_table(in_short(test), apart_in_short(test))).splitlines()
    assert shown[-1].split()[2:7] == ["model,", "season", "unknown", "1", "60.0"]
    assert apart_in_short(replace(GOOD, accuracy=biases[2:])).height == 0
    assert "unknown" in text_table(backtest_table(biases)).splitlines()[-1]
