"""Frames that are dear to make, kept on disk: private, bounded, and never believed unchecked.

An entry is a folder `KEY.STAMP.RANDOM` with one Arrow IPC file a frame, uncompressed so that it only has to be
copied into memory, and `facts.json`, which says what the files must be. Nothing in it is ever changed: an entry is
written under another name, forced to disk and renamed, and the next one for the same key stands beside it before it
is removed. Whoever is killed, and whoever reads meanwhile, finds the old entry or the new one.

Every file is compared with its checksums before Polars sees it: a damaged Arrow file does not always raise, it
can also lie or crash. CRC-32 of parts notices accidents at the speed of memory; it is no seal against a forger,
who would need the user's own rights. What does not fit is removed and counts as not there.
"""

from __future__ import annotations

import fcntl
import json
import os
import stat
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import polars as pl

from ltvtui.sources.cache_entries import ENTRY, FACTS, WRITING, discard, is_ours, remove, sweep
from ltvtui.storage.atomic_file import to_disk

FORMAT: Final = 1
"""Of the entries themselves; what stands in the frames is the caller's `form`."""
POLARS: Final = int(pl.__version__.partition(".")[0])
PART: Final = 16 * 2**20
"""Bytes under one checksum; the unit of work of a thread."""
THREADS: Final = 2
"""That sum and read."""
BUFFER: Final = 2**18
"""Bytes read at a time: small enough to stay in the processor's cache between reading and summing."""

_LAST: Final = 10**20 - 1
"""The last stamp that can be written: a name that has it was made by nobody's clock."""

JSON = None | bool | int | float | str | list[Any] | dict[str, Any]


@dataclass(frozen=True, eq=False)
class CacheEntry:
    """What was stored."""

    frames: dict[str, pl.DataFrame]
    """By name; in as many chunks as they were written in."""
    facts: dict[str, Any]


@dataclass(frozen=True)
class EntryInfo:
    """One entry, as a person looks at it."""

    path: Path
    """The database it was made from."""
    bytes: int
    """On disk."""
    made: float
    """Seconds since 1970."""
    used: float
    """When it was last stored or loaded, seconds since 1970."""

    @property
    def name(self) -> str:
        """Name of the database's file."""
        return self.path.name


def key_of(*parts: JSON) -> str:
    """The key of everything a stored result depends on: 32 hexadecimal digits.

    The format of the entries and the major version of Polars are always among it.
    """
    return sha256(_canonical([FORMAT, POLARS, *parts])).hexdigest()[:32]


class Cache:
    """The entries in one folder."""

    def __init__(self, directory: Path, limit: int) -> None:
        self.directory = directory
        self.limit = limit
        """Bytes that all entries may take; 0 turns the cache off."""

    def load(self, key: str, form: int) -> CacheEntry | None:
        """The newest entry under `key`; None where there is none, or none that can be believed. Never raises."""
        folder = self.newest(key)
        if folder is None:
            return None
        try:
            return _load(folder, key, form)
        except (Exception, pl.exceptions.PanicException):
            remove(folder)
            return None

    def store(
        self, key: str, form: int, frames: Mapping[str, pl.DataFrame], facts: Mapping[str, JSON], source: Path
    ) -> str | None:
        """Keep `frames` and `facts`, made from the database `source`, in place of what `key` had.

        None when it is kept; else why not, as the end of a sentence, and nothing is left behind.
        """
        return self.put(key, lambda folder: self._write(folder, key, form, frames, facts, source))

    def put(self, key: str, fill: Callable[[Path], None]) -> str | None:
        """A new entry in place of what `key` had, as `fill` makes it in the folder that it is given.

        None when it is kept; else why not, as the end of a sentence. Nothing is left behind where it is not, or
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
            stamps = [stamp for folder in self._folders() if (stamp := _stamp(folder)) < _LAST]
            stamp = max([0, time.time_ns(), *(s + 1 for s in stamps)])  # newest, even after the clock was set back
            name = f"{key}.{stamp:020}.{os.urandom(4).hex()}"
            with _unfinished(self.directory / (WRITING + name)) as folder:
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
            with suppress(OSError, ValueError, KeyError, TypeError):
                body = facts_of(folder)
                used = (folder / FACTS).stat().st_mtime
                found.append(EntryInfo(Path(body["source"]), _bytes(folder), float(body["made"]), used))
        return sorted(found, key=lambda entry: -entry.used)

    def clear(self, path: Path | None = None) -> int:
        """Remove the entries of the database at `path`, or all; gives the bytes that this freed."""
        sweep(self.directory)
        freed = 0
        for folder in self._folders():
            if path is not None:
                try:
                    if Path(facts_of(folder)["source"]) != path.resolve():
                        continue
                except (OSError, ValueError, KeyError, TypeError):
                    continue
            size = _bytes(folder)
            discard(folder)
            freed += size - _bytes(folder)
        return freed

    def refusal(self) -> str | None:
        """Why the folder is not used, as a sentence's end; None: it is the user's own, or not there yet."""
        try:
            if not is_ours(self.directory):
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

    def _write(
        self,
        folder: Path,
        key: str,
        form: int,
        frames: Mapping[str, pl.DataFrame],
        facts: Mapping[str, JSON],
        source: Path,
    ) -> None:
        described: dict[str, Any] = {}
        total = 0
        for place, (name, frame) in enumerate(frames.items()):
            file = folder / f"{place}.arrow"
            os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            # What is in one piece is found in one piece again: nobody has to copy it together.
            batch = frame.height if max(frame.n_chunks("all"), default=1) == 1 else None
            frame.write_ipc(file, compression="uncompressed", record_batch_size=batch or None)
            to_disk(file)
            size = file.stat().st_size
            total += size
            if total > self.limit:
                raise TooLarge
            described[name] = {
                "file": file.name,
                "bytes": size,
                "sums": _sums(file, size),
                "height": frame.height,
                "schema": _schema(frame),
            }
        body = {
            "format": FORMAT,
            "polars": POLARS,
            "key": key,
            "form": form,
            "source": str(source.resolve()),
            "made": time.time(),
            "frames": described,
            "facts": dict(facts),
        }
        write_facts(folder, body)

    def _folders(self) -> list[Path]:
        """Finished entries, oldest first."""
        if self.refusal() is not None:
            return []
        with suppress(OSError):
            found = [path for path in self.directory.iterdir() if ENTRY.fullmatch(path.name)]
            return sorted(found, key=_stamp)
        return []

    def _make_room(self, written: Path) -> None:
        """Remove what the entry just written replaces, and the longest unused until all fits.

        Another process that began later may have ended before: then its entry is the newer one.
        """
        key = written.name.partition(".")[0]
        newest = max((f for f in self._folders() if f.name.startswith(key + ".")), key=_stamp, default=written)
        kept: list[tuple[float, int, Path]] = []
        for folder in self._folders():
            older = folder.name.startswith(key + ".") and _stamp(folder) < _stamp(newest)
            if older:
                discard(folder)
            elif folder != newest:
                with suppress(OSError):
                    # What is of the future was used when the clock was wrong: it is no reason to keep it for ever.
                    used = min((folder / FACTS).stat().st_mtime, time.time())
                    kept.append((used, _bytes(folder), folder))
        total = _bytes(newest) + sum(size for _, size, _ in kept)
        for _, size, folder in sorted(kept):
            if total <= self.limit:
                break
            discard(folder)
            total -= size - _bytes(folder)


class TooLarge(Exception):
    """The entry alone exceeds the limit."""


def write_facts(folder: Path, body: Mapping[str, Any]) -> None:
    """Say what the files of an entry must be: `source`, `made` and `key` at least. On disk when it returns."""
    text = json.dumps({"checksum": sha256(_canonical(body)).hexdigest(), "body": body}, allow_nan=False)
    with os.fdopen(os.open(folder / FACTS, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())


class _Wrong(Exception):
    """An entry is not what its facts say, or the facts are not ours."""


def _load(folder: Path, key: str, form: int) -> CacheEntry:
    if not is_ours(folder):
        raise _Wrong
    body = facts_of(folder)
    if (body["format"], body["polars"], body["key"], body["form"]) != (FORMAT, POLARS, key, form):
        raise _Wrong
    described: dict[str, Any] = body["frames"]
    files = {name: folder / f"{place}.arrow" for place, name in enumerate(described)}
    for name, file in files.items():
        state = file.lstat()
        if not stat.S_ISREG(state.st_mode) or state.st_size != described[name]["bytes"]:
            raise _Wrong
    frames = _frames(files, described)
    for name, frame in frames.items():
        if frame.height != described[name]["height"] or _schema(frame) != described[name]["schema"]:
            raise _Wrong
    with suppress(OSError):
        os.utime(folder / FACTS)
    return CacheEntry(frames, body["facts"])


def facts_of(folder: Path) -> dict[str, Any]:
    """The body of an entry's facts; ValueError, KeyError or TypeError where they are damaged."""
    try:
        told = json.loads((folder / FACTS).read_bytes())
        body: dict[str, Any] = told["body"]
        if sha256(_canonical(body)).hexdigest() != told["checksum"]:
            raise ValueError
    except RecursionError as error:  # brackets within brackets
        raise ValueError from error
    return body


def _canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def _schema(frame: pl.DataFrame) -> list[list[str]]:
    return [[name, repr(dtype)] for name, dtype in frame.schema.items()]


def _frames(files: dict[str, Path], described: dict[str, Any]) -> dict[str, pl.DataFrame]:
    """What the files hold, each of them read as soon as its checksums are found right."""
    with ThreadPoolExecutor(THREADS, thread_name_prefix="ltvtui-cache") as pool:

        def read(file: Path, sums: list[Future[int]], expected: list[int]) -> pl.DataFrame:
            if [found.result() for found in sums] != expected:
                raise _Wrong
            return pl.read_ipc(file)

        frames: dict[str, Future[pl.DataFrame]] = {}
        for name, file in files.items():
            told = described[name]
            # Begun in this order: whoever waits for sums waits for others, who do not.
            sums = [pool.submit(_sum, file, start) for start in range(0, told["bytes"], PART)]
            frames[name] = pool.submit(read, file, sums, told["sums"])
        return {name: frame.result() for name, frame in frames.items()}


def _sums(file: Path, size: int) -> list[int]:
    """CRC-32 of each part of a file."""
    with ThreadPoolExecutor(THREADS, thread_name_prefix="ltvtui-cache") as pool:
        return list(pool.map(lambda start: _sum(file, start), range(0, size, PART)))


def _sum(file: Path, start: int) -> int:
    buffer = memoryview(bytearray(BUFFER))
    found, left = 0, PART
    with file.open("rb", buffering=0) as source:
        source.seek(start)
        while left > 0 and (count := source.readinto(buffer[: min(BUFFER, left)])):
            found = zlib.crc32(buffer[:count], found)
            left -= count
    return found


def _stamp(folder: Path) -> int:
    return int(folder.name.removeprefix(WRITING).split(".")[1])


def _bytes(folder: Path) -> int:
    with suppress(OSError):
        return sum(file.lstat().st_size for file in folder.iterdir())
    return 0


@contextmanager
def in_use(folder: Path) -> Iterator[None]:
    """Keep an entry from being removed; OSError where it just is, or is gone."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        (folder / FACTS).stat()
        yield
    finally:
        os.close(descriptor)


@contextmanager
def _unfinished(folder: Path) -> Iterator[Path]:
    """A new folder, locked; it is removed again where the body does not come to its end. Raises OSError."""
    descriptor = None
    while descriptor is None:
        folder.mkdir(mode=0o700)
        with suppress(FileNotFoundError):  # who sweeps took it between the making and the locking
            descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if not folder.is_dir():
                os.close(descriptor)
                descriptor = None
    try:
        yield folder
    except BaseException:
        remove(folder)
        raise
    finally:
        os.close(descriptor)
