"""The rows of a budget as they are read by people, the verdict beside the name."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import polars as pl
from rich.cells import cell_len

from ltvtui.analytics.budget import Budget
from ltvtui.analytics.dimensions import HINDSIGHT
from ltvtui.present.numbers import amount
from ltvtui.present.tables import Column, Table

NOTHING_KNOWN: Final = "–"
"""In place of money that nothing is known of: it is not 0."""
WHOLE: Final = "all"
"""Names the row of all channels."""
_WHOLE_FROM: Final = 100_000
"""Spend from which on cents tell nothing."""


@dataclass(frozen=True, eq=False)
class Rows(Table):
    """Every channel, then all of them; what is not known is said in words."""

    paybacks: tuple[str, ...] = ()
    """Of each row: it takes three figures to say one."""

    @cached_property
    def widths(self) -> tuple[int, ...]:
        """Cells each column needs: what is said in words counts too."""
        cells = self.cells(0, self.height)
        titles = (cell_len(column.title) for column in self.columns)
        return tuple(
            min(max(title, *(cell_len(row[place]) for row in cells)), self.columns[place].widest)
            for place, title in enumerate(titles)
        )

    @property
    def in_files(self) -> tuple[Column, ...]:
        """How many months were watched for the payback stands in a column of its own."""
        return (*self.columns, Column("payback_observed_to", "observed", "count"))

    def write(self, row: int, place: int, value: object) -> str:
        """`value` of that row and column as text."""
        column = self.columns[place]
        match column.key:
            case "spend" | "cac" if value is None:
                return NOTHING_KNOWN
            case "payback_months":
                return self.paybacks[row]
            case "verdict" if value is None:
                return ""
        return super().write(row, place, value)


def budget_table(found: Budget, gross: bool) -> Rows:
    """Every channel in its order, then all of them, told by the column whole; `gross`: LTV is revenue, not profit."""
    whole = found.blended.with_columns(pl.lit(WHOLE).alias("channel"), pl.lit(True).alias("whole"))
    if found.terms.then is not None:
        whole = whole.with_columns(pl.lit("").alias("segment"))
    known = pl.concat([found.rows.with_columns(pl.lit(False).alias("whole")), whole], how="diagonal")
    known = known.with_columns(pl.col("verdict").cast(pl.String))
    seen = pl.min_horizontal("payback_observed_to", pl.lit(found.worth.horizon)).alias("seen")
    known = known.with_columns(seen)
    few = known.with_columns((pl.col("verdict") == "few").fill_null(False).alias("few"))
    told = known.select("cac", "payback_months", "payback_observed_to").iter_rows()
    return Rows(few, _columns(found, gross), few="few", paybacks=tuple(payback_words(*row) for row in told))


def payback_words(cac: float | None, months: float | None, observed_to: int) -> str:
    """1.5 mo; > 8 mo where it was not reached in what was observed; blank where nothing can be said."""
    if months is not None:
        return f"{amount(months, 1)} mo"
    return f"> {observed_to} mo" if cac is not None and observed_to else ""


def _columns(found: Budget, gross: bool) -> tuple[Column, ...]:
    terms, horizon = found.terms, found.worth.horizon
    worth = "Revenue" if gross else "Margin"
    spent = found.rows["spend"].append(found.blended["spend"]).abs().max()
    cents = 0 if isinstance(spent, float) and spent >= _WHOLE_FROM else 2
    segment = (Column("segment", terms.then, help="The second cut: spend is not told by it."),) if terms.then else ()
    verdict = (
        "raise: CAC up to the largest; keep: up to LTV; cut: above LTV; few: under 30 new customers; "
        "unknown: no spend, or LTV not seen for long enough to say cut."
    )
    if terms.then in HINDSIGHT:
        verdict = "None: this cut is made with hindsight, and nobody can be bought by it."
    most = f"The largest CAC to pay: LTV ÷ {terms.target:g}, or what comes back in {terms.payback_limit} months"
    return (
        Column("channel", terms.dimension or "channel", help="Where the customers came from."),
        *segment,
        Column("verdict", "verdict", help=verdict),
        Column("new_customers", "new", "count", help="New customers: their first order lies in the period."),
        Column("spend", "spend", "units", decimals=cents, help="Spent in the period; – is not known, and not 0."),
        Column("cac", "CAC", "units", help="Cost of a customer: spend ÷ new customers. One more may cost more."),
        Column("ltv", "LTV", "units", help=f"{worth} of a customer within {horizon} months."),
        Column("seen", "seen", "count", help=f"Months observed of the {horizon}: LTV is what they brought."),
        Column("ltv_cac", "LTV:CAC", "ratio", help="LTV ÷ CAC."),
        Column(
            "payback_months", "payback", "months", help=f"Months until a customer's {worth.lower()} covers the CAC."
        ),
        Column("max_cac", "max CAC", "units", help=f"{most} if that is less."),
        Column("headroom", "headroom", "units", help="Largest CAC less CAC: below zero too much is paid."),
    )
