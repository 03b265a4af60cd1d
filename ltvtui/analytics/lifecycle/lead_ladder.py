"""How far leads have come: the ladder of their stages, up to the first order (metrics.md §12)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

import polars as pl

from ltvtui.analytics.lifecycle.lead_stages import StageOrder

Since = Literal["stage", "entry"]
"""What days are counted from: the day on which people entered their stage, or on which they became known."""

PEOPLE: Final[dict[str, type[pl.DataType]]] = {
    "id": pl.String,
    "stage": pl.String,
    "entry": pl.Int32,
    "since": pl.Int32,
    "first": pl.Int32,
}
"""Columns of `ladder_of`: a row for each person that the shop knows. stage as the shop has it now; entry: the day on
which they became known, since: on which they entered the stage; first: day of the first order up to the as-of day.
Days since 1970-01-01, null where not known."""

LADDER: Final[dict[str, type[pl.DataType]]] = {
    "stage": pl.String,
    "count": pl.Int64,
    "entered": pl.Int64,
    "went_on": pl.Int64,
    "share": pl.Float64,
    "median_days": pl.Float64,
}
"""Columns of Ladder.rows."""


@dataclass(frozen=True, eq=False)
class Ladder:
    """The stages of leads, from the first to the first order."""

    order: StageOrder
    rows: pl.DataFrame
    """LADDER, a row a stage, in their order.

    count: leads (people without an order) who are there now; entered: those who have come so far: they are there or
    further, or have ordered; the first stage counts those sent back too; went_on: those of them who entered the next
    one, after the last those who ordered; share = went_on ÷ entered, null where nobody entered; median_days: of
    `count`, from `since` to the as-of day, of those who were there by then.
    """
    rejected: pl.DataFrame
    """stage, count (Int64), median_days (Float64): leads that were sent back."""
    since: Since | None
    """What median_days are counted from; None where no day is known."""
    people: int
    """Everybody on the ladder, those sent back too."""
    ordered: int
    """Those of them who have ordered."""
    days_to_order: float | None
    """Median days from entry to the first order of those who ordered on it or later; None where it is not known."""
    without_stage: int
    """Leads of whom no stage is known: they are not on the ladder."""
    bought_without_stage: int
    """Customers of whom none is known: the same."""
    elsewhere: tuple[tuple[str, int], ...]
    """Stages that have no place in the order, with their leads."""


def ladder_of(people: pl.DataFrame, order: StageOrder, as_of: int) -> Ladder:
    """The ladder of `people` (PEOPLE) on the as-of day: the table says where they are, not where they were.

    Who is at a stage is taken to have been at all before it. Who has ordered has been at every stage.
    """
    bought, staged = pl.col("first").is_not_null(), pl.col("stage").is_not_null()
    leads = people.filter(~bought & staged)
    since: Since | None = "stage" if leads["since"].count() else "entry" if leads["entry"].count() else None
    waited = days_waited(since, as_of)
    places = leads.group_by("stage").agg(
        pl.len().cast(pl.Int64).alias("count"), waited.median().cast(pl.Float64).alias("median_days")
    )
    there = {stage: (count, days) for stage, count, days in places.rows()}
    counts, sent_back = ([there.get(name, (0, None)) for name in names] for names in (order.stages, order.rejected))
    ordered = people.filter(bought & staged)
    back, buyers = sum(count for count, _ in sent_back), ordered.height
    entered = _entered([count for count, _ in counts], back, buyers)
    on_it = order.stages + order.rejected
    days = ordered.filter(pl.col("first") >= pl.col("entry")).select((pl.col("first") - pl.col("entry")).median())
    return Ladder(
        order,
        pl.DataFrame(
            {
                "stage": order.stages,
                "count": [count for count, _ in counts],
                "entered": entered[:-1],
                "went_on": entered[1:],
                "share": [on / here if here else None for here, on in pairwise(entered)],
                "median_days": [days for _, days in counts],
            },
            schema=LADDER,
        ),
        pl.DataFrame(
            [(name, *row) for name, row in zip(order.rejected, sent_back, strict=True)],
            schema={"stage": pl.String, "count": pl.Int64, "median_days": pl.Float64},
            orient="row",
        ),
        since,
        sum(count for count, _ in counts) + back + buyers,
        buyers,
        days.item(),
        people.filter(~bought & ~staged).height,
        people.filter(bought & ~staged).height,
        tuple((stage, there[stage][0]) for stage in sorted(there) if stage not in on_it),
    )


def days_waited(since: Since | None, as_of: int) -> pl.Expr:
    """Days of each of PEOPLE from `since` to the as-of day; null where it is later, or not known."""
    days = as_of - pl.col("entry" if since == "entry" else "since")
    return pl.when(days >= 0).then(days)


def _entered(counts: Sequence[int], back: int, buyers: int) -> list[int]:
    """How many have come to each stage, and in the end to an order."""
    found, further = [buyers], buyers
    for count in reversed(counts):
        further += count
        found.insert(0, further)
    if counts:
        found[0] += back
    return found
