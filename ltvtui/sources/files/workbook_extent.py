"""How far the sheets of a workbook reach, told from its zip, before a library makes room for all of it.

A reader of workbooks makes room for every cell between the first and the last that hold anything: one stray cell at
XFD1048576 asks for half a terabyte, and the program is aborted. What a sheet says of its own extent may be wrong or
missing, so the cells themselves are looked at: first any, by their names, and where that is too much those that
hold something.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import IO, Final
from xml.parsers import expat

from ltvtui.errors import Cancelled, LtvError, thousands
from ltvtui.sources.base import Stop
from ltvtui.sources.files.workbook_parts import CHUNK, OLE, NoXml, check_part, damaged, no_zip, sheets_in

ROOM: Final = 20_000_000
"""Cells that room is always made for: some 600 MB."""
SPARSE: Final = 8
"""Cells that room is made for, to one that holds something, where it is more than ROOM."""
LAST_COLUMN: Final = 16_384
LAST_ROW: Final = 1_048_576
"""Of any sheet, from 1."""
_NAME: Final = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]+)([0-9]+)[\"']")
_MERGED: Final = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*\bref\s*=\s*[\"'][A-Za-z]+([0-9]+):[A-Za-z]+([0-9]+)")
_TAIL: Final = 4_096
_UNUSUAL: Final = (b"r='", b"r =", b"r= ", b"\nr=", b"\tr=")
"""Where r is not written as ` r="`, which nearly all programs do, and which is found four times faster."""


@dataclass
class Extent:
    """The cells of a sheet that hold something."""

    sheet: str
    first_row: int = 0
    """That holds something, from 1; 0: none does."""
    last_row: int = 0
    last_column: int = 0
    first_column: int = 0
    filled: int = 0
    """Cells."""
    merged: tuple[int, ...] = ()
    """First rows of cells that are merged over several rows."""

    @property
    def room(self) -> int:
        """Cells between the first and the last."""
        if not self.first_row:
            return 0
        return (self.last_row - self.first_row + 1) * (self.last_column - self.first_column + 1)

    @property
    def too_far(self) -> bool:
        """Whether it needs far more room than its cells with values."""
        return self.room > ROOM and self.room > SPARSE * self.filled

    def add(self, column: int, row: int) -> None:
        """One more cell, counted from 1."""
        self.filled += 1
        self.first_row = min(self.first_row or row, row)
        self.first_column = min(self.first_column or column, column)
        self.last_row = max(self.last_row, row)
        self.last_column = max(self.last_column, column)

    def refusal(self, path: Path) -> LtvError:
        """Why the sheet is not read."""
        cell = f"{_letters(self.last_column)}{self.last_row}"
        return LtvError(
            f"{path.name} cannot be read: the sheet {self.sheet} reaches to cell {cell}, though only "
            f"{thousands(self.filled)} of its {thousands(self.room)} cells have a value.",
            "Delete the rows and columns beyond the table and save it again (Ctrl+End goes to the last cell), or "
            "save the table as csv.",
        )


def extents_of(path: Path, stopped: Stop = lambda: False) -> dict[str, Extent | LtvError]:
    """The extent of each sheet, by name, or why it cannot be read.

    LtvError (exit code 1) where it is no workbook, is encrypted, damaged, or unpacks to far more than a table has.
    Cancelled when `stopped`.
    """
    with path.open("rb") as raw:
        if raw.read(8) == OLE:
            raise no_zip(path, raw)
        try:
            with zipfile.ZipFile(raw) as archive:
                for part in archive.infolist():
                    check_part(path, part)
                parts = sheets_in(path, archive)
                return {name: _extent_or_error(path, archive, part, name, stopped) for name, part in parts.items()}
        except _BROKEN as error:
            in_part = "it is not a workbook, or only a part of one"
            why = in_part if "zip file" in str(error) else "its content is damaged"
            raise damaged(path, why) from error


def _extent_or_error(
    path: Path, archive: zipfile.ZipFile, part: zipfile.ZipInfo, name: str, stopped: Stop
) -> Extent | LtvError:
    try:
        found = _extent(archive, part, name, stopped)
    except _BROKEN:
        return damaged(path, f"the sheet {name} is damaged")
    return found.refusal(path) if found.too_far else found


_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    EOFError,
    RuntimeError,
    LookupError,
    ValueError,
)
"""What a damaged zip, and what lies in it, makes Python say; an encoding that nobody knows is a LookupError."""


def _extent(archive: zipfile.ZipFile, part: zipfile.ZipInfo, name: str, stopped: Stop) -> Extent:
    """Of any cell where that is little enough, else of those that hold something."""
    quick = Extent(name)
    has_references = True
    with archive.open(part) as raw:
        rest = b""
        for chunk in _chunks(raw, stopped):
            text = rest + chunk
            cut = text.rfind(b"<")
            rest = text[cut:] if cut >= 0 and text.find(b">", cut) < 0 else b""
            if len(rest) > CHUNK:
                raise NoXml
            whole = text[: len(text) - len(rest)]  # a tag in two pieces is read with the second
            has_references = _widen(quick, whole) and has_references
            quick.merged += tuple(int(first) for first, last in _MERGED.findall(whole) if int(first) < int(last))
    if has_references and not quick.too_far:
        first = Extent(name)
        with archive.open(part) as raw:
            _follow(raw, first, stopped, most=1)
        quick.first_row = first.first_row  # 0 where no cell has a value
        return quick
    exact = Extent(name)
    with archive.open(part) as raw:
        _follow(raw, exact, stopped)
    return exact


def _widen(extent: Extent, text: bytes) -> bool:
    """Widen the extent by the cells with references in `text`, without an object for each.

    False where some have no reference: then only following the rows finds their place.
    """
    references, cells = text.count(b"<c r="), text.count(b"<c ") + text.count(b"<c>")
    if not cells:
        references, cells = text.count(b":c r="), text.count(b":c ") + text.count(b":c>")
    extent.filled += cells
    usual = not any(sign in text for sign in _UNUSUAL)
    for column, row in _NAME.findall(text, max(len(text) - _TAIL, 0)):  # rows rise: the last go before all others
        extent.last_column = max(extent.last_column, _number(column.upper()))
        extent.last_row = max(extent.last_row, int(row))
    at = 0
    while found := _beyond(extent.last_column, extent.last_row, usual).search(text, at):
        extent.last_column = max(extent.last_column, _number(found[1].upper()))
        extent.last_row = max(extent.last_row, int(found[2]))
        at = found.end()
    if extent.last_column:
        extent.first_row = extent.first_column = 1
    return references >= cells


@lru_cache(256)
def _beyond(column: int, row: int, usual: bool) -> re.Pattern[bytes]:
    """Names of cells to the right of `column` or below `row`."""
    right, below = _greater(_letters(column), "A", "Z"), _greater(str(row), "0", "9")
    further = f"(?:{right})[0-9]|[A-Z]+(?:{below})[\"']|[A-Z]*[a-z]"
    begin = ' r="' if usual else r"\br\s*=\s*[\"']"
    return re.compile(rf"{begin}(?={further})([A-Za-z]+)([0-9]+)[\"']".encode())


def _greater(text: str, first: str, last: str) -> str:
    """A pattern for what is longer than `text`, or as long and comes behind it; signs go from `first` to `last`."""
    sign = f"[{first}-{last}]"
    found = [
        f"{text[:at]}[{chr(ord(letter) + 1)}-{last}]{sign}{{{len(text) - at - 1}}}"
        for at, letter in enumerate(text)
        if letter < last
    ]
    return "|".join([*found, f"{sign}{{{len(text) + 1},}}"])


def _chunks(raw: IO[bytes], stopped: Stop) -> Iterator[bytes]:
    while chunk := raw.read(CHUNK):
        if stopped():
            raise Cancelled
        yield chunk


def _follow(raw: IO[bytes], extent: Extent, stopped: Stop, most: int | None = None) -> None:
    """Take those cells of a sheet that hold something, or not much more than `most` of them."""
    parser = expat.ParserCreate(namespace_separator="}")
    at: tuple[int, int] = (0, 0)
    has_value = inside = False

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal at, has_value, inside
        kind = tag.rpartition("}")[2]
        if kind == "row":
            at = (0, int(attributes.get("r", at[1] + 1)))
        elif kind == "c":
            found = re.fullmatch(r"([A-Z]+)([0-9]+)", attributes.get("r", "").upper())
            at = (_number(found[1].encode()), int(found[2])) if found else (at[0] + 1, at[1])
            has_value = False
        elif kind in ("v", "t"):
            inside = True

    def text(data: str) -> None:
        nonlocal has_value
        has_value = has_value or (inside and bool(data))

    def end(tag: str) -> None:
        nonlocal inside
        kind = tag.rpartition("}")[2]
        if kind in ("v", "t"):
            inside = False
        elif kind == "c" and has_value:
            if at[0] > LAST_COLUMN or not 0 < at[1] <= LAST_ROW:
                raise NoXml
            extent.add(*at)

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    try:
        for chunk in _chunks(raw, stopped):
            parser.Parse(chunk, False)
            if most is not None and extent.filled >= most:
                return
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise NoXml from error


def _number(letters: bytes) -> int:
    """Number of a column, from 1."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _letters(number: int) -> str:
    letters = ""
    while number > 0:
        number, place = divmod(number - 1, 26)
        letters = chr(65 + place) + letters
    return letters
