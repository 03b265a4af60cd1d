"""Files opened as if they were databases: the same figures, kept privately, made anew when the file changes."""

from __future__ import annotations

import csv
import json
import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import xlsxwriter
from click.testing import CliRunner, Result
from shops import ROOT, corner_shop

from ltvtui.cli import main
from ltvtui.errors import Cancelled, LtvError
from ltvtui.session import open_dataset
from ltvtui.session.open_dataset import open_shop
from ltvtui.session.open_request import OpenRequest
from ltvtui.session.request_source import opened_source
from ltvtui.sources.files import private_database
from ltvtui.sources.files.source import FileSource
from ltvtui.sources.mapping_file import mapping_path
from ltvtui.storage.cache.cache import Cache
from ltvtui.storage.settings_file import cache_dir, config_dir

TODAY = 20_500
AS_OF = ("--as-of", "2024-12-31")
"""When everybody of the corner shop has left."""


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Folders that nobody else uses, and nothing that outlives the test."""
    for name in ("CONFIG", "CACHE", "DATA"):
        monkeypatch.setenv(f"LTVTUI_{name}_DIR", str(tmp_path / name.lower()))
    monkeypatch.setattr(private_database, "_until_exit", lambda: Cache(tmp_path / "until-exit", sys.maxsize))


def table_of(shop: Path, name: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    with closing(sqlite3.connect(shop)) as connection:
        cursor = connection.execute(f"SELECT * FROM {name}")
        return [column[0] for column in cursor.description], cursor.fetchall()


def as_csv(shop: Path, name: str, path: Path) -> Path:
    header, rows = table_of(shop, name)
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def as_parquet(shop: Path, name: str, path: Path) -> Path:
    header, rows = table_of(shop, name)
    pl.DataFrame(rows, schema=header, orient="row", infer_schema_length=None, strict=False).write_parquet(path)
    return path


def as_workbook(shop: Path, path: Path, *names: str) -> Path:
    with xlsxwriter.Workbook(str(path)) as dataset:
        for name in names:
            header, rows = table_of(shop, name)
            sheet = dataset.add_worksheet(name)
            for number, row in enumerate([header, *rows]):
                sheet.write_row(number, 0, row)
    return path


@pytest.fixture
def corner(tmp_path: Path) -> Path:
    (tmp_path / "source").mkdir()
    return corner_shop(tmp_path / "source")


@pytest.fixture
def orders(tmp_path: Path, corner: Path) -> Path:
    """The orders of the shop that is checked by hand, as csv."""
    return as_csv(corner, "orders", tmp_path / "orders.csv")


def run(*words: object, code: int = 0) -> Result:
    done = CliRunner().invoke(main, [str(w) for w in words])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == code, done.output
    return done


def made(path: Path, **how: Any) -> bool:
    """Whether opening the file puts it into a database anew."""
    with opened_source(OpenRequest(path, **how)) as source:
        return source.fresh


@contextmanager
def private(path: Path, **how: Any) -> Iterator[tuple[Path, FileSource]]:
    """The database that is made of the file, and the source that reads it."""
    with opened_source(OpenRequest(path, **how)) as source:
        assert isinstance(source, FileSource)
        yield source.private.path, source


# --- the same as a database ---------------------------------------------------------------------------


@pytest.mark.parametrize("write", [as_csv, as_parquet])
def test_figures_are_those_of_the_database(tmp_path: Path, corner: Path, write: Any) -> None:
    file = write(corner, "orders", tmp_path / f"orders.{write.__name__.removeprefix('as_')}")
    for command in (["report"], ["cohorts"], ["retention"], ["report", "--by", "channel"]):
        name, *more = command
        of_file, of_shop = (json.loads(run(name, p, *more, "--format", "json").stdout) for p in (file, corner))
        for told in (of_file, of_shop):
            told.pop("mapping", None)
            told.pop("base", None) if name != "report" else None
        assert of_file == of_shop
    # By hand (fixtures/corner_shop.sql): ten customers brought 350 each within twelve months.
    assert json.loads(run("report", file, *AS_OF, "--format", "json").stdout)["base"]["ltv"] == pytest.approx(350)


def test_a_workbook_is_a_database_of_its_sheets(tmp_path: Path, corner: Path) -> None:
    dataset = as_workbook(corner, tmp_path / "shop.xlsx", "customers", "orders")
    told = run("config", dataset).stdout
    assert 'orders = "orders"' in told
    assert 'table = "customers"' in told
    rows = json.loads(run("report", dataset, "--by", "country", "--format", "json").stdout)["rows"]
    assert {row["country"]: row["customers"] for row in rows} == {"DK": 5, "SE": 4, None: 1}
    assert "cohort" in run("cohorts", dataset, "--orders", "orders").stdout


def test_check_budget_and_mapping_go_by_the_files_name(tmp_path: Path, orders: Path) -> None:
    assert "orders.csv" not in run("check", orders, code=1).stderr  # no notice: nothing is unusual about it
    written = run("config", orders, "--margin", "0.4", "--write").stderr
    path = mapping_path(config_dir(), orders)
    assert written == f"written: {path}\n"
    assert path.name.startswith("orders-")
    told = json.loads(run("budget", orders, "--format", "json").stdout)
    assert told["settings"]["margin"] == 0.4
    error = run("report", orders, "--orders", "sales", code=2).stderr
    assert "orders.csv has no table 'sales'" in error


def test_a_file_without_a_terminal_prints_its_report(orders: Path) -> None:
    assert "VIP" in run(orders).stdout


@pytest.mark.parametrize(
    ("text", "what", "code"),
    [
        ("", "orders.csv is empty.", 1),
        ("a,b\n", "orders.csv has a header but no rows.", 1),
        ("a,b\n1\n", "orders.csv cannot be read: line 2 has 1 fields, the header 2.", 1),
        ("a,b\n1,2\n", "No table of orders.csv looks like orders", 2),
    ],
)
def test_a_bad_file_is_told_in_two_lines(tmp_path: Path, text: str, what: str, code: int) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(text)
    told = run("report", path, code=code).stderr
    assert what in told
    assert len(told.splitlines()) == 2
    assert str(cache_dir()) not in told


@pytest.fixture
def titled(orders: Path) -> Path:
    """The orders below two lines that could be a header too."""
    orders.write_text("from,to,shop,all\n2023,2024,corner,no\n" + orders.read_text())
    return orders


def test_rows_above_the_header_are_told_and_kept(titled: Path) -> None:
    assert "--skip-rows N" in run("report", titled, code=1).stderr
    assert "VIP" in run("report", titled, "--skip-rows", "2").stdout
    assert "skip_rows = 2" in run("config", titled, "--skip-rows", "2").stdout
    run("config", titled, "--skip-rows", "2", "--write")
    assert "VIP" in run("report", titled).stdout
    assert (
        "line 3 has 7 fields" in run("report", titled, "--skip-rows", "0", code=1).stderr
    )  # what is said goes first


def test_what_is_kept_depends_on_the_rows_above(orders: Path) -> None:
    orders.write_text("order_id,customer_id,ordered_at,amount,status,channel,refund_of\n" + orders.read_text())
    assert made(orders, skip_rows=1)
    assert not made(orders, skip_rows=1)
    assert made(orders, skip_rows=0)
    with private(orders, skip_rows=1) as (one, _), private(orders, skip_rows=0) as (other, _):
        assert one != other


def test_what_was_left_out_is_told_each_time(orders: Path) -> None:
    before = open_shop(OpenRequest(orders), today=TODAY).dataset.cleaned.orders
    orders.write_text("Orders of the corner shop\n\n" + orders.read_text() + "Total,,,99999,,,\n")
    for _ in range(2):  # made, and found in the cache
        told = run("report", orders).stderr
        assert "lines 1 to 2 are titles above the header" in told
        assert "line 27 has totals: it is left out." in told  # below 2 of titles, the header and 23 rows
        assert open_shop(OpenRequest(orders), today=TODAY).dataset.cleaned.orders.equals(before)
    assert "has totals" in run("report", orders, "--orders", "sales", code=2).stderr


# --- where it lies ------------------------------------------------------------------------------------


def test_it_is_made_once_and_anew_when_the_file_changes(orders: Path) -> None:
    assert made(orders)
    assert not made(orders)
    before = open_shop(OpenRequest(orders), today=TODAY).dataset.cleaned.orders.height
    with orders.open("a") as file:
        file.write("90,ann,2024-04-12 10:00:00,250,paid,web,\n")
    assert open_shop(OpenRequest(orders), today=TODAY).dataset.cleaned.orders.height == before + 1
    assert not made(orders)
    state = orders.stat()
    orders.write_text(orders.read_text().replace("ann", "ANN"))  # as long as before, and as old
    os.utime(orders, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert made(orders)


def test_it_is_for_your_eyes_only_and_goes_with_the_cache(orders: Path) -> None:
    with private(orders) as (place, source):
        assert source.path == orders
        assert place.is_relative_to(cache_dir())
        assert stat.S_IMODE(place.stat().st_mode) == 0o600
        assert stat.S_IMODE(place.parent.stat().st_mode) == 0o700
    assert "orders.csv" in run("cache").stdout
    assert "removed" in run("cache", "--clear", orders).stdout
    assert not place.exists()
    assert made(orders)


def test_a_new_one_takes_the_place_of_the_old(orders: Path) -> None:
    made(orders)
    with orders.open("a") as file:
        file.write("90,ann,2024-04-12 10:00:00,250,paid,web,\n")
    made(orders)
    assert len(Cache(cache_dir(), 10**9).entries()) == 1


def test_nobody_removes_what_is_being_read(orders: Path) -> None:
    with private(orders) as (place, source):
        Cache(cache_dir(), 10**9).clear()
        assert place.exists()
        with source.open() as database:
            assert database.query("SELECT count(*) FROM orders") == [(23,)]
    Cache(cache_dir(), 10**9).clear()
    assert not place.exists()


def test_what_was_changed_in_the_cache_is_made_anew(orders: Path) -> None:
    with private(orders) as (place, _):
        pass
    with place.open("ab") as file:
        file.write(b"x")
    assert made(orders)
    assert not made(orders)


def test_without_the_cache_it_lasts_as_long_as_the_program(tmp_path: Path, orders: Path) -> None:
    assert made(orders, cache=False)
    assert not made(orders, cache=False)  # asked again, as the mapping dialog does with every key
    assert not cache_dir().exists()
    code = "from ltvtui.cli import main; import sys; main(['report', sys.argv[1], '--no-cache'])"
    (tmp_path / "tmp").mkdir()
    environment = {**os.environ, "TMPDIR": str(tmp_path / "tmp")}
    done = subprocess.run(
        [sys.executable, "-c", code, orders], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "VIP" in done.stdout
    assert list((tmp_path / "tmp").iterdir()) == []


def test_what_is_larger_than_the_cache_is_read_all_the_same(orders: Path) -> None:
    config_dir().mkdir()
    (config_dir() / "config.toml").write_text("cache_limit = 100")
    opened = open_shop(OpenRequest(orders), today=TODAY)
    assert opened.dataset.cleaned.orders.height == 20  # of 23 rows three are left out: see the shop
    assert any("is read again next time: it is larger than the limit of the cache" in n for n in opened.notices)


def test_a_large_file_opens_warm(orders: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from ltvtui.session import dataset_cache

    monkeypatch.setattr(dataset_cache, "LEAST_ROWS", 0)
    monkeypatch.setattr(open_dataset, "LEAST_ROWS", 0)
    first = open_shop(OpenRequest(orders), today=TODAY)
    assert first.store is not None
    assert first.store(lambda: False) is None
    monkeypatch.setattr(open_dataset, "read", None)  # nothing is read again
    again = open_shop(OpenRequest(orders), today=TODAY)
    assert again.dataset.cleaned.orders.equals(first.dataset.cleaned.orders)
    entries = Cache(cache_dir(), 10**9).entries()
    assert [entry.source for entry in entries] == [str(orders), str(orders)]  # the rows, and what was made of them


# --- progress and cancelling ---------------------------------------------------------------------------


def test_rows_are_counted_once(orders: Path) -> None:
    told: list[tuple[int, int]] = []
    open_shop(OpenRequest(orders), lambda done, total: told.append((done, total)), today=TODAY)
    assert told == [(23, 23)]


def test_a_cancelled_opening_leaves_nothing(orders: Path) -> None:
    with pytest.raises(Cancelled):
        open_shop(OpenRequest(orders), cancelled=lambda: True, today=TODAY)
    assert Cache(cache_dir(), 10**9).entries() == []
    assert list(cache_dir().iterdir()) == []


def test_a_file_that_is_written_to_meanwhile(orders: Path) -> None:
    def grow(done: int, total: int) -> None:
        with orders.open("a") as file:
            file.write("90,ann,2024-04-12 10:00:00,250,paid,web,\n")

    with pytest.raises(LtvError, match="changed while it was being read"):
        open_shop(OpenRequest(orders), grow, today=TODAY)


def test_a_real_shop_as_csv(tmp_path: Path) -> None:
    """UCI Online Retail: figures of the metrics, from the file that others begin with."""
    source = ROOT.parent / "shared" / "data" / "uci_online_retail.sqlite.gz"
    if not source.exists():
        pytest.skip(f"the real shops are not at hand: {source.parent}")
    import gzip

    (tmp_path / "uci.sqlite").write_bytes(gzip.decompress(source.read_bytes()))
    with closing(sqlite3.connect(tmp_path / "uci.sqlite")) as connection:
        (name,) = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchone()
    path = as_csv(tmp_path / "uci.sqlite", name, tmp_path / "uci.csv")
    base = json.loads(run("report", path, "--format", "json").stdout)["base"]
    assert (base["customers"], base["orders"]) == (4_339, 18_536)
    assert base["revenue"] == pytest.approx(8_310_477.05)
    # Of those proven new: the history is cut off.
    assert base["ltv"] == pytest.approx(1_219.711317)
