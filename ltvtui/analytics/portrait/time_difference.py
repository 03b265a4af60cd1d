"""Whether customers order at other times than the others, or no more so than by chance (metrics.md §12)."""

from __future__ import annotations

import polars as pl

from ltvtui.analytics.comparison.probability import adjusted
from ltvtui.analytics.portrait.order_times import OrderTimes


def time_differences(times: OrderTimes) -> dict[str, float | None]:
    """p by what is tested, of weekdays, months and, where they are known, hours of the day: that the orders of the
    customers are spread over them as those of the others are. Adjusted over all that are tested (Benjamini-Hochberg).

    Pearson's chi-squared, orders taken as independent, so that p is rather too small. None where either have no
    orders, or all are at one time.
    """
    rows = {"weekdays": times.weekdays, "months": times.months}
    if times.hours is not None:
        rows["hours"] = times.hours.group_by("hour").agg(pl.col("orders", "base_orders").sum())
    found = [_chance(each) for each in rows.values()]
    return dict(zip(rows, adjusted(found), strict=True))


def _chance(rows: pl.DataFrame) -> float | None:
    """p of `rows` (orders, base_orders: those of all)."""
    from scipy.special import chdtrc  # takes a quarter of a second to load

    seen = rows.filter(pl.col("base_orders") > 0)
    own, base = int(seen["orders"].sum()), int(seen["base_orders"].sum())
    others = base - own
    if own == 0 or others == 0 or seen.height < 2:
        return None
    expected = seen["base_orders"] * (own / base)
    # What own orders have too many, the others have too few: both halves of the table in one sum.
    squares = (seen["orders"] - expected) ** 2 / expected
    return float(chdtrc(seen.height - 1, float(squares.sum()) * base / others))
