"""Whom to win back: customers who may have left, by what they would have brought."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from ltvtui.analytics.forecast.forecast import MONTHS
from ltvtui.analytics.forecast.of_snapshot import forecast_of, question_of
from ltvtui.analytics.forecast.repeat_likelihood import Kind
from ltvtui.analytics.kernel.sort_order import SortOrder
from ltvtui.analytics.listing import Listing, narrow
from ltvtui.analytics.snapshot import Snapshot


def win_back(
    snapshot: Snapshot,
    kind: Kind = "mbg",
    months: tuple[int, ...] = MONTHS,
    sort: str = "value_at_risk",
    descending: bool = True,
    search: str = "",
) -> Listing:
    """The snapshot's customers with the columns of Forecast.customers, most value at risk first unless another column
    is said, ties by customer; unknown values come last. `search` keeps those whose text columns hold it.

    Raises LtvError where the gate is shut, and where no model fits.
    """
    forecast = forecast_of(snapshot, question_of(snapshot, kind, months))
    own = forecast.of(snapshot.customers).drop("customer")
    rows = narrow(pl.concat([snapshot.measured, own], how="horizontal"), search)
    keys = rows.select(sort)
    if sort == "id":  # 43 stands before 1000 where ids are numbers
        keys = keys.select(pl.col("id").cast(pl.Int64, strict=False).alias("number"), "id")
    return Listing(rows, SortOrder(keys, descending), bool(search))


def at_risk_together(found: Listing, of: float | None) -> Mapping[str, Any]:
    """What the customers of `found` have at risk together: customers, left (how many of them have probably left),
    at_risk (currency units), of (what all of the trail have, as given; None where value is unknown), half: how many
    of them, most value at risk first, hold half of it."""
    risks = found.frame["value_at_risk"].sort(descending=True)
    total = float(risks.sum())
    half = int((risks.cum_sum() < total / 2).sum()) + 1 if total > 0 else 0
    left = max(risks.len() - round(float(found.frame["p_alive"].sum())), 0)
    return {"customers": risks.len(), "left": left, "at_risk": total, "of": of, "half": half}
