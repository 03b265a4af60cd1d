"""The rows of a shop in SQL: each cell as it lies there, then as it is understood."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from ltvtui.errors import LtvError
from ltvtui.sources.detection.returns import states
from ltvtui.sources.mapping import Mapping
from ltvtui.sources.read_plan import MONEY, ReadPlan
from ltvtui.sources.reduction import cells
from ltvtui.sources.reduction.cells import CellSql
from ltvtui.sources.reduction.chain import Chain
from ltvtui.sources.reduction.dialect import SqlDialect
from ltvtui.sources.reduction.engine import Reducing
from ltvtui.sources.reduction.kinds import CellKind
from ltvtui.sources.reduction.oddities import with_odd_values
from ltvtui.sources.relation import Relation
from ltvtui.sources.values.money import NUMBER

IDS: Final = ("customer_id", "order_id", "refund_of")
TEXTS: Final = ("status", "currency", "row_type", "cancelled")
"""Roles of few values, which are fetched once each and judged locally."""
RAW: Final = "lying"
"""Name of the step with the cells as they lie there."""


@dataclass(frozen=True)
class RowsSql:
    """Rows as a chain of SELECTs, whose last step has the cells as they are understood: customer, day, second, and
    as mapped order_id, refund_of, amount, margin, refunded, rate, status, currency, row_type, cancelled, a0 … of
    attributes, copy and same where orders have several rows, and place where rows have an order."""

    chain: Chain
    columns: tuple[str, ...]
    """Of the last step."""
    whole_ids: bool
    """Whether customer ids are numbers."""
    whole_orders: bool
    """Whether ids of orders are."""
    zoned: bool
    """Whether there is a column `east`, the seconds east of UTC that a moment is written with."""

    def has(self, column: str) -> bool:
        """Whether the last step has it."""
        return column in self.columns

    def then(self, name: str, changed: dict[str, str], more: dict[str, str] | None = None) -> RowsSql:
        """With a step more in which some columns are computed anew, and further ones added."""
        added = more or {}
        listed = [f"{changed[c]} AS {c}" if c in changed else c for c in self.columns]
        listed += [f"{sql} AS {c}" for c, sql in added.items()]
        step = f"SELECT {', '.join(listed)} FROM {self.chain.last}"
        return replace(self, chain=self.chain.then(name, step), columns=(*self.columns, *added))


def lying(
    database: Reducing, relation: Relation, plan: ReadPlan, mapping: Mapping
) -> tuple[Chain, dict[str, CellKind]]:
    """The first step, and what its columns hold; LtvError (exit code 1) where it needs what the engine lacks."""
    raw = {_raw(role): sql for role, sql in plan.expressions.items()}
    if not database.engine.calls_python and any(NUMBER in sql for sql in raw.values()):
        raise LtvError(
            f"{database.name} cannot calculate with amounts that are stored as text.",
            "Store them as numbers, or name a SELECT that casts them: --orders 'SELECT …'.",
        )
    if relation.rowid is not None:
        raw["place"] = relation.rowid
    kinds = database.kinds_of(_select(raw, relation))
    decimals = {name: database.engine.decimal(raw[name]) for name, kind in kinds.items() if kind is CellKind.DECIMAL}
    return Chain().then(RAW, _select(raw | decimals, relation)), kinds


def _select(cells: dict[str, str], relation: Relation) -> str:
    return f"SELECT {', '.join(f'{sql} AS {name}' for name, sql in cells.items())} FROM {relation.source}"


def with_prints(chain: Chain, engine: SqlDialect, relation: Relation, mapping: Mapping) -> Chain:
    """The first step with a fingerprint of the whole row, `copy`, and `same` without what tells the state it is in
    where any column does."""
    everything = relation.everything()
    of_state = states(relation, mapping)
    same = [sql for place, sql in enumerate(everything) if place not in of_state]
    more = f", {engine.row_hash(everything)} AS copy"
    if len(same) < len(everything):
        more += f", {engine.row_hash(same)} AS same" if same else ", 0 AS same"
    first = chain.sql_of(RAW)
    head, _, tail = first.rpartition(f" FROM {relation.source}")
    return Chain().then(RAW, f"{head}{more} FROM {relation.source}{tail}")


def understood(
    database: Reducing, chain: Chain, kinds: dict[str, CellKind], plan: ReadPlan, mapping: Mapping, zoned: bool
) -> RowsSql:
    """The second step. LtvError (exit code 1) where cells are written in a way that SQL does not read."""
    engine = database.engine
    found: dict[str, str] = {}
    whole = {}

    def value_sql(cell: CellSql | None, role: str) -> tuple[str, ...]:
        if cell is None:
            raise _unread(role, getattr(mapping, role), kinds[_raw(role)])
        return with_odd_values(database, chain, cell)

    for role in IDS:
        if _raw(role) in kinds:
            cell = cells.identifier(engine, role.replace("_", " "), _raw(role), kinds[_raw(role)])
            found["customer" if role == "customer_id" else role] = value_sql(cell, role)[0]
            whole[role] = cell.numeric
    date = cells.moment(engine, _raw("date"), kinds[_raw("date")], plan.formats)
    day, second, east = value_sql(date, "date")
    found |= {"day_no": day, "second_no": second} | ({"east": east} if zoned else {})
    for role in MONEY:
        if _raw(role) in kinds:
            cell_of = cells.money(engine, role, _raw(role), kinds[_raw(role)], plan.commas[role])
            found[role] = value_sql(cell_of, role)[0]
    if "cost" in found:
        cost = found.pop("cost")
        if "margin" not in found:
            found["margin"] = f"({found['amount']}) - ({cost})"
    if _raw("rate") in kinds:
        found["rate"] = value_sql(cells.rate(engine, _raw("rate"), kinds[_raw("rate")], plan.commas["rate"]), "rate")[
            0
        ]
    for role in TEXTS:
        if _raw(role) in kinds:
            found[role] = engine.text(_raw(role))
    for place, _ in enumerate(mapping.attributes):
        found[f"a{place}"] = engine.text(_raw(f"attribute_{place}"))
    found |= {name: name for name in ("place", "copy", "same") if f" AS {name}" in chain.sql_of(RAW)}
    return _in_one_type(engine, database, chain, found, whole, zoned)


def _in_one_type(
    engine: SqlDialect,
    database: Reducing,
    chain: Chain,
    found: dict[str, str],
    whole: dict[str, bool],
    zoned: bool,
) -> RowsSql:
    """Ids as numbers where each is one as one writes it (values/whole_numbers.py), else as text."""
    texts = [role for role in whole if not whole[role]]
    names = {role: "customer" if role == "customer_id" else role for role in whole}
    if texts:
        id_columns = ", ".join(f"{found[names[role]]} AS {role}" for role in texts)
        parts = ", ".join(
            f"SUM(CASE WHEN {role} IS NULL OR {engine.text(engine.whole_or_null(role))} = {role} THEN 0 ELSE 1 END)"
            f" AS {role}"
            for role in texts
        )
        counted = database.frame(chain.select(f"SELECT {parts} FROM (SELECT {id_columns} FROM {chain.last}) AS ids"))
        for role in texts:
            whole[role] = not int(counted[role][0] or 0)
    alike = {"customer_id": whole["customer_id"]}
    alike |= dict.fromkeys(whole.keys() - {"customer_id"}, all(whole[r] for r in whole if r != "customer_id"))
    for role, is_whole in alike.items():
        sql = found[names[role]]
        if is_whole and role in texts:
            found[names[role]] = engine.whole_or_null(sql)
        elif not is_whole and role not in texts:
            found[names[role]] = engine.text(sql)
    listed = ", ".join(f"{sql} AS {name}" for name, sql in found.items())
    step = chain.then("understood", f"SELECT {listed} FROM {chain.last}")
    return RowsSql(step, tuple(found), alike["customer_id"], alike.get("order_id", False), zoned)


def _raw(role: str) -> str:
    return f"raw_{role}"


def _unread(role: str, column: str, kind: CellKind) -> LtvError:
    return LtvError(
        f"Orders are not reduced where they lie: the {role} {column} is {kind.value}, or written in a way that needs "
        "all rows to be read.",
        "Name a view that has it as a day, a moment or a number, or use --compute here.",
    )
