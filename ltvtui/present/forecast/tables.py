"""Tables of a forecast: totals, groups, the test on the past, and whom to win back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import polars as pl

from ltvtui.analytics.forecast.season import NOTABLE
from ltvtui.analytics.listing import Listing
from ltvtui.present.columns import BIG, FEW_MARK, largest
from ltvtui.present.forecast.columns import LTV_HELP, RISK_HELP, VALUE_HELP, person_columns
from ltvtui.present.headline.reliance import FAIR, FAR_OFF, GOOD, NEAR, ROUGH
from ltvtui.present.numbers import counted
from ltvtui.present.tables import Column, Table, Tone

NEXT: Final = "next"
"""Column of the frame: the horizon in words."""
_BAND: Final = "past errors"
_DAYS: Final = "order days"
LONG_NAME: Final = 20
"""Cells that a name may take: figures have to be seen beside it."""


def totals_table(rows: pl.DataFrame, currency: str, trust: Mapping[int, str] | None = None) -> Table:
    """`rows` of backtest.with_bands: what will come within each horizon, between which totals, and the season.

    `trust`: of each horizon reliance.trust, where the past has been tested.
    """
    decimals = _decimals(rows, "value", "value_high")
    tested = [Column("trust", "by past tests", help=_TRUST_HELP, tone=trust_tone)] if trust else []
    is_moved = bool((pl.select(rows["season_value"] - 1).to_series().abs() >= NOTABLE).any())
    plain = Column("value_raw", "unseasoned", "units", "value", decimals, _PLAIN_HELP, rank=1)
    columns = (
        Column(NEXT, "next", help="The time after the as-of day."),
        *tested,
        Column("order_days", "expected", "ratio", _DAYS, 0, "Expected order days of today's customers."),
        Column("order_days_low", "from", "ratio", _DAYS, 0, BAND_HELP),
        Column("order_days_high", "to", "ratio", _DAYS, 0, BAND_HELP),
        Column("value", "expected", "units", "value", decimals, VALUE_HELP, unit=currency),
        Column("value_low", "from", "units", "value", decimals, BAND_HELP),
        Column("value_high", "to", "units", "value", decimals, BAND_HELP),
        *([plain] if is_moved else []),
        Column("season_order_days", _DAYS, "ratio", "season ×", 2, _SEASON_HELP, rank=2),
        Column("season_value", "value", "ratio", "season ×", 2, _SEASON_HELP, rank=2),
    )
    words = pl.col("months").replace_strict(trust or {}, default="", return_dtype=pl.String).alias("trust")
    return Table(rows.with_columns(_in_months("months"), words, *_seasons()), columns, key=NEXT)


_PLAIN_HELP: Final = "What would be expected without the season."
_TRUST_HELP: Final = (
    "good: off by 10 % at most; fair: by less than 25 %; rough: by more; worse: the guess that all goes on as in the "
    "last period was closer; season untested: no test had the season of this one; untested: the past is too short."
)


def trust_tone(value: object) -> Tone | None:
    """Of a word of reliance.trust."""
    if not isinstance(value, str) or not value:
        return None
    return "good" if value == GOOD else "fair" if value in (FAIR, ROUGH) else "bad"


BAND_HELP: Final = "Between these totals it may come out: as far off as forecasts of the past. Blank: fewer than two."
BAND_ENDS: Final = (("low", "from"), ("high", "to"))
_SEASON_HELP: Final = (
    "Already in the forecast. Of one year, so a trend counts as season too; blank where it is unknown."
)


def _seasons() -> list[pl.Expr]:
    """Both factors, null where they are unknown: 1 then, which measured ones are by chance, and never both."""
    factors = ("season_order_days", "season_value")
    is_measured = pl.any_horizontal(pl.col(name) != 1 for name in factors)
    return [pl.when(is_measured).then(pl.col(name)).alias(name) for name in factors]


def groups_table(
    rows: pl.DataFrame, by: Sequence[str], months: Sequence[int], currency: str, metric: str = "value"
) -> Table:
    """`rows` of summary.forecast_by, or of backtest_by.with_bands_by, by the dimensions `by`: the metric (of
    plots.METRICS) within each of the months, its band within the last where there are bands, and the other one."""
    last = months[-1]
    money = [*(f"expected_value_{each}" for each in months), "value_at_risk"]
    decimals = _decimals(rows, *money)
    horizon = f"within {last} mo"
    few = (FEW_MARK,) if rows["few"].any() else ()
    value_first = metric == "value"
    # Where one of these columns stands alone, the heading over it has to fit: it is no longer than "in 12 mo".
    write, over = (_value, _titled("value", currency)) if value_first else (_order_days, "days")
    expected = [write(each, f"in {each} mo", over, decimals, 0 if each == last else 1) for each in months]
    key = f"expected_{'value' if value_first else 'days'}_{last}"
    if f"{key}_low" in rows.columns and rows[f"{key}_low"].is_not_null().any():
        expected += [replace(expected[-1], key=f"{key}_{end}", title=to, help=BAND_HELP) for end, to in BAND_ENDS]
    other = (
        _order_days(last, _DAYS, horizon, 0, 2)
        if value_first
        else _value(last, _titled("value", currency), horizon, decimals, 2)
    )
    columns = (
        *(Column(name, name, help="The group of customers.") for name in by),
        *few,
        Column("customers", "customers", "count", help="Customers with at least one order."),
        Column(
            "p_alive_sum", "active", "ratio", decimals=0, help="How many of them are still there: sum of P(alive)."
        ),
        Column("p_alive", "% active", "share", decimals=1, help="Mean P(alive)."),
        *expected,
        Column("value_share", "of value", "share", horizon, help="Share of the expected value.", is_part=True),
        other,
        Column("value_at_risk", "at risk", "units", horizon, decimals, RISK_HELP, unit=currency),
        Column("expected_ltv", "exp. LTV", "units", "", 2, f"{LTV_HELP} Of one customer.", unit=currency, rank=1),
    )
    return Table(rows, columns, few="few", fixed=max(len(by), 1))


def _value(months: int, title: str, group: str, decimals: int, rank: int) -> Column:
    help = f"{VALUE_HELP} Within {counted(months, 'month')}."
    return Column(f"expected_value_{months}", title, "units", group, decimals, help, rank=rank)


def _order_days(months: int, title: str, group: str, decimals: int, rank: int) -> Column:
    help = f"Expected order days. Within {counted(months, 'month')}."
    return Column(f"expected_days_{months}", title, "ratio", group, 0, help, rank=rank)


def short_test_table(rows: pl.DataFrame, apart: pl.DataFrame | None = None) -> Table:
    """`rows` of backtest.in_short: how far off each method was on average, horizon by horizon; then those `apart`
    (backtest.apart_in_short)."""
    both = [
        frame.with_columns(method=pl.col("method").cast(pl.String) + marked)
        for frame, marked in ((rows, ""), (apart, SEASONLESS))
        if frame is not None
    ]
    rows = pl.concat(both).sort("months", maintain_order=True)
    columns = (
        Column(NEXT, "horizon", help="Months forecast."),
        Column("method", "method", help="The model, and two guesses to hold it against."),
        Column("attempts", "tests", "count", help=TESTS_HELP),
        Column("error_order_days", "off by", "share", _DAYS, help=_ERROR_HELP),
        Column("gini_order_days", "Gini", "ratio", _DAYS, 3, GINI_HELP),
        Column("mae_order_days", "MAE", "ratio", _DAYS, 3, MAE_HELP),
        Column("error_value", "off by", "share", "value", help=_ERROR_HELP),
        Column("gini_value", "Gini", "ratio", "value", 3, GINI_HELP),
        Column("mae_value", "MAE", "units", "value", 2, MAE_HELP),
    )
    return Table(rows.with_columns(_in_months("months")), columns, fixed=2)


TESTS_HELP: Final = "Forecasts of the past that were tested; those that did not know the season stand apart."
_ERROR_HELP: Final = "Mean size of forecast ÷ happened − 1, of the total."
MAE_HELP: Final = "Mean absolute error per customer."
GINI_HELP: Final = "How well customers were ranked: 1 perfectly, 0 by chance."


def backtest_table(rows: pl.DataFrame, by: Sequence[str] = ()) -> Table:
    """`rows` of accuracy.accuracy, or of accuracy_by by the dimensions `by`: forecast against what happened."""
    decimals = _decimals(rows, "value", "actual_value")
    columns = (
        *(Column(name, name) for name in by),
        Column(NEXT, "horizon", help="Months forecast."),
        Column("origin", "from", "day", help="The last day that the forecast knew."),
        Column("method", "method", help="The model, and two guesses to hold it against."),
        Column("season", "season", help=_YEAR_BEFORE_HELP, rank=2),
        Column("order_days", "forecast", "ratio", _DAYS, 0, "Forecast order days."),
        Column("actual_order_days", "happened", "ratio", _DAYS, 0, "Order days that came."),
        Column("bias_order_days", "bias", "share", _DAYS, help=_BIAS_HELP, tone=off_tone),
        Column("value", "forecast", "units", "value", decimals, "Forecast value."),
        Column("actual_value", "happened", "units", "value", decimals, "Value that came."),
        Column("bias_value", "bias", "share", "value", help=_BIAS_HELP, tone=off_tone),
        Column("gini_value", "Gini", "ratio", "value", 3, GINI_HELP),
        Column("mae_value", "MAE", "units", "value", 2, MAE_HELP),
        # A heading over these would be cut where only one of them has room.
        Column("gini_order_days", "Gini, days", "ratio", "", 3, f"Of order days. {GINI_HELP}"),
        Column("mae_order_days", "MAE, days", "ratio", "", 3, f"Of order days. {MAE_HELP}"),
    )
    season = pl.when("season_known").then(pl.lit("known")).otherwise(pl.lit("unknown")).alias("season")
    return Table(rows.with_columns(_in_months("months"), season), columns, fixed=3 + len(by))


_YEAR_BEFORE_HELP: Final = "Whether a year before was known by then: a forecast without it is not like today's."
_BIAS_HELP: Final = "Forecast ÷ happened − 1, of the total."
SEASONLESS: Final = ", season unknown"


def off_tone(value: object) -> Tone | None:
    """How good a bias is, whatever its sign."""
    if not isinstance(value, float):
        return None
    return "bad" if abs(value) >= FAR_OFF else "good" if abs(value) <= NEAR else "fair"


def deciles_table(rows: pl.DataFrame) -> Table:
    """`rows` of accuracy.calibration: forecast and happened by tenth of the customers."""
    decimals = _decimals(rows, "value", "actual_value")
    columns = (
        Column("decile", "tenth", "count", help="Tenth of the customers, highest forecast value first."),
        Column("customers", "customers", "count"),
        Column("order_days", "forecast", "ratio", _DAYS, 0),
        Column("actual_order_days", "happened", "ratio", _DAYS, 0),
        Column("value", "forecast", "units", "value", decimals),
        Column("actual_value", "happened", "units", "value", decimals),
    )
    return Table(rows, columns)


def alive_table(rows: pl.DataFrame, last: int, currency: str) -> Table:
    """`rows` of summary.alive_histogram: customers by the chance that they are still there; values within `last`
    months."""
    decimals = _decimals(rows, "expected_value", "value_at_risk")
    whole = pl.col("customers").sum()
    shares = pl.when(whole > 0).then(pl.col("customers") / whole).alias("customer_share")
    columns = (
        Column("p_from", "P(alive) from", "share", help="The chance that a customer has not left."),
        Column("p_to", "to", "share"),
        Column("customers", "customers", "count"),
        Column("customer_share", "of customers", "share", is_part=True),
        Column("expected_value", "expected", "units", f"value, {last} mo", decimals, VALUE_HELP, unit=currency),
        Column("value_at_risk", "at risk", "units", f"value, {last} mo", decimals, RISK_HELP, unit=currency),
    )
    return Table(rows.with_columns(shares), columns, fixed=2)


def win_back_table(
    found: Listing,
    last: int,
    has_names: bool,
    currency: str,
    attributes: Sequence[str] = (),
    measured: tuple[int, ...] | None = None,
    has_day: bool = True,
) -> Table:
    """Whom to win back (win_back.win_back), over the `last` of its months; `measured`: widths that do. Where few have
    a likely day of the next order, `has_day` is false and that column stands behind the others."""
    alive, due, days, to_come, worth, at_risk = person_columns(last, currency)
    first, behind = ((due,), ()) if has_day else ((), (due,))
    columns = (
        Column("id", "customer"),
        *((Column("name", "name", widest=LONG_NAME),) if has_names else ()),
        Column("state", "state", help=_STATE_HELP, tone=state_tone),
        Column("tier", "tier"),
        to_come,
        alive,
        at_risk,
        Column("last", "last order", "day"),
        Column("silent", "days since", "count", help="Days since the last order."),
        *first,
        days,
        worth,
        Column("revenue", "revenue", "money", help="Net revenue up to the as-of day."),
        Column("orders", "orders", "count"),
        *behind,
        *(Column(each, each) for each in attributes),
    )
    return Table(found.frame, columns, measured=measured, order=found.order, key="id")


_STATE_HELP: Final = (
    "late: has probably left, or is silent for the churn gap or longer, and may still come back; "
    "unlikely: P(alive) below 10 %."
)


def state_tone(value: object) -> Tone | None:
    """Of one of win_back.STATES."""
    return {"late": "fair", "unlikely": "bad", "on time": "good"}.get(str(value))  # type: ignore[return-value]


def _in_months(months: str) -> pl.Expr:
    """3 months, 1 month."""
    texts = pl.col(months).cast(pl.String) + pl.when(pl.col(months) == 1).then(pl.lit(" month")).otherwise(
        pl.lit(" months")
    )
    return texts.alias(NEXT)


def _decimals(rows: pl.DataFrame, *money: str) -> int:
    return 0 if max((largest(rows, name) for name in money), default=0.0) >= BIG else 2


def _titled(title: str, currency: str) -> str:
    return f"{title}, {currency}" if currency else title
