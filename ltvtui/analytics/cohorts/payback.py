"""When a cohort has paid back what it cost: cumulative LTV per customer against the spend of its own period."""

from __future__ import annotations

import polars as pl

from ltvtui.analytics.budget.spend import Spend, by_name
from ltvtui.analytics.cohorts.cohorts import Cohorts, dimension_of, measured
from ltvtui.analytics.cohorts.metrics import COHORT_METRICS
from ltvtui.analytics.kernel import calendar
from ltvtui.analytics.schema import MONEY_SCALE


def payback_offsets(found: Cohorts, spend: Spend, as_of: int, week_start: int = 0) -> list[int | None]:
    """Of each cohort of `found`, which are those of a calendar period, the first offset at which cumulative LTV per
    initial customer reaches its CAC: spend of the period by new customers of the period.

    None where it does not yet, where spend is not known of the whole period or not booked by such periods, and where
    nothing was spent.
    """
    offsets: list[int | None] = [None] * found.rows.height
    covered = spend.covered_days
    if found.by is not None or covered is None or not spend.covers(dimension_of(found.bucket)):
        return offsets
    last = min(covered[1], as_of)
    days = pl.int_range(covered[0], last + 1, dtype=pl.Int32, eager=True)
    periods = calendar.period(days, found.bucket, week_start)
    whole = [
        period
        for period in periods.unique().sort()
        if calendar.first_day(period, found.bucket, week_start) >= covered[0]
        and calendar.last_day(period, found.bucket, week_start) <= last
    ]
    whole_names = set(calendar.label(pl.Series(whole, dtype=pl.Int32), found.bucket, week_start))
    spent = dict(by_name(spend.within(covered[0], last), dimension_of(found.bucket), week_start).iter_rows())
    values, _ = measured(found, COHORT_METRICS["cumulative LTV"])
    for row, (cohort, size) in enumerate(found.rows.select("cohort", "size").iter_rows()):
        cost = spent.get(cohort, 0) if cohort in whole_names else 0
        if cost > 0 and size:
            cac = cost / MONEY_SCALE / size
            covering = (at for at, value in enumerate(values.row(row)) if value is not None and value >= cac)
            offsets[row] = next(covering, None)
    return offsets
