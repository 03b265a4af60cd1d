"""How good the forecasts of a shop's past were, from one day of it after the other (metrics.md §10)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from ltvtui.analytics.dimensions import expression
from ltvtui.analytics.forecast.accuracy import ACCURACY, accuracy, accuracy_by, alike, apart, band, calibration
from ltvtui.analytics.forecast.gate import gate
from ltvtui.analytics.forecast.horizon import Horizon
from ltvtui.analytics.forecast.observed import Past
from ltvtui.analytics.forecast.repeat_likelihood import Kind
from ltvtui.analytics.forecast.trial import Fitted, Trial, fitted_then, origins, trial
from ltvtui.analytics.schema import MONEY_SCALE
from ltvtui.analytics.tiers.tiers import TIER, TierRule, assign, thresholds
from ltvtui.errors import LtvError

COHORT: Final = "first quarter"
MEASURED: Final = ("order_days", "value")
BANDS: Final = ("order_days_low", "order_days_high", "value_low", "value_high")
CALIBRATION: Final[dict[str, pl.DataType]] = {
    "months": pl.Int32(),
    "origin": pl.Int32(),
    "decile": pl.UInt8(),
    "customers": pl.UInt32(),
    **dict.fromkeys(("order_days", "actual_order_days", "value", "actual_value"), pl.Float64()),
}
"""Columns of Backtest.deciles."""


@dataclass(frozen=True, order=True)
class Attempt:
    """A horizon, and the day of the past from which it is tried."""

    months: int
    origin: int
    """Day since 1970-01-01."""


@dataclass(frozen=True, eq=False)
class Backtest:
    """What came of forecasts of the past: of one attempt, or of several."""

    accuracy: pl.DataFrame
    """accuracy.ACCURACY: a row for each attempt and method."""
    deciles: pl.DataFrame
    """CALIBRATION: of the model, a row for each attempt and tenth of the customers."""
    tiers: pl.DataFrame
    """tier (Enum, as of the origin), then ACCURACY."""
    cohorts: pl.DataFrame
    """first quarter, then ACCURACY."""

    def of(self, months: int) -> Backtest:
        """The attempts of one horizon."""
        tables = (self.accuracy, self.deciles, self.tiers, self.cohorts)
        return Backtest(*(table.filter(pl.col("months") == months) for table in tables))


NONE: Final = Backtest(
    pl.DataFrame(schema=ACCURACY),
    pl.DataFrame(schema=CALIBRATION),
    pl.DataFrame(schema={"tier": TIER, **ACCURACY}),
    pl.DataFrame(schema={COHORT: pl.String(), **ACCURACY}),
)
"""Without any attempt."""


def attempts(past: Past, as_of: int, months: Sequence[int]) -> tuple[Attempt, ...]:
    """What can be tried on a shop's past: horizon by horizon, latest origin first."""
    first_day = as_of - past.observed(as_of).history_days
    return tuple(
        Attempt(each, origin) for each in months for origin in origins(as_of, first_day, Horizon.of_months(each))
    )


def fitted_in(past: Past, attempt: Attempt, kind: Kind) -> Fitted | None:
    """What fits for an attempt; None where the gate was shut then, or no model fits."""
    observed = past.observed(attempt.origin)
    if not gate(observed).ok:
        return None
    try:
        return fitted_then(past, observed, attempt.months, kind)
    except LtvError:
        return None


def attempted(
    past: Past, attempt: Attempt, kind: Kind, margin: float, rule: TierRule, fitted: Fitted | None
) -> Backtest:
    """One attempt with what fits (fitted_in); without rows where nothing does.

    `rule` cuts the tiers, as they were at the origin; there are none where they are by a value that could not be
    expected then.
    """
    if fitted is None:
        return NONE
    observed = past.observed(attempt.origin)
    found = trial(past, observed, attempt.months, kind, margin, fitted)
    customers = observed.customers
    value = customers["money"]
    cohort = customers.select("customer", expression(COHORT, attempt.origin).cast(pl.String).alias(COHORT))
    tiers = NONE.tiers
    if rule.value == "expected" and not found.model.no_value:
        value += (found.customers["value model"] / margin * MONEY_SCALE).round().cast(pl.Int64)
    if rule.value != "expected" or not found.model.no_value:
        cuts = thresholds(value.sort(descending=True), rule, margin)
        tiers = _of_groups(found, customers.select("customer", assign(pl.lit(value), cuts)))
    return Backtest(accuracy([found]), _deciles(found), tiers, _of_groups(found, cohort))


def _of_groups(found: Trial, groups: pl.DataFrame) -> pl.DataFrame:
    return accuracy_by(found, groups).sort(groups.columns[1], maintain_order=True)


def together(parts: Iterable[Backtest]) -> Backtest:
    """Several attempts as one test, in the order given."""
    all_parts = (NONE, *parts)
    return Backtest(
        *(
            pl.concat(tables)
            for tables in zip(*((p.accuracy, p.deciles, p.tiers, p.cohorts) for p in all_parts), strict=True)
        )
    )


def in_short(test: Backtest) -> pl.DataFrame:
    """A row for each horizon and method: months, method, attempts (UInt32), then the means over accuracy.alike of the
    sizes of the biases (error_order_days, error_value: shares, whatever their sign) and of MAE and Gini, as in
    ACCURACY."""
    return _means(alike(test.accuracy))


def apart_in_short(test: Backtest) -> pl.DataFrame:
    """The same of the model's forecasts that are not like today's (accuracy.apart): they did not know the season."""
    return _means(apart(test.accuracy).filter(pl.col("method") == "model"))


def _means(trials: pl.DataFrame) -> pl.DataFrame:
    measures = [pl.col(f"{name}_{what}").mean() for name in ("mae", "gini") for what in MEASURED]
    errors = [pl.col(f"bias_{what}").abs().mean().alias(f"error_{what}") for what in MEASURED]
    return trials.group_by("months", "method", maintain_order=True).agg(
        pl.len().cast(pl.UInt32).alias("attempts"), *errors, *measures
    )


def with_bands(totals: pl.DataFrame, test: Backtest) -> pl.DataFrame:
    """`totals` (Forecast.totals) with BANDS: between which totals they may come out, as far off as forecasts of the
    same horizon have been, null where the past tells too little; then band_why (String): why there are none."""
    models = test.accuracy.filter(pl.col("method") == "model")
    rows = []
    for months, days, value in totals.select("months", "order_days", "value").iter_rows():
        trials = models.filter(pl.col("months") == months)
        ends = [band(total, trials, what) for what, total in (("order_days", days), ("value", value))]
        why = None if any(ends) else _why_no_band(trials.height)
        rows.append([*(bound for pair in ends for bound in (pair or (None, None))), why])
    schema = {**dict.fromkeys(BANDS, pl.Float64), "band_why": pl.String}
    bands = pl.DataFrame(rows, schema=schema, orient="row")
    return pl.concat([totals, bands], how="horizontal")


def _why_no_band(tests: int) -> str:
    if tests > 1:
        return "Nothing was expected on the days of the past that were tested."
    if tests == 1:
        return "A band of past errors needs two tests on the past, and there is one."
    return "Not tested on the past: before each day so far back there was too little for a forecast."


def _deciles(found: Trial) -> pl.DataFrame:
    place = (("months", found.months), ("origin", found.origin))
    columns = (pl.lit(value, dtype=pl.Int32).alias(name) for name, value in place)
    return calibration(found).with_columns(columns).select(*CALIBRATION)
