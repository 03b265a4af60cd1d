"""The boards of Compare, each a function of whom is compared."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import polars as pl

from ltvtui.analytics.comparison.comparison import Comparison
from ltvtui.analytics.comparison.profile_index import profiled
from ltvtui.analytics.portrait.portrait import Portrait
from ltvtui.analytics.portrait.time_difference import time_differences
from ltvtui.present.comparison.doubles import double_words, without_doubles
from ltvtui.present.comparison.factors import factor_table
from ltvtui.present.comparison.plots import curves_plot, drivers_plot, index_plot, parts_plot, times_plots
from ltvtui.present.comparison.tables import NO_ATTRIBUTES, index_table
from ltvtui.present.drivers import driver_table
from ltvtui.present.headline.comparison import comparison_clauses
from ltvtui.present.headline.drivers import driver_clauses
from ltvtui.present.headline.portrait import index_clauses, when_clauses
from ltvtui.present.numbers import count, counted, months_of
from ltvtui.present.portrait.criteria import unknown_criteria
from ltvtui.present.portrait.tables import weekday_table
from ltvtui.present.portrait.times import time_words
from ltvtui.query.query import Filter
from ltvtui.session.apply_filters import made_with_hindsight
from ltvtui.session.comparison import (
    IN_EVERY_SHOP,
    comparison_of,
    doubles_of,
    drivers_of,
    index_between,
    portrait_of,
)
from ltvtui.session.criteria import criteria_of
from ltvtui.tui.views.compare.board import CompareBoard, CompareQuestion
from ltvtui.tui.views.compare.state import FIGURES

ELSEWHERE: Final = "These rows are of the group marked as A, which is outside of the trail: Esc goes up."
ALL_VALUES: Final = 10_000
"""Rows of the index: the screen scrolls."""


def difference(asked: CompareQuestion) -> CompareBoard:
    """Figures of both groups, their difference with its interval, and the part of each factor."""
    found = _found(asked)
    return CompareBoard(
        factor_table(found, asked.gross, asked.sign, asked.costs),
        comparison_clauses(
            found, asked.names, asked.sign, made_with_hindsight(asked.dataset, asked.both), asked.costs
        ),
        (parts_plot(found, asked.sign, asked.gross), curves_plot(found, asked.names, asked.sign)),
        caption=(
            f"at the common age: {months_of(found.tau, found.horizon)}",
            "LTV before costs" if asked.gross else "LTV on margin",
            *(["CAC, max CAC and payback as on Budget"] if asked.costs else []),
            *_later(asked),
            *([f"{counted(found.overlap, 'customer')} in both left out"] if found.overlap else []),
        ),
        closed="These rows are figures, not customers; Tab shows the index, whose rows are.",
    )


def index(asked: CompareQuestion) -> CompareBoard:
    """Values that are more or less frequent in A than in B."""
    has_none = not profiled(asked.dataset.people)
    names = IN_EVERY_SHOP if has_none else None
    every = index_between(asked.dataset, asked.query.whole(), asked.trail, asked.others, names)
    doubles = doubles_of(asked.dataset, asked.query)
    fixed = asked.both.fixed_dimensions
    found = without_doubles(every, doubles, fixed)
    rows, above = list(found.select("dimension", "value").iter_rows()), asked.above
    return CompareBoard(
        index_table(found, most=ALL_VALUES),
        index_clauses(found, asked.names.a, asked.names.short.b),
        (index_plot(found),) if found.height else (),
        caption=(
            "index: share in A ÷ share in B × 100",
            "grey: small sample (A and B together < 30 customers)",
            *_later(asked),
            *double_words(every, doubles, fixed),
            *([NO_ATTRIBUTES] if has_none else []),
        ),
        steps=[] if above is None else [(*above, Filter(dimension, value)) for dimension, value in rows],
        closed="" if above is not None else ELSEWHERE,
        empty="The shop has no further attribute of these customers: Tab goes to other boards.",
    )


def drivers(asked: CompareQuestion) -> CompareBoard:
    """Dimensions by how much of LTV they tell apart, among the customers of the trail, or all."""
    shown = asked.state.figure
    both = [drivers_of(asked.dataset, asked.query, each, hindsight=each == shown) for each in FIGURES]
    doubles = doubles_of(asked.dataset, asked.query)
    ltv, repeat = (replace(each, rows=without_doubles(each.rows, doubles)) for each in both)
    rows = (ltv if shown == "ltv" else repeat).rows
    table = driver_table(rows, shown == "ltv", criteria_of(asked.dataset), asked.sign, with_times=True)
    left = rows.height - table.height
    of = "LTV" if shown == "ltv" else f"a second order within {counted(repeat.days, 'day')}"
    return CompareBoard(
        table,
        driver_clauses(ltv, repeat, asked.sign, "ltv" if shown == "ltv" else "repeat"),
        (drivers_plot(table.frame.filter(~pl.col("hindsight")), of),),
        caption=(
            f"of {asked.names.a}",
            f"figure: {of} {FIGURES.index(shown) + 1}/{len(FIGURES)} (m)",
            "dimensions known later describe, they do not predict",
            "segments against each other, within the months that all were seen",
            *([f"{count(left)} without two segments of 30 customers left out"] if left else []),
            *double_words(both[0].rows, doubles),
            *unknown_criteria(criteria_of(asked.dataset)),
        ),
        dimensions=table.frame["dimension"].to_list(),
        empty="No dimension has two segments of 30 customers.",
    )


def when(asked: CompareQuestion) -> CompareBoard:
    """Weekdays, hours and months of the orders of A, beside all."""
    found = _portrait(asked)
    return CompareBoard(
        weekday_table(found),
        when_clauses(found, asked.names.a),
        times_plots(found.times),
        caption=(
            *time_words(time_differences(found.times)),
            "index: share of their orders ÷ share of all orders × 100",
            *(["no times of day: hours are not shown"] if found.times.hours is None else []),
        ),
        closed="These rows are orders by weekday, not customers.",
    )


def _later(asked: CompareQuestion) -> tuple[str, ...]:
    """What has to be known of groups that are chosen by what customers did later."""
    is_later = made_with_hindsight(asked.dataset, asked.both)
    return ("descriptive: based on past spend, not a prediction",) if is_later else ()


def _found(asked: CompareQuestion) -> Comparison:
    return comparison_of(asked.dataset, asked.query.whole(), asked.trail, asked.others)


def _portrait(asked: CompareQuestion) -> Portrait:
    return portrait_of(asked.dataset, asked.query)
