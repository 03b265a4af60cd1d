"""How far off forecasts of groups of customers were in the past, and the bands that follow for those of today."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import polars as pl

from ltvtui.analytics.dimensions import FORECAST_BANDS
from ltvtui.analytics.forecast.accuracy import band
from ltvtui.analytics.forecast.backtest import Attempt
from ltvtui.analytics.forecast.observed import Past
from ltvtui.analytics.forecast.repeat_likelihood import Kind
from ltvtui.analytics.forecast.trial import Fitted, trial
from ltvtui.analytics.retention import FEW

FIGURES: Final[dict[str, pl.DataType]] = {
    "months": pl.Int32(),
    "origin": pl.Int32(),
    "season_known": pl.Boolean(),
    "customers": pl.UInt32(),
    **dict.fromkeys(("order_days", "actual_order_days", "value", "actual_value"), pl.Float64()),
}
"""Columns of attempted_by behind the dimensions."""
UNTESTED: Final = "bands of a forecast are not tested on the past"
TOO_FEW: Final = f"fewer than {FEW} customers"
Group = tuple[str | None, ...]


def attempted_by(
    past: Past, attempt: Attempt, kind: Kind, margin: float, groups: pl.DataFrame, fitted: Fitted | None
) -> pl.DataFrame:
    """What came of a forecast of the past, made with what was `fitted` then, by the dimensions of `groups` (customer,
    then these): as text, then FIGURES. Without rows where nothing was fitted."""
    by = [name for name in groups.columns if name != "customer"]
    if fitted is None:
        return pl.DataFrame(schema={**dict.fromkeys(by, pl.String()), **FIGURES})
    found = trial(past, past.observed(attempt.origin), attempt.months, kind, margin, fitted)
    names = {"days model": "order_days", "actual_days": "actual_order_days", "value model": "value"}
    placed = found.customers.rename(names).join(groups, on="customer", how="inner")
    value = pl.when(pl.col("value").null_count() == 0).then(pl.col("value").sum()).alias("value")
    sums = placed.group_by(by).agg(
        pl.len().cast(pl.UInt32).alias("customers"),
        *(pl.col(name).sum() for name in ("order_days", "actual_order_days", "actual_value")),
        value,
    )
    return sums.select(
        *(pl.col(name).cast(pl.String) for name in by),
        pl.lit(attempt.months, dtype=pl.Int32).alias("months"),
        pl.lit(attempt.origin, dtype=pl.Int32).alias("origin"),
        pl.lit(not found.season.unknown).alias("season_known"),
        *list(FIGURES)[3:],
    )


def with_bands_by(
    rows: pl.DataFrame, by: Sequence[str], tests: Iterable[pl.DataFrame], months: Sequence[int]
) -> pl.DataFrame:
    """`rows` of summary.forecast_by with bands of past errors: for each of the months M expected_days_M_low and
    expected_days_M_high, the same of expected_value_M (Float64, null where there is none), then band_why (String):
    why there are none, null where all are there.

    `tests` are frames of attempted_by, of all customers. A group's band needs two tests of at least FEW of them, as
    accuracy.band has it, and as many customers today.
    """
    of_groups = _by_group(tests, by)
    bounds: list[list[float | None]] = []
    reasons: list[str | None] = []
    for row in rows.iter_rows(named=True):
        tested = of_groups.get(tuple(None if row[name] is None else str(row[name]) for name in by))
        missing: dict[str, list[str]] = {}
        own: list[float | None] = []
        for each in months:
            why, found = _bands(row, tested, each, by)
            own.extend(found)
            if why:
                missing.setdefault(why, []).append(str(each))
        bounds.append(own)
        reasons.append("; ".join(_reason(why, which, len(months)) for why, which in missing.items()) or None)
    schema = dict.fromkeys(band_columns(months), pl.Float64)
    bands = pl.DataFrame(bounds, schema=schema, orient="row")
    return pl.concat([rows, bands, pl.DataFrame({"band_why": pl.Series(reasons, dtype=pl.String)})], how="horizontal")


def band_columns(months: Sequence[int]) -> tuple[str, ...]:
    """Those of with_bands_by before band_why."""
    return tuple(
        f"expected_{what}_{each}_{end}" for each in months for what in ("days", "value") for end in ("low", "high")
    )


def _by_group(tests: Iterable[pl.DataFrame], by: Sequence[str]) -> Mapping[Group, pl.DataFrame]:
    frames = [frame for frame in tests if frame.height]
    if not frames:
        return {}
    every = pl.concat(frames).filter(pl.col("customers") >= FEW)
    return {tuple(key): frame for key, frame in every.partition_by(by, as_dict=True).items()}


def _bands(
    row: dict[str, object], tested: pl.DataFrame | None, months: int, by: Sequence[str]
) -> tuple[str, tuple[float | None, ...]]:
    """Why a group has no band over so many months, and its bounds: of order days, then of value."""
    nothing = (None,) * 4
    if not set(by).isdisjoint(FORECAST_BANDS):
        return UNTESTED, nothing
    if row["few"]:
        return TOO_FEW, nothing
    trials = None if tested is None else tested.filter(pl.col("months") == months)
    if trials is None or trials.height < 2:
        return f"{'no test' if trials is None or not trials.height else '1 test'} of {FEW} customers or more", nothing
    bounds: list[float | None] = []
    for column, what in (("days", "order_days"), ("value", "value")):
        total = row[f"expected_{column}_{months}"]
        bounds.extend(band(total if isinstance(total, float) else None, trials, what) or (None, None))
    return ("" if bounds[0] is not None else "nothing was expected in the past"), tuple(bounds)


def _reason(why: str, months: Sequence[str], of: int) -> str:
    """`why`, with the horizons it is true of unless that is all of them."""
    return why if len(months) == of else f"{why} over {' and '.join(months)} months"
