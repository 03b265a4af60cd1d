"""Files of lines as they are not meant to be: other ends, NUL bytes, endless lines, too many columns, deep JSON."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from ltvtui.errors import LtvError
from ltvtui.sources.files import lines as lines_module
from ltvtui.sources.files.column_types import readable
from ltvtui.sources.files.lines import LONGEST, check_lines, count_lines
from ltvtui.sources.files.names import MOST_COLUMNS
from ltvtui.sources.files.tables import sheets_of


def written(folder: Path, text: str | bytes, name: str = "orders.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def rows(path: Path) -> list[tuple[Any, ...]]:
    (sheet,) = sheets_of(path)
    return [row for batch in sheet.batches() for row in readable(batch, sheet.typed, sheet.whole).rows()]


def refused(path: Path) -> str:
    with pytest.raises(LtvError) as caught:
        rows(path)
    assert caught.value.exit_code == 1
    assert caught.value.mend
    return caught.value.what


# --- ends of lines ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "a,b\r1,x\r2,y\r",
        "a,b\r1,x\r2,y",
        "a,b\n1,x\r2,y\n",
        "a,b\r\n1,x\r2,y\r\n",
        "a,b\r1,x\n2,y\n",
        '"a","b"\r"1","x"\r"2","y"\r',
        "a;b\r1;x\r2;y\r",
    ],
)
def test_a_line_ends_in_any_way(tmp_path: Path, text: str) -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        assert rows(written(tmp_path, text.encode(encoding))) == [("1", "x"), ("2", "y")]


def test_a_ragged_line_is_counted_by_its_own_ends(tmp_path: Path) -> None:
    assert "line 3 has 1 fields, the header 2" in refused(written(tmp_path, "a,b\r1,x\r2\r3,z\r"))


@pytest.mark.parametrize(
    ("raw", "count"), [(b"", 0), (b"a", 1), (b"a\n", 1), (b"a\r\nb", 2), (b"a\rb\r", 2), (b"a\n\r\n\rb", 4)]
)
def test_lines_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, raw: bytes, count: int) -> None:
    path = written(tmp_path, raw)
    for size in (1, 2, 3, 4096):  # an end may lie in two pieces
        monkeypatch.setattr(lines_module, "LONGEST", size)
        assert count_lines(path) == count


def test_utf16_without_a_mark_is_told_by_its_zeros(tmp_path: Path) -> None:
    for encoding in ("utf-16-le", "utf-16-be"):
        assert rows(written(tmp_path, "id,amount\n1,5\n".encode(encoding))) == [("1", "5")]


# --- NUL and endless lines ------------------------------------------------------------------------------


def test_a_nul_byte_is_told_with_its_line(tmp_path: Path) -> None:
    told = refused(written(tmp_path, b"a,b\n1,x\n2,y\0y\n"))
    assert told == "orders.csv cannot be read: line 3 has a NUL byte, so it is not text."
    assert "line 2 has a NUL byte" in refused(written(tmp_path, b'{"a": 1}\n\0\n', "orders.jsonl"))


@pytest.mark.parametrize("name", ["orders.csv", "orders.tsv", "orders.jsonl"])
def test_a_line_without_an_end_is_told_and_not_read(tmp_path: Path, name: str) -> None:
    path = written(tmp_path, b"a,b\n1,2\n3," + b"x" * (2 * LONGEST) + b"\n", name)
    assert refused(path) == f"{name} cannot be read: line 3 is longer than {LONGEST // 2**20} MB."


def test_a_quotation_mark_that_is_never_closed_is_not_followed_to_the_end(tmp_path: Path) -> None:
    path = written(tmp_path, 'a,b\n1,x\n2,"y\n' + "3,z\n" * (LONGEST // 3))
    assert "a field of line 3 is longer than 4 MB" in refused(path)


def test_a_long_field_is_read_whichever_way_the_file_is(tmp_path: Path) -> None:
    long = "x" * 200_000
    assert rows(written(tmp_path, f"a,b\n1,{long}\n")) == [("1", long)]
    assert rows(written(tmp_path, f'a,b\n1,"{long}\n"\n')) == [("1", long + "\n")]


def test_no_line_of_a_usual_file_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, b"a,b\n" + b"1,2\n" * (LONGEST // 2))
    check_lines(path)


# --- columns -------------------------------------------------------------------------------------------


def wide(folder: Path, ending: str, count: int) -> Path:
    names = [f"c{n}" for n in range(count)]
    frame = pl.DataFrame({name: ["1"] for name in names})
    path = folder / f"wide.{ending}"
    match ending:
        case "csv":
            frame.write_csv(path)
        case "tsv":
            frame.write_csv(path, separator="\t")
        case "jsonl":
            frame.write_ndjson(path)
        case "parquet":
            frame.write_parquet(path)
        case "xlsx":
            raw = io.BytesIO()
            frame.write_excel(raw, table_style=None, autofilter=False)
            path.write_bytes(raw.getvalue())
    return path


@pytest.mark.parametrize("ending", ["csv", "tsv", "jsonl", "parquet", "xlsx"])
def test_more_columns_than_a_table_has_are_counted(tmp_path: Path, ending: str) -> None:
    told = refused(wide(tmp_path, ending, MOST_COLUMNS + 1))
    assert told == f"wide.{ending} cannot be read: it has 2 001 columns, and a table has 2 000 at most."
    (sheet,) = sheets_of(wide(tmp_path, ending, MOST_COLUMNS))
    assert len(sheet.columns) == MOST_COLUMNS


# --- JSON lines -----------------------------------------------------------------------------------------


def nested(depth: int, opening: str = "[", closing: str = "]") -> str:
    return f'{{"a": 1}}\n{{"a": 2, "b": {opening * depth}1{closing * depth}}}\n'


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"x":', "}"), ('[{"x":', "}]")])
@pytest.mark.parametrize("depth", [100, 1_100, 100_000])
def test_deep_json_is_told_with_its_line(tmp_path: Path, opening: str, closing: str, depth: int) -> None:
    told = refused(written(tmp_path, nested(depth, opening, closing), "orders.jsonl"))
    assert told == "orders.jsonl cannot be read: line 2 is nested deeper than 64 levels."


def test_deep_json_that_is_never_closed(tmp_path: Path) -> None:
    assert "line 2 is nested deeper" in refused(written(tmp_path, '{"a": 1}\n' + "[" * 10_000, "orders.jsonl"))


def test_brackets_in_a_text_are_no_depth(tmp_path: Path) -> None:
    text = "[" * 500 + '"' + "{" * 500
    path = written(tmp_path, json.dumps({"a": text, "b": [[1], {"c": 2}]}) + "\n", "orders.jsonl")
    ((a, b),) = rows(path)
    assert a == text
    assert b == '[[1], {"c": 2}]'


@pytest.mark.parametrize(
    ("number", "kept"),
    [
        (str(2**63), str(2**63)),
        (str(-(2**63) - 1), str(-(2**63) - 1)),
        ("1" + "0" * 60, "1" + "0" * 60),
        ("1e400", "1e400"),
        ("NaN", None),
        ("-Infinity", None),
    ],
)
def test_a_number_that_nobody_holds_leaves_the_other_lines_alone(
    tmp_path: Path, number: str, kept: str | None
) -> None:
    path = written(tmp_path, f'{{"id": 1, "name": "ann"}}\n{{"id": {number}, "name": "bob"}}\n', "orders.jsonl")
    others = 1 if kept is None else "1"
    assert rows(path) == [(others, "ann"), (kept, "bob")]


def test_json_that_was_saved_with_a_mark(tmp_path: Path) -> None:
    assert rows(written(tmp_path, b'\xef\xbb\xbf{"a": 1}\n\n{"a": 2, "b": "x"}\n', "orders.jsonl")) == [
        (1, None),
        (2, "x"),
    ]


@pytest.mark.parametrize("line", ["[1]", '{"a": 1', '{"a": 1} {"a": 2}', "7", '{"a": \udcff}'])
def test_a_line_that_is_no_object_is_named(tmp_path: Path, line: str) -> None:
    path = written(tmp_path, f'{{"a": NaN}}\n{line}\n'.encode(errors="surrogateescape"), "orders.jsonl")
    assert "line 2 is no" in refused(path)


# --- decimals -------------------------------------------------------------------------------------------


def test_decimals_keep_their_digits(tmp_path: Path) -> None:
    path = tmp_path / "orders.parquet"
    ids = ["12345678901234567890123", "12345678901234567890124", "7"]
    pl.DataFrame(
        [
            pl.Series("id", ids).cast(pl.Decimal(38, 0)),
            pl.Series("customer", ["1", "2", "3"]).cast(pl.Decimal(38, 0)),
            pl.Series("amount", ["12.50", "-3.00", None]).cast(pl.Decimal(18, 2)),
            pl.Series("exact", ["1.00", "1234567890123456.78", "2.00"]).cast(pl.Decimal(38, 2)),
            pl.Series("large", [2**64 - 1, 1, 2], dtype=pl.UInt64),
        ]
    ).write_parquet(path)
    assert rows(path) == [
        (ids[0], 1, 12.5, "1.00", "18446744073709551615"),
        (ids[1], 2, -3.0, "1234567890123456.78", "1"),
        (ids[2], 3, None, "2.00", "2"),
    ]
