"""Lines that were undone alone, and payments that failed: the others of their order count."""

from __future__ import annotations

from ltvtui.analytics.cleaning.statuses import is_undone
from ltvtui.sources.base import Database
from ltvtui.sources.catalog import tables_of
from ltvtui.sources.catalog_table import CatalogColumn
from ltvtui.sources.detection import scoring
from ltvtui.sources.detection.candidate import Candidate
from ltvtui.sources.detection.glance import glance
from ltvtui.sources.detection.line_money import share_of
from ltvtui.sources.detection.vocabulary import group, meaning
from ltvtui.sources.detection.wrapping import drafted, through
from ltvtui.sources.overrides import Overrides
from ltvtui.sources.relation import listing
from ltvtui.sources.sql import quote


def without_undone(database: Database, best: Candidate, overrides: Overrides) -> Candidate:
    """The candidate without the lines that their own status marks as undone, with a notice.

    A line's status counts only where every line has one: else it is that of its order, written once.
    """
    if (
        best.lines is None
        or overrides.status is not None
        or overrides.amount is not None
        or overrides.orders is not None
    ):
        return best
    lines = next(t for t in tables_of(database) if t.name == best.lines)
    status = next((c for c in lines.columns if _is_status(c)), None)
    words = _undone(database, best.lines, status) if status else []
    if status is None or not words:
        return best
    draft, finds = drafted(database, best, overrides)
    status_sql = f"{quote(lines.name)}.{quote(status.name)}"
    left = ", ".join("'" + word.replace("'", "''") + "'" for word in words)
    notice = (
        f"Rows of {lines.name} whose {status.name} is {listing(words, 6)} are left out; other "
        "rows of their orders count."
    )
    columns = [one.column for one in draft.chosen]
    return through(database, best, f"{draft.sql()} WHERE {status_sql} NOT IN ({left})", columns, finds, notice)


def returned_notices(database: Database, best: Candidate, overrides: Overrides) -> tuple[str, ...]:
    """A sentence on a count of returned pieces that nothing subtracts from those sold."""
    table = next((t for t in tables_of(database) if t.name == best.lines), best.table)
    sold = max(table.columns, key=scoring.quantity_score, default=None)
    if overrides.amount is not None or sold is None:
        return ()
    owner = f"{quote(best.lines)}." if best.lines else ""
    amount, name = best.finds["amount"].column, owner + quote(sold.name)
    name = name if name in amount else sold.name
    if name not in amount:
        return ()
    for column in table.columns:
        name_words = set(meaning(column.name))
        if column is sold or not name_words & group("quantity") or not name_words & _BACK:
            continue
        pairs = [
            (float(back), float(of))
            for back, of in zip(column.sample, sold.sample, strict=True)
            if isinstance(back, int | float) and isinstance(of, int | float) and back
        ]
        if pairs and all(0 < back <= of for back, of in pairs):
            less = f"({name} - coalesce({owner}{quote(column.name)}, 0))"
            sentence = f"{column.name} of {table.name} is not subtracted from {sold.name}"
            return (f"{sentence}. To subtract it: --amount '{amount.replace(name, less, 1)}'.",)
    return ()


def _is_status(column: CatalogColumn) -> bool:
    fits = {"status", "state"} & set(meaning(column.name)) and column.references is None
    return bool(fits) and all(isinstance(v, str) and v.strip() for v in column.sample)


def _undone(database: Database, lines: str, status: CatalogColumn) -> list[str]:
    sql = f"SELECT DISTINCT {quote(status.name)} FROM {quote(lines)} LIMIT {scoring.MOST_STATUSES + 1}"  # noqa: S608
    values = [str(value) for (value,) in glance(database, sql) or [] if isinstance(value, str)]
    undone = sorted(value for value in values if is_undone(value))
    return undone if len(values) <= scoring.MOST_STATUSES and len(undone) < len(values) else []


def discount_notices(best: Candidate, overrides: Overrides) -> tuple[str, ...]:
    """A sentence on a discount of the order, where its amount is the sum of lines."""
    if best.lines is None or overrides.amount is not None:
        return ()
    for column in best.table.columns:
        name_words = set(meaning(column.name))
        numbers = [v for v in column.sample if isinstance(v, int | float) and v]
        if (
            "discount" not in name_words
            or not numbers
            or column.references is not None
            or name_words & scoring.word_set(_NO)
        ):
            continue
        amount, name = best.finds["amount"].column, f"{quote(best.table.name)}.{quote(column.name)}"
        sentence = f"{column.name} of {best.title} is not subtracted from the amounts of {best.lines}"
        share = share_of(column)
        if share:
            return (f"{sentence}. To subtract it: --amount '{amount} * (1 - {name}{share.strip()})'.",)
        key = best.finds["order_id"].column
        of, orders = quote(best.lines_order_id or ""), quote(best.table.name)
        each = f"SELECT sum({amount}) FROM {quote(best.lines)} WHERE {of} = {orders}.{quote(key)}"  # noqa: S608
        sql = f"SELECT *, ({each}) - coalesce({name}, 0) AS paid FROM {orders}"  # noqa: S608
        return (f"{sentence}. To subtract it: --lines '' --amount paid --orders '{sql}'.",)
    return ()


_BACK = scoring.word_set("returned refunded cancelled canceled return back")
_NO = "code type id name count number"
"""Words of columns that say which discount it was."""
