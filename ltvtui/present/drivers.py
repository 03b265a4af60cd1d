"""Drivers for the command line: dimensions by how much of LTV, and of repeat orders, they tell apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from ltvtui.analytics.doubts import Doubt
from ltvtui.analytics.drivers.drivers import DRIVERS, MISSING, Drivers
from ltvtui.analytics.portrait.criteria import grouped
from ltvtui.analytics.snapshot import Snapshot
from ltvtui.days import iso
from ltvtui.present.columns import largest, style_of
from ltvtui.present.comparison.tables import p_words
from ltvtui.present.doubts import doubts_in_short, doubts_json
from ltvtui.present.headline import Clauses, headed, sentence
from ltvtui.present.headline.drivers import driver_clauses
from ltvtui.present.history import counted_words
from ltvtui.present.jsontext import write_json
from ltvtui.present.numbers import counted, symbol
from ltvtui.present.plain import plain
from ltvtui.present.portrait.criteria import unknown_criteria
from ltvtui.present.report import Format
from ltvtui.present.spreadsheet import rows_as_csv
from ltvtui.present.tables import Column, Table
from ltvtui.present.terms import gap_words
from ltvtui.present.text_tables import markdown_table, text_table

_SEGMENT: Final = ("value", "figure", "se", "customers")
_SINCE_HELP: Final = (
    "Since when: what is known later is made of what customers did; it describes, and does not predict."
)
_LATER: Final = "based on what customers did later (descriptive)"


@dataclass(frozen=True, eq=False)
class DriverReport:
    """Drivers with all that is printed beside them."""

    snapshot: Snapshot
    of: str
    """Whose drivers they are, in words."""
    ltv: Drivers
    repeat: Drivers
    currency: str | None
    gross: bool
    """No margin is set or mapped: LTV is before costs."""
    criteria: Mapping[str, str]
    """The group of criteria of each dimension."""
    doubts: tuple[Doubt, ...] = ()
    """What may have been read wrong."""

    @property
    def headline(self) -> Clauses:
        """What they say in one sentence."""
        return driver_clauses(self.ltv, self.repeat, symbol(self.currency))


def write_drivers(report: DriverReport, format: Format) -> str:
    """The drivers as text, ending in a line break."""
    match format:
        case "json":
            return write_json(as_json(report))
        case "csv":
            return rows_as_csv(_all_rows(report))
        case "markdown":
            parts = (f"**{title}**\n\n{markdown_table(table)}" for title, table in _tables(report))
            return headed(report.headline, "\n".join(parts))
        case "table":
            tables = "\n".join(f"{title}\n\n{text_table(table)}" for title, table in _tables(report))
            return f"{sentence(report.headline)}\n{_head(report)}\n\n{tables}{_notes(report)}"


def as_json(report: DriverReport) -> dict[str, Any]:
    """The drivers as plain values with full precision; LTV in currency units, shares 0…1, null where unknown."""
    return {
        "ltv": _rows_json(report.ltv.of_first_order),
        "repeat": _rows_json(report.repeat.of_first_order),
        "descriptive": {
            "ltv": _rows_json(report.ltv.with_hindsight),
            "repeat": _rows_json(report.repeat.with_hindsight),
        },
        "criteria": grouped(report.criteria),
        "headline": sentence(report.headline),
        "as_of": iso(report.snapshot.terms.as_of),
        "of": report.of,
        "horizon_months": report.snapshot.terms.horizon,
        "repeat_within_days": report.repeat.days,
        "warnings": doubts_json(report.doubts),
    }


def _rows_json(rows: pl.DataFrame) -> list[dict[str, Any]]:
    ends = {f"{end}_{what}" for end in ("best", "worst") for what in _SEGMENT}
    return [
        {
            **{key: value for key, value in row.items() if key not in ends and key not in ("hindsight", "missing")},
            **{end: _segment_json(row, end) for end in ("best", "worst")},
            "missing": MISSING.get(row["missing"] or ""),
        }
        for row in rows.iter_rows(named=True)
    ]


def _segment_json(row: dict[str, Any], end: str) -> dict[str, Any] | None:
    return None if row["i2"] is None else {what: row[f"{end}_{what}"] for what in _SEGMENT}


def _all_rows(report: DriverReport) -> pl.DataFrame:
    """Rows of both figures, with which it is."""
    parts = [
        found.rows.select(pl.lit(found.figure).alias("of"), *DRIVERS).rename({"hindsight": "descriptive"})
        for found in (report.ltv, report.repeat)
    ]
    reasons = pl.col("missing").replace(MISSING)
    return pl.concat(parts).with_columns(reasons)


def driver_table(
    rows: pl.DataFrame, is_money: bool, criteria: Mapping[str, str], currency: str = "", *, with_times: bool = False
) -> Table:
    """Rows of Drivers that have I²: the dimension, `with_times` since when it is known, how sure it is, its best and
    worst segment, and the group of criteria that `criteria` has of it."""
    groups = pl.DataFrame(list(criteria.items()), {"dimension": pl.String, "criterion": pl.String}, orient="row")
    rated = rows.filter(pl.col("i2").is_not_null()).join(groups, on="dimension", how="left", maintain_order="left")
    times = pl.when("hindsight").then(pl.lit("later")).otherwise(pl.lit("first order")).alias("since")
    with_p = rated.with_columns(
        times, pl.Series("p_words", [p_words(p) for p in rated["p_adjusted"]], dtype=pl.String)
    )
    kind, decimals = style_of("money" if is_money else "share", largest(rated, "best_figure"))
    figure = "LTV" if is_money else "again"
    months = (Column("within_months", "months", "count", help="LTV within so many months, for which all were seen."),)
    ends = (
        column
        for end, title in (("best", "highest"), ("worst", "lowest"))
        for column in (
            Column(f"{end}_value", title, widest=20),
            Column(f"{end}_figure", figure, kind, decimals=decimals, unit=currency if is_money else ""),
        )
    )
    return Table(
        with_p,
        (
            Column("dimension", "dimension", widest=20),
            *((Column("since", "known", help=_SINCE_HELP),) if with_times else ()),
            Column("i2", "I²", "share", help="Share of the variance between segments that is beyond chance."),
            Column("p_words", "p", help="How often chance alone gives so much, adjusted for several dimensions."),
            *(months if is_money else ()),
            Column("segments", "segments", "count", help="Segments with 30 customers or more."),
            *ends,
            Column("criterion", "criterion", help="Group of criteria that the dimension belongs to."),
        ),
    )


def _tables(report: DriverReport) -> list[tuple[str, Table]]:
    sign, groups = symbol(report.currency), report.criteria
    ltv = f"LTV within {counted(report.snapshot.terms.horizon, 'month')}, by dimensions known at the first order"
    repeat = f"a second order within {counted(report.repeat.days, 'day')}"
    found = [
        (ltv, driver_table(report.ltv.of_first_order, True, groups, sign)),
        (f"{repeat.capitalize()}, by the same dimensions", driver_table(report.repeat.of_first_order, False, groups)),
        (f"LTV by dimensions {_LATER}", driver_table(report.ltv.with_hindsight, True, groups, sign)),
        (f"{repeat.capitalize()}, by dimensions {_LATER}", driver_table(report.repeat.with_hindsight, False, groups)),
    ]
    return [(title, table) for title, table in found if table.height]


def _head(report: DriverReport) -> str:
    snapshot = report.snapshot
    terms = (*counted_words(snapshot), *gap_words(snapshot.churn_gap))
    doubts = doubts_in_short(report.doubts)
    worth = "LTV is before costs" if report.gross else "LTV is on margin"
    lines = [" · ".join((f"as of {iso(snapshot.terms.as_of)}", plain(report.of), *terms)), worth]
    return "\n".join([*lines, *([f"{doubts}; `ltvtui check` has details"] if doubts else [])])


def _notes(report: DriverReport) -> str:
    """Which dimensions have no I², and why."""
    lines: dict[str, list[str]] = {}
    for row in report.ltv.rows.filter(pl.col("missing").is_not_null()).iter_rows(named=True):
        lines.setdefault(MISSING[row["missing"]], []).append(plain(row["dimension"]))
    left_out = [f"left out: {', '.join(names)} ({why})" for why, names in lines.items()]
    return "".join(f"{line}\n" for line in (*unknown_criteria(report.criteria), *left_out))
