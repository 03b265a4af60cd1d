"""Segments side by side for the command line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ltvtui.analytics.doubts import Doubt
from ltvtui.analytics.planning.target_matrix import TargetMatrix
from ltvtui.analytics.snapshot import Snapshot
from ltvtui.days import iso
from ltvtui.present.doubts import doubts_in_short, doubts_json
from ltvtui.present.headline import Clauses, headed, sentence
from ltvtui.present.history import counted_words
from ltvtui.present.jsontext import write_json
from ltvtui.present.numbers import symbol
from ltvtui.present.plain import plain
from ltvtui.present.planning.matrix import matrix_clauses, matrix_json, matrix_notes, matrix_table
from ltvtui.present.portrait.page import write_page
from ltvtui.present.portrait.report import PortraitFormat
from ltvtui.present.spreadsheet import rows_as_csv
from ltvtui.present.terms import gap_words
from ltvtui.present.text_tables import markdown_table, text_table


@dataclass(frozen=True, eq=False)
class MatrixReport:
    """Segments side by side, with all that is printed beside them."""

    snapshot: Snapshot
    of: str
    """Whose segments they are, in words."""
    by: tuple[str, ...]
    found: TargetMatrix
    currency: str | None
    gross: bool
    """No margin is set or mapped: LTV is before costs."""
    hindsight: bool
    """Segments are chosen by what customers did after their first order."""
    doubts: tuple[Doubt, ...] = ()
    """What may have been read wrong."""

    @property
    def headline(self) -> Clauses:
        """What it says in one sentence."""
        later = ("chosen by past behaviour, so this describes and does not predict",) if self.hindsight else ()
        return (*matrix_clauses(self.found), *later)


def write_matrix(report: MatrixReport, format: PortraitFormat) -> str:
    """The segments as text, ending in a line break."""
    table = matrix_table(report.found, currency=symbol(report.currency))
    notes = matrix_notes(report.found, symbol(report.currency))
    match format:
        case "json":
            return write_json(_as_json(report))
        case "csv":
            return rows_as_csv(report.found.rows)
        case "markdown":
            lines = "".join(f"- {note}\n" for note in notes)
            return headed(report.headline, f"{markdown_table(table)}\n{lines}")
        case "html":
            title = f"Segments by {' × '.join(report.by)}"
            return write_page(title, sentence(report.headline), _head(report), [("Segments", table)], notes)
        case "table":
            below = "".join(f"{note}\n" for note in notes)
            return f"{sentence(report.headline)}\n{' · '.join(_head(report))}\n\n{text_table(table)}\n{below}"


def _as_json(report: MatrixReport) -> dict[str, Any]:
    """The segments as plain values with full precision; money in currency units, null where unknown."""
    return {
        "by": list(report.by),
        **matrix_json(report.found),
        "headline": sentence(report.headline),
        "of": report.of,
        "as_of": iso(report.snapshot.terms.as_of),
        "horizon_months": report.snapshot.terms.horizon,
        "descriptive": report.hindsight,
        "notes": list(matrix_notes(report.found, symbol(report.currency))),
        "warnings": doubts_json(report.doubts),
    }


def _head(report: MatrixReport) -> tuple[str, ...]:
    snapshot = report.snapshot
    worth = "LTV is before costs" if report.gross else "LTV is on margin"
    doubts = doubts_in_short(report.doubts)
    counts = (*counted_words(snapshot), *gap_words(snapshot.churn_gap))
    return (f"as of {iso(snapshot.terms.as_of)}", plain(report.of), *counts, worth, *([doubts] if doubts else []))
