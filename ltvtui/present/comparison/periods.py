"""A comparison of two periods for the command line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from ltvtui.analytics.comparison.periods import PARTS, PeriodChange, PeriodRevenue
from ltvtui.analytics.doubts import Doubt
from ltvtui.analytics.snapshot import Snapshot
from ltvtui.days import iso
from ltvtui.present.comparison.writing import write_parts
from ltvtui.present.doubts import doubts_in_short, doubts_json
from ltvtui.present.headline import Clauses, sentence
from ltvtui.present.headline.periods import PART_WORDS, period_clauses, period_digits
from ltvtui.present.headline.words import listed
from ltvtui.present.numbers import symbol
from ltvtui.present.plain import plain
from ltvtui.present.report import Format
from ltvtui.present.tables import Column, Table

FIGURES = ("active", "new", "returning", "orders", "orders_per_customer", "average_check", "revenue")
_FACTOR_WORDS = {"active": "active customers", **PART_WORDS}


@dataclass(frozen=True, eq=False)
class PeriodReport:
    """A change of revenue with all that is printed beside it."""

    snapshot: Snapshot
    of: str
    """Whose revenue it is, in words."""
    change: PeriodChange
    first_day: int
    """Day of the first order of the shop."""
    currency: str | None
    doubts: tuple[Doubt, ...] = ()
    """What may have been read wrong."""

    @property
    def incomplete(self) -> tuple[str, ...]:
        """Names of the periods that end after the as-of day."""
        return tuple(part.period.name for part in (self.change.before, self.change.after) if not self.complete(part))

    def complete(self, part: PeriodRevenue) -> bool:
        """Whether the data goes on to the last day of a period."""
        return part.period.last_day <= self.snapshot.terms.as_of

    @property
    def headline(self) -> Clauses:
        """What it says in one sentence."""
        return period_clauses(self.change, symbol(self.currency), self.incomplete)


def write_periods(report: PeriodReport, format: Format) -> str:
    """The change of revenue as text, ending in a line break."""
    return write_parts(
        format,
        report.headline,
        _head(report),
        _tables(report),
        period_notes(report),
        values=lambda: as_json(report),
        rows=lambda: _figures(report.change),
    )


def as_json(report: PeriodReport) -> dict[str, Any]:
    """The change of revenue as plain values with full precision; money in currency units."""
    change = report.change
    return {
        "before": _period_json(report, change.before),
        "after": _period_json(report, change.after),
        "difference": {"revenue": change.revenue, "share": change.share},
        "parts": {name: None if change.parts is None else change.parts[name] for name in PARTS},
        "headline": sentence(report.headline),
        "as_of": iso(report.snapshot.terms.as_of),
        "of": report.of,
        "notes": list(period_notes(report)),
        "warnings": doubts_json(report.doubts),
    }


def _period_json(report: PeriodReport, part: PeriodRevenue) -> dict[str, Any]:
    return {
        "period": part.period.name,
        "first_day": iso(part.period.first_day),
        "last_day": iso(part.period.last_day),
        "complete": report.complete(part),
        **{name: getattr(part, name) for name in FIGURES},
    }


def _figures(change: PeriodChange) -> pl.DataFrame:
    """A row a figure: of both periods, the difference, and the part of it."""
    rows = []
    for name in FIGURES:
        before, after = (getattr(part, name) for part in (change.before, change.after))
        difference = None if before is None or after is None else after - before
        part = None if change.parts is None else change.parts.get(name)
        rows.append({"figure": name, "before": before, "after": after, "difference": difference, "part": part})
    numbers = dict.fromkeys(("before", "after", "difference", "part"), pl.Float64)
    return pl.DataFrame(rows, schema={"figure": pl.String, **numbers}, strict=False)


def period_table(change: PeriodChange, currency: str = "") -> Table:
    """Both periods and their difference, a row each."""
    figures = _figures(change)
    names = (change.before.period.name, change.after.period.name, "difference")
    rows = [
        {"period": name, **dict(zip(FIGURES, figures[column], strict=True))}
        for name, column in zip(names, ("before", "after", "difference"), strict=True)
    ]
    decimals = period_digits(change)
    return Table(
        pl.DataFrame(rows, schema={"period": pl.String, **dict.fromkeys(FIGURES, pl.Float64)}),
        (
            Column("period", "period"),
            Column("revenue", "revenue", "units", decimals=decimals, unit=currency, help="Orders less refunds."),
            Column("active", "customers", "count", help="Customers with an order in the period."),
            Column("new", "new", "count", help="First order in the period."),
            Column("returning", "returning", "count", help="First order before the period."),
            Column("orders", "orders", "count"),
            Column("orders_per_customer", "per cust", "ratio", help="Orders ÷ customers."),
            Column("average_check", "avg check", "units", unit=currency, help="Revenue ÷ orders."),
        ),
    )


def change_table(change: PeriodChange, currency: str = "") -> Table | None:
    """What the change of revenue is made of; None where it has no parts."""
    if change.parts is None:
        return None
    whole = change.revenue
    rows = [(PART_WORDS[name], part) for name, part in change.parts.items()] + [("change of revenue", whole)]
    decimals = period_digits(change)
    frame = pl.DataFrame(rows, schema={"factor": pl.String, "part": pl.Float64}, orient="row")
    share = pl.col("part") / whole if whole else pl.lit(None, dtype=pl.Float64)
    return Table(
        frame.with_columns(share.alias("share")),
        (
            Column("factor", "factor"),
            Column("part", "part", "units", decimals=decimals, unit=currency, help="What it adds to the change."),
            Column("share", "of change", "share"),
        ),
    )


def _tables(report: PeriodReport) -> list[Table]:
    sign = symbol(report.currency)
    parts = change_table(report.change, sign)
    return [period_table(report.change, sign), *([] if parts is None else [parts])]


def _head(report: PeriodReport) -> str:
    doubts = doubts_in_short(report.doubts)
    lines = [f"as of {iso(report.snapshot.terms.as_of)} · {plain(report.of)}"]
    return "\n".join([*lines, *([f"{doubts}; `ltvtui check` has details"] if doubts else [])])


def period_notes(report: PeriodReport) -> tuple[str, ...]:
    """What has to be known to read the figures."""
    change, entry, as_of = report.change, report.snapshot.entry, report.snapshot.terms.as_of
    missing = [_FACTOR_WORDS[name] for name in change.missing]
    verb = "is" if len(missing) == 1 else "are"
    notes = [f"no parts: {listed(missing, 4)} {verb} zero, negative or not observed"] if missing else []
    for part in (change.before, change.after):
        if part.period.last_day > as_of:
            notes.append(f"{part.period.name} is not complete: the data ends on {iso(as_of)}")
        if part.period.first_day < report.first_day:
            notes.append(f"{part.period.name} may not be complete: the first order is on {iso(report.first_day)}")
        if entry.state == "cut off" and part.period.first_day < entry.border:
            name = part.period.name
            notes.append(f"new customers of {name} may be old ones: history cut off on {iso(entry.start)}")
    return tuple(notes)
