"""A compressed database, `shop.sqlite.gz`: the private database is what is packed in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ltvtui.errors import LtvError
from ltvtui.sources.base import Progress, Stop
from ltvtui.sources.files.packed import DATABASES, PACKED, inner, unpack
from ltvtui.sources.files.table_file import state_of
from ltvtui.sources.sqlite.files import is_database


def is_packed_database(path: Path) -> bool:
    """Whether the name of the file says that a database is packed in it."""
    return path.suffix.lower() in PACKED and inner(path).suffix.lower() in DATABASES and path.is_file()


@dataclass(frozen=True)
class PackedDatabase:
    """A database of SQLite in a file of gzip or zstd."""

    path: Path
    key: tuple[str, ...] = ("packed database",)
    is_headed: bool = False

    @property
    def size(self) -> int:
        """Packed."""
        return self.path.stat().st_size

    def version(self) -> str:
        """The state of the file."""
        return state_of(self.path)

    def fill(self, database: Path, progress: Progress, stopped: Stop) -> list[str]:
        """Unpack it. LtvError (exit code 2) where what is packed is no database."""
        unpack(self.path, database, stopped)
        if not is_database(database):
            raise LtvError(
                f"{inner(self.path).name} in {self.path.name} is not an SQLite database.", "Name one that is.", 2
            )
        return []
