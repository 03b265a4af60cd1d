"""Whether a shop is read, or reduced where it lies: by its rows, and the memory that is free."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Final, Literal

Compute = Literal["auto", "here", "there"]
COMPUTE: Final[tuple[Compute, ...]] = ("auto", "here", "there")
BYTES_A_ROW: Final = 173
"""Of memory that reading and cleaning take, measured."""
_CGROUPS: Final = (
    ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"),
    ("/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory/memory.usage_in_bytes"),
)
"""Limit and use, of both versions of Linux' control groups."""


def reduces(compute: Compute, rows: int) -> bool:
    """Whether a shop of so many rows is reduced where it lies."""
    if compute == "auto":
        return rows * BYTES_A_ROW > free_memory()
    return compute == "there"


def free_memory() -> int:
    """Bytes that may be used: what the system has free, and no more than this process is allowed.

    Half of all memory where the system does not tell.
    """
    free = _available()
    for limit, use in _CGROUPS:
        with suppress(OSError, ValueError):  # another version, none, or no limit
            free = min(free, max(int(Path(limit).read_text()) - int(Path(use).read_text()), 0))
    return free


def _available() -> int:
    with suppress(OSError, ValueError, StopIteration):
        lines = Path("/proc/meminfo").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("MemAvailable:")).split()[1]) * 1024
    with suppress(AttributeError, OSError, ValueError):
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    return 4 * 2**30
