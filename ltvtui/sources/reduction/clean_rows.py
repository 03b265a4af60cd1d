"""Rows to usable rows in SQL, with what each rule of metrics.md §1 leaves out: analytics/cleaning, said once more.

The steps follow `analytics.cleaning.clean.clean`; tests hold both to the same figures, to the last integer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from ltvtui.analytics.cleaning.clean import CleaningPolicy
from ltvtui.analytics.cleaning.data_quality import RuleCount
from ltvtui.analytics.schema import MONEY_SCALE
from ltvtui.errors import LtvError
from ltvtui.sources.reduction.dialect import SqlDialect
from ltvtui.sources.reduction.engine import Reducing
from ltvtui.sources.reduction.rows import RowsSql
from ltvtui.sources.reduction.words import Words, among

_MOST_MONEY: Final = 9e18
USABLE: Final = 0
"""The rule of rows that break none."""
RULES: Final = ("no_customer", "no_date", "status", "no_amount", "other_currency")
"""By number, from 1 on: a row that breaks several is counted under the first."""
_MONEY: Final = ("amount", "margin", "refunded")


def of_sales(database: Reducing, rows: RowsSql, words: Words, counts: list[RuleCount]) -> RowsSql:
    """Rows without those whose type is of no sale; a refund without a minus gets one (cleaning/rowtypes.py)."""
    if not rows.has("row_type"):
        return rows
    engine = database.engine
    other, back = (among(engine, "row_type", which) for which in (words.no_sales, words.refunds))
    without_minus = f"{back} AND COALESCE(amount > 0, 1 = 0)"
    found = database.frame(
        rows.chain.select(
            f"SELECT {_count(engine, other)}, {_count(engine, f'NOT {other} AND {without_minus}', 'turned')}"
            f" FROM {rows.chain.last}"
        )
    ).row(0)
    counts.append(RuleCount("no_sale", int(found[0]), int(found[1]), excluded=True))
    if found[2]:
        counts.append(RuleCount("refund_turned", int(found[2]), int(found[3]), excluded=False))
    signs = {c: f"CASE WHEN {without_minus} THEN -{c} ELSE {c} END" for c in ("amount", "margin") if rows.has(c)}
    sales = rows.then("sales", signs)
    step = f"{sales.chain.sql_of('sales')} WHERE NOT {other}"
    return replace(sales, chain=rows.chain.then("sales", step))


def given_to_buyers(database: Reducing, rows: RowsSql, counts: list[RuleCount]) -> RowsSql:
    """Each refund of an order of one other customer given to that one (cleaning/references.py)."""
    if not (rows.has("refund_of") and rows.has("order_id")):
        return rows
    last = rows.chain.last
    back = "refund_of IS NOT NULL AND amount < 0"
    refs = f"SELECT refund_of FROM {last} WHERE {back}"
    chain = rows.chain.then(
        "owners",
        f"SELECT DISTINCT customer, order_id FROM {last}"
        f" WHERE (amount >= 0 OR amount IS NULL) AND order_id IN ({refs})",
    ).then(
        "sole_buyers",
        "SELECT order_id, MIN(customer) AS buyer FROM owners WHERE customer IS NOT NULL"
        " GROUP BY order_id HAVING COUNT(*) = 1",
    )
    moved = "t.refund_of IS NOT NULL AND t.amount < 0 AND o.order_id IS NULL AND b.buyer IS NOT NULL"
    listed = [f"t.{c}" for c in rows.columns if c != "customer"]
    listed += [f"CASE WHEN {moved} THEN b.buyer ELSE t.customer END AS customer"]
    chain = chain.then(
        "given",
        f"SELECT {', '.join(listed)}, CASE WHEN {moved} THEN 1 ELSE 0 END AS moved FROM {last} t"
        " LEFT JOIN owners o ON t.amount < 0 AND t.refund_of = o.order_id AND t.customer = o.customer"
        " LEFT JOIN sole_buyers b ON t.amount < 0 AND t.refund_of = b.order_id",
    )
    found = database.frame(chain.select(f"SELECT {_count(database.engine, 'moved = 1')} FROM given")).row(0)
    if not found[0]:
        return rows
    counts.append(RuleCount("refund_of_other", int(found[0]), int(found[1]), excluded=False))
    return replace(rows, chain=chain)


def with_rules(engine: SqlDialect, rows: RowsSql, words: Words, policy: CleaningPolicy) -> RowsSql:
    """Rows in one currency, with the number of the `rule` that they break and the part of each that went back."""
    if rows.has("rate"):
        money = {c: _converted(engine, c) for c in _MONEY if rows.has(c)}
        rows = rows.then("converted", money)
    rules = {"no_customer": "customer IS NULL", "no_date": "day_no IS NULL"}
    if rows.has("status"):
        of_refund = f"({among(engine, 'status', words.of_refunds)} AND COALESCE(amount < 0, 1 = 0))"
        rules["status"] = f"({among(engine, 'status', words.barred)} AND NOT {of_refund})"
    if rows.has("undone") and policy.excluded_statuses:
        rules["status"] = f"({rules['status']} OR undone = 1)" if "status" in rules else "undone = 1"
    rules["no_amount"] = "amount IS NULL"
    if policy.currency is not None:
        wanted = engine.literal(policy.currency.lower())
        rules["other_currency"] = f"currency IS NULL OR LOWER(currency) <> {wanted}"
    branches = " ".join(f"WHEN {rules[rule]} THEN {n}" for n, rule in enumerate(RULES, 1) if rule in rules)
    least = "LEAST(ABS(COALESCE(refunded, 0)), amount)"
    part = f"CASE WHEN {least} > 0 THEN {least} ELSE 0 END" if rows.has("refunded") else "0"
    if policy.refunds != "net":
        part = "0"
    return rows.then("judged", {}, {"broken": f"CASE {branches} ELSE {USABLE} END", "part": part})


def rule_names(rows: RowsSql, policy: CleaningPolicy) -> tuple[str, ...]:
    """Rules that are counted even where they touch nothing."""
    has_status = rows.has("status") or (rows.has("undone") and bool(policy.excluded_statuses))
    return tuple(
        rule
        for rule in RULES
        if (rule != "status" or has_status) and (rule != "other_currency" or policy.currency is not None)
    )


@dataclass(frozen=True)
class Signs:
    """What usable rows, or the orders made of them, are by the sign of their amount."""

    negative: int
    negative_money: int
    zero: int


def account(
    database: Reducing, rows: RowsSql, policy: CleaningPolicy, counts: list[RuleCount]
) -> tuple[Signs, list[str]]:
    """Count what `with_rules` found; of the usable rows their signs, and their currencies in capitals, by name.

    LtvError where sums would not be exact.
    """
    engine = database.engine
    net = "(amount - part)"
    no_margin = "margin IS NULL" if rows.has("margin") else "1 = 0"
    sums = {
        "n": "1",
        "money": "amount",
        "parts": "CASE WHEN part > 0 THEN 1 ELSE 0 END",
        "part": "part",
        "bare": f"CASE WHEN {no_margin} THEN 1 ELSE 0 END",
        "bare_money": f"CASE WHEN {no_margin} THEN {net} ELSE 0 END",
        "negative": f"CASE WHEN {net} < 0 THEN 1 ELSE 0 END",
        "negative_money": f"CASE WHEN {net} < 0 THEN {net} ELSE 0 END",
        "zero": f"CASE WHEN {net} = 0 THEN 1 ELSE 0 END",
    }
    listed = ", ".join(f"{_sum(engine, sql)} AS {name}" for name, sql in sums.items())
    keys = ["broken", *(["currency"] if rows.has("currency") else [])]
    found = database.frame(
        rows.chain.select(
            f"SELECT {', '.join(keys)}, {listed}, SUM(ABS({engine.double(net)})) AS volume FROM {rows.chain.last}"
            f" GROUP BY {', '.join(keys)}"
        )
    )

    def of(rule: int) -> dict[str, int]:
        return {name: int(found.filter(broken=rule)[name].sum()) for name in sums}

    for rule in rule_names(rows, policy):
        excluded = of(RULES.index(rule) + 1)
        counts.append(RuleCount(rule, excluded["n"], excluded["money"], excluded=True))
    left = of(USABLE)
    if left["parts"] and rows.has("refunded"):
        counts.append(RuleCount("refunded_part", left["parts"], -left["part"], excluded=False))
    if rows.has("margin"):
        counts.append(RuleCount("no_margin", left["bare"], left["bare_money"], excluded=False))
    volume = found.filter(broken=USABLE)["volume"].sum()
    if volume > _MOST_MONEY:
        raise LtvError(
            f"The amounts add up to {volume / MONEY_SCALE:.3g}: too much to be counted exactly.",
            "Check which column is the amount, or give it in thousands: --amount 'COLUMN / 1000.0'.",
        )
    words = found.filter(broken=USABLE)["currency"] if rows.has("currency") else pl.Series(dtype=pl.String)
    return Signs(left["negative"], left["negative_money"], left["zero"]), _capitals(words)


def usable(rows: RowsSql) -> RowsSql:
    """Rows that break no rule, less what went back of them."""
    money = {c: f"{c} - part" for c in ("amount", "margin") if rows.has(c)} if rows.has("refunded") else {}
    of_refund = rows.then("usable", money)
    return replace(
        of_refund, chain=rows.chain.then("usable", f"{of_refund.chain.sql_of('usable')} WHERE broken = {USABLE}")
    )


def currencies_of(database: Reducing, rows: RowsSql) -> list[str]:
    """Currencies in capitals that the last step has, by name."""
    if not rows.has("currency"):
        return []
    sql = f"SELECT DISTINCT currency FROM {rows.chain.last} WHERE currency IS NOT NULL"
    return _capitals(database.frame(rows.chain.select(sql))["currency"])


def _capitals(currencies: pl.Series) -> list[str]:
    return sorted(set(currencies.cast(pl.String).drop_nulls().str.to_uppercase().to_list()))


def _converted(engine: SqlDialect, column: str) -> str:
    product = f"({engine.double(column)} * rate)"
    return f"CASE WHEN ABS({product}) < 9.2e18 THEN {engine.rounded_to_even(product)} END"


def _sum(engine: SqlDialect, sql: str) -> str:
    return engine.whole(f"COALESCE(SUM({sql}), 0)")


def _count(engine: SqlDialect, condition: str, name: str = "found") -> str:
    """How many rows fulfil a condition, and their money."""
    rows = _sum(engine, f"CASE WHEN {condition} THEN 1 ELSE 0 END")
    money = _sum(engine, f"CASE WHEN {condition} THEN amount ELSE 0 END")
    return f"{rows} AS {name}, {money} AS {name}_money"
