"""Parquet files reduced where they lie: the figures of the copy that is read, and no file beside them is touched."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner, Result

from ltvtui.cli import main
from ltvtui.errors import LtvError
from ltvtui.sources.duckdb.source import DuckdbSource
from ltvtui.sources.reduction import where


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONFIG", "CACHE", "DATA"):
        monkeypatch.setenv(f"LTVTUI_{name}_DIR", str(tmp_path / "own" / name.lower()))


def orders(first: int, count: int) -> pl.DataFrame:
    numbers = range(first, first + count)
    return pl.DataFrame(
        {
            "order_id": list(numbers),
            "customer_id": [f"c{n * 7 % 41}" for n in numbers],
            "ordered_at": [datetime(2024, 1, 1) + timedelta(hours=n * 11 % 9000) for n in numbers],
            "amount": pl.Series([(n * 37 % 9000) / 100 for n in numbers]),
            "status": ["cancelled" if n % 13 == 0 else "paid" for n in numbers],
            "channel": [("web", "shop", None)[n % 3] for n in numbers],
        }
    )


def run(*words: object) -> Result:
    done = CliRunner().invoke(main, [str(word) for word in words])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def report(shop: object, compute: str) -> Any:
    done = run("report", shop, "--format", "json", "--compute", compute, "--by", "channel")
    assert done.exit_code == 0, done.output
    assert ("reduced" in done.stderr) == (compute == "there")
    return json.loads(done.stdout)


def one_file(folder: Path) -> Path:
    orders(1, 300).write_parquet(folder / "orders.parquet")
    return folder / "orders.parquet"


def parts(folder: Path) -> Path:
    for number in range(3):
        orders(1 + 100 * number, 100).write_parquet(folder / f"orders-{number}.parquet")
    return folder


def pattern(folder: Path) -> Path:
    return parts(folder) / "orders-*.parquet"


def partitions(folder: Path) -> Path:
    for number, country in enumerate(("DK", "DE", "__HIVE_DEFAULT_PARTITION__")):
        place = folder / f"country={country}"
        place.mkdir()
        orders(1 + 100 * number, 100).drop("channel").write_parquet(place / "orders.parquet")
    return folder


@pytest.mark.parametrize("make", [one_file, parts, pattern])
def test_files_have_the_figures_of_their_copy(tmp_path: Path, make: Any) -> None:
    folder = tmp_path / "shop"
    folder.mkdir()
    shop = make(folder)
    assert report(shop, "there") == report(shop, "here")


def test_folders_that_say_something_are_columns(tmp_path: Path) -> None:
    folder = tmp_path / "year=2024" / "shop"
    folder.mkdir(parents=True)
    shop = partitions(folder)
    here, there = (run("report", shop, "--by", "country", "--compute", compute) for compute in ("here", "there"))
    assert here.exit_code == there.exit_code == 0
    assert here.stdout == there.stdout.replace("duckdb: reduced there\n", "", 1)
    assert "DK" in there.stdout
    with DuckdbSource(shop, parquet=True).open() as database:
        (table,) = database.catalog.tables()
    assert "year" not in [column.name for column in table.columns]


def test_large_ones_are_reduced_without_being_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = one_file(tmp_path)
    monkeypatch.setattr(where, "free_memory", lambda: 1000)
    done = run("report", shop)
    assert done.exit_code == 0, done.output
    assert "DuckDB reduced 300 rows where they lie" in done.stderr
    assert not list((tmp_path / "own" / "cache").rglob("*.sqlite"))


def test_a_select_reads_no_other_file(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    shop = one_file(tmp_path / "shop")
    other = tmp_path / "other.parquet"
    orders(1, 5).write_parquet(other)
    done = run("report", shop, "--compute", "there", "--orders", f"SELECT * FROM read_parquet('{other}')")
    assert done.exit_code == 2
    assert "disabled" in done.stderr


def test_files_that_changed_are_not_asked_for_single_orders(tmp_path: Path) -> None:
    from ltvtui.session.open_dataset import open_shop
    from ltvtui.session.open_request import OpenRequest

    shop = one_file(tmp_path)
    dataset = open_shop(OpenRequest(shop, compute="there")).dataset
    assert dataset.orders_of(0).height > 0
    orders(1, 200).write_parquet(shop)
    with pytest.raises(LtvError) as changed:
        dataset.orders_of(0)
    assert changed.value.what.startswith("orders.parquet has changed since it was opened")


def test_days_and_moments_of_every_type(tmp_path: Path) -> None:
    shop = tmp_path / "orders.parquet"
    frame = orders(1, 60)
    for kind in (pl.Date, pl.Datetime("ms"), pl.Datetime("us", "UTC"), pl.Datetime("ns")):
        frame.with_columns(pl.col("ordered_at").cast(kind)).write_parquet(shop)
        assert report(shop, "there") == report(shop, "here")
    assert frame["ordered_at"].dt.date().min() == date(2024, 1, 1)
