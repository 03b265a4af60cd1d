"""What stands around the orders: the customers' own table, the spend, and attributes of both."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ltvtui.errors import LtvError
from ltvtui.sources.base import Database, TooSlow
from ltvtui.sources.catalog import tables_of
from ltvtui.sources.catalog_table import CatalogColumn, CatalogTable
from ltvtui.sources.detection import scoring
from ltvtui.sources.detection.attributes import attribute_columns, is_geography
from ltvtui.sources.detection.candidate import Candidate
from ltvtui.sources.detection.customer_tables import described_together
from ltvtui.sources.detection.find import Find
from ltvtui.sources.detection.scoring import word_set, words
from ltvtui.sources.mapping import CustomerTable, SpendTable
from ltvtui.sources.overrides import Overrides
from ltvtui.sources.relation import find_table, is_select, listing, single
from ltvtui.sources.spend.columns import SPEND_WORDS, spend_columns
from ltvtui.sources.spend.table import refuse_several
from ltvtui.sources.sql import quote

OVERLAP: Final = 0.5
"""Share of the orders' customers that a table has to know to be taken for the customer table."""
SAME: Final = 0.9
"""Share of orders from which an order's place is the customer's own and says nothing new."""

_NAMES: Final = ("name", "fullname", "customername", "companyname", "clientname", "username", "contactname")
_BIRTH: Final = word_set("birthdate birthday dob dateofbirth birthyear yearofbirth birth born")


def find_customers(
    database: Database, best: Candidate, overrides: Overrides, finds: dict[str, Find]
) -> tuple[CustomerTable | None, list[CatalogColumn]]:
    """The table that describes customers with its attribute columns, or None."""
    if overrides.customers == "":
        return None, []
    if overrides.customers is not None:
        table = single(database, overrides.customers, "customers").tables[0]
        key = overrides.customers_key or _key(table, best)
        key = key or (table.columns[0].name if table.columns else "")
        score, why = 1.0, "as given"
    else:
        match = best_match(database, best)
        key = match[2] if match else best.finds["customer"].column
        several = described_together(database, best, match[1] if match else None, key)
        if several is not None:
            select, table = several
            score, why = 0.9, "customer details of several tables"
            overrides = replace(overrides, customers=select)
        elif match is not None:
            score, table, key, why = match
        else:
            return None, []
    finds["customers"] = Find(overrides.customers or table.name, score, why)
    name, email, birth = _name(table), _first(table, ("email", "mail", "emailaddress")), _birth(table)
    columns = attribute_columns(table.columns, (key, name, email, birth))
    return CustomerTable(overrides.customers or table.name, key, name, email, birth), columns


def best_match(database: Database, best: Candidate) -> tuple[float, CatalogTable, str, str] | None:
    """The table that knows the customers of the orders best: how well, the table, its key, and why."""
    customer = best.table.column(best.finds["customer"].column)
    if customer is None:
        return None
    found: list[tuple[float, CatalogTable, str, str]] = []
    for table in tables_of(database):
        if table is best.table or table.view or not table.rows or not table.columns:
            continue
        if customer.references is not None and customer.references[0].lower() == table.name.lower():
            key = customer.references[1] or next((c.name for c in table.columns if c.pk), None)
            if key is not None:
                found.append((1.0, table, key, "a foreign key refers to it"))
            continue
        key = _key(table, best) if scoring.is_party_table(table) else None
        if key is not None:
            share = _overlap(database, customer, table, key)
            if share >= OVERLAP:
                found.append((0.9 * share, table, key, f"it has {share:.0%} of the orders' customers"))
    return max(found, key=lambda match: match[0], default=None)


def _key(table: CatalogTable, best: Candidate) -> str | None:
    same = table.column(best.finds["customer"].column)
    if same is not None:
        return same.name
    keys = [column for column in table.columns if column.unique]
    likely = [c for c in keys if scoring.customer_score(c) > 0.8] or [c for c in keys if words(c.name) == ("id",)]
    loose = [c for c in table.columns if scoring.customer_score(c) > 0.8 or words(c.name) == ("id",)]
    return next((column.name for column in (*likely, *loose)), None)


def _overlap(database: Database, customer: CatalogColumn, table: CatalogTable, key: str) -> float:
    """Share of sampled customers of the orders that the table knows."""
    ids = list({_plain(value) for value in customer.sample if value not in (None, "")})[:200]
    if not ids:
        return 0.0
    marks = ", ".join("?" * len(ids) * 2)
    written = database.dialect.as_string(quote(key))
    sql = f"SELECT DISTINCT {written} FROM {quote(table.name)} WHERE {written} IN ({marks})"  # noqa: S608
    try:
        rows = database.query(sql, [*ids, *(f"{i}.0" for i in ids)], seconds=2.0)
    except TooSlow:
        return 0.0
    return len({_plain(value) for (value,) in rows}) / len(ids)


def _plain(value: object) -> str:
    return str(value).strip().removesuffix(".0")


def _name(table: CatalogTable) -> str | None:
    first = _first(table, ("firstname", "forename", "givenname"))
    last = _first(table, ("lastname", "surname", "familyname"))
    if first and last:
        return f"{_plain_or_quoted(first)} || ' ' || {_plain_or_quoted(last)}"
    return _first(table, _NAMES)


def _plain_or_quoted(name: str) -> str:
    return name if name.isascii() and name.isalpha() else quote(name)


def _first(table: CatalogTable, wanted: tuple[str, ...]) -> str | None:
    by_name = {"".join(words(column.name)): column.name for column in table.columns}
    return next((by_name[name] for name in wanted if name in by_name), None)


def _birth(table: CatalogTable) -> str | None:
    return next((c.name for c in table.columns if "".join(words(c.name)) in _BIRTH), None)


def find_spend(
    database: Database, best: Candidate, overrides: Overrides, finds: dict[str, Find]
) -> SpendTable | None:
    """The table of advertising spend, or None.

    LtvError where a table was asked for without a day and an amount (exit code 2), or is in several currencies.
    """
    if overrides.spend == "":
        return None
    if overrides.spend is not None:
        tables = [find_table(database, overrides.spend, "advertising spend")]
        refuse_several(database, tables[0], overrides.spend)
    else:
        tables = [
            t
            for t in tables_of(database)
            if t is not best.table and not t.view and t.rows and set(words(t.name)) & SPEND_WORDS
        ]
    for table in tables:
        detected = spend_columns(table)
        date = overrides.spend_date or (detected.date if detected else None)
        amount = overrides.spend_amount or (detected.amount if detected else None)
        columns = detected.columns if detected and amount is None else ()
        if date is None or (amount is None and not columns):
            continue
        channel = None if columns else overrides.spend_channel or (detected.channel if detected else None)
        finds["spend"] = Find(table.name, 0.9, "its name means spend, with a date and an amount")
        return SpendTable(overrides.spend or table.name, date, channel or None, amount, columns)
    if overrides.spend is not None:
        there = listing([column.name for column in tables[0].columns])
        raise LtvError(
            f"{tables[0].name} has no clear date and amount of spend.",
            f"Name its columns in [spend] of the mapping file. Its columns: {there}",
            2,
        )
    return None


def order_attributes(
    database: Database, best: Candidate, customers: CustomerTable | None, of_customers: list[CatalogColumn]
) -> list[CatalogColumn]:
    """Columns of the orders that make dimensions. A place that nearly always is the customer's own is left
    out: it would be the same dimension twice."""
    used = [find.column for find in best.finds.values()]
    prices = [c.name for c in best.table.columns if scoring.unit_price_score(c) or scoring.amount_score(c)]
    attributes = attribute_columns(best.table.columns, [*used, *prices, best.lines_order_id])
    if customers is None:
        return attributes
    twins = {words(column.name)[-1]: column for column in of_customers if is_geography(column)}
    return [
        column
        for column in attributes
        if not (
            is_geography(column)
            and words(column.name)[-1] in twins
            and _same_share(database, best, customers, column, twins[words(column.name)[-1]]) >= SAME
        )
    ]


def _source(table: str) -> str:
    return f"({table}\n)" if is_select(table) else quote(table)


def _same_share(
    database: Database, best: Candidate, customers: CustomerTable, column: CatalogColumn, twin: CatalogColumn
) -> float:
    customer = best.table.column(best.finds["customer"].column)
    if customer is None or best.table.name not in {t.name for t in tables_of(database)}:
        return 0.0
    other = f"c.{quote(twin.name)}"
    same = f"o.place = {other} OR coalesce(o.place, {other}) IS NULL"
    sql = (
        f"SELECT avg(CASE WHEN {same} THEN 1.0 ELSE 0.0 END) FROM"  # noqa: S608
        f" (SELECT {quote(customer.name)} AS who, {quote(column.name)} AS place FROM {quote(best.table.name)} LIMIT "
        f"1000) AS o JOIN {_source(customers.table)} AS c ON c.{quote(customers.key)} = o.who"
    )
    try:
        share = database.query(sql, seconds=1.0)[0][0]
    except TooSlow:
        return 0.0
    return float(share) if isinstance(share, int | float) else 0.0
