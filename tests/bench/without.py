"""The app with one of its parts taken out, to see what it is worth: python -m bench.without PART COMMAND…"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Final


def _no_differences() -> None:
    """Whatever Textual paints is sent as it is."""
    from textual.drivers.linux_driver import LinuxDriver

    from ltvtui.tui.terminal.driver import LeanDriver

    LeanDriver.write = LinuxDriver.write  # type: ignore[method-assign]


def _no_asking_ahead() -> None:
    """Nothing is asked before a key asks it."""
    from ltvtui.tui.main_screen.prefetch import Prefetch

    Prefetch._start_after = lambda self, *given: None  # type: ignore[method-assign]


def _no_digest() -> None:
    """A shop that has grown is read as a whole: nobody knows its pages."""
    from ltvtui.sources.sqlite.source import SqliteSource

    SqliteSource.changes = lambda self: None  # type: ignore[method-assign]


PARTS: Final[dict[str, Callable[[], None]]] = {
    "nothing": lambda: None,
    "screen differences": _no_differences,
    "asking ahead": _no_asking_ahead,
    "digest of pages": _no_digest,
}
"""What can be taken out, by name, with what takes it out."""


def main() -> None:
    """Run the command without the part."""
    PARTS[sys.argv[1]]()
    from ltvtui.cli import main as run

    sys.argv = ["ltvtui", *sys.argv[2:]]
    run()


if __name__ == "__main__":
    main()
