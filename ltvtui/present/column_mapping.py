"""How the columns of a shop were understood, as a table."""

from __future__ import annotations

import re
from typing import Final

import polars as pl

from ltvtui.present.numbers import percent
from ltvtui.present.tables import Column
from ltvtui.sources.detection.proposal import Proposal
from ltvtui.sources.mapping import Mapping

COLUMNS: Final = (
    Column("role", "role"),
    Column("column", "source", widest=60),
    Column("sure", "confidence"),
    Column("why", "why", widest=100),
)

_SCORED: Final = re.compile(r"(?:^|; )(\w+) [^;]*? \([01]\.\d\d\)")
"""A role with its column and its score, as one of the grounds for a table."""
_PLAIN: Final = ("orders", "lines", "order_id", "customer", "date", "amount", "decimal", "status", "currency", "rate",
                 "margin", "cost", "refund_of", "refunded", "cancelled", "row_type", "updated_at")  # fmt: skip


def understood(mapping: Mapping, proposal: Proposal | None) -> pl.DataFrame:
    """role, column, sure, why (String): what plays each role, with the grounds where it was guessed."""
    grounds = {g.role: (percent(g.score, 0), _plainly(g.why)) for g in proposal.guesses} if proposal else {}
    saved = ("", "as saved or given") if proposal is None else ("", "detected with the table")
    rows = [(role.replace("_", " "), str(column), *grounds.get(role, saved)) for role, column in roles(mapping)]
    return pl.DataFrame(rows, schema=dict.fromkeys(("role", "column", "sure", "why"), pl.String), orient="row")


def _plainly(why: str) -> str:
    """`why` without the columns and scores of a table's roles, which have rows of their own."""
    parts = _SCORED.findall(why)
    return f"has columns for {', '.join(parts)}" if parts else why


def roles(mapping: Mapping) -> list[tuple[str, str]]:
    """(role, what plays it) of all roles that are played."""
    rows: list[tuple[str, str]] = [(r, str(getattr(mapping, r))) for r in _PLAIN if getattr(mapping, r)]
    rows.append(("date_formats", ", ".join(mapping.date_formats)))
    rows += [("attribute", f"{a.name}: {a.column}") for a in mapping.attributes]
    if (people := mapping.customers) is not None:
        rows.append(("customers", f"{people.table}, by {people.key}"))
        shown = {"name": people.name, "email": people.email, "birth date": people.birth_date}
        rows += [(role, column) for role, column in shown.items() if column]
        rows += [("attribute", f"{a.name}: {people.table}.{a.column}") for a in people.attributes]
    if (spend := mapping.spend) is not None:
        channel = f" by {spend.channel}" if spend.channel else ""
        amounts = spend.amount or ", ".join(c.column for c in spend.columns)
        rows.append(("spend", f"{spend.table}: {amounts}{channel}, {spend.date}"))
    return rows
