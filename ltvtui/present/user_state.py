"""Saved views and notes as text, for people and programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from ltvtui.days import iso
from ltvtui.errors import LtvError
from ltvtui.present.jsontext import write_json
from ltvtui.present.spreadsheet import rows_as_csv
from ltvtui.present.tables import WIDEST_TEXT, Column, Table
from ltvtui.present.text_tables import markdown_table, text_table
from ltvtui.query.query import Query
from ltvtui.user_state.notes import Note, subject_of

_VIEW: Final = ("name", "shop", "trail", "shows", "as_of", "saved")
_NOTE: Final = ("shop", "about", "name", "text", "planned", "changed")
_LATEST: Final = "latest day"


@dataclass(frozen=True)
class ViewLine:
    """One saved view in a list."""

    shop: str
    name: str
    query: Query | None
    """None where the view cannot be read."""
    shows: str
    """The screen and what is on it; why it cannot be read."""
    saved: str
    """ISO, UTC."""


def write_views(views: Sequence[ViewLine], format: str) -> str:
    """Saved views as table, json, csv or markdown, ending in a line break."""
    rows = []
    for view in views:
        trail = view.query.describe() if view.query is not None else ""
        day = None if view.query is None or view.query.as_of is None else iso(view.query.as_of)
        rows.append((view.name, view.shop, trail, view.shows, day, view.saved))
    if format == "json":
        return write_json({"views": [dict(zip(_VIEW, row, strict=True)) for row in rows]})
    days = (day or (_LATEST if view.query else "") for view, (*_, day, _) in zip(views, rows, strict=True))
    lines = [(*row[:4], day, _moment(row[5])) for row, day in zip(rows, days, strict=True)]
    return _written(_VIEW, lines, format, "no view is saved\n")


def write_notes(notes: Sequence[tuple[str, str, Note]], format: str) -> str:
    """Notes, (shop, Subject.key, note), as table, json, csv or markdown, ending in a line break."""
    rows = [(shop, _about(key), n.name, n.text, n.actions, n.changed) for shop, key, n in notes]
    if format == "json":
        return write_json({"notes": [dict(zip(_NOTE, row, strict=True)) for row in rows]})
    return _written(_NOTE, [(*row[:5], _moment(row[5])) for row in rows], format, "no note is saved\n")


def _about(key: str) -> str:
    try:
        return subject_of(key).describe()
    except LtvError as error:
        return error.what


def _written(names: Sequence[str], rows: Sequence[tuple[Any, ...]], format: str, none: str) -> str:
    frame = pl.DataFrame(rows, dict.fromkeys(names, pl.String), orient="row")
    if format == "csv":
        return rows_as_csv(frame)
    widest = WIDEST_TEXT if format == "table" else 10_000
    columns = tuple(Column(name, name.replace("_", " "), widest=widest) for name in names)
    if format == "markdown":
        return markdown_table(Table(frame, columns))
    return text_table(Table(frame, columns)) if rows else none


def _moment(at: str) -> str:
    """2026-05-01 12:30 UTC."""
    return f"{at[:16].replace('T', ' ')} UTC" if at else ""
