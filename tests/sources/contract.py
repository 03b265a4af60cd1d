"""What every source has to do, as tests: a source passes when a class derived from these does.

A new engine derives from `ManyTables` (from `SourceContract`, if it holds one table) and gives its `subject`, through
which the tests make tables and commit to them as another program would.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from threading import Thread
from typing import Protocol

import polars as pl
import pytest
from structures import Figures, figures

from ltvtui.errors import Cancelled, LtvError
from ltvtui.session.open_dataset import open_shop
from ltvtui.session.open_request import OpenRequest
from ltvtui.sources.base import Database, Seen, Source, TooSlow
from ltvtui.sources.catalog import tables_of
from ltvtui.sources.catalog_table import CatalogTable
from ltvtui.sources.contacts import read_contacts
from ltvtui.sources.locator import locate
from ltvtui.sources.mapping import Attribute, CustomerTable, Mapping, SpendTable
from ltvtui.sources.preview import preview
from ltvtui.sources.read import read
from ltvtui.sources.registry import is_watchable, source_at
from ltvtui.sources.relation import find_table
from ltvtui.sources.sql import quote

ORDERS = pl.DataFrame(
    {
        "order_id": [1, 2, 3, 4],
        "customer_id": ["ann", "bob", "ann", None],
        "ordered_at": ["2024-01-01 10:00:00", "2024-01-02", None, "2024-01-04"],
        "amount": [10.25, -5.0, 7.0, None],
        "channel": ["web", None, "shop", "web"],
    }
)
MORE = pl.DataFrame(
    {
        "order_id": [5],
        "customer_id": ["eve"],
        "ordered_at": ["2024-01-05"],
        "amount": [1.0],
        "channel": ["web"],
    }
)
MAPPING = Mapping(
    "orders",
    "customer_id",
    "ordered_at",
    "amount",
    order_id="order_id",
    date_formats=("iso",),
    attributes=(Attribute("channel", "channel"),),
)
DAY_ONE = 19_723
"""2024-01-01."""


class Subject(Protocol):
    """One empty source of a kind."""

    @property
    def uri(self) -> str | Path: ...

    def fill(self, table: str, rows: pl.DataFrame) -> None:
        """Make a table."""

    def add(self, table: str, rows: pl.DataFrame) -> None:
        """Commit further rows, as another program does; waits for its turn."""


def only_table(database: Database) -> CatalogTable:
    (table,) = tables_of(database)
    return table


def count(database: Database) -> int:
    ((rows,),) = database.query("SELECT count(*) FROM orders")
    assert isinstance(rows, int)
    return rows


class SourceContract:
    """Of a source with the table `orders`."""

    @pytest.fixture
    def subject(self) -> Subject:
        raise NotImplementedError

    @pytest.fixture
    def filled(self, subject: Subject) -> Subject:
        subject.fill("orders", ORDERS)
        return subject

    @pytest.fixture
    def source(self, filled: Subject) -> Iterator[Source]:
        with source_at(locate(filled.uri)) as source:
            yield source

    # -- what it holds ---------------------------------------------------------------------------------

    def test_the_catalog_names_tables_and_columns_and_samples_them(self, source: Source) -> None:
        with source.open() as database:
            table = only_table(database)
        assert (table.name, table.rows, table.view) == ("orders", 4, False)
        assert [column.name for column in table.columns] == ORDERS.columns
        for column in table.columns:
            assert sorted(map(str, column.sample)) == sorted(map(str, ORDERS[column.name]))

    def test_odd_names_are_names(self, subject: Subject) -> None:
        names = ['order "id"', "Größe €", "select", "it's", "a,b", "x;--", "[y]", "%s"]
        subject.fill("orders", pl.DataFrame({name: [place, 7] for place, name in enumerate(names)}))
        with source_at(locate(subject.uri)) as source, source.open() as database:
            assert [column.name for column in only_table(database).columns] == names
            for place, name in enumerate(names):
                found = database.query(f"SELECT {quote(name)} FROM orders ORDER BY 1")
                assert sorted(value for (value,) in found) == sorted([place, 7])

    def test_a_query_has_names_and_values(self, source: Source) -> None:
        with source.open() as database:
            assert database.names("SELECT order_id AS a, amount FROM orders") == ("a", "amount")
            found = database.query("SELECT customer_id FROM orders WHERE order_id >= ? ORDER BY order_id", (3,))
            assert found == [("ann",), (None,)]

    def test_what_is_wrong_in_a_query_is_told(self, source: Source) -> None:
        with source.open() as database:
            for wrong in ("SELECT nothing_there FROM orders", "SELECT * FROM nowhere", "SELEC"):
                with pytest.raises(LtvError, match="cannot answer"):
                    database.query(wrong)
                with pytest.raises(LtvError):
                    database.names(wrong)

    def test_a_select_stands_for_the_table_and_its_text_is_looked_at_cut(self, subject: Subject) -> None:
        subject.fill("orders", ORDERS.with_columns(channel=pl.lit("x" * 300)))
        select = (
            "SELECT order_id, customer_id, ordered_at, amount * 2 AS paid, channel FROM orders WHERE order_id < 3"
        )
        mapping = Mapping(select, "customer_id", "ordered_at", "paid", order_id="order_id", date_formats=("iso",))
        with source_at(locate(subject.uri)) as source, source.open() as database:
            table = find_table(database, select, "orders")
            samples = {column.name: column.sample for column in table.columns}
            assert sorted(samples["order_id"], key=str) == [1, 2]
            assert samples["channel"] == ("x" * 200,) * 2
            rows = read(database, mapping).rows.sort("order_id")
        assert rows["amount"].to_list() == [205_000, -100_000]

    # -- rows ------------------------------------------------------------------------------------------

    def test_every_row_is_read_and_null_is_null(self, source: Source) -> None:
        shop = source.in_one_state(lambda database: read(database, MAPPING))
        rows = shop.rows.sort("order_id")
        assert rows["order_id"].to_list() == [1, 2, 3, 4]
        assert rows["customer_id"].to_list() == ["ann", "bob", "ann", None]
        assert rows["day"].to_list() == [DAY_ONE, DAY_ONE + 1, None, DAY_ONE + 3]
        assert rows["second"].to_list() == [36_000, 0, None, 0]
        assert rows["amount"].to_list() == [102_500, -50_000, 70_000, None]
        assert rows["channel"].cast(pl.String).to_list() == ["web", None, "shop", "web"]

    def test_amounts_that_are_text_are_read_and_calculated_with(self, subject: Subject) -> None:
        texts = pl.DataFrame(
            {
                "who": ["a", "b", "c"],
                "day": ["2024-01-01"] * 3,
                "price": ["1.234,50", "7,25", "none"],
                "pieces": [2, 4, 1],
            }
        )
        subject.fill("orders", texts)
        with source_at(locate(subject.uri)) as source:
            for amount, wanted in (
                ("price", [12_345_000, 72_500, None]),
                ("price * pieces", [24_690_000, 290_000, None]),
            ):
                shop = source.in_one_state(
                    lambda d, a=amount: read(d, Mapping("orders", "who", "day", a, date_formats=("iso",)))
                )
                assert shop.rows.sort("customer_id")["amount"].to_list() == wanted

    def test_cell_by_cell_gives_the_same(self, source: Source) -> None:
        fast = source.in_one_state(lambda database: read(database, MAPPING))
        safe = source.in_one_state(lambda database: read(database, MAPPING, typed=False))
        assert fast.rows.equals(safe.rows)

    def test_many_rows_are_read_in_their_order_with_progress(self, subject: Subject) -> None:
        height = 60_000  # more than one batch
        many = pl.DataFrame(
            {"id": range(height), "who": ["x"] * height, "day": ["2024-01-01"] * height, "paid": range(height)}
        )
        subject.fill("orders", many)
        as_json: list[tuple[int, int]] = []
        mapping = Mapping("orders", "who", "day", "paid", order_id="id", date_formats=("iso",))
        with source_at(locate(subject.uri)) as source:
            rows = source.in_one_state(lambda d: read(d, mapping, progress=lambda *done: as_json.append(done))).rows
        assert rows["order_id"].to_list() == list(range(height))
        assert rows["amount"].sum() == 10_000 * height * (height - 1) // 2
        assert as_json == sorted(as_json)
        assert as_json[-1] == (height, height)

    def test_an_empty_table_has_no_rows(self, subject: Subject) -> None:
        subject.fill("orders", ORDERS.clear())
        with source_at(locate(subject.uri)) as source, source.open() as database:
            table = only_table(database)
            assert (table.rows, [column.sample for column in table.columns]) == (0, [()] * ORDERS.width)
            shop = read(database, MAPPING)
        assert shop.rows.height == 0
        assert {"customer_id", "day", "amount"} <= set(shop.rows.columns)

    def test_the_first_rows_can_be_looked_at(self, source: Source) -> None:
        with source.open() as database:
            shown = preview(database, MAPPING, 1)
        assert shown["amount read"].to_list() == ["10.25"]

    # -- one state -------------------------------------------------------------------------------------

    def test_what_is_read_is_of_one_state_while_others_write(self, filled: Subject, source: Source) -> None:
        writers: list[Thread] = []

        def work(database: Database) -> set[tuple[int, int]]:
            seen = {(count(database), database.state)}
            if not writers:
                writers.append(Thread(target=filled.add, args=("orders", MORE)))
                writers[0].start()
                writers[0].join(0.3)  # it may have to wait until we are done
            with database.transaction():
                return seen | {(count(database), database.state) for _ in range(3)}

        ((rows, _),) = source.in_one_state(work)
        assert rows in (4, 5)  # of after the write, where it was Torn and read again
        writers[0].join(60)
        assert not writers[0].is_alive()
        with source_at(locate(filled.uri)) as now:
            assert now.in_one_state(count) == 5

    def test_a_pause_within_a_transaction_goes_on_in_one_state(self, source: Source) -> None:
        with source.open() as database, database.transaction():
            state = database.state
            with database.paused():
                pass
            assert (count(database), database.state) == (4, state)
            database.check()

    def test_the_version_changes_with_a_write_and_only_then(self, filled: Subject) -> None:
        def version() -> dict[str, object]:
            with source_at(locate(filled.uri)) as source:
                found = source.version()
                assert found is not None
                assert source.is_current(found) == found.is_quiet
                return found.as_json()

        before = version()
        with source_at(locate(filled.uri)) as source:
            source.in_one_state(count)
        assert version() == before
        filled.add("orders", MORE)
        assert version() != before

    # -- ending ----------------------------------------------------------------------------------------

    def test_a_query_hears_a_cancel(self, source: Source) -> None:
        endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
        asked = 0

        def stopped() -> bool:
            nonlocal asked
            asked += 1
            return asked > 20

        with source.open(stopped) as database, pytest.raises(Cancelled):
            database.query(endless)

    def test_a_query_that_takes_too_long_is_ended(self, source: Source) -> None:
        endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
        with source.open() as database:
            with pytest.raises(TooSlow):
                database.query(endless, seconds=0.05)
            assert count(database) == 4

    def test_reading_hears_a_cancel(self, source: Source) -> None:
        with pytest.raises(Cancelled):
            source.in_one_state(lambda database: read(database, MAPPING, cancelled=lambda: True))

    def test_it_can_be_closed_twice_and_tells_when_it_is_closed(self, source: Source) -> None:
        database = source.open()
        with database.transaction():
            assert count(database) == 4
        database.close()
        database.close()

    # -- hands off -------------------------------------------------------------------------------------

    def test_nothing_can_be_written(self, source: Source) -> None:
        with source.open() as database:
            for write in ("DELETE FROM orders", "DROP TABLE orders", "CREATE TABLE x (y)"):
                with pytest.raises(LtvError):
                    database.query(write)
            assert count(database) == 4

    def test_its_name_holds_no_secret(self, source: Source) -> None:
        with source.open() as database:
            assert source.name == database.name
            with pytest.raises(LtvError) as caught:
                database.query("SELECT * FROM nowhere")
        assert "secret" not in source.name + str(caught.value)

    # -- watched ---------------------------------------------------------------------------------------

    def test_a_watch_sees_what_others_commit(self, filled: Subject, source: Source) -> None:
        watch = source.watch()
        assert (watch is not None) == is_watchable(locate(filled.uri))
        if watch is None:
            return
        assert watch.poll() is Seen.COMMIT
        assert watch.poll() is Seen.NOTHING
        filled.add("orders", MORE)
        assert watch.poll() is Seen.COMMIT
        with watch.transaction() as database:
            assert count(database) == 5
        assert watch.poll() is Seen.NOTHING
        assert not watch.is_copy
        watch.close()
        assert watch.poll() is not Seen.NOTHING or count(watch.database) == 5
        watch.close()


PEOPLE = pl.DataFrame(
    {"id": ["ann", "bob", "ann"], "country": ["DE", None, "FR"], "email": ["ann@example.com", None, "x@example.com"]}
)
SPEND = pl.DataFrame({"day": ["2024-01-01", "2024-01-01"], "channel": ["web", "web"], "cost": [1.5, 2.0]})


class ManyTables(SourceContract):
    """Of a source that holds several tables."""

    @pytest.fixture
    def shop(self, filled: Subject) -> Iterator[Source]:
        filled.fill("people", PEOPLE)
        filled.fill("costs", SPEND)
        with source_at(locate(filled.uri)) as source:
            yield source

    def test_tables_come_by_name(self, shop: Source) -> None:
        with shop.open() as database:
            assert [table.name for table in tables_of(database)] == ["costs", "orders", "people"]

    def test_customers_and_spend_are_read_beside_the_orders(self, shop: Source) -> None:
        people = CustomerTable("people", "id", attributes=(Attribute("country", "country"),))
        mapping = Mapping(
            *("orders", "customer_id", "ordered_at", "amount"),
            order_id="order_id",
            date_formats=("iso",),
            customers=people,
            spend=SpendTable("costs", "day", amount="cost", channel="channel"),
        )
        found = shop.in_one_state(lambda database: read(database, mapping))
        assert found.people is not None
        assert found.people.select("customer_id", "country").rows() == [("ann", "DE"), ("bob", None)]
        assert any("Repeated customer ids in people: 1." in notice for notice in found.notices)
        assert found.spend is not None
        assert found.spend.rows() == [(DAY_ONE, "web", 35_000)]
        contacts = read_contacts(shop, mapping)
        assert contacts.frame.select("id", "email").rows() == [("ann", "ann@example.com")]

    def test_orders_lead_to_their_lines(self, subject: Subject) -> None:
        subject.fill("orders", ORDERS.select("order_id", "customer_id", "ordered_at"))
        lines = pl.DataFrame({"order_id": [2, 1, 1], "price": [5.0, 1.25, 2.0], "pieces": [1, 2, 3]})
        subject.fill("lines", lines)
        mapping = Mapping(
            *("orders", "customer_id", "ordered_at", "price * pieces"),
            order_id="order_id",
            lines="lines",
            date_formats=("iso",),
        )
        with source_at(locate(subject.uri)) as source:
            rows = source.in_one_state(lambda database: read(database, mapping)).rows
        found = rows.select(pl.col("customer_id").cast(pl.String), "amount").sort("customer_id", "amount").rows()
        assert found == [("ann", 25_000), ("ann", 60_000), ("bob", 50_000)]

    # -- detected --------------------------------------------------------------------------------------

    def test_refunds_of_a_table_of_their_own_are_taken_off(self, subject: Subject) -> None:
        """The figures of test_refund_tables.py: 95 orders of 20, 5 + 20 paid back; one order was cancelled, and its
        refund goes with it, and one refund failed."""
        status = ["cancelled" if order <= 5 else "paid" for order in NUMBERS]
        subject.fill("orders", orders_of(20.0).with_columns(pl.Series("status", status)))
        refunds = pl.DataFrame(
            {
                "id": [1, 2, 3, 4],
                "order_id": [50, 60, 1, 70],
                "amount": [5.0, 20.0, 20.0, 20.0],
                "refunded_at": ["2024-01-01", *["2024-05-01"] * 3],
                "status": ["succeeded", "succeeded", "succeeded", "failed"],
            }
        )
        subject.fill("refunds", refunds)
        assert figures(open_shop(OpenRequest(subject.uri, cache=False))) == Figures(95, 25, 1875.0, 25.0)

    def test_the_status_of_an_order_is_the_last_of_its_history(self, subject: Subject) -> None:
        """The figures of test_structures_of_systems.py: 31 to 40 and 96 to 100 were cancelled at last."""
        subject.fill("orders", orders_of(10.5))
        days = [day_of(order) for order in NUMBERS]
        first = ["cancelled" if order <= 40 else "created" for order in NUMBERS]
        later = [order for order in NUMBERS if order <= 30 or order > 40]
        then = ["reopened" if order <= 30 else "cancelled" if order > 95 else "paid" for order in later]
        history = pl.DataFrame(
            {
                "id": range(1, 101 + len(later)),
                "order_id": [*NUMBERS, *later],
                "status": [*first, *then],
                "changed_at": [*(f"{day} 10:00:00" for day in days), *(f"{day_of(o)} 12:00:00" for o in later)],
            }
        )
        subject.fill("order_status_history", history)
        assert figures(open_shop(OpenRequest(subject.uri, cache=False))) == Figures(85, 25, 892.5)

    def test_lines_with_prices_as_text_are_summed(self, subject: Subject) -> None:
        """One to three pieces, 99 in all at 1250.50 in odd orders, 101 at 3.25 in even ones."""
        subject.fill("orders", orders_of(0.0).drop("total"))
        lines = pl.DataFrame(
            {
                "order_id": NUMBERS,
                "product_id": [1 + order % 2 for order in NUMBERS],
                "quantity": [1 + order % 3 for order in NUMBERS],
                "unit_price": ["1,250.50" if order % 2 else "3.25" for order in NUMBERS],
            }
        )
        subject.fill("order_lines", lines)
        found = figures(open_shop(OpenRequest(subject.uri, cache=False)))
        assert found == Figures(100, 25, 99 * 1250.5 + 101 * 3.25)


NUMBERS = range(1, 101)


def day_of(order: int) -> str:
    return (date(2023, 1, 1) + timedelta(days=5 * order)).isoformat()


def orders_of(total: float) -> pl.DataFrame:
    """A hundred orders of 25 customers."""
    return pl.DataFrame(
        {
            "order_id": NUMBERS,
            "customer_id": [order * 7 % 25 + 1 for order in NUMBERS],
            "created_at": [day_of(order) for order in NUMBERS],
            "total": total,
        }
    )
