"""The command line. Heavy imports stand inside command bodies, so that --help answers at once."""

from ltvtui.cli import asking, incoming, keeping, screen, spending
from ltvtui.cli.group import main

__all__ = ["asking", "incoming", "keeping", "main", "screen", "spending"]
