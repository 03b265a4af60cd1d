"""Segment rows as a table: all time, within the horizon, or at equal ages (metrics.md §4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from ltvtui.analytics.ltv import AGES
from ltvtui.analytics.segment_metrics import LTV, SEGMENT_METRICS
from ltvtui.present.columns import ALL_TIME, FEW_MARK, largest, metric_column, style_of
from ltvtui.present.numbers import at_least, months_of
from ltvtui.present.tables import Column, Table

PARTIAL = "partial"
"""Column of the frame: less data than the horizon, so that LTV is no more than a lower bound."""
_OF_FILES = tuple(metric_column(SEGMENT_METRICS[key]) for key in ("retention_supported_months", "within_months"))


@dataclass(frozen=True, eq=False)
class SegmentTable(Table):
    """Segment rows; an LTV of less than the horizon says so: ≥ 37.60 (2 of 12 mo)."""

    horizon: int = 12
    """Months over which LTV is counted."""

    @property
    def in_files(self) -> tuple[Column, ...]:
        """How many months were seen, and of retention supported, stand in columns of their own."""
        return (*self.columns, *_OF_FILES)

    @cached_property
    def widths(self) -> tuple[int, ...]:
        """Cells each column needs, what is said of the months included."""
        sign = len(at_least(""))
        return tuple(
            width + (sign + self._room if column.key == LTV.key and self._room else 0)
            for width, column in zip(super().widths, self.columns, strict=True)
        )

    def write(self, row: int, place: int, value: object) -> str:
        """`value` of that row and column as text."""
        text = super().write(row, place, value)
        if self.columns[place].key != LTV.key or value is None or not self._room:
            return text
        if not self.frame[PARTIAL][row]:
            return text + " " * self._room  # so that figures stand one under the other
        said = f" ({months_of(int(self.frame['within_months'][row]), self.horizon)})"
        return at_least(text) + said.ljust(self._room)

    @cached_property
    def _room(self) -> int:
        """Cells behind LTV for what is said of its months; 0 where nothing has to be said."""
        seen = self.frame["within_months"].filter(self.frame[PARTIAL])
        return max((len(f" ({months_of(int(months), self.horizon)})") for months in seen.unique()), default=0)


def segment_table(
    rows: pl.DataFrame,
    by: Sequence[str],
    horizon: int,
    gross: bool,
    ages: bool = False,
    more: Sequence[Column] = (),
    behind: str = "customer_share",
) -> SegmentTable:
    """`rows` of segments.profile by `by` as a table; with `ages` LTV at equal ages in place of its factors.

    `gross`: LTV is before costs. `more` columns follow the one whose key is `behind`.
    """
    partial = ((pl.col("within_months") < horizon) & pl.col("ltv").is_not_null()).alias(PARTIAL)
    columns = _at_ages(by, rows, horizon) if ages else segment_columns(by, rows, horizon, gross)
    at = next(place for place, column in enumerate(columns, 1) if column.key == behind)
    return SegmentTable(rows.with_columns(partial), (*columns[:at], *more, *columns[at:]), few="few", horizon=horizon)


def segment_columns(by: Sequence[str], rows: pl.DataFrame, horizon: int, gross: bool) -> tuple[Column, ...]:
    """Columns of segments.profile under two headings: all time, and within the horizon.

    LTV stands before its factors, so that it is seen on narrow screens, with its interval where the rows have one;
    the margin is one of them unless LTV is before costs.
    """
    within = f"within {horizon} mo"
    factors = ("check", "frequency", "retention_months", *(() if gross else ("margin",)))
    return (
        *_size(by, rows),
        *_worth(rows, within),
        *(metric_column(SEGMENT_METRICS[key], within) for key in factors),
        *(
            metric_column(SEGMENT_METRICS[key], ALL_TIME)
            for key in ("orders", "orders_per_customer", "average_check")
        ),
    )


def _at_ages(by: Sequence[str], rows: pl.DataFrame, horizon: int) -> tuple[Column, ...]:
    """The same with LTV at the same ages: a young segment is not held against an old one."""
    keys = [f"ltv_{age}" for age in AGES]
    highest = largest(rows, keys[-1])
    at_age = (metric_column(SEGMENT_METRICS[key], "LTV at equal age", highest) for key in keys)
    return (*_size(by, rows), *at_age, *_worth(rows, f"within {horizon} mo"))


def _size(by: Sequence[str], rows: pl.DataFrame) -> tuple[Column, ...]:
    """Who they are, how many, and what they brought."""
    # Beside the name, where it is seen however narrow the screen is.
    few = (FEW_MARK,) if rows["few"].any() else ()
    keys = ("customers", "customer_share", "revenue", "revenue_share")
    return (
        *(Column(name, name, help="The group of customers.") for name in by),
        *few,
        *(metric_column(SEGMENT_METRICS[key], ALL_TIME, largest(rows, key)) for key in keys),
    )


def _worth(rows: pl.DataFrame, within: str) -> tuple[Column, ...]:
    """LTV, and its 95 % interval where the rows have one."""
    highest = largest(rows, LTV.key)
    kind, decimals = style_of(LTV.unit, highest)
    ends = (("ltv_lower", "95 % from", "Lower"), ("ltv_upper", "to", "Upper"))
    bounds = (
        Column(key, title, kind, within, decimals, f"{end} bound of the 95 % interval of LTV.", faint=PARTIAL)
        for key, title, end in ends
        if key in rows.columns
    )
    return (metric_column(LTV, within, highest, faint=PARTIAL), *bounds)
