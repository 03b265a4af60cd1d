"""What a private database is made of: something of the user's that is no database to be read as it lies."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from ltvtui.sources.base import Progress, Stop


class Original(Protocol):
    """A file, or several, from which the tables of one database come. They are only ever read."""

    @property
    def path(self) -> Path:
        """As the user named it."""
        ...

    @property
    def key(self) -> tuple[str, ...]:
        """What tells its database from others in the cache, beside the path."""
        ...

    @property
    def is_headed(self) -> bool:
        """Whether titles may stand above the header (--skip-rows)."""
        ...

    @property
    def size(self) -> int:
        """Bytes. OSError, LtvError where they cannot be told."""
        ...

    def version(self) -> str:
        """Its state: the same text twice means that nothing was written to it between. LtvError (exit code 1) where
        it cannot be read."""
        ...

    def fill(self, database: Path, progress: Progress, stopped: Stop) -> list[str]:
        """Put its tables into the empty private file at `database`; what was left out of them, a sentence each.

        `progress` is called with rows done and rows in all. LtvError where it cannot be read or changes meanwhile,
        OSError where there is no room, Cancelled when `stopped`: then the database is to be thrown away.
        """
        ...
