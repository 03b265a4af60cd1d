"""What Forecast says: how much today's customers will bring, how far off such forecasts were, and who has left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from ltvtui.analytics.forecast.accuracy import alike, why_not_ranked
from ltvtui.analytics.forecast.backtest import Backtest, apart_in_short, in_short
from ltvtui.analytics.forecast.summary import ForecastSummary
from ltvtui.analytics.forecast.win_back import STATES, UNLIKELY
from ltvtui.present.forecast.season import is_untested, season_effect, why_untested
from ltvtui.present.headline import Clauses, with_fixed_brackets
from ltvtui.present.headline.overview import NOBODY
from ltvtui.present.headline.reliance import (
    FAR_OFF,
    NEAR,
    clause,
    distrust,
    errors_of,
    is_worse,
    lapsed_clauses,
    short_of,
    without_leavers,
    worse_words,
)
from ltvtui.present.headline.words import listed, money, name, share
from ltvtui.present.numbers import amount, count, counted


def why_no_forecast(why: str) -> Clauses:
    """`why` there is no forecast, as a sentence; nothing where there is one."""
    return as_clauses((why,)) if why else ()


def as_clauses(sentences: Sequence[str]) -> Clauses:
    """Sentences, as clauses of one."""
    return tuple(clause(text) for text in sentences)


def forecast_clauses(found: ForecastSummary, totals: pl.DataFrame, test: Backtest | None, sign: str) -> Clauses:
    """The clauses of a forecast over its last horizon; what makes it useless comes first.

    `totals` are the rows of backtest.with_bands; `test` is None until the past has been tested.
    """
    if not found.gate.ok:
        return why_no_forecast(found.gate.why)
    if not found.customers:
        return NOBODY
    months = found.months[-1]
    row = totals.filter(pl.col("months") == months).row(0, named=True)
    short = None if test is None else short_of(test, months)
    effect = season_effect(row, sign)
    doubts = distrust(found, test, months)
    tested = _tested(short, months, _of_season(found, test, months))
    is_unknown = test is not None and "model" not in errors_of(short_of(test, months))
    return (
        *doubts,
        *([clause(found.no_value)] if found.no_value else []),
        *(tested if is_unknown and not doubts else ()),
        _expected(found, row, sign, one_sided(test, months)),
        *([effect] if effect else []),
        *(() if is_unknown else tested),
        *_left(found, sign),
        *(clause(text) for text in found.statements if text != found.no_value),
    )


def proof_clauses(found: ForecastSummary, test: Backtest | None, months: int) -> Clauses:
    """How good forecasts of so many months were, or of the longest horizon that the past can test; what makes them
    useless comes first."""
    if test is None:
        return ("the test of forecasts on the past is not complete", *(clause(text) for text in found.statements))
    every = in_short(test)
    short = every.filter(pl.col("months") == months)
    if short.is_empty() and not every.is_empty():
        return (*_tested(short, months, ""), *proof_clauses(found, test, int(str(every["months"].max()))))
    errors, ginis = errors_of(short), dict(short.select("method", "gini_value").iter_rows())
    ranked, wrong = ginis.get("model"), one_sided(test, months)
    verdict = _verdict(test, short, months)
    return (
        *_untested_season(found, test, months),
        *verdict,
        *_tested(short, months, _of_season(found, test, months), is_first=not verdict),
        *([wrong] if wrong else []),
        *_guesses(errors),
        *(
            [f"customers were ranked with a Gini of {amount(ranked, 2)} (1 is perfect, 0 is chance)"]
            if ranked
            else []
        ),
        *(clause(text) for text in found.statements),
    )


def _untested_season(found: ForecastSummary, test: Backtest, months: int) -> Clauses:
    """That what is shown was never tested, only what it would be without the season."""
    if not is_untested(found, test, months):
        return ()
    why = with_fixed_brackets(f" ({why_untested(found, months)})")
    return (f"no test of the past includes the season that the forecast has{why}",)


def _guesses(errors: Mapping[str, float]) -> Clauses:
    """How far off two simple guesses were, beside the model, each by its method in `errors`."""
    off = [method for method in ("last period", "nobody leaves") if method in errors]
    if not off:
        return ()
    listed_ones = " and ".join(f"“{method}” by {share(errors[method])}" for method in off)
    is_best = "model" in errors and all(errors["model"] < errors[method] for method in off)
    return (f"simple guesses were {'further off' if is_best else 'off, too'}: {listed_ones}",)


def no_leavers_clause(names: Sequence[str], key: str) -> str:
    """Why a list of whom to win back says nothing where the model keeps everybody, and where to look instead: at the
    RFM segments `names` on the screen of `key`."""
    return (
        "by the model hardly anybody leaves, so that its chances say little: "
        f"press {key} for {listed(names)} (Matrix, RFM)"
    )


def late_clauses(states: Mapping[str, tuple[int, float, float]], months: int, sign: str, has_value: bool) -> Clauses:
    """Of win_back.by_state who may still come back, apart from those who hardly do."""
    (late, to_come, _), (unlikely, _, lost), _ = (states[state] for state in STATES)
    clauses = []
    if late:
        who = f"{counted(late, 'customer')} {'is' if late == 1 else 'are'} late"
        bring = f" and may still bring {money(to_come, sign)} within {counted(months, 'month')}" if has_value else ""
        clauses.append(f"{who}{bring}")
    if unlikely:
        whom = (
            f"{count(unlikely)} hardly {'comes' if unlikely == 1 else 'come'} back (chance below {share(UNLIKELY)})"
        )
        clauses.append(f"{whom}, nor does their {money(lost, sign)}" if has_value else whom)
    return tuple(clauses)


def win_back_clauses(sums: Mapping[str, Any], months: int, sign: str, search: str = "") -> Clauses:
    """The clauses of win_back.at_risk_together; `search` is the text that narrows the list."""
    customers, at_risk, half = sums["customers"], sums["at_risk"], sums["half"]
    if not customers:
        return (f"no customer matches “{name(search)}”",) if search else NOBODY
    matching = f" matching “{name(search)}”" if search else ""
    if sums["of"] is None:
        return (f"value at risk is unknown; {_leavers(sums['left'], customers, matching)}",)
    of_all = f" ({share(at_risk / sums['of'])} of all)" if search and sums["of"] > 0 else ""
    at_stake = f"{money(at_risk, sign)}{of_all} within {counted(months, 'month')} is at risk"
    if not sums["left"]:
        who = "the customer" if customers == 1 else f"some of {count(customers)} customers"
        return (f"{at_stake}: {who}{matching} may have left",)
    half_of_it = f"half of it lies with {counted(half, 'customer')} ({share(half / customers)})"
    return (
        f"{at_stake}: {_leavers(sums['left'], customers, matching)}",
        *([half_of_it] if customers > 1 and half else []),
    )


def _verdict(test: Backtest, short: pl.DataFrame, months: int) -> Clauses:
    """Whether forecasts of so many months can be relied on, by what became of those of the past."""
    over = f"over {counted(months, 'month')}"
    errors = errors_of(short)
    unranked = why_not_ranked(test.accuracy)
    if unranked or is_worse(errors):
        worse = [worse_words(errors)] if is_worse(errors) else []
        return (f"do not rely on the forecast {over}", *([clause(unranked)] if unranked else []), *worse)
    if "model" not in errors:
        return ()
    mine = errors["model"]
    worth = "can be relied on" if mine <= NEAR else "is a fair guide" if mine < FAR_OFF else "is a rough guide"
    tests = sum(short.filter(pl.col("method") == "model")["attempts"])
    alone = ", by a single test" if tests == 1 else ""
    than = " and closer than “as in the last period”" if mine < errors.get("last period", mine) else ""
    return (f"the forecast {over} {worth}{than}{alone}",)


def one_sided(test: Backtest | None, months: int) -> str:
    """That all forecasts of the value of so many months were wrong in one direction; blank where they were not."""
    tests = 0 if test is None else all_wrong(test, months, "value")
    return f"all {count(abs(tests))} past forecasts were too {'low' if tests < 0 else 'high'}" if tests else ""


def all_wrong(test: Backtest, months: int, what: str) -> int:
    """How many forecasts of so many months there were, all of them too high, and below zero if all were too low: the
    band of past errors then lies on one side of what is expected. 0 where they were neither, or where there is one.
    `what` is order_days or value."""
    trials = alike(test.accuracy).filter(pl.col("method") == "model", pl.col("months") == months, pl.col(what) > 0)
    biases = trials[f"bias_{what}"].drop_nulls()
    if biases.len() < 2:
        return 0
    return -biases.len() if (biases < 0).all() else biases.len() if (biases > 0).all() else 0


def _expected(found: ForecastSummary, row: dict[str, Any], sign: str, wrong: str) -> str:
    low, high = row["value_low"], row["value_high"]
    why = f": {wrong}" if wrong else ""
    between = "" if low is None else f" ({money(low)} to {money(high, sign)} by past errors{why})"
    about = "about " if found.preliminary else ""
    whom = "today's customer is" if found.customers == 1 else "today's customers are"
    within = f"within {counted(row['months'], 'month')}"
    if row["value"] is None:
        days = count(round(row["order_days"]))
        return f"{whom} expected to order on {about}{days} {'day' if days == '1' else 'days'} {within}"
    return f"{whom} expected to bring {about}{money(row['value'], sign)} {within}{between}"


def _of_season(found: ForecastSummary, test: Backtest | None, months: int) -> str:
    """What sets off the forecasts of so many months that were tested from others, or from today's; blank if nothing
    does."""
    if is_untested(found, test, months):
        return " without the season"
    others = test is not None and apart_in_short(test).filter(pl.col("months") == months).height
    return " that knew the season" if others else ""


def _tested(short: pl.DataFrame | None, months: int, which: str, *, is_first: bool = False) -> Clauses:
    """How far off the forecasts of so many months were, which are named where nothing before this does so."""
    if short is None:
        return ()
    error = errors_of(short).get("model")
    tests = sum(short.filter(pl.col("method") == "model")["attempts"])
    if error is None and tests:
        return (f"nobody ordered in the past {counted(months, 'month')}, so that the error is unknown",)
    if error is None:
        return (f"the past is too short to test forecasts of {counted(months, 'month')}",)
    over = f" over {counted(months, 'month')}" if is_first else ""
    if tests == 1:
        such = "" if is_first else "such "
        that = f" of the past{which}" if which else " that the past can test"
        return (f"the only {such}forecast{over}{that} was off by {share(error)}",)
    such = "past forecast" if is_first else "such forecast"
    of_past = "" if is_first else " of the past"
    return (f"{counted(tests, such)}{over}{of_past}{which} were off by {share(error)} on average",)


def _left(found: ForecastSummary, sign: str) -> Clauses:
    """Who has left by the model, and who has lapsed by days: two counts that need not agree."""
    left = found.customers - round(found.p_alive)
    lapsed = () if without_leavers(found) else lapsed_clauses(found)  # else it was said before the figure
    if left <= 0:
        return lapsed
    risk = () if found.value_at_risk is None else (f"of all customers {money(found.value_at_risk, sign)} is at risk",)
    return (_leavers(left, found.customers), *risk, *lapsed)


def _leavers(left: int, customers: int, matching: str = "") -> str:
    who = f"{count(left)} of {counted(customers, 'customer')}{matching} ({share(left / customers)})"
    return f"{who} {'has' if left == 1 else 'have'} probably left"
