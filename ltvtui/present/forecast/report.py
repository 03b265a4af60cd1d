"""A forecast for the command line: as text for people, as plain values for programs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from ltvtui.analytics.doubts import Doubt
from ltvtui.analytics.forecast.accuracy import ACCURACY, alike, apart
from ltvtui.analytics.forecast.backtest import Backtest, apart_in_short, in_short, with_bands
from ltvtui.analytics.forecast.summary import ForecastSummary
from ltvtui.days import iso
from ltvtui.present.doubts import doubts_json
from ltvtui.present.forecast.season import season_cautions
from ltvtui.present.forecast.tables import backtest_table, deciles_table, groups_table, short_test_table, totals_table
from ltvtui.present.forecast.words import (
    band_words,
    bandless_words,
    lapsed_words,
    model_words,
    parameter_words,
)
from ltvtui.present.headline import headed, sentence
from ltvtui.present.headline.forecast import forecast_clauses
from ltvtui.present.headline.reliance import trust
from ltvtui.present.jsontext import write_json
from ltvtui.present.numbers import count, counted
from ltvtui.present.plain import plain
from ltvtui.present.report import Format
from ltvtui.present.spreadsheet import rows_as_csv
from ltvtui.present.tables import Table
from ltvtui.present.text_tables import markdown_table, text_table

_TESTED: Final = tuple(name for name in ACCURACY if name not in ("season_known", "customers"))


@dataclass(frozen=True, eq=False)
class ForecastReport:
    """Everything that a forecast says."""

    as_of: int
    """Day since 1970-01-01."""
    of: str
    """Whose forecast it is, in words."""
    by: tuple[str, ...]
    """Dimensions of `rows`; none: there are no rows."""
    found: ForecastSummary
    test: Backtest
    """Of the whole shop."""
    rows: pl.DataFrame | None
    """backtest_by.with_bands_by; None without dimensions, and where the gate is shut."""
    sign: str = ""
    """Of the currency."""
    doubts: tuple[Doubt, ...] = ()
    """What may have been read wrong."""
    narrowed: bool = False
    """Whether it is of some of the customers."""

    @property
    def totals(self) -> pl.DataFrame:
        """With the band of past errors."""
        return with_bands(self.found.totals, self.test)


def write_forecast(report: ForecastReport, format: Format) -> str:
    """The forecast as text, ending in a line break.

    csv has the rows by dimension where one is asked for, else the horizons.
    """
    clauses = forecast_clauses(report.found, report.totals, report.test, report.sign)
    match format:
        case "json":
            return write_json(as_json(report))
        case "csv":
            return rows_as_csv(report.totals if report.rows is None else report.rows)
        case "markdown":
            return headed(clauses, "\n".join(markdown_table(table) for table in _tables(report)))
        case "table":
            parts = (sentence(clauses), _head(report), "", *(text_table(table) for table in _tables(report)))
            return "\n".join((*parts, *_foot(report))).rstrip("\n") + "\n"


def as_json(report: ForecastReport) -> dict[str, Any]:
    """The forecast as plain values with full precision; money in currency units, shares 0…1, null where unknown."""
    found, test = report.found, report.test
    repeat, spend = found.repeat, found.spend
    return {
        "as_of": iso(report.as_of),
        "of": report.of,
        "by": list(report.by),
        "gate": {"ok": found.gate.ok, "why": found.gate.why or None},
        "model": None
        if repeat is None
        else {
            "name": repeat.name,
            **{name: getattr(repeat, name) for name in ("r", "alpha", "a", "b", "log_likelihood")},
            "boundary": " ".join(repeat.statements) or None,
        },
        "spend": None
        if spend is None
        else {name: getattr(spend, name) for name in ("p", "q", "v", "log_likelihood")},
        "customers": found.customers,
        "p_alive_sum": found.p_alive if found.gate.ok else None,
        "value": found.value if found.gate.ok else None,
        "expected_ltv": found.expected_ltv,
        "value_at_risk": found.value_at_risk,
        "horizons": [_horizon(row) for row in report.totals.iter_rows(named=True)],
        "backtest": [_dated(row) for row in alike(test.accuracy).select(_TESTED).iter_rows(named=True)],
        "backtest_season_unknown": [
            _dated(row) for row in apart(test.accuracy).select(_TESTED).iter_rows(named=True)
        ],
        "deciles": [_dated(row) for row in test.deciles.iter_rows(named=True)],
        "rows": [] if report.rows is None else [*report.rows.iter_rows(named=True)],
        "statements": [*found.statements, *_season(report)],
        "warnings": doubts_json(report.doubts),
    }


def _horizon(row: dict[str, Any]) -> dict[str, Any]:
    """A row of totals with its band as a pair of bounds, or null."""
    bands = {what: [row.pop(f"{what}_low"), row.pop(f"{what}_high")] for what in ("order_days", "value")}
    is_banded, why = any(bound is not None for pair in bands.values() for bound in pair), row.pop("band_why")
    return {**row, "band": bands if is_banded else None, "band_why": why}


def _tests(rows: pl.DataFrame) -> list[dict[str, Any]]:
    return [_dated(row) for row in rows.select(_TESTED).iter_rows(named=True)]


def _dated(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "origin": iso(row["origin"])}


def _tables(report: ForecastReport) -> list[Table]:
    """Those that say something."""
    found, test = report.found, report.test
    if not found.gate.ok:
        return []
    metric = "order days" if found.no_value else "value"
    groups = [] if report.rows is None else [groups_table(report.rows, report.by, found.months, report.sign, metric)]
    trusts = {months: trust(found, test, months) for months in found.months}
    tables = [totals_table(report.totals, report.sign, trusts), *groups]
    if test.accuracy.height:
        longest = test.of(test.accuracy["months"][-1])
        latest = longest.deciles.filter(pl.col("origin") == longest.deciles["origin"].max())
        tables += [
            short_test_table(in_short(test), apart_in_short(test)),
            backtest_table(pl.concat([alike(test.accuracy), apart(test.accuracy)])),
            deciles_table(latest),
        ]
    return tables


def _head(report: ForecastReport) -> str:
    found = report.found
    parts = [f"as of {iso(report.as_of)}", plain(report.of)]
    if found.gate.ok:
        parts.append(f"{count(round(found.p_alive))} of {counted(found.customers, 'customer')} active")
        if report.narrowed:
            parts.append("tested on all customers")
    return " · ".join(parts)


def _season(report: ForecastReport) -> tuple[str, ...]:
    found = report.found
    cautions = (text for months in found.months for text in season_cautions(found, report.test, months, report.sign))
    return tuple(dict.fromkeys(cautions))


def _foot(report: ForecastReport) -> tuple[str, ...]:
    found = report.found
    if found.repeat is None:
        return ()
    return (
        *(() if report.rows is None else bandless_words(report.rows)),
        *model_words(found, report.sign),
        *lapsed_words(found),
        *band_words(report.test, found.months),
        *_season(report),
        *parameter_words(found.repeat, found.spend),
    )
