"""What may be paid for a customer, as text for people and programs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from ltvtui.analytics.budget import Budget
from ltvtui.analytics.snapshot import Snapshot
from ltvtui.days import iso
from ltvtui.present.jsontext import write_json
from ltvtui.present.numbers import amount, counted, percent
from ltvtui.present.plain import plain
from ltvtui.present.report import Format
from ltvtui.present.spreadsheet import rows_as_csv
from ltvtui.present.tables import Column, Table, markdown_table, text_table

NO_SPEND: Final = "–"
"""In place of money that nothing is known of: it is not 0."""
HOW_TO_GIVE: Final = "No spend is known: name a table or a file with it, --spend TABLE|FILE, or map it ([spend])."
OF_ALL: Final = "Spend is known of the whole shop, not of those whom --where keeps: give theirs with --spend FILE."
OF_THEM: Final = "The file is taken for what was spent on the customers that --where keeps."


@dataclass(frozen=True, eq=False)
class Told:
    """All that is told of a budget."""

    snapshot: Snapshot
    of: str
    """Whose it is, in words."""
    found: Budget
    currency: str | None
    gross: bool
    """No margin is agreed on or mapped: what customers bring is revenue, not profit."""


def write_budget(told: Told, format: Format) -> str:
    """The budget as text, ending in a line break; JSON and CSV in full precision."""
    match format:
        case "json":
            return write_json(as_json(told))
        case "csv":
            return rows_as_csv(told.found.rows)
        case "markdown":
            return markdown_table(budget_table(told))
        case "table":
            return f"{_head(told)}\n\n{text_table(budget_table(told))}\n{_foot(told)}\n"


def as_json(told: Told) -> dict[str, Any]:
    """The budget as plain values; money in currency units, null where it is not known."""
    found, snapshot = told.found, told.snapshot
    terms, agreed = found.terms, snapshot.terms
    return {
        "settings": {
            "as_of": iso(agreed.as_of),
            "of": told.of,
            "channel": found.dimension,
            "from": None if terms.since is None else iso(terms.since),
            "until": None if terms.until is None else iso(terms.until),
            "target_ratio": terms.target,
            "payback_limit_months": terms.payback_limit,
            "horizon_months": agreed.horizon,
            "margin": snapshot.margin,
            "margin_source": "set" if agreed.margin is not None else "none" if told.gross else "mapped",
            "discount": agreed.discount,
            "currency": told.currency,
            "aliases": dict(terms.aliases),
        },
        "blended": found.blended.row(0, named=True),
        "rows": found.rows.to_dicts(),
        "spend_without_customers": found.spend_without_customers.to_dicts(),
        "customers_without_spend": found.customers_without_spend.to_dicts(),
    }


def budget_table(told: Told) -> Table:
    """Every channel, then all, as it is read by people: texts where a figure is not known."""
    found = told.found
    whole = found.blended.with_columns(pl.lit("all").alias("channel"))
    named = found.rows.with_columns(pl.col("channel").fill_null("unknown"))
    rows = pl.concat([named, whole]).with_columns(pl.col("verdict").cast(pl.String))
    spent = [NO_SPEND if value is None else amount(value) for value in rows["spend"]]
    costs = [NO_SPEND if value is None else amount(value) for value in rows["cac"]]
    paid = [payback_words(*row) for row in rows.select("cac", "payback_months", "payback_observed_to").rows()]
    texts = {"spend": spent, "cac": costs, "payback_months": paid}
    return Table(rows.with_columns(pl.Series(name, values) for name, values in texts.items()), _columns(told))


def payback_words(cac: float | None, months: float | None, observed_to: int) -> str:
    """1.5 mo; > 8 mo where it was not reached in what was observed; blank where nothing can be said."""
    if months is not None:
        return f"{amount(months, 1)} mo"
    return f"> {observed_to} mo" if cac is not None and observed_to else ""


def _columns(told: Told) -> tuple[Column, ...]:
    horizon = told.snapshot.terms.horizon
    limit, target = told.found.terms.payback_limit, told.found.terms.target
    worth = "Revenue" if told.gross else "Margin"
    return (
        Column("channel", told.found.dimension or "channel", help="Where the customers came from."),
        Column("new_customers", "new customers", "count", help="Customers whose first order lies in the period."),
        Column("spend", "spend", help="What was spent in the period; – is not known, and not 0."),
        Column("cac", "CAC", help="Cost of a customer: spend ÷ new customers. The next one may cost more."),
        Column("ltv", "LTV", "units", help=f"{worth} of a customer within {horizon} months."),
        Column("ltv_cac", "LTV:CAC", "ratio", help="LTV ÷ CAC."),
        Column("payback_months", "payback", help=f"Months until the {worth.lower()} of a customer covers the CAC."),
        Column(
            "max_cac",
            "max CAC",
            "units",
            help=f"The largest CAC to pay: LTV ÷ {target:g}, or what comes back in {limit} months if that is less.",
        ),
        Column("headroom", "headroom", "units", help="Largest CAC less CAC: below zero too much is paid."),
        Column("verdict", "verdict", help="raise: CAC up to the largest; keep: up to LTV; cut: above LTV."),
    )


def _head(told: Told) -> str:
    found, terms = told.found, told.snapshot.terms
    period = ""
    if found.terms.since is not None or found.terms.until is not None:
        since = "the first order" if found.terms.since is None else iso(found.terms.since)
        until = iso(terms.as_of if found.terms.until is None else found.terms.until)
        period = f"acquired from {since} to {until}"
    discount = f"discounted at {percent(terms.discount)} a year" if terms.discount else ""
    ratio = f"target LTV:CAC {found.terms.target:g}, payback within {found.terms.payback_limit} months"
    known = (
        f"as of {iso(terms.as_of)}",
        plain(told.of),
        period,
        f"LTV within {terms.horizon} months",
        discount,
        ratio,
    )
    return " · ".join(word for word in known if word)


def _foot(told: Told) -> str:
    found = told.found
    money = f" {plain(told.currency)}" if told.currency else ""
    lines = []
    if told.gross:
        lines.append("LTV is revenue, not profit: set a margin with --margin, or map one.")
    unmatched = found.spend_without_customers.rows()
    if unmatched:
        names = ", ".join(f"{_name(channel, 'not by channel')} {amount(value)}" for channel, value in unmatched[:12])
        lines.append(f"spend without customers{money}: {names}{_more(len(unmatched))}")
    if found.blended["spend"][0] is not None and found.customers_without_spend.height:
        without = found.customers_without_spend.rows()
        names = ", ".join(f"{_name(channel, 'unknown')} {counted(n, 'customer')}" for channel, n in without[:12])
        lines.append(f"customers without spend: {names}{_more(len(without))}")
    if found.outside:
        lines.append(f"spend outside of the period{money}: {amount(found.outside)}, not counted")
    if "few" in found.rows["verdict"].cast(pl.String):
        lines.append("few: under 30 new customers")
    lines.append("CAC is an average: one more customer may cost more.")
    return "\n".join(lines)


def _name(channel: str | None, without: str) -> str:
    return without if channel is None else plain(channel)


def _more(names: int) -> str:
    return f" and {names - 12} more" if names > 12 else ""
