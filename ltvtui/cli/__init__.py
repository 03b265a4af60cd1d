"""The command line. Heavy imports stand inside command bodies, so that --help answers at once."""

from ltvtui.cli import asking, exporting, incoming, keeping, remembering, screen, spending
from ltvtui.cli.group import main

__all__ = ["asking", "exporting", "incoming", "keeping", "main", "remembering", "screen", "spending"]
