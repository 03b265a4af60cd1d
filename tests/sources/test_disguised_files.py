"""Files that are not what they are called, compressed ones, and those without a header."""

from __future__ import annotations

import gzip
import os
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result
from shops import corner_shop

from ltvtui.cli import main
from ltvtui.errors import LtvError
from ltvtui.sources.files import packed
from ltvtui.sources.files.headless import is_data_row
from ltvtui.sources.files.tables import sheets_of
from ltvtui.sources.spend.file import read_spend_file

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

BARE = "".join(f"{n},C{n % 7},2024-{1 + n % 12:02d}-05,{10 + n}.50\n" for n in range(1, 41))
HEAD = "order_id,customer_id,order_date,amount\n"
ROLES = ("--order-id", "column_1", "--customer", "column_2", "--date", "column_3", "--amount", "column_4")


def run(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def rows(path: Path, **said: bool) -> pl.DataFrame:
    (sheet,) = sheets_of(path, **said)  # type: ignore[arg-type]
    return pl.concat(list(sheet.batches()))


def workbook(path: Path) -> Path:
    pl.DataFrame({"order_id": [1, 2], "amount": [2.5, 3]}).write_excel(path)
    return path


def zipped(path: Path, name: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, HEAD)
    return path


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(50), "is an old workbook (.xls)"),
        ("a.csv", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(50), "is an old workbook (.xls)"),
        ("a.csv", gzip.compress(HEAD.encode(), mtime=0), "is compressed with gzip"),
        ("shop.tar.gz", gzip.compress(bytes(100), mtime=0), "is compressed with gzip"),
        ("a.csv", zstd.compress(HEAD.encode()), "is compressed with zstd"),
        ("orders.parquet.zst", zstd.compress(bytes(100)), "is compressed with zstd"),
        ("a.csv", b"PAR1" + bytes(20), "is a Parquet file"),
        ("a.csv", b"%PDF-1.7 ...", "is a PDF document"),
        ("a.xls", b"<html><table><tr><td>1</td></tr></table></html>", "is a page of markup"),
        ("a.xls", HEAD.encode(), "is named .xls but is not a workbook"),
    ],
)
def test_a_file_that_is_something_else_says_what(tmp_path: Path, name: str, content: bytes, what: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    found = run("report", path)
    assert found.exit_code == 2
    assert found.stderr.startswith(f"ltvtui: {name} {what}")
    with pytest.raises(LtvError) as error:
        read_spend_file(path)
    assert error.value.what.startswith(f"{name} {what}")


def test_archives_say_what_they_are(tmp_path: Path) -> None:
    dataset = workbook(tmp_path / "dataset.xlsx").rename(tmp_path / "dataset.csv")
    for path, what in (
        (dataset, "an Excel workbook (xlsx)"),
        (zipped(tmp_path / "a.zip", "orders.csv"), "a zip archive"),
        (zipped(tmp_path / "b.csv", "orders.csv"), "a zip archive"),
        (zipped(tmp_path / "c.ods", "mimetype"), "an OpenDocument file"),
    ):
        found = run("check", path)
        assert (found.exit_code, found.stderr.partition("\n")[0]) == (2, f"ltvtui: {path.name} is {what}.")


@pytest.mark.parametrize(("ending", "compress"), [(".gz", gzip.compress), (".zst", zstd.compress)])
def test_a_packed_table_is_read_as_the_unpacked_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str, compress: Callable[[bytes], bytes]
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    plain, path = tmp_path / "orders.csv", tmp_path / "packed" / f"orders.csv{ending}"
    path.parent.mkdir()
    plain.write_text(HEAD + BARE)
    path.write_bytes(compress(plain.read_bytes()))
    (sheet,) = sheets_of(path)
    (private,) = tmp_path.glob("ltvtui-scratch-*")
    assert private.stat().st_mode & 0o777 == 0o700
    assert [file.stat().st_mode & 0o777 for file in private.iterdir()] == [0o600]
    assert sheet.name == "orders"
    assert pl.concat(list(sheet.batches())).equals(rows(plain))
    del sheet
    assert not list(tmp_path.glob("ltvtui-scratch-*"))
    assert run("report", path, "--format", "json").stdout == run("report", plain, "--format", "json").stdout.replace(
        str(plain), str(path)
    )


def test_a_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "_LEAST", 2**20)
    path = tmp_path / "orders.csv.gz"
    path.write_bytes(gzip.compress(bytes(4 * 2**20)))
    with pytest.raises(LtvError, match="it unpacks to more than 1 MB"):
        sheets_of(path)


@pytest.mark.parametrize("keep", [0.5, 0.98])
@pytest.mark.parametrize(("ending", "compress"), [(".gz", gzip.compress), (".zst", zstd.compress)])
def test_a_packed_file_that_was_cut_off(
    tmp_path: Path, keep: float, ending: str, compress: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / f"orders.csv{ending}"
    whole = compress(os.urandom(5_000).hex().encode())
    path.write_bytes(whole[: int(len(whole) * keep)])
    with pytest.raises(LtvError, match="ends in the middle"):
        sheets_of(path)


@pytest.mark.parametrize(("ending", "compress"), [(".gz", gzip.compress), (".zst", zstd.compress)])
def test_a_packed_database_is_read_as_the_unpacked_one(
    tmp_path: Path, ending: str, compress: Callable[[bytes], bytes]
) -> None:
    plain = corner_shop(tmp_path)
    path = tmp_path / f"shop.sqlite{ending}"
    path.write_bytes(compress(plain.read_bytes()))
    one, other = (run("report", shop, "--format", "json").stdout for shop in (plain, path))
    assert one.replace(str(plain), str(path)).replace(plain.name, path.name) == other
    path.write_bytes(compress(bytes(200)))
    found = run("report", path)
    assert (found.exit_code, found.stderr.partition("\n")[0]) == (
        2,
        f"ltvtui: shop.sqlite in {path.name} is not an SQLite database.",
    )


@pytest.mark.parametrize(
    ("first", "below", "data"),
    [
        ("1,C1,2024-01-05,10.50", "2,C2,2024-01-06,3.00", True),
        ("2024-01,ads,300", "2024-02,ads,310", True),
        ('anna@example.com,05.01.2024,"1,50"', 'bert@example.com,06.01.2024,"2,50"', True),
        ("17,40", "18,41", True),
        ("order_id,customer,date,amount", "1,C1,2024-01-05,10.50", False),
        ("channel,2024-01,2024-02", "ads,300,310", False),
        ("channel,2023,2024", "ads,300,310", False),
        ("a,b,c", "x,y,z", False),
        ("id,1. Preis", "7,3.50", False),
    ],
)
def test_a_first_line_that_looks_like_data(first: str, below: str, data: bool) -> None:
    cells = [pl.read_csv(line.encode(), has_header=False, infer_schema=False).row(0) for line in (first, below)]
    assert is_data_row(cells[0], [cells[1]] * 4) == data


def test_a_file_without_a_header(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(BARE)
    found = run("report", path)
    assert found.exit_code == 2
    assert found.stderr.startswith(
        "ltvtui: orders.csv has no header: line 1 looks like data (1, C1, 2024-02-05, 11.50).\n"
        "If it is data, use --no-header:"
    )
    assert rows(path, header=False).columns == ["column_1", "column_2", "column_3", "column_4"]
    assert rows(path, header=False).height == 40
    assert "column_2 (such as C1) for the customer" in run("report", path, "--no-header").stderr
    headed = tmp_path / "headed.csv"
    headed.write_text(HEAD + BARE)
    one, other = run("report", path, "--no-header", *ROLES), run("report", headed)
    assert (one.exit_code, one.stdout) == (0, other.stdout)


def test_a_file_without_a_header_is_imported_whole(tmp_path: Path) -> None:
    path, into = tmp_path / "orders.csv", tmp_path / "shop.sqlite"
    path.write_text("sep=;\n" + BARE.replace(",", ";") + '40;"C\n1";2024-01-01;1\n')
    assert run("import", path, "--into", into).exit_code == 2
    assert "orders: 41 rows, 4 columns" in run("import", path, "--into", into, "--no-header").stdout


def test_a_workbook_without_a_header(tmp_path: Path) -> None:
    path = tmp_path / "orders.xlsx"
    pl.read_csv(BARE.encode(), has_header=False, try_parse_dates=True).write_excel(path, include_header=False)
    with pytest.raises(LtvError, match="has no header: row 1 of the sheet Sheet1 looks like data"):
        sheets_of(path)
    assert rows(path, header=False).columns == ["column_1", "column_2", "column_3", "column_4"]
    assert rows(path, header=False)["column_4"].to_list() == [10.5 + n for n in range(1, 41)]


def test_spend_without_a_header(tmp_path: Path) -> None:
    path = tmp_path / "spend.csv"
    path.write_text("".join(f"2024-{m:02d},ads,{100 + m}\n" for m in range(1, 7)))
    with pytest.raises(LtvError) as error:
        read_spend_file(path)
    assert "Use --spend-no-header" in error.value.mend
    found = read_spend_file(path, header=False)
    assert found.rows["channel"].unique().to_list() == ["ads"]
    assert found.rows["amount"].sum() == 621 * 10_000
    assert "column_1 is read as the date" in found.notices[0]


def test_a_shop_in_another_encoding(tmp_path: Path) -> None:
    path = tmp_path / "umsatz.csv"
    path.write_text(
        "Auftragsnr;Kundennr;Datum;Betrag\n1;Müller;05.01.2024;15,50 €\n2;Jäger;13.02.2024;3,00 €\n", "cp1252"
    )
    assert "--encoding, such as cp1252" in run("report", path).stderr
    found = run(
        "report", path, "--encoding", "cp1252", "--customer", "Kundennr", "--date", "Datum", "--amount", "Betrag"
    )
    assert found.exit_code == 0, found.stderr
    assert "18.50" in found.stdout
