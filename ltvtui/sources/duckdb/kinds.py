"""Types of DuckDB, and the few that cells have above it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ltvtui.sources.reduction.kinds import CellKind

_WHOLE: Final = frozenset(
    (
        *("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"),
        *("UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT", "BOOLEAN"),
    )
)
"""Sums are HUGEINT; one that does not fit into 64 bits is an error of the engine, never another number."""


_KINDS: Final = {
    **dict.fromkeys(
        ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"), CellKind.WHOLE
    ),
    **dict.fromkeys(("FLOAT", "DOUBLE"), CellKind.FLOAT),
    **dict.fromkeys(("HUGEINT", "UBIGINT", "UHUGEINT", "VARCHAR", "UUID"), CellKind.TEXT),
    **dict.fromkeys(("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"), CellKind.MOMENT),
    "TIMESTAMP WITH TIME ZONE": CellKind.INSTANT,
    "DATE": CellKind.DAY,
    "BOOLEAN": CellKind.FLAG,
}


def kind_of(kind: str) -> CellKind:
    """What a type of DuckDB holds."""
    kind = kind.upper()
    if kind.startswith("DECIMAL"):
        return CellKind.DECIMAL
    return CellKind.TEXT if kind.startswith("ENUM") else _KINDS.get(kind, CellKind.OTHER)


def as_cells(sql: str, kinds: Sequence[str]) -> str:
    """A SELECT of what the SELECT `sql` gives, of columns of the given types, under the names c0, c1 and so on: each
    BIGINT, DOUBLE, BLOB or VARCHAR. Days and times are written as ISO has it."""
    names = [f"c{place}" for place in range(len(kinds))]
    cells = ", ".join(f"{_cell(name, kind)} AS {name}" for name, kind in zip(names, kinds, strict=True))
    return f"SELECT {cells} FROM ({sql}\n) AS cells({', '.join(names)})"  # noqa: S608 - our own names and the asker's SQL


def _cell(name: str, kind: str) -> str:
    kind = kind.upper()
    if kind in _WHOLE or (kind.startswith("DECIMAL") and kind.endswith(",0)")):
        return f"CAST({name} AS BIGINT)"
    if kind in ("FLOAT", "DOUBLE") or kind.startswith("DECIMAL"):
        return f"CAST({name} AS DOUBLE)"
    return name if kind == "BLOB" else f"CAST({name} AS VARCHAR)"
