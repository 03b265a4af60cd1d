"""Names and types of the columns of a SELECT, as the driver describes them before it is run.

The driver hands them over in the C structures of Arrow, with PostgreSQL's own type beside each column
(https://arrow.apache.org/docs/format/CDataInterface.html). Polars knows neither that note nor all types that can
come, and does not survive some, so that they are read here.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True)
class ColumnType:
    """One column of a SELECT."""

    name: str
    type: str
    """PostgreSQL's name of the type, of a domain that of what it is made of: `int4`, `numeric`, `text`."""
    modifier: int = -1
    """What is declared beside it, as PostgreSQL has it: of numeric the digits and those behind the point."""


class _Schema(ctypes.Structure):
    """struct ArrowSchema, as far as it is read."""


_Schema._fields_ = [
    ("format", ctypes.c_char_p),
    ("name", ctypes.c_char_p),
    ("metadata", ctypes.c_void_p),
    ("flags", ctypes.c_int64),
    ("n_children", ctypes.c_int64),
    ("children", ctypes.POINTER(ctypes.POINTER(_Schema))),
]
_pointer: Final = ctypes.pythonapi.PyCapsule_GetPointer
_pointer.restype = ctypes.c_void_p
_pointer.argtypes = [ctypes.py_object, ctypes.c_char_p]


def columns_of(described: Any) -> tuple[ColumnType, ...]:
    """The columns that AdbcStatement.execute_schema described."""
    capsule = described.__arrow_c_schema__()  # it owns the memory, and lives until the end of this function
    schema = ctypes.cast(_pointer(capsule, b"arrow_schema"), ctypes.POINTER(_Schema)).contents
    return tuple(_column(schema.children[place].contents) for place in range(schema.n_children))


def _column(schema: Any) -> ColumnType:
    notes = _notes(schema.metadata)
    return ColumnType(
        (schema.name or b"").decode("utf-8", "replace"),
        notes.get("POSTGRESQL:type", "text"),
        int(notes.get("POSTGRESQL:typmod", "-1")),
    )


def _notes(address: int | None) -> dict[str, str]:
    """Pairs of texts: their number, then each text behind its length."""
    if not address:
        return {}
    at = address

    def number() -> int:
        nonlocal at
        at += 4
        return ctypes.c_int32.from_address(at - 4).value

    def text() -> str:
        nonlocal at
        length = number()
        at += length
        return ctypes.string_at(at - length, length).decode("utf-8", "replace")

    return {text(): text() for _ in range(number())}
