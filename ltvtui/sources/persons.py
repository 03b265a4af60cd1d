"""Customer ids that are made anew for each order: the person's own id stands in the customers' table."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ltvtui.sources import scoring
from ltvtui.sources.candidates import Candidate
from ltvtui.sources.catalog import Column
from ltvtui.sources.draft import Source
from ltvtui.sources.glance import glance
from ltvtui.sources.links import is_unique
from ltvtui.sources.neighbours import best_match
from ltvtui.sources.overrides import Overrides
from ltvtui.sources.scoring import words
from ltvtui.sources.sqlite import Database, quote
from ltvtui.sources.wrapping import drafted, through

LEAST: Final = 20
"""Orders of the sample from which on customers without a second one are looked into."""
FEWER: Final = 0.98
"""Share of its rows that a column of persons may have in different values, at most: else it is another key."""
MORE: Final = 0.2
"""And at least: else it names a group that customers belong to."""


def with_persons(database: Database, best: Candidate, said: Overrides) -> Candidate | None:
    """The candidate by person, where no customer of its has two orders and persons of the customers' table do."""
    customer = best.table.column(best.finds["customer"].column)
    if said.customer is not None or said.customers is not None or customer is None:
        return None
    present = [value for value in customer.sample if value not in (None, "")]
    if len(present) < LEAST or len(set(present)) < len(present):
        return None
    match = best_match(database, best)
    if match is None:
        return None
    _, table, key, _ = match
    source = Source(table, quote(table.name), (table.name,))
    person = next((c for c in table.columns if c.name != key and _is_person(database, source, c)), None)
    if person is None or not is_unique(database, source, key):
        return None
    draft, finds = drafted(database, best)
    draft = draft.joined(source, key, draft.sql_of(finds["customer"].column), [person])
    name = draft.chosen[-1].column.name
    why = f"{customer.name} is made anew for each order"
    finds["customer"] = replace(finds["customer"], column=name, why=why, rivals=())
    said_so = f"{why}: customers are told by {person.name} of {table.name}."
    return through(database, best, draft.sql(), [one.column for one in draft.chosen], finds, said_so)


def _is_person(database: Database, source: Source, column: Column) -> bool:
    """Whether the column names people, of whom some have several rows."""
    mail = words(column.name)[-1:] in (("email",), ("mail",))
    if column.unique or not (mail or scoring.customer_score(column) > 0.9):
        return False
    sql = f"SELECT count({quote(column.name)}), count(DISTINCT {quote(column.name)}) FROM {source.sql}"  # noqa: S608
    counted = glance(database, sql)
    if not counted:
        return False
    rows, persons = counted[0]
    known = isinstance(rows, int) and isinstance(persons, int)
    return known and MORE * rows <= persons <= FEWER * rows  # type: ignore[operator]
