"""Who the customers are: the shop's own attributes, and those of the order that brought them."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from ltvtui.analytics.clean import CleanOrders
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
    """Those among them that were taken from the customer's first order."""


def describe(clean: CleanOrders, known: pl.DataFrame | None) -> People:
    """Join the clean orders' customers with the shop's customer table `known` (schema.PEOPLE_*).

    An order attribute describes a customer by their first order: known from the start, so that a
    cut by it is not made with hindsight.
    """
    frame = clean.customer_ids.alias("id").to_frame().with_row_index("customer").cast({"customer": pl.UInt32})
    described: list[str] = []
    if known is not None:
        described = [c for c in known.columns if c not in PEOPLE_REQUIRED and c not in PEOPLE_OPTIONAL]
        unique = known.unique("customer_id", keep="first", maintain_order=True)
        frame = frame.join(unique, left_on="id", right_on="customer_id", how="left", maintain_order="left")
    firsts = [a for a in clean.attributes if a not in frame.columns]
    if firsts:
        frame = pl.concat([frame, _of_first_orders(clean, firsts)], how="horizontal")
    attributes = (*described, *firsts)
    frame = frame.with_columns(pl.col(a).cast(pl.Categorical()) for a in attributes)
    return People(frame, attributes, frozenset(firsts))


def _of_first_orders(clean: CleanOrders, columns: list[str]) -> pl.DataFrame:
    """`columns` of each customer's first order, by customer code; null for those who only got refunds."""
    rows = clean.by_customer
    if (clean.orders["kind"] == "refund").any():
        rows = rows.filter((clean.orders["kind"] == "order").rechunk().gather(rows))
    customer = clean.orders["customer"].rechunk().gather(rows)
    begins = (customer != customer.shift(1)).fill_null(True)
    found = clean.orders.select("customer", *columns)[rows.filter(begins)]
    if found.height == clean.customer_ids.len():
        return found.drop("customer")
    codes = pl.DataFrame({"customer": pl.int_range(clean.customer_ids.len(), dtype=pl.UInt32, eager=True)})
    return codes.join(found, on="customer", how="left", maintain_order="left").drop("customer")
