"""Doubts about who is a customer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import polars as pl

from ltvtui.analytics.doubts.evidence import FEW, Check, Doubt, Evidence, option, share
from ltvtui.errors import thousands

LARGE: Final = 0.1
"""Share of the orders from which on a customer may be many."""
OUTSTANDING: Final = 3
"""Times the orders of the others on average that such a customer has at least: one of nine has a ninth anyway."""
LARGE_REVENUE: Final = 0.5
NEARLY_ALL: Final = 0.98
"""Share of customers with a single order from which on the others are taken for chance."""
SAMPLE_ROWS: Final = 10_000
"""Ids that are looked at, evenly spread."""
ROUNDED: Final = 10**11
"""From here on a spreadsheet writes numbers with an exponent."""
ROUND: Final = 10**5
"""Of such a number six digits are left at most."""
_LOST = r"^[+-]?\d(?:[.,]\d+)?[eE]\+?\d{1,3}$"


def one_customer(evidence: Evidence) -> Iterator[Doubt]:
    """One customer with over a tenth of the orders: guests under one id, or a word for nobody."""
    customers, orders = evidence.customers, evidence.orders
    if orders < FEW or customers.height < 2:
        return
    at = int(customers["orders"].arg_max() or 0)
    most = int(customers["orders"][at])
    others = (orders - most) / (customers.height - 1)
    if most <= LARGE * orders or most < OUTSTANDING * others:
        return
    yield Doubt(
        "one_customer",
        f"Customer {_name(evidence, at)} in {evidence.facts.customer} has {share(most, orders)} of the orders"
        f" ({thousands(most)} of {thousands(orders)}): this may be an id shared by all guests, or a placeholder.",
        _other_column(evidence) + ", or leave these rows out with a SELECT: --orders 'SELECT … WHERE …'.",
    )


def one_customer_revenue(evidence: Evidence) -> Iterator[Doubt]:
    """One customer with over half of the revenue: an amount with its mark in the wrong place, or no person."""
    customers = evidence.customers
    revenue = int(customers["revenue"].sum())
    if evidence.orders < FEW or customers.height < FEW or revenue <= 0:
        return
    at = int(customers["revenue"].arg_max() or 0)
    most = int(customers["revenue"][at])
    if most <= LARGE_REVENUE * revenue:
        return
    yield Doubt(
        "one_customer_revenue",
        f"Customer {_name(evidence, at)} has {share(most, revenue)} of the revenue: an amount in"
        f" {evidence.facts.amount} may be wrong.",
        "Check this customer's orders, and the amount column: --amount COLUMN.",
    )


def customers_once(evidence: Evidence) -> Iterator[Doubt]:
    """An id made anew for each order: no id repeats, while those of another column do."""
    facts = evidence.facts
    if not facts.repeating or not _nearly_all_once(evidence):
        return
    column = facts.repeating[0]
    select = f"{option('--orders', facts.people_select)} " if facts.people_select else ""
    if select and facts.lines:
        joined = {"--order-id": facts.order_id, "--lines": facts.lines, "--amount": facts.amount}
        select += "".join(f"{option(flag, value)} " for flag, value in joined.items())
    yield Doubt(
        "customers_once",
        f"Nearly every customer in {facts.customer} has one order, while {column} repeats: the id may "
        "be new for each order.",
        f"Count customers by {column}: {select}{option('--customer', column)}.",
    )


def customer_per_order(evidence: Evidence) -> Iterator[Doubt]:
    """As many customers as orders, and no column that could tell better."""
    customers, facts = evidence.customers, evidence.facts
    if facts.repeating or customers.height < FEW or evidence.orders != customers.height:
        return
    yield Doubt(
        "customer_per_order",
        f"There are as many customers in {facts.customer} as orders ({thousands(customers.height)}): nobody ordered "
        "twice, or the column is an order id.",
        f"{_other_column(evidence)}, if it is an order id.",
    )


def ids_lost_digits(evidence: Evidence) -> Iterator[Doubt]:
    """Ids that a spreadsheet has rounded: many of them are one."""
    facts = evidence.facts
    customer_ids = evidence.cleaned.customer_ids
    samples = {
        facts.customer: customer_ids.gather_every(max(customer_ids.len() // SAMPLE_ROWS, 1)),
        facts.order_id: evidence.cleaned.store.sample("order_id", SAMPLE_ROWS),
    }
    for column, sample in samples.items():
        lost = _lost(sample.drop_nulls())
        if column and lost is not None:
            yield Doubt(
                "ids_lost_digits",
                f"Ids in {column} such as {lost} have lost their digits: several ids may have become one.",
                f"A spreadsheet has rounded them. Export the file again with {column} as text.",
            )


def _lost(sample: pl.Series) -> str | None:
    """One of the ids that is written with an exponent; or that was, and is a number by now, where all are such."""
    if sample.dtype == pl.String:
        lost = sample.filter(sample.str.contains(_LOST))
        if lost.len():
            return str(lost[0])
    numbers = sample.cast(pl.Int64, strict=False)
    if numbers.is_empty() or numbers.null_count():
        return None
    return str(sample[0]) if bool(((numbers >= ROUNDED) & (numbers % ROUND == 0)).all()) else None


def _nearly_all_once(evidence: Evidence) -> bool:
    customers = evidence.customers
    if customers.height < FEW:
        return False
    return customers.filter(customers["orders"] == 1).height >= NEARLY_ALL * customers.height


def _name(evidence: Evidence, row: int) -> str:
    return str(evidence.cleaned.customer_ids[int(evidence.customers["customer"][row])])


def _other_column(evidence: Evidence) -> str:
    contacts = evidence.facts.contacts
    flag = option("--customer", contacts[0]) if contacts else "--customer COLUMN"
    return f"Use another column as the customer id: {flag}"


CHECKS: Final[tuple[Check, ...]] = (
    one_customer,
    one_customer_revenue,
    customers_once,
    customer_per_order,
    ids_lost_digits,
)
