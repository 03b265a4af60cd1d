"""Who moved where between two days: tiers with frozen thresholds, stages of the life cycle (metrics.md §5, §8)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import polars as pl

from ltvtui.analytics.kernel.activity_index import CustomerTotals
from ltvtui.analytics.lifecycle.lifecycle import STAGES, stage, warning_gap
from ltvtui.analytics.snapshot import Snapshot
from ltvtui.analytics.tiers.tiers import TIERS, assign
from ltvtui.analytics.tiers.values import tier_values

Cut = Literal["tier", "stage"]
NEW: Final = "new"
"""Of tiers: not a customer yet on the first day."""
LAPSED: Final = "lapsed"
"""Of tiers: silent for the churn gap or longer, whatever was spent before."""
NOT_YET: Final = "no order yet"
"""Of stages: not a customer yet on the first day; new is a stage of its own."""
BEFORE: Final[dict[Cut, tuple[str, ...]]] = {"tier": (NEW, *TIERS, LAPSED), "stage": (NOT_YET, *STAGES)}
"""What customers of the second day may have been on the first."""
AFTER: Final[dict[Cut, tuple[str, ...]]] = {"tier": (*TIERS, LAPSED), "stage": STAGES}
"""What customers may be on the second day."""


@dataclass(frozen=True, eq=False)
class Moves:
    """How many customers were what on one day, and are what on a later one."""

    cut: Cut
    since: int
    """The first day; days since 1970-01-01."""
    until: int
    frame: pl.DataFrame
    """before (Enum of BEFORE), after (Enum of AFTER), customers (Int64), revenue (Int64 money, up to the second day):
    every pair, those of nobody too."""

    def totals(self, day: Literal["before", "after"]) -> pl.DataFrame:
        """By what customers were (or are): customers, revenue; every one of BEFORE (or AFTER)."""
        return self.frame.group_by(day, maintain_order=True).agg(pl.col("customers", "revenue").sum())

    def changes(self) -> pl.DataFrame:
        """Of every state that customers may be in on both days: state (String), before (how many were in it), change,
        came (who were elsewhere), went (who are elsewhere now); Int64."""
        text = self.frame.with_columns(pl.col("before", "after").cast(pl.String))
        state, same = pl.col("state"), pl.col("before") == pl.col("after")
        states = pl.DataFrame({"state": AFTER[self.cut]})
        for name, day, which in (("came", "after", ~same), ("went", "before", ~same), ("stayed", "after", same)):
            sums = text.filter(which).group_by(pl.col(day).alias("state")).agg(pl.col("customers").sum().alias(name))
            states = states.join(sums, on="state", how="left", maintain_order="left")
        filled = states.with_columns(pl.exclude("state").fill_null(0))
        before = (pl.col("stayed") + pl.col("went")).alias("before")
        return filled.select(state, before, (pl.col("came") - pl.col("went")).alias("change"), "came", "went")


def moves(snapshot: Snapshot, cut: Cut, since: int) -> Moves:
    """Moves of the snapshot's customers from the day `since` to its own.

    Thresholds, churn gap and warning gap are those of the second day, on the first as well: so that whoever moved
    did so, and not the border. Each customer is counted once, under what they were and what they are.
    """
    before, after = states(snapshot, cut, since)
    kinds = len(AFTER[cut])
    pair = (before.to_physical().cast(pl.UInt8) * kinds + after.to_physical().cast(pl.UInt8)).alias("pair")
    found = pl.DataFrame([pair, snapshot.customers["revenue"]]).group_by("pair")
    sums = found.agg(pl.len().cast(pl.Int64).alias("customers"), pl.col("revenue").sum())
    every = pl.DataFrame({"pair": pl.int_range(len(BEFORE[cut]) * kinds, dtype=pl.UInt8, eager=True)})
    counted = every.join(sums, on="pair", how="left", maintain_order="left").with_columns(
        pl.col("customers", "revenue").fill_null(0)
    )
    frame = counted.select(
        (pl.col("pair") // kinds).cat.to(before.dtype).alias("before"),
        (pl.col("pair") % kinds).cat.to(after.dtype).alias("after"),
        "customers",
        "revenue",
    )
    return Moves(cut, since, snapshot.terms.as_of, frame)


def states(snapshot: Snapshot, cut: Cut, since: int) -> tuple[pl.Series, pl.Series]:
    """What the snapshot's customers were on the day `since` (Enum of BEFORE) and are now (Enum of AFTER)."""
    whole = snapshot.activity.totals(since)
    then = _states_of(snapshot, cut, whole)
    # By customer code; 0 is for who had not ordered by the first day.
    before = pl.zeros(snapshot.counted.height, dtype=pl.UInt8, eager=True)
    before = before.scatter(whole.customers["customer"], then + 1)
    codes = snapshot.customers["customer"]
    now = _states_of(snapshot, cut, snapshot.totals)
    if snapshot.selected:
        now = now.gather(snapshot.totals.customers["customer"].search_sorted(codes))
    return before.gather(codes).cat.to(pl.Enum(BEFORE[cut])), now.cat.to(pl.Enum(AFTER[cut]))


def _states_of(snapshot: Snapshot, cut: Cut, totals: CustomerTotals) -> pl.Series:
    """Place among AFTER (UInt8) of all customers of a day."""
    gap, customers = snapshot.churn_gap.days, totals.customers
    silent = totals.as_of - customers["last"]
    if cut == "stage":
        warning = warning_gap(snapshot.totals.gaps, gap)
        return stage(customers["orders"], silent, gap, warning).to_physical().cast(pl.UInt8)
    values = tier_values(totals, snapshot.terms, snapshot.activity)
    placed = customers.select("customer", assign(pl.lit(values), snapshot.thresholds))
    tier = placed["tier"].to_physical().cast(pl.UInt8)
    return tier.set(silent >= gap, len(TIERS))
