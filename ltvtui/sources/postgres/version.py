"""The state of a database of PostgreSQL, told without reading its tables.

Every committed write of a server takes a transaction number. A snapshot, `pg_current_snapshot()`, names those that
are seen; where two are equal, nothing was committed between them on the whole server, in whatever table. That is a
proof. On a busy server it rarely holds. Then the server's own counts of rows written to each table tell whether one
was touched. They are no proof: they are told some seconds late, and forgotten in a crash.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ltvtui.sources.base import Likeness, UncertainVersion

if TYPE_CHECKING:
    from ltvtui.sources.postgres.database import PostgresDatabase

_STATE: Final = (
    "SELECT pg_current_snapshot()::text, (SELECT oid::bigint FROM pg_database WHERE datname = current_database()),"
    " pg_postmaster_start_time()::text, current_user::text, array_to_string(current_schemas(false), ','),"
    " pg_is_in_recovery(), EXISTS (SELECT FROM pg_foreign_table)"
)
_COUNTS: Final = (
    "SELECT md5(coalesce(string_agg(concat_ws(' ', s.relid, pg_relation_filenode(s.relid), s.n_tup_ins, s.n_tup_upd,"
    " s.n_tup_del), ',' ORDER BY s.relid), '')),"
    " (SELECT coalesce(stats_reset::text, '') FROM pg_stat_database WHERE datname = current_database())"
    " FROM pg_stat_user_tables s"
)


@dataclass(frozen=True)
class PostgresVersion(UncertainVersion):
    """Two that are equal: nothing was committed on the server between them."""

    snapshot: str
    """Which transactions are seen."""
    place: tuple[str, ...]
    """Database, start of the server, user, and schemas by which tables are found: of others nothing is concluded."""
    counts: str
    """Of rows written to each table, in one word; "" where they are not kept, as on a replica."""

    @property
    def is_quiet(self) -> bool:
        """Always: what others are in the middle of writing is not seen."""
        return True

    def as_json(self) -> dict[str, Any]:
        """As JSON."""
        return {"snapshot": self.snapshot, "place": list(self.place), "counts": self.counts}

    def likeness(self, before: Mapping[str, Any]) -> Likeness:
        """How sure it is that this is the state that was `before`."""
        mine = self.as_json()
        if mine == dict(before):
            return Likeness.SAME
        alike = bool(self.counts) and all(mine[part] == before.get(part) for part in ("place", "counts"))
        return Likeness.ALIKE if alike else Likeness.OTHER


def version_of(database: PostgresDatabase) -> PostgresVersion | None:
    """The version that is read; None where rows of another server may be among it. LtvError where it fails."""
    snapshot, number, started, user, schemas, is_replica, is_foreign = database.ask(_STATE)[0]
    if is_foreign:
        return None
    counts = "" if is_replica else " ".join(str(part) for part in database.ask(_COUNTS)[0])
    return PostgresVersion(str(snapshot), (str(number), str(started), str(user), str(schemas)), counts)
