"""What SQLite says of an error, by the name of its code.

Python sets the name on errors of the engine alone: one that the module sqlite3 raises by itself has none.
"""

from __future__ import annotations


def error_name(error: Exception) -> str:
    """Such as SQLITE_BUSY_SNAPSHOT; empty where the engine did not say."""
    return getattr(error, "sqlite_errorname", None) or ""


def is_locked(error: Exception) -> bool:
    """Whether another program was in the way: to try again may help."""
    return error_name(error).startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))
