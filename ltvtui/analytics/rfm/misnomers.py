"""Where the names of RFM mislead: scores rank customers against each other, and say nothing of how long is long.

In a shop that most have left, whoever left last scores high and is called new; in one that all come back to, whoever
is a little late is called lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import polars as pl

from ltvtui.analytics.lifecycle.lifecycle import warning_gap
from ltvtui.analytics.rfm.names import BEST, Names
from ltvtui.analytics.rfm.stage import usual_recency
from ltvtui.analytics.snapshot import Snapshot

Misnomer = Literal["lapsed", "active", "once"]
"""Of half or more of those with the name. lapsed: it is one for who is still there, and they have lapsed. active: it
is one for who stayed away, and they are silent no longer than usual. once: it is one for the best, who ordered
once."""
STILL_THERE: Final = 2
"""Mean R of the cells of a name, above which it is one for customers who have not left: of the usual ones About to
sleep has 2.4, and Hibernating 1.9."""
_OF_BEST: Final = (0, (BEST - 1) * BEST**2)
"""Places of the cells of those who came most often for most money: lately, and long ago."""


@dataclass(frozen=True, eq=False)
class Misnomers:
    """Names that mislead about most of those who have them."""

    rows: pl.DataFrame
    """RFM (String), misnomer (String, of Misnomer), in the order of the list of names."""
    gap: int
    """Days of silence from which on a customer has lapsed."""
    usual: int
    """Days of silence that are no longer than usual (lifecycle.warning_gap)."""


def misnomers(snapshot: Snapshot) -> Misnomers:
    """The names that mislead about the customers of the snapshot."""
    names, gap = snapshot.terms.rules.rfm.names, snapshot.churn_gap.days
    usual = int(warning_gap(snapshot.totals.gaps, gap))
    silent = (snapshot.terms.as_of - pl.col("last")).median().alias("silent")
    blocks = snapshot.by("RFM").group_by("RFM").agg(silent, pl.col("orders").median())
    each = blocks.with_columns(pl.col("RFM").cast(pl.String)).iter_rows(named=True)
    found = {row["RFM"]: _misnomer(row["silent"], row["orders"], row["RFM"], names, gap, usual) for row in each}
    shown = [(name, found[name]) for name in names.names if found.get(name) is not None]
    rows = pl.DataFrame(shown, schema={"RFM": pl.String, "misnomer": pl.String}, orient="row")
    return Misnomers(rows, gap, usual)


def names_of_absent(names: Names) -> frozenset[str]:
    """The names of customers who stay away: that they have lapsed is what the name means."""
    return frozenset(name for name in names.names if usual_recency(names, name) <= STILL_THERE)


def _misnomer(silent: float, orders: float, name: str, names: Names, gap: int, usual: int) -> Misnomer | None:
    if usual_recency(names, name) > STILL_THERE:
        if silent >= gap:
            return "lapsed"
    elif silent <= usual:
        return "active"
    is_best = name in {names.names[names.cells[place]] for place in _OF_BEST}
    return "once" if is_best and orders == 1 else None
