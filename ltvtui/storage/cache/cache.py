"""Entries of a cache: a folder each, private and bounded in all.

An entry is a folder `KEY.STAMP.RANDOM` with files, and a manifest that says what the files must be. Nothing in it is
ever changed: an entry is written under another name, forced to disk and renamed, and the next one for the same key
stands beside it before it is removed. Whoever is killed, and whoever reads meanwhile, finds the old entry or the new
one.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

import polars as pl

from ltvtui.storage.atomic_file import to_disk
from ltvtui.storage.cache.folders import ENTRY, MANIFEST, WRITING, bytes_of, discard, stamp_of, sweep, unfinished
from ltvtui.storage.cache.frame_files import TooLarge
from ltvtui.storage.cache.manifest import JSON, UNREADABLE, canonical, read_manifest
from ltvtui.storage.private import is_own_folder

_LAST: Final = 10**20 - 1
"""The last stamp that can be written: a name that has it was made by nobody's clock."""


@dataclass(frozen=True)
class EntryInfo:
    """One entry, as a person looks at it."""

    source: str
    """The file of the database it was made from, or the address of its server."""
    bytes: int
    """On disk."""
    made: float
    """Seconds since 1970."""
    used: float
    """When it was last stored or loaded, seconds since 1970."""

    @property
    def name(self) -> str:
        """Name of the database's file, or the whole address."""
        return self.source if self.folder is None else Path(self.source).name

    @property
    def folder(self) -> Path | None:
        """Where the file of the database lies; None of a server."""
        return None if "://" in self.source else Path(self.source).parent


def key_of(*parts: JSON) -> str:
    """The key of everything a stored result depends on, but for the code that made it: 32 hexadecimal digits."""
    return sha256(canonical([*parts])).hexdigest()[:32]


class Cache:
    """The entries in one folder."""

    def __init__(self, directory: Path, limit: int) -> None:
        self.directory = directory
        self.limit = limit
        """Bytes that all entries may take; 0 turns the cache off."""

    def put(self, key: str, fill: Callable[[Path], None]) -> str | None:
        """A new entry in place of what `key` had, as `fill` makes it in the folder that it is given.

        None when it is stored; else why not, as the end of a sentence. Nothing is left behind where it is not, or
        where `fill` raises. `fill` may raise TooLarge.
        """
        if not self.limit:
            return "the cache is turned off"
        refusal = self.refusal()
        if refusal is not None:
            return refusal
        try:
            self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            sweep(self.directory)
            stamps = [stamp for folder in self._folders() if (stamp := stamp_of(folder)) < _LAST]
            stamp = max([0, time.time_ns(), *(s + 1 for s in stamps)])  # newest, even after the clock was set back
            name = f"{key}.{stamp:020}.{os.urandom(4).hex()}"
            with unfinished(self.directory / (WRITING + name)) as folder:
                fill(folder)
                to_disk(folder)
                folder.rename(self.directory / name)
            to_disk(self.directory)
        except TooLarge:
            return f"it is larger than the limit of the cache ({self.limit} bytes)"
        except OSError as error:
            return f"{self.directory}: {error.strerror or error}"
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
            return f"it could not be written: {error}"
        self._make_room(self.directory / name)
        return None

    def newest(self, key: str) -> Path | None:
        """The folder of the newest entry under `key`; None where there is none, or the cache is not used."""
        if not self.limit or self.refusal() is not None:
            return None
        folders = [folder for folder in self._folders() if folder.name.startswith(key + ".")]
        return folders[-1] if folders else None

    def entries(self) -> list[EntryInfo]:
        """All entries, the last used first."""
        found = []
        for folder in self._folders():
            with suppress(*UNREADABLE):
                body = read_manifest(folder)
                used = (folder / MANIFEST).stat().st_mtime
                found.append(EntryInfo(str(body["source"]), bytes_of(folder), float(body["made"]), used))
        return sorted(found, key=lambda entry: -entry.used)

    def clear(self, source: str | None = None) -> int:
        """Remove the entries of one source (EntryInfo.source), or all; gives the bytes that this freed."""
        sweep(self.directory)
        freed = 0
        for folder in self._folders():
            if source is not None:
                try:
                    if read_manifest(folder)["source"] != source:
                        continue
                except UNREADABLE:
                    continue
            size = bytes_of(folder)
            discard(folder)
            freed += size - bytes_of(folder)
        return freed

    def refusal(self) -> str | None:
        """Why the folder is not used, as a sentence's end; None: it is the user's own, or not there yet."""
        try:
            if not is_own_folder(self.directory):
                return f"{self.directory} is not a folder of your own"
            if not os.access(self.directory, os.R_OK | os.X_OK):
                return f"{self.directory} is not readable for you"
        except FileNotFoundError:
            return None
        except OSError as error:
            return f"{self.directory}: {error.strerror}"
        return None

    def hindrance(self) -> str | None:
        """Why nothing can be kept there, as a sentence's end, as far as that is known before it is tried."""
        refusal = self.refusal()
        if refusal is None and self.directory.exists() and not os.access(self.directory, os.W_OK):
            return f"{self.directory} is not writable for you"
        return refusal

    def _folders(self) -> list[Path]:
        """Finished entries, oldest first."""
        if self.refusal() is not None:
            return []
        with suppress(OSError):
            found = [path for path in self.directory.iterdir() if ENTRY.fullmatch(path.name)]
            return sorted(found, key=stamp_of)
        return []

    def _make_room(self, written: Path) -> None:
        """Remove what the entry just written replaces, and the longest unused until all fits.

        Another process that began later may have ended before: then its entry is the newer one.
        """
        key = written.name.partition(".")[0]
        newest = max((f for f in self._folders() if f.name.startswith(key + ".")), key=stamp_of, default=written)
        others: list[tuple[float, int, Path]] = []
        for folder in self._folders():
            older = folder.name.startswith(key + ".") and stamp_of(folder) < stamp_of(newest)
            if older:
                discard(folder)
            elif folder != newest:
                with suppress(OSError):
                    # A time in the future is of a wrong clock: it is no reason to store it for ever.
                    used = min((folder / MANIFEST).stat().st_mtime, time.time())
                    others.append((used, bytes_of(folder), folder))
        total = bytes_of(newest) + sum(size for _, size, _ in others)
        for _, size, folder in sorted(others):
            if total <= self.limit:
                break
            discard(folder)
            total -= size - bytes_of(folder)
