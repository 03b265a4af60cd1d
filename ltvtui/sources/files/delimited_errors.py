"""Why a text with a separator between fields cannot be read, with the line."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Final, NoReturn

from ltvtui.errors import LtvError

IN_UTF8: Final = "Save it again in UTF-8, or give its encoding with --encoding, such as cp1252."
"""What mends a wrong encoding."""


def ragged(path: Path, line: int, fields: int, width: int) -> NoReturn:
    """LtvError (exit code 1) about a line that has not as many fields as the header."""
    raise LtvError(
        f"{path.name} cannot be read: line {line} has {fields} fields, the header {width}.",
        "Correct or remove that line: a field with the separator in it needs quotation marks. "
        "If the header is further down, give the number of lines above it: --skip-rows N.",
    )


def misquoted(path: Path, begin: int, line: int, why: str) -> LtvError:
    """What Python's reader says, in words."""
    if "expected after" in why:
        what, mend = f"a field of line {line} has a quotation mark inside", 'Double it: "5"" disc".'
    elif "field limit" in why:
        what, mend = (
            f"a field of line {begin} is longer than {csv.field_size_limit() // 2**20} MB",
            "A quotation mark is probably not closed there: close it, or double it if it is text.",
        )
    elif "end of data" in why:
        what, mend = (
            f"the quotation mark in line {begin} is not closed",
            "Close it, or double it if it is text.",
        )
    else:
        what, mend = f"line {line}: {why}", "Correct that line."
    return LtvError(f"{path.name} cannot be read: {what}.", mend)


def unreadable(path: Path, encoding: str) -> LtvError:
    """Where a character is that is not of the encoding."""
    shown = "UTF-8" if encoding.startswith("utf-8") else encoding
    where = ""
    if not encoding.startswith("utf-16"):  # there a line's end is no single byte
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                try:
                    line.decode(encoding)
                except UnicodeError:
                    where = f"line {number} is "
                    break
    return LtvError(f"{path.name} cannot be read: {where or 'it is '}not {shown} text.", IN_UTF8)
