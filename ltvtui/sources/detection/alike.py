"""Duplicates: columns of the same values, and tables of the same orders. Nobody is asked about them."""

from __future__ import annotations

from typing import Final

from ltvtui.sources.base import Database
from ltvtui.sources.detection.candidate import Candidate
from ltvtui.sources.detection.glance import glance
from ltvtui.sources.detection.scoring import amount_score, word_set, words
from ltvtui.sources.sql import quote

_ZONES: Final = word_set("gmt utc local")
"""What alone parts the names of two columns of one moment."""
_CENT: Final = 0.005
_OF_ORDERS: Final = 0.55
"""Score from which a column is money of the row."""


def are_equivalent(database: Database, candidate: Candidate, role: str, column: str, other: str) -> bool:
    """Whether it makes no difference which of two columns of a candidate plays a role.

    Amounts are the same where they are equal in every row, customers where each value of one goes with one of the
    other, dates where they are of one day.
    """
    if candidate.table.column(column) is None or candidate.table.column(other) is None:
        return False
    if role == "date" and set(words(column)) ^ set(words(other)) <= _ZONES:
        return True
    a, b, rows_of = quote(column), quote(other), candidate.source
    if role == "customer":
        sql = (
            f"SELECT count(DISTINCT {a}) = count(*) AND count(DISTINCT {b}) = count(*)"  # noqa: S608
            f" FROM (SELECT DISTINCT {a}, {b} FROM {rows_of})"
        )
    else:
        if role == "date":
            a, b = (f"substr({database.dialect.as_string(name)}, 1, 10)" for name in (a, b))
        same = f"coalesce({a} = {b}, {a} IS NULL AND {b} IS NULL)"
        sql = f"SELECT count(*) = 0 FROM {rows_of} WHERE NOT {same}"  # noqa: S608
    return _is_true(database, sql)


def without_copies(database: Database, best: Candidate, rivals: list[Candidate]) -> tuple[Candidate, list[Candidate]]:
    """The candidate that tells most of those that hold the same orders as the best, and the other candidates."""
    copies = [rival for rival in rivals if _is_copy(database, best, rival)]
    chosen = max((best, *copies), key=lambda c: (-_nobody(database, c), len(c.finds), len(c.columns)))
    return chosen, [rival for rival in rivals if rival not in copies]


def _is_copy(database: Database, best: Candidate, rival: Candidate) -> bool:
    """Whether both have a row for each of the same orders, and the same money in it."""
    own, theirs = _key(best), _key(rival)
    if own is None or theirs is None or best.lines is not None or rival.lines is not None:
        return False
    ids, others = (f"SELECT {quote(k)} FROM {c.source}" for c, k in ((best, own), (rival, theirs)))  # noqa: S608
    same = (
        f"SELECT (SELECT count(*) FROM ({ids})) = (SELECT count(*) FROM ({others}))"  # noqa: S608
        f" AND NOT EXISTS ({ids} EXCEPT {others}) "
        f" AND (SELECT count(*) = count(DISTINCT {quote(own)}) FROM {best.source})"
    )
    if not _is_true(database, same):
        return False
    money = [[c.name for c in one.columns if amount_score(c) >= _OF_ORDERS] for one in (best, rival)]
    joined = f"{best.source} AS one JOIN {rival.source} AS other ON one.{quote(own)} = other.{quote(theirs)}"
    amounts = best.finds["amount"].column, rival.finds["amount"].column
    pairs = [amounts, *((amounts[0], name) for name in money[1]), *((name, amounts[1]) for name in money[0])]
    return any(
        _is_true(
            database,
            f"SELECT count(*) = 0 FROM {joined} WHERE abs(one.{quote(a)} - other.{quote(b)}) > {_CENT}",  # noqa: S608
        )
        for a, b in pairs
        if best.table.column(a) is not None and rival.table.column(b) is not None
    )


def _key(candidate: Candidate) -> str | None:
    """The column that numbers the orders of a candidate, or else its rows."""
    found = candidate.finds.get("order_id")
    if found is not None and candidate.table.column(found.column) is not None:
        return found.column
    return next((c.name for c in candidate.columns if c.unique), None)


def _nobody(database: Database, candidate: Candidate) -> int:
    """Orders of a candidate without a customer."""
    customer, amount = (candidate.finds[role].column for role in ("customer", "amount"))
    if candidate.table.column(customer) is None or candidate.table.column(amount) is None:
        return 0
    lacks = f"{quote(amount)} > 0 AND coalesce({database.dialect.as_string(quote(customer))}, '') IN ('', '0', '0.0')"
    return _number(database, f"SELECT count(*) FROM {candidate.source} WHERE {lacks}")  # noqa: S608


def _is_true(database: Database, sql: str) -> bool:
    return _number(database, sql) == 1


def _number(database: Database, sql: str) -> int:
    rows = glance(database, sql)
    found = rows[0][0] if rows else None
    return found if isinstance(found, int) else 0
