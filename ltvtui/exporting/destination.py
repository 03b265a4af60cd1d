"""Where something goes, and what must never be written over."""

from __future__ import annotations

import os
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from ltvtui.errors import LtvError

_BESIDE = ("", "-wal", "-shm", "-journal")
"""What belongs to an SQLite database."""


@dataclass(frozen=True)
class Destination:
    """A file to be."""

    path: Path
    shop: Path | None
    """The shop's own file, which is never written to; None of a shop that is none."""
    replace: bool = False
    """Whether a file, or a table in an SQLite file, that is there may be replaced."""
    table: str = "customers"
    """Name of the table in an SQLite file, and of the sheet in a workbook."""

    def check(self) -> None:
        """Raises LtvError (exit code 2 for what must not be, 1 for what cannot be)."""
        folder = self.path.parent
        if str(self.path) == "-":
            raise LtvError("Exports are not written to standard output.", "Name a file.", 2)
        if not self.path.name or self.path.is_dir():
            raise LtvError(f"{self.path} is a folder.", "Name a file in it.", 2)
        if not folder.is_dir():
            raise LtvError(f"There is no folder {folder}.", "Create it, or choose another.", 2)
        if self._is_shop():
            raise LtvError(f"{self.path} belongs to the shop that is open.", "Choose another file.", 2)
        if self.path.is_symlink():  # to replace it would leave what it leads to as it was
            raise LtvError(f"{self.path} is a link.", f"Name the file itself: {self.path.resolve()}", 2)
        if not os.access(folder, os.W_OK | os.X_OK):
            raise LtvError(f"The folder {folder} is read-only.", "Choose another folder.")
        if self.path.exists() and not self.path.is_file():
            raise LtvError(f"{self.path} is not a file.", "Choose another name.", 2)

    def _is_shop(self) -> bool:
        """Also by another path, a link, or as one of the files that SQLite keeps beside it."""
        if self.shop is None:
            return False
        shop = self.shop.resolve()
        if shop in self.path.resolve().parents or fnmatch(str(self.path.resolve()), str(shop)):
            return True  # the next opening would read it as a part of the folder, or of what fits the pattern
        for ending in _BESIDE:
            part = shop.with_name(shop.name + ending)
            if self.path.resolve() == part or (part.exists() and self.path.exists() and part.samefile(self.path)):
                return True
        return False


@dataclass(frozen=True)
class Written:
    """What has left."""

    path: Path
    rows: int | None
    """None of a picture."""
    bytes: int
    """Of the whole file."""
    table: str | None = None
    """Table of an SQLite file."""
    notes: tuple[str, ...] = ()
    """What else is to be told of it, one sentence each."""
