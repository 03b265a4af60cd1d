"""Charts of a plan: how far the goal is, what measures can bring, and the segments beside each other."""

from __future__ import annotations

import polars as pl

from ltvtui.analytics.planning.target_matrix import SEGMENT
from ltvtui.days import iso
from ltvtui.present.charts import BarChart
from ltvtui.present.headline.words import money, name
from ltvtui.present.numbers import amount, count, months_of
from ltvtui.present.planning.words import figure_text, needed_money
from ltvtui.user_state.plan_answer import PlanAnswer

MOST_BARS = 12
"""Bars of pairs and segments."""


def goal_plot(found: PlanAnswer, sign: str = "") -> BarChart:
    """The figure of the goal: when it was set, today, and the number."""
    step, moved = found.goal, found.goal.progress
    bars = [] if moved is None else [(iso(moved.set_on), moved.then.value)]
    bars += [("today", step.now.value), (f"by {iso(step.until)}", step.target)]
    return BarChart(
        f"{step.goal.figure}: today and the number",
        [label for label, _ in bars],
        [value for _, value in bars],
        format=lambda value: figure_text(step.goal, value, sign),
        colours=[*("accent1" for _ in bars[1:]), "positive"],
        y_label="" if step.now.seen is None else f"within {months_of(step.now.seen, found.query.horizon)}",
        empty=step.now.missing or "Not known",
    )


def measures_plot(found: PlanAnswer, sign: str = "") -> BarChart:
    """What each measure can bring at most, beside what a higher LTV needs over all customers."""
    step, everybody = found.goal, found.snapshot.customers.height
    needed = needed_money(step.goal, step.now, step.target, everybody)
    bars = [] if needed is None else [("the goal needs", needed, "accent2")]
    bars += [
        (name(measure.segment), measure.effect["total"], "accent1")
        for measure in found.measures
        if measure.effect is not None and measure.effect["total"] is not None
    ]
    is_money = all(measure.effect is None or measure.effect["each"] is not None for measure in found.measures)
    return BarChart(
        "What the measures can bring at most",
        [label for label, *_ in bars],
        [value for _, value, _ in bars],
        format=lambda value: f"{amount(value, 0)} {sign}".rstrip() if is_money else count(round(value)),
        colours=[role for *_, role in bars],
        empty="No figure says what a measure can bring",
    )


def scores_plot(found: PlanAnswer) -> BarChart:
    """The total of each segment, of 5."""
    rows = found.matrix.rows.filter(pl.col("total").is_not_null()).head(MOST_BARS)
    return BarChart(
        "Total score of each segment",
        [name(segment) for segment in rows[SEGMENT]],
        rows["total"].to_list(),
        format=amount,
        y_label="of 5",
        empty="No segment can be scored",
    )


def sizes_plot(found: PlanAnswer) -> BarChart:
    """Customers of each segment, in the order of the scores."""
    rows = found.matrix.rows.head(MOST_BARS)
    return BarChart(
        "Customers of each segment",
        [name(segment) for segment in rows[SEGMENT]],
        rows["size"].to_list(),
        format=lambda value: count(round(value)),
        empty="No segment has customers",
    )


def profiles_plot(found: PlanAnswer, sign: str = "") -> BarChart:
    """LTV of the segments chosen, beside that of all customers."""
    rows = [(name(each.name), each.portrait.row["ltv"][0], "accent1") for each in found.profiles]
    rows += [("all customers", each.portrait.base["ltv"][0], "muted") for each in found.profiles[:1]]
    return BarChart(
        "LTV of the segments chosen",
        [label for label, *_ in rows],
        [value for _, value, _ in rows],
        format=lambda value: money(value, sign),
        colours=[role for *_, role in rows],
        empty="No segment is chosen",
    )


def changes_plot(found: PlanAnswer) -> BarChart:
    """Customers of the largest changes from one segment to another."""
    pairs = [] if found.changes is None else found.changes.pairs.head(MOST_BARS).rows()
    return BarChart(
        "Customers who changed segment",
        [f"{name(before)} → {name(after)}" for before, after, *_ in pairs],
        [customers for _, _, customers, *_ in pairs],
        format=lambda value: count(round(value)),
        empty="Nobody has changed segment",
    )
