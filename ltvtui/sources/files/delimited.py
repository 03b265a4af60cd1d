"""Text with a separator between fields: csv and tsv, checked line by line before a value is believed.

A line is *plain* when it is a record of its own: as many fields as the header, and quotation marks only around
whole fields. One look at every line with one expression tells, at the speed of a scan, and then Polars may take the
file apart. Where a single line is not plain, Python's reader takes over: it follows a field over several lines,
and knows the line of whatever is wrong.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Final

import polars as pl

from ltvtui.errors import Cancelled, LtvError, thousands
from ltvtui.sources.base import Stop
from ltvtui.sources.column_numbers import numbered
from ltvtui.sources.files.delimited_errors import misquoted, ragged, unreadable
from ltvtui.sources.files.heading import Heading, heading_below, heading_of
from ltvtui.sources.files.headless import SAMPLE_ROWS, refuse_headless
from ltvtui.sources.files.lines import LONGEST, check_lines, count_lines
from ltvtui.sources.files.names import check_count
from ltvtui.sources.files.totals import MOST, Last, may_be_totals
from ltvtui.sources.files.unblocked import each_unblocked, unblocked

BATCH: Final = 50_000
"""Rows handed on at a time."""
_BOMS: Final = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16", codecs.BOM_UTF8: "utf-8-sig"}
_HEAD: Final = 65_536
"""Bytes in which the header is looked for, and the last lines."""
csv.field_size_limit(LONGEST)  # the same for every way of reading a file


@dataclass(frozen=True)
class Separated:
    """A file of text whose every record has as many fields as its header."""

    path: Path
    columns: tuple[str, ...]
    """Names of the header, as they stand there."""
    separator: str
    encoding: str
    plain: bool
    """Whether every line is a record of its own."""
    heading: Heading
    line: int
    """Of the header, from 1."""
    last: tuple[Last, ...] = ()
    """Last records that may be totals; none where nothing hints at it."""
    fields_of_last: tuple[tuple[int, int], ...] = ()
    """Line of each of those, and how many fields it has."""
    header: bool = True
    """Whether a header stands there; else columns are numbered."""
    other_from: int | None = None
    """Line from which on records may have more or fewer fields than the header: those of totals. Those are blank."""

    def batches(self) -> Iterator[pl.DataFrame]:
        """All records in order as String, blank cells null or empty; columns are named by their place, "0" and on.

        LtvError (exit code 1) with the line of what is wrong.
        """
        schema = {str(place): pl.String() for place in range(len(self.columns))}
        return self._scanned(schema) if self.plain else self._followed(schema)

    def refuse_ragged(self, totals: int) -> None:
        """LtvError (exit code 1) where a last record, none of the `totals`, has other fields than the header."""
        for line, fields in self.fields_of_last[: len(self.last) - totals]:
            if fields != len(self.columns):
                ragged(self.path, line, fields, len(self.columns))

    def _scanned(self, schema: dict[str, pl.String]) -> Iterator[pl.DataFrame]:
        scan = pl.scan_csv(
            self.path,
            has_header=False,
            skip_lines=self.line,
            separator=self.separator,
            schema=schema,
            infer_schema=False,
            glob=False,
        )
        yield from each_unblocked(scan.collect_batches(chunk_size=BATCH))

    def _followed(self, schema: dict[str, pl.String]) -> Iterator[pl.DataFrame]:
        records = _records(self)
        if self.header:
            next(records)
        while rows := [record for _, record in islice(records, BATCH)]:
            yield pl.DataFrame(rows, schema=schema, orient="row")


def separated(
    path: Path,
    encoding: str | None = None,
    stopped: Stop = lambda: False,
    skip: int | None = None,
    header: bool = True,
) -> Separated | None:
    """What is in the file, its records checked unless they have to be followed; None where it is empty.

    `skip`: lines above the header; None: they are detected. LtvError: exit code 2 for an unknown
    encoding; 1, with the line, where a line has another number of fields than the header, a character cannot be read,
    or two columns have one name. Cancelled when `stopped`.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
        whole = not file.read(1)
    if not head.strip():
        return None
    codec = encoding or _encoding_of(head)
    try:
        text = codecs.decode(head, codec, "replace").lstrip("\ufeff")
    except LookupError as error:
        raise LtvError(
            f"Unknown encoding: {codec!r}.", "Choose one such as utf-8, cp1252, latin-1 or utf-16.", 2
        ) from error
    check_lines(path, codec, stopped)
    heading = heading_of(text, whole) if skip is None and header else _below(path, codec, skip or 0)
    found = Separated(path, (), heading.separator, codec, False, heading, 0, header=header)
    records = _records(found)
    line, names = next(records, (0, []))
    if header and skip is None:
        refuse_headless(path, names, _some(records), f"line {line}")
    records.close()
    if not header and names:
        line, names = line - 1, list(numbered(len(names)))
    if not names:
        if not skip:
            return None
        raise LtvError(f"{path.name} has no header below {thousands(skip)} lines.", "Give a smaller --skip-rows.", 2)
    check_count(path, len(names))  # before the rows are looked at, which takes the longer the more columns there are
    found = _with_last(replace(found, columns=tuple(names), line=line), stopped)
    plain = codec.startswith("utf-8") and found.other_from is None and _begins_plainly(text, found)
    return replace(found, plain=plain and unblocked(lambda: _is_plain(found, stopped), stopped))


def _some(records: Iterator[tuple[int, list[str]]]) -> list[list[str]]:
    """The next few records, as far as they can be read: reading all of them raises what is wrong."""
    found: list[list[str]] = []
    try:
        found.extend(record for _, record in islice(records, SAMPLE_ROWS))
    except LtvError:
        return found
    return found


def _below(path: Path, encoding: str, skip: int) -> Heading:
    """The heading below so many lines. LtvError where one of them is no text of that encoding."""
    try:
        with path.open(encoding=encoding, newline="") as file:
            first = file.readline()
            for _ in islice(file, max(skip - 1, 0)):
                pass
            return heading_below(first, file.read(_HEAD) if skip else first + file.read(_HEAD), skip)
    except UnicodeError as error:
        raise unreadable(path, encoding) from error


def _encoding_of(head: bytes) -> str:
    """The encoding: of the mark at the beginning, else UTF-16 where every other byte of Latin text is 0."""
    for bom, name in _BOMS.items():
        if head.startswith(bom):
            return name
    for first, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        if len(head) > 8 and 2 * head[first::2].count(0) > len(head[first::2]) and not head[1 - first :: 2].count(0):
            return name
    return "utf-8"


def _begins_plainly(text: str, file: Separated) -> bool:
    """Whether the header is a line of its own, the one after those above it as others count lines."""
    if not file.header:
        return "\r" not in text.replace("\r\n", "") and file.line == file.heading.above
    lines = text.split("\n", file.line)[: file.line]
    if len(lines) < file.line or any("\r" in line.removesuffix("\r") for line in lines):
        return False
    return next(csv.reader([lines[-1].rstrip("\r")], delimiter=file.separator), []) == list(file.columns)


def _is_plain(file: Separated, stopped: Stop) -> bool:
    """Whether every line is a record of its own; blank lines, which hold none, may stand between."""
    other = re.escape(file.separator)
    field = rf'(?:"[^"]*(?:""[^"]*)*"|[^"{other}\r]*)'
    line = rf"^(?:{field}(?:{other}{field}){{{len(file.columns) - 1}}})?\r?$"
    lines = pl.scan_lines(file.path, name="line", glob=False).slice(max(file.line - 1, 0))
    odd = lines.filter(~pl.col("line").str.contains(line))
    try:
        for batch in odd.collect_batches(chunk_size=1, maintain_order=False):
            if stopped():
                raise Cancelled
            if batch.height:
                return False
    except pl.exceptions.PolarsError:
        return False  # most likely not UTF-8; whoever follows the records says where
    return True


def _with_last(file: Separated, stopped: Stop) -> Separated:
    """The file with its last lines, as far as they may be totals."""
    width = len(file.columns)
    found: list[tuple[list[str], int, int]] = []
    for back, line in _last_lines(file):
        if line.count('"') % 2:
            break
        try:
            fields = next(csv.reader([line], delimiter=file.separator, strict=True), [])
        except csv.Error:
            break
        number = len(fields)
        while len(fields) > width and not fields[-1].strip():
            fields.pop()
        if not may_be_totals(fields, width, bool(found)) or len(fields) > width or len(found) == MOST:
            break
        found.append((fields, back, number))
    if not found:
        return file
    count = count_lines(file.path, file.encoding, stopped)
    found = [(fields, count - back, number) for fields, back, number in found if count - back > file.line]
    found.reverse()
    last = tuple(Last(f"line {line}", tuple(fields + [""] * (width - len(fields)))) for fields, line, _ in found)
    other = min((line for _, line, number in found if number != width), default=None)
    fields_of_last = tuple((line, number) for _, line, number in found)
    return replace(file, last=last, fields_of_last=fields_of_last, other_from=other)


def _last_lines(file: Separated) -> Iterator[tuple[int, str]]:
    """The last lines that are not blank, from the end, and how many lines follow each."""
    size = file.path.stat().st_size
    begin = max(size - _HEAD, 0) // 4 * 4
    with file.path.open("rb") as raw:
        raw.seek(begin)
        text = codecs.decode(raw.read(_HEAD + 4), _without_mark(file), "replace")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n")
    for back, line in enumerate(reversed(lines[1:] if begin else lines)):
        if line.strip().strip(file.separator):
            yield back, line


def _without_mark(file: Separated) -> str:
    """The encoding of the middle of a file, where no mark tells the order of bytes."""
    if file.encoding.lower().replace("_", "-") != "utf-16":
        return file.encoding
    with file.path.open("rb") as raw:
        return "utf-16-be" if raw.read(2) == codecs.BOM_UTF16_BE else "utf-16-le"


def _records(file: Separated) -> Generator[tuple[int, list[str]], None, None]:
    """Header and records of a file with their lines, each as long as the header; LtvError (exit code 1) where one is
    not."""
    path, width = file.path, 0
    above = file.heading.above
    begin = above + 1
    reader = None
    try:
        with path.open(encoding=file.encoding, newline="") as lines:
            for _ in islice(lines, above):
                pass
            reader = csv.reader(lines, delimiter=file.separator, strict=True)
            for record in reader:
                if any(record) or len(record) == width > 1:
                    if not width:
                        record = [name.lstrip("\ufeff") for name in record]
                        width = len(record)
                    if file.other_from is not None and begin >= file.other_from:
                        record = record[:width] + [cell for cell in record[width:] if cell.strip()]
                        record += [""] * (width - len(record))
                    if len(record) != width:
                        ragged(path, begin, len(record), width)
                    yield begin, record
                begin = above + reader.line_num + 1
    except UnicodeError as error:
        raise unreadable(path, file.encoding) from error
    except csv.Error as error:
        line = above + (reader.line_num if reader else 0)
        raise misquoted(path, begin, line, str(error)) from error
