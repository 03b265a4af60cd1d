"""From a database and a mapping to the frames of schema.py: rows, people, spend."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import polars as pl

from ltvtui.analytics import schema
from ltvtui.errors import LtvError
from ltvtui.sources import cells
from ltvtui.sources.cards import read_people, read_spend
from ltvtui.sources.dates import FORMATS, decode, guess_formats
from ltvtui.sources.mapping import Mapping
from ltvtui.sources.relation import Relation, joined, single
from ltvtui.sources.scan import Cancelled, Progress, scan
from ltvtui.sources.sqlite import Database, Value

__all__ = ["Cancelled", "Shop", "order_relation", "preview", "read"]

_IDS: Final = ("customer_id", "order_id", "refund_of")
_TEXTS: Final = ("status", "currency")
_MONEY: Final = ("amount", "margin", "cost")


@dataclass(frozen=True, eq=False)
class Shop:
    """What one reading of a shop gave."""

    rows: pl.DataFrame
    """One row per row of the shop's table, in its own order: schema.ROW_REQUIRED, those of ROW_OPTIONAL that
    are mapped, then the order attributes (String)."""
    people: pl.DataFrame | None
    """schema.PEOPLE_REQUIRED, PEOPLE_OPTIONAL as mapped, then the customer attributes (String)."""
    spend: pl.DataFrame | None
    """schema.SPEND, summed by day and channel."""
    notices: tuple[str, ...]
    """One sentence each: what the user should know about the reading."""


def order_relation(database: Database, mapping: Mapping) -> Relation:
    """The source of order rows. LtvError (exit code 2) when a table or column does not exist."""
    if mapping.lines is None:
        return single(database, mapping.orders, "orders")
    if mapping.order_id is None:
        raise LtvError(
            "Order lines are mapped, but no order id to join them by.",
            "Name the column with the order id: --order-id COLUMN",
            2,
        )
    return joined(database, mapping.orders, mapping.order_id, mapping.lines, mapping.lines_order_id)


def read(
    database: Database,
    mapping: Mapping,
    *,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Shop:
    """Everything the mapping names, decoded and typed; nothing is dropped, unreadable values are null.

    LtvError: exit code 2 when the mapping does not fit the database, 1 when the database cannot be read.
    Cancelled: `cancelled` returned True between two chunks.
    """
    check_names(mapping)
    relation = order_relation(database, mapping)
    plan = _Plan(relation, mapping, _has_repeats(relation, mapping))
    rows = scan(relation, plan.columns, plan.numbers, plan.understand, progress, cancelled)
    if mapping.order_id is not None and not plan.copies and _may_repeat(relation, mapping):
        ids = rows["order_id"].drop_nulls()
        if ids.n_unique() < ids.len():
            prints = scan(relation, *_everything(relation), cancelled=cancelled)
            if prints.height != rows.height:
                raise _changed(database)
            rows = rows.insert_column(_copy_place(rows, mapping), prints["copy"])
    notices = list(database.notices)
    people = read_people(database, mapping.customers, notices) if mapping.customers else None
    spend = read_spend(database, mapping.spend, notices) if mapping.spend else None
    if database.changed_under_us():
        raise _changed(database)
    return Shop(rows, people, spend, tuple(notices))


def check_names(mapping: Mapping) -> None:
    """LtvError (exit code 2) where an attribute's name is taken, or a date format unknown."""
    owners = [("orders", mapping.attributes)]
    if mapping.customers is not None:
        owners.append(("customers", mapping.customers.attributes))
    seen: set[str] = set()
    for owner, attributes in owners:
        for attribute in attributes:
            if attribute.name in schema.RESERVED or attribute.name in seen:
                raise LtvError(
                    f"The name {attribute.name!r} of an attribute of the {owner} is taken.",
                    f"Give column {attribute.column} another name in the mapping.",
                    2,
                )
            seen.add(attribute.name)
    for name in mapping.date_formats:
        if name not in FORMATS:
            raise LtvError(f"There is no date format {name!r}.", f"There are: {', '.join(FORMATS)}", 2)


class _Plan:
    """Which cells are asked for, and how a chunk of them is understood."""

    def __init__(self, relation: Relation, mapping: Mapping, copies: bool) -> None:
        self.copies = copies
        self.columns: dict[str, str] = {}
        self.mapping = mapping
        self._comma: dict[str, bool] = {}
        wanted = {
            "customer_id": mapping.customer,
            "date": mapping.date,
            "order_id": mapping.order_id,
            "status": mapping.status,
            "currency": mapping.currency,
            "rate": mapping.rate,
            "refund_of": mapping.refund_of,
        }
        for name, column in wanted.items():
            if column is not None:
                words = name.replace("_", " ")
                self.columns[name] = cells.text_sql(relation.expression(column, words))
        for name in _MONEY:
            column = getattr(mapping, name)
            if column is not None:
                sql = relation.expression(column, name)
                self.columns[name] = cells.money_sql(sql)
                self.columns[name + "_text"] = cells.money_text_sql(sql)
                self._comma[name] = cells.uses_decimal_comma(_look(relation, sql))
        for place, attribute in enumerate(mapping.attributes):
            sql = relation.expression(attribute.column, f"attribute {attribute.name}")
            self.columns[f"attribute_{place}"] = cells.text_sql(sql)
        self.formats = mapping.date_formats or _formats(relation, mapping)
        if copies:
            for place, sql in enumerate(relation.everything()):
                self.columns[f"all_{place}"] = cells.text_sql(sql)
        self.numbers = frozenset(name for name in _MONEY if name in self.columns)

    def understand(self, raw: pl.DataFrame) -> pl.DataFrame:
        """A chunk as asked for, as rows of the schema."""
        when = decode(cells.text(raw["date"]), self.formats)
        found = {
            "customer_id": cells.identifier(raw["customer_id"]),
            "day": when["day"],
            "second": when["second"],
        }
        money = {name: cells.money(raw[name], raw[name + "_text"], comma) for name, comma in self._comma.items()}
        found["amount"] = money["amount"]
        for name in (*_IDS, *_TEXTS):
            if name in raw.columns and name not in found:
                found[name] = (cells.identifier if name in _IDS else cells.text)(raw[name])
        if "rate" in raw.columns:
            found["rate"] = cells.text(raw["rate"]).cast(pl.Float64, strict=False)
        if "margin" in money:
            found["margin"] = money["margin"]
        elif "cost" in money:
            found["margin"] = money["amount"] - money["cost"]
        if self.copies:
            found["copy"] = _fingerprints(raw)
        for place, attribute in enumerate(self.mapping.attributes):
            found[attribute.name] = cells.text(raw[f"attribute_{place}"])
        return pl.DataFrame([series.alias(name) for name, series in found.items()])


def _everything(
    relation: Relation,
) -> tuple[dict[str, str], frozenset[str], Callable[[pl.DataFrame], pl.DataFrame]]:
    columns = {f"all_{place}": cells.text_sql(sql) for place, sql in enumerate(relation.everything())}
    return columns, frozenset(), lambda raw: _fingerprints(raw).to_frame("copy")


def _fingerprints(raw: pl.DataFrame) -> pl.Series:
    return raw.select(name for name in raw.columns if name.startswith("all_")).hash_rows(seed=1)


def _copy_place(rows: pl.DataFrame, mapping: Mapping) -> int:
    return rows.width - len(mapping.attributes)


def _may_repeat(relation: Relation, mapping: Mapping) -> bool:
    """Whether an order id can stand in two rows: always, unless the table itself forbids it."""
    if len(relation.tables) > 1:
        return True
    column = relation.tables[0].column(mapping.order_id or "")
    return column is None or not column.unique


def _has_repeats(relation: Relation, mapping: Mapping) -> bool:
    """Whether the sample already shows repeated order ids: then fingerprints come in the first pass."""
    if mapping.order_id is None:
        return False
    if len(relation.tables) > 1:
        return True
    column = relation.tables[0].column(mapping.order_id)
    if column is None or column.unique:
        return False
    present = [value for value in column.sample if value is not None]
    return len(set(present)) < len(present)


def _look(relation: Relation, sql: str) -> list[Value]:
    """A few hundred values of an expression, from the head of the source and from its middle."""
    found = relation.database.query(f"SELECT {sql} FROM {relation.source} LIMIT 500")  # noqa: S608
    if relation.rowid is not None:
        middle = sum(relation.span) // 2
        found += relation.database.query(
            f"SELECT {sql} FROM {relation.source} WHERE {relation.rowid} >= ? LIMIT 500",  # noqa: S608
            (middle,),
        )
    return [value for (value,) in found]


def _formats(relation: Relation, mapping: Mapping) -> tuple[str, ...]:
    values = _look(relation, relation.expression(mapping.date, "date"))
    guess = guess_formats([None if v is None else str(v) for v in values])
    if guess.ambiguous:
        raise LtvError(
            f"The dates in {mapping.date} can be month first or day first: no value decides.",
            "Say which: --date-format mdy (or dmy)",
            2,
        )
    return guess.formats


def _changed(database: Database) -> LtvError:
    return LtvError(
        f"{database.path.name} was written to while it was being read.",
        "Read it again; if that does not help, read a copy of the file.",
    )


def preview(database: Database, mapping: Mapping, limit: int = 10) -> pl.DataFrame:
    """The first rows, raw and as understood: String columns order_id, customer, date and amount (as mapped),
    each followed by "… read". Null where the raw value is null, or could not be understood.

    LtvError (exit code 2) when the mapping does not fit the database.
    """
    check_names(mapping)
    relation = order_relation(database, mapping)
    plan = _Plan(relation, mapping, False)
    shown = {"customer": mapping.customer, "date": mapping.date, "amount": mapping.amount}
    if mapping.order_id is not None:
        shown = {"order_id": mapping.order_id, **shown}
    raw_sql = [f"COALESCE(CAST({relation.expression(column, name)} AS TEXT), NULL)" for name, column in shown.items()]
    listed = ", ".join([*raw_sql, *plan.columns.values()])
    rows = database.query(f"SELECT {listed} FROM {relation.source} LIMIT ?", (limit,))  # noqa: S608
    width = len(raw_sql)
    asked = pl.DataFrame(
        [
            pl.Series(name, [row[width + i] for row in rows], pl.Int64 if name in plan.numbers else pl.Binary)
            for i, name in enumerate(plan.columns)
        ]
    )
    known = plan.understand(asked)
    stamp = ((pl.col("day").cast(pl.Int64) * 86_400 + pl.col("second")) * 1000).cast(pl.Datetime("ms"))
    read_as = {
        "order_id": pl.col("order_id") if mapping.order_id is not None else pl.lit(None),
        "customer": pl.col("customer_id"),
        "date": stamp.dt.strftime("%Y-%m-%d %H:%M:%S"),
        "amount": (pl.col("amount") / schema.MONEY_SCALE).round(4).cast(pl.String),
    }
    parts: list[pl.Series] = []
    for i, name in enumerate(shown):
        parts.append(pl.Series(name, [row[i] for row in rows], pl.String))
        parts.append(known.select(read_as[name].alias(f"{name} read")).to_series())
    return pl.DataFrame(parts)
