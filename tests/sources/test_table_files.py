"""Tables in files: what is read, what a column becomes, and how a broken file is told."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from ltvtui.errors import Cancelled, LtvError
from ltvtui.sources.files import delimited as separated_module
from ltvtui.sources.files.column_types import Columns, Kind, readable, spoilt, stored
from ltvtui.sources.files.tables import is_table_file, sheets_of

W, N, T = Kind.WHOLE, Kind.NUMBER, Kind.TEXT


def written(folder: Path, text: str | bytes, name: str = "orders.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def table(path: Path, encoding: str | None = None) -> tuple[dict[str, Kind], list[tuple[Any, ...]]]:
    """Kinds and rows of the only sheet, as a database would hold them."""
    (sheet,) = sheets_of(path, encoding)
    batches = [readable(batch, sheet.typed, sheet.whole) for batch in sheet.batches()]
    columns = Columns(dict.fromkeys(sheet.columns))
    for batch in batches:
        columns.learn(batch, sheet.typed)
    kinds = columns.found()
    return kinds, [
        row for b in batches for row in pl.DataFrame([stored(c, kinds[c.name]) for c in b.get_columns()]).rows()
    ]


def refused(path: Path, encoding: str | None = None) -> tuple[str, str]:
    with pytest.raises(LtvError) as caught:
        table(path, encoding)
    assert caught.value.exit_code == 1
    assert "\n" not in caught.value.what + caught.value.mend
    return caught.value.what, caught.value.mend


# --- what a column becomes -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["1", "-7", "0"], W),
        (["1", "007"], T),  # an id
        (["1", "+7"], T),
        (["12.50", "-3", ".5", "0.30000000000000004"], N),
        (["5e-05", "1E+05"], N),
        (["12E5", "7"], T),  # an article
        (["1234567890123456"], W),
        (["1234567890123456", "0.5"], T),  # a float would not hold the first
        (["12345678901234567890"], T),
        (["12,50"], T),  # left to the mapping, as all that follows
        (["1 234"], T),
        (["€5"], T),
        (["5", "n/a"], T),
        (["2024-01-05"], T),
        (["20240105"], W),
        (["nan"], T),
        (["", ""], T),
        (["", "5"], W),
    ],
)
def test_a_column_of_text_becomes(tmp_path: Path, values: list[str], kind: Kind) -> None:
    lines = "\n".join(f'"{value}",x' for value in values)
    kinds, rows = table(written(tmp_path, f"value,other\n{lines}\n"))
    assert kinds["value"] is kind
    if kind is T:  # as it stands, to the letter
        assert [row[0] or "" for row in rows] == values
    else:
        assert [row[0] for row in rows] == [None if value == "" else kind.value(value) for value in values]


def test_one_word_in_a_late_batch_keeps_the_text_of_all(tmp_path: Path) -> None:
    count = separated_module.BATCH + 10
    kinds, rows = table(written(tmp_path, "a\n" + "1.50\n" * count + "later\n"))
    assert kinds == {"a": T}
    assert rows[0] == ("1.50",)
    assert len(rows) == count + 1


@given(st.text("0123456789.eE+-", min_size=1, max_size=20))
def test_a_number_is_taken_only_where_it_comes_back_the_same(text: str) -> None:
    columns = Columns({"a": None})
    frame = pl.DataFrame({"a": [text]})
    columns.learn(frame, typed=False)
    kind = columns.found()["a"]
    value = stored(frame["a"], kind)[0]
    if kind is W:
        assert str(value) == text
    elif kind is N:
        assert Decimal(repr(value)) == pytest.approx(Decimal(text), rel=Decimal("1e-15"))
        assert float(text) == value
    else:
        assert value == text


@pytest.mark.parametrize(
    ("text", "changed"), [("007", True), ("+1", True), ("7", False), ("1.5", False), ("a", False)]
)
def test_what_a_column_of_numbers_would_change(text: str, changed: bool) -> None:
    assert (spoilt(pl.Series([text])).len() == 1) is changed


# --- separated text ---------------------------------------------------------------------------------


@pytest.mark.parametrize("separator", list(",;\t|"))
def test_the_separator_is_found(tmp_path: Path, separator: str) -> None:
    text = separator.join(("customer", '"what; was, said"', "amount")) + "\n" + separator.join(("ann", "x", "5"))
    kinds, rows = table(written(tmp_path, text))
    assert list(kinds) == ["customer", "what; was, said", "amount"]
    assert rows == [("ann", "x", 5)]


def test_lines_of_every_kind(tmp_path: Path) -> None:
    text = '\ufeffa,b\r\n1,"x, ""y"""\r\n\r\n2,"two\r\nlines"\r\n,\r\n3,\r\n'
    _, rows = table(written(tmp_path, text))
    assert rows == [(1, 'x, "y"'), (2, "two\r\nlines"), (3, None)]


cells = st.text(st.characters(codec="utf-8", exclude_characters="\0\r\ufeff"), max_size=6)


@given(st.lists(st.tuples(cells, cells, cells), min_size=1, max_size=8), st.booleans())
def test_both_ways_read_what_was_written(
    tmp_path_factory: pytest.TempPathFactory, rows: list[Any], all: bool
) -> None:
    out = io.StringIO()
    quoting = csv.QUOTE_ALL if all else csv.QUOTE_MINIMAL
    csv.writer(out, quoting=quoting).writerows([("a", "b", "c"), *rows])
    path = written(tmp_path_factory.mktemp("csv"), out.getvalue())
    kept = [tuple(cell or None for cell in row) for row in rows if any(row)]
    (sheet,) = sheets_of(path)
    assert [row for b in sheet.batches() for row in readable(b, False, False).rows()] == kept
    found = separated_module.separated(path)
    assert found is not None
    assert found.plain == (not any("\n" in cell for row in rows for cell in row))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_mark_at_the_beginning_tells_the_encoding(tmp_path: Path, encoding: str) -> None:
    assert table(written(tmp_path, "städte\nKöln\n".encode(encoding))) == ({"städte": T}, [("Köln",)])


def test_an_encoding_is_said(tmp_path: Path) -> None:
    path = written(tmp_path, "a,b\n1,x\n2,Köln\n3,Graz\n".encode("cp1252"))
    what, mend = refused(path)
    assert what == "orders.csv cannot be read: line 3 is not UTF-8 text."
    assert "--encoding, such as cp1252" in mend
    assert table(path, "cp1252")[1] == [(1, "x"), (2, "Köln"), (3, "Graz")]
    with pytest.raises(LtvError, match="Unknown encoding: 'klingon'"):
        sheets_of(path, "klingon")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("a,b\n1,2\n3\n", "line 3 has 1 fields, the header 2"),
        ("a,b\n1,2\n\n3,4,5\n", "line 4 has 3 fields, the header 2"),
        ('a,b\n"one\ntwo",2\n3\n', "line 4 has 1 fields, the header 2"),
        ('a,b\n1,"two\n3,4\n', "the quotation mark in line 2 is not closed"),
        ('a,b\n1,"5" disc"\n', "a field of line 2 has a quotation mark inside"),
        ("id,amount,ID\n1,2,3\n", "line 1 names columns 1 and 3 'id'"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, text: str, what: str) -> None:
    told, mend = refused(written(tmp_path, text))
    assert told == f"orders.csv cannot be read: {what}."
    assert mend


def test_a_ragged_line_behind_many(tmp_path: Path) -> None:
    count = separated_module.BATCH * 2
    told, _ = refused(written(tmp_path, "a,b\n" + "1,2\n" * count + "3\n"))
    assert f"line {count + 2} has 1 fields" in told


def test_columns_without_a_name_get_one(tmp_path: Path) -> None:
    kinds, rows = table(written(tmp_path, ", customer ,\n0,ann,5\n"))
    assert list(kinds) == ["column 1", "customer", "column 3"]
    assert rows == [(0, "ann", 5)]


@pytest.mark.parametrize("text", ["", "\n\n"])
def test_an_empty_file_has_no_sheets(tmp_path: Path, text: str) -> None:
    assert sheets_of(written(tmp_path, text)) == []


# --- typed files -------------------------------------------------------------------------------------


def test_parquet_keeps_its_types(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "id": ["007", "8"],
            "number": ["7", "8"],  # text in the file stays text
            "count": pl.Series([1, None], dtype=pl.UInt8),
            "amount": [Decimal("12.50"), Decimal("3.00")],
            "price": [1.0, float("nan")],
            "paid": [True, False],
            "day": [date(2024, 1, 5), None],
            "at": [datetime(2024, 1, 5, 9, 30, 15), datetime(2024, 1, 6)],
            "zoned": [datetime(2024, 1, 5, 9, 30, tzinfo=UTC)] * 2,
            "clock": [time(9, 30), None],
            "tags": [["a", "b"], None],
            "channel": pl.Series(["ads", "mail"], dtype=pl.Categorical()),
        }
    )
    path = tmp_path / "orders.parquet"
    frame.write_parquet(path)
    kinds, rows = table(path)
    assert [kinds[n] for n in ("id", "number", "count", "amount", "price", "paid")] == [T, T, W, N, N, W]
    assert rows[0] == (
        *("007", "7", 1, 12.5, 1.0, 1, "2024-01-05", "2024-01-05 09:30:15", "2024-01-05 09:30:00+00:00", "09:30:00"),
        *('["a", "b"]', "ads"),
    )
    assert rows[1][:6] == ("8", "8", None, 3.0, None, 0)


def workbook(path: Path, sheets: dict[str, list[list[Any]]]) -> Path:
    with xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return path


def test_a_workbook_has_days_whole_numbers_and_mixed_ids(tmp_path: Path) -> None:
    rows = [
        ["id", "day", "code", "amount"],
        ["007", datetime(2024, 1, 5), 71053, 5],
        ["8", datetime(2024, 1, 6), "85A", 6.5],
    ]
    kinds, found = table(workbook(tmp_path / "My orders.xlsx", {"Sheet1": rows, "Empty": [], "Header": [["a", "b"]]}))
    assert kinds == {"id": T, "day": T, "code": T, "amount": N}
    assert found == [("007", "2024-01-05", "71053", 5.0), ("8", "2024-01-06", "85A", 6.5)]


def test_sheets_are_tables(tmp_path: Path) -> None:
    head = ["id", "amount"]
    book = workbook(tmp_path / "book.xlsx", {"Order lines": [head, [1, 2]], "People": [head, [3, 4]]})
    assert [sheet.name for sheet in sheets_of(book)] == ["Order lines", "People"]
    alone = workbook(tmp_path / "my shop.xlsx", {"Sheet1": [head, [1, 2]]})
    assert [sheet.name for sheet in sheets_of(alone)] == ["my_shop"]


def test_names_that_stand_twice_in_a_workbook(tmp_path: Path) -> None:
    told, _ = refused(workbook(tmp_path / "b.xlsx", {"S": [["id", "amount", "id"], [1, 2, 3]]}))
    assert "names columns 1 and 3 'id'" in told


def test_json_lines(tmp_path: Path) -> None:
    text = '{"id": "1", "amount": 2.5}\n{"id": "2", "amount": 3, "note": {"by": "ann"}}\n'
    kinds, rows = table(written(tmp_path, text, "orders.jsonl"))
    assert kinds == {"id": T, "amount": N, "note": T}
    assert rows[1] == ("2", 3.0, '{"by": "ann"}')
    told, _ = refused(written(tmp_path, '{"id": 1}\n{"id": \n', "orders.jsonl"))
    assert told == "orders.jsonl cannot be read: line 2 is not a JSON object."


# --- which files -------------------------------------------------------------------------------------


def test_content_goes_before_the_ending(tmp_path: Path) -> None:
    assert is_table_file(written(tmp_path, "a\n1\n"))
    assert not is_table_file(written(tmp_path, b"SQLite format 3\0 and more", "shop.csv"))
    assert not is_table_file(written(tmp_path, "a\n1\n", "orders.sqlite"))
    assert not is_table_file(tmp_path / "nowhere.csv")
    assert not is_table_file(tmp_path)


@pytest.mark.parametrize(("name", "code"), [("nowhere.csv", 2), ("a.pdf", 2)])
def test_what_cannot_be_read_at_all(tmp_path: Path, name: str, code: int) -> None:
    with pytest.raises(LtvError) as caught:
        sheets_of(tmp_path / name)
    assert caught.value.exit_code == code


def test_the_look_at_every_line_can_be_stopped(tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        sheets_of(written(tmp_path, 'a\n"x\ny"\n'), None, lambda: True)
