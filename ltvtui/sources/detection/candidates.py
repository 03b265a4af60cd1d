"""Scores every table as the one with the orders, role by role."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Final

from ltvtui.errors import LtvError
from ltvtui.sources.base import Database, TooSlow
from ltvtui.sources.catalog import tables_of
from ltvtui.sources.catalog_table import CatalogColumn, CatalogTable
from ltvtui.sources.detection import returns, scoring
from ltvtui.sources.detection.candidate import REQUIRED, Candidate
from ltvtui.sources.detection.completing import completed
from ltvtui.sources.detection.composite import keyed
from ltvtui.sources.detection.entity_values import pivoted
from ltvtui.sources.detection.families import sources_of
from ltvtui.sources.detection.find import BY_SYSTEM, LEAST_SCORE, Find, column_of, fill
from ltvtui.sources.detection.line_tables import lines_of
from ltvtui.sources.detection.row_amounts import amount_of, passed_over, row_cost
from ltvtui.sources.detection.vocabulary import group, meaning, system_of
from ltvtui.sources.overrides import Overrides
from ltvtui.sources.relation import SELECT_NAME, Relation, is_select, joined, single
from ltvtui.sources.sql import Value, quote
from ltvtui.sources.values.date_guess import DateGuess, guess_formats
from ltvtui.sources.values.operands import numeric_expression

_WEIGHT: Final = {"customer": 0.3, "date": 0.25, "amount": 0.25}
OPTIONAL: Final[dict[str, Callable[[CatalogColumn], float]]] = {
    "order_id": scoring.order_id_score,
    "status": scoring.status_score,
    "currency": scoring.currency_score,
    "rate": scoring.rate_score,
    "margin": scoring.margin_score,
    "cost": scoring.cost_score,
    "refund_of": scoring.refund_score,
    "refunded": returns.refunded_score,
    "cancelled": returns.cancelled_score,
    "updated_at": scoring.updated_score,
}
_GROUPS: Final = 0.9
"""Score from which a name says that a column numbers orders."""
_REPEATS: Final = 20
"""Rows of the sample with the number of another from which on that is no accident."""
MOST_TABLES: Final = 60
"""Tables that are scored again where none is plainly the one with the orders."""


def candidates_of(database: Database, overrides: Overrides) -> list[Candidate]:
    """Tables that could hold the orders, best first; with `overrides.orders` just that one.

    LtvError (exit code 2) when a table, or a column in every table, that an override names does not exist.
    """
    tables = tables_of(database)
    parties = frozenset(t.name.lower() for t in tables if scoring.is_party_table(t))
    if overrides.orders is not None:
        table = single(database, overrides.orders, "orders").tables[0]
        alone = _candidate(database, table, overrides.orders, overrides, parties)
        if len(_filled(alone.finds)) == len(REQUIRED) or table.view:
            return [alone]
        found = _together(database, overrides, parties, (), table)
        return [c for c in found if c.score > 0] or [alone]
    sources = sources_of(database)
    split = {name for source in sources if len(source.members) > 1 for name in source.members}
    # without anything like a customer a table need not be looked at more closely
    likely = [
        t
        for t in tables
        if t.name not in split and t.rows != 0 and t.columns and (overrides.customer or _has_customer(t, parties))
    ]
    scored: list[Candidate] = []
    refused: list[tuple[float, LtvError]] = []
    for table in likely:
        try:
            scored.append(_candidate(database, table, table.name, overrides, parties))
        except LtvError as error:  # an override names no column here: it may in another table
            plausible = any(scoring.customer_score(c, parties) for c in table.columns)
            refused.append((scoring.table_score(table) + plausible - table.view, error))
    # money that may be a count of lines settles nothing: another table may tell their price
    complete = [c for c in scored if c.score > 0 and (c.lines is None or c.finds["amount"].score >= LEAST_SCORE)]
    full = tuple(c.table for c in complete)
    together = _together(database, overrides, parties, full)
    if refused and not scored and not together:
        raise max(refused, key=lambda pair: pair[0])[1]
    bases = {c.base for c in together}
    whole = [c for c in (*scored, *together) if c.score > 0 and c.orders not in bases]
    fitting = [c for c in whole if c.lines is None or c.lines not in bases or c.finds["amount"].score >= LEAST_SCORE]
    return sorted(fitting, key=lambda c: (-round(c.score, 2), -(c.table.rows or 0), c.orders))


def _has_customer(table: CatalogTable, parties: frozenset[str]) -> bool:
    return any(scoring.customer_score(c, parties) for c in table.columns) or (
        system_of(c.name for c in table.columns) is not None
    )


def _together(
    database: Database,
    overrides: Overrides,
    parties: frozenset[str],
    full: tuple[CatalogTable, ...],
    only: CatalogTable | None = None,
) -> list[Candidate]:
    """Rows that are orders once several tables are joined, beside those of tables that are `full` alone."""
    found: list[Candidate] = []
    sources = sources_of(database)
    made = (*completed(database, sources, parties, full), *pivoted(database, sources, parties))
    for one in (*made, *keyed(database, sources)):
        if only is not None and one.draft.title != only.name:
            continue
        try:
            candidate = _candidate(
                database, one.table, one.draft.sql(), overrides, parties, one.header or one.draft.title
            )
        except LtvError:  # a column of the overrides is not there
            continue
        notices = (*one.draft.notices, *candidate.notices)
        found.append(replace(candidate, notices=notices, base=one.draft.title))
    return found


def incomplete(database: Database, overrides: Overrides) -> list[Candidate]:
    """Every table with rows, scored by its names, likeliest first: for when none has all that orders need."""
    tables = tables_of(database)
    parties = frozenset(t.name.lower() for t in tables if scoring.is_party_table(t))
    found = []
    for table in [t for t in tables if t.rows != 0 and t.columns][:MOST_TABLES]:
        try:
            found.append(_candidate(database, table, table.name, overrides, parties))
        except LtvError:  # the overrides are of another table
            continue
    likely = {c.orders: (-len(_filled(c.finds)), -scoring.table_score(c.table), c.table.view) for c in found}
    return sorted(found, key=lambda c: (*likely[c.orders], c.orders))


def reread(database: Database, before: Candidate, sql: str, overrides: Overrides, notice: str) -> Candidate:
    """`before` with the rows of a SELECT over its table, and the roles of its columns as before."""
    roles = {f.name for f in fields(Overrides)}
    found = {role: find.column for role, find in before.finds.items() if role in roles}
    given = {f.name: v for f in fields(Overrides) if (v := getattr(overrides, f.name)) is not None}
    formats = ",".join(before.dates.formats) if before.dates and not before.dates.ambiguous else None
    lines = {"lines": before.lines or "", "lines_order_id": before.lines_order_id}
    asked = Overrides(**{**found, **lines, "date_format": formats, **given, "orders": sql})
    table = single(database, sql, "orders").tables[0]
    again = _candidate(database, replace(table, name=SELECT_NAME), sql, asked, frozenset())
    both = before.finds.keys() & again.finds.keys()
    grounds = {role: replace(before.finds[role], column=again.finds[role].column) for role in both}
    notices = (*before.notices, notice)
    finds = again.finds | grounds
    return replace(
        again,
        score=before.score,
        why=before.why,
        finds=finds,
        dates=before.dates,
        base=before.title,
        notices=notices,
    )


def _candidate(
    database: Database,
    table: CatalogTable,
    orders: str,
    overrides: Overrides,
    parties: frozenset[str],
    called: str | None = None,
) -> Candidate:
    """How well a table plays orders; `called`: the name of the table, where `orders` is a SELECT of ours."""
    finds: dict[str, Find] = {}
    system = system_of(column.name for column in table.columns)
    finds["customer"] = fill(
        "customer", overrides.customer, table, lambda c: scoring.customer_score(c, parties), system
    )
    dates = {column.name: scoring.date_score(column) for column in table.columns}
    finds["date"] = fill("date", overrides.date, table, lambda c: dates[c.name][0], system)
    for role, score in OPTIONAL.items():
        filled = fill(role, getattr(overrides, role), table, score, system)
        if filled.score >= LEAST_SCORE:
            finds[role] = filled
    if "order_id" in finds and overrides.order_id is None:
        finds["order_id"] = _grouping(table, finds)
    if "margin" in finds and overrides.cost is None:
        finds.pop("cost", None)
    lines = lines_of(database, table, finds.get("order_id"), overrides)
    finds["amount"], used = amount_of(table, overrides, lines, system)
    notices = passed_over(table, finds["amount"]) if overrides.amount is None else ()
    if overrides.cost is None and "margin" not in finds:
        finds.pop("cost", None)
        where, name = (lines[0], lines[0].name) if used and lines else (table, None)
        cost = row_cost(where, finds["amount"], name)
        if cost is not None and cost.score >= LEAST_SCORE:
            finds["cost"] = cost
    _add_returns(table, overrides, finds)
    if any(getattr(overrides, role) for role in (*REQUIRED, *OPTIONAL, "row_type")):
        order_id = finds["order_id"].column if "order_id" in finds else ""
        relation = single(database, orders, "orders")
        if used and lines:
            relation = joined(database, orders, order_id, lines[0].name, lines[1])
        _check(relation, finds, overrides)
    guess = dates.get(finds["date"].column, (0.0, None))[1]
    guess = _decided(database, table, finds["date"].column, guess, orders if called else None)
    titled = replace(table, name=called or table.name)
    fit = sum(_WEIGHT[role] * finds[role].score for role in REQUIRED) + 0.2 * scoring.table_score(titled)
    reasons = [f"{role} {finds[role].column} ({finds[role].score:.2f})" for role in _filled(finds)]
    if overrides.orders is None:
        if len(_filled(finds)) < len(REQUIRED):
            fit = 0.0
        if table.view and called is None:
            fit *= 0.85
            reasons.append("a view")
        customer = table.column(finds["customer"].column)
        if customer is not None and one_row_each(customer):
            fit *= 0.5
            reasons.append("one row per customer")
    return Candidate(
        orders,
        min(1.0, fit),
        "; ".join(reasons),
        table,
        finds,
        guess,
        lines[0].name if used and lines else None,
        lines[1] if used and lines else None,
        notices=notices,
    )


def _grouping(table: CatalogTable, finds: dict[str, Find]) -> Find:
    """The number of the order, where what was found numbers its lines: it repeats, and always for one customer and
    day."""
    found = finds["order_id"]
    column = table.column(found.column)
    around = [table.column(finds[role].column) for role in ("customer", "date")]
    if column is None or not column.unique or found.score == BY_SYSTEM or any(c is None for c in around):
        return found
    for name, score in found.rivals:
        other = table.column(name)
        if other is None or score < _GROUPS or not group("order") & set(meaning(name)):
            continue
        groups: dict[Value, set[tuple[Value, ...]]] = defaultdict(set)
        beside = zip(*(c.sample for c in around if c is not None), strict=True)
        for value, row in zip(other.sample, beside, strict=True):
            groups[value].add(row)
        repeats = len(other.sample) - len(groups)
        if None not in groups and repeats >= _REPEATS and all(len(rows) == 1 for rows in groups.values()):
            return Find(name, score, "rows of one customer and day share it")
    return found


def _add_returns(table: CatalogTable, overrides: Overrides, finds: dict[str, Find]) -> None:
    """What goes with the amount that was found: the column of its refunded part, and that of the types of rows."""
    amount = finds["amount"].column
    if "refunded" in finds and overrides.refunded is None:
        found = returns.of_amount(table, finds.pop("refunded").column, amount)
        if found is not None:
            finds["refunded"] = Find(found, 0.9, "name fits, and never more than the amount")
    beside = table.column(amount)
    if "refund_of" not in finds and overrides.refund_of is None and "order_id" in finds:
        refers = fill("refund_of", None, table, returns.reference_score)
        if refers.score >= LEAST_SCORE and refers.column != finds["order_id"].column:
            finds["refund_of"] = refers
    typed = fill("row_type", overrides.row_type, table, lambda column: returns.type_score(column, beside))
    if typed.score >= LEAST_SCORE:
        finds["row_type"] = typed
        if overrides.refunded is None and returns.lists_refunds(column_of(table, typed.column)):
            finds.pop("refunded", None)  # they are rows of their own: taken off once is enough


def _filled(finds: dict[str, Find]) -> list[str]:
    return [role for role in REQUIRED if finds[role].column]


def _decided(
    database: Database, table: CatalogTable, column: str, guess: DateGuess | None, select: str | None
) -> DateGuess | None:
    """A second look at dates that the sample leaves open, through every distinct value there is time for.

    `select`: what the table is made of, where it is a SELECT of ours; its sample is of the first rows alone.
    """
    if table.column(column) is None or guess is None or (select is None and (table.view or is_select(table.name))):
        return guess
    if select is None and not guess.ambiguous and guess.readable == 1.0:
        return guess
    source = quote(table.name) if select is None else f"({select}\n)"
    sql = f"SELECT DISTINCT {quote(column)} FROM {source} LIMIT 20000"  # noqa: S608
    try:
        values = [value for (value,) in database.query(sql, seconds=2.0)]
    except TooSlow:
        return guess
    return guess_formats(scoring.as_text(values))


def one_row_each(customer: CatalogColumn) -> bool:
    """Whether no customer stands in two rows, as far as declaration and sample tell."""
    present = [value for value in customer.sample if value is not None]
    return customer.unique or (len(present) >= 50 and len(set(present)) == len(present))


def _check(relation: Relation, finds: dict[str, Find], overrides: Overrides) -> None:
    for role, find in finds.items():
        if getattr(overrides, role) and find.column:
            numeric_expression(relation, find.column, role, overrides.decimal)
