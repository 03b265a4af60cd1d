"""An order's total that stands on each of its lines: summed as lines are, it would count several times."""

from __future__ import annotations

from typing import Final

from ltvtui.sources.candidates import Candidate
from ltvtui.sources.glance import glance
from ltvtui.sources.overrides import Overrides
from ltvtui.sources.sqlite import Database, quote
from ltvtui.sources.wrapping import drafted, through

LEAST: Final = 10
"""Orders of several lines from which on content decides."""
COMMON: Final = 0.5
"""Share of those orders that the commonest total may have: where all things cost the same, lines look alike too."""
MOST: Final = 100_000
"""Rows that are looked at."""


def counted_once(database: Database, best: Candidate, said: Overrides) -> Candidate | None:
    """The candidate with its amount on one line of each order, where all lines of an order repeat it."""
    order_id = best.table.column(best.finds["order_id"].column) if "order_id" in best.finds else None
    amount = best.table.column(best.finds["amount"].column)
    if said.amount is not None or best.lines is not None or order_id is None or amount is None or order_id.unique:
        return None
    ids = [value for value in order_id.sample if value is not None]
    if len(set(ids)) == len(ids) or not _is_repeated(database, best, order_id.name, amount.name):
        return None
    draft, finds = drafted(database, best, said)
    customer = draft.sql_of(finds["customer"].column)
    first = f"row_number() OVER (PARTITION BY {draft.sql_of(order_id.name)}, {customer})"
    repeated = draft.sql_of(amount.name)
    once = f"CASE WHEN {draft.sql_of(order_id.name)} IS NULL OR {first} = 1 THEN {repeated} ELSE 0 END"
    draft = draft.without(amount.name).with_columns("row", [(once, amount)])
    notice = f"{amount.name} is the total of the order, repeated on each of its lines: it is counted once an order."
    return through(database, best, draft.sql(), [one.column for one in draft.chosen], finds, notice)


def _is_repeated(database: Database, best: Candidate, order_id: str, amount: str) -> bool:
    """Whether the amount is the same on all lines of an order, with lines that differ and orders that do too."""
    date = best.finds["date"].column
    others = [quote(c.name) for c in best.table.columns if c.name not in (order_id, amount, date)]
    differ = " OR ".join(f"min({other}) IS NOT max({other})" for other in others) or "0"
    orders = (
        f"SELECT min({quote(amount)}) AS low, max({quote(amount)}) AS high,"  # noqa: S608
        f" count({quote(amount)}) = count(*) AS each,"
        f" min({quote(date)}) IS max({quote(date)}) AS one_day, ({differ}) AS differ"
        f" FROM (SELECT * FROM {best.source} LIMIT {MOST}) WHERE {quote(order_id)} IS NOT NULL"
        f" GROUP BY {quote(order_id)} HAVING count(*) > 1"
    )
    commonest = f"(SELECT max(n) FROM (SELECT count(*) AS n FROM ({orders}) WHERE differ GROUP BY low))"  # noqa: S608
    sql = f"SELECT count(*), sum(each AND low IS high), sum(one_day), {commonest} FROM ({orders}) WHERE differ"  # noqa: S608
    rows = glance(database, sql)
    if not rows:
        return False
    several, same, one_day, most = rows[0]
    if not isinstance(several, int) or several < LEAST or not isinstance(most, int):
        return False
    # what is paid in equal parts is the same too, but not on one day
    return same == several and one_day == several and most <= COMMON * several
