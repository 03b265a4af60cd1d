"""What would be asked of a database, before it is: the SELECTs over whole tables, and how much they read."""

from __future__ import annotations

from dataclasses import dataclass

from ltvtui.analytics.cleaning.clean import CleaningPolicy
from ltvtui.errors import LtvError
from ltvtui.session.find_mapping import understand
from ltvtui.session.open_dataset import id_rules_of
from ltvtui.session.open_request import OpenRequest
from ltvtui.session.reduced_dataset import reducing
from ltvtui.session.request_source import opened_source
from ltvtui.session.settings import policy_of
from ltvtui.sources.base import Database
from ltvtui.sources.explaining import FEW, Explaining, Statement
from ltvtui.sources.mapping import Mapping
from ltvtui.sources.read import read
from ltvtui.sources.reduction.reduce import reduce_shop
from ltvtui.sources.relation import Relation, single
from ltvtui.sources.sql import quote


@dataclass(frozen=True)
class ExplainedOpening:
    """What an opening of a shop would ask for."""

    name: str
    """What the source is called, without secrets."""
    engine: str | None
    """What reduces the orders where they lie; None where they are read."""
    rows: int | None
    """Of the table of orders, or of lines; None where it is not known without counting."""
    row_bytes: float | None
    """Bytes of the cells that are asked for, a row on average; None where there are no rows."""
    statements: tuple[Statement, ...]
    """In their order."""
    ended_by: LtvError | None
    """What the first rows were refused for; then there may be more statements than these."""

    @property
    def statement_bytes(self) -> int | None:
        """What a statement over the orders reads, before compression; None where it is not known."""
        return None if self.rows is None or self.row_bytes is None else round(self.rows * self.row_bytes)


def explain(request: OpenRequest) -> ExplainedOpening:
    """Look at the first rows as an opening would look at all, and tell what it asked.

    LtvError where the shop cannot be opened or understood.
    """
    saved = request.saved()
    policy = policy_of(request, saved)
    with opened_source(request) as source, source.open() as database, database.transaction():
        mapping, _ = understand(database, request, saved)
        there = reducing(database, mapping, request.compute)
        relation = single(database, mapping.lines or mapping.orders, "orders")
        others = [part.table for part in (mapping.customers, mapping.spend) if part is not None]
        asking = Explaining(
            database, (relation, *(single(database, name, "table") for name in others)), there is not None
        )
        ended_by = None
        try:
            _ask(asking, mapping, policy, there is not None)
        except LtvError as error:
            ended_by = error
        return ExplainedOpening(
            source.name,
            there.engine.name if there is not None else None,
            relation.rows,
            _row_bytes(database, relation, asking.asked),
            tuple(asking.asked),
            ended_by,
        )


def _ask(asking: Explaining, mapping: Mapping, policy: CleaningPolicy, is_reduced: bool) -> None:
    def begin(purpose: str, number: int, steps: int) -> None:
        asking.purpose = purpose

    if is_reduced:
        reduce_shop(asking, mapping, policy, begin)
    else:
        asking.purpose = "reading"
        read(asking, mapping, zone=policy.time_zone, ids=id_rules_of(policy))


def _row_bytes(database: Database, relation: Relation, asked: list[Statement]) -> float | None:
    """Mean size of the cells of a row that are named by any statement."""
    text = "\n".join(statement.sql for statement in asked)
    names = [c.name for t in relation.tables for c in t.columns if quote(c.name) in text]
    if not names:
        return None
    listed = ", ".join(map(quote, names))
    rows = database.query(f"SELECT {listed} FROM {relation.source} LIMIT {FEW}")  # noqa: S608 - quoted names
    sizes = [len(cell) if isinstance(cell, (str, bytes)) else 8 for row in rows for cell in row]
    return sum(sizes) / len(rows) if rows else None
