"""Folders, patterns and partitions: many files that are one shop, and what must not be taken for one table."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner, Result

from ltvtui.cli import main
from ltvtui.errors import LtvError
from ltvtui.exporting.destination import Destination
from ltvtui.session.open_request import OpenRequest
from ltvtui.session.request_source import opened_source
from ltvtui.sources.files import private_database
from ltvtui.sources.registry import is_watchable
from ltvtui.storage.cache.cache import Cache

ORDERS = pl.DataFrame(
    {
        "order_id": range(1, 7),
        "customer_id": ["ann", "bob", "ann", "eve", "bob", "ann"],
        "order_date": ["2024-01-05", "2024-01-20", "2024-02-06", "2024-02-11", "2024-03-01", "2024-03-09"],
        "total": [10.0, 20.0, 30.0, 40.0, 50.0, 60.0],
    }
)
"""Six orders of three customers in three months, 210 in all."""
ALL = json.loads('{"customers": 3, "orders": 6, "revenue": 210.0}')


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONFIG", "CACHE", "DATA"):
        monkeypatch.setenv(f"LTVTUI_{name}_DIR", str(tmp_path / "own" / name.lower()))
    monkeypatch.setattr(private_database, "_until_exit", lambda: Cache(tmp_path / "own" / "exit", sys.maxsize))


@pytest.fixture
def months(tmp_path: Path) -> Path:
    """A folder with a file for each month."""
    folder = tmp_path / "shop"
    folder.mkdir()
    for (month,), rows in ORDERS.group_by(pl.col("order_date").str.slice(0, 7), maintain_order=True):
        rows.write_csv(folder / f"orders-{month}.csv")
    return folder


def run(*words: object, code: int = 0) -> Result:
    done = CliRunner().invoke(main, [str(word) for word in words])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == code, done.output
    return done


def totals(shop: object, *words: str) -> dict[str, Any]:
    base = json.loads(run("report", shop, "--format", "json", "--as-of", "2024-12-31", *words).stdout)["base"]
    return {name: base[name] for name in ALL}


def tables(shop: Path) -> dict[str, list[tuple[object, ...]]]:
    """The tables that a folder or pattern makes, with their rows."""
    with opened_source(OpenRequest(shop)) as source, closing(source.open()) as database:
        return {t.name: database.query(f'SELECT * FROM "{t.name}" ORDER BY 1') for t in database.catalog.tables()}


def notices(shop: Path) -> list[str]:
    with opened_source(OpenRequest(shop)) as source, closing(source.open()) as database:
        return database.notices


def mistake(shop: Path) -> str:
    with pytest.raises(LtvError) as error, opened_source(OpenRequest(shop)) as source:
        source.open().close()
    return f"{error.value.what} {error.value.mend}"


# --- what is one table -----------------------------------------------------------------------------------


@pytest.mark.parametrize("named", ["", "*.csv", "orders-2024-??.csv"])
def test_files_of_one_shape_are_one_table(months: Path, named: str) -> None:
    assert totals(months / named) == ALL
    assert list(tables(months / named)) == ["orders"]
    assert notices(months / named) == ["orders is made of 3 files: orders-2024-01.csv to orders-2024-03.csv."]


def test_a_pattern_names_a_part(months: Path) -> None:
    # By hand: January and February have the first four orders, of three customers, 100 in all.
    assert totals(months / "orders-2024-0[12].csv") == {"customers": 3, "orders": 4, "revenue": 100.0}


def test_folders_of_partitions_give_columns(tmp_path: Path) -> None:
    for country, at in (("DK", [0, 1]), ("Côte%20d%27Ivoire", [2, 3]), ("__HIVE_DEFAULT_PARTITION__", [4, 5])):
        folder = tmp_path / "lake" / f"country={country}" / "year=2024"
        folder.mkdir(parents=True)
        ORDERS[at].write_parquet(folder / "part-0.parquet")
    (tmp_path / "lake" / "_SUCCESS").write_text("")
    (rows,) = tables(tmp_path / "lake").values()
    assert [(row[0], *row[-2:]) for row in rows] == [
        *((1, "DK", "2024"), (2, "DK", "2024"), (3, "Côte d'Ivoire", "2024"), (4, "Côte d'Ivoire", "2024")),
        *((5, None, "2024"), (6, None, "2024")),
    ]
    assert totals(tmp_path / "lake") == ALL
    assert totals(tmp_path / "lake" / "country=*" / "year=2024" / "*.parquet") == ALL
    # Ann and Bob came from Denmark: of theirs are five orders, 10 + 20 + 30 + 50 + 60.
    assert totals(tmp_path / "lake", "--where", "country = DK") == {"customers": 2, "orders": 5, "revenue": 170.0}


def test_a_column_of_the_file_goes_before_the_name_of_its_folder(tmp_path: Path) -> None:
    folder = tmp_path / "lake" / "Total=9"
    folder.mkdir(parents=True)
    ORDERS.write_csv(folder / "a.csv")
    assert totals(tmp_path / "lake") == ALL


def test_subfolders_are_tables(tmp_path: Path) -> None:
    for name, frame in (("orders", ORDERS), ("customers", pl.DataFrame({"customer_id": ["ann"], "city": ["Oslo"]}))):
        (tmp_path / "lake" / name).mkdir(parents=True)
        for at, rows in enumerate(frame.iter_slices(3)):
            rows.write_parquet(tmp_path / "lake" / name / f"part-{at}.parquet")
    assert {name: len(rows) for name, rows in tables(tmp_path / "lake").items()} == {"customers": 1, "orders": 6}
    assert totals(tmp_path / "lake") == ALL


def test_files_of_other_shapes_are_tables_of_their_own(months: Path) -> None:
    pl.DataFrame({"customer_id": ["ann", "bob", "eve"], "city": ["Oslo", "Rome", "Oslo"]}).write_csv(
        months / "customers.csv"
    )
    assert sorted(tables(months)) == ["customers", "orders"]
    assert totals(months, "--where", "city = Oslo") == {"customers": 2, "orders": 4, "revenue": 140.0}


def test_refunds_of_the_shape_of_orders_stay_apart(months: Path) -> None:
    ORDERS[:1].write_csv(months / "refunds-2024.csv")
    assert {name: len(rows) for name, rows in tables(months).items()} == {"orders": 6, "refunds_2024": 1}


def test_a_column_that_came_later_is_blank_before(months: Path) -> None:
    ORDERS[:1].with_columns(channel=pl.lit("mail")).write_csv(months / "orders-2024-04.csv")
    (rows,) = tables(months).values()
    assert sorted(str(row[-1]) for row in rows) == ["None"] * 6 + ["mail"]
    assert "orders-2024-01.csv has no channel: blank in its rows." in notices(months)


# --- what is left out, and what is refused ---------------------------------------------------------------


def test_a_copy_does_not_count_twice(months: Path) -> None:
    shutil.copy(months / "orders-2024-02.csv", months / "orders-2024-02 (1).csv")
    assert totals(months) == ALL
    assert "orders-2024-02.csv is a copy of orders-2024-02 (1).csv: it is left out." in notices(months)


def test_the_same_rows_as_csv_and_parquet_are_refused(months: Path) -> None:
    ORDERS.write_parquet(months / "orders.parquet")
    assert mistake(months) == (
        "orders-2024-01.csv and orders.parquet have the same columns: the same rows may be in both. "
        "Name those of one kind, such as '*.csv'."
    )
    assert totals(months / "*.csv") == totals(months / "*.parquet") == ALL


def test_renamed_columns_in_the_middle_of_a_series_are_refused(months: Path) -> None:
    ORDERS.rename({"total": "amount"}).write_csv(months / "orders-2024-04.csv")
    assert mistake(months) == (
        "orders-2024-04.csv has other columns than orders-2024-01.csv: it has amount, and it lacks total. "
        "Give the columns the same names, or name files with the same columns by a pattern."
    )


def test_a_file_that_is_no_table_is_left_out_of_a_folder_but_not_of_a_pattern(months: Path) -> None:
    (months / "broken.parquet").write_bytes(b"PAR1 and no more")
    (months / "README.txt").write_text("These are the orders.\nRead with care.\n")
    assert totals(months) == ALL
    assert any("broken.parquet cannot be read" in notice and "left out" in notice for notice in notices(months))
    assert "broken.parquet cannot be read" in mistake(months / "*")


@pytest.mark.parametrize("content", ["", "order_id,customer_id,order_date,total\n"])
@pytest.mark.parametrize("named", ["", "*.csv"])
def test_a_month_without_rows_is_left_out_and_said(months: Path, content: str, named: str) -> None:
    (months / "orders-2024-04.csv").write_text(content)
    assert totals(months / named) == ALL
    assert "orders-2024-04.csv has no rows. It is left out." in notices(months / named)


@pytest.mark.parametrize(
    ("make", "named", "message"),
    [
        (lambda folder: None, "", "The folder empty holds no table."),
        (lambda folder: None, "*.csv", "No file with a table fits *.csv."),
        (lambda folder: (folder / "a.csv").write_text(""), "", "a.csv has no rows."),
        (
            lambda folder: (folder / "shop.db").write_bytes(b"SQLite format 3\0" + bytes(84)),
            "",
            "empty is a folder. Name a database in it: shop.db.",
        ),
    ],
)
def test_nothing_to_read_is_said(tmp_path: Path, make: Callable[[Path], Any], named: str, message: str) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    make(folder)
    assert mistake(folder / named).startswith(message)


# --- as a shop -------------------------------------------------------------------------------------------


def test_it_is_kept_until_a_file_comes_or_changes(months: Path) -> None:
    def fresh() -> bool:
        with opened_source(OpenRequest(months)) as source:
            return source.fresh

    assert [fresh(), fresh()] == [True, False]
    ORDERS[:1].with_columns(order_id=pl.lit(7)).write_csv(months / "orders-2024-04.csv")
    assert [fresh(), fresh()] == [True, False]
    ORDERS[:1].with_columns(order_id=pl.lit(8)).write_csv(months / "orders-2024-04.csv")
    assert [fresh(), fresh()] == [True, False]
    (months / "orders-2024-04.csv").unlink()
    assert fresh()
    assert totals(months) == ALL


def test_nothing_is_exported_into_it(months: Path, tmp_path: Path) -> None:
    for shop, to in ((months, months / "vip.csv"), (months / "orders-*.csv", months / "orders-vip.csv")):
        with pytest.raises(LtvError, match="belongs to the shop that is open"):
            Destination(to, shop).check()
    Destination(tmp_path / "vip.csv", months).check()
    Destination(months / "vip.csv", months / "orders-*.csv").check()


def test_it_cannot_be_watched_and_has_a_name(months: Path) -> None:
    pattern = OpenRequest(months / "orders-*.csv")
    assert not is_watchable(OpenRequest(months).locator)
    assert not is_watchable(pattern.locator)
    assert (pattern.name, pattern.stem) == ("orders-*.csv", "orders")
