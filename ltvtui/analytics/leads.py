"""Leads: customers the shop knows who have not ordered yet (metrics.md §8)."""

from __future__ import annotations

from ltvtui.analytics.snapshot import Snapshot


def leads(snapshot: Snapshot, day: int | None = None) -> int | None:
    """How many of the shop's customer table have no order up to `day` (default: the as-of day), whether one comes
    later or never.

    None where no customer table is mapped, and for a part of the shop: most of what makes parts, such as the tier,
    a lead does not have.
    """
    people = snapshot.people
    if people.known is None or people.leads is None or snapshot.selected:
        return None
    customers = (snapshot.standing if day is None else snapshot.past(day)).customers
    by_then = people.known.gather(customers["customer"])
    return people.leads.height + int(people.known.sum()) - int(by_then.sum())
