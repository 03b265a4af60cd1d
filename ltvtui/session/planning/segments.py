"""Segments of a method side by side: their figures by the criteria of the matrix, and what a measure can bring."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

import polars as pl

from ltvtui.analytics.dimensions import HINDSIGHT, PERIODS
from ltvtui.analytics.forecast.of_snapshot import forecast_of, gate_of, question_of
from ltvtui.analytics.forecast.season import NOTABLE
from ltvtui.analytics.planning.effects import EFFECTS, at_risk, factor_gaps, near_vips, one_more_order, too_dear
from ltvtui.analytics.planning.segment_sums import growth_and_contact, growth_span
from ltvtui.analytics.planning.target_matrix import MATRIX_CRITERIA, SEGMENT, TargetMatrix, target_matrix
from ltvtui.analytics.segments import profile
from ltvtui.analytics.snapshot import Snapshot
from ltvtui.query.query import Filter
from ltvtui.session.planning.question import PlanQuestion
from ltvtui.user_state.plan_answer import SegmentEffects, Segments
from ltvtui.user_state.plans import Trail

MOST: Final = 60
"""Segments that are laid side by side: those with most customers."""
_KEY: Final = "place"


def segments_by(asked: PlanQuestion, by: tuple[str, ...]) -> Segments:
    """The segments that the dimensions `by` make of the plan's customers."""
    dataset, query = asked.dataset, asked.query
    tau = _common_age(dataset.ask(profile, query, by), query.horizon)
    all_rows = dataset.ask(profile, replace(query, horizon=tau), by)
    largest = all_rows.with_row_index(_KEY).top_k(MOST, by="customers").sort(_KEY).drop(_KEY)
    trails = tuple(_trail(by, row) for row in largest.select(by).iter_rows())
    whole = dataset.ask(profile, replace(query, horizon=tau))
    return Segments(by, trails, largest, whole, tau, all_rows.height - largest.height)


def segments_of(asked: PlanQuestion, trails: tuple[Trail, ...]) -> Segments:
    """The segments that each of `trails` selects of the plan's customers; they may overlap."""
    dataset, query = asked.dataset, asked.query
    full = [dataset.ask(profile, asked.within(trail)) for trail in trails]
    tau = _common_age(pl.concat(full), query.horizon) if full else query.horizon
    rows = [dataset.ask(profile, replace(asked.within(trail), horizon=tau)) for trail in trails]
    whole = dataset.ask(profile, replace(query, horizon=tau))
    return Segments((), trails, pl.concat(rows) if rows else whole.clear(), whole, tau)


def matrix_of(asked: PlanQuestion, segments: Segments, weights: Mapping[str, float]) -> TargetMatrix:
    """The segments by the criteria of the matrix, scored."""
    span = growth_span(asked.as_of, asked.dataset.first_day)
    sums = _each(asked, segments, lambda snapshot, by: growth_and_contact(snapshot, by, span), ("growth", "reach"))
    net, why = _net(asked, segments)
    rows = segments.rows.select(
        pl.Series(SEGMENT, segments.names, dtype=pl.String),
        pl.col("customers").cast(pl.Int64).alias("size"),
        pl.col("ltv").alias("value"),
        sums["growth"],
        sums["reach"],
        net.alias("net"),
        "few",
    )
    assert set(MATRIX_CRITERIA) < set(rows.columns)
    return target_matrix(rows, weights, segments.tau, span, {"net": why} if why else {})


def effects_of(asked: PlanQuestion, segments: Segments, goal: str, vip_from: int | None) -> SegmentEffects:
    """The effect of a measure for that goal on each segment."""
    columns = tuple(EFFECTS)
    match goal:
        case "win-back":
            rows, why = _each(asked, segments, at_risk, columns), "nobody of them fades or has lapsed"
            return SegmentEffects(rows, why, _statements(asked.snapshot))
        case "grow-vips":
            if vip_from is None:
                return SegmentEffects(_nothing(segments), "nobody is a VIP")
            rows = _each(asked, segments, lambda snapshot, by: near_vips(snapshot, by, vip_from), columns)
            return SegmentEffects(rows, "nobody is one average order below VIP, and none of its VIPs fades")
        case "raise-ltv" if not segments.by or not HINDSIGHT.isdisjoint(segments.by):
            return SegmentEffects(_each(asked, segments, one_more_order, columns), "all of them have lapsed")
        case "raise-ltv":
            keyed = segments.rows.with_row_index(_KEY)
            found = factor_gaps(keyed, segments.whole, (_KEY,))
            rows = keyed.select(_KEY).join(found, on=_KEY, how="left", maintain_order="left").drop(_KEY)
            why = "in no factor of LTV are they below all customers, or LTV is not known"
            return SegmentEffects(rows, why)
    return _of_channels(asked, segments)


def _statements(snapshot: Snapshot) -> tuple[str, ...]:
    """What there is to know of a forecast before value at risk is used; why it is not used, where there is none."""
    gate = gate_of(snapshot)
    if not gate.ok:
        return (gate.why,)
    found = forecast_of(snapshot, question_of(snapshot))
    factor = found.seasons[-1].value
    if abs(factor - 1) < NOTABLE:
        return found.statements
    missed = "missed" if factor > 1 else "had too much"
    return (*found.statements, f"Value at risk has × {factor:.2f}, which the forecast of one year ago {missed}.")


def _of_channels(asked: PlanQuestion, segments: Segments) -> SegmentEffects:
    why, channel = asked.why_no_budget(), asked.channel
    if why:
        return SegmentEffects(_nothing(segments), why)
    if channel is None or segments.by != (channel,):
        how = "" if channel is None else f": divide customers by it (cohorts by {channel})"
        return SegmentEffects(_nothing(segments), f"Spend is known by channel, not of these segments{how}.")
    found = too_dear(asked.budget_on(asked.query, dimension=channel).rows, channel)
    rows = _in_order(segments, found, tuple(EFFECTS))
    return SegmentEffects(rows, "CAC is not above the max CAC, or that is not known")


def _net(asked: PlanQuestion, segments: Segments) -> tuple[pl.Series, str]:
    """LTV - CAC of each segment, and why none has it."""
    nothing = pl.repeat(None, len(segments.trails), dtype=pl.Float64, eager=True)
    why, by = asked.why_no_budget(), segments.by
    if why:
        return nothing, "no spend is known of these customers"
    if len(by) != 1 or by[0] not in (asked.channel, *PERIODS):
        return nothing, "spend is known by channel and by day, not of these segments"
    found = asked.budget_on(asked.query, dimension=by[0])
    if found.too_coarse:
        return nothing, "spend is booked by longer periods than these"
    net = found.rows.select(pl.col("channel").alias(by[0]), (pl.col("ltv") - pl.col("cac")).alias("net"))
    return _in_order(segments, net, ("net",))["net"], ""


Function = Callable[[Snapshot, tuple[str, ...]], pl.DataFrame]


def _each(asked: PlanQuestion, segments: Segments, function: Function, columns: tuple[str, ...]) -> pl.DataFrame:
    """`columns` of what `function` gives of each segment, row for row; null where it gives none."""
    if segments.by:
        return _in_order(segments, function(asked.snapshot, segments.by), columns)
    parts = [function(asked.dataset.snapshot(asked.within(trail)), ()).select(columns) for trail in segments.trails]
    one_each = [part if part.height else part.clear(1) for part in parts]
    return pl.concat(one_each) if one_each else function(asked.snapshot, ()).select(columns).clear()


def _in_order(segments: Segments, found: pl.DataFrame, columns: tuple[str, ...]) -> pl.DataFrame:
    keys = list(segments.by)
    texts = [pl.col(key).cast(pl.String) for key in keys]
    own, other = segments.rows.select(texts), found.select(*texts, *columns)
    return own.join(other, on=keys, how="left", nulls_equal=True, maintain_order="left").select(columns)


def _nothing(segments: Segments) -> pl.DataFrame:
    return pl.DataFrame(schema=EFFECTS).clear(len(segments.trails))


def _common_age(rows: pl.DataFrame, horizon: int) -> int:
    """The least months of data behind LTV of segments with 30 customers or more."""
    large = rows.filter(~pl.col("few") & pl.col("ltv").is_not_null())["within_months"]
    least: Any = large.min()
    return min(int(least), horizon) if large.len() else horizon


def _trail(by: tuple[str, ...], values: tuple[Any, ...]) -> Trail:
    return tuple(Filter(name, None if value is None else str(value)) for name, value in zip(by, values, strict=True))
