"""At which stage the people of the customers' table are, and since when, read when that is asked for: what a lead is
at today is no attribute of a customer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

import polars as pl

from ltvtui.errors import LtvError
from ltvtui.sources.base import Database, Progress, Source
from ltvtui.sources.catalog_table import CatalogColumn
from ltvtui.sources.detection.scoring import is_dated, word_set
from ltvtui.sources.detection.vocabulary import meaning
from ltvtui.sources.mapping import Mapping
from ltvtui.sources.relation import Relation, single
from ltvtui.sources.scan import Asked, scan
from ltvtui.sources.values import decoding
from ltvtui.sources.values.date_guess import guess_formats
from ltvtui.sources.values.dates import decode

_STAGE: Final = word_set("stage funnel pipeline phase lifecycle")
_STATUS: Final = word_set("status state")
_ENTRY: Final = word_set("created signup signed registered registration joined since added inserted first creation")
_OTHER: Final = word_set(
    "marital email mail marketing newsletter subscription payment order shipping delivery account family "
    "civil country"
)
"""Beside them a status is of something else."""
_MOST_STAGES: Final = 30
_GUESS_BY: Final = 5_000


@dataclass(frozen=True)
class LeadColumns:
    """Columns of the customers' table, by name; None: there is none."""

    stage: str | None = None
    entry: str | None = None
    """When people became known."""
    since: str | None = None
    """When they entered their stage."""


@dataclass(frozen=True, eq=False)
class LeadRows:
    """What the customers' table says of leads, and of those who have ordered."""

    frame: pl.DataFrame
    """id, stage (String), entry, since (Int32, days since 1970-01-01); null where not known. Each id
    stands once."""
    columns: LeadColumns
    """Where they were read from."""
    attributes: tuple[str, ...] = ()
    """Attributes of customers that are the same columns."""


def read_lead_rows(
    source: Source,
    mapping: Mapping,
    given: LeadColumns,
    is_stage: Callable[[str], bool],
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> LeadRows:
    """Stages of the people in the customers' table of `source`.

    `given` names columns; None: the one that looks like it, "": none. A status is one of leads where `is_stage` knows
    one of its values. LtvError where no such table is mapped (exit code 1) or it has no such column (exit code 2),
    Cancelled when `cancelled` says so.
    """
    return source.in_one_state(
        lambda database: _read(database, mapping, given, is_stage, progress, cancelled), cancelled
    )


def _read(
    database: Database,
    mapping: Mapping,
    given: LeadColumns,
    is_stage: Callable[[str], bool],
    progress: Progress | None,
    cancelled: Callable[[], bool] | None,
) -> LeadRows:
    if mapping.customers is None:
        raise LtvError(
            "This shop has no table of customers, so that nobody is known who has not ordered yet.",
            "Name one with --customers TABLE --customers-key COLUMN.",
        )
    people = single(database, mapping.customers.table, "customers")
    found = _columns(people, given, is_stage)
    by_role = {"stage": found.stage, "entry": found.entry, "since": found.since}
    asked = {role: people.expression(column, role) for role, column in by_role.items() if column is not None}

    def understand(raw: pl.DataFrame) -> pl.DataFrame:
        return pl.DataFrame([decoding.identifier(raw["id"]), *(decoding.text(raw[role]) for role in asked)])

    columns = {"id": people.expression(mapping.customers.key, "customer id"), **asked}
    rows = scan(people, Asked(columns, frozenset(), understand), progress=progress, cancelled=cancelled).frame
    rows = rows.filter(pl.col("id").str.strip_chars() != "").unique("id", keep="first", maintain_order=True)
    days = [_days(rows, role) for role in ("entry", "since")]
    for dated, column in zip(days, (given.entry, given.since), strict=True):
        if column and rows.height and not dated.count():
            raise LtvError(f"The column {column!r} holds no days.", "Name a column of days.", 2)
    stage = pl.col("stage").str.strip_chars().replace("", None) if "stage" in asked else pl.lit(None, pl.String)
    again = tuple(each.name for each in mapping.customers.attributes if each.column in by_role.values())
    return LeadRows(rows.select("id", stage.alias("stage"), *days), found, again)


def _days(rows: pl.DataFrame, role: str) -> pl.Series:
    if role not in rows.columns:
        return pl.repeat(None, rows.height, dtype=pl.Int32, eager=True).alias(role)
    formats = guess_formats(rows[role].drop_nulls().head(_GUESS_BY).to_list()).formats
    return decode(rows[role], formats)["day"].alias(role)


def _columns(people: Relation, given: LeadColumns, is_stage: Callable[[str], bool]) -> LeadColumns:
    columns = [column for table in people.tables for column in table.columns]
    since = _name(given.since, (c for c in columns if _is_since(c)))
    ranked = sorted(columns, key=lambda column: -_stage_rank(column, is_stage))
    stage = _name(given.stage, (c for c in ranked if _stage_rank(c, is_stage)))
    entry = _name(given.entry, (c for c in columns if c.name != since and _is_entry(c)))
    return LeadColumns(stage, entry, since)


def _name(given: str | None, found: Iterable[CatalogColumn]) -> str | None:
    """The column that was given, else the first found; None where none is wanted, or there is none."""
    if given is not None:
        return given or None
    return next((column.name for column in found), None)


def _stage_rank(column: CatalogColumn, is_stage: Callable[[str], bool]) -> int:
    """How surely a column holds stages of leads; 0: it does not."""
    names = set(meaning(column.name))
    values = {str(value) for value in column.sample if value not in (None, "") and not isinstance(value, bytes)}
    if not values or len(values) > _MOST_STAGES or names & _OTHER or is_dated(column):
        return 0
    if names & _STAGE or ("lead" in names and names & _STATUS):
        return 2
    return int(bool(names & _STATUS) and any(map(is_stage, values)))


def _is_since(column: CatalogColumn) -> bool:
    names = set(meaning(column.name))
    return bool(names & (_STAGE | _STATUS)) and not names & _OTHER and is_dated(column)


def _is_entry(column: CatalogColumn) -> bool:
    return bool(set(meaning(column.name)) & _ENTRY) and is_dated(column)
