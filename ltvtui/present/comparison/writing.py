"""A comparison in the format that is asked for: the sentence, the tables and the notes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import polars as pl

from ltvtui.present.headline import Clauses, headed, sentence
from ltvtui.present.jsontext import write_json
from ltvtui.present.report import Format
from ltvtui.present.spreadsheet import rows_as_csv
from ltvtui.present.tables import Table
from ltvtui.present.text_tables import markdown_table, text_table


def write_parts(
    format: Format,
    headline: Clauses,
    head: str,
    tables: Iterable[Table],
    notes: Iterable[str],
    *,
    values: Callable[[], dict[str, Any]],
    rows: Callable[[], pl.DataFrame],
) -> str:
    """The parts as text, ending in a line break; JSON has `values`, and CSV `rows`, with full precision."""
    match format:
        case "json":
            return write_json(values())
        case "csv":
            return rows_as_csv(rows())
        case "markdown":
            return headed(headline, "\n".join(markdown_table(table) for table in tables))
        case "table":
            shown = "\n".join(text_table(table) for table in tables)
            below = "".join(f"{note}\n" for note in notes)
            return f"{sentence(headline)}\n{head}\n\n{shown}{below}"
