"""What Cohorts says: how the metric runs with age, whether newer cohorts are better or worse, and the worst one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import polars as pl

from ltvtui.analytics.cohorts.cohorts import Cohorts, measured
from ltvtui.analytics.cohorts.metrics import CohortMetric
from ltvtui.analytics.retention import FEW
from ltvtui.present.headline import Clauses
from ltvtui.present.headline.overview import NOBODY
from ltvtui.present.headline.words import money, name, share
from ltvtui.present.numbers import amount, count, counted

AGES: Final = (1, 3, 6, 12)
"""Offsets at which the metric is told."""
COMPARED: Final = (3, 1)
"""Offsets at which cohorts are compared: the first of them that some have reached."""
ENOUGH: Final = 4
"""Newer cohorts from which on their place says something."""
NEWEST: Final = 6
"""So many cohorts are the newer ones at most, and half of them at most."""
MOST: Final = 5 / 6
"""Part of the newer ones that has to be on one side of all, and of fewer than ENOUGH none is enough: tossed coins
fall like that once in nine times or less."""


def cohort_clauses(found: Cohorts, metric: CohortMetric, relative: bool, sign: str) -> Clauses:
    """The clauses of a triangle of `metric`, from the cells and the summary of cohorts.measured."""
    if found.rows.is_empty():
        return NOBODY
    figures = _Figures(found, metric, relative, sign)
    return (*figures.by_age, *figures.few, *figures.compared)


@dataclass(frozen=True)
class _Figures:
    """What is said of one triangle."""

    found: Cohorts
    metric: CohortMetric
    relative: bool
    sign: str

    @property
    def by_age(self) -> Clauses:
        """The summary row at some ages."""
        bucket = self.found.bucket
        figures = [(age, self._total(age)) for age in AGES]
        values = [(age, self._write(value)) for age, value in figures if value is not None]
        if not values:
            return (f"no {bucket} after the first is complete yet",)
        (age, first), *others = values
        rest = "".join(f", {value} in {later}" for later, value in others)
        if self.metric.key == "retention":
            return (f"{first} of customers order in {bucket} {age}{rest}",)
        return (f"{self._title}: {first} in {bucket} {age}{rest}",)

    @property
    def few(self) -> Clauses:
        """That all of them together are a small sample."""
        size = int(self.found.rows["size"].sum())
        has_figures = any(self._total(age) is not None for age in AGES)
        return (f"a small sample: {counted(size, 'customer')}",) if has_figures and size < FEW else ()

    @property
    def compared(self) -> Clauses:
        """Cohorts against each other at an equal age; of sums, which follow the size of each, how large they are."""
        if self._adds_up:
            return self._sizes
        for age in COMPARED:
            rows = self._at(age)
            if rows.height >= 2:
                return (*self._newer(rows, age), *self._worst(rows, age), *self._small(age))
        return ()

    @property
    def _sizes(self) -> Clauses:
        sizes = self.found.rows.select("cohort", "size")
        if sizes.height == 1:
            return ()
        largest, newest = sizes.sort("size", descending=True, maintain_order=True).row(0), sizes.row(-1)
        clauses = [f"the largest cohort is {name(largest[0])} with {counted(largest[1], 'customer')}"]
        if self.found.by is None and newest != largest:
            clauses.append(f"the newest {name(newest[0])} with {count(newest[1])}")
        return (", ".join(clauses), "sums follow the size of a cohort: compare shares (p, --relative)")

    def _newer(self, rows: pl.DataFrame, age: int) -> Clauses:
        """Whether the newer of `rows` (cohort, value) lie below or above all; of sums that says nothing."""
        total = self._total(age)
        if self.found.by is not None or self._adds_up or total is None or rows.height < ENOUGH:
            return ()
        newer = rows.tail(min(NEWEST, rows.height // 2))
        below, above = int((newer["value"] < total).sum()), int((newer["value"] > total).sum())
        all_of_them = f"all cohorts together in {self.found.bucket} {age} ({self._write(total)})"
        most = newer.height * MOST if newer.height >= ENOUGH else newer.height + 1
        if below >= most:
            return (f"newer cohorts are worse: {_of(below, newer.height)} below {all_of_them}",)
        if above >= most:
            return (f"newer cohorts are better: {_of(above, newer.height)} above {all_of_them}",)
        if newer.height in (below, above):  # as many as tosses of a coin may bring
            side, verdict = ("below", "worse") if below else ("above", "better")
            return (
                f"{_of(newer.height, newer.height)} {side} {all_of_them}: too few to call newer cohorts {verdict}",
            )
        return (f"newer cohorts are not clearly better or worse: {_of(below, newer.height)} below {all_of_them}",)

    def _worst(self, rows: pl.DataFrame, age: int) -> Clauses:
        low, high = rows["value"].min(), rows["value"].max()
        if low is None or low == high:
            return (f"all cohorts are equal in {self.found.bucket} {age}",)
        worst = rows.filter(pl.col("value") == low)
        at = f"in {self.found.bucket} {age}"
        if worst.height > 1:
            return (f"{count(worst.height)} cohorts share the lowest {at}: {self._write(worst['value'][0])}",)
        lowest = f"the lowest {at} is {name(worst['cohort'][0])} with {self._write(worst['value'][0])}"
        best = rows.filter(pl.col("value") == high)
        highest = f", the highest {name(best['cohort'][0])} with {self._write(best['value'][0])}"
        return (lowest + highest if best.height == 1 else lowest,)

    def _small(self, age: int) -> Clauses:
        """Cohorts that are not compared."""
        left = self._cohorts(age).height - self._at(age).height
        return (f"{counted(left, 'cohort')} under {FEW} customers not compared",) if left else ()

    @cached_property
    def _measured(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        return measured(self.found, self.metric, self.relative)

    def _total(self, age: int) -> float | None:
        summary = self._measured[1]
        return summary[str(age)][0] if str(age) in summary.columns and summary.height else None

    def _at(self, age: int) -> pl.DataFrame:
        """cohort and value of those of `_cohorts` that are no small sample."""
        return self._cohorts(age).filter(pl.col("size") >= FEW).select("cohort", "value")

    def _cohorts(self, age: int) -> pl.DataFrame:
        """cohort, size and value of those that have the period behind them, in their order."""
        cells = self._measured[0]
        if str(age) not in cells.columns:
            return pl.DataFrame(schema={"cohort": pl.String, "size": pl.Int64, "value": pl.Float64})
        rows = self.found.rows.with_columns(cells[str(age)].alias("value")).with_row_index("row")
        if self.found.by is None:
            going_on = self.found.cells.filter(pl.col("unfinished"), pl.col("offset") == age)["row"]
            rows = rows.filter(~pl.col("row").is_in(going_on.implode()))
        return rows.filter(pl.col("value").is_not_null()).select("cohort", "size", "value")

    @property
    def _adds_up(self) -> bool:
        return self.metric.adds_up and not self.relative

    @property
    def _title(self) -> str:
        is_part = self.relative and self.metric.unit != "share"
        return f"{self.metric.name} as a share of {self.found.bucket} 0" if is_part else self.metric.name

    def _write(self, value: float) -> str:
        if self.relative or self.metric.unit == "share":
            return share(value, tenths_below=0.1)
        match self.metric.unit:
            case "count":
                return count(round(value))
            case "money":
                return money(value, self.sign)
        return amount(value, self.metric.decimals)


def _of(number: int, newest: int) -> str:
    if number == newest:
        return f"the {newest} newest are"
    return f"{number or 'none'} of the {newest} newest {'are' if number > 1 else 'is'}"
