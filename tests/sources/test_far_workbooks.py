"""Workbooks that ask for more room than what they hold is worth, and such that are none."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from ltvtui.errors import Cancelled, LtvError
from ltvtui.sources.files import workbook_parts
from ltvtui.sources.files.column_types import Columns, Kind, readable
from ltvtui.sources.files.tables import sheets_of
from ltvtui.sources.files.workbook_extent import extents_of

LAST = (1_048_575, 16_383)
"""Row and column of XFD1048576, from 0."""


def book(path: Path, more: Callable[[Any, Any], object] = lambda book, sheet: None, *names: str) -> Path:
    """A workbook with two orders in each sheet; `more` puts something into the last one."""
    with xlsxwriter.Workbook(str(path)) as written:
        for name in names or ("orders",):
            sheet = written.add_worksheet(name)
            for number, row in enumerate([("id", "amount"), (1, 5.5), (2, 6)]):
                sheet.write_row(number, 0, row)
        more(written, sheet)
    return path


def changed(path: Path, part: str, change: Callable[[bytes], bytes | None]) -> Path:
    """The workbook with one of its parts changed, or without it."""
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            found = change(content) if name.endswith(part) else content
            if found is not None:
                new.writestr(name, found)
    return path


def rows(path: Path) -> list[tuple[Any, ...]]:
    return [row for sheet in sheets_of(path) for batch in sheet.batches() for row in batch.rows()]


def refused(path: Path) -> str:
    with pytest.raises(LtvError) as caught:
        sheets_of(path)
    assert caught.value.exit_code == 1
    assert caught.value.mend
    return caught.value.what


ORDERS = [(1.0, 5.5), (2.0, 6.0)]


def test_a_far_cell_is_refused_and_named(tmp_path: Path) -> None:
    told = refused(book(tmp_path / "far.xlsx", lambda book, sheet: sheet.write(*LAST, "x")))
    assert told == (
        "far.xlsx cannot be read: the sheet orders reaches to cell XFD1048576, though only 7 of its 17 179 869 184 "
        "cells have a value."
    )


def test_a_far_cell_without_a_value_is_no_matter(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", lambda book, sheet: sheet.write_blank(*LAST, None, book.add_format({"bold": 1})))
    assert rows(path) == ORDERS


def test_what_a_sheet_says_of_itself_is_not_believed(tmp_path: Path) -> None:
    lies = changed(book(tmp_path / "a.xlsx"), "sheet1.xml", lambda xml: xml.replace(b'"A1:B3"', b'"A1:XFD1048576"'))
    assert rows(lies) == ORDERS
    far = book(tmp_path / "b.xlsx", lambda book, sheet: sheet.write(*LAST, 1))
    hides = changed(far, "sheet1.xml", lambda xml: xml.replace(b'"A1:XFD1048576"', b'"A1:B3"'))
    assert "XFD1048576" in refused(hides)
    silent = changed(far, "sheet1.xml", lambda xml: xml.replace(b'<dimension ref="A1:B3"/>', b""))
    assert "XFD1048576" in refused(silent)


@pytest.mark.parametrize(
    "cell",
    [
        b'<c r="XFD1048576"><v>1</v></c>',  # in a row of another number
        b"<c s='0' r='XFD1048576'><v>1</v></c>",
        b'<c\nr = "XFD1048576" t="str"><v>x</v></c>',
        b'<c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c>',
        b'<c r="xfd1048576"><v>1</v></c>',
        b'</row><row r="1048576">' + b"<c/>" * 16383 + b"<c><v>1</v></c>",  # without a name, behind so many others
    ],
)
def test_a_far_cell_however_it_is_written(tmp_path: Path, cell: bytes) -> None:
    path = changed(book(tmp_path / "a.xlsx"), "sheet1.xml", lambda xml: xml.replace(b"</row>", cell + b"</row>", 1))
    assert "XFD1048576" in refused(path)


@pytest.mark.parametrize("cell", [b'r="A99999999"', b'r="AAAA1"', b'r="A4294967296"', b'r="A0"', b'r="ZZZZZZZ9"'])
def test_a_cell_that_no_sheet_has(tmp_path: Path, cell: bytes) -> None:
    add = b"<c " + cell + b"><v>1</v></c></row>"
    path = changed(book(tmp_path / "a.xlsx"), "sheet1.xml", lambda xml: xml.replace(b"</row>", add, 1))
    assert "a.xlsx cannot be read: the sheet orders" in refused(path)


def test_cells_without_names_follow_each_other(tmp_path: Path) -> None:
    def unnamed(xml: bytes) -> bytes:
        return re.sub(rb' r="[A-Z]*[0-9]+"', b"", xml)

    assert rows(changed(book(tmp_path / "a.xlsx"), "sheet1.xml", unnamed)) == ORDERS


def test_a_long_or_a_wide_sheet_is_read(tmp_path: Path) -> None:
    path = book(tmp_path / "long.xlsx", lambda book, sheet: sheet.write(LAST[0], 1, 7))
    assert rows(path) == [*ORDERS, (None, 7.0)]
    path = book(tmp_path / "wide.xlsx", lambda book, sheet: sheet.write(1, LAST[1], 7))
    assert [row[0] for row in rows(path)] == [1.0, 2.0]


def test_cells_further_out_are_found(tmp_path: Path) -> None:
    def several(book: Any, sheet: Any) -> None:
        for row, column in ((9, 25), (10, 26), (99, 51), (1000, 701), (1001, 702)):
            sheet.write(row, column, 1)

    (found,) = extents_of(book(tmp_path / "a.xlsx", several)).values()
    assert not isinstance(found, LtvError)
    assert (found.first_row, found.last_row, found.last_column) == (1, 1002, 703)


def test_a_bad_sheet_beside_a_good_one(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", lambda book, sheet: sheet.write(*LAST, 1), "orders", "notes")
    with pytest.raises(LtvError, match="sheet notes reaches to cell XFD1048576") as caught:
        sheets_of(path)
    assert "--sheet 'orders'" in caught.value.mend
    (sheet,) = sheets_of(path, sheet="Orders")
    assert sheet.name == "orders"
    (sheet,) = sheets_of(path, strict=False)
    assert sheet.notices == (
        "a.xlsx: the sheet notes reaches to cell XFD1048576, though only 7 of its 17 179 869 184 cells have "
        "a value. It is left out.",
    )


def test_a_damaged_sheet_beside_a_good_one(tmp_path: Path) -> None:
    path = changed(
        book(tmp_path / "a.xlsx", lambda *_: None, "orders", "notes"), "sheet2.xml", lambda xml: xml[:-200]
    )
    assert "a.xlsx cannot be read: " in refused(path)
    (sheet,) = sheets_of(path, strict=False)
    (notice,) = sheet.notices
    assert notice.startswith("a.xlsx: the sheet notes: ")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"hello", "it is not a workbook, or only a part of one"),
        (b"PK\x03\x04" + b"\0" * 100, "it is not a workbook, or only a part of one"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "it is an old workbook (.xls)"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "it is encrypted with a password",
        ),
    ],
)
def test_what_is_no_workbook(tmp_path: Path, content: bytes, why: str) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    assert refused(path) == f"a.xlsx cannot be read: {why}."


@pytest.mark.parametrize("part", ["workbook.xml", "workbook.xml.rels", "sheet1.xml"])
@pytest.mark.parametrize("change", [lambda xml: None, lambda xml: xml[: len(xml) // 2], lambda xml: b"\0" * 9])
def test_a_workbook_with_a_broken_part(tmp_path: Path, part: str, change: Callable[[bytes], bytes | None]) -> None:
    assert "a.xlsx cannot be read: " in refused(changed(book(tmp_path / "a.xlsx"), part, change))


def test_half_a_workbook(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx")
    path.write_bytes(path.read_bytes()[:2000])
    assert "only a part of one" in refused(path)


def test_a_damaged_byte(tmp_path: Path) -> None:
    path = changed(book(tmp_path / "a.xlsx"), "sheet1.xml", lambda xml: xml)
    with zipfile.ZipFile(path) as zipped:
        part = zipped.getinfo("xl/worksheets/sheet1.xml")
    raw = bytearray(path.read_bytes())
    at = part.header_offset + 30 + len(part.filename) + part.compress_size // 2
    raw[at] ^= 0xFF
    path.write_bytes(raw)
    assert "the sheet orders is damaged" in refused(path)


def test_what_unpacks_to_no_table_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_parts, "BOMB_BYTES", 10**6)
    spaces = b" " * 3 * 10**6
    path = changed(
        book(tmp_path / "a.xlsx"), "sheet1.xml", lambda xml: xml.replace(b"<sheetData>", b"<sheetData>" + spaces)
    )
    assert "xl/worksheets/sheet1.xml in it unpacks from" in refused(path)


def test_a_document_type_is_not_unfolded(tmp_path: Path) -> None:
    path = changed(
        book(tmp_path / "a.xlsx"),
        "workbook.xml",
        lambda xml: xml.replace(b"<workbook", b'<!DOCTYPE a [<!ENTITY b "c">]><workbook', 1),
    )
    assert "document type" in refused(path)


def test_the_look_at_a_sheet_can_be_stopped(tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        sheets_of(book(tmp_path / "a.xlsx"), None, lambda: True)


def test_names_that_end_in_a_number_are_no_copies(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as written:
        sheet = written.add_worksheet()
        sheet.write_row(0, 0, ["a", "a_1", "b"])
        sheet.write_row(1, 0, [1, 2, 3])
    assert rows(path) == [(1.0, 2.0, 3.0)]


@pytest.mark.parametrize("number", [1e19, -1e20, 1e30, 1e300])
def test_a_number_that_no_whole_number_holds_leaves_the_others_alone(tmp_path: Path, number: float) -> None:
    path = book(tmp_path / "a.xlsx", lambda book, sheet: sheet.write(3, 0, number))
    (sheet,) = sheets_of(path)
    (batch,) = (readable(batch, sheet.typed, sheet.whole) for batch in sheet.batches())
    assert batch["id"].to_list() == ["1", "2", str(int(number))]
    columns = Columns(dict.fromkeys(sheet.columns))
    columns.learn(batch, sheet.typed)
    assert columns.found() == {"id": Kind.TEXT, "amount": Kind.NUMBER}
