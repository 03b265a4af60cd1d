"""Clean orders to activity: what each customer did on each of their days."""

from __future__ import annotations

import polars as pl

from ltvtui.analytics.lineup import LineUp
from ltvtui.analytics.runs import ends_of, run_lengths, run_sums
from ltvtui.analytics.schema import ACTIVITY


def activity(orders: pl.DataFrame, line: LineUp) -> pl.DataFrame:
    """schema.ACTIVITY of `orders` (amount, kind, margin where it is mapped), sorted by customer and day.

    The same as reduce.activity gives. `value` is the mapped margin, else the revenue once more.
    """
    ends = ends_of(line.visits)
    last = line.visits.filter(ends)

    def sums(values: pl.Series) -> pl.Series:
        # In one piece, or each look-up has to search for its chunk.
        return run_sums(values.rechunk().gather(line.rows), ends)

    revenue = sums(orders["amount"])
    value = sums(orders["margin"].fill_null(0)) if "margin" in orders.columns else revenue
    is_order = orders["kind"] == "order"
    bought = run_lengths(ends) if is_order.all() else sums(is_order.cast(pl.UInt32))
    found = pl.DataFrame(
        {
            "customer": (last // line.days).rle_id(),
            "day": last % line.days + line.first_day,
            "orders": bought,
            "revenue": revenue,
            "value": value,
        }
    )
    return found.select(pl.col(name).cast(dtype) for name, dtype in ACTIVITY.items())
