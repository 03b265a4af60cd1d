"""LTV = average check × frequency × retention: what customers bring by age (metrics.md §4)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from ltvtui.analytics.aggregate import Aggregate
from ltvtui.analytics.kernel.groups import Array, Places, beside, grouped, places_among
from ltvtui.analytics.retention import Lives, enough_of, lives_of
from ltvtui.analytics.schema import MONEY_SCALE, age_month

AGES: Final = (1, 3, 6, 12)
"""Months after which segments are compared at an equal age."""
LONGEST_AGE: Final = AGES[-1]
"""Age months that are always summed up, however short the horizon is."""


def with_months_seen(customers: pl.DataFrame, as_of: int, since: int | None = None) -> pl.DataFrame:
    """Add `seen` (Int32) to customers with first: complete age months by the end of the day `as_of`.

    Null for those who do not count towards LTV: a first order before the day `since` (analytics.entry).
    """
    seen = age_month(as_of - pl.col("first") + 1).cast(pl.Int32)
    return customers.with_columns(
        (seen if since is None else pl.when(pl.col("first") >= since).then(seen)).alias("seen")
    )


def age_table(aggregate: Aggregate, by: Sequence[str] = (), horizon: int = 12) -> pl.DataFrame:
    """What customers of each segment did by age month, and how many of them are still customers.

    Gives by…, age_month 0…horizon-1 (Int32), seen (Int64: N, customers seen for that month as a whole), orders
    (Int64), revenue and value (Int64 money) of them in it, counted (Boolean: it is one of the leading months with
    enough customers, of which there are τ), then at_risk, lapsed, sample, survival and supported of
    retention.life_table. Sorted by segment and age month; a segment of which nobody was seen for a month has no rows.
    """
    keys = list(by)
    bought = grouped(aggregate.bought.filter(pl.col("seen") > 0), keys)
    # A customer counts for the months that they were seen as a whole.
    within = bought.column("seen")[:, None] > np.arange(horizon)
    rows = bought.sums(within.astype(np.int64)) > 0
    segment, month = np.nonzero(rows)

    def added(values: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        return bought.sums(np.where(within, values, 0))

    seen = added(bought.column("customers")[:, None])
    money = {name: added(bought.columns([f"{name} {k}" for k in range(horizon)]))[rows] for name in aggregate.sums}
    sums: dict[str, Array] = {
        "age_month": month.astype(np.int32),
        "seen": seen[rows],
        **money,
        "value": money.get("value", money["revenue"]),
        "counted": (seen >= enough_of(seen[:, :1]))[rows],
    }
    names, lives = bought.names, lives_of(aggregate.ended, keys, horizon)
    places = places_among(names, lives.names) if keys else np.zeros(len(seen), dtype=np.intp)
    return beside(names, segment, {**sums, **_lives_at(lives, places[segment], month, horizon)})


def _lives_at(lives: Lives, segment: Places, month: Places, horizon: int) -> dict[str, Array]:
    """Columns of retention.life_table for rows of a segment's place among `lives` and a month; of place -1 the
    retention of nobody is known yet, and nobody is known to have left."""
    unknown = {"lapsed": 0, "at_risk": 0, "survival": 1.0, "supported": np.arange(horizon) == 0}
    columns: dict[str, Array] = {"sample": np.append(lives.sample, 0)[segment]}
    for name, row in unknown.items():
        grid = getattr(lives, name)
        columns[name] = np.vstack([grid, np.full(horizon, row, dtype=grid.dtype)])[segment, month]
    return columns


def curve(ages: pl.DataFrame, by: Sequence[str] = (), margin: float = 1.0, discount: float = 0.0) -> pl.DataFrame:
    """Partial sums of metrics.md §4 over the counted months: by…, age_month, and sums up to and with it.

    Gives retention (months, Σ S), supported (Int32: how many of these are), orders (per customer), revenue, ltv
    (currency units per customer: Nelson's mean cumulative function, 1988; ltv on margin and discounted at `discount`
    a year, mid-month). Rows end behind month τ.
    """
    counted = ages[np.flatnonzero(ages["counted"].to_numpy())]
    columns = {name: counted[name].to_numpy() for name in counted.columns if name not in by}
    month, seen = columns["age_month"], columns["seen"]
    segment = (month == 0).cumsum() - 1
    # As Polars divides by a single number, and raises to a power: month by month, not as numpy does several at once.
    scale, year = 1 / MONEY_SCALE, 1 / 12
    worth = [margin / (1 + discount) ** ((k + 0.5) * year) * scale for k in range(int(month.max(initial=-1)) + 1)]
    terms = {
        "retention": columns["survival"],
        "supported": columns["supported"].astype(np.int32),
        "orders": columns["orders"] / seen,
        "revenue": columns["revenue"] / seen * scale,
        "ltv": columns["value"] / seen * np.array(worth)[month],
    }
    sums = {name: _running(term, segment, month) for name, term in terms.items()}
    return counted[[*by, "age_month"]].hstack(pl.DataFrame(sums))


def _running(values: Array, segment: Places, month: Array) -> Array:
    """`values` of rows, of which each segment has its months from 0 on, summed up within the segment."""
    if len(values) == 0:
        return values
    grid = np.zeros((segment[-1] + 1, month.max() + 1), dtype=values.dtype)
    grid[segment, month] = values
    return grid.cumsum(axis=1, dtype=values.dtype)[segment, month]


def factors(curve: pl.DataFrame, by: Sequence[str] = ()) -> pl.DataFrame:
    """The three factors and their product at the end of `curve`, for each segment of `by`.

    Gives by…, check (currency units), frequency (orders per customer and retained month), retention_months,
    retention_supported_months (Int32), within_months (τ), ltv (currency units, on margin), ltv_margin (Float64:
    ltv ÷ check × frequency × retention). No row where nobody was seen for a month.
    """
    return last_months(curve).select(
        *by,
        _ratio(pl.col("revenue"), pl.col("orders")).alias("check"),
        (pl.col("orders") / pl.col("retention")).alias("frequency"),
        pl.col("retention").alias("retention_months"),
        pl.col("supported").alias("retention_supported_months"),
        (pl.col("age_month") + 1).alias("within_months"),
        "ltv",
        _ratio(pl.col("ltv"), pl.col("revenue")).alias("ltv_margin"),
    )


def at_ages(curve: pl.DataFrame, by: Sequence[str] = ()) -> pl.DataFrame:
    """LTV of each segment at the same ages: by…, ltv_1, ltv_3, ltv_6, ltv_12 (currency units); null beyond τ."""
    last = _ends(curve)
    months, ltv = curve["age_month"].to_numpy()[last], np.append(curve["ltv"].to_numpy(), np.nan)
    if not by and curve.is_empty():
        last, months = np.zeros(1, dtype=np.intp), np.full(1, -1)
    columns = {f"ltv_{age}": ltv[np.where(months >= age - 1, last - months + age - 1, -1)] for age in AGES}
    values = pl.DataFrame(columns, nan_to_null=True)
    return curve[list(by)][last].hstack(values) if by else values


def last_months(curve: pl.DataFrame) -> pl.DataFrame:
    """The rows of `curve` with which its segments end."""
    return curve[_ends(curve)]


def _ends(curve: pl.DataFrame) -> Places:
    """Where they stand: behind each the age month 0 of the next segment begins."""
    begins = np.flatnonzero(curve["age_month"].to_numpy() == 0)
    return np.append(begins[1:], curve.height) - 1 if curve.height else begins


def _ratio(top: pl.Expr, bottom: pl.Expr) -> pl.Expr:
    return pl.when(bottom != 0).then(top / bottom)
