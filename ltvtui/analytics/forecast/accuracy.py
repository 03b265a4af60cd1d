"""How good forecasts of the past were."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np
import polars as pl

from ltvtui.analytics.forecast.trial import METHODS, Method, Trial

CHANCE: Final = 0.1
"""Normalised Gini below which a ranking is hardly better than chance."""
MEASURES: Final = ("bias", "mae", "gini")
ACCURACY: Final[dict[str, pl.DataType]] = {
    "months": pl.Int32(),
    "origin": pl.Int32(),
    "method": pl.Enum(METHODS),
    "season_known": pl.Boolean(),
    "customers": pl.UInt32(),
    **{
        name: pl.Float64()
        for what in ("order_days", "value")
        for name in (what, f"actual_{what}", *(f"{measure}_{what}" for measure in MEASURES))
    },
}
"""Columns of accuracy."""
DECILES: Final = 10


def accuracy(found: Iterable[Trial]) -> pl.DataFrame:
    """One row per trial and method: ACCURACY.

    season_known: whether the model had a season factor at that origin.

    Of order days, and of value in currency units: the forecast of all, what happened, the bias (forecast ÷ what
    happened − 1, a share; null where nothing happened), the mean absolute error per customer, and the normalised Gini
    of the ranking (gini). What is of the value of a model that knows none is null.
    """
    rows = [_row(each, each.customers, method) for each in found for method in METHODS]
    return pl.DataFrame(rows, schema=ACCURACY, orient="row")


def accuracy_by(each: Trial, groups: pl.DataFrame) -> pl.DataFrame:
    """The same of one trial for each group of its customers: the columns of `groups` (customer, and the dimensions),
    then ACCURACY. Who is not among `groups` does not count."""
    by = [name for name in groups.columns if name != "customer"]
    placed = each.customers.join(groups, on="customer", how="inner", maintain_order="left")
    parts = placed.partition_by(by, maintain_order=True)
    rows = [(*part.select(by).row(0), *_row(each, part, method)) for part in parts for method in METHODS]
    return pl.DataFrame(rows, schema={**{name: placed.schema[name] for name in by}, **ACCURACY}, orient="row")


def _row(each: Trial, customers: pl.DataFrame, method: Method) -> tuple[object, ...]:
    measured: list[float | None] = []
    for what in ("days", "value"):
        predicted, actual = customers[f"{what} {method}"], customers[f"actual_{what}"]
        happened = float(actual.sort().sum())
        if predicted.null_count():
            measured += [None, happened, None, None, None]
            continue
        forecast = float(predicted.sort().sum())
        bias = forecast / happened - 1 if happened > 0 else None
        error = float((predicted - actual).abs().sort().mean())  # type: ignore[arg-type]
        measured += [forecast, happened, bias, error, gini(predicted, actual)]
    return (each.months, each.origin, method, not each.season.unknown, customers.height, *measured)


def gini(predicted: pl.Series, actual: pl.Series) -> float | None:
    """How well `predicted` ranks customers by what was `actual`: 1 as well as can be, 0 as by chance, below 0 worse.

    The area between the gains curve (share of the actual by share of customers, highest forecast first; equals share
    their mean) and the diagonal ÷ that of the true order. None where nothing happened or to all the same.
    """
    order = actual.rank() - (actual.len() + 1) / 2
    best = float((actual * order).sort().sum())
    if actual.len() == 0 or not float(actual.sum()) > 0 or not best > 0:
        return None
    return float((actual * (predicted.rank() - (actual.len() + 1) / 2)).sort().sum()) / best


def calibration(each: Trial, method: Method = "model") -> pl.DataFrame:
    """What was forecast and what happened by tenth of the customers, highest forecast value first.

    decile (UInt8, from 1), customers (UInt32), order_days, actual_order_days, value, actual_value (Float64, sums of
    the tenth; currency units). The first tenths are one larger where ten do not divide the customers; of customers
    with the same forecast each counts with their mean, so that a border among them parts nothing. Where no value was
    forecast, order days rank them, and value is null.
    """
    is_unknown = each.customers[f"value {method}"].null_count() > 0
    rank = f"days {method}" if is_unknown else f"value {method}"
    value = pl.col(f"value {method}")
    alike = [pl.col(name).mean().over(rank).alias(name) for name in ("actual_days", "actual_value")]
    ranked = each.customers.with_columns(alike).sort(rank, "customer", descending=[True, False])
    sizes = [len(part) for part in np.array_split(np.arange(ranked.height), DECILES)]
    tenth = pl.Series("decile", np.repeat(np.arange(1, DECILES + 1), sizes), dtype=pl.UInt8)
    return (
        ranked.with_columns(tenth)
        .group_by("decile", maintain_order=True)
        .agg(
            pl.len().cast(pl.UInt32).alias("customers"),
            pl.col(f"days {method}").sum().alias("order_days"),
            pl.col("actual_days").sum().alias("actual_order_days"),
            (pl.lit(None, dtype=pl.Float64) if is_unknown else value.sum()).alias("value"),
            pl.col("actual_value").sum(),
        )
    )


def alike(trials: pl.DataFrame) -> pl.DataFrame:
    """Those rows of `accuracy` that are forecasts like today's: of a horizon for which some knew the season, as
    today's then does, those that did; of another one all."""
    return trials.filter(_is_alike())


def apart(trials: pl.DataFrame) -> pl.DataFrame:
    """The other rows of `accuracy`: forecasts without a season, where today's has one."""
    return trials.filter(~_is_alike())


def _is_alike() -> pl.Expr:
    return pl.col("season_known") | ~pl.col("season_known").any().over("months")


def band(total: float | None, trials: pl.DataFrame, what: str) -> tuple[float, float] | None:
    """Between which totals a forecast of `total` may come out: as far off as forecasts of the past have been.

    `trials` are the rows of `accuracy` of the model and one horizon, `what` is order_days or value. Those with a
    season factor count alone where there are two of them. None where there are fewer than two at all.
    """
    seasonal = trials.filter("season_known")
    trials = seasonal if seasonal.height >= 2 else trials
    misses = trials.filter(pl.col(what) > 0).select(pl.col(f"actual_{what}") / pl.col(what)).to_series()
    if misses.len() < 2 or total is None:
        return None
    low, high = float(misses.min()), float(misses.max())  # type: ignore[arg-type]
    return total * min(low, 1.0), total * max(high, 1.0)


def why_not_ranked(trials: pl.DataFrame) -> str:
    """Why customers cannot be told apart, in words; empty where they can. `trials` are rows of `accuracy`."""
    mean = trials.filter(pl.col("method") == "model")["gini_value"].mean()
    if not isinstance(mean, float) or mean >= CHANCE:
        return ""
    return (
        f"Customers cannot be told apart: in the past the ranking was no better than chance (Gini {mean:.2f}). "
        "Use totals only."
    )
