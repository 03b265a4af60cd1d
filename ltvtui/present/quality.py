"""The account of cleaning in words: what each rule of metrics.md §1 means."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Final

import polars as pl

from ltvtui.analytics.clean import Quality
from ltvtui.analytics.schema import MONEY_SCALE
from ltvtui.days import iso
from ltvtui.present.numbers import count
from ltvtui.present.plain import plain
from ltvtui.present.spreadsheet import rows_as_csv
from ltvtui.present.tables import Column, Table, markdown_table, text_table
from ltvtui.present.understood import COLUMNS as UNDERSTOOD
from ltvtui.present.understood import understood
from ltvtui.sources.detect import Proposal
from ltvtui.sources.mapping import Mapping

RULES: Final = {
    "no_customer": "no customer id",
    "no_date": "no date, or not a readable one",
    "no_amount": "no amount, or not a number",
    "status": "cancelled, failed or the like",
    "other_currency": "in another currency",
    "exact_copy": "exact copy of another row",
    "refund_dropped": "refund, left out as agreed",
    "after_as_of": "after the as-of day",
    "only_refunds": "refund of somebody without an order",
    "copies_among_lines": "exact copy of an order line, counted",
    "lines_summed": "order line, summed to its order",
    "refunds_netted": "refund, reduces revenue",
    "refunds_as_orders": "negative amount, counted as an order",
    "refund_without_order": "refund without its order, on its own day",
    "no_margin": "no margin or cost, counted with none",
    "zero_amount": "amount of zero",
}

COLUMNS: Final = (
    Column("what", "rule"),
    Column("fate", "rows are"),
    Column("rows", "rows", "count"),
    Column("amount", "money", "money", help="Sum of the amounts of those rows."),
)


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


def write_quality(
    quality: Quality, mapping: Mapping, proposal: Proposal | None, notices: Sequence[str], format: str
) -> str:
    """The account as text in one of the report's formats, ending in a line break."""
    rows = quality_rows(quality)
    if format == "json":
        told = {
            "rows_read": quality.rows_read,
            "orders": quality.orders,
            "refunds": quality.refunds,
            "first_day": iso(quality.first_day),
            "last_day": iso(quality.last_day),
            **counts_json(quality),
            "notices": list(notices),
            "mapping": asdict(mapping),
        }
        return json.dumps(told, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    if format == "csv":
        return rows_as_csv(rows.with_columns(pl.col("amount") / MONEY_SCALE))
    table = Table(rows, COLUMNS)
    if format == "markdown":
        return markdown_table(table)
    understood_table = Table(understood(mapping, proposal), UNDERSTOOD)
    return "\n".join(
        (
            *(plain(n) for n in notices),
            f"{count(quality.rows_read)} rows read, {count(quality.orders)} orders and "
            f"{count(quality.refunds)} refunds, {iso(quality.first_day)} to {iso(quality.last_day)}\n",
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
