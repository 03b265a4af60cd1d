"""The state of a database file: whether anything was committed to it since.

Files are opened and closed here: see page_diff for when that must not be.
"""

from __future__ import annotations

import os
import time
from dataclasses import asdict, dataclass
from hashlib import file_digest
from pathlib import Path
from typing import Any, Final

from ltvtui.sources.sqlite.files import MAGIC, Files, FileState, beside

HEADER: Final = 100
"""Bytes of the file's header. It moves with every commit, and no digest covers it."""
_YOUNG_NS: Final = 60_000_000
"""File times move in ticks of up to 10 ms; a file younger than this may change without them moving."""
_COARSE_NS: Final = 2_500_000_000
"""The same where times are kept in whole seconds."""


@dataclass(frozen=True)
class Version:
    """The state of a database file. Two that are equal: nothing was committed between them.

    Times, size and inode tell a file that was replaced or restored; the change counter a commit in rollback
    mode; size, times and bytes of the `-wal` one in WAL mode. `touch` alone makes a difference too: then prints
    show that nothing changed.
    """

    path: str
    """Resolved."""
    device: int
    inode: int
    size: int
    """Bytes."""
    modified: int
    """Nanoseconds since 1970."""
    changed: int
    """The inode's own time, nanoseconds; no program sets it, so a restored `modified` does not deceive."""
    page_size: int
    """Bytes; 0: not an SQLite file."""
    counter: int
    """Change counter."""
    cookie: int
    """Schema cookie."""
    wal: str
    """Size, time and digest of a filled `-wal`; empty: there is none, all is in the file itself."""
    doubt: str
    """Empty, or different in every Version, so that it equals no other: a journal lies beside the file, or it
    was written to so shortly before that its times may not tell the next commit."""

    @property
    def is_quiet(self) -> bool:
        """Everything committed is in the file itself, and no program is in the middle of writing."""
        return not self.wal and not self.doubt and self.page_size > 0

    def as_json(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)


def version_of(path: Path) -> Version:
    """The version that lies at `path` now; waits 0.06 s where it was written just now.

    OSError where it cannot be read.
    """
    path = path.resolve()
    found = _version(path)
    if found.doubt:
        time.sleep(_YOUNG_NS / 1e9)
        found = _version(path)
    return found


def is_current(version: Version) -> bool:
    """Whether a quiet version is the one that lies there now, by the files, without opening them."""
    files = Files.of(Path(version.path))
    main = FileState(version.device, version.inode, version.size, version.modified, version.changed)
    return version.is_quiet and files.main == main and not (files.wal and files.wal.size)


def _version(path: Path) -> Version:
    now = time.time_ns()  # before the state: what is committed after it gets a time of this, less a tick at most
    with path.open("rb", buffering=0) as file:
        state = os.fstat(file.fileno())
        header = file.read(HEADER)
    is_database = header.startswith(MAGIC) and len(header) == HEADER
    # A write sets both times to now; `modified` alone can be set by hand, and says nothing where it lies ahead
    last = max(state.st_ctime_ns, state.st_mtime_ns if state.st_mtime_ns <= now else 0)
    coarse = state.st_mtime_ns % 1_000_000_000 == 0 == state.st_ctime_ns % 1_000_000_000
    doubtful = now - last < (_COARSE_NS if coarse else _YOUNG_NS) or _journal(path)
    return Version(
        path=str(path),
        device=state.st_dev,
        inode=state.st_ino,
        size=state.st_size,
        modified=state.st_mtime_ns,
        changed=state.st_ctime_ns,
        page_size=_page_size(header) if is_database else 0,
        counter=number_at(header, 24) if is_database else 0,
        cookie=number_at(header, 40) if is_database else 0,
        wal=_wal(path),
        doubt=no_other() if doubtful else "",
    )


def no_other() -> str:
    return os.urandom(8).hex()


def _journal(path: Path) -> bool:
    """Whether a rollback journal is in use: left by a crash, or by somebody who is writing."""
    journal = beside(path, "-journal")
    if journal.exists() and not journal.is_file():
        return True  # a pipe: who opened it would wait
    try:
        with journal.open("rb") as file:
            return file.read(1) not in (b"", b"\0")
    except FileNotFoundError:
        return False
    except OSError:
        return True


def _wal(path: Path) -> str:
    wal = beside(path, "-wal")
    if wal.exists() and not wal.is_file():
        return no_other()
    try:
        with wal.open("rb") as file:
            state = os.fstat(file.fileno())
            digest = file_digest(file, "sha256")
    except FileNotFoundError:
        return ""
    except OSError:
        return no_other()
    return f"{state.st_size} {state.st_mtime_ns} {digest.hexdigest()}" if state.st_size else ""


def number_at(content: bytes, at: int) -> int:
    return int.from_bytes(content[at : at + 4], "big")


def _page_size(header: bytes) -> int:
    size = int.from_bytes(header[16:18], "big")
    return 65_536 if size == 1 else size
