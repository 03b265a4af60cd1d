"""A comparison of two groups for the command line."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import polars as pl

from ltvtui.analytics.comparison.comparison import Comparison
from ltvtui.analytics.comparison.sides import SIDE
from ltvtui.analytics.doubts import Doubt
from ltvtui.analytics.segments import INTERVAL
from ltvtui.analytics.snapshot import Snapshot
from ltvtui.days import iso
from ltvtui.present.comparison.tables import group_table, index_table, more_words, part_table, test_table
from ltvtui.present.comparison.writing import write_parts
from ltvtui.present.doubts import doubts_in_short, doubts_json
from ltvtui.present.headline import Clauses, sentence
from ltvtui.present.headline.comparison import PART_WORDS, GroupNames, comparison_clauses
from ltvtui.present.headline.words import listed
from ltvtui.present.history import counted_words
from ltvtui.present.numbers import counted, months_of, symbol
from ltvtui.present.plain import plain
from ltvtui.present.report import Format, row_json
from ltvtui.present.tables import Table
from ltvtui.present.terms import gap_words

KEYS = {"check": "check", "frequency": "frequency", "retention_months": "retention", "margin": "margin"}
"""Names of the factors in JSON."""
_MONTH = 30.4375


@dataclass(frozen=True, eq=False)
class GroupReport:
    """A comparison with all that is printed beside it."""

    snapshot: Snapshot
    """The whole shop."""
    names: GroupNames
    of: str
    """Of which customers both groups are, in words."""
    found: Comparison
    index: pl.DataFrame
    """profile_index.INDEX of A against B."""
    currency: str | None
    gross: bool
    """No margin is set or mapped: LTV is before costs."""
    hindsight: bool
    """The groups are chosen by what customers did after their first order."""
    doubts: tuple[Doubt, ...] = ()
    """What may have been read wrong."""

    @property
    def headline(self) -> Clauses:
        """What it says in one sentence."""
        return comparison_clauses(self.found, self.names, symbol(self.currency), self.hindsight)


def write_comparison(report: GroupReport, format: Format) -> str:
    """The comparison as text, ending in a line break."""
    return write_parts(
        format,
        report.headline,
        _head(report),
        _tables(report),
        _notes(report),
        values=lambda: as_json(report),
        rows=lambda: _measures(report.found),
    )


def as_json(report: GroupReport) -> dict[str, Any]:
    """The comparison as plain values with full precision; money in currency units, null where not observed."""
    found = report.found
    sides = {row.pop(SIDE): row for row in found.rows.iter_rows(named=True)}
    ltv, parts = found.of("ltv"), found.parts.parts or {}
    ranks = None if found.mann_whitney is None else asdict(found.mann_whitney)
    index = report.index.select("dimension", "value", "share_a", "share_b", "index", "z")
    return {
        "tau": found.tau,
        "a": row_json({"segment": report.names.a, **sides["a"]}),
        "b": row_json({"segment": report.names.b, **sides["b"]}),
        "difference": {"ltv": ltv.value, "se": ltv.se, "interval": _interval(ltv.lower, ltv.upper), "p": ltv.p},
        "parts": {key: parts.get(name) for name, key in KEYS.items()},
        "tests": {
            "mann_whitney": None if ranks is None else {name: ranks[name] for name in ("u", "z", "p")},
            "log_rank": None if found.log_rank is None else asdict(found.log_rank),
        },
        "index": list(index.iter_rows(named=True)),
        "headline": sentence(report.headline),
        "as_of": iso(report.snapshot.terms.as_of),
        "of": report.of,
        "horizon_months": found.horizon,
        "overlap": found.overlap,
        "hindsight": report.hindsight,
        "factors": {
            key: {"difference": of.value, "se": of.se, "interval": _interval(of.lower, of.upper), "p": of.p}
            for name, key in KEYS.items()
            for of in [found.of(name)]
        },
        "p_adjusted": {KEYS.get(name, name): p for name, p in found.adjusted.items()},
        "notes": list(_notes(report)),
        "warnings": doubts_json(report.doubts),
    }


def _interval(lower: float | None, upper: float | None) -> list[float] | None:
    return None if lower is None or upper is None else [lower, upper]


def _measures(found: Comparison) -> pl.DataFrame:
    """A row a figure: of both groups, and of their difference."""
    parts = found.parts.parts or {}
    tested = {of.measure: of for of in found.differences}
    a, b = found.rows.iter_rows(named=True)
    rows = []
    for name in (name for name in found.rows.columns if name not in (SIDE, "few")):
        of, both = tested.get(name), (a[name], b[name])
        row: dict[str, Any] = {"figure": name, "a": both[0], "b": both[1]}
        compared = name not in INTERVAL and None not in both
        row["difference"] = both[0] - both[1] if compared else None
        if of is not None:
            row |= {"se": of.se, "lower": of.lower, "upper": of.upper, "p": of.p}
            row |= {"p_adjusted": found.adjusted.get(name), "part": parts.get(name)}
        rows.append(row)
    numbers = ("a", "b", "difference", "se", "lower", "upper", "p", "p_adjusted", "part")
    return pl.DataFrame(rows, schema={"figure": pl.String, **dict.fromkeys(numbers, pl.Float64)}, strict=False)


def _tables(report: GroupReport) -> list[Table]:
    found, sign = report.found, symbol(report.currency)
    parts = part_table(found, report.gross, sign)
    tables = [group_table(found, report.names, report.gross, sign), *([] if parts is None else [parts])]
    tables.append(test_table(found))
    return tables if report.index.is_empty() else [*tables, index_table(report.index)]


def _head(report: GroupReport) -> str:
    snapshot, found = report.snapshot, report.found
    of = [] if report.of == "all customers" else [f"of {plain(report.of)}"]
    counts = (*counted_words(snapshot), *gap_words(snapshot.churn_gap))
    worth = "before costs" if report.gross else "on margin"
    doubts = doubts_in_short(report.doubts)
    return "\n".join(
        (
            " · ".join((f"as of {iso(snapshot.terms.as_of)}", *of, *counts)),
            f"LTV at the common age of both groups: {months_of(found.tau, found.horizon)}, {worth}",
            *([f"{doubts}; `ltvtui check` has details"] if doubts else []),
        )
    )


def _notes(report: GroupReport) -> tuple[str, ...]:
    """What has to be known to read the figures."""
    found = report.found
    notes = []
    if missing := [PART_WORDS[name] for name in found.parts.missing]:
        verb = "is" if len(missing) == 1 else "are"
        notes.append(f"no parts of the difference: {listed(missing, 4)} {verb} zero, negative or not observed")
    before, after = found.medians
    if before is not None and after is not None and abs(before - after) > _MONTH:
        older, days = "A" if before < after else "B", counted(round(abs(before - after)), "day")
        notes.append(
            f"customers of {older} came {days} earlier (median): Mann-Whitney compares revenue up to the as-of day, "
            "for which they had longer"
        )
    if report.index.height:
        notes.append("index: share in A ÷ share in B × 100; values with fewer than 30 customers come last")
    return (*notes, *more_words(report.index))
