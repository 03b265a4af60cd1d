"""Charts of a forecast."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from ltvtui.days import iso
from ltvtui.present.charts import Band, BarChart, ColumnChart, Line, LineChart, compact
from ltvtui.present.numbers import amount, counted, percent

METRICS: Final[Mapping[str, str]] = {"value": "value", "order days": "order_days"}
"""What a forecast is of, and its column."""

NOT_TESTED: Final = "The past is too short to test a forecast"


def totals_plot(rows: pl.DataFrame, currency: str, metric: str = "value") -> LineChart:
    """What is expected by horizon (backtest.with_bands), from now on, with the band of past errors."""
    key = METRICS[metric]
    months = [0, *rows["months"]]
    values, low, high = ([0.0, *rows[name]] for name in (key, f"{key}_low", f"{key}_high"))
    banded = rows[f"{key}_low"].is_not_null().any()
    return LineChart(
        f"Expected {metric}",
        [Line("", months, values)] if rows.height else [],
        x_label="months from now",
        y_label=_unit(metric, currency),
        bands=[Band(months, low, high)] if banded else (),
        band_note="past errors shaded",
        y_format=compact,
        x_format=lambda v: f"{v:g}",
        x_ticks=[(float(month), f"{month}") for month in months],
        empty="No forecast",
    )


def periods_plot(periods: pl.DataFrame, row: Mapping[str, Any], metric: str, currency: str) -> BarChart:
    """What came in the last equal periods (past_periods.past_periods), then what is expected in the next: `row` of
    backtest.with_bands, with the band of past errors where it is known."""
    key, months = METRICS[metric], row["months"]
    values = [*periods[key], row[key]]
    labels = [f"{months} mo to {iso(day)}" for day in periods["until"]]
    low, high = row[f"{key}_low"], row[f"{key}_high"]
    blank: list[float | None] = [None] * periods.height
    return BarChart(
        f"{metric.capitalize()}, {counted(months, 'month')} each",
        [*labels, f"next {months} mo, no new customers"],
        values,
        format=lambda v: f"{amount(v, 0)} {currency}".rstrip() if metric == "value" else amount(v, 0),
        colours=[*["muted"] * periods.height, "accent1"],
        lower=[*blank, low],
        upper=[*blank, high],
        band_note="past errors shaded",
        empty="No forecast",
    )


def calibration_plot(deciles: pl.DataFrame, months: int, currency: str, metric: str = "value") -> ColumnChart:
    """Forecast and, beside it, what happened, by tenth of the customers, highest forecast first: `deciles` of one
    attempt, or of several of the same `months`, added up."""
    key = METRICS[metric]
    rows = deciles.group_by("decile").agg(pl.col(key, f"actual_{key}").sum()).sort("decile")
    pairs = [*rows.select(key, f"actual_{key}").iter_rows()]
    places = range(2 * len(pairs))
    unit = [metric, f"{months} mo", *([currency] if metric == "value" and currency else [])]
    return ColumnChart(
        "Forecast (grey), then happened, by tenth",
        [float(place) for place in places],
        [figure for pair in pairs for figure in pair],
        x_ticks=[(2.0 * place, f"{decile}") for place, decile in enumerate(rows["decile"])],
        y_label=", ".join(unit),
        colours=["muted", "accent1"] * len(pairs),
        empty=NOT_TESTED,
    )


def alive_plot(rows: pl.DataFrame) -> ColumnChart:
    """Customers by the chance that they are still there (summary.alive_histogram)."""
    return _by_tenth(rows, "Customers by P(alive)", "customers", "customers")


def risk_plot(rows: pl.DataFrame, months: int, currency: str) -> ColumnChart:
    """Value at risk by the chance that customers are still there (summary.alive_histogram): with those who have left
    for sure, or with those who are about to."""
    return _by_tenth(rows, f"Value at risk by P(alive), {counted(months, 'month')}", "value_at_risk", currency)


def _by_tenth(rows: pl.DataFrame, title: str, column: str, unit: str) -> ColumnChart:
    starts = rows["p_from"].to_list()
    return ColumnChart(
        title,
        [float(place) for place in range(rows.height)],
        rows[column].to_list() if rows["customers"].sum() else [None] * rows.height,
        x_ticks=[(float(place), percent(start, 0)) for place, start in enumerate(starts)],
        y_label=unit,
        x_format=lambda place: f"{percent(starts[int(place)], 0)} and more",
        empty="No customers in this selection",
    )


def bias_plot(short: pl.DataFrame, metric: str = "value") -> BarChart:
    """How far off the total was on average, of each horizon and method (backtest.in_short)."""
    key = f"error_{METRICS[metric]}"
    rows = short.filter(pl.col(key).is_not_null())
    labels = [f"{months} mo {method}" for months, method in rows.select("months", "method").iter_rows()]
    return BarChart(
        f"Forecasts of the past: {metric} off by",
        labels,
        rows[key].to_list(),
        format=lambda v: percent(v),
        colours=["accent1" if method == "model" else "muted" for method in rows["method"]],
        empty=NOT_TESTED,
    )


def _unit(metric: str, currency: str) -> str:
    return currency if metric == "value" else metric
