"""What the analyst adds to a shop: one small database per user, never the shop's own.

It lies in the platform's data directory, or in LTVTUI_DATA_DIR, for its owner's eyes only. Several sessions may use
it at once: each call opens it, does one thing whole or not at all, and closes it.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from ltvtui.analytics.schema import SPEND
from ltvtui.analytics.typed import Typed
from ltvtui.days import iso, parse_day
from ltvtui.errors import LtvError

if TYPE_CHECKING:
    from sqlite_utils import Database

WAIT: Final = 2.0
"""Seconds to wait for another session that writes."""
MEND: Final = "What you typed holds until you leave. Check the rights on that folder and the room on its disk."


class Workspace:
    """The database at `path`; it is made when something is first kept."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def typed(self, shop: str) -> Typed:
        """What was typed in for `shop`; nothing where there is no workspace yet.

        Raises LtvError (exit code 1) where it is there and cannot be read.
        """
        if not self.path.exists():
            return Typed()
        with self._open() as database:
            booked = database.query("SELECT day, channel, amount FROM spend WHERE shop = ?", [shop])
            rows = [(parse_day(row["day"]), row["channel"] or None, row["amount"]) for row in booked]
            named = database.query("SELECT name, channel FROM alias WHERE shop = ? ORDER BY name", [shop])
            aliases = tuple((row["name"], row["channel"]) for row in named)
        return Typed(pl.DataFrame(rows, schema=SPEND, orient="row").sort("day", "channel"), aliases)

    def keep(self, shop: str, before: Typed, after: Typed) -> None:
        """Book what changed from `before` to `after` for `shop`; what another session has typed meanwhile stays.

        Raises LtvError (exit code 1) where it cannot be written.
        """
        old, new = set(before.rows.rows()), set(after.rows.rows())
        joined, names = dict(before.aliases), dict(after.aliases)
        with self._open() as database, _writing(database):
            # No name stands for spend that is not told by channel: a key knows no null.
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

    @contextmanager
    def _open(self) -> Iterator[Database]:
        """The database, brought up to date; errors of it in words."""
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
            with closing(sqlite3.connect(self.path, timeout=WAIT)) as connection:
                from sqlite_utils import Database

                database = Database(connection)
                changes = _migrations()
                if changes.pending(database):
                    with _writing(database):
                        changes.apply(database)  # those that are pending still
                yield database
        except (OSError, sqlite3.Error) as error:
            why = error.strerror if isinstance(error, OSError) else str(error)
            raise LtvError(f"The workspace {self.path} cannot be used: {why}.", MEND) from error


@contextmanager
def _writing(database: Database) -> Iterator[None]:
    """One transaction that waits for its turn at the beginning: one that asks to write later on may be refused."""
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        database.rollback()
        raise
    database.commit()


def _migrations() -> Any:
    """Every change of the tables since the first version, in order; each is applied once."""
    from sqlite_utils.migrations import Migrations

    changes = Migrations("ltvtui")

    @changes()
    def spend_and_aliases(database: Database) -> None:
        database.table("spend").create(
            {"shop": str, "day": str, "channel": str, "amount": int}, pk=("shop", "day", "channel")
        )
        database.table("alias").create({"shop": str, "name": str, "channel": str}, pk=("shop", "name"))

    return changes
