"""Cohorts: what customers who began together did in each calendar period since (metrics.md §9).

A cell is an offset k of a cohort: the k-th calendar period after the one of the first order. A cohort by an
attribute holds customers who began in different periods, so that its offset k is over for some of them only:
shares and means are then taken over those, like in the summary row, and never fall because the rest are young.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from ltvtui.analytics.cohorts.cells import COUNTED, SEEN, Cells
from ltvtui.analytics.cohorts.metrics import CohortMetric
from ltvtui.analytics.cohorts.people import cohort_people
from ltvtui.analytics.kernel import calendar
from ltvtui.analytics.snapshot import Snapshot


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
    in this cell base, active, bought (orders), earned (money), value (money up to and with this offset; Float64 where
    it is discounted). Sorted by row and offset, without gaps."""
    summary: pl.DataFrame
    """The same columns over all cohorts for which the offset is complete; without row and unfinished."""
    unfinished: str | None
    """The calendar period that goes on after the as-of day; None where that day ends it."""
    margin: float
    """Factor on value."""
    discount: float = 0.0
    """Annual rate by which value is discounted, each period by its middle."""
    counted: int = 0
    """Customers that `summary` is of."""
    since: int | None = None
    """First order day from which on they are counted: who came earlier may be older than the history
    (Snapshot.entry); None: all are."""

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
    last, over = _period_of(as_of, bucket, start), _last_over(as_of, bucket, start)
    rows, cells = _triangle(snapshot, bucket, by)
    since = snapshot.entry.since
    sizes, counted = (
        (rows, cells)
        if since is None
        else _triangle(snapshot.where(pl.col("first") >= since, name=("first from", since)), bucket, by)
    )
    finished = counted.filter(~pl.col("unfinished")) if by is None else counted
    whole = finished.group_by("offset").agg(pl.col(SEEN).sum()).filter(pl.col("base") > 0).sort("offset")
    unfinished = calendar.label(pl.Series([last], dtype=pl.Int32), bucket, start)[0] if over < last else None
    return Cohorts(
        bucket,
        by,
        rows,
        cells.select("row", "offset", "unfinished", *COUNTED, *SEEN),
        whole.select("offset", *SEEN, customers="active", orders="bought", revenue="earned"),
        unfinished,
        snapshot.margin,
        snapshot.terms.discount,
        int(sizes["size"].sum()),
        since,
    )


def _triangle(snapshot: Snapshot, bucket: str, by: str | None) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The cohorts, and their cells as Cohorts has them."""
    start, as_of = snapshot.terms.week_start, snapshot.terms.as_of
    last, over = _period_of(as_of, bucket, start), _last_over(as_of, bucket, start)
    rows, people = cohort_people(snapshot, bucket, by)
    cells = Cells(snapshot, bucket, by, people, rows.height, last)
    # Of a cohort that began together every cell is told, over or not: it is marked. Others are of different ages.
    figures = cells.of_one_age() if by is None else cells.of_all_ages(over)
    return rows, figures.with_columns(cells.going_on(over < last)).filter(cells.observed)


def measured(found: Cohorts, metric: CohortMetric, relative: bool = False) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Cells of a metric: one row for each cohort, columns "0", "1", … (Float64; null where not observed), and
    the summary, one row of the same columns.

    `relative`: as a share of the cohort's own first period, each per initial customer; a share is one already.
    Money is in currency units.
    """
    whole = found.summary.with_columns(pl.lit(0, dtype=pl.UInt32).alias("row"))
    cells = _wide(found, found.cells, found.rows.height, metric, relative)
    return cells, _wide(found, whole, 1, metric, relative)


def _wide(found: Cohorts, cells: pl.DataFrame, height: int, metric: CohortMetric, relative: bool) -> pl.DataFrame:
    value = metric.value(relative)
    if relative and metric.unit != "share":
        first = value.filter(pl.col("offset") == 0).first().over("row")
        value = pl.when(first != 0).then(value / first)
    with_margin = cells.with_columns(pl.lit(found.margin, dtype=pl.Float64).alias("margin"))
    long = with_margin.select("row", "offset", value.cast(pl.Float64).alias("value"))
    # Columns are chunks of one: a pivot of ten years of weeks takes ten times as long.
    places = long["offset"].cast(pl.Int64) * height + long["row"]
    blank = pl.repeat(None, height * found.offsets, dtype=pl.Float64, eager=True)
    whole = blank.scatter(places, long["value"])
    return pl.DataFrame([whole.slice(k * height, height).alias(str(k)) for k in range(found.offsets)])


def active_in(snapshot: Snapshot, bucket: str, offset: int, complete: bool = False) -> pl.Series:
    """Boolean, row for row of the snapshot's customers: who ordered in that calendar period after their first.

    With `complete` only those for whom it is over.
    """
    start, as_of, activity = snapshot.terms.week_start, snapshot.terms.as_of, snapshot.activity_index.activity
    periods = snapshot.activity.periods(bucket, start)
    asked = periods.of(snapshot.customers["first"]) + offset
    wanted = snapshot.by_code(asked)
    visits = activity.select("customer", "day").filter(periods.begins & (activity["day"] <= as_of))
    there = periods.of(visits["day"]) == wanted.gather(visits["customer"])
    back = pl.repeat(False, snapshot.counted.height, dtype=pl.Boolean, eager=True)
    back = back.scatter(visits["customer"].filter(there), True)
    active = back.gather(snapshot.customers["customer"])
    return active & (asked <= _last_over(as_of, bucket, start)) if complete else active


def _last_over(as_of: int, bucket: str, week_start: int) -> int:
    """The last period that is over at the end of the day."""
    last = _period_of(as_of, bucket, week_start)
    return last if as_of == calendar.last_day(last, bucket, week_start) else last - 1


def _period_of(day: int, bucket: str, week_start: int) -> int:
    return int(calendar.period(pl.Series([day], dtype=pl.Int32), bucket, week_start)[0])
