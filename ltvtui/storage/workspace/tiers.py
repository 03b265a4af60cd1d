"""Tiers as they were shown: what changed since the last time, and the last state to compare with.

The state of a million customers would be a million rows that are read only as a whole. It is one compressed piece for
each rule instead: 2 to 7 MB a million customers, 20 MB where ids are random.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Final

import polars as pl

from ltvtui.analytics.tiers.changes import STATE
from ltvtui.days import iso, parse_day
from ltvtui.user_state.tier_history import Recording, TierChange

if TYPE_CHECKING:
    from sqlite_utils import Database

STATES: Final = 4
"""Rules of a shop whose last state is kept; under one that was in force before those, all begins anew."""
SHOWN: Final = 24
"""Recordings that are told of."""


@dataclass(frozen=True, eq=False)
class LastState:
    """What was recorded last under one rule."""

    recording: int
    """Its id."""
    frame: pl.DataFrame
    """tier_changes.STATE."""


def last_state(database: Database, shop: str, terms: str) -> LastState | None:
    """What was recorded last; None where nothing was."""
    rows = database.query("SELECT recording, state FROM tier_state WHERE shop = ? AND terms = ?", [shop, terms])
    for row in rows:
        return LastState(row["recording"], pl.read_parquet(BytesIO(row["state"])).cast(pl.Schema(STATE)))
    return None


def last_number(database: Database, shop: str, terms: str) -> int | None:
    """Id of the recording whose state is kept."""
    rows = database.query("SELECT recording FROM tier_state WHERE shop = ? AND terms = ?", [shop, terms])
    return next((int(row["recording"]) for row in rows), None)


def packed(state: pl.DataFrame) -> bytes:
    """A STATE as it is kept."""
    room = BytesIO()
    state.write_parquet(room, compression="zstd", statistics=False)
    return room.getvalue()


def record(database: Database, shop: str, terms: str, entry: Recording, state: bytes, changes: pl.DataFrame) -> None:
    """Write a recording with its changes (id, before, after), within a transaction."""
    row = {"shop": shop, "terms": terms, "as_of": iso(entry.as_of), "at": entry.at}
    number = database.table("tier_recording").insert({**row, "customers": entry.customers, "changed": entry.changed})
    recording = number.last_pk
    database.conn.executemany(
        "INSERT INTO tier_change (customer, recording, before, after) VALUES (?, ?, ?, ?)",
        ((customer, recording, before, after) for customer, before, after in changes.iter_rows()),
    )
    latest = {"shop": shop, "terms": terms, "recording": recording, "state": state}
    database.table("tier_state").upsert(latest, pk=("shop", "terms"))
    database.execute(
        "DELETE FROM tier_state WHERE shop = :shop AND recording NOT IN"
        " (SELECT recording FROM tier_state WHERE shop = :shop ORDER BY recording DESC LIMIT :states)",
        {"shop": shop, "states": STATES},
    )


def recordings_of(database: Database, shop: str, terms: str) -> list[Recording]:
    """The last SHOWN recordings under one rule, the newest first."""
    rows = database.query(
        "SELECT as_of, at, customers, changed FROM tier_recording WHERE shop = ? AND terms = ?"
        " ORDER BY id DESC LIMIT ?",
        [shop, terms, SHOWN],
    )
    return [Recording(parse_day(row["as_of"]), row["at"], row["customers"], row["changed"]) for row in rows]


def history_of(database: Database, shop: str, terms: str, customer: str) -> list[TierChange]:
    """Recorded changes of one customer (the shop's own id) under one rule, the newest first."""
    rows = database.query(
        "SELECT as_of, at, before, after FROM tier_change JOIN tier_recording ON id = recording"
        " WHERE customer = ? AND shop = ? AND terms = ? ORDER BY recording DESC",
        [customer, shop, terms],
    )
    return [TierChange(parse_day(row["as_of"]), row["at"], row["before"], row["after"]) for row in rows]
