"""The state of a database file of DuckDB."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class DuckdbVersion:
    """Two that are equal: the file, and its log beside it, were not written to between them."""

    path: str
    """Resolved."""
    file: tuple[int, ...]
    """Device, inode, size, and times of content and inode in nanoseconds."""
    log: tuple[int, ...]
    """The same of the `.wal` beside it; empty where there is none."""

    @property
    def is_quiet(self) -> bool:
        """Whether everything is in the file itself."""
        return not self.log

    def as_json(self) -> dict[str, Any]:
        """As JSON."""
        return {**asdict(self), "file": list(self.file), "log": list(self.log)}


def version_of(path: Path) -> DuckdbVersion:
    """The version that lies at `path` now. OSError where it cannot be looked at."""
    path = path.resolve()
    log = path.with_name(f"{path.name}.wal")
    return DuckdbVersion(str(path), _state(path), _state(log) if log.exists() else ())


def _state(path: Path) -> tuple[int, ...]:
    state = path.stat()
    return state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns, state.st_ctime_ns
