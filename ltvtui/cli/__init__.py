"""The command line, one file a command.

Heavy imports stand inside command bodies, so that --help answers at once.
"""

from ltvtui.cli.group import main

__all__ = ["main"]
