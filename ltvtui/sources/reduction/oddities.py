"""Values that are not plainly written: fetched once each, and read by the local rules.

What SQL would read otherwise becomes a branch of its own where such values are few; else the shop is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from ltvtui.errors import LtvError, thousands
from ltvtui.sources.reduction.cells import NEVER, CellSql
from ltvtui.sources.reduction.chain import Chain
from ltvtui.sources.reduction.dialect import SqlDialect
from ltvtui.sources.reduction.engine import Reducing

MOST_ODD: Final = 200_000
"""Different values that are fetched to be read locally."""
MOST_BRANCHES: Final = 300
"""Of those, values that may be read otherwise than SQL reads them."""


def with_odd_values(database: Reducing, chain: Chain, cell: CellSql) -> tuple[str, ...]:
    """SQL of the values of `cell` on the last step of `chain`, right for odd ones too.

    LtvError (exit code 1) where there are too many of them.
    """
    if cell.odd == NEVER:
        return cell.values
    engine = database.engine
    text = engine.text(cell.raw)
    values = ", ".join(
        f"{engine.text(value) if not cell.numeric else value} AS v{n}" for n, value in enumerate(cell.values)
    )
    odd = f"SELECT DISTINCT {text} AS written, {values} FROM {chain.last} WHERE {cell.odd}"
    found = database.frame(chain.select(f"{odd} LIMIT {MOST_ODD + 1}"))
    if found.is_empty():
        return cell.values
    read = cell.read(found["written"])
    otherwise = pl.DataFrame([series.alias(f"v{n}") for n, series in enumerate(read[: len(cell.values)])])
    sql = found.select(pl.exclude("written"))
    if cell.numeric:
        otherwise = _numbers(cell, otherwise, found["written"])
        sql = sql.cast(pl.Int64 if all(kind != pl.Float64 for kind in otherwise.dtypes) else pl.Float64)
    differs = pl.Series([not same for same in _same(sql, otherwise)])
    if found.height > MOST_ODD or int(differs.sum()) > MOST_BRANCHES:
        raise _too_many(cell, found["written"].filter(differs) if differs.any() else found["written"])
    written = found["written"].filter(differs).to_list()
    return tuple(
        _with_branches(engine, text, value, written, otherwise[f"v{n}"].filter(differs).to_list())
        for n, value in enumerate(cell.values)
    )


def _numbers(cell: CellSql, read: pl.DataFrame, written: pl.Series) -> pl.DataFrame:
    """What was read as numbers. LtvError where an id among numbers is none."""
    numbers = read.select(
        pl.col(name) if kind.is_float() else pl.col(name).cast(pl.Int64, strict=False)
        for name, kind in read.schema.items()
    )
    lost = read["v0"].is_not_null() & numbers["v0"].is_null()
    if lost.any():
        raise _too_many(cell, written.filter(lost))
    return numbers


def _same(one: pl.DataFrame, other: pl.DataFrame) -> list[bool]:
    return [mine == theirs for mine, theirs in zip(one.rows(), other.rows(), strict=True)]


def _with_branches(engine: SqlDialect, text: str, value: str, written: Sequence[str], read: Sequence[object]) -> str:
    if not written:
        return value
    branches = " ".join(
        f"WHEN {engine.literal(cell)} THEN {_literal(engine, value_read)}"
        for cell, value_read in zip(written, read, strict=True)
    )
    return f"CASE {text} {branches} ELSE {value} END"


def _literal(engine: SqlDialect, value: object) -> str:
    if value is None:
        return "NULL"
    return engine.literal(value) if isinstance(value, str) else repr(value)


def _too_many(cell: CellSql, written: pl.Series) -> LtvError:
    example, more = str(written[0])[:40], written.len()
    others = f" and {thousands(more - 1)} more" if more > 1 else ""
    return LtvError(
        f"Orders are not reduced where they lie: the {cell.role} has values such as {example!r}{others}, which only "
        "a reading of all rows tells.",
        "Name a view that writes them plainly, or use --compute here.",
    )
