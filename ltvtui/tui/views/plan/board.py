"""The boards of Plan: each a table of a step, what is said over it, and where its rows lead."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from ltvtui.analytics.lifecycle.migration import NEW as NEW_TIER
from ltvtui.analytics.planning.changes import NEW
from ltvtui.present.charts import Chart
from ltvtui.present.comparison.plots import drivers_plot
from ltvtui.present.headline import Clauses, sentence
from ltvtui.present.headline.drivers import driver_clauses
from ltvtui.present.headline.plan import best_clauses, change_clauses, plan_clauses
from ltvtui.present.headline.portrait import portrait_clauses
from ltvtui.present.numbers import counted
from ltvtui.present.planning.enough import enough_clauses, stuck_clauses, window_clauses
from ltvtui.present.planning.matrix import matrix_clauses, matrix_notes, matrix_table, score_words
from ltvtui.present.planning.plots import (
    changes_plot,
    goal_plot,
    measures_plot,
    profiles_plot,
    scores_plot,
    sizes_plot,
)
from ltvtui.present.planning.report import DESCRIPTIVE, PlanReport, notes
from ltvtui.present.planning.tables import (
    change_table,
    criteria_table,
    glance_table,
    measure_table,
    method_table,
    profile_table,
)
from ltvtui.present.planning.words import effect_words, method_name
from ltvtui.present.portrait.criteria import unknown_criteria
from ltvtui.present.tables import Table
from ltvtui.query.query import Moved, Step
from ltvtui.tui.views.plan.state import BOARDS
from ltvtui.user_state.plan_answer import Measure, PlanAnswer

NOTHING_CHANGED: Final = "Nobody has changed segment since segments were chosen."
NOT_SAVED: Final = "No segments were saved on an earlier day: ^s saves the plan, and later this shows who has moved."


@dataclass(frozen=True, eq=False)
class PlanBoard:
    """One board, answered."""

    table: Table
    headline: Clauses
    caption: tuple[str, ...] = ()
    """What has to be known beside the figures."""
    about: Sequence[tuple[str, ...]] = ()
    """What is said of the row under the cursor, row for row."""
    steps: Sequence[tuple[Step, ...]] = ()
    """Filters of each row, where rows are customers."""
    dimensions: Sequence[str] = ()
    """Dimension of each row, where rows are dimensions."""
    empty: str = ""
    """What is said in place of the table where it has no rows."""
    closed: str = ""
    """Why its rows lead nowhere; blank where they lead somewhere."""
    plots: tuple[Chart, ...] = ()


def board_of(report: PlanReport, board: str) -> PlanBoard:
    """The board of that name."""
    return _BOARDS[board](report)


def _goal(report: PlanReport) -> PlanBoard:
    found = report.found
    own = (*notes(report)[: 2 if found.goal.now.missing else 1], *window_clauses(found))
    return PlanBoard(
        glance_table(found, report.sign),
        plan_clauses(found, report.sign, best=False),
        (*own, "^g changes goal, number, day, method and weights; ^s saves the plan"),
        closed="These rows are figures, not customers; Tab goes to the next step.",
        plots=(goal_plot(found, report.sign), measures_plot(found, report.sign)),
    )


def _criteria(report: PlanReport) -> PlanBoard:
    found, table = report.found, criteria_table(report.found, report.sign)
    return PlanBoard(
        table,
        driver_clauses(found.drivers, found.repeat, report.sign),
        ("dimensions known at the first order", *unknown_criteria(found.criteria)),
        dimensions=table.frame["dimension"].to_list(),
        empty="No dimension known at the first order has two segments of 30 customers.",
        plots=(drivers_plot(table.frame), drivers_plot(_of_repeat(found), "a second order")),
    )


def _of_repeat(found: PlanAnswer) -> pl.DataFrame:
    return found.repeat.of_first_order.filter(pl.col("i2").is_not_null())


def _method(report: PlanReport) -> PlanBoard:
    found = report.found
    step = found.method
    fits = "fits the goal and the shop" if step.method == step.fitting else f"{method_name(step.fitting)} would fit"
    chosen = f"customers are divided by {method_name(step.method)}"
    return PlanBoard(
        method_table(found),
        (f"{chosen}, which {fits}" if step.method == step.fitting else f"{chosen}; {fits} the goal and the shop",),
        ("d changes the method",),
        closed="d changes the method; Tab goes to its segments.",
        plots=(sizes_plot(found), scores_plot(found)),
    )


def _segments(report: PlanReport) -> PlanBoard:
    found = report.found
    chosen = [profile.name for profile in found.profiles]
    trails = dict(zip(found.segments.names, found.segments.trails, strict=True))
    return PlanBoard(
        matrix_table(found.matrix, chosen, report.sign),
        matrix_clauses(found.matrix),
        (
            *(("✓ until you choose: where a measure can bring most",) if found.segments_assumed else ()),
            "Space chooses a segment, d the method, ^g weights",
            *((DESCRIPTIVE,) if found.hindsight else ()),
            *matrix_notes(found.matrix, report.sign),
        ),
        about=[score_words(found.matrix, row, report.sign) for row in range(found.matrix.rows.height)],
        steps=[trails[name] for name in found.matrix.rows["segment"]],
        empty="No segment was given: ^g takes conditions of your own.",
        plots=(scores_plot(found), sizes_plot(found)),
    )


def _profiles(report: PlanReport) -> PlanBoard:
    found, horizon = report.found, report.found.query.horizon
    about = [
        tuple(
            part
            for part in (
                profile.note.text,
                sentence(portrait_clauses(profile.portrait, profile.name, horizon, report.sign)),
            )
            if part
        )
        for profile in found.profiles
    ]
    return PlanBoard(
        profile_table(found, report.sign),
        (f"{counted(len(found.profiles), 'segment')} chosen",),
        ("n writes name, description and next steps",),
        about,
        [profile.trail for profile in found.profiles],
        empty="No segment is chosen.",
        plots=(profiles_plot(found, report.sign),),
    )


def _measures(report: PlanReport) -> PlanBoard:
    found = report.found
    best = best_clauses(found, report.sign) or ("no figure says what a measure can bring here",)
    clauses = (*stuck_clauses(found), *enough_clauses(found, report.sign), *best)
    return PlanBoard(
        measure_table(found, report.sign),
        clauses,
        (
            "at most: if it reached all of them; its cost is not subtracted",
            "n changes the next steps of a segment",
            *(text.removesuffix(".") for text in found.effects.statements),
        ),
        [(_formula(measure, report.sign),) for measure in found.measures],
        [measure.trail for measure in found.measures],
        empty="No segment is chosen.",
        plots=(measures_plot(found, report.sign), goal_plot(found, report.sign)),
    )


def _formula(measure: Measure, sign: str) -> str:
    return measure.missing if measure.effect is None else effect_words(measure.effect, sign)


def _changes(report: PlanReport) -> PlanBoard:
    found, table = report.found, change_table(report.found)
    changes = found.changes
    if changes is None or table is None:
        return PlanBoard(Table(pl.DataFrame(), ()), plan_clauses(found, report.sign, best=False), empty=NOT_SAVED)
    by_tier = changes.frozen
    pairs = changes.pairs.select("before", "after").rows() if by_tier else []
    return PlanBoard(
        table,
        change_clauses(found),
        ("thresholds of today on both days" if by_tier else "each day has its own thresholds",),
        steps=[(Moved("tier", changes.since, NEW_TIER if b == NEW else b, a),) for b, a in pairs],
        empty=NOTHING_CHANGED,
        plots=(changes_plot(found),) if table.height else (),
        closed="" if by_tier else "Of tiers alone these rows lead to customers; x exports the plan with all of them.",
    )


_BOARDS: Final[Mapping[str, Callable[[PlanReport], PlanBoard]]] = dict(
    zip(BOARDS, (_goal, _criteria, _method, _segments, _profiles, _measures, _changes), strict=True)
)
