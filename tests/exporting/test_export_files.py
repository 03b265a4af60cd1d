"""Every kind of file, read back: rows, types, figures as worked by hand, and no formulas."""

from __future__ import annotations

import json
import sqlite3
import stat
import zipfile
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from exports_of import exported, refused
from shops import build

AS_OF = ("--as-of", "2024-12-31")
COLUMNS = [
    "id",
    "name",
    "tier",
    "revenue",
    "orders",
    "average_check",
    "first",
    "last",
    "silent",
    "stage",
    "country",
    "channel",
]


def on(month: int, day: int) -> date:
    return date(2024, month, day)


# fixtures/corner_shop.sql; 2024-04-11 lies 264 days before the as-of day, 2024-02-10 61 days earlier still. All are
# longer than the churn gap, 31 days.
BY_HAND: list[tuple[Any, ...]] = [
    ("ann", "Ann [bold]Ash[/bold]", "VIP", 1000.0, 4, 250.0, on(1, 10), on(4, 11), 264, "lost", "DK", "web"),
    ("bob", "Bob Birch", "VIP", 800.0, 4, 200.0, on(1, 10), on(4, 11), 264, "lost", "DK", "shop"),
    ("cat", "Cat Cedar", "middle", 500.0, 2, 250.0, on(1, 10), on(2, 10), 325, "lost", "SE", "web"),
    ("dan", "Dan Date", "middle", 400.0, 2, 200.0, on(1, 10), on(2, 10), 325, "lost", "SE", "web"),
    ("eve", "Eve Elm", "middle", 300.0, 2, 150.0, on(1, 10), on(2, 10), 325, "lost", "DK", "shop"),
    ("fay", "Fay Fir", "economy", 200.0, 1, 200.0, on(2, 20), on(2, 20), 315, "one-time", "DK", "web"),
    ("gus", "Gus Gum", "economy", 150.0, 1, 150.0, on(2, 21), on(2, 21), 314, "one-time", "SE", "web"),
    ("hal", "Hal Holly", "economy", 100.0, 1, 100.0, on(2, 22), on(2, 22), 313, "one-time", None, "shop"),
    ("ida", "Ida Ivy", "economy", 50.0, 1, 50.0, on(2, 23), on(2, 23), 312, "one-time", "SE", "web"),
    ("joe", "Joe Juniper", "economy", 0.0, 1, 0.0, on(2, 24), on(2, 24), 311, "one-time", "DK", "web"),
]
TYPES = [pl.String] * 3 + [pl.Float64, pl.Int64, pl.Float64, pl.Date, pl.Date, pl.Int64] + [pl.String] * 3


def read(path: Path) -> pl.DataFrame:
    match path.suffix:
        case ".csv":
            return pl.read_csv(path, try_parse_dates=True)
        case ".parquet":
            return pl.read_parquet(path)
        case ".xlsx":
            return pl.read_excel(path)
        case ".jsonl":
            return pl.read_ndjson(path).with_columns(pl.col("first", "last").str.to_date())
    with closing(sqlite3.connect(path)) as connection:
        cursor = connection.execute("SELECT * FROM customers")
        names = [column[0] for column in cursor.description]
        frame = pl.DataFrame(cursor.fetchall(), schema=names, orient="row")
    return frame.with_columns(pl.col("first", "last").str.to_date())


@pytest.mark.parametrize("ending", ["csv", "parquet", "xlsx", "jsonl", "sqlite"])
def test_every_kind_holds_the_figures_worked_by_hand(corner: Path, out: Path, ending: str) -> None:
    path = out / f"all.{ending}"
    told = exported(corner, *AS_OF, "--to", path)
    assert told[0].startswith("10 rows · ")
    assert str(path) in told[0]
    found = read(path)
    assert found.columns == COLUMNS
    # Text files and sheets know no difference between 1000 and 1000.0.
    whole = {pl.Int64: pl.Float64} if ending in ("csv", "xlsx") else {}
    assert [whole.get(kind, kind) for kind in found.dtypes] == [whole.get(kind, kind) for kind in TYPES]
    assert found.rows() == BY_HAND
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [p.name for p in out.iterdir()] == [path.name]


def test_csv_letter_by_letter(corner: Path, out: Path) -> None:
    exported(corner, *AS_OF, "--to", out / "x.csv", "--where", "tier = VIP or name ~ holly")
    assert (out / "x.csv").read_text("utf-8") == (
        "id,name,tier,revenue,orders,average_check,first,last,silent,stage,country,channel\n"
        "ann,Ann [bold]Ash[/bold],VIP,1000,4,250,2024-01-10,2024-04-11,264,lost,DK,web\n"
        "bob,Bob Birch,VIP,800,4,200,2024-01-10,2024-04-11,264,lost,DK,shop\n"
        "hal,Hal Holly,economy,100,1,100,2024-02-22,2024-02-22,313,one-time,,shop\n"
    )


def test_json_has_an_object_a_line(corner: Path, out: Path) -> None:
    exported(
        corner, *AS_OF, "--to", out / "x.ndjson", "--where", "name ~ holly", "--columns", "id,country,revenue,last"
    )
    (line,) = (out / "x.ndjson").read_text("utf-8").splitlines()
    assert json.loads(line) == {"id": "hal", "country": None, "revenue": 100.0, "last": "2024-02-22"}


def test_markdown_is_as_on_screen(corner: Path, out: Path) -> None:
    exported(corner, *AS_OF, "--to", out / "x.md", "--where", "tier = VIP", "--columns", "id,revenue,last")
    assert (out / "x.md").read_text("utf-8") == (
        "| customer | revenue | last order |\n| --- | ---: | --- |\n"
        "| ann | 1 000.00 | 2024-04-11 |\n| bob | 800.00 | 2024-04-11 |\n"
    )


def test_a_workbook_is_made_to_be_read(corner: Path, out: Path) -> None:
    exported(corner, *AS_OF, "--to", out / "x.xlsx")
    with zipfile.ZipFile(out / "x.xlsx") as dataset:
        sheet, styles = (dataset.read(f"xl/{name}.xml").decode() for name in ("worksheets/sheet1", "styles"))
        names = dataset.read("xl/workbook.xml").decode()
    assert 'name="customers"' in names
    assert 'state="frozen"' in sheet
    assert "<autoFilter" in sheet
    assert "<b/>" in styles
    for shown in ("#,##0.00", "yyyy-mm-dd"):
        assert f'formatCode="{shown}"' in styles


def test_columns_are_chosen_and_ordered(corner: Path, out: Path) -> None:
    # A title or a key, whatever the case; dimensions of every shop can be had too.
    exported(corner, *AS_OF, "--to", out / "x.csv", "--columns", "Avg check, stage ,ID,first_order,ABC")
    found = pl.read_csv(out / "x.csv")
    assert found.columns == ["average_check", "stage", "id", "first", "ABC"]
    # Of 3500 stand before ann … joe 0, 1000, 1800, 2300, 2700, 3000, 3200, 3350, 3450, 3500; B from 2800, C 3325.
    assert dict(zip(found["id"], found["ABC"], strict=True)) == {
        **dict.fromkeys(("ann", "bob", "cat", "dan", "eve"), "A"),
        **dict.fromkeys(("fay", "gus"), "B"),
        **dict.fromkeys(("hal", "ida", "joe"), "C"),
    }


def test_an_unknown_column_names_those_there_are(corner: Path, out: Path) -> None:
    what, mend = refused(2, corner, "--to", out / "x.csv", "--columns", "id,revenu")
    assert "'revenu'" in what
    assert "Did you mean revenue?" in mend
    assert "silent" in mend
    assert "twice" in refused(2, corner, "--to", out / "x.csv", "--columns", "id,ID")[0]
    assert not list(out.iterdir())


def test_the_format_is_said_or_seen(corner: Path, out: Path) -> None:
    exported(corner, "--to", out / "list.dat", "--format", "CSV")
    assert (out / "list.dat").read_text("utf-8").startswith("id,name,")
    what, mend = refused(2, corner, "--to", out / "list.txt")
    assert "list.txt" in what
    assert ".parquet" in mend
    assert "parquet" in refused(2, corner, "--to", out / "x.csv", "--format", "pdf")[1]


HOSTILE = """
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id TEXT, order_date TEXT, amount REAL, channel TEXT);
INSERT INTO orders VALUES (1, '=HYPERLINK("http://x")', '2024-01-01', 10, '@sum(1)'),
    (2, '+1-1', '2024-01-02', -2.5, '-2+3'), (3, char(9) || '=1', '2024-01-03', 3, 'a' || char(13) || '=b'),
    (4, '+1-1', '2024-01-04', 1, '-2+3'), (5, '-17', '2024-01-04', 1, 'x"y,z');
"""
IDS = {'=HYPERLINK("http://x")', "+1-1", "=1", "-17"}  # blanks around an id are no part of it
CONFIG = """
[mapping]
orders = "orders"
customer = "customer_id"
date = "order_date"
amount = "amount"
order_id = "id"
date_formats = ["iso"]
[mapping.attributes]
"=cmd|calc" = "channel"
"""


@pytest.fixture
def hostile(tmp_path: Path) -> tuple[object, ...]:
    """A shop whose texts, headings too, are formulas to a spreadsheet."""
    (tmp_path / "hostile.toml").write_text(CONFIG, "utf-8")
    return build(tmp_path, HOSTILE), "--config", tmp_path / "hostile.toml"


def test_no_cell_of_a_csv_is_a_formula(hostile: tuple[object, ...], out: Path) -> None:
    exported(*hostile, "--to", out / "x.csv")
    found = pl.read_csv(out / "x.csv", infer_schema=False)
    assert "'=cmd|calc" in found.columns
    assert set(found["id"]) == {'\'=HYPERLINK("http://x")', "'+1-1", "'=1", "-17"}  # a number is no formula
    assert set(found["'=cmd|calc"]) == {"'@sum(1)", "'-2+3", "a =b", 'x"y,z'}
    # -2.5 + 1 = -1.5 of one order: a number below zero stays one.
    assert found.filter(pl.col("id") == "'+1-1")["revenue"].to_list() == ["-1.5"]
    assert found.filter(pl.col("id") == "'+1-1")["average_check"].to_list() == ["-1.5"]


def test_no_cell_of_a_workbook_is_a_formula(hostile: tuple[object, ...], out: Path) -> None:
    exported(*hostile, "--to", out / "x.xlsx")
    with zipfile.ZipFile(out / "x.xlsx") as dataset:
        sheet, styles = (dataset.read(f"xl/{name}.xml").decode() for name in ("worksheets/sheet1", "styles"))
    assert "<f>" not in sheet
    assert 'quotePrefix="1"' in styles
    found = pl.read_excel(out / "x.xlsx")
    assert set(found["id"]) == IDS  # as they are: it is the type of the cell that says text
    assert "=cmd|calc" in found.columns
    assert found["revenue"].dtype == pl.Float64


@pytest.mark.parametrize("ending", ["parquet", "sqlite"])
def test_what_no_spreadsheet_runs_is_left_as_it_is(hostile: tuple[object, ...], out: Path, ending: str) -> None:
    exported(*hostile, "--to", out / f"x.{ending}")
    found = read(out / f"x.{ending}")
    assert set(found["id"]) == IDS
    assert set(found["=cmd|calc"]) == {"@sum(1)", "-2+3", "a\r=b", 'x"y,z'}
