"""Sharing a monthly budget among channels so that one more unit brings the same everywhere (metrics.md §11)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import polars as pl

from ltvtui.analytics.budget.budget import Budget
from ltvtui.analytics.budget.marginal import Floats, Marginal, slope
from ltvtui.analytics.intervals import student

MOST_CHANGE: Final = 0.5
"""Spend of a channel changes by at most this share of its largest month: beyond it there are no data."""
_STEEPEST: Final = 0.99
"""β from which on more spend brings as much as before: there the last unit would go to one channel as a whole."""

COLUMNS: Final = (
    *("channel", "spend_now", "spend", "spend_lower", "spend_upper"),
    *("new_customers_now", "new_customers", "marginal_cac", "ltv_per_marginal_cac", "at_limit"),
)
"""Columns of Plan.rows: money in currency units a month, at present and as suggested; customers a month; at_limit:
least or most where the suggestion lies on a bound of what was seen, else null."""


@dataclass(frozen=True, eq=False)
class Plan:
    """A suggestion."""

    amount: float
    """To be spent a month, currency units."""
    rows: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=dict.fromkeys(COLUMNS, pl.Float64)))
    """COLUMNS, a row a channel, by name; spend_lower and spend_upper bound 95 % by leaving months out, null where the
    limits of what was seen leave the share no choice. Empty where there is no suggestion."""
    possible: tuple[float, float] = (0.0, 0.0)
    """The least and the most that the data of these channels support together, a month."""
    left_out: tuple[tuple[str, str], ...] = ()
    """(channel, why): channels whose spend stays as it is."""
    why_not: str = ""
    """Where there is no suggestion: why."""


@dataclass(frozen=True, eq=False)
class _Channels:
    """Channels that can be weighed against each other."""

    marginals: tuple[Marginal, ...]
    ltv: Floats
    least: Floats
    most: Floats
    now: Floats
    """Spend a month of late."""
    new: Floats
    """New customers a month of late."""

    def response(self, beta: Floats) -> Floats:
        """c of new = c · spend^β, so that it goes through what the last months brought."""
        return self.new / self.now**beta

    def shares(self, amount: float, beta: Floats) -> Floats:
        """Spend of each channel at which LTV ÷ marginal CAC is the same, within its bounds; together `amount`."""
        from scipy.optimize import brentq  # takes a second to load

        scale = np.log(self.ltv * self.response(beta) * beta)

        def spend(level: float) -> Floats:
            return np.clip(np.exp((scale - level) / (1 - beta)), self.least, self.most)

        ends = np.concatenate([scale - (1 - beta) * np.log(bound) for bound in (self.least, self.most)])
        low, high = float(ends.min()) - 1, float(ends.max()) + 1
        return spend(float(brentq(lambda level: float(spend(level).sum()) - amount, low, high)))


def plan(found: Budget, amount: float) -> Plan:
    """How `amount` a month could be shared among the channels of `found` whose marginal CAC is known.

    Of each channel new customers follow c · spend^β (budget.marginal), with c so that it goes through its last
    months; the shares make LTV × c · β · spend^(β - 1), the LTV that one more unit brings, equal.
    """
    if found.hindsight:
        return Plan(amount, why_not="these customers are chosen by what they did later")
    if found.terms.then is not None:
        return Plan(amount, why_not="spend is not split by a second dimension: leave it out")
    rows = {row["channel"]: row for row in found.rows.iter_rows(named=True)}
    left_out, chosen = [], []
    for marginal in found.marginals:
        row = rows[marginal.channel]
        seen = row["ltv"] is not None and row["within_months"] >= found.worth.horizon and row["ltv"] > 0
        if marginal.cac is None or not seen:
            left_out.append((marginal.channel, marginal.why_not or "less data than the horizon"))
        else:
            chosen.append(marginal)
    if not chosen:
        return Plan(amount, left_out=tuple(left_out), why_not="no channel has a marginal CAC")
    channels = _channels(tuple(chosen), [rows[marginal.channel]["ltv"] for marginal in chosen])
    possible = float(channels.least.sum()), float(channels.most.sum())
    if not possible[0] <= amount <= possible[1]:
        why = f"it is beyond the data, which support {_amount(possible[0])} to {_amount(possible[1])}"
        return Plan(amount, possible=possible, left_out=tuple(left_out), why_not=why)
    return Plan(amount, _rows(channels, amount), possible, tuple(left_out))


def _amount(value: float) -> str:
    return f"{value:,.2f}".replace(",", " ")


def _channels(marginals: tuple[Marginal, ...], ltv: list[float]) -> _Channels:
    largest = np.array([marginal.months["spend"].max() for marginal in marginals], dtype=np.float64)
    now, new = (
        np.array(part, dtype=np.float64) for part in zip(*(marginal.recent for marginal in marginals), strict=True)
    )
    return _Channels(
        marginals, np.array(ltv, dtype=np.float64), largest * (1 - MOST_CHANGE), largest * (1 + MOST_CHANGE), now, new
    )


def _rows(channels: _Channels, amount: float) -> pl.DataFrame:
    beta = np.array([min(channel.beta or 0.0, _STEEPEST) for channel in channels.marginals])
    spend = channels.shares(amount, beta)
    new = channels.response(beta) * spend**beta
    marginal = spend / new / beta
    near = spend * 1e-6
    at_most, at_least = spend > channels.most - near, spend < channels.least + near
    fixed = at_most | at_least
    # Where limits leave it no choice, the months say nothing of how sure a share is.
    sure = ~fixed & (np.count_nonzero(~fixed) > 1)
    half_width = np.where(sure, _half_width(channels, amount), np.nan)
    lower, upper = (
        np.clip(bound, channels.least, channels.most) for bound in (spend - half_width, spend + half_width)
    )
    names = [channel.channel for channel in channels.marginals]
    figures = (channels.now, spend, lower, upper, channels.new, new, marginal, channels.ltv / marginal)
    limits = ["most" if most else "least" if least else None for most, least in zip(at_most, at_least, strict=True)]
    rows = pl.DataFrame(dict(zip(COLUMNS, (names, *figures, pl.Series(limits, dtype=pl.String)), strict=True)))
    return rows.with_columns(pl.col("spend_lower", "spend_upper").fill_nan(None)).sort("channel")


def _half_width(channels: _Channels, amount: float) -> Floats:
    """Half the widths of the 95 % intervals of the shares: each calendar month is left out in turn."""
    months = sorted({month for marginal in channels.marginals for month in marginal.months["month"]})
    replicates = []
    for month in months:
        beta = []
        for marginal in channels.marginals:
            rest = marginal.months.filter(pl.col("month") != month)
            beta.append(slope(rest["spend"].to_numpy(), rest["new_customers"].to_numpy().astype(np.float64)))
        replicates.append(channels.shares(amount, np.clip(np.array(beta), 0.01, _STEEPEST)))
    shares, n = np.array(replicates), len(months)
    error = np.sqrt((n - 1) / n * ((shares - shares.mean(axis=0)) ** 2).sum(axis=0))
    return np.asarray(float(student(np.array([n - 1.0]))[0]) * error, dtype=np.float64)
