"""What Quality says: what is doubtful, what was left out and for how much, and whether the history is whole."""

from __future__ import annotations

from collections.abc import Sequence

from ltvtui.analytics.cleaning.data_quality import RULES, Quality, RuleCount
from ltvtui.analytics.doubts import Doubt
from ltvtui.analytics.entry import Entry
from ltvtui.analytics.schema import MONEY_SCALE
from ltvtui.days import iso
from ltvtui.present.doubts import SIGN, doubts_in_short
from ltvtui.present.headline import Clauses
from ltvtui.present.headline.words import money, share
from ltvtui.present.numbers import count, counted


def quality_clauses(account: Quality, entry: Entry, doubts: Sequence[Doubt], sign: str) -> Clauses:
    """The clauses of the account of cleaning, with what is doubtful before all else."""
    doubtful = doubts_in_short(doubts).removeprefix(f"{SIGN} ")
    return (
        *([doubtful] if doubtful else []),
        *_left_out(account, sign),
        *_history(entry),
        *_quiet(account),
        *([] if doubtful else ["nothing looks misread"]),
    )


def _left_out(account: Quality, sign: str) -> Clauses:
    excluded = [each for each in account.counts if each.excluded and each.rows]
    rows, orders = account.rows_left_out, account.orders_left_out
    read = counted(account.rows_read, "row")
    if not excluded:
        return (f"all {read} count" if account.rows_read != 1 else "the only row counts",)
    most = max(excluded, key=lambda each: abs(each.amount))
    clause = f"{count(rows)} of {read} ({share(rows / account.rows_read)}) {'is' if rows == 1 else 'are'} left out"
    if orders:
        clause += f", and {counted(orders, 'order')} or refund{'s' if orders > 1 else ''} of the others"
    if not most.amount:
        return (f"{clause}, without any money",)
    of = "order" if account.counts_orders(most.rule) else "row"
    return (f"{clause}, most money as “{RULES[most.rule]}”: {_money(most, sign)} in {counted(most.rows, of)}",)


def _money(of: RuleCount, sign: str) -> str:
    return money(of.amount / MONEY_SCALE, sign)


def _history(entry: Entry) -> Clauses:
    if entry.state == "cut off":
        return (f"the history looks cut off on {iso(entry.start)}, so that old customers count as new ones",)
    if entry.state == "cannot be told":
        return ("there are too few later customers to say whether the first ones were new",)
    return ()


def _quiet(account: Quality) -> Clauses:
    if account.quiet.longest is None:
        return ()
    since, until = (iso(day) for day in account.quiet.longest)
    longest = since if since == until else f"{since} to {until}"
    return (f"{counted(account.quiet.days, 'day')} without an order, the longest gap {longest}",)
