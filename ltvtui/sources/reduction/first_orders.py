"""The order that brought each customer: the candidates are told by SQL, and the law's ties are broken here."""

from __future__ import annotations

from typing import Final

import polars as pl

from ltvtui.errors import thousands
from ltvtui.sources.reduction.engine import Reducing
from ltvtui.sources.reduction.order_sql import ORDERS, OrdersSql
from ltvtui.sources.values import decoding

_MOMENT: Final = "day_no * 86400 + second_no"
_KEYS: Final = ["customer", "order_id"]


def first_orders(
    database: Reducing, orders: OrdersSql, attributes: tuple[str, ...], numbered: bool, notices: list[str]
) -> pl.DataFrame:
    """customer (id) and `attributes` (Categorical) of the first order of each customer who has one.

    `numbered`: whether each order has an id that is a number. Where rows have no order of their own, and lines of
    equal amounts differ, one of them is taken by its text, and `notices` get a sentence.
    """
    columns = [f"a{n}" for n in range(len(attributes))]
    quick = None if orders.line_level or not numbered else _numbered(database, orders, columns)
    if quick is not None:
        return _typed(quick, columns, attributes).select("customer", *attributes)
    chain = orders.chain.then(
        "since",
        f"SELECT customer, MIN({_MOMENT}) AS since FROM {ORDERS} WHERE kind = 0 GROUP BY customer",
    )
    deciding = ["order_id", "amount", *(["margin"] if orders.margin else [])]
    listed = ", ".join(f"o.{c}" for c in ["customer", *deciding, *columns])
    chain = chain.then(
        "firsts",
        f"SELECT {listed} FROM {ORDERS} o JOIN since s ON o.customer = s.customer"
        f" AND o.day_no * 86400 + o.second_no = s.since WHERE o.kind = 0",
    )
    found = database.frame(chain.select(f"SELECT * FROM {chain.last}"))
    if orders.line_level:
        place = ", MIN(l.place) AS place" if orders.placed else ""
        cells = ", ".join(f"l.{c}" for c in columns)
        chain = chain.then(
            "lines_of_firsts",
            f"SELECT l.customer, l.order_id, {cells}, MAX(l.amount) AS amount{place} FROM {orders.lines} l"
            " JOIN firsts f ON l.customer = f.customer AND l.order_id = f.order_id"
            f" GROUP BY l.customer, l.order_id, {cells}",
        )
        dearest = _dearest(
            database.frame(chain.select(f"SELECT * FROM {chain.last}")), columns, orders.placed, notices
        )
        summed = pl.col("order_id").is_not_null()
        described = found.filter(summed).drop(columns).join(dearest, on=_KEYS, how="left")
        found = pl.concat([described.select(found.columns), found.filter(~summed)])
    return _first(_typed(found, columns, attributes), deciding, attributes)


def _numbered(database: Reducing, orders: OrdersSql, columns: list[str]) -> pl.DataFrame | None:
    """Customers and the attributes of their first orders where a moment and a number decide; in one go, without a
    join. None where the engine cannot do it."""
    found = [database.engine.first_by(c, _MOMENT, "order_id") for c in columns]
    if None in found:
        return None
    listed = ", ".join(f"{sql} AS {c}" for sql, c in zip(found, columns, strict=True))
    sql = f"SELECT customer, {listed} FROM {ORDERS} WHERE kind = 0 GROUP BY customer"
    return database.frame(orders.chain.select(sql))


def _dearest(lines: pl.DataFrame, columns: list[str], placed: bool, notices: list[str]) -> pl.DataFrame:
    """Of each order the attributes of its line with the largest amount, of several the first row's."""
    best = lines.filter(pl.col("amount") == pl.col("amount").max().over(_KEYS))
    if placed:
        best = best.sort("place")
    else:
        again = best.select(pl.struct(_KEYS).is_duplicated()).to_series()
        if again.any():
            orders = best.filter(again).select(pl.struct(_KEYS).n_unique()).item()
            notices.append(
                f"First orders of which the dearest lines cost the same and differ: {thousands(orders)}. "
                "One is taken by its text, since the rows have no order of their own."
            )
        best = best.sort(*columns, nulls_last=True)
    return best.unique(_KEYS, keep="first", maintain_order=True).select(*_KEYS, *columns)


def _typed(found: pl.DataFrame, columns: list[str], attributes: tuple[str, ...]) -> pl.DataFrame:
    """With attributes as they are understood, under their names."""
    texts = [
        decoding.category(found[c].cast(pl.String).cast(pl.Binary)).alias(name)
        for c, name in zip(columns, attributes, strict=True)
    ]
    return found.drop(columns).with_columns(texts)


def _first(found: pl.DataFrame, deciding: list[str], attributes: tuple[str, ...]) -> pl.DataFrame:
    """Of each customer the first in the order of `analytics.order_frame.deciding`."""
    tied = found["customer"].is_duplicated()
    if tied.any():
        ordered = found.filter(tied).sort(*deciding, *attributes, nulls_last=True)
        found = pl.concat([found.filter(~tied), ordered.unique("customer", keep="first", maintain_order=True)])
    return found.select("customer", *attributes)
