"""From a database and a mapping to the frames of schema.py: rows, people, spend."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

import polars as pl

from ltvtui.analytics import schema
from ltvtui.analytics.facts import Facts
from ltvtui.errors import LtvError
from ltvtui.sources.base import Database, Progress, TooSlow
from ltvtui.sources.customers_table import read_people
from ltvtui.sources.detection.returns import is_yes
from ltvtui.sources.facts import facts_of
from ltvtui.sources.mapping import Mapping
from ltvtui.sources.relation import Relation, rows_of
from ltvtui.sources.row_prints import RowPrints
from ltvtui.sources.scan import Asked, endless, first_rows, scan
from ltvtui.sources.spend.table import read_spend
from ltvtui.sources.sql import Value
from ltvtui.sources.values import decoding
from ltvtui.sources.values.amounts import check_decimal, decimal_comma, marks_in, rate_comma
from ltvtui.sources.values.cut_text import refuse_cut_text
from ltvtui.sources.values.dates import FORMATS, guess_formats, is_placeholder
from ltvtui.sources.values.decoding import Cell
from ltvtui.sources.values.operands import numeric_expression, reckonable
from ltvtui.sources.values.placeholders import USUAL, IdRules, clear_placeholders
from ltvtui.sources.values.zones import DAYS_ONLY, OFFSET, has_only_days, in_zone

WAITS_FROM: Final = 1_000_000
"""Rows from which on what only describes is read when the first figures stand."""
SAMPLE_SECONDS: Final = 60.0
"""Longest time that is waited for some rows, whatever they are made of."""
_IDS: Final = ("customer_id", "order_id", "refund_of")
_TEXTS: Final[tuple[str, ...]] = ("status", "currency", "row_type")
_MONEY: Final = ("amount", "margin", "cost", "refunded")
_ROLES: Final = ("customer_id", "date", "order_id", *_TEXTS, "rate", "refund_of", "cancelled", *_MONEY)
_COLUMNS: Final = (
    *(*schema.ROW_REQUIRED, OFFSET, "order_id", *_TEXTS),
    *("rate", "margin", "refund_of", "refunded", "undone"),
)
"""Of rows, in their order; then the fingerprint and the attributes."""
_ARITHMETIC: Final = re.compile(r'(?:[\w.]+|"[^"]*"|\s|[-+*/])+')
"""Expressions that can only be about the row itself: no function, no other table, no clock."""


@dataclass(frozen=True, eq=False)
class Shop:
    """What one reading of a shop gave."""

    rows: pl.DataFrame
    """One row per row of the shop's table, in its own order: schema.ROW_REQUIRED, those of ROW_OPTIONAL that
    are mapped, then the order attributes (Categorical)."""
    people: pl.DataFrame | None
    """schema.PEOPLE_REQUIRED, PEOPLE_OPTIONAL as mapped, then the customer attributes (String)."""
    spend: pl.DataFrame | None
    """schema.SPEND, summed by day and channel."""
    notices: tuple[str, ...]
    """One sentence each: what the user should know about the reading."""
    extent: ReadCheckpoint | None = None
    """How to read on where the shop has grown; None where only the whole can be read again."""
    facts: Facts = field(default_factory=Facts)
    """What stands around the rows."""


@dataclass(frozen=True)
class ReadCheckpoint:
    """What was read of a table that is read by row id, so that what came later can be told and added."""

    root: int
    """What stands for the table as long as it is not replaced (Catalog.table_id)."""
    pieces: tuple[tuple[int, int], ...]
    """Last row id and number of rows of each range, rising and without gaps."""
    manner: tuple[str, ...]
    """How cells were understood: read on in any other way, the rows would not fit together."""


@dataclass(frozen=True, eq=False)
class Reading:
    """What was read of a shop, to read on from there."""

    rows: Callable[[int, int], pl.DataFrame]
    """Of the rows as they were read so many from one on: (start, count)."""
    height: int
    """How many there are."""
    people: pl.DataFrame | None
    """Shop.people, where it is known."""
    extent: ReadCheckpoint | None
    """Where in the table they stand; None where only the whole can be read again."""

    @classmethod
    def of(cls, shop: Shop) -> Reading:
        """What `shop` holds."""
        # Copies are told from lines by the whole row: what comes later cannot be judged on its own.
        extent = None if "copy" in shop.rows.columns else shop.extent
        return cls(shop.rows.slice, shop.rows.height, shop.people, extent)


def order_relation(database: Database, mapping: Mapping) -> Relation:
    """The source of order rows. LtvError (exit code 2) when a table or column does not exist."""
    return rows_of(database, mapping.orders, mapping.order_id, mapping.lines, mapping.lines_order_id)


def read(
    database: Database,
    mapping: Mapping,
    *,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    typed: bool = True,
    zone: str | None = None,
    ids: IdRules = USUAL,
) -> Shop:
    """Everything the mapping names, decoded and typed; nothing is dropped, unreadable values are null.

    Null is also what stands for none, as `ids` allow. Orders are of the day that it was in `zone` (an IANA name);
    None: on the shop's own clock. Without `typed`
    every cell is asked for on its own: slower, and the same answer.
    LtvError: exit code 2 when the mapping does not fit the database, 1 when the database cannot be read.
    Cancelled: `cancelled` returned True between two chunks.
    """
    with database.transaction():
        return _read(database, mapping, progress, cancelled, typed, zone, ids)


def _read(
    database: Database,
    mapping: Mapping,
    progress: Progress | None,
    cancelled: Callable[[], bool] | None,
    typed: bool,
    zone: str | None,
    ids: IdRules,
) -> Shop:
    check_names(mapping)
    relation = order_relation(database, mapping)
    plan = ReadPlan(relation, mapping, _has_repeats(relation, mapping), zone=zone)
    scanned = scan(relation, plan.sure, plan.typed if typed else None, progress, cancelled)
    notices = list(database.notices)
    rows, cleared = clear_placeholders(whole_numbers(scanned.frame), ids, notices)
    rows = in_its_zone(rows, zone, notices)
    if mapping.order_id is not None and not plan.copies and may_repeat(relation, mapping):
        orders = rows["order_id"].drop_nulls()
        if orders.n_unique() < orders.len():
            prints = scan(relation, _everything(relation, mapping), cancelled=cancelled).frame
            for series in prints.get_columns():
                rows = rows.insert_column(_copy_place(rows, mapping), series)
    if scanned.mixed:
        notices.append(f"Rows read cell by cell because their columns have mixed types: {scanned.mixed}.")
    people = read_people(database, mapping.customers, notices) if mapping.customers else None
    spend = read_spend(database, mapping.spend, notices) if mapping.spend else None
    # later rows may bring a time of day, and guests are recognised by all rows
    lasting = not scanned.mixed and DAYS_ONLY not in notices and not cleared
    extent = extent_of(relation, mapping, plan, scanned.pieces) if lasting else None
    return Shop(rows, people, spend, tuple(notices), extent, facts_of(relation, mapping))


def read_first(
    database: Database,
    mapping: Mapping,
    *,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    zone: str | None = None,
    ids: IdRules = USUAL,
) -> Shop | None:
    """Of a large shop what figures are made of, without what only describes: order ids, attributes, people.

    To be asked within a transaction. None where there is nothing to gain. `read_rest` adds what is missing; LtvError
    and Cancelled as from `read`.
    """
    check_names(mapping)
    relation = order_relation(database, mapping)
    if not _can_wait(relation, mapping):
        return None
    spare = replace(mapping, order_id=None, attributes=(), customers=None, spend=None)
    plan = ReadPlan(relation, spare, False, zone=zone)
    scanned = scan(relation, plan.sure, plan.typed, progress, cancelled)
    notices = list(database.notices)
    rows, cleared = clear_placeholders(whole_numbers(scanned.frame), ids, notices)
    rows = in_its_zone(rows, zone, notices)
    lasting = not scanned.mixed and DAYS_ONLY not in notices and not cleared
    whole = ReadPlan(relation, mapping, False, zone=zone)
    extent = extent_of(relation, mapping, whole, scanned.pieces) if lasting else None
    return Shop(rows, None, None, tuple(notices), extent, facts_of(relation, mapping))


def read_rest(
    database: Database, mapping: Mapping, first: Shop, *, cancelled: Callable[[], bool] | None = None
) -> Shop:
    """What `read` gives, from what `read_first` gave in the same transaction."""
    relation = order_relation(database, mapping)
    plan = ReadPlan(relation, mapping, False, ("order_id",))
    scanned = scan(relation, plan.sure, plan.typed, None, cancelled, threads=1)  # keys want the other core by now
    both = pl.concat([first.rows, whole_numbers(scanned.frame)], how="horizontal")
    attributes = [attribute.name for attribute in mapping.attributes]
    rows = both.select(*(name for name in _COLUMNS if name in both.columns), *attributes)
    notices = list(first.notices)
    people = read_people(database, mapping.customers, notices) if mapping.customers else None
    spend = read_spend(database, mapping.spend, notices) if mapping.spend else None
    return Shop(rows, people, spend, tuple(notices), None if scanned.mixed else first.extent, first.facts)


def _can_wait(relation: Relation, mapping: Mapping) -> bool:
    """Whether figures can be made without order ids: no row repeats one, and no refund refers to one."""
    large = (relation.rows or 0) >= WAITS_FROM and relation.rowid is not None and len(relation.tables) == 1
    unique = mapping.order_id is None or not may_repeat(relation, mapping)
    more = mapping.order_id is not None or mapping.attributes or mapping.customers
    return bool(large and unique and more and mapping.refund_of is None)


def extent_of(
    relation: Relation, mapping: Mapping, plan: ReadPlan, pieces: tuple[tuple[int, int], ...]
) -> ReadCheckpoint | None:
    """The extent of what was read in `pieces`; None unless every row can be judged on its own."""
    table = relation.tables[0]
    roles = ("customer", "date", "order_id", "rate", "refund_of", "cancelled", *_TEXTS, *_MONEY)
    wanted = [*(getattr(mapping, role) for role in roles), *(a.column for a in mapping.attributes)]
    plain = all(column is None or table.column(column) or _ARITHMETIC.fullmatch(column) for column in wanted)
    if relation.rowid is None or len(relation.tables) > 1 or plan.copies or not plain or not pieces:
        return None
    found = relation.database.catalog.table_id(table.name)
    return None if found is None else ReadCheckpoint(found, pieces, plan.manner)


def check_names(mapping: Mapping) -> None:
    """LtvError (exit code 2) where an attribute's name is taken, or a date format or a decimal mark unknown."""
    check_decimal(mapping.decimal)
    owners = [("orders", mapping.attributes)]
    if mapping.customers is not None:
        owners.append(("customers", mapping.customers.attributes))
    seen: set[str] = set()
    for owner, attributes in owners:
        for attribute in attributes:
            if attribute.name in schema.RESERVED or attribute.name in seen:
                raise LtvError(
                    f"The attribute name {attribute.name!r} of the {owner} is already used.",
                    f"Give column {attribute.column} another name in the mapping.",
                    2,
                )
            seen.add(attribute.name)
    for name in mapping.date_formats:
        if name not in FORMATS:
            raise LtvError(f"Unknown date format: {name!r}.", f"Choose from: {', '.join(FORMATS)}", 2)


class ReadPlan:
    """Which cells are asked for, and how a chunk of them is understood."""

    def __init__(
        self,
        relation: Relation,
        mapping: Mapping,
        copies: bool,
        roles: tuple[str, ...] = _ROLES,
        zone: str | None = None,
    ) -> None:
        self.copies = copies
        self._dialect = relation.database.dialect
        self._zoned = zone is not None
        self.mapping = mapping
        wanted = {role: getattr(mapping, "customer" if role == "customer_id" else role) for role in roles}
        sql = {}
        for name, column in wanted.items():
            if column is not None:
                if name in (*_MONEY, "rate"):
                    sql[name] = numeric_expression(relation, column, name, mapping.decimal)
                else:
                    sql[name] = relation.expression(column, name.replace("_", " "))
        money = [str(wanted[name]) for name in (*_MONEY, "rate") if name in sql]
        refuse_cut_text(relation, mapping.orders, money)
        for name in (*_MONEY, "rate"):
            if name in sql:
                written = str(wanted[name])
                sql[name] = reckonable(relation, written, sql[name], name, mapping.decimal)
        categories: dict[str, str] = {name: sql.pop(name) for name in _TEXTS if name in sql}
        for place, attribute in enumerate(mapping.attributes):
            categories[f"attribute_{place}"] = relation.expression(attribute.column, f"attribute {attribute.name}")
        samples = _samples(relation, sql)
        self.formats = mapping.date_formats or (_formats(mapping, samples["date"]) if "date" in sql else ())
        marks = {name: marks_in(relation, sql[name], samples[name]) for name in (*_MONEY, "rate") if name in sql}
        self._commas: dict[str, bool | None] = {
            name: decimal_comma(of_it, str(wanted[name]), mapping.decimal, marks.values())
            for name, of_it in marks.items()
            if name != "rate"
        }
        if "rate" in marks:
            self._commas["rate"] = rate_comma(marks["rate"], mapping.decimal)
        self.cells = [self._cell(name, expression, samples[name]) for name, expression in sql.items()]
        if categories:
            self.cells.append(decoding.category_cells(self._dialect, categories))
        commas = (f"{name} {comma}" for name, comma in self._commas.items())
        self.manner = (*self.formats, *commas, *([f"in {zone}"] if zone else []))
        self._prints = RowPrints(relation, mapping) if copies else None
        self._whole = self._prints.columns if self._prints is not None else {}

    def _cell(self, name: str, expression: str, sample: list[Value]) -> Cell:
        if name == "date":
            return decoding.moment_cell(self._dialect, expression, sample, self.formats, self._zoned)
        if name in _IDS:
            return decoding.identifier_cell(self._dialect, name, expression, sample)
        if name in _MONEY:
            return decoding.money_cell(self._dialect, name, expression, sample, self._commas[name])
        if name == "rate":
            return decoding.number_cell(self._dialect, name, expression, self._commas[name])
        return decoding.text_cell(self._dialect, name, expression)

    @property
    def sure(self) -> Asked:
        """Cell by cell, right for anything."""
        columns = {name: sql for cell in self.cells for name, sql in cell.sure_sql.items()} | self._whole
        numbers = frozenset(name for cell in self.cells for name in cell.numbers)
        return Asked(columns, numbers, lambda raw: self._row(raw, [cell.sure(raw) for cell in self.cells]))

    @property
    def typed(self) -> Asked:
        """Column by column, for chunks that hold one type in each."""
        columns = {name: sql for cell in self.cells for name, sql in cell.typed_sql.items()}
        columns |= {name: self._dialect.as_text(sql) for name, sql in self._whole.items()}

        def understand(raw: pl.DataFrame) -> pl.DataFrame | None:
            found = []
            for cell in self.cells:
                understood = cell.typed(raw)
                if understood is None:
                    return None
                found.append(understood)
            return self._row(raw, found)

        return Asked(columns, frozenset(), understand)

    def _row(self, raw: pl.DataFrame, understood: list[list[pl.Series]]) -> pl.DataFrame:
        """Understood cells as rows of the schema."""
        found = {series.name: series for one in understood for series in one}
        if "cancelled" in found:
            found["undone"] = is_yes(found["cancelled"])
        if "cost" in found and "margin" not in found:
            found["margin"] = found["amount"] - found["cost"]
        names = [name for name in _COLUMNS if name in found]
        if self._prints is not None:
            prints = self._prints.of(raw)
            found |= {series.name: series for series in prints}
            names += [series.name for series in prints]
        attributes = {f"attribute_{i}": attribute.name for i, attribute in enumerate(self.mapping.attributes)}
        return pl.DataFrame(
            [
                *(found[name].alias(name) for name in names),
                *(found[place].alias(name) for place, name in attributes.items()),
            ]
        )


def _everything(relation: Relation, mapping: Mapping) -> Asked:
    prints = RowPrints(relation, mapping)
    return Asked(prints.columns, frozenset(), lambda raw: pl.DataFrame(prints.of(raw)))


def whole_numbers(rows: pl.DataFrame) -> pl.DataFrame:
    """Ids as Int32 or Int64 where each is a whole number as one writes it: narrower, and quick to compare.

    Decided by the values alone, not by how the shop declares them, so that 17 and "17" stay one customer.
    """
    for group in (("customer_id",), ("order_id", "refund_of")):
        names = [name for name in group if name in rows.columns]
        numbers = [_numbers(rows[name]) for name in names]
        found = [series for series in numbers if series is not None]
        if len(found) == len(names):
            rows = rows.with_columns(found)
        else:
            rows = rows.with_columns(pl.col(names).cast(pl.String))
    return rows


def in_its_zone(rows: pl.DataFrame, zone: str | None, notices: list[str]) -> pl.DataFrame:
    """Rows of a whole shop on the clocks of `zone`; `notices` get one where there is no time of day to move."""
    if zone is None:
        return rows
    if has_only_days(rows):
        notices.append(DAYS_ONLY)
        return rows.drop(OFFSET)
    return in_zone(rows, zone)


def _numbers(ids: pl.Series) -> pl.Series | None:
    if ids.dtype.is_integer():
        return ids
    for few in (ids.head(1000), ids):
        numbers = few.cast(pl.Int64, strict=False)
        if numbers.null_count() > few.null_count() or not bool((numbers.cast(pl.String) == few).all()):
            return None
    return decoding.narrow(numbers)


def _copy_place(rows: pl.DataFrame, mapping: Mapping) -> int:
    return rows.width - len(mapping.attributes)


def may_repeat(relation: Relation, mapping: Mapping) -> bool:
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


def _samples(relation: Relation, sql: dict[str, str]) -> dict[str, list[Value]]:
    """A few hundred values of each expression, from the head of the source and from its middle."""
    listed, database = ", ".join(sql.values()), relation.database
    if not sql:
        return {}
    try:
        found = database.query(f"SELECT {listed} FROM {relation.source} LIMIT 500", seconds=SAMPLE_SECONDS)  # noqa: S608
        if relation.rowid is not None:
            middle = sum(relation.span) // 2
            found += database.query(
                f"SELECT {listed} FROM {relation.source} WHERE {relation.rowid} >= ? LIMIT 500",  # noqa: S608
                (middle,),
                seconds=SAMPLE_SECONDS,
            )
    except TooSlow as error:
        raise endless(relation, f"gave fewer than 500 rows in {SAMPLE_SECONDS:g} s") from error
    return {name: [row[place] for row in found] for place, name in enumerate(sql)}


def _formats(mapping: Mapping, sample: list[Value]) -> tuple[str, ...]:
    written = [None if v is None or isinstance(v, bytes) else str(v) for v in sample]
    guess = guess_formats(written)
    strange = next((text for text in written if text is not None and not is_placeholder(text)), None)
    if not guess.formats and strange is not None:
        raise LtvError(
            f"The dates in {mapping.date} cannot be read, such as {strange.strip()!r}.",
            "Name another column with --date, or write dates as 2024-01-31.",
        )
    if guess.ambiguous:
        raise LtvError(
            f"The dates in {mapping.date} can be month first or day first: no value decides.",
            "Choose one: --date-format mdy (or dmy)",
            2,
        )
    return guess.formats


def preview(database: Database, mapping: Mapping, limit: int = 10) -> pl.DataFrame:
    """The first rows, raw and as understood: String columns order_id, customer, date and amount (as mapped),
    each followed by "… read". Null where the raw value is null or empty, or could not be understood.

    LtvError (exit code 2) when the mapping does not fit the database.
    """
    check_names(mapping)
    relation = order_relation(database, mapping)
    plan = ReadPlan(relation, mapping, False)
    shown = {"customer": mapping.customer, "date": mapping.date, "amount": mapping.amount}
    if mapping.order_id is not None:
        shown = {"order_id": mapping.order_id, **shown}
    raw = Asked(
        {
            name: numeric_expression(relation, column, name, mapping.decimal)
            if name == "amount"
            else relation.expression(column, name)
            for name, column in shown.items()
        },
        frozenset(),
        lambda rows: pl.DataFrame([decoding.decoded(series) for series in rows.get_columns()]),
    )
    with database.transaction():
        written, decoded = first_rows(relation, raw, limit), first_rows(relation, plan.sure, limit)
    stamp = ((pl.col("day").cast(pl.Int64) * 86_400 + pl.col("second")) * 1000).cast(pl.Datetime("ms"))
    read_as = {
        "order_id": pl.col("order_id") if mapping.order_id is not None else pl.lit(None),
        "customer": pl.col("customer_id"),
        "date": stamp.dt.strftime("%Y-%m-%d %H:%M:%S"),
        "amount": (pl.col("amount") / schema.MONEY_SCALE).round(4).cast(pl.String),
    }
    parts: list[pl.Series] = []
    for name in shown:
        parts.append(written[name].replace("", None))
        parts.append(decoded.select(read_as[name].alias(f"{name} read")).to_series())
    return pl.DataFrame(parts)
