"""What is asked, or said, where no table looks like orders."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ltvtui.errors import LtvError
from ltvtui.sources.base import Database
from ltvtui.sources.catalog import tables_of
from ltvtui.sources.column_numbers import numbered
from ltvtui.sources.detection import by_content
from ltvtui.sources.detection.candidate import Candidate
from ltvtui.sources.detection.candidates import one_row_each
from ltvtui.sources.detection.proposal import Question
from ltvtui.sources.detection.unpriced import refuse_strange_amounts
from ltvtui.sources.overrides import Overrides
from ltvtui.sources.relation import listing
from ltvtui.sources.values.undated import refuse_strange_dates

MOST_LISTED: Final = 4
"""Tables that a refusal describes by what they have and lack."""


def nothing_found(database: Database, overrides: Overrides, every: Sequence[Candidate]) -> Question:
    """The question which table holds the orders; LtvError (exit code 1) where no answer would help."""
    tables = [t for t in tables_of(database) if t.columns]
    if tables and all(t.rows == 0 for t in tables):
        raise LtvError(f"The tables of {database.name} have no rows.", "Name a database that holds orders.", 1)
    refuse_strange_dates(tables)
    refuse_strange_amounts(tables)
    where = overrides.orders or database.name
    nearest = " " + " ".join(_has_and_lacks(c) for c in every[:MOST_LISTED]) if every else ""
    if len(every) > MOST_LISTED:
        nearest += f" And {len(every) - MOST_LISTED} more table{'s' * (len(every) > MOST_LISTED + 1)}, less likely."
    bare = [t.name for t in tables if t.rows == 0]
    without = f" Without rows: {listing(bare)}." if bare else ""
    above = " If its header is below titles, give the number of rows above it: --skip-rows N."
    if len(tables) == 1 and (names := tuple(c.name for c in tables[0].columns)) == numbered(len(names)):
        text = f"The columns of {where} have no names: choose those of the customer, the date and the amount."
        return Question("customer", text, names, "--date COLUMN --amount COLUMN --customer")
    hint = above if database.is_headed_file else ""
    hint += "".join(f" {notice}" for notice in database.notices)
    text = f"No table of {where} looks like orders with a customer, a date and an amount.{nearest}{without}{hint}"
    examined = [c.orders for c in every]
    likely = [c.orders for c in every if not _is_summary(c)]
    names = (*likely, *(t.name for t in tables if t.rows != 0 and t.name not in examined))
    return Question("orders", text, names, "--orders")


def _has_and_lacks(candidate: Candidate) -> str:
    """One sentence: which of customer, date and amount a table has."""
    has = {role: f for role, f in candidate.required.items() if f.column and f.score > 0}
    lacks = [role for role in candidate.required if role not in has]
    if _is_summary(candidate):
        return (
            f"{candidate.title} has one row per customer ({has['customer'].column}) and no order dates: "
            "it is a summary of customers, and ltvtui needs the orders."
        )
    without = " and no ".join(role + _perhaps(candidate, role) for role in lacks)
    if not has:
        return f"{candidate.title} has no {without}."
    found = " and ".join(f"a{'n' * (role == 'amount')} {role} ({f.column})" for role, f in has.items())
    return f"{candidate.title} has {found}" + (f", but no {without}." if lacks else ".")


def _is_summary(candidate: Candidate) -> bool:
    """Whether a table has one row a customer, and no date: what somebody has added up of orders elsewhere."""
    customer, date = candidate.required["customer"], candidate.required["date"]
    column = candidate.table.column(customer.column) if customer.column and customer.score > 0 else None
    dated = bool(date.column) and date.score > 0
    return column is not None and not dated and one_row_each(column)


def _perhaps(candidate: Candidate, role: str) -> str:
    likely = by_content.choices(role, candidate)
    if (empty := by_content.blank(role, candidate)) is not None:
        return f" ({empty.name} is empty)"
    return f" by name (by content {' or '.join(c.name for c in likely[:3])} could be)" if likely else ""
