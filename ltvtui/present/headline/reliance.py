"""How far a forecast can be relied on, by what became of forecasts of the past: doubts go before the figure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from ltvtui.analytics.forecast.accuracy import why_not_ranked
from ltvtui.analytics.forecast.backtest import Backtest, in_short
from ltvtui.analytics.forecast.summary import ForecastSummary
from ltvtui.present.forecast.season import is_untested
from ltvtui.present.headline import Clauses, with_fixed_brackets
from ltvtui.present.headline.words import lapsed_parts, share, silence
from ltvtui.present.numbers import count, counted

FAR_OFF: Final = 0.25
"""How far off a forecast of the past was from which on forecasts are a rough guide."""
NEAR: Final = 0.1
"""Up to here they can be relied on."""

UNTESTED: Final = "untested"
SEASON_UNTESTED: Final = "season untested"
WORSE: Final = "worse"
ROUGH: Final = "rough"
FAIR: Final = "fair"
GOOD: Final = "good"


def trust(found: ForecastSummary, test: Backtest | None, months: int) -> str:
    """In a word what the past says of a forecast of so many months; blank until it has been tested.

    One of UNTESTED, WORSE (the guess that all goes on as in the last period was closer), SEASON_UNTESTED (no test had
    the season that the forecast has), ROUGH, FAIR and GOOD.
    """
    if test is None:
        return ""
    errors = errors_of(short_of(test, months))
    if "model" not in errors:
        return UNTESTED
    if is_worse(errors):
        return WORSE
    if is_untested(found, test, months):
        return SEASON_UNTESTED
    return GOOD if errors["model"] <= NEAR else FAIR if errors["model"] < FAR_OFF else ROUGH


def distrust(found: ForecastSummary, test: Backtest | None, months: int) -> Clauses:
    """Why the forecast of so many months should not be leaned upon; nothing where the past says that it may be."""
    return (*_of_the_past(test, months), *without_leavers(found))


def _of_the_past(test: Backtest | None, months: int) -> Clauses:
    if test is None:
        return ()
    unranked = why_not_ranked(test.accuracy)
    clauses = [clause(unranked)] if unranked else []
    errors = errors_of(short_of(test, months))
    if is_worse(errors):
        clauses.append(worse_words(errors))
    elif "model" not in errors and (longest := _longest(test)) is not None:
        others = errors_of(short_of(test, longest))
        if is_worse(others):
            clauses.append(
                f"do not rely on this forecast: over {counted(longest, 'month')}, the longest that the past can "
                f"test, the model was off by {share(others['model'])}, “as in the last period” by "
                f"{share(others['last period'])}"
            )
    return tuple(clauses)


def without_leavers(found: ForecastSummary) -> Clauses:
    """That by the model hardly anybody leaves, where many are silent: it cannot know who is still there."""
    if found.repeat is None or not found.repeat.has_no_leavers or not found.lapsed:
        return ()
    verb = "has" if found.lapsed == 1 else "have"
    part = f"{count(found.lapsed)} ({share(found.lapsed / max(found.customers, 1))})"
    gap = with_fixed_brackets(f" ({silence(found.churn_gap)})")
    return (f"by the model hardly anybody leaves, yet by the churn gap {part} {verb} lapsed{gap}",)


def _longest(test: Backtest) -> int | None:
    tested = test.accuracy.filter(pl.col("method") == "model")["months"]
    return None if tested.is_empty() else int(str(tested.max()))


def is_worse(errors: Mapping[str, float]) -> bool:
    """Whether the guess that all goes on as in the last period was closer than the model."""
    return "model" in errors and "last period" in errors and errors["model"] > errors["last period"]


def worse_words(errors: Mapping[str, float]) -> str:
    """That it was."""
    return (
        "in the past “as in the last period” was closer than the model (off by "
        f"{share(errors['last period'])})"
    )  # fmt: skip


def short_of(test: Backtest, months: int) -> pl.DataFrame:
    """The rows of backtest.in_short of one horizon."""
    return in_short(test).filter(pl.col("months") == months)


def errors_of(short: pl.DataFrame) -> dict[str, float]:
    """Of each method how far off its value was; its order days where the model expects no value."""
    models = short.filter(pl.col("method") == "model")
    has_value = models.height == 0 or models["error_value"].is_not_null().any()
    errors = short.select("method", "error_value" if has_value else "error_order_days").iter_rows()
    return {method: error for method, error in errors if error is not None}


def lapsed_clauses(found: ForecastSummary) -> Clauses:
    """Who has lapsed, by days alone, beside what the model says."""
    if not found.lapsed or not found.customers:
        return ()
    verb = "has" if found.lapsed == 1 else "have"
    part = f"{count(found.lapsed)} ({share(found.lapsed / found.customers)})"
    parts = lapsed_parts(found.lapsed, found.lapsed_once)
    return (f"by the churn gap {part} {verb} lapsed ({silence(found.churn_gap)}){parts}",)


def clause(text: str) -> str:
    """The first of the sentences in `text`, as a part of another."""
    return f"{text[0].lower()}{text[1:]}".partition(". ")[0].rstrip(".")
