"""The unit: how long a bare scan of the same file takes here and now."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Final

SCAN: Final = "SELECT sum(amount), max(ordered_at), min(customer_id) FROM orders"


@dataclass
class Unit:
    """Scans taken between the measurements; a machine that slows down slows both."""

    path: Path
    taken: list[float] = field(default_factory=list)

    def take(self) -> None:
        """Scan once more; the first time twice, so that the file is in memory."""
        for _ in range(1 if self.taken else 2):
            started = time.perf_counter()
            with closing(sqlite3.connect(f"{self.path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
                connection.execute(SCAN).fetchone()
            seconds = time.perf_counter() - started
        self.taken.append(seconds)

    @property
    def seconds(self) -> float:
        """The median scan."""
        return median(self.taken)

    def spread(self) -> str:
        """How steady the machine was."""
        return f"{len(self.taken)} scans, {min(self.taken):.3f} to {max(self.taken):.3f} s"

    def scans(self, seconds: float) -> float:
        """`seconds` as a multiple of it."""
        return seconds / self.seconds
