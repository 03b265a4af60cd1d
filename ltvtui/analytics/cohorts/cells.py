"""The cells of a triangle of cohorts, all at once: numbered, so that whatever is known is put in its place.

The number of a cell is its cohort's times the offsets there are, plus its offset.
"""

from __future__ import annotations

from functools import cached_property
from typing import Final

import polars as pl

from ltvtui.analytics.cohorts.monthly import in_bucket, monthly
from ltvtui.analytics.kernel.calendar import OF_MONTHS, years
from ltvtui.analytics.kernel.calendar_sums import DONE
from ltvtui.analytics.kernel.engine import engine_for
from ltvtui.analytics.snapshot import Snapshot

COUNTED: Final = ("customers", "orders", "revenue")
"""What adds up: all that was observed is in it."""
SEEN: Final = ("base", "active", "bought", "earned", "value")
"""What is told of those who are counted in a cell."""


class Cells:
    """The cells of `cohorts` cohorts up to the calendar period `last`.

    `people`: customer, row (UInt32, their cohort), period (Int32, of the first order), value (Int64 money). They are
    the snapshot's, in its order; cohorts are made by the dimension `by`, or by that period.
    """

    def __init__(
        self, snapshot: Snapshot, bucket: str, by: str | None, people: pl.DataFrame, cohorts: int, last: int
    ) -> None:
        self._snapshot = snapshot
        self._by = by
        self._periods = snapshot.activity.periods(bucket, snapshot.terms.week_start)
        self._people = people
        self._last = last
        self._low = int(people["period"].min()) if people.height else last  # type: ignore[arg-type]
        self._offsets = last - self._low + 1
        self._count = cohorts * self._offsets
        self._begun = self._who_began()

    def of_one_age(self) -> pl.DataFrame:
        """row, offset, COUNTED and SEEN of cohorts that began together: all of them reach every cell."""
        done = self._of_all() if not self._snapshot.selected else self._sums(self._last)[0]
        base = self._running(self._spread(self._begun["start"], self._begun["size"])).alias("base")
        value = done["value"] if self._weights is None else done["value"] * self._weights.gather(self._offset)
        return self._table(done, base, done, self._running(value))

    def of_all_ages(self, over: int) -> pl.DataFrame:
        """The same, SEEN of those for whom the offset is over with the period `over`.

        Who leaves after their last such offset is removed with all value until then.
        """
        until, later = self._sums(over)
        seen = self._begun.filter(pl.col("period") <= over)
        if self._weights is None:
            values = until["value"]
            brought = seen["value"] - later["value"].gather(seen["start"] + (self._last - seen["period"]))
        else:
            values, brought = self._discounted(over, seen, self._weights)
        seen = seen.with_columns(brought.alias("value"), (over - pl.col("period") + 1).alias("stay"))
        arrived = seen.group_by("start").agg(pl.col("size").sum())
        left = seen.filter(pl.col("stay") < self._offsets)
        behind = left["start"] + left["stay"]
        base = self._spread(arrived["start"], arrived["size"]) - self._spread(behind, left["size"])
        value = values - self._spread(behind, left["value"])
        return self._table(until + later, self._running(base).alias("base"), until, self._running(value))

    def going_on(self, any: bool) -> pl.Series:
        """`unfinished`, cell by cell: for some customers that period goes on; for none unless `any`."""
        where = (self._begun["start"] + (self._last - self._begun["period"])).head(self._begun.height * any)
        return self._spread(where, pl.repeat(True, where.len(), dtype=pl.Boolean, eager=True).alias("unfinished"))

    @property
    def observed(self) -> pl.Series:
        """Boolean, cell by cell: some customers have been watched for so long."""
        earliest = self._begun.group_by("row").agg(pl.col("period").min()).sort("row")["period"]
        return self._offset + earliest.gather(self._row) <= self._last

    def _who_began(self) -> pl.DataFrame:
        """row, period, start (Int64, number of the row's first cell), size and value of those who began together."""
        number = self._people["row"].cast(pl.Int64) * self._offsets + (self._people["period"] - self._low)
        people = self._people.lazy().select(number.alias("number"), "value")
        begun = people.group_by("number").agg(pl.len().cast(pl.Int64).alias("size"), pl.col("value").sum())
        row = (pl.col("number") // self._offsets).cast(pl.UInt32).alias("row")
        period = (pl.col("number") % self._offsets + self._low).cast(pl.Int32).alias("period")
        start = pl.col("number") // self._offsets * self._offsets
        begun = begun.select(row, period, start.alias("start"), "size", "value")
        return begun.collect(engine=engine_for(self._people.height))

    def _sums(self, over: int) -> tuple[pl.DataFrame, pl.DataFrame]:
        """DONE, cell by cell: in periods up to `over`, and in the later one up to the as-of day."""
        added = self._of_months(over)
        if added is None:
            added = self._of_days(over)
        return self._placed(added, 0), self._placed(added, self._count)

    def _of_months(self, over: int) -> pl.DataFrame | None:
        """cell and DONE, cells of the later period behind all others; None where months do not suffice."""
        bucket = self._periods.bucket
        row = self._people["row"] if self._by is not None else pl.zeros(self._people.height, pl.UInt32, eager=True)
        by_month = monthly(self._snapshot, self._by, row) if bucket in OF_MONTHS else None
        if by_month is None:
            return None
        by_month = in_bucket(by_month, bucket)
        row = by_month["row"]
        if self._by is None:
            rows = pl.zeros(self._offsets, dtype=pl.UInt32, eager=True)
            row = rows.scatter(self._begun["period"] - self._low, self._begun["row"]).gather(
                by_month["first"] - self._low
            )
        later = (pl.col("period") > over).cast(pl.Int64) * self._count
        cell = row.cast(pl.Int64) * self._offsets + (pl.col("period") - pl.col("first")) + later
        return by_month.group_by(cell.alias("cell")).agg(pl.exclude("row", "first", "period").sum())

    @cached_property
    def _weights(self) -> pl.Series | None:
        """By offset (Float64): what money of the middle of that period is worth; None where all of it is."""
        discount = self._snapshot.terms.discount
        if not discount:
            return None  # and sums stay whole numbers
        length = years(self._periods.bucket)
        return pl.Series([(1 + discount) ** (-(k + 0.5) * length) for k in range(self._offsets)], dtype=pl.Float64)

    def _discounted(self, over: int, seen: pl.DataFrame, weights: pl.Series) -> tuple[pl.Series, pl.Series]:
        """Money by `weights` in periods up to `over`: cell by cell, and row by row of `seen` (who began together)."""
        # Who takes along what needs cells by the period of the first order too: few have anything in them.
        row, period = self._people["row"].cast(pl.Int64), self._people["period"].cast(pl.Int64) - self._low
        starts = self._snapshot.by_code((row * self._offsets + period) * self._offsets - period)
        first, as_of = self._snapshot.activity_index.first_day, self._snapshot.terms.as_of
        now = self._periods.of_each_day(first, as_of).cast(pl.Int64) - self._low
        added = self._valued(self._periods.add_up(starts, now, first))
        offset, group = pl.col("cell") % self._offsets, pl.col("cell") // self._offsets
        done = added.select(
            (group // self._offsets * self._offsets).alias("start"),
            (group % self._offsets + self._low).cast(pl.Int32).alias("period"),
            offset.alias("offset"),
            pl.col("value") * pl.lit(weights).gather(offset),
        ).filter(pl.col("period") + pl.col("offset") <= over)
        cells = done.group_by((pl.col("start") + pl.col("offset")).alias("cell")).agg(pl.col("value").sum())
        groups = done.group_by("start", "period").agg(pl.col("value").sum().alias("brought"))
        brought = seen.join(groups, on=["start", "period"], how="left", maintain_order="left")["brought"]
        return self._spread(cells["cell"], cells["value"]), brought.fill_null(0.0)

    def _of_days(self, over: int) -> pl.DataFrame:
        """cell and DONE, cells of the later period behind all others."""
        first, as_of = self._snapshot.activity_index.first_day, self._snapshot.terms.as_of
        number = pl.Int32 if 3 * self._count < 2**31 - 2 * self._offsets else pl.Int64
        now = self._periods.of_each_day(first, as_of).cast(number) - self._low
        later = (now > over - self._low).cast(number)
        return self._periods.add_up(self._starts(number), now + later * self._count, first)

    def _of_all(self) -> pl.DataFrame:
        """DONE of cohorts of all customers, cell by cell: what is known of all days, but for the last period."""
        activity_index, as_of, last = self._snapshot.activity_index, self._snapshot.terms.as_of, self._last
        cut = as_of < min(activity_index.last_day, self._periods.last_day(last))
        starts = self._begun.select("period", "start")
        together = self._periods.together.filter(pl.col("period") + pl.col("offset") <= last - cut)
        together = together.join(starts, on="period").select(
            (pl.col("start") + pl.col("offset")).alias("cell"), *DONE
        )
        done = self._placed(together, 0)
        if not cut:
            return done
        since = max(self._periods.first_day(last), activity_index.first_day)
        steps = pl.repeat(last - self._low, as_of - since + 1, dtype=pl.Int64, eager=True)
        return done + self._placed(self._periods.add_up(self._starts(pl.Int64), steps, since), 0)

    def _starts(self, number: type[pl.Int32] | type[pl.Int64]) -> pl.Series:
        """By customer code: what a period, counted from the lowest, is to be added to; null if not asked for."""
        row, period = self._people["row"].cast(number), self._people["period"] - self._low
        return self._snapshot.by_code(row * self._offsets - period.cast(number))

    def _placed(self, added: pl.DataFrame, start: int) -> pl.DataFrame:
        """DONE of the cells whose numbers are counted from `start`."""
        added = self._valued(added)
        inside = added.filter(pl.col("cell").is_between(start, start + self._count, closed="left"))
        return pl.DataFrame([self._spread(inside["cell"] - start, inside[name]) for name in DONE])

    def _valued(self, added: pl.DataFrame) -> pl.DataFrame:
        """`added` with the value on which the margin stands."""
        if self._snapshot.activity_index.margin_mapped and self._snapshot.terms.margin is None:
            return added
        return added.with_columns(pl.col("revenue").alias("value"))

    def _table(self, observed: pl.DataFrame, base: pl.Series, seen: pl.DataFrame, value: pl.Series) -> pl.DataFrame:
        counted = (observed[done].alias(name) for done, name in zip(DONE, COUNTED, strict=False))
        figures = seen.select("active", bought="orders", earned="revenue")
        return pl.DataFrame([self._row, self._offset, *counted, base, *figures, value])

    @cached_property
    def _row(self) -> pl.Series:
        """UInt32, cell by cell."""
        return pl.int_range(self._count, dtype=pl.UInt32, eager=True).alias("row") // self._offsets

    @cached_property
    def _offset(self) -> pl.Series:
        """Int32, cell by cell."""
        return pl.int_range(self._count, dtype=pl.Int32, eager=True).alias("offset") % self._offsets

    def _running(self, values: pl.Series) -> pl.Series:
        """`values`, cell by cell, summed up to and with each offset of its cohort."""
        if not self._count:
            return values
        if values.dtype.is_float():  # each cohort of its own: what is large elsewhere takes no digits away
            return pl.DataFrame([self._row, values]).select(pl.col(values.name).cum_sum().over("row")).to_series()
        totals = values.cum_sum()
        before = totals.gather_every(self._offsets) - values.gather_every(self._offsets)
        return totals - before.gather(self._row)

    def _spread(self, numbers: pl.Series, values: pl.Series) -> pl.Series:
        """`values` in the cells `numbers`, 0 in all others."""
        return pl.zeros(self._count, dtype=values.dtype, eager=True).scatter(numbers, values).alias(values.name)
