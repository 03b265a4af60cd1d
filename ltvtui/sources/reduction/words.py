"""Words of rows, fetched once each and judged by the local rules: statuses, currencies, types of rows, flags."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from ltvtui.analytics.cleaning.barred import barred_among, of_refunds_among
from ltvtui.analytics.cleaning.clean import CleaningPolicy
from ltvtui.analytics.cleaning.data_quality import StatusCount
from ltvtui.analytics.cleaning.statuses import is_money_back, is_no_sale
from ltvtui.errors import LtvError, thousands
from ltvtui.sources.detection.returns import is_yes
from ltvtui.sources.reduction.dialect import SqlDialect
from ltvtui.sources.reduction.engine import Reducing
from ltvtui.sources.reduction.rows import RowsSql
from ltvtui.sources.values import decoding
from ltvtui.sources.values.nothing import is_nothing

MOST_WORDS: Final = 10_000
"""Different values of a column that is said to hold a word."""
_OPTIONS: Final = {"currency": "currency-column", "row_type": "row-type"}
_PLAIN_DAY: Final = "^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}"


@dataclass(frozen=True)
class Words:
    """What the words of a shop mean."""

    statuses: tuple[StatusCount, ...] = ()
    barred: tuple[str, ...] = ()
    """Statuses that leave their rows out."""
    of_refunds: tuple[str, ...] = ()
    """Of them those that stay where the amount is negative."""
    no_sales: tuple[str, ...] = ()
    """Types of rows that are of no sale."""
    refunds: tuple[str, ...] = ()
    """Types of rows that are refunds."""


def worded(database: Reducing, rows: RowsSql, policy: CleaningPolicy) -> tuple[RowsSql, Words]:
    """The rows with each word as it is meant, `undone` (0, 1) in place of cancelled, and what the words mean.

    LtvError (exit code 1) where a column has too many to be words.
    """
    engine = database.engine
    found = {c: _counted(database, rows, c) for c in ("status", "currency", "row_type") if rows.has(c)}
    if "currency" in found:
        words_read = [None if word is None or is_nothing(word) else word for word in found["currency"]["meant"]]
        found["currency"] = found["currency"].with_columns(pl.Series("meant", words_read, pl.String))
    changed = {c: _word_sql(engine, c, counted) for c, counted in found.items()}
    words = Words()
    if "status" in found:
        by_status = found["status"].drop_nulls("meant").group_by("meant").agg(pl.col("rows").sum())
        barred = barred_among(by_status["meant"].to_list(), policy.excluded_statuses)
        listed = by_status.select(status="meant", len="rows", barred=pl.col("meant").is_in(barred))
        listed = listed.sort("len", "status", descending=[True, False])
        statuses = tuple(StatusCount(*row) for row in listed.iter_rows())
        of_refunds = of_refunds_among(barred, policy.excluded_statuses)
        words = replace(words, statuses=statuses, barred=tuple(barred), of_refunds=tuple(of_refunds))
    if "row_type" in found:
        kinds = found["row_type"]["meant"].drop_nulls().unique().to_list()
        others = tuple(kind for kind in kinds if is_no_sale(kind))
        backs = tuple(kind for kind in kinds if is_money_back(kind) and kind not in others)
        words = replace(words, no_sales=others, refunds=backs)
    rows = rows.then("worded", changed)
    return _with_undone(database, rows) if rows.has("cancelled") else rows, words


def _with_undone(database: Reducing, rows: RowsSql) -> RowsSql:
    """With whether a row has a day of cancelling, or a yes."""
    engine = database.engine
    day = engine.matches("cancelled", _PLAIN_DAY)
    counted = _counted(database, rows, "cancelled", f" AND NOT {day}")
    undone = is_yes(counted["meant"]).fill_null(False)
    not_undone = among(engine, "cancelled", counted.filter(~undone)["written"])
    return rows.then(
        "with_undone", {}, {"undone": f"CASE WHEN cancelled IS NOT NULL AND NOT {not_undone} THEN 1 ELSE 0 END"}
    )


def _word_sql(engine: SqlDialect, column: str, counted: pl.DataFrame) -> str:
    """SQL of a word as it is meant."""
    differs = counted.filter(pl.col("written").ne_missing(pl.col("meant")))
    branches = " ".join(
        f"WHEN {engine.literal(raw)} THEN {'NULL' if words_read is None else engine.literal(words_read)}"
        for raw, words_read in differs.select("written", "meant").iter_rows()
    )
    return f"CASE {column} {branches} ELSE {column} END" if branches else column


def among(engine: SqlDialect, column: str, words: Iterable[str]) -> str:
    """A condition: whether a cell, which may be null, is one of the words; never null."""
    listed = ", ".join(engine.literal(word) for word in words)
    return f"COALESCE({column} IN ({listed}), 1 = 0)" if listed else "1 = 0"


def _counted(database: Reducing, rows: RowsSql, column: str, condition: str = "") -> pl.DataFrame:
    """written, meant (String) and rows of each different text."""
    count, last = database.engine.whole("COUNT(*)"), rows.chain.last
    sql = (
        f"SELECT {column} AS written, {count} AS n FROM {last} WHERE {column} IS NOT NULL{condition}"
        f" GROUP BY {column} LIMIT {MOST_WORDS + 1}"
    )
    found = database.frame(rows.chain.select(sql)).rename({"n": "rows"})
    if found.height > MOST_WORDS:
        option = _OPTIONS.get(column, column)
        raise LtvError(
            f"The column of the {column.replace('_', ' ')} has more than {thousands(MOST_WORDS)} different values.",
            f"Map another column, or none: --{option} ''",
        )
    written = found["written"].cast(pl.String)
    words_read = decoding.text(written.cast(pl.Binary)).alias("meant")
    return found.select(written, words_read, pl.col("rows").cast(pl.Int64))
