"""Several files under one address, of which one private database is made: those of one shape are one table."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

import polars as pl

from ltvtui.errors import Cancelled, LtvError
from ltvtui.sources.base import Progress, Stop
from ltvtui.sources.files.bulk_load import fill_fresh
from ltvtui.sources.files.gather import Gathered, gather
from ltvtui.sources.files.loads import Manner, plan_loads
from ltvtui.sources.files.same_table import Part, tables_of_parts
from ltvtui.sources.files.table_file import state_of
from ltvtui.sources.files.tables import HEADED, Sheet, sheets_of
from ltvtui.sources.layout import AS_FOUND, Layout

_BLANK_WHERE_MISSING: Final = Manner(alter=True)


@dataclass(frozen=True)
class FileSet:
    """The files in a folder, or those that fit a pattern."""

    path: Path
    layout: Layout = AS_FOUND

    @property
    def key(self) -> tuple[str, ...]:
        """The layout, which counts for all of them."""
        return ("files", repr(self.layout))

    @property
    def is_headed(self) -> bool:
        """Whether one of them is."""
        return any(file.path.suffix.lower() in HEADED for file in gather(self.path))

    @property
    def size(self) -> int:
        """Of all files."""
        return sum(file.path.stat().st_size for file in gather(self.path))

    def version(self) -> str:
        """A digest of which files there are, and of the state of each."""
        states = [(str(file.path), state_of(file.path)) for file in gather(self.path)]
        return hashlib.sha256(json.dumps(states).encode()).hexdigest()

    def fill(self, database: Path, progress: Progress, stopped: Stop) -> list[str]:
        """All tables. A file of a folder that cannot be read as one is left out where others can; so are copies, and
        files without rows."""
        sheets, notices = self.sheets(stopped)
        loads = plan_loads(sheets, None, _BLANK_WHERE_MISSING, stopped)
        fill_fresh(database, loads, progress, stopped)
        return [*notices, *(notice for load in loads for notice in load.notices)]

    def sheets(self, stopped: Stop) -> tuple[list[Sheet], list[str]]:
        """The tables in the files, those of one name being one; and what was joined and left out, a sentence each.

        LtvError as of `fill`.
        """
        files, copies = _without_copies(gather(self.path), stopped)
        parts, left_out = self._parts(files, stopped)
        sheets, joined = tables_of_parts(parts, _table_name(self.path))
        return sheets, [*joined, *left_out, *copies]

    def _parts(self, files: Sequence[Gathered], stopped: Stop) -> tuple[list[Part], list[str]]:
        """What can be read, and a sentence for each file that cannot."""
        how = self.layout
        parts: list[Part] = []
        refused: list[LtvError] = []
        for file in files:
            if stopped():
                raise Cancelled
            try:
                sheets = sheets_of(
                    file.path, how.encoding, stopped, skip=how.skip_rows, strict=False, header=how.header
                )
            except LtvError as error:
                if not self.path.is_dir():  # a pattern names what is meant
                    raise
                refused.append(error)
                continue
            filled = [sheet for sheet in sheets if any(batch.height for batch in sheet.batches())]
            if not filled:
                refused.append(LtvError(f"{file.path.name} has no rows.", "Name files with rows."))
            parts += [Part(_with_partition(sheet, file), file.group) for sheet in filled]
        if not parts:
            raise refused[0]
        return parts, [f"{error.what} It is left out." for error in refused]


def _with_partition(sheet: Sheet, file: Gathered) -> Sheet:
    """The rows with what the names of folders say, unless the file has a column of that name."""
    own = {column.lower() for column in sheet.columns}
    more = {name: value for name, value in file.partition if name.lower() not in own}
    if not more:
        return sheet
    return replace(sheet, columns=(*sheet.columns, *more), batches=partial(_widened, sheet, more))


def _widened(sheet: Sheet, more: dict[str, str | None]) -> Iterator[pl.DataFrame]:
    values = [pl.lit(value, pl.String).alias(name) for name, value in more.items()]
    for batch in sheet.batches():
        yield batch.with_columns(values)


def _without_copies(files: Sequence[Gathered], stopped: Stop) -> tuple[list[Gathered], list[str]]:
    """The files without those that hold the very bytes of another one in the same place, and a sentence for each."""
    sizes: dict[tuple[object, int], list[Gathered]] = {}
    for file in files:
        sizes.setdefault(((file.group, file.partition), file.path.stat().st_size), []).append(file)
    copies: dict[Path, Path] = {}
    for alike in sizes.values():
        if len(alike) > 1:
            first: dict[bytes, Path] = {}
            for file in alike:
                if stopped():
                    raise Cancelled
                with file.path.open("rb") as content:
                    digest = hashlib.file_digest(content, "sha256").digest()
                if (original := first.setdefault(digest, file.path)) != file.path:
                    copies[file.path] = original
    notices = [f"{copy.name} is a copy of {original.name}: it is left out." for copy, original in copies.items()]
    return [file for file in files if file.path not in copies], notices


def _table_name(path: Path) -> str:
    """For files that have no name in common: that of their folder."""
    return (
        "".join(c if c.isalnum() else "_" for c in (path if path.is_dir() else path.parent).resolve().name) or "rows"
    )
