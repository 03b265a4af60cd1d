"""Where the history of a shop begins, in words and for programs (metrics.md §3)."""

from __future__ import annotations

from math import isfinite
from typing import Any

from ltvtui.analytics.entry import Entry, OfEverybody
from ltvtui.analytics.retention import FEW
from ltvtui.analytics.snapshot import Snapshot
from ltvtui.days import iso
from ltvtui.present.numbers import amount, at_least, count, counted, months_of


def entry_words(snapshot: Snapshot, everybody: OfEverybody | None = None) -> tuple[str, ...]:
    """What has to be known of the history beside its LTV; nothing where it is complete and all count. `everybody` is
    told where not all count."""
    entry = snapshot.entry
    if entry.since is not None and everybody is not None:
        who = f"{count(everybody.counted)} {_who(entry, entry.since)}"
        clause = f"LTV of {who}; of all {_ltv(everybody, snapshot.terms.horizon)}"
        return (f"history cut off: {clause}" if entry.state == "cut off" else clause,)
    if entry.state == "cut off":
        return (f"history cut off on {iso(entry.start)}: LTV counts old customers as new ones",)
    if entry.state == "cannot be told":
        return (f"too few customers since {iso(entry.border)} to say whether the first ones were new",)
    return ()


def counted_words(snapshot: Snapshot) -> tuple[str, ...]:
    """Who is counted, where that is not everybody: for what has no LTV of all beside it."""
    since = snapshot.entry.since
    return () if since is None else (f"customers {_who(snapshot.entry, since)} only",)


def counted_entry(snapshot: Snapshot) -> str:
    """Who is counted, also where that is everybody: all customers, or those proven new since a day."""
    since = snapshot.entry.since
    return "all customers" if since is None else f"those {_who(snapshot.entry, since)}"


def few_words(snapshot: Snapshot, mark: str = "few") -> str:
    """What `mark` says of a segment: who is counted to tell it (segments.profile), which is not always everybody."""
    since = snapshot.entry.since
    who = "customers" if since is None else f"customers {_who(snapshot.entry, since)}"
    return f"{mark}: small sample (< {FEW} {who})"


def _who(entry: Entry, since: int) -> str:
    return f"{'new' if isinstance(entry.choice, int) else 'proven new'} since {iso(since)}"


def history_words(entry: Entry) -> str:
    """The state of the history with the figures that tell it, in one line."""
    days = entry.border - entry.start
    clause = (
        f"history since {iso(entry.start)}: {entry.state}; {counted(entry.early, 'customer')} in the first "
        f"{counted(days, 'day')}, {count(entry.late)} since"
    )
    if entry.z is None:
        return clause
    differs = "higher" if entry.z > 0 else "lower"
    if not isfinite(entry.z):
        return f"{clause}; LTV of the first group is {differs} for every customer"
    return f"{clause}; LTV of the first group is {differs} by {amount(abs(entry.z), 1)} standard errors"


def entry_json(snapshot: Snapshot, of_all: float | None, of_proven: float | None) -> dict[str, Any]:
    """The state of the history with both figures of LTV (currency units), full precision."""
    entry = snapshot.entry
    used = "all" if entry.since is None else "proven" if entry.since == entry.border else iso(entry.since)
    return {
        "state": entry.state,
        "start": iso(entry.start),
        "border": iso(entry.border),
        "early": entry.early,
        "late": entry.late,
        "used": used,
        "ltv_all": of_all,
        "ltv_proven": of_proven,
    }


def _ltv(everybody: OfEverybody, horizon: int) -> str:
    if everybody.ltv is None:
        return "not seen"
    if everybody.months >= horizon:
        return amount(everybody.ltv)
    return f"{at_least(amount(everybody.ltv))} ({months_of(everybody.months, horizon)})"
