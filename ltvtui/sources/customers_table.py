"""Who the customers are, as the shop's own table has it."""

from __future__ import annotations

from typing import Final

import polars as pl

from ltvtui.sources.base import Database
from ltvtui.sources.mapping import CustomerTable
from ltvtui.sources.relation import single
from ltvtui.sources.scan import Asked, scan
from ltvtui.sources.values import decoding
from ltvtui.sources.values.date_guess import guess_formats
from ltvtui.sources.values.dates import decode

_YEAR = r"^(\d{4})(?:\.0)?$"
_GUESS_BY: Final = 5_000


def read_people(database: Database, mapped: CustomerTable, notices: list[str]) -> pl.DataFrame:
    """One row per customer, in the table's order; of a repeated key the first row, and a notice."""
    relation = single(database, mapped.table, "customers")
    wanted = {
        "customer_id": mapped.key,
        "name": mapped.name,
        "email": mapped.email,
        "birth": mapped.birth_date,
    }
    columns = {
        name: relation.expression(column, name.replace("_", " "))
        for name, column in wanted.items()
        if column is not None
    }
    for place, attribute in enumerate(mapped.attributes):
        sql = relation.expression(attribute.column, f"attribute {attribute.name}")
        columns[f"attribute_{place}"] = sql

    def understand(raw: pl.DataFrame) -> pl.DataFrame:
        found = [decoding.identifier(raw["customer_id"])]
        found += [decoding.text(raw[name]) for name in ("name", "email", "birth") if name in raw.columns]
        for place, attribute in enumerate(mapped.attributes):
            found.append(decoding.text(raw[f"attribute_{place}"]).alias(attribute.name))
        return pl.DataFrame(found)

    people = scan(relation, Asked(columns, frozenset(), understand)).frame
    if "birth" in people.columns:
        days = _birth_days(people["birth"])
        people = people.with_columns(days.alias("birth")).rename({"birth": "birth_day"})
    with_id = people.filter(pl.col("customer_id").is_not_null())
    once = with_id.unique("customer_id", keep="first", maintain_order=True)
    if once.height < with_id.height:
        notices.append(
            f"Repeated customer ids in {mapped.table}: {with_id.height - once.height}. The first row of each counts."
        )
    return once


def _birth_days(texts: pl.Series) -> pl.Series:
    """Int32 days; a bare year stands for its middle, which keeps an age right to half a year."""
    years = texts.str.extract(_YEAR, 1).cast(pl.Int32, strict=False).alias("year").to_frame()
    middle = years.select(
        pl.when(pl.col("year").is_between(1900, 2200)).then(pl.date(pl.col("year"), 7, 1).cast(pl.Int32))
    ).to_series()
    left = texts.filter(middle.is_null()).drop_nulls().head(_GUESS_BY)
    written = decode(texts, guess_formats(left.to_list()).formats)["day"]
    return middle.zip_with(middle.is_not_null(), written)
