"""Shops on Spark have the figures of the local reading, to the last integer, or are refused."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import spark
from click.testing import CliRunner
from hypothesis import HealthCheck, event, given, settings
from polars.testing import assert_frame_equal, assert_series_equal
from shops import corner_shop
from test_reduction import REFUSED, Made, in_both, locally, numbers, shops

from ltvtui.analytics.people import describe
from ltvtui.cli import main
from ltvtui.errors import Cancelled, LtvError
from ltvtui.sources.reduction.reduce import Reduced, reduce_shop
from ltvtui.sources.spark.database import SparkDatabase
from ltvtui.sources.spark.source import SparkSource
from ltvtui.sources.spark_address import spark_address

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


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with spark.running(tmp_path_factory.mktemp("spark")) as address:
        yield address


def fill(server: str, folder: Path, name: str, rows: pl.DataFrame) -> None:
    """A table over a file of parquet."""
    path = folder / f"{name}{next(numbers)}.parquet"
    rows.write_parquet(path)
    with SparkDatabase(spark_address(server)) as database:
        database.ask(lambda session: session.sql(f"DROP TABLE IF EXISTS {name}"))
        database.ask(lambda session: session.sql(f"CREATE TABLE {name} USING parquet LOCATION '{path}'"))


def there(server: str, made: Made) -> Reduced:
    return SparkSource(spark_address(server)).in_one_state(
        lambda found: reduce_shop(found, made.mapping, made.policy)
    )


@settings(deadline=None, derandomize=True, max_examples=2, suppress_health_check=list(HealthCheck))
@given(shops())
def test_any_shop(tmp_path_factory: pytest.TempPathFactory, server: str, made: Made) -> None:
    folder = tmp_path_factory.mktemp("any")
    lite, _ = in_both(folder, made)
    columns = [pl.Series(name, values, KINDS[kind]) for name, (kind, values) in made.columns.items()]
    fill(server, folder, "orders", pl.DataFrame(columns))
    try:
        cleaned, _ = locally(lite, made)
    except LtvError as error:
        with pytest.raises(LtvError) as told:
            there(server, made)
        assert told.value.what == error.what or REFUSED in told.value.what  # noqa: PT017 - of both
        return
    try:
        reduced = there(server, made)
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


def test_a_report_is_that_of_sqlite(tmp_path: Path, server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONFIG", "CACHE", "DATA"):
        monkeypatch.setenv(f"LTVTUI_{name}_DIR", str(tmp_path / "own" / name.lower()))
    shop = corner_shop(tmp_path)
    with closing(sqlite3.connect(shop)) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (name,) in names:
            rows = pl.read_database(f'SELECT * FROM "{name}"', connection, infer_schema_length=None)
            fill(server, tmp_path, name, rows)
    figures = []
    for address in (str(shop), server):
        done = CliRunner().invoke(main, ["report", address, "--format", "json"])
        assert done.exit_code == 0, done.stderr
        found = json.loads(done.stdout)
        # Spark knows no keys: what is mapped beside the orders may be less
        figures.append({key: found[key] for key in found if key not in ("mapping", "shop", "notices")})
    assert figures[0] == figures[1]


def test_a_cancel_is_heard_and_the_session_goes_on(server: str) -> None:
    asked = [0]

    def stopped() -> bool:
        asked[0] += 1
        return asked[0] > 50

    with SparkDatabase(spark_address(server)) as database:
        database.stopped = stopped
        with pytest.raises(Cancelled):
            database.frame(
                "SELECT COUNT(*) AS n FROM range(1000000) a CROSS JOIN range(9999999) b WHERE a.id <> b.id"
            )
        database.stopped = lambda: False
        assert database.frame("SELECT 1 AS one").rows() == [(1,)]


def test_cells(server: str) -> None:
    with SparkDatabase(spark_address(server)) as database:
        assert database.query("SELECT DATE'2024-01-31', TIMESTAMP'2024-01-31 23:30:00', 1.5, ?", ("it's \\",)) == [
            (str(date(2024, 1, 31)), str(datetime(2024, 1, 31, 23, 30)), 1.5, "it's \\")
        ]
        with pytest.raises(LtvError, match="cannot answer a query"):
            database.query("SELECT * FROM nothing_of_that_name")
