"""Spend that was typed in, and names that mean a channel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from ltvtui.analytics.budget.manual_spend import ManualSpend
from ltvtui.analytics.schema import SPEND
from ltvtui.days import iso, parse_day

if TYPE_CHECKING:
    from sqlite_utils import Database


def typed_of(database: Database, shop: str) -> ManualSpend:
    """What was typed in for `shop`."""
    booked = database.query("SELECT day, channel, amount FROM spend WHERE shop = ?", [shop])
    rows = [(parse_day(row["day"]), row["channel"] or None, _amount(row["amount"])) for row in booked]
    alias_rows = database.query("SELECT name, channel FROM alias WHERE shop = ? ORDER BY name", [shop])
    aliases = tuple((row["name"], row["channel"]) for row in alias_rows)
    return ManualSpend(pl.DataFrame(rows, schema=SPEND, orient="row").sort("day", "channel"), aliases)


def _amount(value: object) -> int:
    """An amount of a row. TypeError where it is something else."""
    if not isinstance(value, int):
        raise TypeError
    return value


def save_changes(database: Database, shop: str, before: ManualSpend, after: ManualSpend) -> None:
    """Book what changed from `before` to `after`, within a transaction."""
    old, new = set(before.rows.rows()), set(after.rows.rows())
    joined, names = dict(before.aliases), dict(after.aliases)
    # No name stands for spend that is not split by channel: a key knows no null.
    for day, channel, _ in old - new:
        where = [shop, iso(day), channel or ""]
        database.table("spend").delete_where("shop = ? AND day = ? AND channel = ?", where)
    spend: list[dict[str, Any]] = [
        {"shop": shop, "day": iso(day), "channel": channel or "", "amount": amount}
        for day, channel, amount in new - old
    ]
    database.table("spend").upsert_all(spend, pk=("shop", "day", "channel"))
    for name in joined.keys() - names.keys():
        database.table("alias").delete_where("shop = ? AND name = ?", [shop, name])
    aliases = [
        {"shop": shop, "name": name, "channel": channel}
        for name, channel in names.items()
        if joined.get(name) != channel
    ]
    database.table("alias").upsert_all(aliases, pk=("shop", "name"))
