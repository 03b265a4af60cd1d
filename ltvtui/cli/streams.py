"""Standard input and output as they may be: closed, or of an encoding that knows few letters."""

from __future__ import annotations

import io
import os
import sys


def make_usable() -> None:
    """Nothing in place of what is closed, so that no file is opened in its place and written to by mistake; and
    letters that the terminal's encoding does not know as their numbers: `\\u03a9`."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            nothing = os.open(os.devnull, os.O_RDWR)  # it gets the lowest number that is free: that of the closed one
            setattr(sys, name, open(nothing, mode, encoding="utf-8"))  # noqa: SIM115, PTH123 - of a number, to the end
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.errors in ("strict", "surrogateescape"):
            stream.reconfigure(errors="backslashreplace")
