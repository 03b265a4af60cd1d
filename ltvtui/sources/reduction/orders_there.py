"""Answers about single orders of a shop that was reduced: each is a SELECT where the orders lie."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import polars as pl

from ltvtui.analytics.cleaning.data_quality import RuleCount
from ltvtui.analytics.order_frame import FrameOrders, deciding
from ltvtui.analytics.order_store import HOURS, MONTHS, WEEKDAYS, OrderMoments, OrderSums
from ltvtui.analytics.schema import KIND, ORDERS
from ltvtui.sources.reduction.chain import Chain
from ltvtui.sources.reduction.dialect import SqlDialect
from ltvtui.sources.reduction.engine import Reducing
from ltvtui.sources.reduction.order_sql import ORDERS as CLEAN
from ltvtui.sources.reduction.order_sql import OrdersSql
from ltvtui.sources.reduction.words import among
from ltvtui.sources.values import decoding

Opener = Callable[[], AbstractContextManager[Reducing]]
"""Opens the database in the state that was reduced. LtvError where it cannot be opened, or is in another one."""
PIECE: Final = 4_000_000
"""Orders that are fetched at once."""


@dataclass(frozen=True, eq=False)
class OrdersThere:
    """An OrderStore of a database."""

    opened: Opener
    orders: OrdersSql
    attributes: tuple[str, ...]
    customer_ids: pl.Series
    """String, by customer code."""
    days: pl.DataFrame
    """day, kind (0 order, 1 refund), and of each: rows, without_id, negative, money, highest; all Int64."""

    @property
    def margin_mapped(self) -> bool:
        """As the orders have it."""
        return self.orders.margin

    def of(self, customer: int) -> pl.DataFrame:
        """Those of one id."""
        theirs = self._orders(f"WHERE customer = {self._id(customer)}")
        return theirs.sort("day", "second", "kind", *deciding(theirs), nulls_last=True)

    def newest(self, since: int, until: int, count: int) -> pl.DataFrame:
        """Of several at one moment the one with the highest order id stands first."""
        return self._orders(
            f"WHERE kind = 0 AND day_no BETWEEN {since} AND {until} ORDER BY day_no DESC, second_no DESC,"
            f" order_id DESC NULLS LAST, customer DESC LIMIT {count}"
        ).sort("day", "second", "order_id", "customer", descending=True)

    def values(self, attribute: str, until: int) -> pl.DataFrame:
        """Counted as they are written, then as they are understood."""
        counted = self._words(attribute, f"WHERE kind = 0 AND day_no <= {until}")
        return counted.group_by("value").agg(pl.col("count").sum())

    def distinct(self, attribute: str) -> pl.Series:
        """The same of all orders and refunds."""
        return self._words(attribute, "")["value"].drop_nulls().unique()

    def buyers(self, attribute: str, values: Sequence[str | None], until: int, *, others: bool = False) -> pl.Series:
        """Customers of orders whose attribute is written in one of the ways that are meant."""
        column = self._column(attribute)
        written = self._words(attribute, "")
        asked = [value for value in values if value is not None]
        is_asked = written["value"].is_in(asked)
        chosen = written.filter(~is_asked & written["value"].is_not_null() if others else is_asked)
        blank = written.filter(written["value"].is_null())["written"] if None in values and not others else None
        words = [*chosen["written"], *(blank.drop_nulls() if blank is not None else [])]
        with self.opened() as database:
            condition = among(database.engine, column, words)
            if blank is not None:
                condition = f"({condition} OR {column} IS NULL)"
            found = database.frame(
                self._described(database.engine).select(
                    f"SELECT DISTINCT customer FROM described WHERE kind = 0 AND day_no <= {until} AND {condition}"
                )
            )
        return self._codes(found["customer"])

    def counts(self, until: int) -> tuple[int, int]:
        """By the sums of days."""
        rows = self.days.filter(pl.col("day") <= until)
        return int(rows.filter(kind=0)["rows"].sum()), int(rows.filter(kind=1)["rows"].sum())

    def excluded(self, buyers: pl.Series, until: int) -> tuple[RuleCount, ...]:
        """What is later by the sums of days; refunds by their customers."""
        late = self.days.filter(pl.col("day") > until)
        lone = late.head(0).select("rows", "money")
        if self.counts(until)[1]:
            with self.opened() as database:
                whole = database.engine.whole
                back = database.frame(
                    self.orders.chain.select(
                        f"SELECT customer, {whole('COUNT(*)')} AS n, {whole('SUM(amount)')} AS money FROM {CLEAN}"
                        f" WHERE kind = 1 AND day_no <= {until} GROUP BY customer"
                    )
                ).rename({"n": "rows"})
            lone = back.filter(~self._codes(back["customer"]).is_in(buyers.implode())).select("rows", "money")
        return (
            RuleCount("after_as_of", int(late["rows"].sum()), int(late["money"].sum()), excluded=True),
            RuleCount("only_refunds", int(lone["rows"].sum()), int(lone["money"].sum()), excluded=True),
        )

    def moments(self, asked: pl.Series, until: int) -> OrderMoments:
        """From their moments, fetched in pieces of some months."""
        counts, at_midnight = np.zeros((2, WEEKDAYS, MONTHS, HOURS), dtype=np.int64), 0
        for first, last in self._pieces(until):
            with self.opened() as database:
                whole = database.engine.whole
                found = database.frame(
                    self.orders.chain.select(
                        f"SELECT customer, {whole('day_no')} AS day, {whole('second_no')} AS second FROM {CLEAN}"
                        f" WHERE kind = 0 AND day_no BETWEEN {first} AND {last}"
                    )
                )
            orders = found.select(
                self._codes(found["customer"]).alias("customer"),
                pl.col("day", "second").cast(pl.Int32),
                pl.lit("order").cast(KIND).alias("kind"),
            )
            part = FrameOrders(orders).moments(asked, until)
            counts, at_midnight = counts + part.counts, at_midnight + part.at_midnight
        return OrderMoments(counts, at_midnight)

    def sums(self) -> OrderSums:
        """By the sums of days."""
        bought = self.days.filter(kind=0)
        highest = self.days["highest"].max()
        return OrderSums(
            rows=int(self.days["rows"].sum()),
            orders=int(bought["rows"].sum()),
            orders_without_id=int(bought["without_id"].sum()),
            negative=int(self.days["negative"].sum()),
            total=int(self.days["money"].sum()),
            highest=highest if isinstance(highest, int) else 0,
        )

    def same_moments(self) -> int:
        """By the size of groups."""
        groups = (
            f"SELECT COUNT(*) - 1 AS again FROM {CLEAN} WHERE kind = 0 GROUP BY customer, day_no, second_no"
            " HAVING COUNT(*) > 1"
        )
        with self.opened() as database:
            total = database.engine.whole("COALESCE(SUM(again), 0)")
            found = database.frame(self.orders.chain.select(f"SELECT {total} AS again FROM ({groups}) AS g"))
        return int(found.item())

    def same_amounts(self) -> tuple[int, int]:
        """By the size of groups."""
        groups = (
            f"SELECT amount, COUNT(*) - 1 AS again FROM {CLEAN} WHERE kind = 0"
            " GROUP BY customer, day_no, second_no, amount HAVING COUNT(*) > 1"
        )
        with self.opened() as database:
            rows, money = (
                database.engine.whole(f"COALESCE(SUM({sum_of}), 0)") for sum_of in ("again", "again * amount")
            )
            asked = f"SELECT {rows} AS again, {money} AS money FROM ({groups}) AS g"
            found = database.frame(self.orders.chain.select(asked))
        again, value = found.row(0)
        return int(again), int(value)

    def sample(self, column: str, most: int) -> pl.Series:
        """Rows whose fingerprint falls into one of several parts: all of them where there are few."""
        names = {"day": "day_no", "second": "second_no"}
        asked = names.get(column, column) if column not in self.attributes else self._column(column)
        parts = max(2 * self.sums().rows // (3 * most), 1)
        with self.opened() as database:
            part = database.engine.part_of_rows(["customer", "day_no", "second_no", "amount", "order_id"], parts)
            where = f" WHERE {part} = 0" if parts > 1 else ""
            chain = self._described(database.engine)
            found = database.frame(chain.select(f"SELECT {asked} AS v FROM described{where}"))["v"]
        if column in self.attributes:
            found = decoding.category(found.cast(pl.String).cast(pl.Binary))
        return found.alias(column).gather_every(max(found.len() // most, 1))

    def _pieces(self, until: int) -> list[tuple[int, int]]:
        """First and last days, each with some millions of orders."""
        days = self.days.filter(pl.col("day") <= until, kind=0).sort("day")
        number = (days["rows"].cum_sum() - 1) // PIECE
        starts = days.filter((number != number.shift(1)).fill_null(True))["day"].to_list()
        return [(first, after - 1) for first, after in pairwise([*starts, until + 1])]

    def _orders(self, rest: str) -> pl.DataFrame:
        """schema.ORDERS, margin and attributes of the orders that what follows FROM tells."""
        with self.opened() as database:
            whole = database.engine.whole
            margin = f", {whole('margin')} AS margin" if self.orders.margin else ""
            attributes = "".join(f", a{n}" for n in range(len(self.attributes)))
            found = database.frame(
                self._described(database.engine).select(
                    f"SELECT order_id, customer, {whole('day_no')} AS day, {whole('second_no')} AS second,"
                    f" {whole('amount')} AS amount, kind{margin}{attributes} FROM described {rest}"
                )
            )
        texts = [
            decoding.category(found[f"a{n}"].cast(pl.String).cast(pl.Binary)).alias(name)
            for n, name in enumerate(self.attributes)
        ]
        return found.select(
            "order_id",
            self._codes(found["customer"]).alias("customer"),
            pl.col("day", "second").cast(pl.Int32),
            "amount",
            pl.col("kind").cast(pl.UInt8).cat.to(KIND),
            *(["margin"] if self.orders.margin else []),
            *texts,
        ).select(*ORDERS, pl.exclude(*ORDERS))

    def _words(self, attribute: str, where: str) -> pl.DataFrame:
        """written, value (String: as it is understood) and count (Int64) of an attribute."""
        column = self._column(attribute)
        with self.opened() as database:
            count = database.engine.whole("COUNT(*)")
            found = database.frame(
                self._described(database.engine).select(
                    f"SELECT {column} AS written, {count} AS n FROM described {where} GROUP BY {column}"
                )
            )
        written = found["written"].cast(pl.String)
        return pl.DataFrame(
            [
                written,
                decoding.text(written.cast(pl.Binary)).alias("value"),
                found["n"].cast(pl.Int64).alias("count"),
            ]
        )

    def _described(self, engine: SqlDialect) -> Chain:
        """Orders with their attributes, under the name `described`."""
        chain = self.orders.chain
        if not self.orders.line_level or not self.attributes:
            return chain.then("described", f"SELECT * FROM {CLEAN}")
        columns = [f"a{n}" for n in range(len(self.attributes))]
        by = "place" if self.orders.placed else ", ".join(f"{engine.in_byte_order(c)} NULLS LAST" for c in columns)
        chain = chain.then(
            "dearest",
            f"SELECT customer, order_id, {', '.join(columns)}, ROW_NUMBER() OVER (PARTITION BY customer, order_id"
            f" ORDER BY amount DESC, {by}) AS nth FROM {self.orders.lines} WHERE order_id IS NOT NULL",
        )
        plain = [c for c in self.orders.columns if c not in columns]
        listed = [f"o.{c}" for c in plain]
        listed += [f"CASE WHEN o.order_id IS NULL THEN o.{c} ELSE d.{c} END AS {c}" for c in columns]
        return chain.then(
            "described",
            f"SELECT {', '.join(listed)} FROM {CLEAN} o LEFT JOIN dearest d"
            " ON o.customer = d.customer AND o.order_id = d.order_id AND d.nth = 1",
        )

    def _column(self, attribute: str) -> str:
        return f"a{self.attributes.index(attribute)}"

    def _id(self, customer: int) -> str:
        name = str(self.customer_ids[customer])
        if self.orders.whole_ids:
            return name
        with self.opened() as database:
            return database.engine.literal(name)

    def _codes(self, ids: pl.Series) -> pl.Series:
        """Codes (UInt32) of ids as the engine has them."""
        numbers = self.customer_ids.cast(pl.Int64) if self.orders.whole_ids else self.customer_ids
        table = numbers.alias("id").to_frame().with_row_index("code")
        asked = ids.cast(numbers.dtype).alias("id").to_frame()
        return asked.join(table, on="id", how="left", maintain_order="left")["code"].cast(pl.UInt32)
