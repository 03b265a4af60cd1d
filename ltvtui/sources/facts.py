"""What stands around the mapped columns: the facts from which doubts are told.

Most of it is seen in the sample that the catalog has taken anyway; the few queries asked beside are of tables alone,
look at some thousand rows or at columns of telling names, and are given little time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import fields
from typing import Final

from ltvtui.analytics.cleaning.statuses import is_undone
from ltvtui.analytics.facts import Charges, Facts, Unread
from ltvtui.errors import LtvError
from ltvtui.sources.base import Database, TooSlow
from ltvtui.sources.catalog import tables_of
from ltvtui.sources.catalog_table import CatalogColumn, CatalogTable
from ltvtui.sources.charges import charges_of
from ltvtui.sources.detection import scoring
from ltvtui.sources.detection.scoring import word_set, words
from ltvtui.sources.detection.vocabulary import group, meaning
from ltvtui.sources.mapping import Mapping
from ltvtui.sources.relation import Relation, is_select
from ltvtui.sources.sql import Row, Value, quote

MOST_ROWS: Final = 20_000
"""Rows in which it is looked whether values repeat."""
SECONDS: Final = 0.3
"""Longest time a query is given."""
_LONGEST_STATUS: Final = 30
"""Characters; a longer text is a note."""
LEAST: Final = 20
"""Values that a sample has at least to say something."""
_NOTHING: Final = ("", "0", "0.0", "0.00", "false", "no", "n", "f", "none", "null", "nan", "n/a", "-")
_PRICE: Final = word_set("price unitprice preis prix precio prezzo preco cena pris amount total revenue sales")
_NO_PRICE: Final = word_set("list old original id no number tax vat shipping discount cost")
_CONTACT: Final = word_set("email mail phone mobile telephone tel unique")
_UNDOES: Final = ("refund", "cancel", "void")
_TEST: Final = word_set("test tests testing testmode testorder istest")
_NO_MARK: Final = re.compile(r"able|ability|polic|until|deadline|fee\b|reason.?code", re.IGNORECASE)
_UNDONE: Final = re.compile(r"(?:wc-)?(?:cancel|refund|void|declin|chargeback)", re.IGNORECASE)
_THREES: Final = re.compile(r"\D*\d{1,3}([.,])\d{3}\D*")
_API: Final = word_set(
    "livemode captured balance_transaction amount_refunded amount_captured payment_intent amount_remaining"
)
_MINOR: Final = word_set("cents cent pence pennies minor centavos kopecks kopeks ore centimes subunits")


def facts_of(relation: Relation, mapping: Mapping) -> Facts:
    """The facts of a shop that is read from `relation`. To be asked within a transaction."""
    seen = _Seen(relation, mapping)
    repeating, select = seen.repeating()
    return Facts(
        customer=mapping.customer,
        date=mapping.date,
        amount=mapping.amount,
        order_id=mapping.order_id or "",
        cost=mapping.cost or "",
        lines=mapping.lines or "",
        amounts=seen.amounts(),
        prices=seen.prices(),
        repeating=repeating,
        people_select=select,
        contacts=tuple(c.name for c in seen.unused if _is_contact(c) and _filled(c)),
        minor_unit=seen.minor_unit(),
        unclear_mark=seen.unclear_mark(),
        unread=tuple(seen.unread()),
        unread_currency=seen.unread_currency(),
        unread_status=seen.unread_status(),
        quantity=seen.quantity(),
        refund_tables=tuple(seen.refund_tables()),
        charges=seen.charges(),
        distinct_select=seen.distinct_select(),
    )


class _Seen:
    """A relation and how it is mapped."""

    def __init__(self, relation: Relation, mapping: Mapping) -> None:
        self._relation, self._mapping = relation, mapping
        self._database: Database = relation.database
        self._columns = tuple(c for table in relation.tables for c in table.columns)
        tables = () if is_select(mapping.orders) else ("orders", "lines")
        mentioned = [getattr(mapping, f.name) for f in fields(mapping) if f.name not in tables]
        self._mentioned = "\n".join(text for text in mentioned if isinstance(text, str))
        columns_of_roles = [
            getattr(mapping, role) for role in ("customer", "date", "amount", "order_id", "status", "currency")
        ]
        self._whole = {name.lower() for name in columns_of_roles if name}

    @property
    def unused(self) -> tuple[CatalogColumn, ...]:
        """Columns of the orders that no role is read from; attributes only describe."""
        return tuple(c for c in self._columns if not self._reads(c.name))

    def _reads(self, name: str) -> bool:
        if name.lower() in self._whole:
            return True
        return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", self._mentioned, re.IGNORECASE) is not None

    def _column(self, name: str | None) -> CatalogColumn | None:
        return next((c for c in self._columns if name and c.name.lower() == name.lower()), None)

    # -- money -----------------------------------------------------------------------------------------

    def amounts(self) -> tuple[float, ...]:
        column = self._column(self._mapping.amount)
        return tuple(_numbers(column.sample)) if column else ()

    def prices(self) -> tuple[str, ...]:
        return tuple(
            c.name
            for c in self.unused
            if set(words(c.name)) & _PRICE
            and not set(words(c.name)) & _NO_PRICE
            and (numbers := _numbers(c.sample))
            and scoring.numeric_share(c.sample) > 0.8
            and max(abs(n) for n in numbers) > LEAST
        )

    def minor_unit(self) -> str:
        amount, names = self._mapping.amount, {c.name.lower() for c in self._columns}
        if set(words(amount)) & _MINOR:
            return "its name says so" if "/" not in amount else ""
        if "/" in amount:
            return ""
        if api_columns := sorted(names & _API):
            return f"{api_columns[0]} is beside it, as in API data"
        small = next((c for c in self._columns if group("currency") & set(words(c.name)) and _is_small(c)), None)
        if small is not None:
            return f"{small.name} is in lower case ({small.sample[0]!s}), as in API data"
        return ""

    def unclear_mark(self) -> str:
        column = self._column(self._mapping.amount)
        written = [v for v in column.sample if v not in (None, "")] if column else []
        if len(written) < LEAST or not all(isinstance(v, str) and len(v) < LEAST for v in written):
            return ""
        found = [_THREES.fullmatch(str(v)) for v in written]
        marks = {match[1] for match in found if match}
        return str(written[0]) if all(found) and len(marks) == 1 else ""

    def quantity(self) -> str:
        cost = self._column(self._mapping.cost)
        if cost is None or "*" not in self._mapping.amount:
            return ""
        factors = [c for c in self._columns if c is not cost and _mentions(self._mapping.amount, c)]
        amount = next((c for c in factors if scoring.quantity_score(c)), None)
        price = next((c for c in factors if c is not amount and scoring.numeric_share(c.sample) > 0.8), None)
        if amount is None or price is None:
            return ""
        rows = [
            (q, p, c)
            for q, p, c in zip(amount.sample, price.sample, cost.sample, strict=False)
            if _is_number(q) and _is_number(p) and _is_number(c) and float(q) >= 2 and float(c) > 0  # type: ignore[arg-type]
        ]
        below = sum(float(c) < float(p) for _, p, c in rows)  # type: ignore[arg-type]
        return amount.name if len(rows) >= LEAST // 2 and below >= 0.9 * len(rows) else ""

    # -- people ----------------------------------------------------------------------------------------

    def repeating(self) -> tuple[tuple[str, ...], str]:
        """Columns that could name a person and repeat, while the customers of the first rows do not; and a SELECT
        that brings the first of them to the orders, where it stands in the customers' table."""
        customer = self._column(self._mapping.customer)
        if customer is None or not self._is_table:
            return (), ""
        seen = [v for v in customer.sample if v not in (None, "")]
        if len(seen) < LEAST or len(set(seen)) < 0.98 * len(seen):
            return (), ""
        own = self._repeated(self._relation.tables[0], customer)
        if own is None or own > 0.05:
            return (), ""
        here = [c for c in self._relation.tables[0].columns if c is not customer and _names_person(c)]
        found = tuple(c.name for c in here if self._repeats_more(self._relation.tables[0], c, own))
        if found:
            return found, ""
        return self._repeating_among_customers(customer)

    def _repeating_among_customers(self, customer: CatalogColumn) -> tuple[tuple[str, ...], str]:
        mapped = self._mapping.customers
        for table in tables_of(self._database):
            key = mapped.key if mapped and table.name == mapped.table else customer.name
            if table in self._relation.tables or table.view or table.column(key) is None:
                continue
            others = [c for c in table.columns if c.name.lower() != key.lower() and _names_person(c)]
            found = [c for c in others if self._repeats_more(table, c, 0.0)]
            if found:
                return tuple(c.name for c in found), self._joining(table, key, found[0], customer)
        return (), ""

    def _joining(self, table: CatalogTable, key: str, column: CatalogColumn, customer: CatalogColumn) -> str:
        orders = self._relation.tables[0]
        on = f"c.{_bare(key)} = o.{_bare(customer.name)}"
        both = f"{_bare(orders.name)} o JOIN {_bare(table.name)} c ON {on}"
        return f"SELECT o.*, c.{_bare(column.name)} FROM {both}"  # noqa: S608

    def _repeats_more(self, table: CatalogTable, column: CatalogColumn, own: float) -> bool:
        share = self._repeated(table, column)
        return share is not None and own + 0.05 < share < 0.95

    def _repeated(self, table: CatalogTable, column: CatalogColumn) -> float | None:
        """Share of the first rows with a value that repeat one; None where that is not known."""
        name = quote(column.name)
        written = self._database.dialect.as_string(name)
        head = f"SELECT {name} AS v FROM {quote(table.name)} WHERE {written} != '' LIMIT {MOST_ROWS}"  # noqa: S608
        rows = self._asked(f"SELECT count(*), count(DISTINCT v) FROM ({head})")  # noqa: S608
        if not rows or not isinstance(rows[0][0], int) or rows[0][0] < LEAST:
            return None
        count, distinct = rows[0]
        return 1 - int(str(distinct)) / int(str(count))

    # -- rows that are none of a sale --------------------------------------------------------------------

    def unread(self) -> Iterator[Unread]:
        """Columns named refund*, cancel*, test* or void* with values in some rows."""
        for table in self._relation.tables:
            for column in table.columns:
                if _undoes(column) and not self._reads(column.name):
                    unread = self._unread_in(table, column)
                    if unread is not None:
                        yield unread

    def _unread_in(self, table: CatalogTable, column: CatalogColumn) -> Unread | None:
        name = quote(column.name)
        nothing = ", ".join(f"'{word}'" for word in _NOTHING)
        empty = f"lower(trim(coalesce({self._database.dialect.as_string(name)}, ''))) IN ({nothing})"
        values = [v for v in column.sample if not _is_nothing(v)]
        rows, status = len(values), self._status(table)
        statuses: tuple[str, ...] = ()
        if self._is_table:
            filled = f"sum(CASE WHEN {empty} THEN 0 ELSE 1 END)"
            counted = self._asked(f"SELECT {filled}, count(*) FROM {quote(table.name)}")  # noqa: S608
            if counted:
                rows, whole = int(str(counted[0][0] or 0)), int(str(counted[0][1]))
                if rows == whole:
                    return None
            if rows and status is not None:
                sql = f"SELECT DISTINCT {quote(status.name)} FROM {quote(table.name)} WHERE NOT {empty} LIMIT 50"  # noqa: S608
                statuses = tuple(str(v).strip() for (v,) in self._asked(sql) or [] if v is not None)
        elif len(values) == len(column.sample):
            return None
        if not rows:
            return None
        short = f"lower(coalesce({_bare(column.name)}, '')) IN ('', '0', 'false', 'no')"
        alone = self._is_table and len(self._relation.tables) == 1
        select = f"SELECT * FROM {_bare(table.name)} WHERE {short}" if alone else ""  # noqa: S608
        money = bool(set(words(column.name)) & word_set("amount total sum value")) and bool(_numbers(values))
        return Unread(column.name, rows, statuses, money, select)

    def _status(self, table: CatalogTable) -> CatalogColumn | None:
        return table.column(self._mapping.status) if self._mapping.status else None

    def unread_currency(self) -> str:
        if self._mapping.currency:
            return ""
        for column in self.unused:
            codes = {v.strip().upper() for v in column.sample if isinstance(v, str) and v.strip()}
            if len(codes) > 1 and scoring.currency_score(column):
                return column.name
        return ""

    def unread_status(self) -> str:
        mapped = self._column(self._mapping.status)
        if self._mapping.status and mapped is None:
            return ""
        for column in self.unused:
            values = {
                v.strip() for v in column.sample if isinstance(v, str) and v.strip() and len(v) <= _LONGEST_STATUS
            }
            if len(values) < 2 or _undoes(column) or not any(_UNDONE.match(v) or is_undone(v) for v in values):
                continue
            if mapped is None or _adds_undone(column, mapped):
                return column.name
        return ""

    def refund_tables(self) -> Iterator[str]:
        """Tables named for refunds that refer to the orders, or to who gave them."""
        order_id = self._mapping.order_id or ""
        read = {t.name.lower() for t in self._relation.tables}
        for table in tables_of(self._database):
            if table.view or not table.rows or table.name.lower() in read or not scoring.is_of_refunds(table):
                continue
            if re.search(rf"(?<!\w){re.escape(table.name)}(?!\w)", self._mentioned, re.IGNORECASE):
                continue
            refers = any(
                (c.references and c.references[0].lower() in read)
                or c.name.lower() in (order_id.lower(), self._mapping.customer.lower())
                or scoring.refers_to_order(c)
                for c in table.columns
            )
            amount = any(scoring.numeric_share(c.sample) > 0.8 and _is_money(c) for c in table.columns)
            if refers and amount:
                yield table.name

    def distinct_select(self) -> str:
        """Without the columns that number the rows, by which copies differ."""
        table = self._relation.tables[0]
        is_single = self._is_table and len(self._relation.tables) == 1 and not self._mapping.lines
        if self._mapping.order_id or not is_single:
            return ""
        columns = [_bare(c.name) for c in table.columns if not (c.pk or c.unique)]
        every = "*" if len(columns) == len(table.columns) else ", ".join(columns)
        return f"SELECT DISTINCT {every} FROM {_bare(table.name)}"  # noqa: S608

    def charges(self) -> Charges:
        """Postage, fees and corrections among the lines; nothing where rows would have to be computed."""
        if not self._is_table:
            return Charges()
        return charges_of(self._relation.tables, self._mapping, self._asked)

    # -- asking ------------------------------------------------------------------------------------------

    @property
    def _is_table(self) -> bool:
        """Whether rows can be asked for without computing them: a view, or a SELECT, may take long for each."""
        return all(not table.view for table in self._relation.tables) and not is_select(self._mapping.orders)

    def _asked(self, sql: str) -> list[Row] | None:
        try:
            return self._database.query(sql, seconds=SECONDS)
        except (TooSlow, LtvError):
            return None  # a doubt less, and no shop the less


def _adds_undone(column: CatalogColumn, mapped: CatalogColumn) -> bool:
    """Whether a second status marks rows as undone that the `mapped` one does not."""
    if not {"status", "state"} & set(meaning(column.name)):
        return False
    pairs = zip(column.sample, mapped.sample, strict=False)
    return any(is_undone(str(more)) and not is_undone(str(own)) for more, own in pairs if more and own)


def _undoes(column: CatalogColumn) -> bool:
    name_words = words(column.name)
    if _NO_MARK.search(column.name):
        return False
    return bool(set(name_words) & _TEST) or any(word.startswith(_UNDOES) for word in name_words)


def _is_contact(column: CatalogColumn) -> bool:
    return bool(set(words(column.name)) & _CONTACT)


def _names_person(column: CatalogColumn) -> bool:
    return _is_contact(column) or scoring.customer_score(column) >= 0.35


def _is_money(column: CatalogColumn) -> bool:
    value_words = _PRICE | group("of_refunds") | {"value", "sum"}
    return scoring.amount_score(column) > 0 or bool(set(words(column.name)) & value_words)


def _mentions(expression: str, column: CatalogColumn) -> bool:
    return re.search(rf"(?<!\w){re.escape(column.name)}(?!\w)", expression, re.IGNORECASE) is not None


def _filled(column: CatalogColumn) -> bool:
    return sum(not _is_nothing(v) for v in column.sample) > len(column.sample) // 2


def _is_nothing(value: Value) -> bool:
    return value is None or str(value).strip().lower() in _NOTHING


def _is_number(value: Value) -> bool:
    return bool(_numbers([value]))


def _numbers(values: Iterable[Value]) -> list[float]:
    """The values that are numbers, written or not."""
    found = []
    for value in values:
        if isinstance(value, int | float) or (
            isinstance(value, str) and re.fullmatch(r"\s*[-+]?\d{1,15}(?:\.\d*)?\s*", value)
        ):
            found.append(float(value))
    return found


def _bare(name: str) -> str:
    """A name as one writes it in SQL: quoted where it has to be."""
    return name if re.fullmatch(r"[A-Za-z_]\w*", name, re.ASCII) and name.lower() not in _RESERVED else quote(name)


_RESERVED: Final = word_set("order group table select from where to index values default check references")


def _is_small(column: CatalogColumn) -> bool:
    """Whether codes of currencies are in lower case."""
    return bool(column.sample) and all(isinstance(v, str) and re.fullmatch("[a-z]{3}", v) for v in column.sample)
