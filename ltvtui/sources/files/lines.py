"""A look at the bytes of a file of lines, before anybody takes one of its lines into memory."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from ltvtui.errors import Cancelled, LtvError

LONGEST: Final = 4 * 2**20
"""Bytes read at a time: a line that fills all of them is longer than any table has."""
_ENDS: Final = (b"\n", b"\r")


def is_wide(encoding: str) -> bool:
    """Whether every character takes two bytes or more, so that NUL bytes are usual."""
    return encoding.lower().replace("_", "-").startswith(("utf-16", "utf-32"))


def check_lines(path: Path, encoding: str = "utf-8", stopped: Callable[[], bool] = lambda: False) -> None:
    """LtvError (exit code 1), with its line, where a line is longer than LONGEST or holds a NUL.

    Cancelled when `stopped`.
    """
    wide = is_wide(encoding)
    begun, after_return = 0, False
    with path.open("rb") as file:
        while chunk := file.read(LONGEST):
            if stopped():
                raise Cancelled
            if len(chunk) == LONGEST and not any(end in chunk for end in _ENDS):
                where = "a line" if wide else f"line {begun + 1}"
                raise LtvError(
                    f"{path.name} cannot be read: {where} is longer than {LONGEST // 2**20} MB.",
                    "A line is one row of the table: check it, and save the file again.",
                )
            if not wide and (at := chunk.find(b"\0")) >= 0:
                raise LtvError(
                    f"{path.name} cannot be read: line {begun + _ended(chunk[:at], after_return) + 1} has a NUL "
                    "byte, so it is not text.",
                    "Save it again as text in UTF-8.",
                )
            begun += _ended(chunk, after_return)
            after_return = chunk.endswith(b"\r")


def count_lines(path: Path, encoding: str = "utf-8", stopped: Callable[[], bool] = lambda: False) -> int:
    """Lines of a file, the last of which may have no end. Cancelled when `stopped`."""
    if is_wide(encoding):
        with path.open(encoding=encoding, errors="replace", newline="") as text:
            return sum(1 for _ in text)
    ended, last = 0, b"\n"
    with path.open("rb") as file:
        while chunk := file.read(LONGEST):
            if stopped():
                raise Cancelled
            ended += _ended(chunk, last == b"\r")
            last = chunk[-1:]
    return ended + (last not in _ENDS)


def _ended(chunk: bytes, after_return: bool) -> int:
    """Lines that end in it, whichever way; `after_return`: the one before it ended in a carriage return."""
    count = chunk.count(b"\n")
    if returns := chunk.count(b"\r"):
        count += returns - chunk.count(b"\r\n")
    return count - (after_return and chunk.startswith(b"\n"))
