"""What a cell of a cohort can show (metrics.md §9): each metric with its computation.

A further one is one more value in COHORT_METRICS. The command line, the screen, captions, formatting, files and JSON
read its attributes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import polars as pl

from ltvtui.analytics.cohorts.cells import COUNTED
from ltvtui.analytics.metric import Metric, by_key
from ltvtui.analytics.schema import units


@dataclass(frozen=True)
class CohortMetric(Metric):
    """A metric of the cells of cohorts; its key is its name.

    Expressions read the columns of Cohorts.cells, row by row, and `margin` (Cohorts.margin).
    """

    cell: pl.Expr = field(kw_only=True, compare=False, repr=False)
    """What is shown. Of COUNTED, it holds all that was observed; of SEEN, those who are counted in the cell."""
    each: pl.Expr | None = field(default=None, kw_only=True, compare=False, repr=False)
    """Per initial customer, so that offsets can be compared; None: `cell` is that already."""
    cumulative: bool = field(default=False, kw_only=True)
    """Whether a cell holds the offsets before it too."""
    share_of: str | None = field(default=None, kw_only=True)
    """Of a share: the metric of which it is the part of the first period."""

    def value(self, relative: bool) -> pl.Expr:
        """What is shown, or what of it is compared with the first period."""
        return self.each if relative and self.each is not None else self.cell

    def all_observed(self, relative: bool) -> bool:
        """Whether cells hold everything that was observed, of periods that are not over too."""
        return not _reads(self.value(relative)).isdisjoint(COUNTED)

    @property
    def discounted(self) -> bool:
        """Whether the rate of discount changes it."""
        return "value" in _reads(self.cell)

    @property
    def high_at_first(self) -> bool:
        """Whether the first period stands out, since everybody ordered in it: not a mean of orders, nor a sum that
        grows from there."""
        return not self.cumulative and self.total != "mean per order"


def _reads(value: pl.Expr) -> frozenset[str]:
    return frozenset(value.meta.root_names())


_BASE: Final = pl.when(pl.col("base") > 0).then(pl.col("base"))
_EARNED: Final = units(pl.col("earned"))

COHORT_METRICS: Final[dict[str, CohortMetric]] = by_key(
    (
        CohortMetric(
            "retention",
            "retention",
            "share",
            "mean per customer",
            cell=pl.col("active") / _BASE,
            share_of="customers",
        ),
        CohortMetric(
            "customers", "customers", "count", "sum", cell=pl.col("customers"), each=pl.col("active") / _BASE
        ),
        CohortMetric("orders", "orders", "count", "sum", cell=pl.col("orders"), each=pl.col("bought") / _BASE),
        CohortMetric("revenue", "revenue", "money", "sum", cell=units(pl.col("revenue")), each=_EARNED / _BASE),
        CohortMetric(
            "average check",
            "average check",
            "money",
            "mean per order",
            cell=pl.when(pl.col("bought") > 0).then(_EARNED / pl.col("bought")),
        ),
        CohortMetric(
            "revenue per customer", "revenue per customer", "money", "mean per customer", cell=_EARNED / _BASE
        ),
        CohortMetric(
            "cumulative LTV",
            "cumulative LTV",
            "money",
            "mean per customer",
            cell=units(pl.col("value")) * pl.col("margin") / _BASE,
            cumulative=True,
        ),
    )
)
"""By name, in the order in which the screen goes through them."""


def share_of(metric: CohortMetric) -> CohortMetric | None:
    """The metric that shows this one as a share of its first period; None: there is none with a name of its own."""
    return next((each for each in COHORT_METRICS.values() if each.share_of == metric.key), None)
