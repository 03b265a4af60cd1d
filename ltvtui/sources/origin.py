"""Where the figures of a shop are made, and of what."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class DataOrigin:
    """Where a shop lies, and what of it was read."""

    engine: str
    """The kind of server or database that was asked; "" where files were read."""
    customers: int
    rows: int
    """Rows of its orders."""
    is_reduced: bool = False
    """Whether its rows stay there, and only what customers did on their days was read."""
    read_at: float | None = None
    """When it was read, seconds since 1970, where it may have changed since."""
