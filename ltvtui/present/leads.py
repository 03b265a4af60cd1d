"""Leads for the command line: the ladder of their stages, and those who have waited longest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from ltvtui.analytics.doubts import Doubt
from ltvtui.analytics.lifecycle.lead_ladder import Ladder
from ltvtui.analytics.lifecycle.sign_ups import WITHIN
from ltvtui.days import iso
from ltvtui.present.doubts import doubts_json
from ltvtui.present.headline import Clauses, headed, sentence
from ltvtui.present.headline.leads import lead_clauses
from ltvtui.present.headline.words import listed, name
from ltvtui.present.jsontext import write_json
from ltvtui.present.numbers import count, counted
from ltvtui.present.report import Format
from ltvtui.present.spreadsheet import rows_as_csv
from ltvtui.present.tables import Column, Table
from ltvtui.present.text_tables import markdown_table, text_table

SHOWN: Final = 10
"""Leads that a text for people lists."""
MONTHS: Final = 12
"""Months of sign-up that it shows, the last ones."""
_DAYS: Final = {"stage": "days in stage", "entry": "days known", None: "days"}


@dataclass(frozen=True, eq=False)
class LeadReport:
    """Leads with all that is printed beside them."""

    ladder: Ladder
    people: pl.DataFrame
    """session.leads.Leads.people."""
    by_month: pl.DataFrame
    """sign_ups.SIGN_UPS."""
    columns: dict[str, str | None]
    """Column of the customers' table by what it holds: stage, entry, since."""
    as_of: int
    is_past: bool = False
    """Whether the as-of day was chosen: the table is of today."""
    joined_later: int = 0
    """session.leads.Leads.joined_later."""
    saved_order: bool = False
    """Whether the order of the stages was given earlier."""
    doubts: tuple[Doubt, ...] = ()
    """What may have been read wrong."""

    @property
    def headline(self) -> Clauses:
        """What they say in one sentence."""
        return lead_clauses(self.ladder, self.people.height, self.columns["stage"] is not None)


def write_leads(report: LeadReport, format: Format) -> str:
    """The leads as text, ending in a line break."""
    match format:
        case "json":
            return write_json(as_json(report))
        case "csv":
            return rows_as_csv(_all_rows(report.ladder))
        case "markdown":
            parts = (f"**{title}**\n\n{markdown_table(table)}" for title, table in _tables(report))
            return headed(report.headline, "\n".join((*parts, *(f"- {note}" for note in notes(report)), "")))
        case "table":
            tables = "\n".join(f"{title}\n\n{text_table(table)}" for title, table in _tables(report))
            below = "".join(f"{note}\n" for note in notes(report))
            return f"{sentence(report.headline)}\nas of {iso(report.as_of)}\n\n{tables}{below}"


def as_json(report: LeadReport) -> dict[str, Any]:
    """The ladder as plain values; shares 0…1, days as numbers, null where not known."""
    ladder = report.ladder
    return {
        "stages": list(ladder.rows.iter_rows(named=True)),
        "rejected": list(ladder.rejected.iter_rows(named=True)),
        "first_order": {"count": ladder.ordered, "median_days": ladder.days_to_order},
        "by_month": list(report.by_month.iter_rows(named=True)),
        "leads": report.people.height,
        "people": ladder.people,
        "joined_later": report.joined_later,
        "without_stage": ladder.without_stage,
        "customers_without_stage": ladder.bought_without_stage,
        "elsewhere": [{"stage": stage, "count": size} for stage, size in ladder.elsewhere],
        "median_days_since": ladder.since,
        "order_guessed": ladder.order.guessed,
        "columns": report.columns,
        "headline": sentence(report.headline),
        "as_of": iso(report.as_of),
        "notes": list(notes(report)),
        "warnings": doubts_json(report.doubts),
    }


def lead_table(people: pl.DataFrame, since: str | None = None) -> Table:
    """The list of leads: who they are, where they are and how long they have waited, then what else is known."""
    columns = {
        "id": Column("id", "customer"),
        "entry": Column("entry", "known since", "day"),
        "since": Column("since", "stage since", "day"),
        "waited": Column("waited", _DAYS[since], "count"),
    }
    there = [key for key in people.columns if key not in ("entry", "since", "waited") or people[key].count()]
    return Table(people, tuple(columns.get(key, Column(key, key)) for key in there))


def _month_table(by_month: pl.DataFrame) -> Table:
    within = (
        Column(f"within_{days}", f"% in {days} d", "share", help="Blank until so many days are over for all.")
        for days in WITHIN
    )
    return Table(
        by_month,
        (
            Column("month", "signed up"),
            Column("people", "people", "count"),
            Column("ordered", "ordered", "count", help="Who have ordered since."),
            Column("share", "% ordered", "share"),
            *within,
            Column("median_days", "days", "count", help="Median to the first order, of those who ordered."),
        ),
    )


def notes(report: LeadReport) -> tuple[str, ...]:
    """What has to be known to read the ladder."""
    ladder, found = report.ladder, []
    if report.columns["stage"] is None:
        found.append("no column of the customers' table says a stage: name one with --stage COLUMN")
    elif ladder.order.guessed and len(ladder.order.stages) > 1:
        found.append("the order of the stages is guessed from their names: put them in order with --order A,B,C")
    elif report.saved_order:
        found.append("stages are in the order that was saved; --order A,B,C changes it")
    if report.joined_later:
        found.append(f"left out: {counted(report.joined_later, 'lead')} who became known after that day")
    if report.is_past:
        found.append("at which stage people are is as the customers' table has it now")
    if ladder.order.rejected:
        found.append(f"sent back, counted in the first stage: {listed([name(n) for n in ladder.order.rejected], 9)}")
    if len(ladder.order.stages) > 1:
        found.append("entered: there now, further, or a customer; who is at a stage has been at all before it")
    if ladder.since is None:
        found.append("no column says since when leads are known, so that days are blank")
    elif ladder.days_to_order is not None:
        found.append("days of the first order: from the day people became known")
    if report.by_month.height > MONTHS:
        found.append(f"{count(report.by_month.height - MONTHS)} earlier months of sign-up are in JSON")
    if ladder.elsewhere:
        texts = [f"{name(stage)} ({count(size)})" for stage, size in ladder.elsewhere]
        found.append(f"not on the ladder, since --order does not have them: {listed(texts, 9)}")
    if empty := [name(stage) for stage, own in ladder.rows.select("stage", "count").rows() if own == 0]:
        found.append(f"no lead is there now: {listed(empty, 9)}")
    if ladder.without_stage:
        found.append(f"not on the ladder: {counted(ladder.without_stage, 'lead')} without a stage")
    if ladder.bought_without_stage:
        found.append(f"not on the ladder: {counted(ladder.bought_without_stage, 'customer')} without a stage")
    if report.people.height > SHOWN:
        found.append(f"{count(report.people.height - SHOWN)} more leads: write all with --to FILE")
    return tuple(found)


def _all_rows(ladder: Ladder) -> pl.DataFrame:
    """The ladder, then the stages of leads sent back, then the first order."""
    first = {"stage": "first order", "entered": ladder.ordered, "median_days": ladder.days_to_order}
    kinds = (("stage", ladder.rows), ("sent back", ladder.rejected), ("first order", pl.DataFrame([first])))
    return pl.concat(
        (frame.select(pl.lit(kind).alias("kind"), pl.all()) for kind, frame in kinds), how="diagonal_relaxed"
    ).select("kind", *ladder.rows.columns)


def _tables(report: LeadReport) -> list[tuple[str, Table]]:
    ladder = report.ladder
    days = _DAYS[ladder.since]
    columns = (
        Column("stage", "stage", widest=28),
        Column("count", "leads", "count", help="People without an order who are there now."),
        Column("entered", "entered", "count"),
        Column("went_on", "went on", "count"),
        Column("share", "% went on", "share"),
        Column("median_days", days, "count", help="Median of those who are there."),
    )
    found = [("Stages", Table(_all_rows(ladder), columns))]
    if report.by_month.height:
        title = "First orders by month of sign-up"
        found.append((title, _month_table(report.by_month.tail(MONTHS))))
    if report.people.height:
        first = report.people.head(SHOWN).drop("email", strict=False)
        found.append(("Leads that are furthest, and have waited longest", lead_table(first, ladder.since)))
    return found
