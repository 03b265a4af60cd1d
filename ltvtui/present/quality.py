"""The account of cleaning in words: what each rule of metrics.md §1 means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Final

import polars as pl

from ltvtui.analytics.cleaning.data_quality import RULES, Quality
from ltvtui.analytics.doubts import Doubt
from ltvtui.analytics.entry import Entry
from ltvtui.analytics.kernel.calendar import WEEKDAYS
from ltvtui.analytics.schema import MONEY_SCALE, units
from ltvtui.days import iso
from ltvtui.present.column_mapping import COLUMNS as UNDERSTOOD
from ltvtui.present.column_mapping import understood
from ltvtui.present.doubts import doubts_in_full, doubts_json
from ltvtui.present.history import history_words
from ltvtui.present.jsontext import write_json
from ltvtui.present.numbers import count, counted
from ltvtui.present.plain import plain
from ltvtui.present.spreadsheet import rows_as_csv
from ltvtui.present.tables import Column, Table
from ltvtui.present.terms import calendar_words
from ltvtui.present.text_tables import markdown_table, text_table
from ltvtui.sources.detection.proposal import Proposal
from ltvtui.sources.mapping import Mapping

_MOST_STATUSES: Final = 8


def quality_table(rows: pl.DataFrame, currency: str = "") -> Table:
    """`quality_rows` as a table; `currency`: its sign, blank for none."""
    columns = (
        Column("what", "rule"),
        Column("fate", "outcome"),
        Column("rows", "rows", "count"),
        Column("amount", "money", "money", help="Total amount of these rows.", unit=currency),
    )
    return Table(rows, columns)


def quality_rows(quality: Quality) -> pl.DataFrame:
    """what, fate (String), rows (Int64), amount (Int64 money): what is left out first."""
    ordered = sorted(quality.counts, key=lambda c: not c.excluded)
    return pl.DataFrame(
        {
            "what": [RULES[c.rule] for c in ordered],
            "fate": ["left out" if c.excluded else "kept" for c in ordered],
            "rows": [c.rows for c in ordered],
            "amount": [c.amount for c in ordered],
        },
        schema={"what": pl.String, "fate": pl.String, "rows": pl.Int64, "amount": pl.Int64},
    )


def summary(quality: Quality, week_start: int = 0) -> str:
    """What was read and what came of it; quiet days, the shop's statuses and its calendar, where there is any."""
    level = ", several per order" if quality.line_level else ""
    lines = [
        f"{counted(quality.rows_read, 'row')} read{level} → {counted(quality.orders, 'order')} and "
        f"{counted(quality.refunds, 'refund')}, {iso(quality.first_day)} to {iso(quality.last_day)}"
    ]
    if quality.quiet.longest is not None:
        since, until = (iso(day) for day in quality.quiet.longest)
        period = since if since == until else f"{since} to {until}"
        lines.append(f"{counted(quality.quiet.days, 'day')} without an order; the longest gap is {period}")
    if calendar := calendar_words(quality.time_zone, week_start):
        lines.append(" · ".join(calendar))
    if quality.statuses:
        statuses = [
            f"{plain(s.status)} {count(s.rows)}{' left out' if s.excluded else ''}"
            for s in quality.statuses[:_MOST_STATUSES]
        ]
        more = len(quality.statuses) - len(statuses)
        lines.append("status: " + " · ".join([*statuses, *([f"{more} more"] if more else [])]))
    return "\n".join(lines)


def left_out(quality: Quality) -> str:
    """How many rows of those that were read do not count."""
    left = sum(c.rows for c in quality.counts if c.excluded)
    return f"{count(left)} of {counted(quality.rows_read, 'row')} left out"


def write_quality(
    quality: Quality,
    entry: Entry,
    mapping: Mapping,
    proposal: Proposal | None,
    notices: Sequence[str],
    format: str,
    week_start: int = 0,
    doubts: Sequence[Doubt] = (),
    currency: str = "",
) -> str:
    """The account as text in one of the report's formats, ending in a line break. `currency`: its sign, or blank."""
    rows = quality_rows(quality)
    if format == "json":
        content = {
            "rows_read": quality.rows_read,
            "orders": quality.orders,
            "refunds": quality.refunds,
            "first_day": iso(quality.first_day),
            "last_day": iso(quality.last_day),
            "time_zone": quality.time_zone,
            "week_start": WEEKDAYS[week_start].lower(),
            "history": {"state": entry.state, "start": iso(entry.start), "border": iso(entry.border)},
            **counts_json(quality),
            "statuses": {s.status: {"rows": s.rows, "excluded": s.excluded} for s in quality.statuses},
            "notices": list(notices),
            "mapping": asdict(mapping),
            "warnings": doubts_json(doubts),
        }
        return write_json(content)
    if format == "csv":
        return rows_as_csv(rows.with_columns(units(pl.col("amount"))))
    table = quality_table(rows, currency)
    if format == "markdown":
        return markdown_table(table)
    understood_table = Table(understood(mapping, proposal), UNDERSTOOD)
    return "\n".join(
        (
            *(plain(n) for n in notices),
            f"{summary(quality, week_start)}\n{history_words(entry)}\n",
            *(f"{line}\n" for line in doubts_in_full(doubts)),
            text_table(table),
            text_table(understood_table),
        )
    )


def counts_json(quality: Quality) -> dict[str, dict[str, dict[str, float]]]:
    """`excluded` and `noted`: rows and money (currency units) of each rule."""
    kinds = {"excluded": True, "noted": False}
    return {
        name: {
            c.rule: {"rows": c.rows, "amount": c.amount / MONEY_SCALE}
            for c in quality.counts
            if c.excluded is excluded
        }
        for name, excluded in kinds.items()
    }
