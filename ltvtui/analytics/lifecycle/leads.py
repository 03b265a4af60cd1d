"""Leads: customers the shop knows who have not ordered yet (metrics.md §8)."""

from __future__ import annotations

from ltvtui.analytics.snapshot import Snapshot


def leads(snapshot: Snapshot) -> int | None:
    """How many of the shop's customer table have no order up to the as-of day, whether one comes later or never.

    The table is as it is now, whatever the day. None where none is mapped, and for a part of the shop: most of what
    makes parts, such as the tier, a lead does not have.
    """
    people = snapshot.people
    if people.in_table is None or people.leads is None or snapshot.selected:
        return None
    by_then = people.in_table.gather(snapshot.totals.customers["customer"])
    return people.leads.height + int(people.in_table.sum()) - int(by_then.sum())
