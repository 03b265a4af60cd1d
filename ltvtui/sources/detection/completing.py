"""Tables that tell of sales together: what a row lacks stands in the tables that it leads to.

A payment leads to a subscription and that to a user, a line to its order and to the product with the price, and sales
may be split by year. Each is proposed as one SELECT.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ltvtui.sources.base import Database
from ltvtui.sources.catalog_table import CatalogColumn, CatalogTable
from ltvtui.sources.detection import scoring
from ltvtui.sources.detection.attributes import attribute_columns
from ltvtui.sources.detection.content import content_of
from ltvtui.sources.detection.draft import Draft, FromItem
from ltvtui.sources.detection.line_money import cost_score, listed_price, product_of
from ltvtui.sources.detection.links import Link, is_unique, links, refers
from ltvtui.sources.detection.scoring import word_set, words
from ltvtui.sources.sql import quote

DEPTH: Final = 3
"""Tables that lie between a row and what it lacks, at most, that one included."""
QUANTITY: Final = "quantity"
"""What a count of pieces is called whose own name is one of money."""
UNIT_COST: Final = "unit_cost"
"""What the cost in a table of products is called: whatever its name there, it is that of one piece."""
LEAST_TABLE_SCORE: Final = 0.85
"""Score of its name from which a table holds orders, so that what leads there is a part of them."""
SOLD: Final = 0.8
"""Score from which each row of a table is of something sold."""
SURE: Final = 0.55
"""Score from which a column plays a role."""
_GO_ON: Final = word_set("account subscription membership contract wallet")
"""What stands between a payment and a person, where it leads on to one."""


@dataclass(frozen=True)
class Completed:
    """Rows with all that orders need."""

    draft: Draft
    table: CatalogTable
    """What the SELECT gives, under the name that says most about it."""
    header: str | None
    """The table that the date of the rows comes from, where it is not their own."""
    joins: bool
    """Whether other tables are looked into; False: tables of one shape that are read together."""


def completed(
    database: Database, sources: Sequence[FromItem], parties: frozenset[str], full: Sequence[CatalogTable]
) -> Iterator[Completed]:
    """Each source whose rows have a customer, a date and an amount once other tables are looked into.

    Those of one shape are told of first. Parts of tables that are `full`, that have it all, are left out.
    """
    full = list(full)
    for source in sorted(sources, key=lambda s: -len(s.members)):
        if source.table.rows:
            found = _Completion(database, sources, parties, source, full).found()
            if found is not None:
                full.append(source.table)
                yield found


class _Completion:
    """What the rows of one source lack, and where it is found."""

    def __init__(
        self,
        database: Database,
        sources: Sequence[FromItem],
        parties: frozenset[str],
        source: FromItem,
        full: Sequence[CatalogTable],
    ) -> None:
        self._full = full
        self._database, self._sources, self._parties, self._base = database, sources, parties, source
        self._draft = Draft.of(source)
        self._links_by_table: dict[str, list[Link]] = {}
        self._joined: dict[str, FromItem] = {}
        self._lacking: list[Callable[[CatalogColumn], float]] = []
        self._notices: list[str] = []

    def found(self) -> Completed | None:
        table = self._base.table
        if _is_described(table) or not self._is_of_sales(table) or self._is_part(table):
            return None
        header = None
        if not self._has_amount(table) and not self._priced():
            return None
        customer = self._role(table, self._customer)
        self._lacking = [] if self._role(table, self._date) else [self._date]
        if customer is None or self._leads_on(customer):
            self._lacking.append(self._customer)
            path = self._path(self._customer, beyond=customer)
            if path is None and customer is None and not self._beside():
                return None
            if path is not None:
                self._follow(path, self._customer, "customer")
                if customer is not None:
                    self._draft = self._draft.without(customer.name)
        if self._role(table, self._date) is None:
            path = self._path(self._date)
            if path is None:
                return None
            self._follow(path, self._date, "date")
            header = path[-1].to.table.name
        family = len(self._base.members) > 1
        if not self._joined and not family:
            return None
        if family:
            self._draft = self._draft.with_notice(_family(self._base))
        for notice in self._notices:
            self._draft = self._draft.with_notice(notice)
        sampled = self._draft.table(self._database)
        if sampled is None:
            return None
        return Completed(self._draft, sampled, header, bool(self._joined))

    def _is_of_sales(self, table: CatalogTable) -> bool:
        """Cheap to ask, so that most tables need not be looked into: is there money or a count of pieces?"""
        return self._has_amount(table) or any(
            scoring.quantity_score(c) or c.references is not None for c in table.columns
        )

    @staticmethod
    def _has_amount(table: CatalogTable) -> bool:
        return product_of(table) is not None or any(scoring.amount_score(c) >= SURE for c in table.columns)

    def _customer(self, column: CatalogColumn) -> float:
        return scoring.customer_score(column, self._parties)

    @staticmethod
    def _date(column: CatalogColumn) -> float:
        return scoring.date_score(column)[0]

    @staticmethod
    def _role(table: CatalogTable, score: Callable[[CatalogColumn], float]) -> CatalogColumn | None:
        best = max(table.columns, key=score, default=None)
        return best if best is not None and score(best) >= SURE else None

    @staticmethod
    def _leads_on(customer: CatalogColumn) -> bool:
        """Whether it is no person yet: an account that may belong to one."""
        return bool(set(words(customer.name)) & _GO_ON)

    def _is_part(self, table: CatalogTable) -> bool:
        """Whether its rows are parts of those of a table that has all that orders need."""
        for whole in self._full:
            if whole.name.lower() == table.name.lower():
                continue
            other = FromItem(whole, quote(whole.name), (whole.name,))
            if any(refers(column, other) for column in table.columns) and (
                scoring.table_score(whole) >= LEAST_TABLE_SCORE or self._role(table, self._date) is None
            ):
                return True
        return False

    def _links(self, source: FromItem) -> list[Link]:
        name = source.table.name
        if name not in self._links_by_table:
            self._links_by_table[name] = list(links(self._database, source.table, self._sources))
        return self._links_by_table[name]

    def _path(
        self, score: Callable[[CatalogColumn], float], beyond: CatalogColumn | None = None
    ) -> list[Link] | None:
        """The shortest way to a table with the role; `beyond`: only by this column."""
        first = [link for link in self._links(self._base) if beyond is None or link.column is beyond]
        ways = [[link] for link in first]
        for _ in range(DEPTH):
            for way in ways:
                end = way[-1].to
                if self._role_at(end, way[-1].key, score) is not None:
                    return way
            ways = [
                [*way, link]
                for way in ways
                for link in self._links(way[-1].to)
                if link.to.table.name not in {self._base.table.name, *(step.to.table.name for step in way)}
            ]
        return None

    def _role_at(self, end: FromItem, key: str, score: Callable[[CatalogColumn], float]) -> CatalogColumn | None:
        others = replace(end.table, columns=tuple(c for c in end.table.columns if c.name != key))
        found = self._role(others, score)
        # the date of a product or a customer is not that of a sale
        return None if found is None or (score == self._date and _is_described(end.table)) else found

    def _beside(self) -> bool:
        """Whether a table with one row for each of these, which refers to them, has the customer: joined then."""
        table = self._base.table
        keys = {c.name for c in table.columns if c.pk}
        for other in self._sources:
            if other.table.name == table.name or not other.table.rows or scoring.is_beside_sales(other.table):
                continue
            for column in other.table.columns:
                key = refers(column, self._base)
                found = self._role_at(other, column.name, self._customer) if key in keys else None
                if key is None or found is None or not is_unique(self._database, other, column.name):
                    continue
                self._draft = self._draft.joined(other, column.name, self._draft.sql_of(key), [found])
                self._joined[other.table.name] = other
                origin = f"{found.name} comes from {other.table.name}"
                self._notices.append(f"{table.name} has no customer column: {origin}.")
                return True
        return False

    def _follow(self, path: list[Link], score: Callable[[CatalogColumn], float], role: str) -> None:
        to = self._draft.sql_of(path[0].column.name)
        for place, link in enumerate(path):
            source = link.to
            name = source.table.name
            wanted = self._wanted(source, link.key) if place == len(path) - 1 else []
            if name not in self._joined:
                self._draft = self._draft.joined(source, link.key, to, wanted)
                self._joined[name] = source
                if len(source.members) > 1:
                    self._notices.append(_family(source))
            else:  # on the way to another table, or for another role
                there = {one.sql for one in self._draft.chosen}
                more = ((f"{quote(name)}.{quote(c.name)}", c) for c in wanted)
                self._draft = self._draft.with_columns(name, (pair for pair in more if pair[0] not in there))
            if place + 1 < len(path):
                to = f"{quote(name)}.{quote(path[place + 1].column.name)}"
        way = ", ".join(link.to.table.name for link in path)
        column = self._role_at(path[-1].to, path[-1].key, score)
        assert column is not None
        self._notices.append(f"{self._base.table.name} has no {role} column: {column.name} comes from {way}.")

    def _wanted(self, source: FromItem, key: str) -> list[CatalogColumn]:
        """Columns of a joined table to use: customer, date, status, and what makes a dimension."""
        wanted: list[CatalogColumn] = []
        for column in source.table.columns:
            roles = [score(column) for score in (*self._lacking, scoring.status_score, scoring.currency_score)]
            if column.name != key and max(roles) >= SURE:
                wanted.append(column)
        attributes = attribute_columns(source.table.columns, [key, *(c.name for c in wanted)])
        return [*wanted, *attributes]

    def _priced(self) -> bool:
        """Whether a table that the rows lead to has the price: joined then, with the cost beside it."""
        table = self._base.table
        counted = next((c for c in table.columns if scoring.quantity_score(c)), None) or _counts(table)
        if counted is None and scoring.table_score(table) < SOLD:
            return False
        for link in self._links(self._base):
            other = link.to.table
            price = _price(other)
            if price is None:
                continue
            costs = [c for c in other.columns if c is not price and is_cost(c)][:1]
            attributes = attribute_columns(other.columns, [link.key, price.name, *(c.name for c in costs)])
            to = self._draft.sql_of(link.column.name)
            self._draft = self._draft.joined(link.to, link.key, to, [price])
            of_piece = ((f"{quote(other.name)}.{quote(c.name)}", replace(c, name=UNIT_COST)) for c in costs)
            self._draft = self._draft.with_columns(other.name, of_piece)
            of_product = ((f"{quote(other.name)}.{quote(c.name)}", c) for c in attributes)
            self._draft = self._draft.with_columns(other.name, of_product)
            self._joined[other.name] = link.to
            if counted is None:
                self._notices.append(
                    f"{table.name} has no price: {price.name} of {other.name} is used, one piece per row."
                )
                return True
            if not scoring.quantity_score(counted):
                sql = self._draft.sql_of(counted.name)
                called = replace(counted, name=QUANTITY, references=None)
                self._draft = self._draft.without(counted.name).with_columns(table.name, [(sql, called)])
            both = " and ".join(c.name for c in (price, *costs))
            self._notices.append(
                f"{table.name} has no price: {counted.name} is multiplied by {both} of {other.name}."
            )
            return True
        return False


def _counts(table: CatalogTable) -> CatalogColumn | None:
    """A count of pieces that is called an amount: without a price beside it, it is one."""
    called = [c for c in table.columns if content_of(c).counts and scoring.amount_name_score(c)]
    priced = any(scoring.unit_price_score(c) or scoring.amount_score(c) >= SURE for c in table.columns)
    return called[0] if len(called) == 1 and not priced else None


def _family(source: FromItem) -> str:
    return f"{', '.join(source.members)} have the same columns: they are read as one table."


def _price(table: CatalogTable) -> CatalogColumn | None:
    prices = [c for c in table.columns if scoring.unit_price_score(c) and not scoring.bought_score(c)]
    if prices:
        return max(prices, key=scoring.unit_price_score)
    return listed_price(table)


def is_cost(column: CatalogColumn) -> bool:
    """Whether a column of a table of products is what they cost the shop."""
    return cost_score(column) > 0 or scoring.bought_score(column) > 0


def _is_described(table: CatalogTable) -> bool:
    """Whether its rows are people or things and no sales."""
    name_words = set(words(table.name))
    things = word_set(
        "product products item article articles category categories stock inventory price prices cart carts "
        "budget spend customers customer users user supplier suppliers employee employees refund refunds "
        "return returns shipment shipments"
    )
    return bool(name_words & things) and not name_words & word_set("order orders sale sales invoice line lines")
