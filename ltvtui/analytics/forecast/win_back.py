"""Whom to win back: customers who are late, by what they may still bring; then those who hardly come back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from ltvtui.analytics.forecast.forecast import MONTHS
from ltvtui.analytics.forecast.of_snapshot import forecast_of, question_of
from ltvtui.analytics.forecast.repeat_likelihood import Kind
from ltvtui.analytics.kernel.sort_order import SortOrder
from ltvtui.analytics.listing import Listing, narrow
from ltvtui.analytics.snapshot import Snapshot

STATES: Final = ("late", "unlikely", "on time")
"""late: has probably left (P(alive) below LATE), or is silent for the churn gap or longer, and may still come back.
unlikely: hardly comes back (P(alive) below UNLIKELY). on time: all others."""
LATE: Final = 0.5
UNLIKELY: Final = 0.1


def win_back(
    snapshot: Snapshot,
    kind: Kind = "mbg",
    months: tuple[int, ...] = MONTHS,
    sort: str = "value_at_risk",
    descending: bool = True,
    search: str = "",
) -> Listing:
    """The snapshot's customers with the columns of Forecast.customers and state (Enum STATES).

    Most value at risk first unless another column is said. By state, those who are late come first, by what they may
    still bring (value × chance of return: the expected value over the last of the months), then those who hardly come
    back and those on time, by value at risk. Ties stand by customer; unknown values come last. `search` keeps those
    whose text columns hold it.

    Raises LtvError where the gate is shut, and where no model fits.
    """
    forecast = forecast_of(snapshot, question_of(snapshot, kind, months))
    own = forecast.of(snapshot.customers).drop("customer")
    states = _states(snapshot.churn_gap.days)
    rows = narrow(pl.concat([snapshot.measured, own], how="horizontal").with_columns(states), search)
    keys = rows.select(sort)
    if sort == "state":
        keys = rows.select(*_worth(months[-1]))
    if sort == "id":  # 43 stands before 1000 where ids are numbers
        keys = keys.select(pl.col("id").cast(pl.Int64, strict=False).alias("number"), "id")
    return Listing(rows, SortOrder(keys, descending), bool(search))


def _states(gap: int) -> pl.Expr:
    """state, of a customer's p_alive and silent."""
    may_have_left = (pl.col("p_alive") < LATE) | (pl.col("silent") >= gap)
    late, unlikely, on_time = (pl.lit(state) for state in STATES)
    found = pl.when(pl.col("p_alive") < UNLIKELY).then(unlikely).when(may_have_left).then(late).otherwise(on_time)
    return found.cast(pl.Enum(STATES)).alias("state")


def _worth(months: int) -> tuple[pl.Expr, pl.Expr]:
    """What the order of win_back follows from, highest first: the state, and what is to be had of them."""
    place = len(STATES) - pl.col("state").to_physical().cast(pl.Int64)
    to_come = pl.coalesce(f"expected_value_{months}", f"expected_days_{months}")
    return place.alias("place"), pl.when(pl.col("state") == STATES[0]).then(to_come).otherwise("value_at_risk")


def by_state(found: Listing, months: int) -> Mapping[str, tuple[int, float, float]]:
    """Of each of STATES how many customers of `found`, what they are expected to bring within so many months, and
    what they have at risk (currency units)."""
    sums = found.frame.group_by("state").agg(
        pl.len(), pl.col(f"expected_value_{months}").sum(), pl.col("value_at_risk").sum()
    )
    there = {str(state): (int(people), float(to_come), float(risk)) for state, people, to_come, risk in sums.rows()}
    return {state: there.get(state, (0, 0.0, 0.0)) for state in STATES}


def at_risk_together(found: Listing, of: float | None) -> Mapping[str, Any]:
    """What the customers of `found` have at risk together: customers, left (how many of them have probably left),
    at_risk (currency units), of (what all of the trail have, as given; None where value is unknown), half: how many
    of them, most value at risk first, hold half of it."""
    risks = found.frame["value_at_risk"].sort(descending=True)
    total = float(risks.sum())
    half = int((risks.cum_sum() < total / 2).sum()) + 1 if total > 0 else 0
    left = max(risks.len() - round(float(found.frame["p_alive"].sum())), 0)
    return {"customers": risks.len(), "left": left, "at_risk": total, "of": of, "half": half}
