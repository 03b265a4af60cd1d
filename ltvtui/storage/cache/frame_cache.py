"""Values of one dataclass in the cache: their frames as Arrow files, the rest in the manifest.

The form on disk follows from the declaration of the dataclass, and so does its version, a fingerprint: an entry that
was written under another one is not found. No number has to be raised by hand, and none can be forgotten.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Generic, TypeVar, cast

import polars as pl

from ltvtui.storage.cache.cache import Cache
from ltvtui.storage.cache.fingerprint import fingerprint
from ltvtui.storage.cache.folders import MANIFEST, remove
from ltvtui.storage.cache.frame_files import Mismatch, read_frames, write_frames
from ltvtui.storage.cache.later import Later
from ltvtui.storage.cache.manifest import read_manifest, write_manifest
from ltvtui.storage.cache.values import decode, encode
from ltvtui.storage.private import is_own_folder

T = TypeVar("T")


class FrameCache(Generic[T]):
    """Values of the dataclass `declared` in a cache."""

    def __init__(self, cache: Cache, declared: type[T], *meaning: str) -> None:
        """`meaning`: fingerprints of what gives the values their meaning beside their declaration."""
        self._cache = cache
        self._declared = declared
        self.fingerprint = fingerprint(declared, *meaning)

    def load(self, key: str) -> T | None:
        """The newest value under `key`; None where there is none, none of this fingerprint, or none that is as it
        was written. Such an entry is removed. Never raises."""
        folder = self._cache.newest(key)
        if folder is None:
            return None
        try:
            return self._read(folder, key)
        except (Exception, pl.exceptions.PanicException):
            remove(folder)
            return None

    def store(self, key: str, value: T, source: str) -> str | None:
        """Keep a value that was made from `source` (EntryInfo.source), in place of what `key` had.

        None when it is kept; else why not, as the end of a sentence, and nothing is left behind.
        """
        frames: dict[str, pl.DataFrame | Later] = {}
        try:
            encoded = encode(value, self._declared, frames)
        except TypeError as error:
            return f"it could not be written: {error}"
        return self._cache.put(key, lambda folder: self._write(folder, key, encoded, frames, source))

    def _write(
        self, folder: Path, key: str, encoded: Any, frames: dict[str, pl.DataFrame | Later], source: str
    ) -> None:
        body = {
            "key": key,
            "fingerprint": self.fingerprint,
            "source": source,
            "made": time.time(),
            "frames": write_frames(folder, frames, self._cache.limit),
            "value": encoded,
        }
        write_manifest(folder, body)

    def _read(self, folder: Path, key: str) -> T:
        if not is_own_folder(folder):
            raise Mismatch
        body = read_manifest(folder)
        if (body["key"], body["fingerprint"]) != (key, self.fingerprint):
            raise Mismatch
        value = decode(body["value"], self._declared, read_frames(folder, body["frames"]))
        with suppress(OSError):
            os.utime(folder / MANIFEST)
        return cast(T, value)
