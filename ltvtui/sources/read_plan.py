"""Which cells of an order's row are asked for, and how a chunk of them is understood."""

from __future__ import annotations

from typing import Final

import polars as pl

from ltvtui.analytics import schema
from ltvtui.errors import LtvError
from ltvtui.sources.base import Database, TooSlow
from ltvtui.sources.detection.returns import is_yes
from ltvtui.sources.mapping import Mapping
from ltvtui.sources.relation import Relation, rows_of
from ltvtui.sources.row_prints import RowPrints
from ltvtui.sources.scan import Asked, endless
from ltvtui.sources.sql import Value
from ltvtui.sources.values import decoding
from ltvtui.sources.values.amounts import check_decimal, decimal_comma, marks_in, rate_comma
from ltvtui.sources.values.cut_text import refuse_cut_text
from ltvtui.sources.values.date_guess import guess_formats
from ltvtui.sources.values.dates import FORMATS, is_placeholder
from ltvtui.sources.values.decoding import Cell
from ltvtui.sources.values.operands import numeric_expression, reckonable
from ltvtui.sources.values.zones import OFFSET

SAMPLE_SECONDS: Final = 60.0
"""Longest time that is waited for some rows, whatever they are made of."""
_IDS: Final = ("customer_id", "order_id", "refund_of")
TEXTS: Final[tuple[str, ...]] = ("status", "currency", "row_type")
"""Roles of few values, each a word."""
MONEY: Final = ("amount", "margin", "cost", "refunded")
"""Roles that are amounts, in the order's currency."""
_ROLES: Final = ("customer_id", "date", "order_id", *TEXTS, "rate", "refund_of", "cancelled", *MONEY)
COLUMNS: Final = (
    *(*schema.ROW_REQUIRED, OFFSET, "order_id", *TEXTS),
    *("rate", "margin", "refund_of", "refunded", "undone"),
)
"""Of rows, in their order; then the fingerprint and the attributes."""


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
                if name in (*MONEY, "rate"):
                    sql[name] = numeric_expression(relation, column, name, mapping.decimal)
                else:
                    sql[name] = relation.expression(column, name.replace("_", " "))
        money = [str(wanted[name]) for name in (*MONEY, "rate") if name in sql]
        refuse_cut_text(relation, mapping.orders, money)
        for name in (*MONEY, "rate"):
            if name in sql:
                written = str(wanted[name])
                sql[name] = reckonable(relation, written, sql[name], name, mapping.decimal)
        categories: dict[str, str] = {name: sql.pop(name) for name in TEXTS if name in sql}
        for place, attribute in enumerate(mapping.attributes):
            categories[f"attribute_{place}"] = relation.expression(attribute.column, f"attribute {attribute.name}")
        self.expressions = sql | categories
        """SQL of each cell by its role; of attributes by their place."""
        samples = _samples(relation, sql)
        self.formats = mapping.date_formats or (_formats(mapping, samples["date"]) if "date" in sql else ())
        marks = {name: marks_in(relation, sql[name], samples[name]) for name in (*MONEY, "rate") if name in sql}
        self.commas: dict[str, bool | None] = {
            name: decimal_comma(of_it, str(wanted[name]), mapping.decimal, marks.values())
            for name, of_it in marks.items()
            if name != "rate"
        }
        if "rate" in marks:
            self.commas["rate"] = rate_comma(marks["rate"], mapping.decimal)
        self.cells = [self._cell(name, expression, samples[name]) for name, expression in sql.items()]
        if categories:
            self.cells.append(decoding.category_cells(self._dialect, categories))
        commas = (f"{name} {comma}" for name, comma in self.commas.items())
        self.manner = (*self.formats, *commas, *([f"in {zone}"] if zone else []))
        self._prints = RowPrints(relation, mapping) if copies else None
        self._whole = self._prints.columns if self._prints is not None else {}

    def _cell(self, name: str, expression: str, sample: list[Value]) -> Cell:
        if name == "date":
            return decoding.moment_cell(self._dialect, expression, sample, self.formats, self._zoned)
        if name in _IDS:
            return decoding.identifier_cell(self._dialect, name, expression, sample)
        if name in MONEY:
            return decoding.money_cell(self._dialect, name, expression, sample, self.commas[name])
        if name == "rate":
            return decoding.number_cell(self._dialect, name, expression, self.commas[name])
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
        names = [name for name in COLUMNS if name in found]
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


def order_relation(database: Database, mapping: Mapping) -> Relation:
    """The source of order rows. LtvError (exit code 2) when a table or column does not exist."""
    return rows_of(database, mapping.orders, mapping.order_id, mapping.lines, mapping.lines_order_id)
