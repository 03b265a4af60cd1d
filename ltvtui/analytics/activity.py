"""Clean orders to activity: what each customer did on each of their days."""

from __future__ import annotations

import polars as pl

from ltvtui.analytics.kernel.chunks import each, joined_frames
from ltvtui.analytics.kernel.customer_order_index import CustomerOrderIndex, Section
from ltvtui.analytics.kernel.run_lengths import ends_of, run_lengths, run_sums
from ltvtui.analytics.schema import ACTIVITY


def activity(orders: pl.DataFrame, line: CustomerOrderIndex) -> pl.DataFrame:
    """schema.ACTIVITY of `orders` (amount, kind, margin where it is mapped), sorted by customer and day.

    `value` is the mapped margin, else the revenue once more.
    """
    # In one chunk, or each look-up has to search for its chunk.
    money = orders.select(c for c in ("amount", "margin") if c in orders.columns).rechunk()
    is_order = orders["kind"] == "order"
    all_bought = bool(is_order.all())

    def done(section: Section) -> pl.DataFrame:
        visits, rows = line.visits.numbers(section.chunk), line.rows.slice(*section.chunk)
        ends = ends_of(visits)
        last = visits.filter(ends)
        theirs = money[rows]
        found = {
            "customer": (last // line.days).rle_id() + section.first,
            "day": last % line.days + line.first_day,
            "orders": run_lengths(ends) if all_bought else run_sums(is_order.gather(rows).cast(pl.UInt32), ends),
            "revenue": run_sums(theirs["amount"], ends),
        }
        if "margin" in theirs.columns:
            found["value"] = run_sums(theirs["margin"].fill_null(0), ends)
        return pl.DataFrame([sums.cast(ACTIVITY[name]).alias(name) for name, sums in found.items()])

    found = joined_frames(each(done, line.sections))
    return found if "margin" in money.columns else found.with_columns(pl.col("revenue").alias("value"))
