"""Files that are something else than their name says, or than tables are read from: said by their first bytes."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Final

from ltvtui.errors import LtvError
from ltvtui.sources.files.packed import PACKABLE, inner

_HEAD: Final = 4096
_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP: Final = b"PK\x03\x04"
_PACKED: Final = ((b"\x1f\x8b", ".gz", "gzip"), (b"\x28\xb5\x2f\xfd", ".zst", "zstd"))
"""How compressed files begin, their ending, and with what they are compressed."""
_PARQUET: Final = b"PAR1"
_MARKUP: Final = (b"<!doctype html", b"<html", b"<table", b"<?xml", b"<meta")
_OTHERS: Final = {
    b"%PDF": "a PDF document",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ": "an xz archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"Rar!": "a rar archive",
}
_TEXT: Final = frozenset({".csv", ".tsv", ".txt"})
_AS_CSV: Final = "Save it as xlsx, or as csv in UTF-8, and open that file."


def refuse_disguised(path: Path) -> None:
    """LtvError (exit code 2) where the content of a file is of a kind that its name denies, or that is not read.

    OSError where it cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if path.suffix.lower() == ".xlsx":
        return  # whoever opens workbooks tells it more closely
    disguise = _what(path, path.suffix.lower(), head)
    if disguise is not None:
        raise LtvError(f"{path.name} is {disguise[0]}.", disguise[1], 2)


def _what(path: Path, suffix: str, head: bytes) -> tuple[str, str] | None:
    """What it is, and what to do; None where it may be what it is called."""
    if head.startswith(_OLD_OFFICE):
        return "an old workbook (.xls), or one with a password", _AS_CSV
    if head.startswith(_ZIP):
        return _zipped(path)
    for magic, ending, name in _PACKED:
        if head.startswith(magic) and suffix != ending:
            return f"compressed with {name}", f"Rename it to {path.name}{ending}, or unpack it."
        if head.startswith(magic) and inner(path).suffix.lower() not in PACKABLE:
            return f"compressed with {name}", "Unpack it, and open the file in it."
    if head.startswith(_PARQUET) and suffix != ".parquet":
        return "a Parquet file", f"Rename it to {path.stem}.parquet."
    for magic, kind in _OTHERS.items():
        if head.startswith(magic):
            return kind, "Unpack it, or export the table as csv, and open that file."
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_MARKUP) and suffix in _TEXT | {".xls"}:
        return "a page of markup (HTML or XML), not a table of text", f"Open it in a spreadsheet. {_AS_CSV}"
    if suffix == ".xls":
        mend = "If it is text, rename it to .csv; otherwise save it as xlsx, and open that file."
        return "named .xls but is not a workbook", mend
    return None


def _zipped(path: Path) -> tuple[str, str]:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError):
        names = set()
    if "xl/workbook.xml" in names:
        return "an Excel workbook (xlsx)", f"Rename it to {path.stem}.xlsx."
    if "xl/workbook.bin" in names:
        return "a binary Excel workbook (xlsb)", _AS_CSV
    if "mimetype" in names:
        return "an OpenDocument file", _AS_CSV
    return "a zip archive", "Unpack it, and open the table in it."
