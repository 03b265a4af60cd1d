"""Whom to win back: customers who may have left, by what they would have brought."""

from __future__ import annotations

import polars as pl

from ltvtui.analytics.forecast.forecast import MONTHS
from ltvtui.analytics.forecast.of_snapshot import forecast_of, question_of
from ltvtui.analytics.forecast.repeat_likelihood import Kind
from ltvtui.analytics.kernel.sort_order import SortOrder
from ltvtui.analytics.listing import Listing
from ltvtui.analytics.snapshot import Snapshot


def win_back(snapshot: Snapshot, kind: Kind = "mbg", months: tuple[int, ...] = MONTHS) -> Listing:
    """The snapshot's customers with the columns of Forecast.customers, most value at risk first, ties by customer.

    Raises LtvError where the gate is shut, and where no model fits.
    """
    forecast = forecast_of(snapshot, question_of(snapshot, kind, months))
    own = forecast.of(snapshot.customers).drop("customer")
    rows = pl.concat([snapshot.measured, own], how="horizontal")
    return Listing(rows, SortOrder(rows.select("value_at_risk"), descending=True))
