"""A shop reduced where it lies: what each customer did on each day, who they are, and how rows were cleaned."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import polars as pl

from ltvtui.analytics.cleaning.clean import CleaningPolicy
from ltvtui.analytics.cleaning.currencies import refuse_several, refuse_unknown
from ltvtui.analytics.cleaning.data_quality import RuleCount, StatusCount
from ltvtui.analytics.facts import Facts
from ltvtui.analytics.schema import ACTIVITY
from ltvtui.sources.customers_table import read_people
from ltvtui.sources.facts import facts_of
from ltvtui.sources.mapping import Mapping
from ltvtui.sources.read import may_repeat
from ltvtui.sources.read_plan import ReadPlan, check_names, order_relation
from ltvtui.sources.reduction import clean_rows
from ltvtui.sources.reduction.clearing import cleared
from ltvtui.sources.reduction.engine import Reducing
from ltvtui.sources.reduction.first_orders import first_orders
from ltvtui.sources.reduction.order_sql import ORDERS, OrdersSql, orders_of
from ltvtui.sources.reduction.repeats import Repeats, has_repeats, refuse_folding, repeats_of, two_statuses
from ltvtui.sources.reduction.rows import RowsSql, lying, understood, with_prints
from ltvtui.sources.reduction.words import Words, worded
from ltvtui.sources.spend.table import read_spend
from ltvtui.sources.values.placeholders import IdRules
from ltvtui.sources.values.zones import DAYS_ONLY

Step = Callable[[str, int, int], None]
"""Told what is being done, before it is, the how manyth step of how many it is."""
STEPS: Final[tuple[str, ...]] = (
    *("looking at values", "looking at repeated ids", "counting rules", "summing days", "finding first orders"),
    "reading customers",
)
"""In their order; one is left out where a shop has no use for it."""


@dataclass(frozen=True, eq=False)
class Reduced:
    """What came of a shop."""

    activity: pl.DataFrame
    """schema.ACTIVITY, sorted by customer and day."""
    customer_ids: pl.Series
    """String, by customer code, as CleanOrders.customer_ids."""
    first_orders: pl.DataFrame
    """Attributes (Categorical) of each customer's first order, row number = customer code; null of refunds alone."""
    counts: tuple[RuleCount, ...]
    statuses: tuple[StatusCount, ...]
    currency: str | None
    rows_read: int
    line_level: bool
    margin_mapped: bool
    attributes: tuple[str, ...]
    orders: OrdersSql
    """By which single orders are asked."""
    days: pl.DataFrame
    """Sums of days, as OrdersThere has them."""
    people: pl.DataFrame | None
    """As Shop.people."""
    spend: pl.DataFrame | None
    facts: Facts
    notices: tuple[str, ...]
    """What the user should know about how rows were read."""

    @property
    def days_only(self) -> bool:
        """Whether a time zone has no effect."""
        return DAYS_ONLY in self.notices


def reduce_shop(
    database: Reducing,
    mapping: Mapping,
    policy: CleaningPolicy,
    step: Step = lambda what, number, steps: None,
) -> Reduced:
    """Apply metrics.md §1 by SELECTs in the `database`, and fetch activity and first orders.

    To be asked within a transaction. LtvError: exit code 2 when the mapping does not fit, 1 where it cannot be done,
    or is not certain to give what a reading of all rows gives. Cancelled when the database is `stopped`.
    """
    check_names(mapping)
    notices = list(database.notices)
    relation = order_relation(database, mapping)
    plan = ReadPlan(relation, mapping, copies=False, zone=policy.time_zone)
    step(STEPS[0], 1, len(STEPS))
    chain, kinds = lying(database, relation, plan, mapping)
    zoned = policy.time_zone is not None
    rows = understood(database, chain, kinds, plan, mapping, zoned)
    repeats = False
    if mapping.order_id is not None and may_repeat(relation, mapping):
        step(STEPS[1], 2, len(STEPS))
        repeats = has_repeats(database, rows)
        if repeats:
            chain = with_prints(chain, database.engine, relation, mapping)
            rows = understood(database, chain, kinds, plan, mapping, zoned)
    ids = IdRules(policy.force_ids, policy.guests)
    rows = cleared(database, rows, ids, policy.time_zone, notices)
    rows, words = worded(database, rows, policy)
    counts: list[RuleCount] = []
    if repeats:
        refuse_folding(database, rows, policy)
    step(STEPS[2], 3, len(STEPS))
    orders, currency, read = _clean(database, rows, words, policy, repeats, counts)
    step(STEPS[3], 4, len(STEPS))
    activity, codes, ids_found = _activity(database, orders)
    days = sums_of_days(database, orders)
    numbered = rows.whole_orders and rows.has("order_id") and not days.filter(kind=0)["without_id"].sum()
    attributes = tuple(attribute.name for attribute in mapping.attributes)
    firsts = pl.DataFrame({"customer": codes.clear()})
    if attributes:
        step(STEPS[4], 5, len(STEPS))
        firsts = first_orders(database, orders, attributes, numbered, notices)
    people = spend = None
    if mapping.customers is not None:
        step(STEPS[5], 6, len(STEPS))
        people = read_people(database, mapping.customers, notices)
    if mapping.spend is not None:
        spend = read_spend(database, mapping.spend, notices)
    by_code = codes.alias("customer").to_frame().join(firsts, on="customer", how="left", maintain_order="left")
    return Reduced(
        activity,
        ids_found,
        by_code.drop("customer"),
        tuple(counts),
        words.statuses,
        currency,
        read,
        orders.line_level,
        orders.margin,
        attributes,
        orders,
        days,
        people,
        spend,
        facts_of(relation, mapping),
        tuple(notices),
    )


def _clean(
    database: Reducing, rows: RowsSql, words: Words, policy: CleaningPolicy, repeats: bool, counts: list[RuleCount]
) -> tuple[OrdersSql, str | None, int]:
    """Clean orders, their currency, and how many rows were read."""
    count = f"SELECT {database.engine.whole('COUNT(*)')} AS n FROM {rows.chain.last}"
    read = int(database.frame(rows.chain.select(count)).item())
    rows = clean_rows.of_sales(database, rows, words, counts)
    other_statuses = two_statuses(database, rows) if repeats else []
    rows = clean_rows.given_to_buyers(database, rows, counts)
    if policy.currency is not None:
        refuse_unknown(clean_rows.currencies_of(database, rows), policy.currency)
    rows = clean_rows.with_rules(database.engine, rows, words, policy)
    signs, currencies = clean_rows.account(database, rows, policy, counts)
    counts += other_statuses
    rows = clean_rows.usable(rows)
    currency = None
    if rows.has("currency") and not rows.has("rate"):
        currency = refuse_several(currencies)
    found: Repeats | None = repeats_of(database, rows) if repeats else None
    return orders_of(database, rows, found, policy, counts, signs), currency, read


def _activity(database: Reducing, orders: OrdersSql) -> tuple[pl.DataFrame, pl.Series, pl.Series]:
    """schema.ACTIVITY; the ids of customers as the engine has them, and as text, by code."""
    whole = database.engine.whole
    order = "customer" if orders.whole_ids else database.engine.in_byte_order("customer")
    value = f", {whole('SUM(COALESCE(margin, 0))')} AS value" if orders.margin else ""
    found = database.frame(
        orders.chain.select(
            f"SELECT customer, day_no AS day, {whole('SUM(1 - kind)')} AS orders,"
            f" {whole('SUM(amount)')} AS revenue{value} FROM {ORDERS} GROUP BY customer, day_no ORDER BY {order}, 2"
        )
    )
    ids = found["customer"]
    codes = ids.rle_id()
    distinct = ids.filter((codes != codes.shift(1)).fill_null(True))
    if not orders.margin:
        found = found.with_columns(pl.col("revenue").alias("value"))
    activity = found.with_columns(codes.alias("customer")).select(
        pl.col(name).cast(kind) for name, kind in ACTIVITY.items()
    )
    return activity, distinct, distinct.cast(pl.String).alias("id")


def sums_of_days(database: Reducing, orders: OrdersSql) -> pl.DataFrame:
    """day, kind (0 order, 1 refund), and of each: rows, without_id, negative, money, highest (Int64); sorted."""
    sums = {
        "n": "COUNT(*)",
        "without_id": "SUM(CASE WHEN order_id IS NULL THEN 1 ELSE 0 END)",
        "negative": "SUM(CASE WHEN amount < 0 THEN 1 ELSE 0 END)",
        "money": "SUM(amount)",
        "highest": "MAX(amount)",
    }
    listed = ", ".join(f"{database.engine.whole(sql)} AS {name}" for name, sql in sums.items())
    sql = f"SELECT day_no AS day, kind, {listed} FROM {ORDERS} GROUP BY day_no, kind"
    return database.frame(orders.chain.select(sql)).rename({"n": "rows"}).cast(pl.Int64).sort("day", "kind")
