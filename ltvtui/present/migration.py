"""Who moved between two days, as text for people and programs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from ltvtui.analytics.doubts import Doubt
from ltvtui.analytics.lifecycle.migration import BEFORE, Moves
from ltvtui.analytics.schema import units
from ltvtui.analytics.segment_metrics import CUSTOMERS
from ltvtui.analytics.snapshot import Snapshot
from ltvtui.days import iso
from ltvtui.present.doubts import doubts_json
from ltvtui.present.headline import headed, sentence
from ltvtui.present.headline.moves import move_clauses
from ltvtui.present.jsontext import write_json
from ltvtui.present.matrix import moved
from ltvtui.present.plain import plain
from ltvtui.present.report import Format
from ltvtui.present.spreadsheet import rows_as_csv
from ltvtui.present.terms import since_words, threshold_words, thresholds_json
from ltvtui.present.text_tables import markdown_table, text_table

MONTHS: Final = 12
"""Between the two days, unless they are chosen."""


@dataclass(frozen=True, eq=False)
class Migration:
    """What is told of moves."""

    snapshot: Snapshot
    of: str
    """Whose moves they are, in words."""
    found: Moves
    doubts: tuple[Doubt, ...] = ()
    """What may have been read wrong."""


def write_migration(report: Migration, format: Format) -> str:
    """The moves as text, ending in a line break; JSON and CSV with every pair, in full precision."""
    match format:
        case "json":
            return write_json(_as_json(report))
        case "csv":
            return rows_as_csv(_pairs(report.found))
        case "markdown":
            return headed(move_clauses(report.found), markdown_table(moved(report.found, CUSTOMERS, shares=True)))
        case "table":
            counts, shares = (text_table(moved(report.found, CUSTOMERS, shares=shares)) for shares in (False, True))
            return f"{sentence(move_clauses(report.found))}\n{_head(report)}\n\n{counts}\n{shares}"


def _pairs(found: Moves) -> pl.DataFrame:
    """before, after, customers, share (of those with that before; null of nobody), revenue (currency units)."""
    total = pl.col("customers").sum().over("before")
    share = pl.when(total > 0).then(pl.col("customers") / total).alias("share")
    return found.frame.select(pl.col("before", "after").cast(pl.String), "customers", share, units(pl.col("revenue")))


def _as_json(report: Migration) -> dict[str, Any]:
    found = report.found
    rows: dict[str, dict[str, Any]] = {was: {} for was in BEFORE[found.cut]}
    for was, now, *figures in _pairs(found).rows():
        rows[was][now] = dict(zip(("customers", "share", "revenue"), figures, strict=True))
    sizes = dict(found.totals("before").select("before", "customers").rows())
    return {
        "from": iso(found.since),
        "to": iso(found.until),
        "of": report.of,
        "by": found.cut,
        "churn_gap_days": report.snapshot.churn_gap.days,
        "thresholds": thresholds_json(report.snapshot),
        "rows": [{"before": was, "customers": sizes[was], "after": after} for was, after in rows.items()],
        "warnings": doubts_json(report.doubts),
    }


def _head(report: Migration) -> str:
    snapshot, found = report.snapshot, report.found
    gap = f"churn gap {snapshot.churn_gap.days} days"
    cuts = () if found.cut == "stage" else (threshold_words(snapshot, "", gross=True),)
    return " · ".join((since_words(found), plain(report.of), *cuts, gap))
