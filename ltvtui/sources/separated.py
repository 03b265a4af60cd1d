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
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Final, NoReturn

import polars as pl

from ltvtui.errors import LtvError
from ltvtui.sources.scan import Cancelled

Stop = Callable[[], bool]

BATCH: Final = 50_000
"""Rows handed on at a time."""
SEPARATORS: Final = ",;\t|"
IN_UTF8: Final = "Save it anew in UTF-8; or say how it is written: `ltvtui import` takes --encoding, such as cp1252."
_BOMS: Final = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16", codecs.BOM_UTF8: "utf-8-sig"}
_HEAD: Final = 65_536
"""Bytes in which the header is looked for."""


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

    def batches(self) -> Iterator[pl.DataFrame]:
        """All records in order as String, blank cells null or empty; columns are named by their place, "0" and on.

        LtvError (exit code 1) with the line of what is wrong.
        """
        schema = {str(place): pl.String() for place in range(len(self.columns))}
        return self._scanned(schema) if self.plain else self._followed(schema)

    def _scanned(self, schema: dict[str, pl.String]) -> Iterator[pl.DataFrame]:
        scan = pl.scan_csv(
            self.path,
            has_header=False,
            skip_lines=1,
            separator=self.separator,
            schema=schema,
            infer_schema=False,
            glob=False,
        )
        yield from scan.collect_batches(chunk_size=BATCH)

    def _followed(self, schema: dict[str, pl.String]) -> Iterator[pl.DataFrame]:
        records = _records(self.path, self.separator, self.encoding)
        next(records)
        while rows := list(islice(records, BATCH)):
            yield pl.DataFrame(rows, schema=schema, orient="row")


def separated(path: Path, encoding: str | None = None, stopped: Stop = lambda: False) -> Separated | None:
    """What the file holds, its records checked unless they have to be followed; None where it is empty.

    LtvError: exit code 2 for an encoding that nobody knows; 1, with the line, where a line has another number of
    fields than the header, a character cannot be read, or two columns have one name. Cancelled when `stopped`.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head.strip():
        return None
    told = encoding or next((name for bom, name in _BOMS.items() if head.startswith(bom)), "utf-8")
    try:
        text = codecs.decode(head, told, "replace").lstrip("\ufeff")
    except LookupError as error:
        raise LtvError(
            f"There is no encoding {told!r}.", "Say one such as utf-8, cp1252, latin-1, utf-16.", 2
        ) from error
    separator = _separator(text.lstrip())
    records = _records(path, separator, told)
    header = next(records, [])
    records.close()
    first_line = next(csv.reader([text.partition("\n")[0].rstrip("\r")], delimiter=separator), [])
    found = Separated(path, tuple(header), separator, told, False)
    plain = first_line == header and told.startswith("utf-8") and _is_plain(found, stopped)
    return replace(found, plain=plain)


def _separator(head: str) -> str:
    """The separator that stands most often in the first line, outside of quotation marks."""
    first = re.sub(r'"[^"]*"', "", head.partition("\n")[0])
    return max(SEPARATORS, key=first.count)


def _is_plain(file: Separated, stopped: Stop) -> bool:
    """Whether every line is a record of its own; blank lines, which hold none, may stand between."""
    other = re.escape(file.separator)
    field = rf'(?:"[^"]*(?:""[^"]*)*"|[^"{other}\r]*)'
    line = rf"^(?:{field}(?:{other}{field}){{{len(file.columns) - 1}}})?\r?$"
    odd = pl.scan_lines(file.path, name="line", glob=False).filter(~pl.col("line").str.contains(line))
    try:
        for batch in odd.collect_batches(chunk_size=1, maintain_order=False):
            if stopped():
                raise Cancelled
            if batch.height:
                return False
    except pl.exceptions.PolarsError:
        return False  # most likely not UTF-8; whoever follows the records says where
    return True


def _records(path: Path, separator: str, encoding: str) -> Generator[list[str], None, None]:
    """Header and records of a file, each as long as the header; LtvError (exit code 1) where one is not."""
    width, begin = 0, 1
    try:
        with path.open(encoding=encoding, newline="") as file:
            reader = csv.reader(file, delimiter=separator, strict=True)
            for record in reader:
                if any(record) or len(record) == width > 1:
                    if not width:
                        record = [name.lstrip("\ufeff") for name in record]
                        width = len(record)
                    if len(record) != width:
                        _ragged(path, begin, len(record), width)
                    yield record
                begin = reader.line_num + 1
    except UnicodeError as error:
        raise _unreadable(path, encoding) from error
    except csv.Error as error:
        raise _misquoted(path, begin, reader.line_num, str(error)) from error


def _ragged(path: Path, line: int, fields: int, width: int) -> NoReturn:
    raise LtvError(
        f"{path.name} cannot be read: line {line} has {fields} fields, the header {width}.",
        "Mend that line: a field that holds the separator has to stand in quotation marks.",
    )


def _misquoted(path: Path, begin: int, line: int, why: str) -> LtvError:
    """What Python's reader says, in words."""
    if "expected after" in why:
        what, mend = f"a quotation mark stands within a field of line {line}", 'Write it twice: "5"" disc".'
    elif "end of data" in why or "field limit" in why:
        what, mend = (
            f"the quotation mark in line {begin} is never closed",
            "Close it, or write it twice if it is text.",
        )
    else:
        what, mend = f"line {line}: {why}", "Mend that line."
    return LtvError(f"{path.name} cannot be read: {what}.", mend)


def _unreadable(path: Path, encoding: str) -> LtvError:
    """Where a character is that the encoding does not know."""
    known = "UTF-8" if encoding.startswith("utf-8") else encoding
    where = ""
    if not encoding.startswith("utf-16"):  # there a line's end is no single byte
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                try:
                    line.decode(encoding)
                except UnicodeError:
                    where = f"line {number} is "
                    break
    return LtvError(f"{path.name} cannot be read: {where or 'it is '}not {known} text.", IN_UTF8)
