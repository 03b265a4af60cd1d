"""JSON lines: an object a line, read by Polars where it can, else line by line.

Polars takes a file apart at the speed of a scan, but refuses all of it for one number that no float holds, or a NaN,
which Python writes. Then each line is read on its own, and such a number stays as it is written: whoever reads
amounts leaves out its row, and no other.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

import polars as pl

from ltvtui.errors import Cancelled, LtvError
from ltvtui.sources.base import Stop
from ltvtui.sources.files.lines import check_lines
from ltvtui.sources.files.unblocked import unblocked

DEEPEST: Final = 64
"""Objects and lists within each other. Readers go down by calling themselves, and some fall when it is too deep."""
BATCH: Final = 50_000
_EXACT: Final = 2**53
_WHOLE: Final = 2**63
_ONE_A_LINE: Final = 'Write one object per line, such as {"customer": "ann", "amount": 12.5}.'


@dataclass(frozen=True, eq=False)
class JsonLines:
    """What the file holds."""

    columns: tuple[str, ...]
    """As they are named; in the order in which they come first."""
    batches: Callable[[], Iterator[pl.DataFrame]]


def json_lines(path: Path, stopped: Stop = lambda: False) -> JsonLines | None:
    """The table in a file of JSON lines; None where it is empty.

    LtvError (exit code 1), with the line, where one is no object, is nested too deeply or is too long. Cancelled when
    `stopped`.
    """
    check_lines(path, stopped=stopped)
    unblocked(lambda: _check_depth(path, stopped), stopped)
    try:
        rows = unblocked(lambda: pl.read_ndjson(path, infer_schema_length=None), stopped)
    except pl.exceptions.NoDataError:
        return None
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
        names: dict[str, None] = {}
        for record in _records(path, stopped):
            names |= dict.fromkeys(record)
        columns = tuple(names)
        return JsonLines(columns, lambda: _one_by_one(path, columns, stopped)) if columns else None
    return JsonLines(tuple(rows.columns), lambda: rows.iter_slices(BATCH))


def _check_depth(path: Path, stopped: Stop) -> None:
    """LtvError where a line is nested too deeply: one that could be is followed sign by sign."""
    lines = pl.scan_lines(path, name="line", row_index_name="number", row_index_offset=1, glob=False)
    many = lines.filter(pl.col("line").str.count_matches(r"[\[{]") > DEEPEST)
    try:
        for batch in many.collect_batches(chunk_size=1_000, maintain_order=True):
            if stopped():
                raise Cancelled
            for number, line in batch.select("number", "line").iter_rows():
                if _depth(line) > DEEPEST:
                    raise LtvError(
                        f"{path.name} cannot be read: line {number} is nested deeper than {DEEPEST} levels.",
                        _ONE_A_LINE,
                    )
    except pl.exceptions.PolarsError:
        return  # no UTF-8; whoever reads the lines says where


def _depth(line: str) -> int:
    """How deep the deepest value lies, or some depth above DEEPEST."""
    depth = deepest = 0
    quoted = escaped = False
    for sign in line:
        if escaped:
            escaped = False
        elif quoted:
            escaped = sign == "\\"
            quoted = sign != '"'
        elif sign == '"':
            quoted = True
        elif sign in "[{":
            depth += 1
            deepest = max(deepest, depth)
            if deepest > DEEPEST:
                break
        elif sign in "]}":
            depth -= 1
    return deepest


def _records(path: Path, stopped: Stop) -> Iterator[dict[str, Any]]:
    """The objects, line by line. LtvError where one is none."""
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if number % 1_000 == 0 and stopped():
                raise Cancelled
            if number == 1:
                line = line.removeprefix(b"\xef\xbb\xbf")
            if not line.strip():
                continue
            try:
                found = json.loads(
                    line.decode("utf-8"), parse_int=_whole, parse_float=_number, parse_constant=_nothing
                )
            except UnicodeDecodeError as error:
                raise LtvError(
                    f"{path.name} cannot be read: line {number} is not UTF-8 text.", "Save it again in UTF-8."
                ) from error
            except (ValueError, RecursionError):
                found = None
            if not isinstance(found, dict):
                raise LtvError(f"{path.name} cannot be read: line {number} is not a JSON object.", _ONE_A_LINE)
            yield found


def _whole(text: str) -> int | str:
    """A whole number as SQLite holds it, else as it is written."""
    if len(text) > 20:
        return text
    number = int(text)
    return number if -_WHOLE <= number < _WHOLE else text


def _nothing(constant: str) -> None:
    """NaN and Infinity, which are no JSON: what is not known."""


def _number(text: str) -> float | str:
    number = float(text)
    return number if math.isfinite(number) else text


def _one_by_one(path: Path, columns: tuple[str, ...], stopped: Stop) -> Iterator[pl.DataFrame]:
    records = _records(path, stopped)
    while rows := list(islice(records, BATCH)):
        yield pl.DataFrame([_column(name, [row.get(name) for row in rows]) for name in columns])


def _column(name: str, values: list[Any]) -> pl.Series:
    """Whole numbers, numbers, or text of whatever there is."""
    plain = [int(value) if isinstance(value, bool) else value for value in values]
    kinds = {type(value) for value in plain if value is not None}
    if kinds <= {int}:
        return pl.Series(name, plain, pl.Int64)
    if kinds <= {int, float} and all(abs(v) <= _EXACT for v in plain if isinstance(v, int)):
        return pl.Series(name, [None if value is None else float(value) for value in plain], pl.Float64)
    return pl.Series(name, [_text(value) for value in plain], pl.String)


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else repr(value)
