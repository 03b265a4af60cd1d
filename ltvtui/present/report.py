"""The report: segment rows with all that is needed to hold them against another source."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

import polars as pl

from ltvtui.analytics.cleaning.data_quality import Quality
from ltvtui.analytics.doubts import Doubt
from ltvtui.analytics.entry import OfEverybody
from ltvtui.analytics.kernel.calendar import WEEKDAYS
from ltvtui.analytics.ltv import AGES
from ltvtui.analytics.snapshot import Snapshot
from ltvtui.days import iso
from ltvtui.present.doubts import doubts_in_short, doubts_json
from ltvtui.present.headline import Clauses, headed, sentence
from ltvtui.present.history import entry_json, entry_words, few_words
from ltvtui.present.jsontext import write_json
from ltvtui.present.lapsed import lapsed_column
from ltvtui.present.numbers import counted, percent, symbol
from ltvtui.present.origin import origin_words
from ltvtui.present.plain import plain
from ltvtui.present.quality import counts_json, left_out
from ltvtui.present.segments import segment_table
from ltvtui.present.spreadsheet import rows_as_csv
from ltvtui.present.tables import Table
from ltvtui.present.terms import calendar_words, gap_words, threshold_words, thresholds_json, ties_words
from ltvtui.present.text_tables import markdown_table, text_table
from ltvtui.sources.mapping import Mapping
from ltvtui.sources.origin import DataOrigin

Format = Literal["table", "json", "csv", "markdown"]


@dataclass(frozen=True, eq=False)
class Report:
    """Everything that a report tells."""

    snapshot: Snapshot
    by: tuple[str, ...]
    base: pl.DataFrame
    """segments.profile of all with its interval, one row, with lapsed_share."""
    rows: pl.DataFrame
    """segments.profile by `by` with intervals, with lapsed_share."""
    quality: Quality
    mapping: Mapping
    currency: str | None
    gross: bool
    """No margin is agreed on or mapped: LTV is before costs."""
    of: str
    """Whose report it is, in words."""
    of_all: pl.DataFrame
    """segments.profile of all, everybody counted."""
    everybody: OfEverybody | None = None
    """LTV of all within the months of those who count, where these are not all."""
    of_proven: pl.DataFrame | None = None
    """The same, those proven new counted; only JSON tells it."""
    ages: bool = False
    """LTV at equal ages in place of its factors."""
    doubts: tuple[Doubt, ...] = ()
    """What may have been read wrong."""
    headline: Clauses = ()
    """What it says in one sentence."""
    origin: DataOrigin | None = None
    """Where the shop lies."""


def write_report(report: Report, format: Format) -> str:
    """The report as text, ending in a line break."""
    match format:
        case "json":
            return write_json(as_json(report))
        case "csv":
            return rows_as_csv(report.rows)
        case "markdown":
            return headed(report.headline, markdown_table(_table(report)))
        case "table":
            return f"{sentence(report.headline)}\n{_head(report)}\n{text_table(_table(report))}{_foot(report)}"


def as_json(report: Report) -> dict[str, Any]:
    """The report as plain values with full precision; money in currency units, null where not observed."""
    snapshot, terms = report.snapshot, report.snapshot.terms
    quality = report.quality
    proven = None if report.of_proven is None else report.of_proven["ltv"][0]
    return {
        "headline": sentence(report.headline),
        "as_of": iso(terms.as_of),
        "of": report.of,
        "churn_gap_days": snapshot.churn_gap.days,
        "churn_gap_returned_share": snapshot.churn_gap.returned,
        "horizon_months": terms.horizon,
        "margin": snapshot.margin,
        "margin_source": "set" if terms.margin is not None else "none" if report.gross else "mapped",
        "discount": terms.discount,
        "time_zone": quality.time_zone,
        "week_start": WEEKDAYS[terms.week_start].lower(),
        "currency": report.currency,
        "tier_rule": {
            **asdict(terms.tier_rule),
            "thresholds": thresholds_json(snapshot),
        },
        "entry": entry_json(snapshot, report.of_all["ltv"][0], proven),
        "base": row_json(report.base.row(0, named=True)),
        "rows": [row_json(row) for row in report.rows.iter_rows(named=True)],
        "quality": {
            "rows_read": quality.rows_read,
            "orders": quality.orders,
            "refunds": quality.refunds,
            "first_day": iso(quality.first_day),
            "last_day": iso(quality.last_day),
            **counts_json(quality),
        },
        "mapping": asdict(report.mapping),
        "warnings": doubts_json(report.doubts),
    }


def row_json(row: dict[str, Any]) -> dict[str, Any]:
    """A segment row for programs: bounds and ages under one key each."""
    lower, upper = row["ltv_lower"], row["ltv_upper"]
    apart = {"ltv_lower", "ltv_upper", *(f"ltv_{age}" for age in AGES)}
    values = {name: value for name, value in row.items() if name not in apart}
    values["ltv_interval"] = None if lower is None else [lower, upper]
    return {**values, "ltv_at": {str(age): row[f"ltv_{age}"] for age in AGES}}


def _table(report: Report) -> Table:
    total = report.base.with_columns(pl.lit("all").alias(report.by[0]))
    total = total.with_columns(pl.lit("").alias(name) for name in report.by[1:])
    segments = report.rows.with_columns(pl.col(name).cast(pl.String).fill_null("unknown") for name in report.by)
    rows = pl.concat([segments, total.select(segments.columns)]) if report.rows.height > 1 else segments
    lapsed = lapsed_column(report.snapshot.churn_gap.days)
    terms = (report.by, report.snapshot.terms.horizon, report.gross, report.ages, (lapsed,))
    return segment_table(rows, *terms, currency=symbol(report.currency))


def _head(report: Report) -> str:
    snapshot, quality = report.snapshot, report.quality
    calendar = " · ".join(calendar_words(quality.time_zone, snapshot.terms.week_start))
    return "\n".join(
        (
            f"as of {iso(snapshot.terms.as_of)} · {counted(quality.orders, 'order')} since {iso(quality.first_day)}"
            f" · {left_out(quality)}",
            *([calendar] if calendar else []),
            *([f"of {plain(report.of)}"] if snapshot.selected else []),
            " · ".join((*gap_words(snapshot.churn_gap), _worth_words(report))),
            *entry_words(snapshot, report.everybody),
            f"tiers: {snapshot.terms.tier_rule.describe()}",
            *([origin_words(report.origin)] if report.origin and report.origin.engine else []),
            *([f"{short}; `ltvtui check` has details"] if (short := doubts_in_short(report.doubts)) else []),
            "",
        )
    )


def _worth_words(report: Report) -> str:
    if report.gross:
        return "LTV is before costs"
    margin = report.base["margin"][0]
    share = "" if margin is None else f", {percent(margin)} of revenue within {report.snapshot.terms.horizon} months"
    return f"LTV is on margin{share}"


def _foot(report: Report) -> str:
    begin = threshold_words(report.snapshot, plain(report.currency or ""), report.gross)
    few = (few_words(report.snapshot),) if report.rows["few"].any() else ()
    return f"\n{' · '.join(filter(None, (begin, *ties_words(report.snapshot), *few)))}\n"
