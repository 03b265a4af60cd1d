"""A portrait for the command line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

import polars as pl

from ltvtui.analytics.doubts import Doubt
from ltvtui.analytics.kernel.calendar import WEEKDAYS
from ltvtui.analytics.portrait.criteria import grouped
from ltvtui.analytics.portrait.portrait import Portrait
from ltvtui.analytics.snapshot import Snapshot
from ltvtui.days import iso
from ltvtui.present.doubts import doubts_in_short, doubts_json
from ltvtui.present.headline import Clauses, headed, in_markdown, sentence
from ltvtui.present.headline.portrait import portrait_clauses
from ltvtui.present.history import counted_words
from ltvtui.present.jsontext import write_json
from ltvtui.present.lapsed import lapsed_column
from ltvtui.present.next_steps import step_json, step_table
from ltvtui.present.numbers import symbol
from ltvtui.present.plain import plain
from ltvtui.present.portrait.criteria import CRITERION, criteria_notes, index_tables, with_criterion
from ltvtui.present.portrait.page import write_page
from ltvtui.present.portrait.tables import figure_table, month_table, typical_table, weekday_table
from ltvtui.present.report import row_json
from ltvtui.present.spreadsheet import rows_as_csv
from ltvtui.present.tables import Table
from ltvtui.present.terms import gap_words
from ltvtui.present.text_tables import markdown_table, text_table
from ltvtui.user_state.notes import NO_NOTE, Note

PortraitFormat = Literal["table", "json", "csv", "markdown", "html"]
_DAYS_ONLY: Final = "orders have no time of day: hours are not shown"
_FEW_ORDERS: Final = "hours in which all customers have fewer than 30 orders are blank"


@dataclass(frozen=True, eq=False)
class PortraitReport:
    """A portrait with all that is printed beside it."""

    snapshot: Snapshot
    """Of the customers."""
    of: str
    """Who they are, in words."""
    found: Portrait
    currency: str | None
    gross: bool
    """No margin is set or mapped: LTV is before costs."""
    hindsight: bool
    """They are chosen by what they did after their first order."""
    note: Note = NO_NOTE
    """What the analyst noted on them."""
    doubts: tuple[Doubt, ...] = ()
    """What may have been read wrong."""

    @property
    def headline(self) -> Clauses:
        """What it says in one sentence."""
        clauses = portrait_clauses(self.found, self.of, self.snapshot.terms.horizon, symbol(self.currency))
        later = ("chosen by past behaviour, so this describes and does not predict",) if self.hindsight else ()
        return (*clauses, *later)


def write_portrait(report: PortraitReport, format: PortraitFormat) -> str:
    """The portrait as text, ending in a line break."""
    match format:
        case "json":
            return write_json(as_json(report))
        case "csv":
            return rows_as_csv(with_criterion(report.found).drop("few", "notable"))
        case "markdown":
            return headed(report.headline, "\n".join(_markdown(report)))
        case "html":
            title = report.note.name or report.of
            parts, times = sections(report, False), report.found.times
            return write_page(title, sentence(report.headline), _head(report), parts, _notes(report), times)
        case "table":
            tables = "\n".join(_text(*section) for section in sections(report))
            notes = "".join(f"{note}\n" for note in _notes(report))
            return f"{sentence(report.headline)}\n{' · '.join(_head(report))}\n\n{tables}{notes}"


def as_json(report: PortraitReport) -> dict[str, Any]:
    """The portrait as plain values with full precision; money in currency units, shares 0…1, null where unknown."""
    found, note = report.found, report.note
    columns = (CRITERION, "dimension", "value", "customers_a", "share_a", "share_b", "index", "z")
    names = {"customers_a": "customers", "share_a": "share", "share_b": "base_share"}
    times = found.times
    return {
        "segment": row_json({"segment": report.of, **found.row.row(0, named=True)}),
        "base": row_json({"segment": "all customers", **found.base.row(0, named=True)}),
        "index": list(with_criterion(found).select(columns).rename(names).iter_rows(named=True)),
        "criteria": grouped(found.criteria),
        "when": {
            "weekdays": _weekday_rows(times.weekdays),
            "hours": None if times.hours is None else _weekday_rows(times.hours),
            "months": list(times.months.iter_rows(named=True)),
        },
        "medians": found.medians,
        "typical": list(found.typical.drop("customer").iter_rows(named=True)),
        "note": None if note.blank else _note_json(note),
        "headline": sentence(report.headline),
        "as_of": iso(report.snapshot.terms.as_of),
        "horizon_months": report.snapshot.terms.horizon,
        "hindsight": report.hindsight,
        "notes": list(_notes(report)),
        "warnings": doubts_json(report.doubts),
    }


def _note_json(note: Note) -> dict[str, Any]:
    steps = list(map(step_json, note.steps))
    return {"name": note.name, "text": note.text, "planned": note.actions, "steps": steps}


def _weekday_rows(rows: pl.DataFrame) -> list[dict[str, Any]]:
    return [{**row, "weekday": WEEKDAYS[row["weekday"]].lower()} for row in rows.iter_rows(named=True)]


Section = tuple[str, Table | str]
"""A heading, and a table or a text under it."""


def sections(report: PortraitReport, with_hours: bool = True) -> list[Section]:
    """The parts of the page, in their order; `with_hours`: the table of weekdays has bands of hours."""
    found, sign, note = report.found, symbol(report.currency), report.note
    lapsed = lapsed_column(report.snapshot.churn_gap.days)
    figures = figure_table(found, report.of, report.snapshot.terms.horizon, report.gross, lapsed, sign)
    parts: list[Section] = [("Figures", figures)]
    parts += index_tables(found)
    parts += [
        ("When: weekday", weekday_table(found, with_hours)),
        ("When: month", month_table(found)),
        ("Typical customers", typical_table(found, sign)),
    ]
    parts += [("Why", note.text)] if note.text else []
    if note.actions:
        is_plain = all(step.is_plain for step in note.steps)
        parts.append(("Next steps", note.actions if is_plain else step_table(note.steps)))
    return parts


def _text(title: str, content: Table | str) -> str:
    if isinstance(content, str):
        return f"{title}\n\n{''.join(f'{plain(line)}{chr(10)}' for line in content.splitlines())}"
    return f"{title}\n\n{text_table(content)}"


def _markdown(report: PortraitReport) -> list[str]:
    parts = []
    for title, content in sections(report):
        text = _paragraph(content) if isinstance(content, str) else markdown_table(content)
        parts.append(f"## {title}\n\n{text}")
    notes = "".join(f"- {note}\n" for note in _notes(report))
    return [*parts, *([notes] if notes else [])]


def _paragraph(text: str) -> str:
    """Lines of a note as Markdown, each on a line of its own."""
    return "".join(f"{in_markdown(plain(line))}  \n" for line in text.splitlines())


def _head(report: PortraitReport) -> tuple[str, ...]:
    snapshot = report.snapshot
    worth = "LTV is before costs" if report.gross else "LTV is on margin"
    doubts = doubts_in_short(report.doubts)
    name = [plain(report.note.name)] if report.note.name else []
    counts = (*counted_words(snapshot), *gap_words(snapshot.churn_gap))
    return (*name, f"as of {iso(snapshot.terms.as_of)}", *counts, worth, *([doubts] if doubts else []))


def _notes(report: PortraitReport) -> tuple[str, ...]:
    """What has to be known to read the tables."""
    hours = (_DAYS_ONLY if report.found.times.hours is None else _FEW_ORDERS,)
    index = ("index: share of their customers, or orders, ÷ share of all × 100; z is against the other customers",)
    why = () if report.note.text else ("why: no note on these customers yet; press n on screen to write one",)
    return (*hours, *index, *criteria_notes(report.found), *why)
