"""Rows as text files: csv, JSON lines, Markdown."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from ltvtui.exporting.source import Rows
from ltvtui.exporting.values import CHUNK
from ltvtui.present.jsontext import escaped
from ltvtui.present.spreadsheet import harmless
from ltvtui.present.text_tables import markdown_head, markdown_rows
from ltvtui.present.texts import harmless_texts, plain_texts


def write_csv(rows: Rows, path: Path, name: str) -> None:
    """Commas, UTF-8, a heading; null is an empty cell, and no text is a formula."""
    with path.open("wb") as file:
        for place, chunk in enumerate(rows.chunks()):
            safe = chunk.with_columns(harmless_texts(pl.col(pl.String))).rename(harmless)
            safe.write_csv(file, include_header=place == 0, float_scientific=False)


def write_jsonl(rows: Rows, path: Path, name: str) -> None:
    """An object a line; what is not known is null."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for chunk in rows.chunks():
            file.write(escaped(chunk.with_columns(plain_texts(pl.col(pl.String))).write_ndjson()))


def write_markdown(rows: Rows, path: Path, name: str) -> None:
    """Cells as they stand on screen."""
    table = rows.table
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(markdown_head(table))
        for start in range(0, table.height, CHUNK):
            rows.check()
            file.write(markdown_rows(table, start, start + CHUNK))
            rows.progress(min(start + CHUNK, table.height), table.height)
    rows.check()
