"""Tables in files beside a database: csv, tsv, parquet, xlsx and JSON lines, read in batches."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import polars as pl

from ltvtui.errors import LtvError
from ltvtui.sources.base import Stop
from ltvtui.sources.files.delimited import BATCH, separated
from ltvtui.sources.files.disguise import refuse_disguised
from ltvtui.sources.files.heading import titles_notice
from ltvtui.sources.files.jsonlines import json_lines
from ltvtui.sources.files.names import column_names
from ltvtui.sources.files.packed import PACKED, TABLES, inner, unpacked
from ltvtui.sources.files.totals import first_rows, totals_below, totals_notices
from ltvtui.sources.files.unblocked import each_unblocked
from ltvtui.sources.files.workbook import SheetRows, Workbook
from ltvtui.sources.sqlite.files import is_database
from ltvtui.storage.regular_file import refuse_irregular

logging.getLogger("fastexcel").setLevel(logging.ERROR)  # it would write over the screen that a column is blank

KINDS: Final = "csv, tsv, parquet, xlsx or jsonl"
HEADED: Final = frozenset({".csv", ".tsv", ".txt", ".xlsx"})
"""Endings of files in which titles may stand above the header."""


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
    from_workbook: bool = False
    """Whether it is a sheet of a workbook."""
    notices: tuple[str, ...] = ()
    """What was left out of it, a sentence each."""
    resource: object = None
    """Stays open for as long as its rows may be read."""


def refuse_foreign(path: Path) -> None:
    """LtvError (exit code 2) for a file that is certain to hold neither tables that are read nor a database."""
    try:
        if path.is_file():
            refuse_disguised(path)
    except OSError:
        return  # whoever opens it says what is wrong


def _kind(path: Path) -> str:
    """The ending that tells how a file is read; of a compressed one that of what is packed."""
    packed = inner(path).suffix.lower()
    return packed if packed in TABLES else path.suffix.lower()


def is_table_file(path: Path) -> bool:
    """Whether a table lies there that is no database: the ending says so, and the content does not deny it."""
    try:
        return _kind(path) in _READERS and path.is_file() and not is_database(path)
    except OSError:
        return False  # whoever opens it says what is wrong


def sheets_of(
    path: Path,
    encoding: str | None = None,
    stopped: Stop = lambda: False,
    *,
    skip: int | None = None,
    sheet: str | None = None,
    strict: bool = True,
    header: bool = True,
) -> list[Sheet]:
    """The tables in a file; none where it is empty.

    `encoding` is that of text, UTF-8 by default. `skip`: lines or rows above the header; None: titles are left
    out where they are certain to be such. Without a `header` columns are named column_1 and so on. Of a workbook
    that has a sheet named `sheet`, that one alone. Unless `strict`, a sheet that cannot be read is left out with a
    notice where another one can.

    LtvError: exit code 2 for a file of another kind, one that is not there, or one whose first line is no header; 1
    where it cannot be read, with the
    line where there are lines. Cancelled when `stopped`.
    """
    read = _READERS.get(_kind(path))
    if read is None:
        refuse_foreign(path)
        raise LtvError(f"{path.name} is not a supported file type.", f"Use {KINDS}.", 2)
    refuse_irregular(path)
    try:
        refuse_disguised(path)
        if path.suffix.lower() in PACKED:
            opened = unpacked(path, stopped)
            found = read(_Asked(opened.path, encoding, stopped, skip, sheet, strict, header))
            return [replace(sheet, path=path, resource=opened) for sheet in found]
        return read(_Asked(path, encoding, stopped, skip, sheet, strict, header))
    except FileNotFoundError as error:
        raise LtvError(f"There is no file {path}.", "Check the path.", 2) from error
    except OSError as error:
        raise LtvError(f"{path.name} cannot be read: {error.strerror or error}.", "Check its permissions.") from error
    except pl.exceptions.NoDataError:
        return []
    except (ValueError, pl.exceptions.PolarsError) as error:
        raise broken(path, error) from error
    except BaseException as error:
        if not is_panic(error):
            raise
        raise broken(path, error) from error


@dataclass(frozen=True)
class _Asked:
    """What is read, and how."""

    path: Path
    encoding: str | None
    stopped: Stop
    skip: int | None
    sheet: str | None
    strict: bool
    header: bool


def is_panic(error: BaseException) -> bool:
    """Whether a library written in Rust has given up; each has a class of its own for it."""
    return type(error).__name__ == "PanicException"


def broken(path: Path, error: BaseException, where: str = "") -> LtvError:
    """What a library says of a file that it cannot read."""
    why = " ".join(str(error).split()).removeprefix("calamine error: Xlsx error: ")[:120].rstrip(".")
    return LtvError(f"{path.name} cannot be read: {where}{why}.", "Save it again, or as csv in UTF-8.")


def _text(asked: _Asked) -> list[Sheet]:
    found = separated(asked.path, asked.encoding, asked.stopped, asked.skip, asked.header)
    if found is None:
        return []
    columns = column_names(asked.path, found.columns, f"line {found.line}")
    count = totals_below(asked.path.name, found.batches(), found.last) if found.last else 0
    found.refuse_ragged(count)
    notices = [titles_notice(asked.path.name, "line", found.heading.titles)] if found.heading.titles else []
    notices += totals_notices(asked.path.name, found.last, count)

    def batches() -> Iterator[pl.DataFrame]:
        rows = first_rows(found.batches(), count) if count else found.batches()
        return _renamed(asked.path, rows, columns)

    return [Sheet(asked.path, _stem(asked.path), columns, batches, False, notices=tuple(notices))]


def _parquet(asked: _Asked) -> list[Sheet]:
    scan = pl.scan_parquet(asked.path, glob=False)
    columns = column_names(asked.path, tuple(scan.collect_schema()), "it")

    def batches() -> Iterator[pl.DataFrame]:
        scanned = each_unblocked(scan.collect_batches(chunk_size=BATCH))
        return _renamed(asked.path, scanned, columns)

    return [Sheet(asked.path, _stem(asked.path), columns, batches, True)]


def _json(asked: _Asked) -> list[Sheet]:
    found = json_lines(asked.path, asked.stopped)
    if found is None:
        return []
    columns = column_names(asked.path, found.columns, "it")
    return [
        Sheet(asked.path, _stem(asked.path), columns, lambda: _renamed(asked.path, found.batches(), columns), True)
    ]


def _workbook(asked: _Asked) -> list[Sheet]:
    """All sheets that hold anything; a workbook with one is named as its file is."""
    path, skip = asked.path, asked.skip
    workbook = Workbook(path, asked.stopped)
    names = [name for name in workbook.names if asked.sheet is not None and name.lower() == asked.sheet.lower()]
    found: list[tuple[str, SheetRows]] = []
    refused: list[LtvError] = []
    for name in names or workbook.names:
        try:
            rows = workbook.rows(name, skip, asked.header)
            column_names(path, rows.header, rows.where)
            if rows.frame.height:
                found.append((name, rows))
        except LtvError as error:
            refused.append(error)
        except (ValueError, pl.exceptions.PolarsError) as error:
            refused.append(broken(path, error, f"the sheet {name}: "))
    if refused and (asked.strict or not found):
        others = f" Or name the sheet to read: --sheet {found[0][0]!r}." if found else ""
        raise LtvError(refused[0].what, refused[0].mend + others, refused[0].exit_code)
    left = [error.what.replace(" cannot be read: ", ": ", 1) + " It is left out." for error in refused]
    several = len(found) > 1 or (bool(names) and workbook.several)
    sheets = [_sheet(path, name.strip() if several else _stem(path), rows) for name, rows in found]
    return [replace(sheet, notices=(*left, *sheet.notices)) if at == 0 else sheet for at, sheet in enumerate(sheets)]


def _sheet(path: Path, name: str, rows: SheetRows) -> Sheet:
    columns = column_names(path, rows.header, rows.where)

    def batches() -> Iterator[pl.DataFrame]:
        return _renamed(path, rows.frame.iter_slices(BATCH), columns)

    return Sheet(path, name, columns, batches, True, True, True, rows.notices)


def _stem(path: Path) -> str:
    """The file's name without its ending, as a name that needs no quotation marks."""
    return re.sub(r"\W+", "_", path.stem).strip("_") or "rows"


def _renamed(path: Path, batches: Iterable[pl.DataFrame], columns: tuple[str, ...]) -> Iterator[pl.DataFrame]:
    """Batches under other names. LtvError (exit code 1) where one cannot be read after all."""
    try:
        for batch in batches:
            yield batch.rename(dict(zip(batch.columns, columns, strict=True)))
    except (OSError, pl.exceptions.PolarsError) as error:
        raise broken(path, error) from error
    except BaseException as error:
        if not is_panic(error):
            raise
        raise broken(path, error) from error


_READERS: Final[dict[str, Callable[[_Asked], list[Sheet]]]] = {
    ".csv": _text,
    ".tsv": _text,
    ".txt": _text,
    ".parquet": _parquet,
    ".xlsx": _workbook,
    ".jsonl": _json,
    ".ndjson": _json,
}
