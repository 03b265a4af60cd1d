"""Tables of a portrait: figures, what sets the customers apart, when they order, and typical ones."""

from __future__ import annotations

from typing import Final

import polars as pl

from ltvtui.analytics.kernel.calendar import WEEKDAYS
from ltvtui.analytics.portrait.portrait import Portrait
from ltvtui.analytics.retention import FEW
from ltvtui.present.segments import segment_table
from ltvtui.present.tables import Column, Table

MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
BAND: Final = 4
"""Hours of a column, where a table has no room for each of them."""
WHO: Final = "who"


def figure_table(found: Portrait, of: str, horizon: int, gross: bool, lapsed: Column, currency: str = "") -> Table:
    """The customers beside all of the shop; `lapsed` is the column of the share that has lapsed."""
    rows = [frame.with_columns(pl.lit(label).alias(WHO)) for label, frame in ((of, found.row), ("all", found.base))]
    whole = found.row["customers"][0] == found.base["customers"][0]
    return segment_table(
        pl.concat(rows[:1] if whole else rows), (WHO,), horizon, gross, more=(lapsed,), currency=currency
    )


def weekday_table(found: Portrait, with_hours: bool = True) -> Table:
    """Orders by weekday, `with_hours` also their index by bands of hours, where times are known."""
    days, bands = found.times.weekdays.with_columns(pl.Series("day", WEEKDAYS)), []
    if with_hours and found.times.hours is not None:
        hours = _index_by_band(found.times.hours)
        for band in range(24 // BAND):
            key = f"h{band}"
            index = hours.filter(pl.col("band") == band).select("weekday", pl.col("index").alias(key))
            days = days.join(index, on="weekday", how="left", maintain_order="left")
            title = f"{band * BAND:02}–{band * BAND + BAND:02} h"
            bands.append(Column(key, title, "ratio", "index by hour", 0))
    return Table(days, (Column("day", "weekday"), *_when_columns(), *bands))


def month_table(found: Portrait) -> Table:
    """Orders by month of the year."""
    rows = found.times.months.with_columns(pl.Series("name", MONTHS))
    return Table(rows, (Column("name", "month"), *_when_columns()))


def typical_table(found: Portrait, currency: str = "") -> Table:
    """The customers nearest to the medians, and these."""
    medians = pl.DataFrame([{"id": "median", **found.medians}], schema_overrides={"orders": pl.Float64})
    rows = found.typical.drop("customer").cast({"orders": pl.Float64, "lifetime": pl.Float64, "silent": pl.Float64})
    frame = pl.concat([rows, medians.cast({"lifetime": pl.Float64, "silent": pl.Float64})], how="diagonal")
    return Table(
        frame,
        (
            Column("id", "customer"),
            Column("orders", "orders", "count"),
            Column("average_check", "avg check", "units", unit=currency, help="Revenue ÷ orders."),
            Column("revenue", "revenue", "units", unit=currency),
            Column("lifetime", "days as customer", "count", help="Days from the first order to the last."),
            Column("silent", "days since", "count", help="Days since the last order."),
        ),
    )


def _when_columns() -> tuple[Column, ...]:
    return (
        Column("orders", "orders", "count"),
        Column("share", "% of orders", "share"),
        Column("base_share", "% of all", "share", help="Share of the orders of all customers."),
        Column("index", "index", "ratio", decimals=0, help="Share of their orders ÷ share of all orders × 100."),
    )


def _index_by_band(hours: pl.DataFrame) -> pl.DataFrame:
    """weekday, band, index of OrderTimes.hours; null where all customers have fewer than 30 orders."""
    own, base = hours.select(pl.col("orders", "base_orders").sum()).row(0)
    sums = hours.group_by("weekday", (pl.col("hour") // BAND).alias("band")).agg(
        pl.col("orders", "base_orders").sum()
    )
    ratio = pl.col("orders") / max(own, 1) / (pl.col("base_orders") / max(base, 1)) * 100
    return sums.select("weekday", "band", pl.when(pl.col("base_orders") >= FEW).then(ratio).alias("index"))
