"""Who the customers are: the shop's own attributes, and those of the order that brought them."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from ltvtui.analytics.cleaning.clean import CleanOrders
from ltvtui.analytics.kernel.chunks import Chunk, chunks, each
from ltvtui.analytics.schema import PEOPLE_OPTIONAL, PEOPLE_REQUIRED


@dataclass(frozen=True, eq=False)
class People:
    """Customers as the shop describes them."""

    frame: pl.DataFrame
    """customer (UInt32 code, equal to the row number), id (String), name, email, birth_day where
    mapped, then attributes (Categorical)."""
    attributes: tuple[str, ...]
    """Attribute columns of `frame`, customer attributes first."""
    of_first_order: frozenset[str]
    """Those among them that are of the customer's first order."""
    in_table: pl.Series | None = None
    """Boolean by customer code: who has an order and a row in the shop's customer table; None where none is
    mapped."""
    leads: pl.DataFrame | None = None
    """The rest of that table, who never ordered: id, name, email, birth_day and the customer's attributes as in
    `frame`. Who only ever got money back is one of them. None where no table is mapped."""


def describe(clean: CleanOrders, customer_table: pl.DataFrame | None) -> People:
    """Join the clean orders' customers with the shop's customer table `customer_table` (schema.PEOPLE_*).

    An order attribute describes a customer by their first order: known from the start, so that a
    cut by it is not made with hindsight. Of `customer_table` the first row of an id counts, and a blank id never.
    """
    described_by = () if customer_table is None else customer_table.columns
    firsts = [a for a in clean.attributes if a not in described_by or a in PEOPLE_REQUIRED]
    return described(clean, customer_table, _of_first_orders(clean, firsts) if firsts else None)


def described(clean: CleanOrders, customer_table: pl.DataFrame | None, first_orders: pl.DataFrame | None) -> People:
    """The same with the attributes of first orders by customer code; null for those who only got refunds."""
    frame = clean.customer_ids.alias("id").to_frame().with_row_index("customer").cast({"customer": pl.UInt32})
    described: list[str] = []
    in_table: pl.Series | None = None
    leads: pl.DataFrame | None = None
    if customer_table is not None:
        described = [c for c in customer_table.columns if c not in PEOPLE_REQUIRED and c not in PEOPLE_OPTIONAL]
        table = listed(customer_table).with_row_index("known")
        frame = frame.join(table, on="id", how="left", maintain_order="left")
        row, frame = frame["known"], frame.drop("known")
        in_table = (row.is_not_null() & _bought(clean)).alias("known")
        without = pl.repeat(True, table.height, dtype=pl.Boolean, eager=True).scatter(row.filter(in_table), False)
        leads = table.drop("known").filter(without).with_columns(pl.col(described).cast(pl.Categorical()))
    firsts = [a for a in clean.attributes if a not in frame.columns]
    if first_orders is not None and firsts:
        frame = pl.concat([frame, first_orders.select(firsts)], how="horizontal")
    attributes = (*described, *firsts)
    frame = frame.with_columns(pl.col(a).cast(pl.Categorical()) for a in attributes)
    return People(frame, attributes, frozenset(firsts), in_table, leads)


def listed(customer_table: pl.DataFrame) -> pl.DataFrame:
    """Whom a customer table names: id, and its further columns. The first row of an id counts, a blank id never."""
    with_id = customer_table.filter(pl.col("customer_id").str.strip_chars() != "").rename({"customer_id": "id"})
    return with_id.unique("id", keep="first", maintain_order=True)


def _bought(clean: CleanOrders) -> pl.Series:
    """Boolean by customer code: who has an order, not refunds alone."""
    assert clean.activity is not None, "a shop that has grown knows its people"
    bought = clean.activity.filter(pl.col("orders") > 0)["customer"]
    return pl.repeat(False, clean.customer_ids.len(), dtype=pl.Boolean, eager=True).scatter(bought, True)


def _of_first_orders(clean: CleanOrders, columns: list[str]) -> pl.DataFrame:
    """`columns` of each customer's first order, by customer code; null for those who only got refunds."""
    whose, kind = (clean.orders[name].rechunk() for name in ("customer", "kind"))
    all_bought = bool((kind == "order").all())

    def begun(chunk: Chunk) -> pl.DataFrame:
        rows = clean.by_customer.slice(*chunk)
        rows = rows if all_bought else rows.filter(kind.gather(rows) == "order")
        return _firsts(pl.DataFrame([whose.gather(rows), rows.alias("row")]))

    # Who stands in two chunks began in the one before.
    first = _firsts(pl.concat(each(begun, chunks(clean.orders.height))))
    found = pl.concat([first.drop("row"), clean.orders.select(columns)[first["row"]]], how="horizontal")
    if found.height == clean.customer_ids.len():
        return found.drop("customer")
    codes = pl.DataFrame({"customer": pl.int_range(clean.customer_ids.len(), dtype=pl.UInt32, eager=True)})
    return codes.join(found, on="customer", how="left", maintain_order="left").drop("customer")


def _firsts(rows: pl.DataFrame) -> pl.DataFrame:
    """Of each customer, who stand together, the first row."""
    return rows.filter((rows["customer"] != rows["customer"].shift(1)).fill_null(True))
