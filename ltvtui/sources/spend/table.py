"""What the shop spent on being found, as its own table has it."""

from __future__ import annotations

from typing import Final

import polars as pl

from ltvtui.analytics.schema import SPEND
from ltvtui.errors import LtvError
from ltvtui.sources.base import Database
from ltvtui.sources.catalog_table import CatalogTable
from ltvtui.sources.mapping import SpendTable
from ltvtui.sources.relation import listing, single
from ltvtui.sources.scan import Asked, scan
from ltvtui.sources.spend.columns import currency_column
from ltvtui.sources.spend.periods import spread
from ltvtui.sources.values import decoding, money
from ltvtui.sources.values.amounts import marks_in

SEVERAL: Final = "is in several currencies"
"""Of spend that is not used."""
IN_ONE: Final = "Spend must be in the shop's currency: choose such a table, view or file with --spend."


def read_spend(database: Database, mapped: SpendTable, notices: list[str]) -> pl.DataFrame | None:
    """schema.SPEND, summed by day and channel, sorted; a month is booked on its first day.

    None, and a notice, where it is in several currencies. Rows that cannot be read are left out with a notice.
    LtvError (exit code 2) when no date can be read.
    """
    relation = single(database, mapped.table, "advertising spend")
    amounts: list[tuple[str | None, str]] = [(c.channel, c.column) for c in mapped.columns]
    amounts = amounts or [(None, mapped.amount or "")]
    columns = {"date": relation.expression(mapped.date, "date")}
    for place, (_, column) in enumerate(amounts):
        sql = relation.expression(column, "amount")
        columns[f"amount_{place}"] = database.dialect.money(sql)
        columns[f"text_{place}"] = database.dialect.text_only(sql)
    if mapped.channel is not None:
        columns["channel"] = relation.expression(mapped.channel, "channel")
    currency = currency_column(relation.tables[0])
    if currency is not None:
        columns["currency"] = relation.expression(currency, "currency")
    columns |= {f"all_{place}": sql for place, sql in enumerate(relation.everything())}

    samples = [(relation.expression(c, "amount"), relation.tables[0].column(c)) for _, c in amounts]
    marks = money.joined(marks_in(relation, sql, column.sample if column else ()) for sql, column in samples)
    comma, doubt = money.guess_decimal_mark(mapped.table, marks)
    notices += [doubt] if doubt else []

    def understand(raw: pl.DataFrame) -> pl.DataFrame:
        copy = raw.select(pl.selectors.starts_with("all_")).hash_rows(seed=1).alias("copy")
        codes = decoding.text(raw["currency"]) if currency else _nothing(raw.height, "currency")
        texts = [decoding.text(raw[f"text_{place}"]) for place in range(len(amounts))]
        parts = []
        for place, (channel, _) in enumerate(amounts):
            numbers = raw[f"amount_{place}"]
            amount = decoding.money(numbers, raw[f"text_{place}"], comma).alias("amount")
            blank = (texts[place].is_null() & (numbers == decoding.NO_NUMBER)).alias("blank")
            parts.append(pl.DataFrame([decoding.text(raw["date"]), _names(raw, channel), amount, blank, copy, codes]))
        return pl.concat(parts)

    numbers = frozenset(f"amount_{place}" for place in range(len(amounts)))
    found = scan(relation, Asked(columns, numbers, understand)).frame
    currencies = currencies_of(found["currency"])
    if len(currencies) > 1:
        notices.append(f"The spend in {mapped.table} {SEVERAL}: {listing(currencies)}. It is not used.")
        return None
    return booked(found, mapped.table, mapped.date, bool(mapped.columns), notices)


def booked(found: pl.DataFrame, title: str, date: str, wide: bool, notices: list[str]) -> pl.DataFrame:
    """schema.SPEND from date (text), channel, amount (Int64 money, null where it cannot be read), blank and copy;
    `end` (text) is the last day that a row is for, where a column tells it.

    A blank cell of a `wide` table is no spend; else it is an amount that is missing. `copy` tells whole rows apart.
    """
    spend, long = spread(found.drop("end", strict=False), found["end"] if "end" in found.columns else None)
    if not spend.is_empty() and spend["day"].null_count() == spend.height:
        raise LtvError(
            f"No date in column {date} of {title} can be read.",
            "Name the column with the day or month of the spend in the mapping.",
            2,
        )
    if wide:
        spend = spend.filter(~pl.col("blank"))
    if long:
        notices.append(f"Amounts of {title} that cover more than a month: {long}. Each is split among its months.")
    unit = "amounts" if wide else "rows"
    good = spend.filter(pl.col("day").is_not_null() & pl.col("amount").is_not_null())
    if good.height < spend.height:
        bad = f"{spend.height - good.height} of {spend.height} {unit} of {title}"
        notices.append(f"{bad} left out: no readable day or amount.")
    credits = int((good["amount"] < 0).sum())
    if credits:
        one = f"1 {unit[:-1]} of {title} is negative: it reduces the spend."
        notices.append(one if credits == 1 else f"{credits} {unit} of {title} are negative: they reduce the spend.")
    once = found.filter(found["channel"] == found["channel"][0]) if wide and found.height else found
    copies = once.height - once["copy"].n_unique()
    if copies:
        notices.append(f"Exact copies of other rows in {title} are counted: {copies}.")
    sums = good.group_by("day", "channel").agg(pl.col("amount").sum())
    return sums.select(*SPEND).sort("day", "channel")


def currencies_of(texts: pl.Series) -> list[str]:
    """The currencies that are named, whatever their case, sorted."""
    return texts.drop_nulls().str.to_uppercase().unique().sort().to_list()


def refuse_several(database: Database, table: CatalogTable, wanted: str) -> None:
    """LtvError (exit code 1) where a table that was asked for is in several currencies."""
    column = currency_column(table)
    if column is None:
        return
    relation = single(database, wanted, "advertising spend")
    sql = relation.expression(column, "currency")
    rows = database.query(f"SELECT DISTINCT upper(trim({sql})) FROM {relation.source} ORDER BY 1")  # noqa: S608
    names = [str(name) for (name,) in rows if name not in (None, "")]
    if len(names) > 1:
        raise LtvError(f"The spend in {table.name} {SEVERAL}: {listing(names)}.", IN_ONE)


def _names(raw: pl.DataFrame, channel: str | None) -> pl.Series:
    if channel is not None:
        return pl.repeat(channel, raw.height, dtype=pl.String, eager=True).alias("channel")
    return decoding.identifier(raw["channel"]) if "channel" in raw.columns else _nothing(raw.height, "channel")


def _nothing(height: int, name: str) -> pl.Series:
    return pl.Series(name, [None] * height, pl.String)
