"""How far figures of age months can be trusted: a delete-a-group jackknife over customers (metrics.md §4).

Customers of a segment fall into groups by their rank in the order of ids. The LTV is told once more without each
group, τ of the whole held; how far these replicates lie apart tells its standard error.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from ltvtui.analytics.kernel.engine import engine_for
from ltvtui.analytics.kernel.groups import Groups, grouped, places_among
from ltvtui.analytics.kernel.student import T_975
from ltvtui.analytics.schema import MONEY_SCALE

GROUPS: Final = 100
"""Groups of a segment, at most; no more than it has customers."""
CONFIDENCE: Final = 0.95

Floats = npt.NDArray[np.float64]
Money = Literal["value", "revenue"]
"""What LTV is made of: the mapped margin, or revenue where there is none or an agreed margin goes before it."""


def group_sums(customers: pl.DataFrame, ages: pl.DataFrame, by: Sequence[str], horizon: int) -> pl.DataFrame:
    """What each group of customers brought by age month: all that the jackknife needs of them.

    `customers` (seen, and the columns of `by`) stand in the order of their ids; `ages` (ActivityIndex.ages) are
    theirs, row for row. Gives by…, group (UInt32), "seen 0" … (Int64: customers seen for that age month as a whole)
    and the money that they brought in it (Int64): "revenue 0" …, and "value 0" … where it is not revenue once more.
    Who does not count towards LTV is in no group.
    """
    months = range(horizon)
    money = [name for name in ("revenue", "value") if f"{name} 0" in ages.columns]
    counted = pl.concat(
        [customers.select(*by, "seen"), ages.select(f"{name} {month}" for name in money for month in months)],
        how="horizontal",
    )
    if customers["seen"].has_nulls():
        counted = counted.filter(pl.col("seen").is_not_null())
    rank = pl.int_range(pl.len(), dtype=pl.UInt32)
    group = counted.select(((rank.over(by) if by else rank) % GROUPS).alias("group"))
    seen = [pl.col("seen") > month for month in months]
    sums = (
        pl.concat([counted, group], how="horizontal")
        .lazy()
        .group_by(*by, "group")
        .agg(
            *(there.sum().cast(pl.Int64).alias(f"seen {month}") for month, there in enumerate(seen)),
            *(
                pl.when(there).then(f"{name} {month}").otherwise(0).sum().alias(f"{name} {month}")
                for name in money
                for month, there in enumerate(seen)
            ),
        )
    )
    return sums.collect(engine=engine_for(counted.height))


def curve_errors(
    groups: pl.DataFrame,
    curve: pl.DataFrame,
    by: Sequence[str] = (),
    margin: float = 1.0,
    discount: float = 0.0,
    money: Money = "value",
) -> pl.DataFrame:
    """`curve` (ltv.curve: by…, age_month, ltv) with se, lower and upper of its ltv (Float64, currency units).

    `groups` are the group_sums of the same customers over as many months or more; `money` is their sum that
    the ltv is made of. SE² = (g - 1) ÷ g · Σ (θ₋ⱼ - mean)² over g groups; the 95 % interval is θ · exp(± t · SE ÷ θ),
    or θ ± t · SE where θ ≤ 0, with t of g - 1 degrees of freedom. All three are null where there is one group, or a
    month in which one group alone was seen.
    """
    keys = list(by)
    if curve.is_empty() or groups.is_empty():
        return curve.with_columns(pl.lit(None, dtype=pl.Float64).alias(name) for name in ("se", "lower", "upper"))
    horizon = int(curve["age_month"].max()) + 1  # type: ignore[arg-type]
    # By group too, so that floats add up in the same order on any number of cores.
    placed = grouped(groups.sort(*keys, "group", nulls_last=True), keys, is_sorted=True)
    name = money if f"{money} 0" in groups.columns else "revenue"
    errors, sizes = _errors(placed, name, horizon, _worth(horizon, margin, discount))
    of_curve = grouped(curve, keys, is_sorted=True)
    segment = (
        places_among(of_curve.names, placed.names)[of_curve.numbers] if keys else np.zeros(curve.height, np.intp)
    )
    found = np.where(segment < 0, np.nan, errors[segment, curve["age_month"].to_numpy()])
    joined = curve.with_columns(
        pl.Series("se", found, nan_to_null=True), student(sizes - 1).gather(pl.Series(np.maximum(segment, 0)))
    )
    return _with_bounds(joined, "ltv").drop("t")


def _with_bounds(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    """`rows` with the 95 % interval, lower and upper, of the column `name` from its se and its t."""
    value, half_width = pl.col(name), pl.col("t") * pl.col("se")
    factor = (half_width / value).exp()
    # Of a value near zero the factor is beyond all numbers.
    by_factor = (value > 0) & (value * factor).is_finite()
    return rows.with_columns(
        pl.when(by_factor).then(value / factor).otherwise(value - half_width).alias("lower"),
        pl.when(by_factor).then(value * factor).otherwise(value + half_width).alias("upper"),
    )


def _worth(horizon: int, margin: float, discount: float) -> Floats:
    """What a ten-thousandth of revenue in each age month is worth, in currency units."""
    middle = (np.arange(horizon) + 0.5) / 12
    return np.asarray(margin / (1 + discount) ** middle / MONEY_SCALE, dtype=np.float64)


def _errors(groups: Groups, money: str, horizon: int, worth: Floats) -> tuple[Floats, Floats]:
    """Standard errors of the partial sums, a row a segment and a column a month; and each segment's groups."""
    seen, value = (groups.columns([f"{name} {k}" for k in range(horizon)]) for name in ("seen", money))
    starts = groups.starts
    sizes = np.diff(starts, append=len(seen)).astype(np.float64)
    times = sizes.astype(np.intp)
    left, brought = (np.repeat(np.add.reduceat(part, starts), times, axis=0) - part for part in (seen, value))
    with np.errstate(divide="ignore", invalid="ignore"):
        replicates = np.cumsum(np.where(left > 0, brought / left, np.nan) * worth, axis=1)
        means = np.add.reduceat(replicates, starts) / sizes[:, None]
        spread = np.add.reduceat((replicates - np.repeat(means, times, axis=0)) ** 2, starts)
        errors = np.sqrt(spread * ((sizes - 1) / sizes)[:, None])
    errors[sizes < 2] = np.nan
    return errors, sizes


def student(degrees: Floats) -> pl.Series:
    """Quantiles of Student's t that CONFIDENCE lies between, for each of `degrees` of freedom."""
    asked = np.maximum(degrees, 1)
    places = asked.astype(np.intp) - 1
    if (asked == places + 1).all() and places.max(initial=0) < len(T_975):
        found = np.asarray(T_975)[places]
    else:
        from scipy.special import stdtrit  # takes a quarter of a second to load

        found = stdtrit(asked, (1 + CONFIDENCE) / 2)
    return pl.Series("t", found, dtype=pl.Float64)
