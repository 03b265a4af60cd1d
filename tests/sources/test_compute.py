"""Where a shop is computed: by the option, else by its rows and the memory that is free; the figures are the same."""

from __future__ import annotations

import gzip
import json
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner, Result
from real_shops import DATA
from shops import corner_shop, moving_shop
from test_duckdb import in_duckdb

from ltvtui.cli import main
from ltvtui.sources.reduction import where


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONFIG", "CACHE", "DATA"):
        monkeypatch.setenv(f"LTVTUI_{name}_DIR", str(tmp_path / "own" / name.lower()))


def run(*words: object) -> Result:
    done = CliRunner().invoke(main, [str(word) for word in words])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def report(shop: Path, compute: str, *words: object) -> Any:
    done = run("report", shop, "--format", "json", "--compute", compute, *words)
    assert done.exit_code == 0, done.output
    assert ("reduced" in done.stderr) == (compute == "there")
    return json.loads(done.stdout)


def assert_same_report(shop: Path, *words: object) -> None:
    assert report(shop, "there", *words) == report(shop, "here", *words)


@pytest.mark.parametrize("make", [corner_shop, moving_shop])
def test_small_shops(tmp_path: Path, make: Any) -> None:
    assert_same_report(in_duckdb(make(tmp_path), tmp_path / "shop.duckdb"))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("cdnow.sqlite", ("--orders", "CDNOW_sample")),
        ("yandex_afisha.sqlite", ()),
        ("rfm_orders.sqlite", ()),
        ("chinook.sqlite", ("--by", "country")),
        ("northwind.sqlite", ("--refunds", "drop")),
    ],
)
def test_real_shops(tmp_path: Path, name: str, words: tuple[str, ...]) -> None:
    if not (DATA / name).exists():
        pytest.skip(f"{DATA / name} is not there")
    shop = Path(shutil.copy(DATA / name, tmp_path))
    assert_same_report(in_duckdb(shop, tmp_path / "shop.duckdb"), *words)


@pytest.mark.slow
def test_lines_of_a_real_shop(tmp_path: Path) -> None:
    packed = DATA / "uci_online_retail.sqlite.gz"
    if not packed.exists():
        pytest.skip(f"{packed} is not there")
    shop = tmp_path / "uci.sqlite"
    with gzip.open(packed) as source, shop.open("wb") as target:
        shutil.copyfileobj(source, target)
    assert_same_report(in_duckdb(shop, tmp_path / "uci.duckdb"), "--by", "country")


def test_filters_and_newest_orders_ask_the_database(tmp_path: Path) -> None:
    shop = in_duckdb(corner_shop(tmp_path), tmp_path / "shop.duckdb")
    assert_same_report(shop, "--where", "orders > 1")
    for command in (("check", shop), ("cohorts", shop), ("retention", shop)):
        here, there = (run(*command, "--compute", compute) for compute in ("here", "there"))
        assert here.exit_code == there.exit_code
        assert here.stdout.splitlines() == [line for line in there.stdout.splitlines() if "reduced" not in line]


def test_auto_decides_by_the_memory_that_is_free(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = in_duckdb(corner_shop(tmp_path), tmp_path / "shop.duckdb")
    with duckdb.connect(shop, read_only=True) as connection:
        ((rows,),) = connection.execute("SELECT count(*) FROM orders").fetchall()
    for free, reduced in ((rows * where.BYTES_A_ROW, False), (rows * where.BYTES_A_ROW - 1, True)):
        monkeypatch.setattr(where, "free_memory", lambda free=free: free)
        done = run("report", shop, "--no-cache")
        assert done.exit_code == 0
        assert (f"DuckDB reduced {rows} rows where they lie" in done.stderr) == reduced


def test_what_is_read_into_memory_says_so(tmp_path: Path) -> None:
    done = run("report", corner_shop(tmp_path), "--compute", "there")
    assert done.exit_code == 2
    assert "is read into memory" in done.stderr
    assert "--compute here" in done.stderr


def test_free_memory_is_that_of_this_machine() -> None:
    assert 2**20 < where.free_memory() < 2**50


def test_a_shop_that_needs_all_its_rows_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "lines.duckdb"
    with duckdb.connect(path) as connection:
        connection.execute("CREATE TABLE orders (order_id INT, customer_id VARCHAR, day DATE, amount DOUBLE)")
        connection.execute(
            "INSERT INTO orders SELECT i // 2, CASE WHEN i % 2 = 0 THEN 'c' || (i // 2 % 9) END,"
            " DATE '2024-01-01' + CAST(i AS INT), i + 0.5 FROM range(40) t(i)"
        )
    done = run("report", path, "--compute", "there")
    assert done.exit_code == 1
    assert "tells its customer in some of them only" in done.stderr
    assert "--compute here" in done.stderr
    assert run("report", path, "--compute", "here").exit_code == 0
