"""A budget as text, for people and programs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from ltvtui.analytics.budget import Budget
from ltvtui.analytics.snapshot import Snapshot
from ltvtui.days import iso
from ltvtui.present.budget.notes import cautions, unmatched
from ltvtui.present.budget.table import budget_table
from ltvtui.present.jsontext import write_json
from ltvtui.present.numbers import percent
from ltvtui.present.plain import plain
from ltvtui.present.report import Format
from ltvtui.present.spreadsheet import rows_as_csv
from ltvtui.present.tables import markdown_table, text_table

HOW_TO_GIVE: Final = "No spend is known: give a table or file of it, --spend TABLE|FILE, or type it in on Budget."
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
            return markdown_table(budget_table(told.found, told.gross))
        case "table":
            return f"{_head(told)}\n\n{text_table(budget_table(told.found, told.gross))}\n{_foot(told)}\n"


def as_json(told: Told) -> dict[str, Any]:
    """The budget as plain values; money in currency units, null where it is not known."""
    found, agreed = told.found, told.snapshot.terms
    terms, worth = found.terms, found.worth
    second = {} if terms.then is None else {"then": terms.then}
    agreed_margin = agreed.margin is not None or terms.margin is not None
    return {
        "settings": {
            "as_of": iso(agreed.as_of),
            "of": told.of,
            "channel": terms.dimension,
            **second,
            "from": None if terms.since is None else iso(terms.since),
            "until": None if terms.until is None else iso(terms.until),
            "target_ratio": terms.target,
            "payback_limit_months": terms.payback_limit,
            "horizon_months": worth.horizon,
            "margin": worth.margin,
            "margin_source": "set" if agreed_margin else "none" if told.gross else "mapped",
            "discount": worth.discount,
            "currency": told.currency,
            "aliases": dict(terms.aliases),
        },
        "blended": found.blended.row(0, named=True),
        "rows": found.rows.to_dicts(),
        "spend_without_customers": found.spend_without_customers.to_dicts(),
        "customers_without_spend": found.customers_without_spend.to_dicts(),
    }


def _head(told: Told) -> str:
    found, agreed = told.found, told.snapshot.terms
    period = ""
    if found.terms.since is not None or found.terms.until is not None:
        since = "the first order" if found.terms.since is None else iso(found.terms.since)
        until = iso(agreed.as_of if found.terms.until is None else found.terms.until)
        period = f"acquired from {since} to {until}"
    discount = f"discounted at {percent(found.worth.discount)} a year" if found.worth.discount else ""
    ratio = f"target LTV:CAC {found.terms.target:g}, payback within {found.terms.payback_limit} months"
    known = (
        f"as of {iso(agreed.as_of)}",
        plain(told.of),
        period,
        f"LTV within {found.worth.horizon} months",
        discount,
        ratio,
    )
    return " · ".join(word for word in known if word)


def _foot(told: Told) -> str:
    gross = ["LTV is revenue, not profit: set a margin with --margin, or map one."] if told.gross else []
    average = "CAC is an average: one more customer may cost more."
    return "\n".join([*gross, *unmatched(told.found, told.currency), *cautions(told.found), average])
