"""Two groups of customers at the same age: how much they differ, why, and how sure that is (metrics.md §12)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import polars as pl

from ltvtui.analytics.aggregate import Aggregate
from ltvtui.analytics.comparison.differences import Difference, differences
from ltvtui.analytics.comparison.log_rank import LogRank, log_rank
from ltvtui.analytics.comparison.parts import Parts, parts_of
from ltvtui.analytics.comparison.probability import SIGNIFICANT, adjusted
from ltvtui.analytics.comparison.rank_test import MannWhitney, mann_whitney
from ltvtui.analytics.comparison.replicates import FACTORS, CommonAge, Errors, errors_of
from ltvtui.analytics.comparison.sides import SIDE, SIDES, A, B, Sides, customers_of, on_both
from ltvtui.analytics.comparison.sums import common_months, group_sums_of, side_curves, side_sums
from ltvtui.analytics.intervals import curve_errors
from ltvtui.analytics.lifecycle.lapsed import LAPSED_SHARE
from ltvtui.analytics.retention import FEW
from ltvtui.analytics.segments import INTERVAL, MEASURES, segment_rows
from ltvtui.analytics.snapshot import Snapshot

COLUMNS = (SIDE, *MEASURES, *INTERVAL, LAPSED_SHARE)
"""Columns of Comparison.rows."""
TESTED = ("ltv", "check", "frequency", "retention_months")
"""Figures of which the difference is tested; the margin is beside them."""


@dataclass(frozen=True, eq=False)
class Comparison:
    """What two groups of customers differ by, A less B. Nobody is in both, unless both are the same."""

    tau: int
    """The common τ: months within which LTV and its factors are; 0 where one side was not seen for a month."""
    horizon: int
    """Months that were asked for."""
    rows: pl.DataFrame
    """COLUMNS, A then B: segments.profile with its interval at the common τ; shares are of both sides together."""
    curves: pl.DataFrame
    """side, then the columns of intervals.curve_errors: cumulative LTV of each side, as far as it was seen."""
    differences: tuple[Difference, ...]
    """Of LTV, its factors and the margin."""
    parts: Parts
    """Why LTV differs: currency units, by replicates.FACTORS."""
    mann_whitney: MannWhitney | None
    """Of the revenue of each counted customer up to the as-of day; None where it does not vary."""
    log_rank: LogRank | None
    """Of retention; None where nobody lapsed."""
    sides: tuple[int, int, int]
    """Customers of A and of B with those who are in both, and these, who are on neither side unless both are the
    same."""
    medians: tuple[float | None, float | None]
    """Median day of the first order of the counted customers of each side, since 1970-01-01."""

    @property
    def overlap(self) -> int:
        """Customers of both A and B, who are left out unless both are the same."""
        return self.sides[2]

    @property
    def same(self) -> bool:
        """Whether A and B are the same customers: every difference is zero."""
        return self.sides[0] == self.sides[1] == self.overlap > 0

    @property
    def few(self) -> bool:
        """Whether one side has fewer than 30 customers who count: no verdict."""
        return bool((self.rows["counted"] < FEW).any()) or self.rows.height < len(SIDES)

    def of(self, measure: str) -> Difference:
        """The difference of a measure."""
        return next(found for found in self.differences if found.measure == measure)

    @cached_property
    def adjusted(self) -> dict[str, float | None]:
        """p by TESTED, mann_whitney and log_rank, adjusted for there being several (Benjamini-Hochberg)."""
        ranks, leaving = self.mann_whitney, self.log_rank
        p = {
            **{name: self.of(name).p for name in TESTED},
            "mann_whitney": None if ranks is None else ranks.p,
            "log_rank": None if leaving is None else leaving.p,
        }
        return dict(zip(p, adjusted(list(p.values())), strict=True))

    def differs(self, test: str) -> bool:
        """Whether a test of `adjusted` finds a difference, with 30 customers on both sides."""
        p = self.adjusted[test]
        return not self.few and p is not None and p < SIGNIFICANT


def compare(snapshot: Snapshot, sides: Sides) -> Comparison:
    """The comparison of two sides of the whole shop that `snapshot` is of; neither side is empty."""
    sums = side_sums(snapshot, sides)
    curves = side_curves(snapshot, sums)
    tau = common_months(curves)
    terms = CommonAge(tau, snapshot.margin, snapshot.terms.discount)
    bands = curve_errors(
        group_sums_of(sums, snapshot.terms.horizon), curves, (SIDE,), snapshot.margin, snapshot.terms.discount
    )
    customers = customers_of(snapshot, sides)
    if sides.same:
        customers = on_both(customers)
    rows = _rows(sums, curves, bands, tau, customers, snapshot)
    errors = {side: _errors(sums, curves, side, terms) for side in SIDES}
    counted = customers.filter(pl.col("seen").is_not_null())
    factors = [{name: row[name] for name in FACTORS} for row in rows.iter_rows(named=True)]
    found = differences(rows, errors[A], errors[B])
    medians = dict(counted.group_by(SIDE).agg(pl.col("first").median()).rows())
    return Comparison(
        tau,
        snapshot.terms.horizon,
        rows,
        bands,
        _without_error(found) if sides.same else found,
        parts_of(*factors),
        mann_whitney(counted, "revenue"),
        log_rank(customers),
        (sides.customers_a, sides.customers_b, sides.overlap),
        (medians.get(A), medians.get(B)),
    )


def _without_error(found: Sequence[Difference]) -> tuple[Difference, ...]:
    """Differences of customers from themselves: zero, whoever of them had been left out."""
    return tuple(
        of if of.value is None else replace(of, value=0.0, se=0.0, lower=0.0, upper=0.0, p=1.0) for of in found
    )


def _rows(
    sums: Aggregate,
    curves: pl.DataFrame,
    bands: pl.DataFrame,
    tau: int,
    customers: pl.DataFrame,
    snapshot: Snapshot,
) -> pl.DataFrame:
    within, interval = (frame.filter(pl.col("age_month") < tau) for frame in (curves, bands))
    rows = segment_rows(sums.by(SIDE).bought, within, curves, (SIDE,), interval)
    silent = snapshot.terms.as_of - pl.col("last") >= snapshot.churn_gap.days
    lapsed = customers.group_by(SIDE).agg(silent.mean().alias(LAPSED_SHARE))
    return rows.join(lapsed, on=SIDE, maintain_order="left").sort(SIDE).select(COLUMNS)


def _errors(sums: Aggregate, curves: pl.DataFrame, side: str, terms: CommonAge) -> Errors:
    own = sums.of_each(lambda rows: rows.filter(pl.col(SIDE) == side))
    supported = curves.filter(pl.col(SIDE) == side)["supported"].diff(null_behavior="ignore")
    # The curve has their number so far: a month is supported where it rises.
    rises = (supported.fill_null(1) > 0).to_numpy()[: terms.months]
    return errors_of(own, np.asarray(rises, dtype=np.bool_), terms)
