"""Shops that were kept: the same figures, and never those of another state of the database."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
import pytest
import slow_path
from same import assert_same, queries
from shops import corner_shop

import ltvtui
from ltvtui.analytics import schema
from ltvtui.analytics.lifecycle.leads import leads
from ltvtui.session import dataset_cache, open_dataset, stored_dataset
from ltvtui.session.open_dataset import open_shop
from ltvtui.session.open_request import OpenRequest
from ltvtui.session.opened_dataset import OpenedDataset
from ltvtui.sources.overrides import Overrides

TODAY = 20_000

SHOP = """
CREATE TABLE orders (order_id INTEGER PRIMARY KEY, customer_id, day TEXT, amount, status, channel, note);
CREATE INDEX by_customer ON orders (customer_id);
CREATE TABLE log (line);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
INSERT INTO orders SELECT i, 'C' || (i * 7919 % 977), date(1.5e9 + i * 6000, 'unixepoch'),
    CASE i % 50 WHEN 0 THEN -5.5 ELSE i % 90 + 0.25 END, {status}, 'c' || i % 9, hex(randomblob(20)) FROM n;
"""
MORE = """
INSERT INTO orders (order_id, customer_id, day, amount, status, channel)
SELECT order_id + 20000, customer_id, date(day, '+1500 days'), amount + 1, status, channel
FROM orders WHERE order_id <= 500;
"""
ONE = "INSERT INTO orders VALUES (90000, 'C1', '2019-01-01', 5, NULL, 'new', '');"


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache of its own for every test, and shops of any size kept."""
    monkeypatch.setenv("LTVTUI_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("LTVTUI_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.setattr(dataset_cache, "LEAST_ROWS", 0)
    monkeypatch.setattr(open_dataset, "LEAST_ROWS", 0)


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """How shops were read: "whole", or "on" where only what came later was."""
    told: list[str] = []
    whole, on = open_dataset.read, dataset_cache.read_on

    def read(*args: Any, **more: Any) -> Any:
        told.append("whole")
        return whole(*args, **more)

    def read_on(*args: Any, **more: Any) -> Any:
        found = on(*args, **more)
        if found is not None:
            told.append("on")
        return found

    monkeypatch.setattr(open_dataset, "read", read)
    monkeypatch.setattr(dataset_cache, "read_on", read_on)
    return told


@lru_cache
def written(sql: str) -> bytes:
    """The database that `sql` makes: its many rows are written once, not for every test."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "shop.sqlite"
        write(path, sql)
        return path.read_bytes()


def shop(folder: Path, status: str = "NULL") -> Path:
    path = folder / "shop.sqlite"
    path.write_bytes(written(SHOP.format(status=status)))
    return path


def write(path: Path, sql: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(sql)
        connection.commit()


def opened(path: Path, **said: Any) -> OpenedDataset:
    return open_shop(OpenRequest(path, **said), today=TODAY)


def kept(path: Path, **said: Any) -> OpenedDataset:
    """Open a shop and keep it."""
    found = opened(path, **said)
    assert found.store is not None
    assert found.store(lambda: False) is None
    return found


@pytest.mark.parametrize("status", ["NULL", "CASE i % 10 WHEN 0 THEN 'failed' ELSE 'paid' END"])
def test_opened_again_it_is_the_same_shop(tmp_path: Path, reads: list[str], status: str) -> None:
    path = shop(tmp_path, status)
    first = kept(path)
    again = opened(path)
    assert reads == ["whole"]
    assert again.store is None
    assert again.proposal is not None
    assert first.proposal is not None
    assert again.proposal.guesses == first.proposal.guesses
    assert_same(first, again)


def test_a_shop_with_margins_people_refunds_and_spend(tmp_path: Path, reads: list[str]) -> None:
    path = corner_shop(tmp_path)
    again = (kept(path), opened(path))
    assert_same(*again)
    assert reads == ["whole"]
    for found in again:
        assert found.dataset.ask(leads, found.query) == 1
        assert found.dataset.people.leads is not None
        assert found.dataset.people.leads["name"].to_list() == ["Kim Kapok, who never bought"]


def test_a_shop_without_a_customer_table_knows_no_leads(tmp_path: Path) -> None:
    path = shop(tmp_path)
    for found in (kept(path), opened(path)):
        assert found.dataset.ask(leads, found.query) is None


@pytest.mark.parametrize("how", ["another version", "another schema", "other code"])
def test_what_another_version_has_stored_is_made_anew(
    tmp_path: Path, reads: list[str], monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    path = corner_shop(tmp_path)
    with monkeypatch.context() as before:
        if how == "another version":
            before.setattr(ltvtui, "__version__", "0.0.9")
        elif how == "another schema":
            before.setattr(schema, "KIND", pl.Enum(["refund", "order"]))
        else:
            before.setattr(stored_dataset, "_CODE", ("analytics", "sources"))
        first = kept(path)
    assert_same(first, kept(path))
    assert_same(first, opened(path))
    assert reads == ["whole", "whole"]


def test_a_day_later_it_is_a_day_later(tmp_path: Path) -> None:
    path = shop(tmp_path)
    kept(path)
    request = OpenRequest(path)
    for today in (17_500, 18_000, 20_000):
        warm, cold = open_shop(request, today=today), open_shop(replace(request, cache=False), today=today)
        assert warm.dataset.as_of(warm.query) == cold.dataset.as_of(cold.query)


@pytest.mark.parametrize("status", ["NULL", "CASE i % 10 WHEN 0 THEN 'failed' ELSE 'paid' END"])
def test_what_was_added_is_read_alone(tmp_path: Path, reads: list[str], status: str) -> None:
    path = shop(tmp_path, status)
    kept(path)
    for more in (
        MORE,
        "INSERT INTO log VALUES ('x');",
        "INSERT INTO orders VALUES (90000, 9, '2019-01-01', 3, NULL, 'new', '');",
    ):
        write(path, more)
        grown = kept(path)
        assert_same(grown, opened(path, cache=False))
    assert reads == ["whole", "on", "whole", "on", "whole", "on", "whole"]
    assert_same(opened(path), grown)
    assert len(reads) == 7


@pytest.mark.parametrize("status", ["NULL", "CASE i % 10 WHEN 0 THEN 'failed' ELSE 'paid' END"])
def test_what_was_read_on_is_as_by_the_slow_path(tmp_path: Path, reads: list[str], status: str) -> None:
    """And so is all that is the same as another opening of it."""
    path = shop(tmp_path, status)
    kept(path)
    write(path, MORE)
    dataset = opened(path).dataset
    assert reads == ["whole", "on"]
    for query in queries(dataset).values():
        slow_path.assert_same(dataset.snapshot(query))


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE orders SET amount = amount + 1 WHERE order_id = 11000;",
        "UPDATE orders SET customer_id = 'C5' WHERE order_id = 1;",
        "DELETE FROM orders WHERE order_id = 20000;",
        "DELETE FROM orders WHERE order_id = 1;",
        f"DELETE FROM orders WHERE order_id = 11000; {ONE}",
        "DELETE FROM orders WHERE order_id BETWEEN 7000 AND 10000;",
        "UPDATE orders SET order_id = 99999 WHERE order_id = 10000;",
        "ALTER TABLE orders ADD COLUMN more;",
        "DROP TABLE log;",
        "UPDATE orders SET day = '03/04/2020' WHERE order_id = 20000;",
    ],
)
def test_what_was_changed_is_never_believed(tmp_path: Path, reads: list[str], change: str) -> None:
    path = shop(tmp_path)
    kept(path)
    write(path, change + MORE.replace("20000", "100000"))
    found = opened(path)
    assert reads == ["whole", "whole"]
    assert_same(found, opened(path, cache=False))


def test_a_change_that_no_figure_is_made_of(tmp_path: Path, reads: list[str]) -> None:
    path = shop(tmp_path)
    kept(path)
    write(path, "UPDATE orders SET note = 'read again' WHERE order_id = 11000;")
    assert_same(opened(path), opened(path, cache=False))
    assert reads == ["whole", "on", "whole"]


def test_another_file_under_the_same_name(tmp_path: Path, reads: list[str]) -> None:
    path = shop(tmp_path)
    kept(path)
    other = tmp_path / "other.sqlite"
    write(other, SHOP.format(status="NULL").replace("7919", "7907"))
    shutil.copyfile(other, path)
    assert_same(opened(path), opened(other, cache=False))
    assert "on" not in reads


@pytest.mark.parametrize("how", ["cut", "flip", "gone", "empty"])
def test_a_damaged_entry_is_made_anew(tmp_path: Path, reads: list[str], how: str) -> None:
    path = shop(tmp_path)
    first = kept(path)
    for file in (tmp_path / "cache").rglob("*.arrow"):
        content = bytearray(file.read_bytes())
        if how == "cut":
            file.write_bytes(content[:-9])
        elif how == "flip":
            content[len(content) // 2] ^= 0x10
            file.write_bytes(content)
        elif how == "empty":
            file.write_bytes(b"")
        else:
            file.unlink()
    again = kept(path)
    assert reads == ["whole", "whole"]
    assert_same(first, again)
    opened(path)
    assert reads == ["whole", "whole"]


def test_opened_in_another_way_it_is_read(tmp_path: Path, reads: list[str]) -> None:
    path = shop(tmp_path)
    kept(path)
    assert opened(path, cleaning={"refunds": "drop"}).dataset.cleaned.counts != opened(path).dataset.cleaned.counts
    opened(path, overrides=Overrides(amount="amount * 2"))
    opened(path, cache=False)
    assert reads == ["whole"] * 4


def test_turned_off_nothing_is_kept(tmp_path: Path) -> None:
    path = shop(tmp_path)
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "config.toml").write_text("cache_limit = 0\n")
    assert opened(path).store is None
    assert not (tmp_path / "cache").exists()


def test_written_to_while_it_is_kept(tmp_path: Path, reads: list[str]) -> None:
    path = shop(tmp_path)
    found = opened(path)
    assert found.store is not None
    write(path, MORE)
    assert found.store(lambda: False) == "the database has changed in the meantime"
    assert opened(path).dataset.cleaned.rows_read == 20_500


def test_small_shops_are_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    monkeypatch.setenv("LTVTUI_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("LTVTUI_CONFIG_DIR", str(tmp_path / "config"))
    assert opened(shop(tmp_path)).store is None


TIMED = SHOP.replace("date(1.5e9 + i * 6000", "datetime(1.5e9 + i * 6000")
NIGHT = "INSERT INTO orders VALUES (90000, 'C1', '2024-03-30 23:30:00', 5, NULL, 'new', '');"
BERLIN = {"time_zone": "Europe/Berlin"}


def test_a_shop_in_a_time_zone_is_kept_and_read_on(tmp_path: Path, reads: list[str]) -> None:
    path = tmp_path / "shop.sqlite"
    write(path, TIMED.format(status="NULL"))
    first = kept(path, cleaning=BERLIN)
    again = opened(path, cleaning=BERLIN)
    assert reads == ["whole"]
    assert_same(first, again)
    assert again.dataset.time_zone == "Europe/Berlin"
    write(path, NIGHT)
    grown = kept(path, cleaning=BERLIN)
    assert reads == ["whole", "on"]
    assert_same(grown, opened(path, cleaning=BERLIN, cache=False))
    assert grown.dataset.activity_index.last_day == 19_813  # 2024-03-31, half an hour after midnight
    assert opened(path).dataset.activity_index.last_day == 19_812
    assert opened(path).dataset.time_zone is None
    write(path, "UPDATE orders SET day = '2018-05-05 05:05:05' WHERE order_id = 15000;")
    assert_same(opened(path, cleaning=BERLIN), opened(path, cleaning=BERLIN, cache=False))


def test_a_shop_of_days_that_gets_a_time_of_day_is_read_as_a_whole(tmp_path: Path, reads: list[str]) -> None:
    """Midnight was no moment before, and is one now."""
    path = shop(tmp_path)
    write(path, "UPDATE orders SET day = day || ' 00:00:00';")
    days_alone = kept(path, cleaning=BERLIN)
    assert opened(path, cleaning=BERLIN).dataset.time_zone is None
    assert opened(path, cleaning=BERLIN).notices == days_alone.notices != ()
    write(path, NIGHT)
    grown = opened(path, cleaning=BERLIN)
    assert reads == ["whole", "whole"]
    assert grown.dataset.time_zone == "Europe/Berlin"
    assert grown.notices == ()
