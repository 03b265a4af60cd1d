"""Charts of a forecast."""

from __future__ import annotations

import polars as pl

from ltvtui.present.charts import Band, BarChart, ColumnChart, Line, LineChart, compact
from ltvtui.present.numbers import counted, percent

NOT_TESTED = "The past is too short to test a forecast"


def totals_plot(rows: pl.DataFrame, currency: str) -> LineChart:
    """Expected value by horizon (backtest.with_bands), from now on, with the band of past errors."""
    months = [0, *rows["months"]]
    values, low, high = ([0.0, *rows[name]] for name in ("value", "value_low", "value_high"))
    banded = rows["value_low"].is_not_null().any()
    return LineChart(
        "Expected value",
        [Line("", months, values)] if rows.height else [],
        x_label="months from now",
        y_label=currency,
        bands=[Band(months, low, high)] if banded else (),
        band_note="past errors shaded",
        y_format=compact,
        x_format=lambda v: f"{v:g}",
        x_ticks=[(float(month), f"{month}") for month in months],
        empty="No forecast",
    )


def calibration_plot(deciles: pl.DataFrame, months: int, currency: str) -> LineChart:
    """Forecast against what happened, by tenth of the customers, highest forecast first: `deciles` of one attempt, or
    of several of the same `months`, added up."""
    rows = deciles.group_by("decile").agg(pl.col("value", "actual_value").sum()).sort("decile")
    tenths = rows["decile"].to_list()
    lines = [
        Line("happened", tenths, rows["actual_value"].to_list()),
        Line("forecast", tenths, rows["value"].to_list(), "accent2", dotted=True),
    ]
    return LineChart(
        f"Forecast and happened, {counted(months, 'month')}",
        lines if rows.height else [],
        x_label="tenth of customers, highest forecast first",
        y_label=currency,
        y_format=compact,
        x_format=lambda v: f"{v:g}",
        x_steps=(1,),
        empty=NOT_TESTED,
    )


def alive_plot(rows: pl.DataFrame) -> ColumnChart:
    """Customers by the chance that they are still there (summary.alive_histogram)."""
    starts = rows["p_from"].to_list()
    return ColumnChart(
        "Customers by P(alive)",
        [float(place) for place in range(rows.height)],
        rows["customers"].to_list() if rows["customers"].sum() else [None] * rows.height,
        x_ticks=[(float(place), percent(start, 0)) for place, start in enumerate(starts)],
        y_label="customers",
        x_format=lambda place: f"{percent(starts[int(place)], 0)} and more",
        empty="No customers in this selection",
    )


def bias_plot(short: pl.DataFrame) -> BarChart:
    """How far off the value was on average, of each horizon and method (backtest.in_short)."""
    rows = short.filter(pl.col("error_value").is_not_null())
    labels = [f"{months} mo {method}" for months, method in rows.select("months", "method").iter_rows()]
    return BarChart(
        "Forecasts of the past: value off by",
        labels,
        rows["error_value"].to_list(),
        format=lambda v: percent(v),
        colours=["accent1" if method == "model" else "muted" for method in rows["method"]],
        empty=NOT_TESTED,
    )
