"""Some customers who stand together in the activity: what each of them did, from running totals."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import polars as pl

from ltvtui.analytics.kernel.run_lengths import ends_of, run_lengths, run_sums
from ltvtui.analytics.schema import age_month


@dataclass(frozen=True, eq=False)
class ActivitySlice:
    """All days of some customers."""

    activity: pl.DataFrame
    """schema.ACTIVITY, sorted by customer and day; the customers' codes follow each other."""
    sums: tuple[str, ...]
    """Its columns that add up."""

    @cached_property
    def begun(self) -> pl.DataFrame:
        """rows (UInt32), first (order day, Int32; null where there is none); one row per customer."""
        rows = run_lengths(self._ends)
        if self._all_ordered:
            return pl.DataFrame({"rows": rows, "first": self.activity["day"].gather(rows.cum_sum() - rows)})
        customer, day = self._order_days
        begins = (customer != customer.shift(1)).fill_null(True)
        return pl.DataFrame({"rows": rows, "first": _spread(day.filter(begins), customer.filter(begins), rows.len())})

    def customers(self) -> pl.DataFrame:
        """CustomerTotals.customers of all these days; `value` only where it is among the sums."""
        rows, first = self.begun
        sums = [run_sums(self.activity[name], self._ends) for name in self.sums]
        codes = pl.int_range(self._code, self._code + rows.len(), dtype=pl.UInt32, eager=True).alias("customer")
        if self._all_ordered:
            last = self.activity["day"].gather(rows.cum_sum() - 1)
            return pl.DataFrame([codes, *sums, rows.alias("days"), first, last.alias("last")])
        customer, day = self._order_days
        ends = ends_of(customer)
        people = customer.filter(ends)
        days = _spread(run_lengths(ends), people, rows.len()).alias("days")
        found = pl.DataFrame([codes, *sums, days, first, _spread(day.filter(ends), people, rows.len()).alias("last")])
        return found.filter(found["orders"] > 0)

    def gaps(self, first_day: int, days: int) -> pl.Series:
        """Of each order day but a customer's first: days since the one before × `days` + days since `first_day`.

        `days` is more than there can be of either. Int32 where there is room, else Int64.
        """
        customer, day = self._order_days
        number = pl.Int32 if days * days < 2**31 else pl.Int64
        packed = day.diff().cast(number) * days + (day - first_day)
        return packed.filter((customer == customer.shift(1)).fill_null(False))

    def squares(self) -> pl.Series:
        """Running total of the squared gaps between order days (days², Int64), along the activity."""
        customer, day = self._order_days
        first = (customer != customer.shift(1)).fill_null(True)
        gap = day.diff().cast(pl.Int64).set(first, 0)
        squares = gap * gap
        if not self._all_ordered:
            nothing = pl.zeros(self.activity.height, dtype=pl.Int64, eager=True)
            squares = nothing.scatter((self.activity["orders"] > 0).arg_true(), squares)
        return squares.cum_sum()

    def ages(self, horizon: int) -> pl.DataFrame:
        """ActivityIndex.ages of these customers."""
        customer = self._customer
        lived = self.activity["day"] - self.begun["first"].gather(customer)
        age = age_month(lived if self._all_ordered else lived.clip(lower_bound=0))
        ends = ends_of(customer, age)
        inside = (age < horizon).fill_null(False).filter(ends)
        people = self.begun.height
        place = (age.filter(ends).cast(pl.UInt32) * people + customer.filter(ends)).filter(inside)
        columns: list[pl.Series] = []
        for name in self.sums:
            sums = run_sums(self.activity[name], ends).filter(inside)
            flat = pl.zeros(horizon * people, dtype=sums.dtype, eager=True).scatter(place, sums)
            columns += [flat.slice(month * people, people).alias(f"{name} {month}") for month in range(horizon)]
        return pl.DataFrame(columns)

    @cached_property
    def _code(self) -> int:
        """Of the first customer."""
        return int(self.activity["customer"][0]) if self.activity.height else 0

    @property
    def _customer(self) -> pl.Series:
        """UInt32, along the activity, counted from 0."""
        return self.activity["customer"] - self._code

    @cached_property
    def _ends(self) -> pl.Series:
        """Boolean, along the activity: the last row of its customer."""
        return ends_of(self.activity["customer"])

    @cached_property
    def _all_ordered(self) -> bool:
        """Whether there is an order on each of these days, and not only a refund."""
        return bool((self.activity["orders"] > 0).all())

    @property
    def _order_days(self) -> tuple[pl.Series, pl.Series]:
        """Customer, counted from 0, and day of the rows with an order."""
        if self._all_ordered:
            return self._customer, self.activity["day"]
        bought = self.activity["orders"] > 0
        return self._customer.filter(bought), self.activity["day"].filter(bought)


def _spread(values: pl.Series, codes: pl.Series, height: int) -> pl.Series:
    """`values` at the places `codes` of `height`; null elsewhere."""
    return pl.repeat(None, height, dtype=values.dtype, eager=True).scatter(codes, values)
