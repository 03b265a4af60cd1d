"""Which of several files are parts of one table: those of one shape, unless their names say otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Final

from ltvtui.errors import LtvError, thousands
from ltvtui.sources.detection.vocabulary import group, meaning
from ltvtui.sources.files.loads import same_columns
from ltvtui.sources.files.tables import Sheet

_PART: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27,}|\d+|\bcopy\b|[\s._()-]+")
"""What differs in the names of the parts of one table."""


@dataclass(frozen=True)
class Part:
    """A table of one file, which may be a part of a larger one."""

    sheet: Sheet
    group: str
    """Folder in which it lies with its like."""

    @property
    def shape(self) -> frozenset[str]:
        """Its columns, as SQLite tells them apart."""
        return frozenset(column.lower() for column in self.sheet.columns)

    @property
    def series(self) -> tuple[str, str]:
        """Equal of files that are named alike but for numbers: orders-2025-01.csv and orders-2025-02.csv."""
        stem = self.sheet.path.name.partition(".")[0].lower()
        own = "" if stem.startswith("part-") else _PART.sub(" ", stem).strip()
        return self.group, own

    @property
    def apart(self) -> frozenset[str]:
        """Words that set it apart from tables of the same shape: refunds, taxes, drafts."""
        beside = group("of_refunds") | group("beside_sales") | {"credit"}
        return beside.intersection(meaning(f"{self.group} {self.sheet.name}"))


def tables_of_parts(parts: Sequence[Part], name: str) -> tuple[list[Sheet], list[str]]:
    """The sheets, those of one table under one name, and a sentence for each table that is made of several files.

    `name` is that of a table whose files have no name in common.
    LtvError (exit code 1) where files that are named alike have other columns, or where csv and parquet, say, seem
    to hold the same rows.
    """
    tables: list[list[Part]] = []
    for part in parts:
        for table in tables:
            if _is_part(part, table):
                table.append(part)
                break
        else:
            tables.append([part])
    sheets: list[Sheet] = []
    notices: list[str] = []
    used: set[str] = set()
    for table in tables:
        if len(table) == 1 and not table[0].group:
            own = table[0].sheet.name
        else:
            own = table[0].group or _common_name([part.sheet.name for part in table]) or name
        own = _free(own, used)
        sheets += [replace(part.sheet, name=own) for part in table]
        notices += _notices(own, table)
    return sheets, notices


def _is_part(part: Part, table: Sequence[Part]) -> bool:
    """Whether it belongs to the table. LtvError as of tables_of_parts."""
    first = max(table, key=lambda other: len(other.shape))
    if part.apart != first.apart or part.group != first.group:
        return False
    alike = part.series == first.series
    if part.shape == first.shape:
        _refuse_twice(part, first)
        return True
    if not alike or (part.sheet.from_workbook and part.sheet.path == first.sheet.path):
        return False
    if not (part.shape < first.shape or part.shape > first.shape):
        _refuse_renamed(part.sheet, first.sheet)
    return True


def _refuse_renamed(sheet: Sheet, first: Sheet) -> None:
    """Half of a series would lack its amounts, or be no part of the table."""
    try:
        same_columns(sheet.path.name, sheet.columns, first.path.name, first.columns)
    except LtvError as error:
        mend = "Give the columns the same names, or name files with the same columns by a pattern."
        raise LtvError(error.what, mend) from error


def _refuse_twice(part: Part, first: Part) -> None:
    """Orders that lie there as csv and as parquet would count twice."""
    one, other = part.sheet.path, first.sheet.path
    if one.suffix.lower() != other.suffix.lower():
        raise LtvError(
            f"{other.name} and {one.name} have the same columns: the same rows may be in both.",
            f"Name those of one kind, such as '*{other.suffix}'.",
        )


def _common_name(names: Iterable[str]) -> str:
    """What the names of tables begin with, without numbers and signs at its end."""
    alike = takewhile(lambda letters: len(set(letters)) == 1, zip(*names, strict=False))
    return re.sub(r"[\W\d_]+$", "", "".join(letters[0] for letters in alike))


def _free(name: str, used: set[str]) -> str:
    """A name that no other table has."""
    found, number = name, 2
    while found.lower() in used:
        found, number = f"{name}_{number}", number + 1
    used.add(found.lower())
    return found


def _notices(name: str, table: Sequence[Part]) -> list[str]:
    files = list(dict.fromkeys(part.sheet.path for part in table))
    if len(files) < 2:
        return []
    first, last = files[0].name, files[-1].name
    span = f": {first} to {last}" if first != last else ""
    notices = [f"{name} is made of {thousands(len(files))} files{span}."]
    whole = frozenset[str]().union(*(part.shape for part in table))
    for part in table:
        if lacking := sorted(whole - part.shape):
            notices.append(f"{part.sheet.path.name} has no {', '.join(lacking)}: blank in its rows.")
    return notices
