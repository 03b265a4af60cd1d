"""The key figures: three factors, their product, and what they are of."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from ltvtui.analytics.snapshot import Snapshot
from ltvtui.present.numbers import amount, count, percent, symbol


@dataclass(frozen=True)
class Kpi:
    """One figure of the strip."""

    label: str
    value: str
    sign: str = ""
    """Sign between this figure and the next: × or =."""
    note: str = ""
    """What has to be known beside it; stands in the lower edge of the box."""
    words: str = ""
    """What stands behind the value where the strip is one line."""


def key_figures(row: pl.DataFrame, snapshot: Snapshot, currency: str | None, margin_mapped: bool) -> tuple[Kpi, ...]:
    """The strip for a profile's one row, under the snapshot's terms."""
    facts = row.row(0, named=True)
    sign = symbol(currency)
    horizon = snapshot.terms.horizon
    gross = snapshot.terms.margin is None and not margin_mapped

    def money(value: float | None) -> str:
        if value is None:
            return ""
        return f"{amount(value, 0 if abs(value) >= 10_000 else 2)} {sign}".rstrip()

    months = facts["retention_months"]
    within = "" if months is None else f"within {facts['within_months']} mo"
    share = percent(facts["margin"] or snapshot.margin, 0)
    worth = "gross of costs" if gross else f"× margin {share}"
    stays = "" if months is None else f"{amount(months, 2)} mo"
    rate = "" if facts["frequency"] is None else f"{amount(facts['frequency'], 3)} /mo"
    factor = "= " if gross else f"× {share} = "
    return (
        Kpi("customers", count(facts["customers"]), words=" cust · "),
        Kpi("revenue", money(facts["revenue"]), words=" · "),
        Kpi("average check", money(facts["check"]), "×", within, " × "),
        Kpi("frequency", rate, "×", within, " × "),
        Kpi("retention", stays, "=", within, f" {factor}"),
        Kpi(f"LTV {horizon} mo", money(facts["ltv"]), note=worth, words=f" LTV {horizon} mo"),
    )
