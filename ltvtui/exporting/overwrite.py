"""What stands where something is to go: it is replaced by nobody who did not say so."""

from __future__ import annotations

from ltvtui.errors import LtvError
from ltvtui.exporting.database import kind_of
from ltvtui.exporting.destination import Destination
from ltvtui.exporting.formats import Format


def taken(to: Destination, format: Format | None = None) -> str:
    """What writing there would replace, as a sentence; "" where nothing.

    Raises LtvError where it could not be replaced either.
    """
    if to.replace or not to.path.exists():
        return ""
    if format != "sqlite":
        return f"{to.path} exists already."
    kind = kind_of(to)
    return f"{to.path} has a {kind} {to.table!r} already." if kind else ""


def refuse_taken(to: Destination, format: Format | None = None) -> None:
    """Raises LtvError (exit code 2) where something stands there that may not be replaced."""
    if there := taken(to, format):
        raise LtvError(there, "Choose another name, or replace it with --force.", 2)
