"""The models of a forecast in words: how customers buy, leave and spend."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from ltvtui.analytics.forecast.backtest import Backtest
from ltvtui.analytics.forecast.gate import FEWEST_CUSTOMERS, FEWEST_REPEATS, SHORTEST_HISTORY
from ltvtui.analytics.forecast.horizon import DAYS_A_MONTH, DAYS_A_WEEK
from ltvtui.analytics.forecast.repeat_model import RepeatModel
from ltvtui.analytics.forecast.spend_model import SpendModel
from ltvtui.analytics.forecast.summary import ForecastSummary
from ltvtui.present.headline.forecast import all_wrong
from ltvtui.present.headline.reliance import lapsed_clauses
from ltvtui.present.headline.words import listed, money, share
from ltvtui.present.numbers import amount, count, counted

MOST_REASONS: Final = 3
"""That are named."""
MUCH, SOME = 1.0, 0.5
"""Spread ÷ mean from which on customers differ much, and somewhat."""


def band_words(test: Backtest | None, horizons: Sequence[int]) -> tuple[str, ...]:
    """Why a band begins, or ends, at what is expected: all past forecasts were wrong in one direction."""
    if test is None:
        return ()
    found = {
        (title, months): all_wrong(test, months, what)
        for title, what in (("value", "value"), ("order days", "order_days"))
        for months in horizons
    }
    sentences = []
    for is_low, wrong, place in ((True, "too low", "begins"), (False, "too high", "ends")):
        sides = [
            f"{title} over {counted(months, 'month')} ({counted(abs(tests), 'test')})"
            for (title, months), tests in found.items()
            if tests and (tests < 0) == is_low
        ]
        if sides:
            what = listed(sides, len(sides))
            sentences.append(f"Past forecasts were all {wrong} for {what}: the band {place} at the estimate.")
    return tuple(sentences)


def model_words(found: ForecastSummary, sign: str) -> tuple[str, ...]:
    """What the parameters mean, a sentence each, then what there is to know before the figures are used.

    Nothing where there is no forecast.
    """
    if found.repeat is None:
        return ()
    first = ("Preliminary: a sample of the customers tells it.",) if found.preliminary else ()
    of_spend = () if found.spend is None else _spending(found.spend, sign)
    return (*first, *_buying(found.repeat), *of_spend, *found.statements)


def lapsed_words(found: ForecastSummary) -> tuple[str, ...]:
    """What a model that keeps everybody hides: who has lapsed by days."""
    if found.repeat is None or not found.repeat.has_no_leavers or not (clauses := lapsed_clauses(found)):
        return ()
    return (f"{clauses[0][:1].upper()}{clauses[0][1:]}: the model still counts them as active.",)


def gate_words() -> tuple[str, ...]:
    """What a forecast needs of a shop, whatever the filters; a sentence each."""
    return (
        f"A forecast needs {count(FEWEST_CUSTOMERS)} customers, {count(SHORTEST_HISTORY)} days of history, and "
        f"{count(FEWEST_REPEATS)} customers who ordered again on another day.",
        "They are counted in the whole shop up to the as-of day, whatever the filters.",
    )


def bandless_words(rows: pl.DataFrame) -> tuple[str, ...]:
    """Of `rows` of backtest_by.with_bands_by why some have no band of past errors; nothing where all have."""
    if "band_why" not in rows.columns:
        return ()
    reasons = rows["band_why"].drop_nulls().value_counts(sort=True)
    parts = [f"{counted(groups, 'group')} ({why})" for why, groups in reasons.head(MOST_REASONS).iter_rows()]
    others = reasons.height - MOST_REASONS
    more = [f"others for {count(others)} more reasons"] if others > 1 else []
    return (f"Without a band of past errors, in part or in all: {', '.join([*parts, *more])}.",) if parts else ()


def parameter_words(repeat: RepeatModel, spend: SpendModel | None) -> tuple[str, ...]:
    """The parameters themselves: MBG/NBD r 0.618, α 8.66 weeks, a 0.552, b 1.009; Gamma-Gamma p …, q …, v …."""
    of_repeat = (
        f"{repeat.name}: r {_digits(repeat.r)}, α {_digits(repeat.alpha)} weeks, a {_digits(repeat.a)}, "
        f"b {_digits(repeat.b)}; log-likelihood {amount(repeat.log_likelihood, 1)}"
    )
    if spend is None:
        return (of_repeat,)
    return (
        of_repeat,
        f"Gamma-Gamma: p {_digits(spend.p)}, q {_digits(spend.q)}, v {_digits(spend.v)}; log-likelihood "
        f"{amount(spend.log_likelihood, 1)}",
    )


def _buying(model: RepeatModel) -> tuple[str, ...]:
    r, alpha, a, b = model.ends
    rate = model.r / model.alpha * DAYS_A_MONTH / DAYS_A_WEEK
    sentences = []
    if r != "low":
        spread = "" if "high" in (r, alpha) else f"; they differ {_spread(model.r**-0.5)} in that"
        sentences.append(f"While they stay, customers order on {amount(rate, 2)} days a month on average{spread}.")
    if a is None and b is None:
        leaving = model.a / (model.a + model.b)
        after = "an order day" if model.kind == "mbg" else "an order day but the first"
        sentences.append(f"After {after} {share(leaving)} of customers leave.")
    return tuple(sentences)


def _spending(model: SpendModel, sign: str) -> tuple[str, ...]:
    _, q, v = model.ends
    if "high" in (q, v) or q == "low":
        return (f"An order day brings {money(model.mean, sign)} on average.",)
    spread = (model.q - 2) ** -0.5 if model.q > 2 else MUCH
    return (f"An order day brings {money(model.mean, sign)} on average; customers differ {_spread(spread)} in that.",)


def _spread(ratio: float) -> str:
    return "much" if ratio >= MUCH else "somewhat" if ratio >= SOME else "little"


def _digits(value: float) -> str:
    """Three digits that tell something, and none of a power of ten: 0.618, 8.66, 1 000."""
    decimals = 3 if value < 1 else 2 if value < 100 else 0
    return f"{value:.1g}" if value < 0.001 else amount(value, decimals)
