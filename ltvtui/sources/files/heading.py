"""Where the header of a table stands: below a line that tells the separator, and below titles.

Titles are taken for such only where it is certain: they fill few fields, the line below them names as many columns
as all that follow have fields, and some of those columns hold numbers or days, which their names do not.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

SEPARATORS: Final = ",;\t|"
MOST_TITLES: Final = 20
"""Rows above a header at most."""
SAMPLE_LINES: Final = 200
"""Rows in which a header is looked for."""

_SEPARATOR_LINE: Final = re.compile(r'"?sep=(\\t|[^"\r\n])"?\s*', re.IGNORECASE)
_FIGURE: Final = re.compile(r"[^\w]*\d[\d\s.,:/'’+TZ-]*[^\w]*(?:[A-Z]{3}|%)?")
"""A number or a day, whichever way it is written."""


@dataclass(frozen=True)
class Heading:
    """How a file of separated text begins."""

    separator: str
    above: int
    """Lines above the header, those included that nobody has to be told of."""
    titles: int = 0
    """Lines above the header, up to the last that holds text, that were left out without having been asked to."""


def heading_below(first: str, rest: str, skip: int) -> Heading:
    """How a file is to be read whose header is below `skip` lines, of which `first` is the first one.

    `rest`: what follows those lines, or the beginning of it.
    """
    declared = _declared_separator(first)
    lines = list(io.StringIO(rest, newline=""))
    if declared is not None and skip == 0:
        return Heading(declared, 1)
    return Heading(declared or _separator(lines), skip)


def heading_of(text: str, whole: bool) -> Heading:
    """How `text`, the beginning of a file, is to be read; `whole`: it is all of it."""
    lines = list(io.StringIO(text, newline=""))
    declared = _declared_separator(lines[0]) if lines else None
    first = 0 if declared is None else 1
    below = lines[first:] if whole else lines[first:-1]
    found = max(
        (_titled(below, separator) for separator in ([declared] if declared else SEPARATORS)),
        key=lambda found: found[1],
        default=(0, 0, ""),
    )
    if found[0]:
        return Heading(found[2], first + found[0], first + found[0])
    return Heading(declared or _separator(lines[first:]), first)


def titles_above(rows: Sequence[Sequence[str]], whole: bool) -> int:
    """How many of the first of `rows`, none of them blank, are titles above the header.

    `whole`: these are all rows there are, so that the last ones may be totals.
    """
    widths = Counter(len(row) for row in rows[1:])
    width = max(widths, key=lambda width: (widths[width], width), default=0)
    if width < 2:
        return 0
    titles = next((at for at, row in enumerate(rows) if len(row) == width and _names_columns(row)), 0)
    if not 0 < titles <= MOST_TITLES:
        return 0
    above, header, below = rows[:titles], rows[titles], list(rows[titles + 1 :])
    while whole and len(below) > 1 and len(below[-1]) != width:
        below.pop()
    if not below or any(len(row) != width for row in below):
        return 0
    if any(_filled(row) > max(1, width // 2) for row in above):
        return 0
    evident = sum(_has_figures(row[place] for row in below) for place in range(len(header)))
    return titles if evident else 0


def titles_notice(name: str, unit: str, count: int) -> str:
    """The notice of titles that are left out of the file `name`; `unit` is line or row."""
    which = f"{unit} 1 is a title" if count == 1 else f"{unit}s 1 to {count} are titles"
    return f"In {name} {which} above the header: left out. If this is wrong: --skip-rows 0."


def is_figure(text: str) -> bool:
    """Whether it is a number or a day, whichever way it is written."""
    return _FIGURE.fullmatch(text.strip()) is not None


def _declared_separator(line: str) -> str | None:
    """The separator that a line declares (`sep=;`), as Excel writes and reads it."""
    match = _SEPARATOR_LINE.fullmatch(line.rstrip("\r\n").lstrip("\ufeff"))
    return None if match is None else match[1].replace("\\t", "\t")


def _titled(lines: list[str], separator: str) -> tuple[int, int, str]:
    """Lines above the header, and fields of it, if `separator` is the one."""
    rows: list[list[str]] = []
    begins: list[int] = []
    reader = csv.reader(lines, delimiter=separator, strict=True)
    begin, whole = 0, True
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append(row)
                begins.append(begin)
            begin = reader.line_num
            if len(rows) == SAMPLE_LINES:
                whole = False
                break
    except csv.Error:
        return 0, 0, separator
    titles = titles_above(rows, whole)
    return (begins[titles], len(rows[titles]), separator) if titles else (0, 0, separator)


def _separator(lines: list[str]) -> str:
    """The separator that stands most often in the first line that is not blank, outside of quotation marks."""
    line = next((line for line in lines if line.strip()), "")
    first = re.sub(r'"[^"]*"', "", line)
    return max(SEPARATORS, key=first.count)


def _names_columns(row: Sequence[str]) -> bool:
    """Whether it may be a header: texts of which no two are the same, and few are missing."""
    cells = [name for cell in row if (name := cell.strip().lower())]
    enough = len(cells) >= max(2, 0.7 * len(row))
    return enough and len(set(cells)) == len(cells) and not any(map(is_figure, cells))


def _filled(row: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in row)


def _has_figures(cells: Iterable[str]) -> bool:
    present = [cell for cell in cells if cell.strip()]
    return bool(present) and all(map(is_figure, present))
