"""Shops on Spark have the figures of the local reading, to the last integer, or are refused; and nothing is half."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, nullcontext
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import spark
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, Phase, event, given, settings
from polars.testing import assert_frame_equal, assert_series_equal
from shops import corner_shop
from test_orders_there import assert_answers
from test_reduction import REFUSED, Made, in_both, locally, numbers, shops

from ltvtui.analytics.people import describe
from ltvtui.cli import main
from ltvtui.errors import Cancelled, LtvError
from ltvtui.session.open_dataset import open_shop
from ltvtui.session.open_request import OpenRequest
from ltvtui.sources.reduction.orders_there import OrdersThere
from ltvtui.sources.reduction.reduce import reduce_shop
from ltvtui.sources.spark.database import SparkDatabase
from ltvtui.sources.spark.source import SparkSource
from ltvtui.sources.spark_address import TOKEN, spark_address

WHY = spark.hindrance()
pytestmark = [
    pytest.mark.engines,
    pytest.mark.slow,
    pytest.mark.skipif(bool(WHY), reason=WHY),
    pytest.mark.filterwarnings("ignore"),  # the driver warns of packages that are not used
]
KINDS: dict[str, Any] = {
    "BIGINT": pl.Int64,
    "INTEGER": pl.Int32,
    "DOUBLE": pl.Float64,
    "VARCHAR": pl.String,
    "DATE": pl.Date,
    "TIMESTAMP": pl.Datetime("us"),
}
ENDLESS = "SELECT COUNT(*) AS n FROM range(1000000) a CROSS JOIN range(9999999) b WHERE a.id <> b.id"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with spark.running(tmp_path_factory.mktemp("spark")) as address:
        yield address


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONFIG", "CACHE", "DATA"):
        monkeypatch.setenv(f"LTVTUI_{name}_DIR", str(tmp_path / "own" / name.lower()))
    monkeypatch.delenv(TOKEN, raising=False)


def fill(server: str, folder: Path, **tables: pl.DataFrame) -> None:
    """Tables over files of parquet, and no others."""
    with SparkDatabase(spark_address(server)) as database:
        for name, _ in database.ask(lambda session: [(found.name, 0) for found in session.catalog.listTables()]):
            database.ask(lambda session, name=name: session.sql(f"DROP TABLE {name}"))
        for name, rows in tables.items():
            path = folder / f"{name}{next(numbers)}.parquet"
            rows.write_parquet(path)
            create = f"CREATE TABLE {name} USING parquet LOCATION '{path}'"
            database.ask(lambda session, create=create: session.sql(create))


def copied(server: str, shop: Path, folder: Path) -> None:
    """The tables of a database of SQLite."""
    with closing(sqlite3.connect(shop)) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        tables = {
            name: pl.read_database(f'SELECT * FROM "{name}"', connection, infer_schema_length=None)
            for (name,) in names
        }
    fill(server, folder, **tables)


def run(*words: object) -> Result:
    done = CliRunner().invoke(main, [str(word) for word in words])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert spark.TOKEN not in done.output
    return done


@settings(
    deadline=None, derandomize=True, max_examples=2, suppress_health_check=list(HealthCheck), phases=(Phase.generate,)
)
@given(shops())
def test_any_shop(tmp_path_factory: pytest.TempPathFactory, server: str, made: Made) -> None:
    folder = tmp_path_factory.mktemp("any")
    lite, _ = in_both(folder, made)
    columns = [pl.Series(name, values, KINDS[kind]) for name, (kind, values) in made.columns.items()]
    fill(server, folder, orders=pl.DataFrame(columns))
    with SparkSource(spark_address(server)).open() as database:
        try:
            cleaned, _ = locally(lite, made)
        except LtvError as error:
            with pytest.raises(LtvError) as told:
                reduce_shop(database, made.mapping, made.policy)
            assert told.value.what == error.what or REFUSED in told.value.what  # noqa: PT017 - of both
            return
        try:
            reduced = reduce_shop(database, made.mapping, made.policy)
        except LtvError as error:
            assert error.what.startswith(REFUSED), error  # noqa: PT017 - that is right, too
            event("refused")
            return
        event("same")
        assert cleaned.activity is not None
        assert_frame_equal(reduced.activity, cleaned.activity)
        assert_series_equal(reduced.customer_ids, cleaned.customer_ids)
        assert (reduced.counts, reduced.statuses) == (cleaned.counts, cleaned.statuses)
        assert (reduced.currency, reduced.rows_read) == (cleaned.currency, cleaned.rows_read)
        people = describe(cleaned, None).frame.drop("customer", "id")
        assert_frame_equal(reduced.first_orders, people, categorical_as_str=True)
        if not cleaned.orders.is_empty():
            parts = reduced.orders, reduced.attributes, reduced.customer_ids, reduced.days
            assert_answers(OrdersThere(lambda: nullcontext(database), *parts), cleaned)


def test_a_report_is_that_of_sqlite(tmp_path: Path, server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its customers and its spend are found, though Spark has no keys; the token stands in no address."""
    shop = corner_shop(tmp_path)
    copied(server, shop, tmp_path)
    monkeypatch.setenv(TOKEN, spark.TOKEN)
    plain = server.partition("/;")[0]
    figures = []
    for address in (str(shop), plain):
        done = run("report", address, "--format", "json")
        assert done.exit_code == 0, done.stderr
        figures.append({key: found for key, found in json.loads(done.stdout).items() if key != "shop"})
    assert figures[0].pop("notices", None) == figures[1].pop("notices", None)
    assert figures[0] == figures[1]
    run("connect", "there", plain)
    assert "spark: reduced there" in run("report", "there").stdout


def session_of(store: OrdersThere) -> SparkDatabase:
    with store.opened() as found:
        assert isinstance(found, SparkDatabase)
        return found


def test_single_orders_are_those_of_the_figures(tmp_path: Path, server: str) -> None:
    """What others write meanwhile is not seen; where a session was lost, another one is begun if nothing changed."""
    shop = corner_shop(tmp_path)
    copied(server, shop, tmp_path)
    here = open_shop(OpenRequest(shop, cache=False)).dataset
    there = open_shop(OpenRequest(server)).dataset
    asked = there.orders_of(0)
    assert_frame_equal(asked, here.orders_of(0), check_dtypes=False, categorical_as_str=True)
    store = there.cleaned.elsewhere
    assert isinstance(store, OrdersThere)
    first = session_of(store)
    first.end()
    assert_frame_equal(there.orders_of(0), asked)
    second = session_of(store)
    assert second.state != first.state
    with closing(sqlite3.connect(shop)) as connection:
        connection.execute("UPDATE orders SET amount = amount + 1 WHERE order_id = 1")
        connection.commit()
    copied(server, shop, tmp_path)
    assert_frame_equal(there.orders_of(0), asked)
    second.end()
    with pytest.raises(LtvError, match="has changed since it was opened"):
        there.orders_of(0)


def test_exports_are_those_of_sqlite(tmp_path: Path, server: str) -> None:
    shop = corner_shop(tmp_path)
    copied(server, shop, tmp_path)
    texts = []
    for number, address in enumerate((shop, server)):
        to = tmp_path / f"found{number}.csv"
        done = run("export", address, "--where", "channel = web", "--to", to)
        assert done.exit_code == 0, done.output
        texts.append(to.read_text("utf-8"))
    assert texts[0] == texts[1]
    assert texts[0].count("\n") > 2


def test_a_cancel_is_heard_and_the_session_goes_on(server: str) -> None:
    ended: list[float] = []
    with SparkDatabase(spark_address(server)) as database:
        database.stopped = lambda: bool(ended)
        timer = threading.Timer(1.0, lambda: ended.append(time.monotonic()))
        timer.start()
        with pytest.raises(Cancelled):
            database.frame(ENDLESS)
        assert time.monotonic() - ended[0] < 2
        database.stopped = lambda: False
        assert database.frame("SELECT 1 AS one").rows() == [(1,)]


def test_cells(server: str) -> None:
    with SparkDatabase(spark_address(server)) as database:
        asked = "SELECT DATE'2024-01-31', TIMESTAMP'2024-01-31 23:30:00', 1.5, ?"
        assert database.query(asked, ("it's \\",)) == [("2024-01-31", "2024-01-31 23:30:00", 1.5, "it's \\")]


@pytest.mark.parametrize(
    ("token", "words", "what", "mend"),
    [
        ("geheim", (), "refuses the token", TOKEN),
        ("", (), "asks for a token", TOKEN),
        (spark.TOKEN, ("--orders", "nothing"), "has no table 'nothing'", "Choose from"),
        (spark.TOKEN, ("--orders", "SELECT * FROM no.such"), "does not find what is asked for", "schema.table"),
        (spark.TOKEN, ("--orders", "SELECT raise_error('boo')"), "cannot answer a query: boo", "mapping"),
    ],
)
def test_what_fails_says_how_to_mend_it(
    server: str, token: str, words: tuple[str, ...], what: str, mend: str
) -> None:
    address = server.partition("/;")[0] + (f"/;token={token}" if token else "")
    done = run("report", address, *words)
    assert done.exit_code in (1, 2)
    assert not done.stdout
    assert what in done.stderr
    assert mend in done.stderr
    assert "geheim" not in done.output


def test_a_server_that_is_gone_is_told(server: str) -> None:
    port = int(server.partition("/;")[0].rpartition(":")[2])
    wire = spark.Between(port)
    address = spark_address(server.replace(str(port), str(wire.port)))
    with SparkDatabase(address) as database:
        threading.Timer(1.0, wire.cut).start()
        with pytest.raises(LtvError, match=r"connection to sc://localhost:\d+ was lost") as told:
            database.frame("SELECT reflect('java.lang.Thread', 'sleep', 4000 + id) FROM range(1)")  # it ends there
        assert spark.TOKEN not in told.value.what
    with pytest.raises(LtvError, match="No Spark Connect server answers"):
        SparkSource(address).open()
