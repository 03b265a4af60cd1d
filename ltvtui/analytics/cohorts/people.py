"""Who is in which cohort, and in which order cohorts stand."""

from __future__ import annotations

import polars as pl

from ltvtui.analytics.dimensions import PERIODS
from ltvtui.analytics.kernel import calendar
from ltvtui.analytics.snapshot import Snapshot


def cohort_people(snapshot: Snapshot, bucket: str, by: str | None) -> tuple[pl.DataFrame, pl.DataFrame]:
    """cohort (String), size (Int64) of each cohort, by the dimension `by` or by the period of the first order; and
    customer, row (UInt32, their cohort), period (Int32, of the first order), value (of all that is known) of each
    customer."""
    customers = snapshot.customers if by is None else snapshot.by(by)
    period = calendar.period(customers["first"], bucket, snapshot.terms.week_start).alias("period")
    if by is None:
        values, rows = period, _periods(period, bucket, snapshot.terms.week_start)
    else:
        values, rows = customers[by], cohort_rows(snapshot, by)
    people = [customers["customer"], _places(values, rows["of"]), period, customers["value"]]
    return rows.drop("of"), pl.DataFrame(people)


def cohort_rows(snapshot: Snapshot, by: str) -> pl.DataFrame:
    """of (as the dimension `by` has it), cohort (String), size of each cohort by that dimension: periods in time,
    others by size; remembered."""

    def make() -> pl.DataFrame:
        values = snapshot.by(by)[by]
        distinct = values.alias("of").value_counts(name="size").cast({"size": pl.Int64})
        names, natural = distinct["of"].cast(pl.String), isinstance(values.dtype, pl.Enum)
        order = distinct["of"].to_physical() if natural else -distinct["size"] * (by not in PERIODS)
        return _ordered(distinct, names, order)

    return snapshot.recall("cohort rows", (by,), make)


def _periods(period: pl.Series, bucket: str, week_start: int) -> pl.DataFrame:
    distinct = period.alias("of").value_counts(name="size").cast({"size": pl.Int64})
    return _ordered(distinct, calendar.label(distinct["of"], bucket, week_start), distinct["of"])


def _ordered(distinct: pl.DataFrame, names: pl.Series, order: pl.Series) -> pl.DataFrame:
    labelled = distinct.select("of", names.alias("cohort"), "size", order.alias("_order"))
    return labelled.sort("_order", "cohort", nulls_last=True).drop("_order")


def _places(values: pl.Series, distinct: pl.Series) -> pl.Series:
    """row (UInt32): the place of each of `values` in `distinct`."""
    rows = pl.int_range(distinct.len(), dtype=pl.UInt32, eager=True).alias("row")
    if values.dtype not in (pl.Int32, pl.Categorical, pl.Enum):
        places = pl.DataFrame([distinct.alias("value"), rows])
        asked = values.alias("value").to_frame()
        return asked.join(places, on="value", how="left", nulls_equal=True, maintain_order="left")["row"]
    # Periods and names are few numbers: looked up in a table, a million customers need no join.
    numbers, distinct_numbers = values.to_physical(), distinct.to_physical()
    low, high = (int(end or 0) for end in (distinct_numbers.min(), distinct_numbers.max()))  # type: ignore[arg-type]
    present = distinct.is_not_null()
    table = pl.zeros(high - low + 1, dtype=pl.UInt32, eager=True)
    table = table.scatter((distinct_numbers - low).filter(present), rows.filter(present))
    unknown = rows.filter(~present)
    found = table.gather(numbers - low).alias("row")
    return found.fill_null(unknown[0]) if unknown.len() else found
