"""A plan for the command line and for export."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

import polars as pl

from ltvtui.analytics.doubts import Doubt
from ltvtui.analytics.planning.goals import GoalFigure
from ltvtui.analytics.portrait.criteria import grouped
from ltvtui.days import iso
from ltvtui.present.doubts import doubts_in_short, doubts_json
from ltvtui.present.headline import Clauses, headed, in_markdown, sentence
from ltvtui.present.headline.plan import plan_clauses
from ltvtui.present.headline.portrait import portrait_clauses
from ltvtui.present.history import counted_words
from ltvtui.present.jsontext import write_json
from ltvtui.present.next_steps import step_json
from ltvtui.present.numbers import counted, symbol
from ltvtui.present.plain import plain
from ltvtui.present.planning.enough import enough_clauses, stuck_clauses, window_clauses
from ltvtui.present.planning.matrix import matrix_json, matrix_notes, matrix_table
from ltvtui.present.planning.tables import (
    change_table,
    changed_customers,
    criteria_table,
    goal_table,
    measure_table,
    method_table,
    profile_table,
    vip_words,
)
from ltvtui.present.planning.words import definition, effect_words, method_reasons
from ltvtui.present.portrait.criteria import unknown_criteria
from ltvtui.present.portrait.page import write_page
from ltvtui.present.spreadsheet import rows_as_csv
from ltvtui.present.tables import Table
from ltvtui.present.terms import gap_words
from ltvtui.present.text_tables import markdown_table, text_table
from ltvtui.user_state.plan_answer import Measure, PlanAnswer, Profile

PlanFormat = Literal["table", "json", "csv", "markdown", "html"]
_CHANGED: Final = "data or settings have changed since the goal was set: its figure of then is calculated again"
_PROFILE_KEYS: Final = (
    *("customers", "customer_share", "revenue_share", "ltv", "within_months", "average_check", "lapsed_share"),
)
PAIRS: Final = 20
"""Changes from one segment to another that a text lists."""
DESCRIPTIVE: Final = "descriptive, not a prediction: growth and reach follow from what selects these segments"
Section = tuple[str, Table | str]
"""A heading, and a table or a text under it."""


@dataclass(frozen=True, eq=False)
class PlanReport:
    """A plan with all that is printed beside it."""

    found: PlanAnswer
    currency: str | None
    gross: bool
    """No margin is set or mapped: LTV is before costs."""
    doubts: tuple[Doubt, ...] = ()
    """What may have been read wrong."""

    @property
    def sign(self) -> str:
        """Of the currency."""
        return symbol(self.currency)

    @property
    def headline(self) -> Clauses:
        """What it says in one sentence."""
        return plan_clauses(self.found, self.sign)


def write_plan_report(report: PlanReport, format: PlanFormat) -> str:
    """The plan as text, ending in a line break."""
    match format:
        case "json":
            return write_json(plan_json(report))
        case "csv":
            return rows_as_csv(_measure_rows(report))
        case "markdown":
            return f"# Plan: {report.found.goal.goal.name}\n\n{headed(report.headline, _markdown(report))}"
        case "html":
            title = f"Plan: {report.found.goal.goal.name}"
            return write_page(title, sentence(report.headline), _head(report), sections(report), notes(report))
        case "table":
            parts = "\n".join(f"{title}\n\n{_text(content)}" for title, content in sections(report))
            below = "".join(f"{note}\n" for note in notes(report))
            return f"{sentence(report.headline)}\n{' · '.join(_head(report))}\n\n{parts}\n{below}"


def sections(report: PlanReport) -> list[Section]:
    """The five steps, and what changed since segments were chosen."""
    found, sign = report.found, report.sign
    chosen = [profile.name for profile in found.profiles]
    parts: list[Section] = [
        ("1 Goal", goal_table(found, sign)),
        ("2 Criteria: what decides LTV", criteria_table(found, sign)),
        ("3 Method", method_table(found)),
        ("3 Segments side by side", matrix_table(found.matrix, chosen, sign)),
        ("4 Profiles", profile_table(found, sign)),
        *((f"4 Profile: {_titled(profile)}", _profile_text(found, profile, sign)) for profile in found.profiles),
        ("5 Measures", measure_table(found, sign)),
    ]
    changes, customers = change_table(found, PAIRS), changed_customers(found, currency=sign)
    if found.changes is not None and changes is not None and changes.height:
        parts.append((f"Changed segment since {iso(found.changes.since)}", changes))
        parts += [("Who changed, most revenue first", customers)] if customers and customers.height else []
    return [part for part in parts if isinstance(part[1], str) or part[1].height]


def notes(report: PlanReport) -> tuple[str, ...]:
    """What has to be known to read the tables."""
    found = report.found
    step = found.goal
    moved = step.progress
    gap, vip = found.snapshot.churn_gap.days, vip_words(found, report.sign)
    is_changed = moved is not None and moved.is_changed
    late = found.plan.set_on is not None and moved is None
    return (
        definition(step.goal, step.now, found.query.horizon, gap, vip),
        *((f"{step.goal.figure} is not known: {step.now.missing}",) if step.now.missing else ()),
        *stuck_clauses(found),
        *window_clauses(found),
        *enough_clauses(found, report.sign),
        *(("the goal was set after the as-of day: how its figure moved is not shown",) if late else ()),
        *((_CHANGED,) if is_changed else ()),
        *unknown_criteria(found.criteria),
        *matrix_notes(found.matrix, report.sign),
        *((DESCRIPTIVE,) if found.hindsight else ()),
        *_change_notes(found),
        *(text.removesuffix(".") for text in found.effects.statements),
        "at most: if the measure reached every one of these customers; what it costs is not subtracted",
        *((f"{counted(found.segments.left_out, 'smaller segment')} left out",) if found.segments.left_out else ()),
    )


def plan_json(report: PlanReport) -> dict[str, Any]:
    """The plan as plain values with full precision; money in currency units, shares 0…1, null where unknown."""
    found = report.found
    step, plan = found.goal, found.plan
    moved = step.progress
    return {
        "saved": found.saved,
        "goal": {
            "key": step.goal.key,
            "figure": step.goal.figure,
            "now": _figure_json(step.now),
            "target": step.target,
            "until": iso(step.until),
            "before": step.before,
            "progress": None
            if moved is None
            else {
                "set_on": iso(moved.set_on),
                "then": _figure_json(moved.then),
                "as_it_was": moved.baseline,
                "share_of_way": moved.share,
                "share_of_time": moved.time,
                "days_left": moved.days_left,
            },
        },
        "assumed": [*step.assumed, *["method"] * found.method.assumed, *["segments"] * found.segments_assumed],
        "criteria": {
            "groups": grouped(found.criteria),
            "drivers": list(criteria_table(found).frame.select(_DRIVER_KEYS).iter_rows(named=True)),
        },
        "method": {
            "key": found.method.method,
            "fitting": found.method.fitting,
            "by": list(found.method.by),
            "why": method_reasons(found.method.facts),
        },
        "matrix": matrix_json(found.matrix),
        "profiles": [_profile_json(profile) for profile in found.profiles],
        "measures": [_measure_json(measure, report.sign) for measure in found.measures],
        "segmented_on": None if plan.segmented_on is None else iso(plan.segmented_on),
        "segments_are_old": found.is_old,
        "changes": _changes_json(found),
        "headline": sentence(report.headline),
        "as_of": iso(found.snapshot.terms.as_of),
        "horizon_months": found.query.horizon,
        "churn_gap_days": found.snapshot.churn_gap.days,
        "descriptive": found.hindsight,
        "notes": list(notes(report)),
        "warnings": doubts_json(report.doubts),
    }


_DRIVER_KEYS = (
    *("dimension", "group", "i2", "repeat_i2", "within_months"),
    *("best_value", "best_figure", "worst_value", "worst_figure"),
)


def _figure_json(figure: GoalFigure) -> dict[str, Any]:
    return {
        "day": iso(figure.day),
        "value": figure.value,
        "lower": figure.lower,
        "upper": figure.upper,
        "within_months": figure.seen,
        "customers": figure.customers,
        "missing": figure.missing or None,
    }


def _profile_json(profile: Profile) -> dict[str, Any]:
    row = profile.portrait.row.row(0, named=True)
    notable = profile.portrait.index.filter("notable").select("dimension", "value", "index", "z")
    return {
        "segment": profile.name,
        "name": profile.note.name or None,
        "description": profile.note.text or None,
        **{key: row[key] for key in _PROFILE_KEYS},
        "index": list(notable.iter_rows(named=True)),
        "steps": list(map(step_json, profile.note.steps)),
    }


def _measure_json(measure: Measure, sign: str) -> dict[str, Any]:
    effect = measure.effect
    return {
        "segment": measure.segment,
        **step_json(measure.step),
        "suggested": measure.suggested,
        "effect": None if effect is None else {**effect, "formula": effect_words(effect, sign)},
        "missing": measure.missing or None,
    }


def _changes_json(found: PlanAnswer) -> dict[str, Any] | None:
    changes = found.changes
    if changes is None:
        return None
    return {
        "since": iso(changes.since),
        "moved": changes.moved,
        "new": changes.joined,
        "stayed": changes.stayed,
        "pairs": list(changes.pairs.iter_rows(named=True)),
        "customers": list(changes.customers.drop("customer").iter_rows(named=True)),
    }


def _measure_rows(report: PlanReport) -> pl.DataFrame:
    """A row a measure, for a spreadsheet."""
    rows = []
    for measure in report.found.measures:
        fields = _measure_json(measure, report.sign)
        effect = fields.pop("effect") or dict.fromkeys(("kind", "customers", "each", "total", "formula"))
        rows.append({**fields, **{key: effect[key] for key in ("kind", "customers", "each", "total", "formula")}})
    numbers = {"customers": pl.Int64, "each": pl.Float64, "total": pl.Float64, "suggested": pl.Boolean}
    names = ("segment", "what", "owner", "until", "moves", "suggested", "missing")
    keys = (*names, "kind", "customers", "each", "total", "formula")
    return pl.DataFrame(rows, {key: numbers.get(key, pl.String) for key in keys})


def _profile_text(found: PlanAnswer, profile: Profile, sign: str) -> str:
    clauses = portrait_clauses(profile.portrait, profile.name, found.query.horizon, sign)
    return "\n".join(part for part in (sentence(clauses), profile.note.text) if part)


def _titled(profile: Profile) -> str:
    return f"{profile.name}, {profile.note.name}" if profile.note.name else profile.name


def _change_notes(found: PlanAnswer) -> tuple[str, ...]:
    changes = found.changes
    if changes is None:
        return ()
    border = "thresholds of today on both days" if changes.frozen else "each day has its own thresholds"
    new = f"{counted(changes.joined, 'customer')} had no order then"
    left = changes.pairs.height - PAIRS
    more = f"; {counted(left, 'smaller change')} in JSON" if left > 0 else ""
    return (f"changes: {border}; {new}; {counted(changes.stayed, 'customer')} stayed{more}",)


def _head(report: PlanReport) -> tuple[str, ...]:
    snapshot = report.found.snapshot
    worth = "LTV is before costs" if report.gross else "LTV is on margin"
    doubts = doubts_in_short(report.doubts)
    who = plain(report.found.query.describe())
    counts = (*counted_words(snapshot), *gap_words(snapshot.churn_gap))
    return (f"as of {iso(snapshot.terms.as_of)}", who, *counts, worth, *([doubts] if doubts else []))


def _text(content: Table | str) -> str:
    if isinstance(content, str):
        return "".join(f"{plain(line)}\n" for line in content.splitlines())
    return text_table(content)


def _markdown(report: PlanReport) -> str:
    parts = [" · ".join(map(in_markdown, _head(report))) + "\n"]
    for title, content in sections(report):
        if isinstance(content, str):
            text = "".join(f"{in_markdown(plain(line))}  \n" for line in content.splitlines())
        else:
            text = markdown_table(content)
        parts.append(f"## {in_markdown(plain(title))}\n\n{text}")
    return "\n".join((*parts, "".join(f"- {in_markdown(note)}\n" for note in notes(report))))
