"""The account of cleaning in words: what each rule of metrics.md §1 means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Final

import polars as pl

from ltvtui.analytics.cleaning.data_quality import RULES, Quality, RuleCount
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
        Column("fate", "outcome", help="noted: worth knowing of what is kept, and counted there."),
        Column("rows", "rows", "count"),
        Column("amount", "money", "money", help="Total amount of these rows.", unit=currency),
    )
    return Table(rows, columns)


def quality_rows(quality: Quality) -> pl.DataFrame:
    """what, fate (String), rows (Int64), amount (Int64 money): what is left out first. Where rows are lines, what
    concerns the orders made of them comes behind, and says that it counts orders."""
    ordered = sorted(quality.counts, key=lambda c: (quality.counts_orders(c.rule), not c.excluded))
    return pl.DataFrame(
        {
            "what": [f"{RULES[c.rule]}{' (orders)' if quality.counts_orders(c.rule) else ''}" for c in ordered],
            "fate": [_fate(c) for c in ordered],
            "rows": [c.rows for c in ordered],
            "amount": [c.amount for c in ordered],
        },
        schema={"what": pl.String, "fate": pl.String, "rows": pl.Int64, "amount": pl.Int64},
    )


def _fate(counted_by: RuleCount) -> str:
    """kept: no row of it stands in another line. noted: worth knowing of rows, or orders, that are kept."""
    if counted_by.excluded:
        return "left out"
    return "kept" if counted_by.rule in ("lines_summed", "lines_told_once") else "noted"


def summary(quality: Quality, week_start: int = 0) -> str:
    """What was read and what came of it; quiet days, the shop's statuses and its calendar, where there is any."""
    lines = [f"{_read(quality)}, {iso(quality.first_day)} to {iso(quality.last_day)}"]
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


def _read(quality: Quality) -> str:
    """What became of the rows, so that it adds up: each row stands once."""
    read = f"{counted(quality.rows_read, 'row')} read"
    lost = quality.rows_of("only_refunds")
    without = f" ({count(lost)} without an earlier order)" if lost else ""
    made = f"{counted(quality.orders, 'order')} and {counted(quality.refunds, 'refund')}{without}"
    if not quality.line_level:
        return f"{read} → {made}"
    repeated = quality.rows_of("lines_told_once")
    parts = (
        f"{count(quality.rows_left_out)} left out",
        *([f"{count(repeated)} further lines"] if repeated else []),
        f"{count(quality.rows_counted)} summed to {made}",
    )
    return f"{read}, several per order: {', '.join(parts)}"


def left_out(quality: Quality) -> str:
    """How many rows of those that were read do not count, and how many orders made of the others."""
    rows = f"{count(quality.rows_left_out)} of {counted(quality.rows_read, 'row')} left out"
    orders = quality.orders_left_out
    return f"{rows}, then {counted(orders, 'order')} or refund{'s' if orders > 1 else ''}" if orders else rows


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
