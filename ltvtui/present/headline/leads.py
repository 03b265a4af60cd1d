"""What the ladder of leads says: how many there are, where most are lost, and how long a first order takes."""

from __future__ import annotations

from ltvtui.analytics.lifecycle.lead_ladder import Ladder
from ltvtui.analytics.retention import FEW
from ltvtui.present.headline import Clauses
from ltvtui.present.headline.words import name, share
from ltvtui.present.numbers import count, counted


def lead_clauses(ladder: Ladder, leads: int, staged: bool = True) -> Clauses:
    """The clauses of a ladder; `leads`: all of the shop; `staged`: a column has their stages."""
    if leads == 0:
        return ("everybody in the customers' table has ordered: there are no leads",)
    ordered: Clauses = ()
    buyers = ladder.ordered + ladder.bought_without_stage
    if everybody := leads + buyers:
        ordered = (f"{count(buyers)} of {count(everybody)} people have ordered ({share(buyers / everybody)})",)
    return (f"{counted(leads, 'lead')} without an order", *ordered, *_loss(ladder, staged), *_days(ladder))


def _loss(ladder: Ladder, staged: bool) -> Clauses:
    """The stage that the smallest share goes on from."""
    rows = [row for row in ladder.rows.iter_rows(named=True) if row["entered"] >= FEW]
    if not staged or len(rows) < 2:
        return ()
    worst = min(rows, key=lambda row: row["share"])
    return (f"fewest go on from {name(worst['stage'])}: {count(worst['went_on'])} of {count(worst['entered'])} "
            f"({share(worst['share'])})",)  # fmt: skip


def _days(ladder: Ladder) -> Clauses:
    if ladder.days_to_order is None:
        return ()
    return (f"a first order comes {counted(round(ladder.days_to_order), 'day')} after people became known (median)",)
