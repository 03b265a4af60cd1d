"""Which chart tells a budget: what a customer brings against what they cost, by age month."""

from __future__ import annotations

from typing import Any, Final

import polars as pl

from ltvtui.analytics.budget.budget import Budget
from ltvtui.analytics.retention import FEW
from ltvtui.present.budget.table import PAID, budget_table
from ltvtui.present.charts import BarChart, Line, LineChart, Mark, compact
from ltvtui.present.colours import Orders, roles
from ltvtui.present.numbers import amount
from ltvtui.present.plots import AGE, MONTHS, UNSEEN, label

_MOST_CURVES: Final = 6


def payback_plot(found: Budget, row: dict[str, Any], currency: str, gross: bool, orders: Orders = ()) -> LineChart:
    """Cumulative margin per customer of one `row` of the table against its CAC: where they cross, it is paid back.

    The x axis counts k of M_k, so that the crossing is the payback in months.
    """
    name, curve = _row_name(row), _curve(found, row)
    worth = "revenue" if gross else "margin"
    colour = "foreground" if row.get("whole") else roles([_segment(row)], orders)[0]
    months, brought = curve["month"].to_list(), curve["margin"].to_list()
    lines = [Line(worth, months, brought, colour)] if months else []
    marks = []
    last = max([*months, 1])
    if lines and row["cac"] is not None:
        lines.append(Line(f"CAC {amount(row['cac'])}", [0, last], [row["cac"]] * 2, "negative", dotted=True))
        if row["payback_months"] is not None:
            payback = f"in {amount(row['payback_months'], 1)} mo" if row["payback_months"] else "by the first order"
            marks.append(Mark(row["payback_months"], f"paid back {payback}", row["cac"]))
    if lines and row["max_cac"] is not None:
        lines.append(Line(f"max CAC {amount(row['max_cac'])}", [0, last], [row["max_cac"]] * 2, "muted", dotted=True))
    return LineChart(
        f"Payback of {name}",
        lines,
        x_label=AGE,
        y_label=currency,
        marks=marks,
        y_format=compact,
        x_format=lambda v: f"{v:g}",
        x_steps=MONTHS,
        empty=UNSEEN,
    )


def return_plot(found: Budget, orders: Orders = ()) -> LineChart:
    """Cumulative margin per unit of CAC, of the channels with most new customers, or of all where none has a CAC:
    each is paid back where it crosses 1, and on target where it reaches it."""
    priced = found.rows.filter(pl.col("cac") > 0)
    if priced.is_empty():  # then spend is not split by channel
        priced = budget_table(found, False).frame.filter("whole", pl.col("cac") > 0).tail(1)
    largest = priced.sort("new_customers", descending=True).head(_MOST_CURVES)
    shown = priced.join(largest.select(_keys(found)), on=_keys(found), how="semi", nulls_equal=True)
    lines, last = [], 1
    rows = [*shown.iter_rows(named=True)]
    for row, colour in zip(rows, roles([_segment(row) for row in rows], orders), strict=True):
        curve = _curve(found, row)
        if curve.height:
            last = max(last, curve["month"][-1])
            ratio = (curve["margin"] / row["cac"]).to_list()
            lines.append(Line(_row_name(row), curve["month"].to_list(), ratio, colour))
    goals = [
        Line("paid back", [0, last], [1, 1], "muted", dotted=True),
        Line(f"target {found.terms.target:g}", [0, last], [found.terms.target] * 2, "muted", dotted=True),
    ]
    more = f", {_MOST_CURVES} largest" if priced.height > _MOST_CURVES else ""
    return LineChart(
        f"LTV:CAC over time by {found.terms.dimension or 'channel'}{more}",
        [*lines, *goals] if lines else [],
        x_label=AGE,
        y_label="× CAC",
        y_format=compact,
        x_format=lambda v: f"{v:g}",
        x_steps=MONTHS,
        empty="No spend recorded",
    )


MOST_BARS: Final = 12
"""Rows whose price is drawn."""


def prices_plot(found: Budget, currency: str) -> BarChart:
    """What one may pay at most for a customer of each row, where no spend is known to hold against it; what customers
    bring so far, where there is no max CAC yet. Rows of few customers are left out."""
    many = found.rows.filter(pl.col("new_customers") >= FEW)
    is_priced = many["max_cac"].is_not_null().any()
    key, title = ("max_cac", "Max CAC") if is_priced else ("ltv", "LTV so far, no max CAC yet,")
    rows = many.filter(pl.col(key).is_not_null()).sort("new_customers", descending=True, maintain_order=True)
    shown = rows.head(MOST_BARS).sort(key, descending=True, maintain_order=True)
    labels = [_row_name(row) for row in shown.select(_keys(found)).iter_rows(named=True)]
    more = f", {MOST_BARS} largest" if rows.height > MOST_BARS else ""
    bounds = {"lower": shown["max_cac_lower"], "upper": shown["max_cac_upper"]} if is_priced else {}
    return BarChart(
        f"{title} by {found.terms.dimension or 'channel'}{more}",
        labels,
        shown[key].to_list(),
        format=lambda value: f"{amount(value)} {currency}".rstrip(),
        lower=list(bounds.get("lower", ())),
        upper=list(bounds.get("upper", ())),
        band_note="95 % CI shaded" if is_priced else "",
        empty="No spend recorded, and too few customers to say what one may cost",
    )


def _keys(found: Budget) -> list[str]:
    return ["channel"] if found.terms.then is None else ["channel", "segment"]


def _curve(found: Budget, row: dict[str, Any]) -> pl.DataFrame:
    """month, margin of a row."""
    if row.get("whole"):
        return found.paid_curve if row["channel"] == PAID else found.blended_curve
    same = (pl.col(key).eq_missing(pl.lit(row[key], dtype=pl.String)) for key in _keys(found))
    return found.curves.filter(*same)


def _segment(row: dict[str, Any]) -> list[Any]:
    return [row[key] for key in ("channel", "segment") if key in row]


def _row_name(row: dict[str, Any]) -> str:
    return label([part for part in _segment(row) if part != ""])
