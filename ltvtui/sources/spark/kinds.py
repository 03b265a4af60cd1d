"""Types of Spark, and the few that cells have above it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ltvtui.sources.reduction.kinds import CellKind

_KINDS: Final = {
    **dict.fromkeys(("tinyint", "smallint", "int", "bigint"), CellKind.WHOLE),
    **dict.fromkeys(("float", "double"), CellKind.FLOAT),
    "string": CellKind.TEXT,
    "timestamp_ntz": CellKind.MOMENT,
    "timestamp": CellKind.INSTANT,
    "date": CellKind.DAY,
    "boolean": CellKind.FLAG,
}


def kind_of(kind: str) -> CellKind:
    """What a type holds, as Spark writes it in one word."""
    if kind.startswith("decimal"):
        return CellKind.DECIMAL
    return CellKind.TEXT if kind.startswith(("varchar", "char")) else _KINDS.get(kind, CellKind.OTHER)


def as_cells(sql: str, kinds: Sequence[str]) -> str:
    """A SELECT of what the SELECT `sql` gives, of columns of the given types, under the names c0, c1 and so on: each
    bigint, double, binary or string. Days and times are written as ISO has it."""
    names = [f"c{place}" for place in range(len(kinds))]
    cells = ", ".join(f"{_cell(name, kind)} AS {name}" for name, kind in zip(names, kinds, strict=True))
    return f"SELECT {cells} FROM ({sql}\n) AS cells({', '.join(names)})"  # noqa: S608 - our own names and the asker's SQL


def _cell(name: str, kind: str) -> str:
    if kind in ("tinyint", "smallint", "int", "bigint", "boolean") or (
        kind.startswith("decimal") and kind.endswith(",0)")
    ):
        return f"CAST({name} AS BIGINT)"
    if kind in ("float", "double") or kind.startswith("decimal"):
        return f"CAST({name} AS DOUBLE)"
    return name if kind == "binary" else f"CAST({name} AS STRING)"
