"""Sheets of a workbook as frames, none of which is read before it is known how far it reaches."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

import polars as pl

from ltvtui.errors import LtvError
from ltvtui.sources.column_numbers import numbered
from ltvtui.sources.files.heading import SAMPLE_LINES, titles_above, titles_notice
from ltvtui.sources.files.headless import SAMPLE_ROWS as ENOUGH
from ltvtui.sources.files.headless import refuse_headless
from ltvtui.sources.files.names import column_names
from ltvtui.sources.files.totals import MOST, Last, first_rows, may_be_totals, totals_below, totals_notices
from ltvtui.sources.files.unblocked import unblocked
from ltvtui.sources.files.workbook_extent import Extent, extents_of

T = TypeVar("T")

_NUMBERED: Final = re.compile(r"_\d+$")
_UNNAMED: Final = "__UNNAMED__"


@dataclass(frozen=True, eq=False)
class SheetRows:
    """What a sheet holds."""

    header: tuple[str, ...]
    where: str
    """Of the header."""
    frame: pl.DataFrame
    """Without blank rows, titles and totals; as many columns as the header."""
    notices: tuple[str, ...] = ()


class Workbook:
    """A workbook whose sheets can be read one by one.

    LtvError (exit code 1) where it cannot be read, as `extents_of` does; Cancelled when `stopped`.
    """

    def __init__(self, path: Path, stopped: Callable[[], bool]) -> None:
        import fastexcel

        self.path = path
        self._stopped = stopped
        self._extents = extents_of(path, stopped)
        self._workbook = self._asked(lambda: fastexcel.read_excel(path))
        self.names: list[str] = list(self._workbook.sheet_names)

    @property
    def several(self) -> bool:
        """Whether more than one sheet holds something."""
        return sum(not isinstance(found, Extent) or found.first_row > 0 for found in self._extents.values()) > 1

    def rows(self, sheet: str, skip: int | None, has_header: bool = True) -> SheetRows:
        """The rows of a sheet below the header, which is below `skip` rows; None: it is detected.

        Without a header (`has_header`) columns are numbered. LtvError: exit code 1 where the sheet is damaged, or
        extends too far, 2 where its first row is no header.
        """
        extent = self._extents.get(sheet)
        if isinstance(extent, LtvError):
            raise extent
        begin = max(extent.first_row - 1, 0) if extent else 0
        if not has_header:
            return self._numbered(sheet, 0 if skip is None else self._below(sheet, begin, skip))
        at = 0 if skip is None else self._below(sheet, begin, skip)
        frame = self._read(sheet, at)
        notices: list[str] = []
        unnamed = sum(name.startswith(_UNNAMED) for name in frame.columns)
        if skip is None and frame.width > 1 and 2 * unnamed >= frame.width:
            titles = self._titles(sheet)
            if titles:
                at = begin + titles
                frame = self._read(sheet, at)
                notices.append(titles_notice(self.path.name, f"sheet {sheet}, row", at))
        header, where = tuple(frame.columns), f"row {max(at, begin) + 1}"
        if skip is None and frame.height:
            head = self._head(sheet, max(at - begin, 0) + 1 + ENOUGH)[max(at - begin, 0) :]
            refuse_headless(self.path, head[0] if head else (), head[1:], f"{where} of the sheet {sheet}")
        if any(_NUMBERED.sub("", column) in header for column in header if _NUMBERED.search(column)):
            # Names that stand twice are told apart by a number when a sheet is read: the header itself is looked at.
            for names in self._head(sheet, max(at - begin, 0) + 1)[-1:]:
                column_names(self.path, names, where)
        merged = sum(first > max(at, begin) + 1 for first in extent.merged) if extent else 0
        if merged:
            cells = "a merged cell that reaches" if merged == 1 else f"{merged} merged cells that reach"
            notices.append(
                f"In {self.path.name} the sheet {sheet} has {cells} over several rows: only the first of these rows "
                "has the value. Unmerge the cells and fill the value down."
            )
        frame, totals = self._without_totals(sheet, frame)
        return SheetRows(header, where, frame, (*notices, *totals))

    def _numbered(self, sheet: str, skip: int) -> SheetRows:
        """All rows of a sheet below `skip` of them, under numbers."""

        def work() -> pl.DataFrame:
            found: Any = self._workbook.load_sheet(sheet, header_row=None, skip_rows=skip, schema_sample_rows=None)
            return pl.DataFrame(found)

        frame = self._asked(work)
        frame = frame.filter(pl.any_horizontal(pl.all().is_not_null())) if frame.width else frame
        frame = frame.rename(dict(zip(frame.columns, numbered(frame.width), strict=True)))
        frame, totals = self._without_totals(sheet, frame)
        return SheetRows(tuple(frame.columns), "it", frame, tuple(totals))

    def _asked(self, work: Callable[[], T]) -> T:
        import fastexcel

        try:
            return unblocked(work, self._stopped)
        except fastexcel.FastExcelError as error:
            raise ValueError(str(error).partition("\n")[0]) from error

    def _read(self, sheet: str, header: int) -> pl.DataFrame:
        """Rows below the header that are not blank; of columns those that have a name or a value.

        Numbers stay floats, as a workbook has them: what is whole is found where it is stored, value by value.
        """

        def work() -> pl.DataFrame:
            found: Any = self._workbook.load_sheet(sheet, header_row=header, schema_sample_rows=None)
            return pl.DataFrame(found)

        frame = self._asked(work)
        nameless = [c.name for c in frame.get_columns() if c.name.startswith(_UNNAMED)]
        frame = frame.drop(name for name in nameless if frame[name].null_count() == frame.height)
        return frame.filter(pl.any_horizontal(pl.all().is_not_null())) if frame.width else frame

    def _head(self, sheet: str, rows: int) -> list[tuple[str, ...]]:
        """The first rows from the first that is not blank, as texts."""

        def work() -> pl.DataFrame:
            found: Any = self._workbook.load_sheet(sheet, header_row=None, n_rows=rows, dtypes="string")
            return pl.DataFrame(found)

        frame = self._asked(work)
        return [tuple(cell or "" for cell in row) for row in frame.rows()]

    def _below(self, sheet: str, begin: int, skip: int) -> int:
        """The row of the header, from 0: the first that is not blank below so many rows."""
        head = self._head(sheet, max(skip - begin, 0) + SAMPLE_LINES)
        for place, row in enumerate(head):
            if begin + place >= skip and any(cell.strip() for cell in row):
                return begin + place
        raise LtvError(
            f"{self.path.name} has no header in the sheet {sheet} below {skip} rows.",
            "Give a smaller --skip-rows.",
            2,
        )

    def _titles(self, sheet: str) -> int:
        """How many rows, from the first that is not blank, are above the header for certain."""
        head = self._head(sheet, SAMPLE_LINES)
        places = [place for place, row in enumerate(head) if any(cell.strip() for cell in row)]
        titles = titles_above([head[place] for place in places], len(head) < SAMPLE_LINES)
        return places[titles] if titles else 0

    def _without_totals(self, sheet: str, frame: pl.DataFrame) -> tuple[pl.DataFrame, list[str]]:
        last: list[Last] = []
        for back, row in enumerate(reversed(frame.tail(MOST).rows())):
            cells = tuple("" if cell is None else str(cell) for cell in row)
            if not may_be_totals(cells, frame.width):
                break
            where = "the last row" if back == 0 else f"row {back + 1} from the end"
            last.insert(0, Last(f"{where} of the sheet {sheet}", cells))
        count = totals_below(self.path.name, [frame], last) if last else 0
        if not count:
            return frame, []
        rest = pl.concat(first_rows([frame], count))
        return rest.select(_retyped(column) for column in rest.get_columns()), totals_notices(
            self.path.name, last, count
        )


def _retyped(column: pl.Series) -> pl.Series:
    """A column that only a word among totals made text, as the numbers that the others are."""
    if column.dtype != pl.String or column.null_count() == column.len():
        return column
    numbers = column.cast(pl.Float64, strict=False)
    same = numbers.null_count() == column.null_count() and _all_written_so(column, numbers)
    return numbers if same else column


def _all_written_so(column: pl.Series, numbers: pl.Series) -> bool:
    """Whether every text is the shortest way to write its number, so that nothing is lost, as it is of `007`."""
    texts: Sequence[str] = column.drop_nulls().to_list()
    return all(
        text in (repr(number), repr(number).removesuffix(".0"))
        for text, number in zip(texts, numbers.drop_nulls().to_list(), strict=True)
    )
