"""Cohorts as text for other programs: aligned, as Markdown and as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from ltvtui.analytics.cohorts.cohorts import Cohorts, measured
from ltvtui.analytics.cohorts.metrics import CohortMetric
from ltvtui.analytics.doubts import Doubt
from ltvtui.days import iso
from ltvtui.present.cohorts import ALL, GOING_ON, triangle, unfinished_offsets
from ltvtui.present.doubts import doubts_json
from ltvtui.present.headline import Clauses, headed, sentence
from ltvtui.present.jsontext import write_json
from ltvtui.present.numbers import percent
from ltvtui.present.plain import plain
from ltvtui.present.report import Format
from ltvtui.present.spreadsheet import rows_as_csv
from ltvtui.present.text_tables import markdown_table, text_table


@dataclass(frozen=True, eq=False)
class CohortReport:
    """What is printed of cohorts."""

    found: Cohorts
    metric: CohortMetric
    relative: bool
    as_of: str
    of: str
    """Whose cohorts they are, in words."""
    doubts: tuple[Doubt, ...] = ()
    """What may have been read wrong."""
    headline: Clauses = ()
    """What they say in one sentence."""


def write_cohorts(report: CohortReport, format: Format) -> str:
    """The triangle as text, ending in a line break; JSON and CSV with full precision."""
    found, metric, relative = report.found, report.metric, report.relative
    marks = unfinished_offsets(found, metric, relative)
    if format in ("json", "csv"):
        cells, summary = (_plain(part, metric, relative) for part in measured(found, metric, relative))
        if format == "json":
            return write_json(_as_json(report, cells, summary, marks))
        going_on = pl.Series("unfinished", [" ".join(map(str, sorted(row))) for row in marks], pl.String)
        return rows_as_csv(pl.concat([found.rows, cells, going_on.to_frame()], how="horizontal"))
    table = triangle(found, metric, relative)
    if format == "markdown":
        return headed(report.headline, markdown_table(table))
    by = f"by {found.by} and" if found.by is not None else "by"
    remarks = (
        *notes(found, metric, relative),
        *([f"{GOING_ON} {found.unfinished} is not complete"] if any(marks) else []),
    )
    head = f"as of {report.as_of} · {plain(report.of)} · {table.title}, {by} {found.bucket} since the first order"
    foot = " · ".join((summary_words(metric, relative), *remarks))
    return f"{sentence(report.headline)}\n{head}\n\n{text_table(table)}\n{foot}\n"


def _plain(cells: pl.DataFrame, metric: CohortMetric, relative: bool) -> pl.DataFrame:
    """Counts as whole numbers."""
    return cells.cast(pl.Int64) if metric.unit == "count" and not relative else cells


def _as_json(
    report: CohortReport, cells: pl.DataFrame, summary: pl.DataFrame, marks: list[frozenset[int]]
) -> dict[str, Any]:
    found = report.found
    rows = zip(found.rows.iter_rows(named=True), cells.iter_rows(), marks, strict=True)
    return {
        "bucket": found.bucket,
        "by": found.by,
        "of": report.of,
        "metric": report.metric.key,
        "relative": report.relative,
        "discount": found.discount,
        "notes": list(notes(found, report.metric, report.relative)),
        "as_of": report.as_of,
        "partial": found.unfinished,
        "rows": [
            {"cohort": row["cohort"], "size": row["size"], "cells": list(values), "unfinished": sorted(mark)}
            for row, values, mark in rows
        ],
        "summary": list(summary.row(0)) if summary.height else [],
        "warnings": doubts_json(report.doubts),
    }


def summary_words(metric: CohortMetric, relative: bool) -> str:
    """What the summary row is."""
    if metric.adds_up and not relative:
        return f"{ALL}: complete periods"
    return f"{ALL}: complete periods, weighted by {'orders' if metric.total == 'mean per order' else 'customers'}"


def notes(found: Cohorts, metric: CohortMetric, relative: bool) -> tuple[str, ...]:
    """What has to be known of the cells of a metric beside its name."""
    over = found.by is not None and not metric.all_observed(relative)
    discounted = metric.discounted and found.discount
    return (
        *([f"{ALL}: proven new since {iso(found.since)}"] if found.since is not None else []),
        *([f"cells hold complete {found.bucket}s only"] if over else []),
        *([f"discounted at {percent(found.discount)} a year"] if discounted else []),
    )
