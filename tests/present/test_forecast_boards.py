"""Sentences, seasons and charts of the boards of Forecast."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from ltvtui.analytics.forecast.backtest import BANDS, CALIBRATION
from ltvtui.analytics.forecast.forecast import TOTALS
from ltvtui.present.charts import Palette, render
from ltvtui.present.forecast.plots import calibration_plot, periods_plot, risk_plot
from ltvtui.present.forecast.season import season_words
from ltvtui.present.forecast.tables import totals_table
from ltvtui.present.forecast.words import gate_words
from ltvtui.present.headline import sentence
from ltvtui.present.headline.forecast import win_back_clauses

PALETTE = Palette("#ffffff", "#888888", ("#0000ff",), "#00ff00", "#ff0000")


def sums(**changes: Any) -> dict[str, Any]:
    return {"customers": 4, "left": 3, "at_risk": 200.0, "of": 400.0, "half": 2, **changes}


@pytest.mark.parametrize(
    ("found", "search", "text"),
    [
        (sums(), "", "200.00 € within 6 months is at risk: 3 of 4 customers (75 %) have probably left; "
         "half of it lies with 2 customers (50 %)."),
        (sums(), "ann", "200.00 € (50 % of all) within 6 months is at risk: 3 of 4 customers matching “ann” (75 %) "
         "have probably left; half of it lies with 2 customers (50 %)."),
        (sums(left=1), "", "200.00 € within 6 months is at risk: 1 of 4 customers (25 %) has probably left; "
         "half of it lies with 2 customers (50 %)."),
        (sums(left=0), "", "200.00 € within 6 months is at risk: some of 4 customers may have left."),
        (sums(customers=1, left=0), "", "200.00 € within 6 months is at risk: the customer may have left."),
        (sums(customers=0), "ann", "No customer matches “ann”."),
        (sums(customers=0), "", "No customers in this selection."),
    ],
)  # fmt: skip
def test_what_is_at_risk(found: dict[str, Any], search: str, text: str) -> None:
    assert sentence(win_back_clauses(found, 6, "€", search)) == text


def totals(season: float, value_season: float) -> pl.DataFrame:
    row = (3, 500.0, 20_000.0, 400.0, 16_000.0, season, value_season)
    bands = pl.DataFrame([(None,) * 4], schema=dict.fromkeys(BANDS, pl.Float64), orient="row")
    return pl.concat([pl.DataFrame([row], schema=TOTALS, orient="row"), bands], how="horizontal")


def test_a_season_is_a_factor_or_unknown() -> None:
    measured, unknown = totals(1.25, 1.0), totals(1.0, 1.0)
    assert season_words(measured.row(0, named=True), "order days") == "season × 1.25 from one year"
    assert season_words(measured.row(0, named=True), "value") == "season × 1.00 from one year"
    assert season_words(unknown.row(0, named=True), "value") == "season unknown"
    names = [column.key for column in totals_table(measured, "€").columns[-2:]]
    assert totals_table(measured, "€").frame.select(names).row(0) == (1.25, 1.0)
    assert totals_table(unknown, "€").frame.select(names).row(0) == (None, None)


def test_what_a_forecast_needs() -> None:
    assert gate_words()[0] == (
        "A forecast needs 500 customers, 180 days of history, and 100 customers who ordered again on another day."
    )


def test_forecast_and_happened_stand_side_by_side() -> None:
    """Two attempts are added up: 900 + 100 forecast, 800 + 100 happened."""
    figures = ((1, 900.0, 800.0), (2, 100.0, 100.0))
    rows = [(3, origin, 1, 90, 9.0, 8.0, value, happened) for origin, value, happened in figures]
    deciles = pl.DataFrame(rows, schema=CALIBRATION, orient="row")
    chart = calibration_plot(deciles, 3, "€")
    assert [*chart.values] == [1000.0, 900.0]
    assert [*chart.colours] == ["muted", "accent1"]
    assert chart.y_label == "value, 3 mo, €"
    assert [*calibration_plot(deciles, 3, "€", "order days").values] == [18.0, 16.0]


def test_past_periods_before_the_next_one() -> None:
    """The band from 20 to 40 is shaded: as many cells as there are from 0 to 20."""
    days = pl.Series("until", [109, 200], dtype=pl.Int32)
    periods = pl.DataFrame({"until": days, "order_days": [1.0, 2.0], "value": [20.0, 15.0]})
    row = {"months": 3, "value": 30.0, "value_low": 20.0, "value_high": 40.0}
    chart = periods_plot(periods, row, "value", "€")
    assert [*chart.labels] == ["3 mo to 1970-04-20", "3 mo to 1970-07-20", "next 3 mo, no new customers"]
    lines = ["".join(run.text for run in line) for line in render(chart, 60, 8, PALETTE)]
    assert "past errors shaded" in lines[0]
    last = next(line for line in lines if line.startswith("next 3 mo"))
    assert last.count("█") == last.count("░") > 5
    unbanded = periods_plot(periods, {**row, "value_low": None, "value_high": None}, "value", "€")
    assert "past errors shaded" not in "".join(run.text for line in render(unbanded, 60, 8, PALETTE) for run in line)


def test_risk_by_tenth() -> None:
    rows = pl.DataFrame({"p_from": [0.0, 0.1], "p_to": [0.1, 0.2], "customers": [3, 0], "value_at_risk": [7.0, 0.0]})
    chart = risk_plot(rows, 12, "€")
    assert [*chart.values] == [7.0, 0.0]
    assert chart.title == "Value at risk by P(alive), 12 months"
