"""What stands where something is to go: it is replaced by nobody who did not say so."""

from __future__ import annotations

from ltvtui.errors import LtvError
from ltvtui.exporting.database import kind_of
from ltvtui.exporting.destination import Destination
from ltvtui.exporting.formats import Format


def would_replace(to: Destination, format: Format | None = None) -> str:
    """What writing there would replace, as a sentence; "" where nothing.

    Raises LtvError where it could not be replaced either.
    """
    if to.replace or not to.path.exists():
        return ""
    if format != "sqlite":
        return f"{to.path} exists already."
    kind = kind_of(to)
    return f"{to.path} has a {kind} {to.table!r} already." if kind else ""


def refuse_existing(to: Destination, format: Format | None = None) -> None:
    """Raises LtvError (exit code 2) where something is there that may not be replaced."""
    if there := would_replace(to, format):
        raise LtvError(there, "Choose another name, or replace it with --force.", 2)
