"""The end of a run: Python takes apart all that was loaded, piece by piece, which nobody needs any more.

That is a tenth of a report. All that has to be done at an end is done before: threads are waited for, scratch folders
removed, and what was printed is handed over.
"""

from __future__ import annotations

import atexit
import os
import sys

_code: list[int] = []
"""Of a run that came to its end in order; empty while it has not."""


def end_at_once() -> None:
    """End the process as soon as everybody who asked for it has cleaned up. To be called before anybody asks: who
    asks last is called first."""
    atexit.register(_end)


def is_done(code: object) -> None:
    """The run came to its end, and nothing but `code` is to be told of it."""
    if isinstance(code, int):
        _code.append(code)


def _end() -> None:
    if not _code:
        return  # an error, which Python has to tell
    try:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
    except (OSError, ValueError):
        return  # nobody reads any more, which Python tells
    os._exit(_code[-1])
