"""Tables in files beside a database: csv, tsv, parquet, xlsx and JSON lines, read in batches."""

from __future__ import annotations

import json
import logging
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import polars as pl

from ltvtui.errors import LtvError
from ltvtui.sources.scan import Cancelled
from ltvtui.sources.separated import BATCH, Stop, separated
from ltvtui.sources.sqlite import MAGIC

logging.getLogger("fastexcel").setLevel(logging.ERROR)  # it would write over the screen that a column is blank

_NUMBERED: Final = re.compile(r"_\d+$")
KINDS: Final = "csv, tsv, parquet, xlsx or jsonl"


@dataclass(frozen=True, eq=False)
class Sheet:
    """A table in a file: a sheet of a workbook, or all there is."""

    path: Path
    name: str
    """For a table with what it holds: of the sheet, where there are several, else made of the file's name."""
    columns: tuple[str, ...]
    """Each has a name, and no two have the same in SQLite's eyes."""
    batches: Callable[[], Iterator[pl.DataFrame]]
    """All rows in order, under `columns`; LtvError (exit code 1) where some cannot be read."""
    typed: bool
    """Whether numbers and dates come as such; else every value is a String; null or empty where it is blank."""
    whole: bool = False
    """Of typed ones: whether a whole number may come as a float, as in workbooks, which know no other."""
    of_book: bool = False
    """Whether it is a sheet of a workbook."""


def is_table_file(path: Path) -> bool:
    """Whether a table lies there that is no database: the ending says so, and the content does not deny it."""
    try:
        if path.suffix.lower() not in _READERS or not path.is_file():
            return False
        with path.open("rb") as file:
            return not file.read(len(MAGIC)).startswith(MAGIC)
    except OSError:
        return False  # whoever opens it says what is wrong


def sheets_of(path: Path, encoding: str | None = None, stopped: Stop = lambda: False) -> list[Sheet]:
    """The tables in a file; none where it is empty.

    `encoding` is that of text, UTF-8 unless it is said. LtvError: exit code 2 for a file of another kind or one
    that is not there; 1 where it cannot be read, with the line where lines can be told. Cancelled when `stopped`.
    """
    read = _READERS.get(path.suffix.lower())
    if read is None:
        raise LtvError(f"{path.name} is no kind of file that tables are read from.", f"Give {KINDS}.", 2)
    try:
        return read(path, encoding, stopped)
    except FileNotFoundError as error:
        raise LtvError(f"There is no file {path}.", "Check the path; it is taken as typed.", 2) from error
    except OSError as error:
        raise LtvError(f"{path.name} cannot be read: {error.strerror or error}.", "Check its rights.") from error
    except pl.exceptions.NoDataError:
        return []
    except (ValueError, pl.exceptions.PolarsError) as error:
        raise _broken(path, error) from error


def _broken(path: Path, error: Exception) -> LtvError:
    why = " ".join(str(error).split())[:120].rstrip(".")
    return LtvError(f"{path.name} cannot be read: {why}.", "Save it anew, or as csv in UTF-8.")


def _text(path: Path, encoding: str | None, stopped: Stop) -> list[Sheet]:
    found = separated(path, encoding, stopped)
    if found is None:
        return []
    columns = _names(path, found.columns)
    return [Sheet(path, _stem(path), columns, lambda: _named(path, found.batches(), columns), False)]


def _parquet(path: Path, encoding: str | None, stopped: Stop) -> list[Sheet]:
    scan = pl.scan_parquet(path, glob=False)
    columns = _names(path, tuple(scan.collect_schema()))
    scanned = partial(scan.collect_batches, chunk_size=BATCH)
    return [Sheet(path, _stem(path), columns, lambda: _named(path, scanned(), columns), True)]


def _json(path: Path, encoding: str | None, stopped: Stop) -> list[Sheet]:
    try:
        rows = pl.read_ndjson(path, infer_schema_length=None)
    except pl.exceptions.PolarsError as error:
        raise _bad_line(path, error) from error
    if stopped():
        raise Cancelled
    columns = _names(path, tuple(rows.columns))
    return [Sheet(path, _stem(path), columns, lambda: _named(path, rows.iter_slices(BATCH), columns), True)]


def _bad_line(path: Path, error: Exception) -> LtvError:
    """The first line that is no JSON object."""
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                if line.strip() and not isinstance(json.loads(line), dict):
                    raise ValueError
            except ValueError:
                what = f"{path.name} cannot be read: line {number} is no JSON object."
                return LtvError(what, "Write one object a line, such as " + '{"customer": "ann", "amount": 12.5}.')
    return _broken(path, error)


def _workbook(path: Path, encoding: str | None, stopped: Stop) -> list[Sheet]:
    """All sheets that hold anything; a workbook with one is named as its file is."""
    import fastexcel

    try:
        book = fastexcel.read_excel(path)
        found: list[tuple[str, pl.DataFrame]] = []
        for name in book.sheet_names:
            if stopped():
                raise Cancelled
            rows = pl.read_excel(path, sheet_name=name, infer_schema_length=None, raise_if_empty=False)
            if any(_NUMBERED.sub("", column) in rows.columns for column in rows.columns if _NUMBERED.search(column)):
                _check_header(path, name, book)
            if rows.height:
                found.append((name, rows))
    except fastexcel.FastExcelError as error:
        raise ValueError(str(error).partition("\n")[0]) from error
    return [_sheet(path, name.strip() if len(found) > 1 else _stem(path), rows) for name, rows in found]


def _check_header(path: Path, sheet: str, book: Any) -> None:
    """Names that stand twice are told apart by a number when a sheet is read: then the header itself is looked at."""
    head = pl.DataFrame(book.load_sheet(sheet, header_row=None, n_rows=1, dtypes="string"))
    _names(path, tuple(name or "" for name in head.row(0)) if head.height else ())


def _sheet(path: Path, name: str, rows: pl.DataFrame) -> Sheet:
    columns = _names(path, tuple(rows.columns))
    return Sheet(path, name, columns, lambda: _named(path, rows.iter_slices(BATCH), columns), True, True, True)


def _stem(path: Path) -> str:
    """The file's name without its ending, as a name that needs no quotation marks."""
    return re.sub(r"\W+", "_", path.stem).strip("_") or "rows"


def _names(path: Path, header: tuple[str, ...]) -> tuple[str, ...]:
    """Names of columns: trimmed, and one for each that has none. LtvError (exit code 1) where two are the same."""
    names = tuple(" ".join(name.replace("\0", "").split()) or f"column {n}" for n, name in enumerate(header, 1))
    counted = Counter(name.lower() for name in names)
    twice = [name for name in dict.fromkeys(names) if counted[name.lower()] > 1]
    if twice:
        places = [str(n) for n, name in enumerate(names, 1) if name.lower() == twice[0].lower()]
        raise LtvError(
            f"{path.name} cannot be read: line 1 names columns {' and '.join(places)} {twice[0]!r}.",
            "Give every column a name of its own; upper and lower case are the same.",
        )
    return names


def _named(path: Path, batches: Iterable[pl.DataFrame], columns: tuple[str, ...]) -> Iterator[pl.DataFrame]:
    """Batches under other names. LtvError (exit code 1) where one cannot be read after all."""
    try:
        for batch in batches:
            yield batch.rename(dict(zip(batch.columns, columns, strict=True)))
    except (OSError, pl.exceptions.PolarsError) as error:
        raise _broken(path, error) from error


_Reader = Callable[[Path, "str | None", Stop], list[Sheet]]
_READERS: Final[dict[str, _Reader]] = {
    ".csv": _text,
    ".tsv": _text,
    ".txt": _text,
    ".parquet": _parquet,
    ".xlsx": _workbook,
    ".jsonl": _json,
    ".ndjson": _json,
}
