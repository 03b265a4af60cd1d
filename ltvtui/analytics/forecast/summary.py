"""What the customers of a snapshot will bring together: totals, groups, and how likely they are still there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from ltvtui.analytics.forecast.forecast import MONTHS, TOTALS, Forecast
from ltvtui.analytics.forecast.gate import Gate
from ltvtui.analytics.forecast.of_snapshot import forecast_of, gate_of, question_of
from ltvtui.analytics.forecast.remembered import has_forecast
from ltvtui.analytics.forecast.repeat_likelihood import Kind
from ltvtui.analytics.forecast.repeat_model import RepeatModel
from ltvtui.analytics.forecast.sample import SAMPLE
from ltvtui.analytics.forecast.spend_model import SpendModel
from ltvtui.analytics.retention import FEW
from ltvtui.analytics.schema import MONEY_SCALE, units
from ltvtui.analytics.segments import ranked
from ltvtui.analytics.snapshot import Snapshot
from ltvtui.errors import LtvError

LARGE: Final = 4 * SAMPLE
"""Customers from which on a sample answers first."""
TENTHS: Final = 10


@dataclass(frozen=True, eq=False)
class ForecastSummary:
    """What some customers will bring."""

    gate: Gate
    """Where it is shut, or no model fits, there are no figures: no models, and `totals` without rows."""
    months: tuple[int, ...]
    """Horizons; expected LTV and value at risk are of the last."""
    customers: int
    p_alive: float
    """Sum of P(alive): how many of them are still there."""
    value: float
    """To date, currency units × margin; so are the two below."""
    expected_ltv: float | None
    """To date + expected; None where that is unknown, as is the next."""
    value_at_risk: float | None
    totals: pl.DataFrame
    """forecast.TOTALS of each horizon."""
    repeat: RepeatModel | None
    """Of the whole shop."""
    spend: SpendModel | None
    statements: tuple[str, ...]
    """What there is to know before the figures are used, in words."""
    preliminary: bool
    """True where a sample of the customers told it."""
    no_value: str = ""
    """Why no value can be expected, in words; empty where it can."""
    lapsed: int = 0
    """Customers who are silent for the churn gap or longer: days tell it, and no model."""
    lapsed_once: int = 0
    """Those of them with one order: the stage one-time; the others are lost."""
    churn_gap: int = 0
    """Days."""
    history_days: int = 0
    """Of the whole shop: from its first order day to the as-of day."""

    @property
    def expected_value(self) -> float | None:
        """Over the last of the months; None where it is unknown."""
        return None if self.expected_ltv is None else self.expected_ltv - self.value


def forecast_summary(
    snapshot: Snapshot, kind: Kind = "mbg", months: tuple[int, ...] = MONTHS, sampled: bool = False
) -> ForecastSummary:
    """The forecast of the snapshot's customers: the sum of their own, by the models of the whole shop.

    `sampled`: as a sample of the customers tells it.
    """
    found = gate_of(snapshot)
    if not found.ok:
        return _nothing(found, snapshot, months)
    try:
        forecast = forecast_of(snapshot, question_of(snapshot, kind, months, sampled))
    except LtvError as error:
        return _nothing(Gate(error.what), snapshot, months)
    everybody, rows = snapshot.customers.height, forecast.of(snapshot.customers)
    times = everybody / rows.height if sampled and rows.height else 1.0
    names = ("p_alive", "expected_ltv", "value_at_risk", f"expected_value_{months[-1]}")
    alive, worth, risk, expected = (float(rows[name].sum()) * times for name in names)
    no_value = forecast.model.no_value
    so_far = _so_far(snapshot) if no_value else worth - expected
    lapsed = snapshot.terms.as_of - snapshot.customers["last"] >= snapshot.churn_gap.days
    raw = ("order_days", "value", "order_days_raw", "value_raw")
    return ForecastSummary(
        *(found, months, everybody, alive, so_far),
        None if no_value else worth,
        None if no_value else risk,
        forecast.totals(rows).with_columns(pl.col(raw) * times),
        *(forecast.model.repeat, forecast.model.spend, forecast.statements),
        preliminary=sampled,
        no_value=no_value,
        lapsed=int(lapsed.sum()),
        lapsed_once=int((lapsed & (snapshot.customers["orders"] < 2)).sum()),
        churn_gap=snapshot.churn_gap.days,
        history_days=forecast.model.observed.history_days,
    )


def _so_far(snapshot: Snapshot) -> float:
    """Value to date of the snapshot's customers, currency units × margin."""
    return float(snapshot.customers[question_of(snapshot).money].sum()) / MONEY_SCALE * snapshot.margin


def _nothing(gate: Gate, snapshot: Snapshot, months: tuple[int, ...]) -> ForecastSummary:
    totals = pl.DataFrame(schema=TOTALS)
    return ForecastSummary(
        gate, months, snapshot.customers.height, 0.0, 0.0, None, None, totals, None, None, (), False
    )


def answers_late(snapshot: Snapshot, kind: Kind = "mbg", months: tuple[int, ...] = MONTHS) -> bool:
    """Whether the shop is so large, and its forecast not there yet, that a sample should answer first."""
    large = snapshot.totals.customers.height >= LARGE
    return large and not has_forecast(snapshot.activity, question_of(snapshot, kind, months))


def forecast_by(
    snapshot: Snapshot, by: Sequence[str], kind: Kind = "mbg", months: tuple[int, ...] = MONTHS
) -> pl.DataFrame:
    """One row for each value (or pair of values) of `by`, in the order of segments.profile.

    The columns of `by`, then customers (Int64), p_alive_sum (how many of them are still there) and p_alive (their
    share), for each of the months M expected_days_M and expected_value_M, value_share (of what all are expected to
    bring over the last M; null where that is nothing), value (to date), expected_ltv (of one customer: to date +
    expected), value_at_risk; few (Boolean, a small sample). Sums but for the shares and expected_ltv; money in
    currency units × margin. What is of expected value is null where it is unknown.

    Raises LtvError where the gate is shut, and where no model fits.
    """
    rows = _beside(snapshot, forecast_of(snapshot, question_of(snapshot, kind, months)), by)
    expected = [f"expected_{what}_{each}" for each in months for what in ("days", "value")]
    last = pl.col(f"expected_value_{months[-1]}")
    sums = rows.group_by(list(by)).agg(
        pl.len().cast(pl.Int64).alias("customers"),
        pl.col("p_alive").sum().alias("p_alive_sum"),
        sum_or_null(*expected),
        pl.col("so_far").sum().alias("value"),
        pl.col("expected_ltv").mean(),
        sum_or_null("value_at_risk"),
    )
    whole = last.sum().over(pl.lit(0))
    shown = sums.select(
        *(*by, "customers", "p_alive_sum"),
        (pl.col("p_alive_sum") / pl.col("customers")).alias("p_alive"),
        *expected,
        pl.when(whole > 0).then(last / whole).alias("value_share"),
        *("value", "expected_ltv", "value_at_risk"),
        (pl.col("customers") < FEW).alias("few"),
        pl.coalesce(last, f"expected_days_{months[-1]}").alias("revenue"),
    )
    return ranked(shown, list(by)).drop("revenue")


def alive_histogram(snapshot: Snapshot, kind: Kind = "mbg", months: tuple[int, ...] = MONTHS) -> pl.DataFrame:
    """How likely customers are still there: a row for each tenth of P(alive), the lowest first.

    p_from, p_to (Float64, 0…1), customers (Int64), expected_value and value_at_risk (Float64, over the last of the
    months). The tenths hold their lower border, the last both.

    Raises LtvError where the gate is shut, and where no model fits.
    """
    forecast = forecast_of(snapshot, question_of(snapshot, kind, months))
    rows = forecast.of(snapshot.customers)
    tenth = (pl.col("p_alive") * TENTHS).floor().clip(0, TENTHS - 1).cast(pl.Int64).alias("tenth")
    counted = rows.group_by(tenth).agg(
        pl.len().cast(pl.Int64).alias("customers"),
        sum_or_null(f"expected_value_{months[-1]}").alias("expected_value"),
        sum_or_null("value_at_risk"),
    )
    all_tenths = pl.DataFrame({"tenth": range(TENTHS)}, schema={"tenth": pl.Int64})
    return all_tenths.join(counted, on="tenth", how="left", maintain_order="left").select(
        (pl.col("tenth") / TENTHS).alias("p_from"),
        ((pl.col("tenth") + 1) / TENTHS).alias("p_to"),
        pl.col("customers").fill_null(0),
        *(
            pl.when(pl.col("customers").is_null()).then(0.0).otherwise(name).alias(name)
            for name in ("expected_value", "value_at_risk")
        ),
    )


def sum_or_null(*names: str) -> pl.Expr:
    """Sums of columns; null where a figure is unknown."""
    return pl.when(pl.col(*names).null_count() == 0).then(pl.col(*names).sum())


def _beside(snapshot: Snapshot, forecast: Forecast, by: Sequence[str]) -> pl.DataFrame:
    """The forecast of the snapshot's customers, with the dimensions `by`, and their value to date as so_far."""
    so_far = units(pl.col(question_of(snapshot).money)) * snapshot.margin
    placed = snapshot.by(*by).select(*by, so_far.alias("so_far"))
    return pl.concat([placed, forecast.of(snapshot.customers)], how="horizontal")
