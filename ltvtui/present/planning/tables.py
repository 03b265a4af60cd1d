"""Tables of a plan: goal, criteria, method, measures, and who changed segment."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import polars as pl

from ltvtui.analytics.planning.changes import NEW
from ltvtui.analytics.planning.methods import METHODS
from ltvtui.analytics.schema import MONEY_SCALE
from ltvtui.days import iso
from ltvtui.present.columns import largest, style_of
from ltvtui.present.headline.words import listed, money, name, share
from ltvtui.present.numbers import amount, months_of, percent
from ltvtui.present.planning.words import effect_words, figure_text, figure_words, method_name, method_reasons
from ltvtui.present.tables import Column, Table
from ltvtui.user_state.plan_answer import PlanAnswer

_WIDE: Final = 200
"""Cells of a column of sentences."""
SHOWN: Final = 10
"""Customers who changed segment that a table for people lists."""


def goal_table(found: PlanAnswer, currency: str = "") -> Table:
    """The goal with its figure, its number and day; and what became of it since it was set."""
    step, horizon = found.goal, found.query.horizon
    goal, moved = step.goal, step.progress
    rows = [("goal", goal.name), (f"{goal.figure} today", figure_words(goal, step.now, horizon, currency))]
    if step.now.lower is not None and step.now.upper is not None:
        ends = (figure_text(goal, end, currency) for end in (step.now.lower, step.now.upper))
        rows.append(("95 % interval", " to ".join(ends)))
    if step.before is not None:
        rows.append(("came back in as many days before the goal", figure_text(goal, step.before)))
    rows += [("number", figure_text(goal, step.target, currency)), ("until", iso(step.until))]
    if moved is not None:
        rows.append((f"{goal.figure} on {iso(moved.set_on)}, when it was set", _then(found, currency)))
        rows += [("of the way", share(moved.share))] if moved.share is not None else []
        rows += [("of the time", share(moved.time))] if moved.time is not None else []
    frame = pl.DataFrame(rows, {"what": pl.String, "figure": pl.String}, orient="row")
    return Table(frame, (Column("what", "goal", widest=60), Column("figure", "figure", widest=_WIDE)))


def glance_table(found: PlanAnswer, currency: str = "") -> Table:
    """goal_table, and under it a line for each further step."""
    of_goal = goal_table(found, currency)
    best = found.drivers.of_first_order.filter(pl.col("i2").is_not_null()).head(1)
    decides = [f"{name(each)} decides most (I² {percent(i2)})" for each, i2 in best.select("dimension", "i2").rows()]
    chosen = f"{len(found.profiles)} of {len(found.segments.trails)}"
    names = [name(profile.name) for profile in found.profiles]
    effects = [
        f"{amount(m.effect['total'], 0)} {currency if m.effect['each'] is not None else ''}".rstrip()
        + f" at most by {name(m.segment)}"
        for m in found.measures
        if m.effect is not None and m.effect["total"]
    ]
    steps = (
        ("criteria", *(decides or ["no dimension tells customers apart"])),
        ("method", method_name(found.method.method)),
        ("segments", f"{chosen}: {listed(names)}" if names else "none is chosen"),
        ("measures", effects[0] if effects else "no figure says what a measure can bring"),
    )
    below = pl.DataFrame(steps, of_goal.frame.schema, orient="row")
    return replace(of_goal, frame=pl.concat([of_goal.frame, below]))


def _then(found: PlanAnswer, currency: str) -> str:
    moved = found.goal.progress
    assert moved is not None
    return figure_words(found.goal.goal, moved.then, found.query.horizon, currency)


def criteria_table(found: PlanAnswer, currency: str = "") -> Table:
    """Dimensions known at the first order, by how much of LTV they tell apart, with the group of each."""
    ltv, repeat = found.drivers.of_first_order, found.repeat.of_first_order
    groups = pl.DataFrame(list(found.criteria.items()), {"dimension": pl.String, "group": pl.String}, orient="row")
    with_figure = ltv.filter(pl.col("i2").is_not_null())
    second = repeat.select("dimension", pl.col("i2").alias("repeat_i2"))
    frame = with_figure.join(second, on="dimension", how="left", maintain_order="left")
    frame = frame.join(groups, on="dimension", how="left", maintain_order="left")
    kind, decimals = style_of("money", max(largest(frame, "best_figure"), largest(frame, "worst_figure")))
    ends = (
        column
        for end, title in (("best", "highest"), ("worst", "lowest"))
        for column in (
            Column(f"{end}_value", title, widest=20),
            Column(f"{end}_figure", "LTV", kind, decimals=decimals, unit=currency),
        )
    )
    return Table(
        frame,
        (
            Column("dimension", "dimension", widest=24),
            Column("group", "group of criteria"),
            Column("i2", "I² of LTV", "share", help="Share of the variance between segments that is beyond chance."),
            Column("repeat_i2", "I² of order 2", "share", help="The same of a second order."),
            Column("within_months", "months", "count", help="Months of data behind LTV."),
            *ends,
        ),
    )


def method_table(found: PlanAnswer) -> Table:
    """The methods, which is used, and what speaks for each."""
    step, reasons = found.method, method_reasons(found.method.facts)
    rows = [
        (
            "✓" if key == step.method else "",
            method_name(key),
            ", ".join(step.by) if key == step.method else "",
            "fits" if key == step.fitting else "",
            reasons[key],
        )
        for key in METHODS
    ]
    names = ("mark", "method", "by", "fits", "why")
    frame = pl.DataFrame(rows, dict.fromkeys(names, pl.String), orient="row")
    titles = {"mark": "", "method": "method", "by": "segments by", "fits": "", "why": "why"}
    return Table(frame, tuple(Column(key, titles[key], widest=_WIDE) for key in names))


def profile_table(found: PlanAnswer, currency: str = "") -> Table:
    """The segments chosen: size, LTV with its months of data, share of revenue, and the analyst's name of each."""
    rows = []
    for profile in found.profiles:
        row = profile.portrait.row.row(0, named=True)
        within = months_of(row["within_months"], found.query.horizon) if row["ltv"] is not None else ""
        part = (row["customers"], row["customer_share"], row["revenue_share"], row["ltv"], within)
        rows.append((profile.name, profile.note.name, *part, row["average_check"], row["lapsed_share"]))
    schema: dict[str, type[pl.DataType]] = {
        "segment": pl.String,
        "name": pl.String,
        "customers": pl.Int64,
        "customer_share": pl.Float64,
        "revenue_share": pl.Float64,
        "ltv": pl.Float64,
        "within": pl.String,
        "average_check": pl.Float64,
        "lapsed_share": pl.Float64,
    }
    frame = pl.DataFrame(rows, schema, orient="row")
    names = (Column("name", "name"),) if any(profile.note.name for profile in found.profiles) else ()
    return Table(
        frame,
        (
            Column("segment", "segment", widest=30),
            *names,
            Column("customers", "customers", "count"),
            Column("customer_share", "of all", "share"),
            Column("revenue_share", "of revenue", "share"),
            Column("ltv", "LTV", "units", unit=currency, decimals=style_of("money", largest(frame, "ltv"))[1]),
            Column("within", "months of data"),
            Column("average_check", "avg check", "units", unit=currency, help="Revenue ÷ orders, all time."),
            Column("lapsed_share", "lapsed", "share"),
        ),
    )


def measure_table(found: PlanAnswer, currency: str = "") -> Table:
    """Who, what, until when, the figure it should move, and what it can bring at most."""
    rows = []
    for measure in found.measures:
        step, effect = measure.step, measure.effect
        formula = measure.missing if effect is None else effect_words(effect, currency)
        total = None if effect is None else effect["total"]
        what = f"{step.what} (suggested)" if measure.suggested else step.what
        rows.append((measure.segment, what, step.owner, step.until, step.figure, total, formula))
    schema: dict[str, type[pl.DataType]] = {
        "segment": pl.String,
        "what": pl.String,
        "owner": pl.String,
        "until": pl.Int32,
        "moves": pl.String,
        "total": pl.Float64,
        "formula": pl.String,
    }
    frame = pl.DataFrame(rows, schema, orient="row")
    is_money = all(measure.effect is None or measure.effect["each"] is not None for measure in found.measures)
    owner = (Column("owner", "owner"),) if any(measure.step.owner for measure in found.measures) else ()
    return Table(
        frame,
        (
            Column("segment", "who", widest=30),
            Column("what", "what", widest=_WIDE),
            *owner,
            Column("until", "until", "day"),
            Column("moves", "moves", widest=24),
            Column("total", "at most", "units", unit=currency if is_money else "", decimals=0),
            Column("formula", "how it is worked out", widest=_WIDE),
        ),
    )


def change_table(found: PlanAnswer, most: int | None = None) -> Table | None:
    """How many customers went from one segment to another since segments were chosen; None where it is not known."""
    if found.changes is None:
        return None
    return Table(
        found.changes.pairs if most is None else found.changes.pairs.head(most),
        (
            Column("before", f"on {iso(found.changes.since)}", widest=30),
            Column("after", "now", widest=30),
            Column("customers", "customers", "count"),
        ),
    )


def changed_customers(found: PlanAnswer, most: int | None = SHOWN, currency: str = "") -> Table | None:
    """Who had another segment before, most revenue first; without those who had no order yet."""
    if found.changes is None:
        return None
    moved = found.changes.customers.filter(pl.col("before") != NEW)
    return Table(
        moved.head(moved.height if most is None else most),
        (
            Column("id", "customer"),
            Column("before", f"on {iso(found.changes.since)}", widest=30),
            Column("after", "now", widest=30),
            Column("revenue", "revenue", "units", unit=currency),
        ),
    )


def vip_words(found: PlanAnswer, currency: str = "") -> str:
    """The amount from which on customers are VIPs for this goal."""
    vip_from = found.goal.vip_from
    return "more than zero" if vip_from is None else money(vip_from / MONEY_SCALE * found.snapshot.margin, currency)
