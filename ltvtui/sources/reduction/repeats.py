"""Order ids that stand in several rows: lines, copies, or what only a reading of all rows in their order tells.

Local cleaning folds several states of an order, values that one line tells for all, and totals that stand on each
line (cleaning/folding.py). That depends on the order of rows and on whole rows; here it is only recognised, and such
a shop is refused: what is reduced is a shop to which none of it applies.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ltvtui.analytics.cleaning.clean import CleaningPolicy
from ltvtui.analytics.cleaning.data_quality import RuleCount
from ltvtui.errors import LtvError
from ltvtui.sources.reduction.engine import Reducing
from ltvtui.sources.reduction.rows import RowsSql

_SHARED: Final = ("day_no", "status", "currency", "rate")
"""What one row of an order may say for all of them, beside customer and amount."""
_HEADED: Final = 0.9
_TOTALS: Final = (5, 3)
"""Orders of several rows, and different amounts among them, from which on equal amounts are no chance."""


@dataclass(frozen=True)
class Repeats:
    """What usable rows with an order id are."""

    rows: int
    orders: int
    """Different ones, of a customer each."""
    copies: int
    """Rows that repeat another one as a whole."""
    copies_money: int
    shared: int
    """Rows of which the order id stands under another customer, too."""
    shared_money: int
    money: int


def has_repeats(database: Reducing, rows: RowsSql) -> bool:
    """Whether an order id stands in two rows."""
    engine, last = database.engine, rows.chain.last
    sql = f"SELECT COUNT(order_id) - COUNT(DISTINCT order_id) AS again FROM {last}"
    return (
        int(database.frame(rows.chain.select(f"SELECT {engine.whole('again')} AS again FROM ({sql}) AS c")).item())
        > 0
    )


def refuse_folding(database: Reducing, rows: RowsSql, policy: CleaningPolicy) -> None:
    """LtvError (exit code 1) where orders are told by several rows together, as far as it is not certain that they
    are not. `rows` as they are understood, with fingerprints."""
    engine, last = database.engine, rows.chain.last
    shared = [c for c in _SHARED if rows.has(c)]
    has_same = rows.has("same")
    columns = ["customer", "order_id", "copy", *(["same"] if has_same else []), "second_no", "amount", *shared]
    lows = {c: f"MIN({c})" for c in ("day_no", "second_no", "amount")}
    undone = "MAX(undone)" if rows.has("undone") else "0"
    by_copy = (
        f"SELECT {', '.join(columns)}, COUNT(*) AS n, {undone} AS undone FROM {last}"
        f" WHERE order_id IS NOT NULL GROUP BY {', '.join(columns)}"
    )
    mixes = {
        c: f"CASE WHEN SUM(CASE WHEN {c} IS NULL THEN n ELSE 0 END) BETWEEN 1 AND SUM(n) - 1 THEN 1 ELSE 0 END"
        for c in (*shared, "amount")
    }
    alike = " AND ".join(f"(COUNT({c}) = 0 OR (COUNT({c}) = COUNT(*) AND MIN({c}) = MAX({c})))" for c in lows)
    if "status" in shared and rows.has("undone"):
        mixes["undone"] = (
            "CASE WHEN MAX(undone) = 1 AND COUNT(status) < COUNT(*) AND MIN(undone) = 0 THEN 1 ELSE 0 END"
        )
    mixed = ", ".join(f"{sql} AS mixed_{c}" for c, sql in mixes.items())
    by_order = (
        "SELECT order_id, CASE WHEN customer IS NULL THEN 1 ELSE 0 END AS nobody, SUM(n) AS lines,"
        f" COUNT(*) AS different, MIN(amount) AS amount_low, {mixed},"
        f" CASE WHEN {alike} THEN 1 ELSE 0 END AS alike,"
        " CASE WHEN COUNT(amount) = 0 OR (COUNT(amount) = COUNT(*) AND MIN(amount) = MAX(amount)) THEN 1 ELSE 0 END"
        " AS one_amount FROM by_copy GROUP BY order_id, customer"
    )
    several = "lines > 1"
    asked = {
        "repeated": f"SUM(CASE WHEN {several} THEN 1 ELSE 0 END)",
        "alike": f"SUM(CASE WHEN {several} AND nobody = 0 THEN alike ELSE 0 END)",
        "identified": f"SUM(CASE WHEN {several} AND nobody = 0 THEN 1 ELSE 0 END)",
        "one_amount": f"SUM(CASE WHEN {several} THEN one_amount ELSE 0 END)",
        "lines": f"SUM(CASE WHEN {several} AND different = lines THEN 1 ELSE 0 END)",
        "states": f"SUM(CASE WHEN {several} AND different > 1 THEN 1 ELSE 0 END)",
        "negative": f"SUM(CASE WHEN {several} AND amount_low < 0 THEN 1 ELSE 0 END)",
        "amounts": f"COUNT(DISTINCT CASE WHEN {several} THEN amount_low END)",
        **{f"mixed_{c}": f"SUM(mixed_{c})" for c in mixes},
    }
    listed = ", ".join(f"{engine.whole(f'COALESCE({sql}, 0)')} AS {name}" for name, sql in asked.items())
    chain = rows.chain.then("by_copy", by_copy).then("by_order", by_order)
    (found,) = database.frame(chain.select(f"SELECT {listed} FROM by_order")).rows(named=True)
    people = (
        "SELECT COUNT(*) AS orders, SUM(CASE WHEN somebody > 0 AND nobody > 0 THEN 1 ELSE 0 END) AS mixed FROM ("
        " SELECT COUNT(*) AS lines, COUNT(customer) AS somebody, COUNT(*) - COUNT(customer) AS nobody"
        f" FROM {last} WHERE order_id IS NOT NULL GROUP BY order_id) AS by_id WHERE lines > 1"
    )
    orders, of_some = database.frame(
        rows.chain.select(
            f"SELECT {engine.whole('orders')} AS orders, {engine.whole('COALESCE(mixed, 0)')} AS mixed"
            f" FROM ({people}) AS found"
        )
    ).row(0)
    mixed_columns = [c for c in (*shared, "undone") if c in mixes and found[f"mixed_{c}"]]
    if of_some or mixed_columns:
        what = "customer" if of_some else {"day_no": "date"}.get(mixed_columns[0], mixed_columns[0])
        raise _folded(f"an order in several rows tells its {what} in some of them only")
    if found["mixed_amount"] and found["mixed_amount"] >= _HEADED * orders:
        raise _folded("an order in several rows tells its amount in one of them only")
    if policy.repeats == "keep" or not found["repeated"]:
        return
    if has_same and found["states"] and found["alike"] == found["identified"]:
        raise _folded("the rows of an order may be its states one after another")
    totals = found["one_amount"] == found["repeated"] and found["lines"] and not found["negative"]
    if totals and found["repeated"] >= _TOTALS[0] and found["amounts"] >= _TOTALS[1]:
        raise _folded("each row of an order may have the amount of the whole order")
    if has_same:
        _refuse_states(database, rows)


def _refuse_states(database: Reducing, rows: RowsSql) -> None:
    """LtvError where all lines of an order stand there again, in another state."""
    again = (
        "SELECT order_id, customer, COUNT(*) AS n, COUNT(DISTINCT copy) AS states"
        f" FROM {rows.chain.last} WHERE order_id IS NOT NULL GROUP BY order_id, customer, same"
    )
    orders = (
        f"SELECT MIN(n) AS least, MAX(n) AS most, MAX(states) AS states FROM ({again}) AS lines"
        " GROUP BY order_id, customer"
    )
    sql = f"SELECT COUNT(*) AS n FROM ({orders}) AS o WHERE least > 1 AND least = most AND states > 1"
    if int(database.frame(rows.chain.select(sql)).item()):
        raise _folded("the lines of an order stand there again in another state")


def two_statuses(database: Reducing, rows: RowsSql) -> list[RuleCount]:
    """The rows that repeat an order in all but its status (cleaning/repeats.py)."""
    if not rows.has("status"):
        return []
    engine = database.engine
    same = "order_id, customer, day_no, second_no, amount"
    groups = (
        f"SELECT COUNT(*) - 1 AS again, amount FROM {rows.chain.last} WHERE order_id IS NOT NULL"
        f" AND status IS NOT NULL GROUP BY {same} HAVING COUNT(DISTINCT status) > 1"
    )
    count, money = database.frame(
        rows.chain.select(
            f"SELECT {engine.whole('COALESCE(SUM(again), 0)')} AS again,"
            f" {engine.whole('COALESCE(SUM(again * amount), 0)')} AS money FROM ({groups}) AS g"
        )
    ).row(0)
    return [RuleCount("two_statuses", int(count), int(money), excluded=False)] if count else []


def repeats_of(database: Reducing, rows: RowsSql) -> Repeats:
    """What the usable rows with an order id are."""
    engine = database.engine
    chain = (
        rows.chain.then(
            "line_copies",
            "SELECT customer, order_id, copy, COUNT(*) AS n, MIN(amount) AS amount"
            f" FROM {rows.chain.last} WHERE order_id IS NOT NULL GROUP BY customer, order_id, copy",
        )
        .then(
            "line_orders",
            "SELECT order_id, SUM(n) AS n, SUM(n * amount) AS money, SUM(n - 1) AS copies,"
            " SUM((n - 1) * amount) AS copies_money FROM line_copies GROUP BY customer, order_id",
        )
        .then(
            "line_ids",
            "SELECT COUNT(*) AS orders, SUM(n) AS n, SUM(money) AS money, SUM(copies) AS copies,"
            " SUM(copies_money) AS copies_money FROM line_orders GROUP BY order_id",
        )
    )
    sums = [
        *("n", "orders", "copies", "copies_money"),
        *("CASE WHEN orders > 1 THEN n ELSE 0 END", "CASE WHEN orders > 1 THEN money ELSE 0 END", "money"),
    ]
    listed = ", ".join(f"{engine.whole(f'COALESCE(SUM({sql}), 0)')} AS s{n}" for n, sql in enumerate(sums))
    return Repeats(*map(int, database.frame(chain.select(f"SELECT {listed} FROM line_ids")).row(0)))


def _folded(why: str) -> LtvError:
    return LtvError(
        f"Orders are not reduced where they lie: {why}.",
        "Name a view with one row an order, say --repeats keep if every row counts, or use --compute here.",
    )
