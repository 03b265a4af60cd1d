"""Names of columns that have none."""

from __future__ import annotations


def numbered(width: int) -> tuple[str, ...]:
    """Names of columns that have none."""
    return tuple(f"column_{number}" for number in range(1, width + 1))
