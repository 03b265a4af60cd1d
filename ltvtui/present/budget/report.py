"""A budget as text, for people and programs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from ltvtui.analytics.budget.budget import Budget
from ltvtui.analytics.budget.marginal import Marginal
from ltvtui.analytics.budget.plan import Plan
from ltvtui.analytics.budget.rows import is_costly_at_the_margin
from ltvtui.analytics.doubts import Doubt
from ltvtui.analytics.snapshot import Snapshot
from ltvtui.days import iso
from ltvtui.present.budget.notes import cautions, unmatched
from ltvtui.present.budget.table import budget_table
from ltvtui.present.doubts import doubts_json
from ltvtui.present.headline import Clauses, headed, sentence
from ltvtui.present.headline.budget import budget_clauses
from ltvtui.present.history import counted_words
from ltvtui.present.jsontext import write_json
from ltvtui.present.numbers import amount, percent, symbol
from ltvtui.present.plain import plain
from ltvtui.present.report import Format
from ltvtui.present.spreadsheet import rows_as_csv
from ltvtui.present.tables import Column, Table
from ltvtui.present.text_tables import markdown_table, text_table

HOW_TO_GIVE: Final = "No spend is known. Give it with --spend TABLE|FILE, or enter it on Budget."
OF_ALL: Final = "Spend isn't split for the customers that --where selects. Give their spend with --spend FILE."
OF_THEM: Final = "The spend file is used as the spend on the customers that --where selects."


@dataclass(frozen=True, eq=False)
class BudgetReport:
    """All that is told of a budget."""

    snapshot: Snapshot
    of: str
    """Whose it is, in words."""
    found: Budget
    currency: str | None
    gross: bool
    """No margin is agreed on or mapped: what customers bring is revenue, not profit."""
    plan: Plan | None = None
    """How an amount could be shared, where that was asked."""
    doubts: tuple[Doubt, ...] = ()
    """What may have been read wrong."""


def write_budget(report: BudgetReport, format: Format) -> str:
    """The budget as text, ending in a line break; JSON and CSV in full precision."""
    match format:
        case "json":
            return write_json(as_json(report))
        case "csv":
            return rows_as_csv(report.found.rows)
        case "markdown":
            return headed(_headline(report), markdown_table(_table(report)))
        case "table":
            table = text_table(_table(report))
            return f"{sentence(_headline(report))}\n{_head(report)}\n\n{table}\n{_foot(report)}\n"


def as_json(report: BudgetReport) -> dict[str, Any]:
    """The budget as plain values; money in currency units, null where it is not known."""
    found, shop_terms = report.found, report.snapshot.terms
    terms, worth = found.terms, found.worth
    second = {} if terms.then is None else {"then": terms.then}
    marginals = {} if found.hindsight else {each.channel: each for each in found.marginals}
    is_margin_set = shop_terms.margin is not None or terms.margin is not None
    return {
        "settings": {
            "as_of": iso(shop_terms.as_of),
            "of": report.of,
            "channel": terms.dimension,
            **second,
            "from": None if terms.since is None else iso(terms.since),
            "until": None if terms.until is None else iso(terms.until),
            "target_ratio": terms.target,
            "payback_limit_months": terms.payback_limit,
            "horizon_months": worth.horizon,
            "margin": worth.margin,
            "margin_source": "set" if is_margin_set else "none" if report.gross else "mapped",
            "discount": worth.discount,
            "currency": report.currency,
            "aliases": dict(terms.aliases),
        },
        "paid": _row_json(found.paid.row(0, named=True)),
        "blended": _row_json(found.blended.row(0, named=True)),
        "rows": [_row_json(row, marginals.get(row["channel"])) for row in found.rows.iter_rows(named=True)],
        "costly_at_the_margin": found.rows.filter(is_costly_at_the_margin())["channel"]
        .unique(maintain_order=True)
        .to_list(),
        "period": [iso(day) for day in found.period],
        "customers_left_out": found.left_out,
        "hindsight": found.hindsight,
        **({} if report.plan is None else {"plan": _plan_json(report.plan)}),
        "spend_without_customers": found.spend_without_customers.to_dicts(),
        "customers_without_spend": found.customers_without_spend.to_dicts(),
        "warnings": doubts_json(report.doubts),
    }


def _row_json(row: dict[str, Any], marginal: Marginal | None = None) -> dict[str, Any]:
    """A row for programs: bounds under one key each, and what is known of the marginal CAC."""
    found = {name: value for name, value in row.items() if name not in _BOUNDS}
    for name in ("ltv", "max_cac"):
        lower, upper = row[f"{name}_lower"], row[f"{name}_upper"]
        found[f"{name}_interval"] = None if lower is None else [lower, upper]
    priced = marginal if marginal is not None and row["marginal_cac"] is not None else None
    found["marginal_cac_interval"] = None if priced is None or priced.interval is None else list(priced.interval)
    found["marginal_cac_note"] = None if marginal is None or not marginal.why_not else marginal.why_not
    return found


_BOUNDS: Final = frozenset(f"{name}_{end}" for name in ("ltv", "max_cac") for end in ("lower", "upper"))


def _plan_json(plan: Plan) -> dict[str, Any]:
    return {
        "amount": plan.amount,
        "possible": list(plan.possible) if plan.possible[1] else None,
        "rows": plan.rows.to_dicts(),
        "left_out": [{"channel": channel, "why": why} for channel, why in plan.left_out],
        "why_not": plan.why_not or None,
    }


def _plan_lines(plan: Plan) -> list[str]:
    """The suggestion in a heading, a table and what has to be known of it."""
    lines = ["", f"Plan for {amount(plan.amount)} a month: LTV ÷ marginal CAC is the same for every channel."]
    if plan.why_not:
        lines[-1] = f"No plan for {amount(plan.amount)} a month: {plan.why_not}."
    else:
        limit = pl.when(pl.col("at_limit").is_null()).then(pl.lit("")).otherwise(pl.lit("limit")).alias("limit")
        lines += ["", text_table(Table(plan.rows.with_columns(limit), _PLAN)).rstrip()]
        if plan.rows["at_limit"].null_count() < plan.rows.height:
            lines.append("limit: half below or above the largest month; there is no data beyond")
    if plan.left_out:
        left_out = ", ".join(f"{plain(channel)} ({why})" for channel, why in plan.left_out)
        lines.append(f"left out: {left_out}")
    return lines


_PLAN: Final = (
    Column("channel", "channel"),
    Column("spend_now", "spend now", "units", help="Average of the last three months."),
    Column("spend", "suggested", "units"),
    Column("spend_lower", "95 % from", "units"),
    Column("spend_upper", "to", "units"),
    Column("new_customers_now", "new now", "ratio", decimals=1),
    Column("new_customers", "new", "ratio", decimals=1),
    Column("marginal_cac", "marginal CAC", "units"),
    Column("ltv_per_marginal_cac", "LTV ÷ marginal", "ratio"),
    Column("limit", ""),
)


def _headline(report: BudgetReport) -> Clauses:
    return budget_clauses(report.found, symbol(report.currency), report.gross)


def _head(report: BudgetReport) -> str:
    found, shop_terms = report.found, report.snapshot.terms
    period = ""
    if found.terms.since is not None or found.terms.until is not None:
        since = "the first order" if found.terms.since is None else iso(found.terms.since)
        until = iso(shop_terms.as_of if found.terms.until is None else found.terms.until)
        period = f"acquired from {since} to {until}"
    discount = f"discounted at {percent(found.worth.discount)} a year" if found.worth.discount else ""
    ratio = f"target LTV:CAC {found.terms.target:g}, payback within {found.terms.payback_limit} months"
    parts = (
        f"as of {iso(shop_terms.as_of)}",
        plain(report.of),
        *counted_words(report.snapshot),
        period,
        f"LTV within {found.worth.horizon} months",
        discount,
        ratio,
    )
    return " · ".join(word for word in parts if word)


def _table(report: BudgetReport) -> Table:
    return budget_table(report.found, report.gross, symbol(report.currency))


def _foot(report: BudgetReport) -> str:
    gross = ["LTV is revenue, not profit: set a margin with --margin, or map one."] if report.gross else []
    average = "CAC is an average: one more customer may cost more."
    lines = [
        *gross,
        *unmatched(report.found, report.currency),
        *cautions(report.found, symbol(report.currency)),
        average,
    ]
    return "\n".join([*lines, *([] if report.plan is None else _plan_lines(report.plan))])
