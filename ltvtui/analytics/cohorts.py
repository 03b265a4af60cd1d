"""Cohorts: what customers who began together did in each calendar period since (metrics.md §9).

A cell is an offset k of a cohort: the k-th calendar period after the one of the first order. A cohort by an
attribute holds customers who began in different periods, so that its offset k is over for some of them only:
shares and means are then taken over those, like in the summary row, and never fall because the rest are young.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from ltvtui.analytics import calendar
from ltvtui.analytics.dimensions import PERIODS
from ltvtui.analytics.schema import units
from ltvtui.analytics.snapshot import Snapshot

COUNTED: Final = ("customers", "orders", "revenue")
"""Metrics that add up: all that was observed is in them. All others are of those for whom the period is over,
unless a cohort began together: then it is marked."""

METRICS: Final = (
    "retention",
    "customers",
    "orders",
    "revenue",
    "average check",
    "revenue per customer",
    "cumulative LTV",
)
"""What a cell can show; by initial customer where it says "per customer" or LTV."""

_SEEN: Final = ("base", "active", "bought", "earned", "value")


@dataclass(frozen=True, eq=False)
class Cohorts:
    """A triangle of cohorts, for every metric at once."""

    bucket: str
    by: str | None
    """The dimension that makes the cohorts; None: the period of the first order."""
    rows: pl.DataFrame
    """cohort (String; null: not known), size (Int64, initial customers); periods in time, others by size."""
    cells: pl.DataFrame
    """row (UInt32), offset (Int32), unfinished (Boolean: for some customers that period is not over); of all that
    was observed customers (who ordered), orders, revenue (Int64, money); of the initial customers who are counted
    in this cell base, active, bought (orders), earned (money), value (money up to and with this offset). Sorted by
    row and offset, without gaps."""
    summary: pl.DataFrame
    """The same columns over all cohorts for which the offset is complete; without row and unfinished."""
    unfinished: str | None
    """The calendar period that goes on after the as-of day; None where that day ends it."""
    margin: float
    """Factor on value."""

    @property
    def offsets(self) -> int:
        """How many offsets some cohort reaches."""
        return int(self.cells["offset"].max()) + 1 if self.cells.height else 0  # type: ignore[arg-type]


def dimension_of(bucket: str) -> str:
    """The dimension whose values are the cohorts of a bucket."""
    return f"first {bucket}"


def cohorts(snapshot: Snapshot, bucket: str, by: str | None = None) -> Cohorts:
    """The triangle of the snapshot's customers by calendar `bucket` (calendar.BUCKETS)."""
    start, as_of = snapshot.terms.week_start, snapshot.terms.as_of
    last, complete = _period_of(as_of, bucket, start), _last_over(as_of, bucket, start)
    people, values = _people(snapshot, bucket, by)
    sums = _sums(snapshot, bucket, people)
    sizes = people.group_by("row", "period").agg(pl.len().cast(pl.Int64).alias("size"))
    rows = _rows(values, sizes, bucket, by, start).with_row_index("place")
    # Of a cohort that began together every cell is told, over or not: it is marked. Others are of different ages.
    counted = _counted(sizes, sums, last if by is None else complete)
    cells = _observed(sizes, sums, last).join(counted, on=["row", "offset"], how="left")
    cells = cells.join(rows.select("row", "place"), on="row")
    going_on = sizes.filter(complete < last).select("row", (last - pl.col("period")).cast(pl.Int32).alias("offset"))
    cells = cells.join(going_on.unique().with_columns(unfinished=True), on=["row", "offset"], how="left")
    one = pl.lit(0, dtype=pl.UInt32).alias("row")
    whole = _counted(sizes.with_columns(one), sums.with_columns(one), complete).filter(pl.col("base") > 0)
    unfinished = calendar.label(pl.Series([last], dtype=pl.Int32), bucket, start)[0] if complete < last else None
    return Cohorts(
        bucket,
        by,
        rows.select("cohort", "size"),
        cells.select(
            pl.col("place").alias("row"),
            "offset",
            pl.col("unfinished").fill_null(False),
            *COUNTED,
            pl.col(_SEEN).fill_null(0),
        ).sort("row", "offset"),
        whole.select("offset", *_SEEN, customers="active", orders="bought", revenue="earned").sort("offset"),
        unfinished,
        snapshot.margin,
    )


def measured(found: Cohorts, metric: str, relative: bool = False) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Cells of a metric: one row for each cohort, columns "0", "1", … (Float64; null where not observed), and
    the summary, one row of the same columns.

    `relative`: as a share of the cohort's own first period, each per initial customer; retention is one already.
    Money is in currency units.
    """
    whole = found.summary.with_columns(pl.lit(0, dtype=pl.UInt32).alias("row"))
    cells = _wide(found, found.cells, found.rows.height, metric, relative)
    return cells, _wide(found, whole, 1, metric, relative)


def _wide(found: Cohorts, cells: pl.DataFrame, height: int, metric: str, relative: bool) -> pl.DataFrame:
    value = _expression(metric, relative, found.margin)
    if relative and metric != "retention":
        first = value.filter(pl.col("offset") == 0).first().over("row")
        value = pl.when(first != 0).then(value / first)
    long = cells.select("row", "offset", value.cast(pl.Float64).alias("value"))
    wide = long.pivot("offset", index="row", values="value")
    names = [str(offset) for offset in range(found.offsets)]
    wide = wide.with_columns(pl.lit(None, dtype=pl.Float64).alias(name) for name in names if name not in wide.columns)
    rows = pl.DataFrame({"row": pl.int_range(height, dtype=pl.UInt32, eager=True)})
    return rows.join(wide, on="row", how="left", maintain_order="left").select(names)


def active_in(snapshot: Snapshot, bucket: str, offset: int, complete: bool = False) -> pl.Series:
    """Boolean, row for row of the snapshot's customers: who ordered in that calendar period after their first.

    With `complete` only those for whom it is over.
    """
    start, as_of, activity = snapshot.terms.week_start, snapshot.terms.as_of, snapshot.timeline.activity
    when = snapshot.timeline.offsets(bucket, start)
    there = when["begins"] & (when["offset"] == offset) & (activity["day"] <= as_of)
    back = pl.repeat(False, snapshot.counted.height, dtype=pl.Boolean, eager=True)
    active = back.scatter(activity["customer"].filter(there), True).gather(snapshot.customers["customer"])
    if not complete:
        return active
    last = _last_over(as_of, bucket, start)
    return active & (calendar.period(snapshot.customers["first"], bucket, start) + offset <= last)


def _last_over(as_of: int, bucket: str, week_start: int) -> int:
    """The last period that is over at the end of the day."""
    last = _period_of(as_of, bucket, week_start)
    return last if as_of == calendar.last_day(last, bucket, week_start) else last - 1


def _period_of(day: int, bucket: str, week_start: int) -> int:
    return int(calendar.period(pl.Series([day], dtype=pl.Int32), bucket, week_start)[0])


def _people(snapshot: Snapshot, bucket: str, by: str | None) -> tuple[pl.DataFrame, pl.DataFrame]:
    """customer, period (Int32, of the first order), row (UInt32, of the cohort); and by row what makes the cohort."""
    known = snapshot.customers if by is None else snapshot.by(by)
    period = calendar.period(known["first"], bucket, snapshot.terms.week_start).alias("period")
    cohort = (period if by is None else known[by]).alias("cohort")
    row, values = _ranks(cohort)
    return pl.DataFrame([known["customer"], period, row]), values


def _ranks(values: pl.Series) -> tuple[pl.Series, pl.DataFrame]:
    """row (UInt32): which distinct value each is, in any order; and those values by row."""
    if values.dtype == pl.Int32 and values.len():
        low, high = int(values.min()), int(values.max())  # type: ignore[arg-type]
        every = pl.int_range(low, high + 1, dtype=pl.Int32, eager=True).alias(values.name)
        return (values - low).cast(pl.UInt32).alias("row"), every.to_frame().with_row_index("row")
    distinct = values.unique().to_frame().with_row_index("row")
    joined = values.to_frame().join(distinct, on=values.name, how="left", nulls_equal=True, maintain_order="left")
    return joined["row"], distinct


def _rows(values: pl.DataFrame, sizes: pl.DataFrame, bucket: str, by: str | None, week_start: int) -> pl.DataFrame:
    """row, cohort (String), size of each cohort; periods without a first order have none."""
    known = values.join(sizes.group_by("row").agg(pl.col("size").sum()), on="row")
    if by is None:
        known = known.sort("row")
        return known.with_columns(calendar.label(known["cohort"], bucket, week_start).alias("cohort"))
    natural = isinstance(values["cohort"].dtype, pl.Enum)
    texts = known.with_columns(pl.col("cohort").cast(pl.String))
    order = known["cohort"].to_physical() if natural else -known["size"] * (by not in PERIODS)
    return texts.with_columns(order.alias("_order")).sort("_order", "cohort", nulls_last=True).drop("_order")


def _sums(snapshot: Snapshot, bucket: str, people: pl.DataFrame) -> pl.DataFrame:
    """row, period, offset, active, orders, revenue, value (Int64): what was done, by cohort and offset."""
    timeline, as_of = snapshot.timeline, snapshot.terms.as_of
    when, sums = timeline.offsets(bucket, snapshot.terms.week_start), list(timeline.sums)
    # One number says cohort, period and offset, and 0 that a day is not asked for: ten million days are not moved.
    low, high = (int(people["period"].min() or 0), int(people["period"].max() or 0))  # type: ignore[arg-type]
    span, room = high - low + 1, int(when["offset"].max() or 0) + 1  # type: ignore[arg-type]
    rows = int(people["row"].max() or 0) + 1  # type: ignore[arg-type]
    number = pl.Int32 if (rows + 1) * span * room < 2**31 else pl.Int64
    place = people["row"].cast(number) * span + (people["period"] - low).cast(number) + 1
    starts = pl.zeros(snapshot.counted.height, dtype=number, eager=True).scatter(people["customer"], place * room)
    key = starts.gather(timeline.activity["customer"]) + when["offset"].fill_null(0)
    if as_of < timeline.last_day:
        key = key.zip_with(timeline.activity["day"] <= as_of, pl.Series([0], dtype=number))
    seen = timeline.activity.select(sums).with_columns(key.alias("key"), when["begins"].alias("active"))
    added = seen.lazy().group_by("key").agg(pl.col("active", *sums).sum()).collect(engine="streaming")
    if not timeline.margin_mapped or snapshot.terms.margin is not None:
        added = added.with_columns(pl.col("revenue").alias("value"))
    asked = added.filter(pl.col("key") >= room)
    known, offset = pl.col("key") // room - 1, pl.col("key") % room
    return asked.select(
        (known // span).cast(pl.UInt32).alias("row"),
        (known % span + low).cast(pl.Int32).alias("period"),
        offset.cast(pl.Int32).alias("offset"),
        pl.col("active", "orders", "revenue", "value").cast(pl.Int64),
    )


def _observed(sizes: pl.DataFrame, sums: pl.DataFrame, last: int) -> pl.DataFrame:
    """row, offset, customers, orders, revenue of every offset that a cohort reached, quiet ones as zero."""
    added = sums.group_by("row", "offset").agg(
        pl.col("active").sum().alias("customers"), pl.col("orders").sum(), pl.col("revenue").sum()
    )
    return _grid(sizes, last).join(added, on=["row", "offset"], how="left").with_columns(pl.col(COUNTED).fill_null(0))


def _counted(sizes: pl.DataFrame, sums: pl.DataFrame, last: int) -> pl.DataFrame:
    """row, offset, base, active, bought, earned, value over the customers whose offset is not after `last`."""
    seen = sums.filter(pl.col("period") + pl.col("offset") <= last)
    added = seen.group_by("row", "offset").agg(
        pl.col("active").sum(), pl.col("orders").sum().alias("bought"), pl.col("revenue").sum().alias("earned")
    )
    # What begins at one offset and ends with the customers' last one is a step up there and a step down behind it.
    begun = sizes.filter(pl.col("period") <= last)
    steps = pl.concat(
        [
            begun.select("row", offset=pl.lit(0, dtype=pl.Int32), base="size", value=pl.lit(0, dtype=pl.Int64)),
            begun.select("row", _behind(last), base=-pl.col("size"), value=pl.lit(0, dtype=pl.Int64)),
            seen.select("row", "offset", base=pl.lit(0, dtype=pl.Int64), value="value"),
            seen.select("row", _behind(last), base=pl.lit(0, dtype=pl.Int64), value=-pl.col("value")),
        ]
    )
    totals = steps.group_by("row", "offset").agg(pl.col("base", "value").sum())
    return (
        _grid(begun, last)
        .join(totals, on=["row", "offset"], how="left")
        .join(added, on=["row", "offset"], how="left")
        .with_columns(pl.col(_SEEN).fill_null(0))
        .sort("row", "offset")
        .with_columns(pl.col("base", "value").cum_sum().over("row"))
        .select("row", "offset", *_SEEN)
    )


def _grid(sizes: pl.DataFrame, last: int) -> pl.DataFrame:
    """row and offset (Int32) of every period from a cohort's first up to `last`."""
    reached = pl.int_ranges(0, last - pl.col("period") + 1, dtype=pl.Int32).alias("offset")
    return sizes.group_by("row").agg(pl.col("period").min()).select("row", reached).explode("offset")


def _behind(last: int) -> pl.Expr:
    """The first offset that is after `last`."""
    return (last - pl.col("period") + 1).cast(pl.Int32).alias("offset")


def _expression(metric: str, relative: bool, margin: float) -> pl.Expr:
    base = pl.when(pl.col("base") > 0).then(pl.col("base"))
    each: dict[str, tuple[pl.Expr, pl.Expr]] = {
        "retention": (pl.col("active") / base, pl.col("active") / base),
        "customers": (pl.col("customers"), pl.col("active") / base),
        "orders": (pl.col("orders"), pl.col("bought") / base),
        "revenue": (units(pl.col("revenue")), units(pl.col("earned")) / base),
        "average check": (_check(), _check()),
        "revenue per customer": (units(pl.col("earned")) / base, units(pl.col("earned")) / base),
        "cumulative LTV": (units(pl.col("value")) * margin / base, units(pl.col("value")) * margin / base),
    }
    return each[metric][relative]


def _check() -> pl.Expr:
    return pl.when(pl.col("bought") > 0).then(units(pl.col("earned")) / pl.col("bought"))
