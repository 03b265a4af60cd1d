"""Segment rows as a table: all time, within the horizon, or at equal ages (metrics.md §4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import log
from typing import Final, Self

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
    is_narrow: bool = False
    """Whether months of data are told in few cells, ≥ 37.60 (2 mo), or in the heading if all rows have as many."""

    @property
    def in_files(self) -> tuple[Column, ...]:
        """How many months were seen, and of retention supported, stand in columns of their own."""
        return (*self.columns, *_OF_FILES)

    def width_of(self, place: int) -> int:
        """Cells that the column needs, what is said of the months included."""
        width = super().width_of(place)
        if self.columns[place].key != LTV.key or not self._seen:
            return width
        return width + len(at_least("")) + self._room

    def write(self, row: int, place: int, value: object) -> str:
        """`value` of that row and column as text."""
        text = super().write(row, place, value)
        if self.columns[place].key != LTV.key or value is None or not self._seen:
            return text
        if not self.frame[PARTIAL][row]:
            return text + " " * self._room  # so that figures stand one under the other
        return at_least(text) + self._note(int(self.frame["within_months"][row])).ljust(self._room)

    def narrow(self) -> Self:
        """Months that all rows have stand in the heading, others behind each LTV in few cells."""
        same = self._same
        if same is None:
            return replace(self, is_narrow=True)
        whole, seen = within_words(self.horizon, self.horizon), within_words(same, self.horizon)
        columns = (replace(c, group=seen) if c.group == whole else c for c in self.columns)
        return replace(self, is_narrow=True, columns=tuple(columns))

    def _note(self, months: int) -> str:
        if not self.is_narrow:
            return f" ({months_of(months, self.horizon)})"
        return f" ({months} mo)" if self._same is None else ""

    @cached_property
    def _seen(self) -> frozenset[int]:
        """Months of data of the rows that have less than the horizon."""
        return frozenset(self.frame["within_months"].filter(self.frame[PARTIAL]).to_list())

    @cached_property
    def _same(self) -> int | None:
        """The months of data of every row with an LTV, where these are less than the horizon."""
        is_alone = len(self._seen) == 1 and bool((self.frame[PARTIAL] | self.frame[LTV.key].is_null()).all())
        return next(iter(self._seen)) if is_alone else None

    @cached_property
    def _room(self) -> int:
        """Cells behind LTV for what is said of its months."""
        return max((len(self._note(months)) for months in self._seen), default=0)


def within_words(seen: int, horizon: int) -> str:
    """Heads what is counted within the horizon: within 12 mo, or within 8 of 12 mo."""
    return f"within {months_of(seen, horizon)}"


INDEX: Final = "ltv_index"
"""Column of the frame: LTV ÷ LTV of all, where both were seen for as many months."""
TINT: Final = "ltv_tint"
"""Column of the frame: how far LTV is below or above that of all, -1…1; null where too few are behind it."""
FULL_TINT: Final = 3
"""LTV of so many times that of all, or that part of it, has the strongest colour."""


def segment_table(
    rows: pl.DataFrame,
    by: Sequence[str],
    horizon: int,
    gross: bool,
    ages: bool = False,
    more: Sequence[Column] = (),
    behind: str = "customer_share",
    currency: str = "",
    base: pl.DataFrame | None = None,
) -> SegmentTable:
    """`rows` of segments.profile by `by` as a table; with `ages` LTV at equal ages in place of its factors.

    `gross`: LTV is before costs. `more` columns follow the one whose key is `behind`. With `base`, the row of
    segments.profile of all, LTV is compared with theirs.
    """
    partial = ((pl.col("within_months") < horizon) & pl.col("ltv").is_not_null()).alias(PARTIAL)
    shown = rows.with_columns(partial)
    if base is not None:
        shown = _against(shown, base)
    columns = _at_ages(by, shown, horizon, currency) if ages else segment_columns(by, shown, horizon, gross, currency)
    at = next(place for place, column in enumerate(columns, 1) if column.key == behind)
    return SegmentTable(
        shown, (*columns[:at], *more, *columns[at:]), few="few", horizon=horizon, fixed=max(len(by), 1)
    )


def _against(rows: pl.DataFrame, base: pl.DataFrame) -> pl.DataFrame:
    """`rows` with INDEX and TINT (Float64)."""
    worth, months = base["ltv"][0], base["within_months"][0]
    comparable = (pl.col("within_months") == months) if worth is not None and worth > 0 else pl.lit(False)
    index = pl.when(comparable).then(pl.col("ltv") / (worth or 1.0)).alias(INDEX)
    strength = pl.when(pl.col(INDEX) > 0).then(pl.col(INDEX).log() / log(FULL_TINT)).otherwise(-1.0).clip(-1, 1)
    seen = pl.col(INDEX).is_not_null() & ~pl.col("few").fill_null(True)
    return rows.with_columns(index).with_columns(pl.when(seen).then(strength).alias(TINT))


def segment_columns(
    by: Sequence[str], rows: pl.DataFrame, horizon: int, gross: bool, currency: str = ""
) -> tuple[Column, ...]:
    """Columns of segments.profile under two headings: all time, and within the horizon.

    LTV stands before its factors, so that it is seen on narrow screens, with its interval where the rows have one;
    the margin is one of them unless LTV is before costs. Where there is no room for all, the lifetime follows LTV.
    """
    within = within_words(horizon, horizon)
    factors = ("check", "frequency", "retention_months", *(() if gross else ("margin",)))
    of_all = (*_size(by, rows, currency), *_worth(rows, within, currency))
    return (
        *of_all,
        *(_factor(key, within, currency) for key in factors),
        *(
            replace(_factor(key, ALL_TIME, currency), rank=3)
            for key in ("orders", "orders_per_customer", "average_check")
        ),
    )


def _factor(key: str, group: str, currency: str) -> Column:
    """A factor of LTV, or one of its like."""
    metric = SEGMENT_METRICS[key]
    unit = currency if metric.unit == "money" else ""
    is_lifetime = key == "retention_months"
    return replace(
        metric_column(metric, group),
        unit=unit,
        short="life, mo" if is_lifetime else metric.name if unit else "",
        rank=0 if is_lifetime else 2,
    )


def _at_ages(by: Sequence[str], rows: pl.DataFrame, horizon: int, currency: str) -> tuple[Column, ...]:
    """The same with LTV at the same ages: a young segment is not held against an old one."""
    keys = [f"ltv_{age}" for age in AGES]
    highest = largest(rows, keys[-1])
    group = f"LTV at equal age, {currency}" if currency else "LTV at equal age"
    at_age = (metric_column(SEGMENT_METRICS[key], group, highest) for key in keys)
    return (*_size(by, rows, currency), *at_age, *_worth(rows, within_words(horizon, horizon), currency))


def _size(by: Sequence[str], rows: pl.DataFrame, currency: str) -> tuple[Column, ...]:
    """Who they are, how many, and what they brought."""
    # Beside the name, where it is seen however narrow the screen is.
    few = (FEW_MARK,) if rows["few"].any() else ()
    customers, part, revenue, share = (
        metric_column(SEGMENT_METRICS[key], ALL_TIME, largest(rows, key))
        for key in ("customers", "customer_share", "revenue", "revenue_share")
    )
    return (
        *(Column(name, name, help="The group of customers.") for name in by),
        *few,
        customers,
        replace(part, is_part=True, short="% cust"),
        replace(revenue, unit=currency, short=revenue.title if currency else ""),
        replace(share, is_part=True, short="% rev"),
    )


def _worth(rows: pl.DataFrame, within: str, currency: str) -> tuple[Column, ...]:
    """LTV, how it compares with that of all, and its 95 % interval, where the rows have them."""
    highest = largest(rows, LTV.key)
    kind, decimals = style_of(LTV.unit, highest)
    ends = (("ltv_lower", "95 % from", "Lower"), ("ltv_upper", "to", "Upper"))
    bounds = (
        Column(key, title, kind, within, decimals, f"{end} bound of the 95 % interval of LTV.", faint=PARTIAL, rank=1)
        for key, title, end in ends
        if key in rows.columns
    )
    tinted = TINT if TINT in rows.columns else ""
    worth = replace(metric_column(LTV, within, highest, faint=PARTIAL), unit=currency, tint=tinted)
    if not tinted:
        return (worth, *bounds)
    index = Column(INDEX, "× all", "ratio", within, help=_INDEX_HELP, faint=PARTIAL, rank=1)
    return (worth, index, *bounds)


_INDEX_HELP: Final = "LTV ÷ LTV of all customers of this screen; blank where they were seen for another time."
