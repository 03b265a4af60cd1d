"""A shop of PostgreSQL that was read before: never shown for fresh when it is not certain."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from postgres import Server

from ltvtui.session import dataset_cache, open_dataset
from ltvtui.session.open_dataset import open_shop
from ltvtui.session.open_request import OpenRequest
from ltvtui.session.opened_dataset import OpenedDataset
from ltvtui.sources.base import Likeness
from ltvtui.sources.locator import locate
from ltvtui.sources.postgres.database import PostgresDatabase
from ltvtui.sources.postgres.version import PostgresVersion, version_of
from ltvtui.sources.registry import source_at
from ltvtui.sources.server_address import server_address
from ltvtui.storage.cache.cache import Cache
from ltvtui.storage.settings_file import cache_dir

pytestmark = pytest.mark.engines
ORDERS = (
    "CREATE TABLE orders AS SELECT n AS order_id, 'c' || n % 7 AS customer_id, date '2024-01-01' + n AS ordered_at,"
    " n::numeric(9, 2) AS amount FROM generate_series(1, 40) n"
)
UNSURE = re.compile(r"was read at \d\d:\d\d; nothing hints at a change since")


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONFIG", "CACHE", "DATA"):
        monkeypatch.setenv(f"LTVTUI_{name}_DIR", str(tmp_path / name.lower()))
    monkeypatch.setattr(dataset_cache, "LEAST_ROWS", 0)
    monkeypatch.setattr(open_dataset, "LEAST_ROWS", 0)


@pytest.fixture
def base(postgres: Server) -> str:
    found = postgres.new_base()
    postgres.run(ORDERS, "CREATE TABLE other (x int)", base=found)
    return found


def opened(uri: str, **how: bool) -> OpenedDataset:
    return open_shop(OpenRequest(uri, **how))


def is_unsure(found: OpenedDataset) -> bool:
    notices = [notice for notice in found.notices if UNSURE.search(notice)]
    assert bool(notices) == (found.read_at is not None)
    return bool(notices)


def orders(found: OpenedDataset) -> int:
    return found.dataset.cleaned.orders.height


def counted(server: Server, base: str, uri: str, before: str) -> None:
    """Wait until the server tells what was written: it does so some time after."""
    end = time.monotonic() + 60
    while True:
        with PostgresDatabase(server_address(uri)) as database:
            found = version_of(database)
        assert found is not None
        if found.counts != before:
            return
        assert time.monotonic() < end
        time.sleep(0.05)


def counts(uri: str) -> str:
    with PostgresDatabase(server_address(uri)) as database:
        found = version_of(database)
    assert found is not None
    return found.counts


def test_what_nobody_has_written_to_is_the_same(postgres: Server, base: str) -> None:
    uri = postgres.uri(base)
    first = opened(uri)
    assert first.store is not None
    assert first.store(lambda: False) is None
    again = opened(uri)
    assert again.store is None, "it was not read"
    assert (orders(again), is_unsure(again)) == (40, False)


def test_a_write_elsewhere_leaves_a_doubt_that_is_said_and_r_reads_again(
    postgres: Server, base: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    uri = postgres.uri(base)
    first = opened(uri)
    assert first.store is not None
    assert first.store(lambda: False) is None
    another = postgres.new_base()
    postgres.run("CREATE TABLE t (x int)", base=another)  # a commit of the same server, in another database
    assert is_unsure(opened(uri))
    assert opened(uri, again=True).store is not None, "it was read"
    assert opened(uri, cache=False).read_at is None
    monkeypatch.setattr(dataset_cache, "UNSURE_SECONDS", 0.0)
    late = opened(uri)
    assert late.store is not None, "it was read, for the time is over"
    assert not is_unsure(late)


@pytest.mark.parametrize(
    "write",
    [
        "INSERT INTO orders VALUES (41, 'c1', '2024-03-01', 5)",
        "UPDATE orders SET amount = 7 WHERE order_id = 3",
        "DELETE FROM orders WHERE order_id = 3",
        "TRUNCATE orders",
        "INSERT INTO other VALUES (1)",
        "ALTER TABLE orders ALTER amount TYPE numeric(12, 4)",
    ],
)
def test_a_write_is_a_change(postgres: Server, base: str, write: str) -> None:
    uri = postgres.uri(base)
    before = counts(uri)
    with source_at(locate(uri)) as source:
        first = source.version()
        postgres.run(write, base=base)
        counted(postgres, base, uri, before)
        now = source.version()
    assert isinstance(now, PostgresVersion)
    assert first is not None
    assert now.likeness(first.as_json()) is Likeness.OTHER


def test_rows_of_another_server_are_read_each_time(postgres: Server, base: str) -> None:
    foreign = (
        "CREATE EXTENSION IF NOT EXISTS file_fdw",
        "CREATE SERVER files FOREIGN DATA WRAPPER file_fdw",
        "CREATE FOREIGN TABLE far (x text) SERVER files OPTIONS (filename '/dev/null')",
    )
    postgres.run(*foreign, base=base)
    with source_at(locate(postgres.uri(base))) as source:
        assert source.version() is None
    found = opened(postgres.uri(base))
    assert found.store is not None
    assert found.store(lambda: False) == "the database has changed in the meantime"


def test_it_is_listed_by_its_address(postgres: Server, base: str) -> None:
    uri = postgres.uri(base).replace("reader@", "reader:geheim@")
    found = opened(uri)
    assert found.store is not None
    assert found.store(lambda: False) is None
    cache = Cache(cache_dir(), 10**9)
    (entry,) = cache.entries()
    assert (entry.source, entry.name, entry.folder) == (postgres.uri(base), postgres.uri(base), None)
    assert opened(postgres.uri(base)).store is None, "with a password or without, it is the same shop"
    assert cache.clear(postgres.uri(base)) == entry.bytes
