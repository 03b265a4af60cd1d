"""What is known of a shop's customers on a day, and what they did after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from ltvtui.analytics.forecast.order_days import PlacedOrderDays, order_days
from ltvtui.analytics.kernel.cached_activity import CachedActivity
from ltvtui.analytics.schema import MONEY_SCALE

Floats = npt.NDArray[np.float64]
Money = Literal["value", "revenue"]
"""What is forecast: the mapped margin, or revenue where there is none or a set margin overrides it."""


def money_under(margin: float | None, margin_mapped: bool) -> Money:
    """What is forecast under an agreed `margin`, or without one."""
    return "revenue" if margin is not None and margin_mapped else "value"


@dataclass(frozen=True, eq=False)
class Observed:
    """The customers with an order up to a day."""

    day: int
    customers: pl.DataFrame
    """customer (UInt32), days (UInt32, order days), first, last (Int32), money (Int64): up to the day."""

    @cached_property
    def history(self) -> PlacedOrderDays:
        """Their order days as the repeat model takes them."""
        return order_days(self.customers, self.day)

    @cached_property
    def days(self) -> npt.NDArray[np.int64]:
        """Order days of each."""
        return self.customers["days"].cast(pl.Int64).to_numpy()

    @cached_property
    def money(self) -> Floats:
        """What each brought, currency units."""
        return self.customers["money"].to_numpy() / MONEY_SCALE

    @property
    def history_days(self) -> int:
        """From the first order day to the day that is looked from."""
        first = self.customers["first"].min()
        return self.day - first if isinstance(first, int) else 0


@dataclass(frozen=True, eq=False)
class Past:
    """A shop's activity, to be looked at from any day."""

    activity: CachedActivity
    money: Money = "value"

    def observed(self, day: int) -> Observed:
        """What is known on a day."""
        return Observed(day, self.activity.customers(day).select("customer", *self._columns))

    def between(self, observed: Observed, after: int, until: int) -> tuple[Floats, Floats]:
        """Order days, and money in currency units, of each of the `observed` customers from the day behind `after` to
        `until`."""
        days, money = self._up_to(observed, until)
        days_before, money_before = self._up_to(observed, after)
        return (days - days_before).astype(np.float64), (money - money_before) / MONEY_SCALE

    def totals_after(self, day: int, ends: Sequence[int]) -> dict[int, tuple[float, float]]:
        """What those who were known on a `day` did after it up to each of the days `ends`: order days, and money in
        currency units."""
        index = self.activity.index
        rows = index.activity.select("customer", "day", "orders", self.money).filter(
            pl.col("day").is_between(day + 1, max(ends, default=day))
        )
        rows = rows.filter((index.firsts.gather(rows["customer"]) <= day).fill_null(False))
        bought, money = rows["orders"] > 0, rows[self.money]
        found = {}
        for end in ends:
            happened = rows["day"] <= end
            found[end] = float((bought & happened).sum()), float(money.filter(happened).sum()) / MONEY_SCALE
        return found

    def _up_to(self, observed: Observed, day: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Order days and money (in ten-thousandths) up to a day."""
        if day == observed.day:
            return observed.days, observed.customers["money"].to_numpy()
        then = self.observed(day).customers
        codes = observed.customers["customer"].to_numpy()
        rows = then["customer"].to_numpy()
        whole = np.zeros((2, 1 + max(int(codes.max(initial=0)), int(rows.max(initial=0)))), dtype=np.int64)
        whole[0, rows], whole[1, rows] = then["days"].to_numpy(), then["money"].to_numpy()
        return whole[0, codes], whole[1, codes]

    @property
    def _columns(self) -> tuple[pl.Expr | str, ...]:
        return "days", "first", "last", pl.col(self.money).alias("money")
