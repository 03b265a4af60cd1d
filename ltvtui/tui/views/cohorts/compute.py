"""What Cohorts shows: the triangle as a heat map, and how long customers stay."""

from __future__ import annotations

from dataclasses import dataclass

from ltvtui.analytics.cohorts.cohorts import Cohorts, cohorts
from ltvtui.analytics.cohorts.metrics import COHORT_METRICS
from ltvtui.analytics.cohorts.payback import payback_offsets
from ltvtui.analytics.forecast.of_snapshot import why_no_bands
from ltvtui.analytics.survival import retention_curves, retention_summary
from ltvtui.days import iso
from ltvtui.present.charts import LineChart
from ltvtui.present.cohort_report import notes, summary_words
from ltvtui.present.cohorts import Triangle, payback_remarks, payback_words, triangle, with_payback
from ltvtui.present.colours import Orders
from ltvtui.present.headline.cohorts import cohort_clauses
from ltvtui.present.headline.forecast import why_no_forecast
from ltvtui.present.numbers import symbol
from ltvtui.present.plots import retention_plot
from ltvtui.query.query import Query, Step
from ltvtui.session.apply_filters import step_of
from ltvtui.session.dataset import Dataset
from ltvtui.session.value_order import value_orders
from ltvtui.tui.location import Location
from ltvtui.tui.views.answer import Answer
from ltvtui.tui.views.cohorts.state import CohortsState


@dataclass(frozen=True, eq=False, kw_only=True)
class CohortsAnswer(Answer):
    """What the screen shows."""

    found: Cohorts
    triangle: Triangle
    over: bool
    """Cells of an attribute tell of those for whom the period is over."""
    summary: str
    notes: tuple[str, ...]
    """What has to be known of the cells beside the name of the metric."""
    remarks: tuple[str, ...]
    """The same in more words, for those who ask."""
    retention: LineChart
    orders: Orders
    """Order of what makes the cohorts, by which they have their colours."""
    counted: tuple[Step, ...]
    """Whom the summary counts, where that is not everybody."""


def cohort_triangle(dataset: Dataset, location: Location) -> CohortsAnswer:
    """The triangle, and Kaplan-Meier retention by what makes the cohorts, else by tier."""
    state, query = location.state(CohortsState), location.query
    found = dataset.ask(cohorts, query, state.bucket, state.by)
    by = _cut(query, state.by)
    life, summary = dataset.ask(retention_curves, query, by), dataset.ask(retention_summary, query, by)
    metric = COHORT_METRICS[state.metric]
    table = triangle(found, metric, state.relative, whole=False)
    remarks: tuple[str, ...] = ()
    notable = notes(found, metric, state.relative)
    if state.by is None and not query.trail and dataset.spending is not None:
        paid = payback_offsets(found, dataset.spending, dataset.as_of(query), query.week_start)
        table = with_payback(table, paid)
        notable += payback_words(table, state.bucket)
        remarks = payback_remarks(table, state.bucket)
    since = found.since
    why_not = why_no_forecast(why_no_bands(dataset.snapshot(query), (state.by,) if state.by else ()))
    return CohortsAnswer(
        tables=(table,),
        headline=(*why_not, *cohort_clauses(found, metric, state.relative, symbol(dataset.cleaned.currency))),
        found=found,
        triangle=table,
        over=state.by is not None and not metric.all_observed(state.relative),
        summary=summary_words(metric, state.relative),
        notes=notable,
        remarks=remarks,
        retention=retention_plot(life, by, summary, value_orders(dataset, by)),
        orders=() if state.by is None else value_orders(dataset, (state.by,)),
        counted=() if since is None else (step_of(dataset, query, f"first >= {iso(since)}"),),
    )


def _cut(query: Query, by: str | None) -> tuple[str, ...]:
    """By what retention is cut: what makes the cohorts, else tiers unless the trail has chosen one."""
    wanted = by or "tier"
    return () if wanted in query.fixed_dimensions else (wanted,)
