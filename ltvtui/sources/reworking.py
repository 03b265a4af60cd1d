"""What the rows of the best orders table need before they are orders: each is one more SELECT around it, and said."""

from __future__ import annotations

from ltvtui.sources.candidates import REQUIRED, Candidate
from ltvtui.sources.overrides import Overrides
from ltvtui.sources.refund_tables import with_refunds
from ltvtui.sources.relation import is_select
from ltvtui.sources.repeated_totals import counted_once
from ltvtui.sources.sqlite import Database


def reworked(database: Database, best: Candidate, said: Overrides) -> Candidate:
    """The candidate with totals counted once and refunds netted, where it needs that.

    What the user said stays as it is: an orders table that is a SELECT, and a column that was named.
    """
    if any(not best.finds[role].column for role in REQUIRED) or (said.orders is not None and is_select(said.orders)):
        return best
    for rework in (counted_once, with_refunds):
        best = rework(database, best, said) or best
    return best
