"""Retention for the command line: how long segments stay, and their curves month by month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from ltvtui.analytics.doubts import Doubt
from ltvtui.analytics.snapshot import Snapshot
from ltvtui.days import iso
from ltvtui.present.doubts import doubts_json
from ltvtui.present.history import counted_words
from ltvtui.present.jsontext import write_json
from ltvtui.present.plain import plain
from ltvtui.present.report import Format
from ltvtui.present.spreadsheet import rows_as_csv
from ltvtui.present.tables import Column, Table
from ltvtui.present.terms import gap_words
from ltvtui.present.text_tables import markdown_table, text_table

_BAND = "95 % interval"
_CURVE = ("age_month", "survival", "error", "lower", "upper", "at_risk", "lapsed", "observed")


@dataclass(frozen=True, eq=False)
class Retention:
    """Everything that is told of it."""

    snapshot: Snapshot
    of: str
    """Whose retention it is, in words."""
    by: tuple[str, ...]
    """Dimensions; none: all customers."""
    summary: pl.DataFrame
    """survival.retention_summary by `by`."""
    curves: pl.DataFrame
    """survival.retention_curves by `by`."""
    doubts: tuple[Doubt, ...] = ()
    """What may have been read wrong."""


def write_retention(report: Retention, format: Format) -> str:
    """The retention as text, ending in a line break.

    table and markdown have the curves as far as they are known, json and csv all months of the horizon.
    """
    match format:
        case "json":
            return write_json(as_json(report))
        case "csv":
            return rows_as_csv(_rows(report))
        case "markdown":
            return "\n".join(markdown_table(table) for table in _tables(report))
        case "table":
            return "\n".join((_head(report), *(text_table(table) for table in _tables(report))))


def as_json(report: Retention) -> dict[str, Any]:
    """The retention as plain values with full precision, null where nothing is known; shares are 0…1."""
    curves: dict[tuple[object, ...], list[dict[str, Any]]] = {}
    for row in _for_programs(report.curves).iter_rows(named=True):
        curves.setdefault(tuple(row[name] for name in report.by), []).append({name: row[name] for name in _CURVE})
    rows = report.summary.rename({"median": "median_months"}).iter_rows(named=True)
    return {
        "as_of": iso(report.snapshot.terms.as_of),
        "of": report.of,
        "churn_gap_days": report.snapshot.churn_gap.days,
        "by": list(report.by),
        "rows": [{**row, "curve": curves.get(tuple(row[name] for name in report.by), [])} for row in rows],
        "warnings": doubts_json(report.doubts),
    }


def _rows(report: Retention) -> pl.DataFrame:
    """A row for each segment and month, with what is told of the segment behind it; sample_lapsed is of all time."""
    summary = report.summary.rename({"lapsed": "sample_lapsed", "median": "median_months"})
    curves = _for_programs(report.curves).select(*report.by, *_CURVE)
    if not report.by:
        return curves.join(summary, how="cross")
    return _ordered(report, curves).join(summary, on=report.by, how="left", nulls_equal=True, maintain_order="left")


def _for_programs(curves: pl.DataFrame) -> pl.DataFrame:
    """`curves` under the name that programs have always read for the months that customers tell."""
    return curves.rename({"supported": "observed"})


def _ordered(report: Retention, curves: pl.DataFrame) -> pl.DataFrame:
    """`curves` with the segments in the order of the summary."""
    if not report.by:
        return curves
    order = report.summary.select(report.by)
    return order.join(curves, on=report.by, nulls_equal=True, maintain_order="left_right")


def _tables(report: Retention) -> tuple[Table, Table]:
    names = [Column(name, name) for name in report.by]
    summary = (
        *names,
        Column("sample", "sample", "count", help="Customers with a first order a churn gap ago or more."),
        Column("lapsed", "lapsed", "count", help="Those of the sample with no order for the churn gap or longer."),
        Column("median", "median", "count", help="Months after which half have lapsed; blank: more than half stay."),
        Column("retention_months", "months", "ratio", decimals=2, help="Retention: months a customer stays."),
        Column(
            "retention_supported_months",
            "supported",
            "count",
            help="Months of retention measured on enough customers.",
        ),
        Column("within_months", "within", "count", help="Months of data with enough customers."),
    )
    curve = (
        *names,
        Column("age_month", "month", "count", help="Complete months since the first order."),
        Column("survival", "survival", "share", help="Share that has not lapsed by then (Kaplan-Meier)."),
        Column("lower", "from", "share", _BAND),
        Column("upper", "to", "share", _BAND),
        Column("at_risk", "at risk", "count", help="Customers with data for this month who have not lapsed before."),
        Column("lapsed", "lapsed", "count", help="Those at risk whose last order is in this month."),
    )
    return Table(report.summary, summary), Table(_ordered(report, report.curves.filter("supported")), curve)


def _head(report: Retention) -> str:
    snapshot = report.snapshot
    day, gap = f"as of {iso(snapshot.terms.as_of)}", gap_words(snapshot.churn_gap)
    terms = (day, plain(report.of), *counted_words(snapshot), *gap)
    return f"{' · '.join(terms)}\n"
