"""The first rows of a shop, as they are written and as they are understood."""

from __future__ import annotations

import polars as pl

from ltvtui.analytics import schema
from ltvtui.sources.base import Database
from ltvtui.sources.mapping import Mapping
from ltvtui.sources.read_plan import ReadPlan, check_names, order_relation
from ltvtui.sources.scan import Asked, first_rows
from ltvtui.sources.values import decoding
from ltvtui.sources.values.operands import numeric_expression


def preview(database: Database, mapping: Mapping, limit: int = 10) -> pl.DataFrame:
    """The first rows, raw and as understood: String columns order_id, customer, date and amount (as mapped),
    each followed by "… read". Null where the raw value is null or empty, or could not be understood.

    LtvError (exit code 2) when the mapping does not fit the database.
    """
    check_names(mapping)
    relation = order_relation(database, mapping)
    plan = ReadPlan(relation, mapping, False)
    shown = {"customer": mapping.customer, "date": mapping.date, "amount": mapping.amount}
    if mapping.order_id is not None:
        shown = {"order_id": mapping.order_id, **shown}
    raw = Asked(
        {
            name: numeric_expression(relation, column, name, mapping.decimal)
            if name == "amount"
            else relation.expression(column, name)
            for name, column in shown.items()
        },
        frozenset(),
        lambda rows: pl.DataFrame([decoding.decoded(series) for series in rows.get_columns()]),
    )
    with database.transaction():
        written, decoded = first_rows(relation, raw, limit), first_rows(relation, plan.sure, limit)
    stamp = ((pl.col("day").cast(pl.Int64) * 86_400 + pl.col("second")) * 1000).cast(pl.Datetime("ms"))
    read_as = {
        "order_id": pl.col("order_id") if mapping.order_id is not None else pl.lit(None),
        "customer": pl.col("customer_id"),
        "date": stamp.dt.strftime("%Y-%m-%d %H:%M:%S"),
        "amount": (pl.col("amount") / schema.MONEY_SCALE).round(4).cast(pl.String),
    }
    parts: list[pl.Series] = []
    for name in shown:
        parts.append(written[name].replace("", None))
        parts.append(decoded.select(read_as[name].alias(f"{name} read")).to_series())
    return pl.DataFrame(parts)
