"""Usable rows to clean orders in SQL: lines summed, refunds told apart and booked, as analytics/cleaning does it."""

from __future__ import annotations

from dataclasses import dataclass

from ltvtui.analytics.cleaning.clean import CleaningPolicy
from ltvtui.analytics.cleaning.data_quality import RuleCount
from ltvtui.sources.reduction.chain import Chain
from ltvtui.sources.reduction.clean_rows import Signs
from ltvtui.sources.reduction.dialect import SqlDialect
from ltvtui.sources.reduction.engine import Reducing
from ltvtui.sources.reduction.repeats import Repeats
from ltvtui.sources.reduction.rows import RowsSql

_PAST = 40_000 * 86_400
"""Seconds that make moments from 1860 on positive."""
ORDERS = "clean_orders"
"""Name of the last step: customer, order_id, day_no, second_no, amount, kind (0 order, 1 refund), margin where it is
mapped, and a0 … of attributes, which are null of an order whose lines are summed."""


@dataclass(frozen=True)
class OrdersSql:
    """Clean orders as a chain of SELECTs."""

    chain: Chain
    columns: tuple[str, ...]
    """Of the last step."""
    line_level: bool
    """Whether several rows were summed to one order: then attributes are asked of `lines`."""
    lines: str
    """Name of the step with the usable rows, of which orders are made."""
    whole_ids: bool
    """Whether customer ids are numbers."""
    placed: bool
    """Whether the rows have an order of their own, `place`."""

    @property
    def margin(self) -> bool:
        """Whether orders have a margin of their own."""
        return "margin" in self.columns


def orders_of(
    database: Reducing,
    rows: RowsSql,
    repeats: Repeats | None,
    policy: CleaningPolicy,
    counts: list[RuleCount],
    signs: Signs,
) -> OrdersSql:
    """Orders and refunds made of usable rows: the last step of `rows`; the one before has what is left out, too."""
    engine = database.engine
    attributes = [c for c in rows.columns if c[:1] == "a" and c[1:].isdigit()]
    margin = rows.has("margin")
    numbers = ["customer", "day_no", "second_no", "amount", *(["margin"] if margin else [])]
    numbers += ["refund_of"] if rows.has("refund_of") and rows.has("order_id") else []
    chain, line_level, lines = rows.chain, False, rows.chain.last
    if not rows.has("order_id"):
        listed = ", ".join((*numbers, *attributes))
        chain = chain.then("orders_told", f"SELECT {listed}, CAST(NULL AS INTEGER) AS order_id FROM {lines}")
    elif repeats is None or repeats.rows == repeats.orders:
        counts += _shared(repeats)
        chain = chain.then("orders_told", f"SELECT {', '.join((*numbers, 'order_id', *attributes))} FROM {lines}")
    else:
        counts += _shared(repeats)
        only_copies = repeats.rows - repeats.copies == repeats.orders
        drops = policy.repeats == "drop" or (policy.repeats == "auto" and only_copies)
        left = repeats.rows
        if repeats.copies and drops:
            counts.append(RuleCount("exact_copy", repeats.copies, repeats.copies_money, excluded=True))
            distinct = [
                c for c in rows.columns if c not in ("place", "part", "broken", "same", "moved", "moment", "clock")
            ]
            cells = ", ".join(distinct)
            place = ", MIN(place) AS place" if rows.has("place") else ""
            chain = chain.then(
                "rows_once",
                f"SELECT {cells}{place} FROM {lines} WHERE order_id IS NOT NULL GROUP BY {cells}"
                f" UNION ALL SELECT {cells}{place and ', place'} FROM {lines} WHERE order_id IS NULL",
            )
            lines, left = "rows_once", repeats.rows - repeats.copies
        elif repeats.copies:
            counts.append(RuleCount("copies_among_lines", repeats.copies, repeats.copies_money, excluded=False))
        if left == repeats.orders:
            listed = ", ".join((*numbers, "order_id", *attributes))
            chain = chain.then("orders_told", f"SELECT {listed} FROM {lines}")
        else:
            money = repeats.money - (repeats.copies_money if lines == "rows_once" else 0)
            counts.append(RuleCount("lines_summed", left, money, excluded=False))
            chain, line_level = _summed(engine, chain, lines, numbers, attributes), True
    refers = "refund_of" in numbers and policy.refunds == "net" and signs.negative > 0
    if refers:
        chain = _without_refunds_of(database, chain, rows, policy, counts)
    untouched = lines == rows.chain.last and not line_level and not refers
    chain = _by_kind(signs if untouched else _signs_of(database, chain), chain, policy, counts)
    columns = ["customer", "order_id", "day_no", "second_no", "amount", "kind", *(["margin"] if margin else [])]
    chain = _booked(database, chain, refers, [*columns, *attributes], counts)
    return OrdersSql(chain, (*columns, *attributes), line_level, lines, rows.whole_ids, rows.has("place"))


def _shared(repeats: Repeats | None) -> list[RuleCount]:
    if repeats is None or not repeats.shared:
        return []
    return [RuleCount("shared_ids", repeats.shared, repeats.shared_money, excluded=False)]


def _summed(engine: SqlDialect, chain: Chain, lines: str, numbers: list[str], attributes: list[str]) -> Chain:
    """Lines of a customer's order as one (cleaning/order_lines.py)."""
    sums = {"amount": engine.whole("SUM(amount)"), "margin": engine.whole("COALESCE(SUM(margin), 0)")}
    listed = [f"{sums[c]} AS {c}" for c in numbers if c in sums]
    listed += ["MIN(refund_of) AS refund_of"] if "refund_of" in numbers else []
    chain = chain.then(
        "summed",
        f"SELECT customer, order_id, MIN(day_no * 86400 + second_no) + {_PAST} AS since, {', '.join(listed)}"
        f" FROM {lines} WHERE order_id IS NOT NULL GROUP BY customer, order_id",
    )
    day = engine.divided("since", 86_400)
    found = {"day_no": f"{day} - 40000", "second_no": f"since - {day} * 86400"}
    nothing = engine.text("NULL")
    found |= dict.fromkeys(attributes, nothing)
    columns = [*numbers, "order_id", *attributes]
    return chain.then(
        "orders_told",
        f"SELECT {', '.join(f'{found.get(c, c)} AS {c}' for c in columns)} FROM summed"
        f" UNION ALL SELECT {', '.join(columns)} FROM {lines} WHERE order_id IS NULL",
    )


def _without_refunds_of(
    database: Reducing, chain: Chain, rows: RowsSql, policy: CleaningPolicy, counts: list[RuleCount]
) -> Chain:
    """Orders without refunds of what is left out, or will be as an order of zero (cleaning/references.py)."""
    source = chain.last
    sold = "amount > 0" if policy.zero == "drop" else "amount >= 0"
    back = "refund_of IS NOT NULL AND amount < 0"
    refs = f"order_id IN (SELECT refund_of FROM {source} WHERE {back})"
    rows_before = rows.chain.steps[-2][0]
    chain = (
        chain.then(
            "left_out",
            f"SELECT customer, order_id FROM {source} WHERE NOT ({sold}) AND amount >= 0 AND {refs}"
            f" UNION ALL SELECT customer, order_id FROM {rows_before}"
            f" WHERE broken <> 0 AND (amount >= 0 OR amount IS NULL) AND {refs}",
        )
        .then("left_theirs", "SELECT DISTINCT customer, order_id FROM left_out WHERE customer IS NOT NULL")
        .then("left_nobodys", "SELECT DISTINCT order_id FROM left_out WHERE customer IS NULL")
        .then("still_there", f"SELECT DISTINCT customer, order_id FROM {source} WHERE {sold} AND {refs}")
    )
    excluded_refund = (
        "t.refund_of IS NOT NULL AND t.amount < 0 AND (l.order_id IS NOT NULL OR n.order_id IS NOT NULL)"
        " AND s.order_id IS NULL"
    )
    chain = chain.then(
        "refunds_told",
        f"SELECT t.*, CASE WHEN {excluded_refund} THEN 1 ELSE 0 END AS gone FROM {source} t"
        " LEFT JOIN left_theirs l ON t.amount < 0 AND t.refund_of = l.order_id AND t.customer = l.customer"
        " LEFT JOIN left_nobodys n ON t.amount < 0 AND t.refund_of = n.order_id"
        " LEFT JOIN still_there s ON t.amount < 0 AND t.refund_of = s.order_id AND t.customer = s.customer",
    )
    count, money = _counted(database, chain, "gone = 1")
    if not count:
        return chain.at(source)
    counts.append(RuleCount("refund_of_left_out", count, money, excluded=True))
    return chain.then("with_their_orders", "SELECT * FROM refunds_told WHERE gone = 0")


def _signs_of(database: Reducing, chain: Chain) -> Signs:
    """Those of the last step."""
    engine = database.engine
    sums = (
        "CASE WHEN amount < 0 THEN 1 ELSE 0 END",
        "CASE WHEN amount < 0 THEN amount ELSE 0 END",
        "CASE WHEN amount = 0 THEN 1 ELSE 0 END",
    )
    listed = ", ".join(f"{engine.whole(f'COALESCE(SUM({sql}), 0)')} AS s{n}" for n, sql in enumerate(sums))
    return Signs(*map(int, database.frame(chain.select(f"SELECT {listed} FROM {chain.last}")).row(0)))


def _by_kind(signs: Signs, chain: Chain, policy: CleaningPolicy, counts: list[RuleCount]) -> Chain:
    """Orders told from refunds by the sign of the amount."""
    source = chain.last
    if policy.refunds == "drop":
        counts.append(RuleCount("refund_dropped", signs.negative, signs.negative_money, excluded=True))
    else:
        rule = "refunds_netted" if policy.refunds == "net" else "refunds_as_orders"
        counts.append(RuleCount(rule, signs.negative, signs.negative_money, excluded=False))
    counts.append(RuleCount("zero_amount", signs.zero, 0, excluded=policy.zero == "drop"))
    conditions = [
        *(["amount >= 0"] if policy.refunds == "drop" else []),
        *(["amount <> 0"] if policy.zero == "drop" else []),
    ]
    kind = "CASE WHEN amount < 0 THEN 1 ELSE 0 END" if policy.refunds == "net" else "0"
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    return chain.then("kinds_told", f"SELECT t.*, {kind} AS kind FROM {source} t{where}")


def _booked(database: Reducing, chain: Chain, refers: bool, columns: list[str], counts: list[RuleCount]) -> Chain:
    """The last step: `columns` of orders, each refund that refers to an order on the day of that order."""
    source = chain.last
    if not refers:
        return chain.then(ORDERS, f"SELECT {', '.join(columns)} FROM {source}")
    refs = f"order_id IN (SELECT refund_of FROM {source} WHERE kind = 1 AND refund_of IS NOT NULL)"
    chain = chain.then(
        "booking",
        f"SELECT customer, order_id, MIN(day_no * 86400 + second_no) + {_PAST} AS since FROM {source}"
        f" WHERE kind = 0 AND {refs} GROUP BY customer, order_id",
    )
    day = database.engine.divided("since", 86_400)
    chain = chain.then(
        "booked",
        f"SELECT t.*, b.since FROM {source} t LEFT JOIN booking b"
        " ON t.kind = 1 AND t.refund_of = b.order_id AND t.customer = b.customer",
    )
    count, money = _counted(database, chain, "kind = 1 AND refund_of IS NOT NULL AND since IS NULL")
    if count:
        counts.append(RuleCount("refund_without_order", count, money, excluded=False))
    when = {
        "day_no": f"CASE WHEN since IS NULL THEN day_no ELSE {day} - 40000 END AS day_no",
        "second_no": f"CASE WHEN since IS NULL THEN second_no ELSE since - {day} * 86400 END AS second_no",
    }
    return chain.then(ORDERS, f"SELECT {', '.join(when.get(c, c) for c in columns)} FROM booked")


def _counted(database: Reducing, chain: Chain, condition: str) -> tuple[int, int]:
    engine = database.engine
    sql = (
        f"SELECT {engine.whole('COUNT(*)')} AS n, {engine.whole('COALESCE(SUM(amount), 0)')} AS money"
        f" FROM {chain.last} WHERE {condition}"
    )
    rows, money = database.frame(chain.select(sql)).row(0)
    return int(rows), int(money)
