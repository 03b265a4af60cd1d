"""Which files a folder or a pattern such as `orders-*.csv` stands for."""

from __future__ import annotations

import glob
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from ltvtui.errors import LtvError, thousands
from ltvtui.sources.files.tables import KINDS, is_table_file
from ltvtui.sources.sqlite.files import is_database

MOST_FILES: Final = 10_000
"""More are refused: they would take hours, and most likely another folder was meant."""
_NULL: Final = "__HIVE_DEFAULT_PARTITION__"
"""How Hive, Spark and DuckDB write the folder of rows without a value."""

Partition = tuple[tuple[str, str | None], ...]
"""Columns and their values that the names of folders give, `country=DK`, from the outermost; None: no value."""


@dataclass(frozen=True)
class Gathered:
    """One of several files."""

    path: Path
    group: str
    """Folder in which it lies with its like, from the one that was named; "" in that one itself."""
    partition: Partition


def is_several(path: Path) -> bool:
    """Whether files in a folder or under a pattern are meant, rather than one file."""
    try:
        return path.is_dir() or (glob.has_magic(str(path)) and not path.exists())
    except (OSError, ValueError):
        return False  # whoever opens it says what is wrong


def gather(path: Path) -> tuple[Gathered, ...]:
    """The files with tables below the folder `path`, or those that fit the pattern `path`, in the order of names.

    Of a folder: what lies in it and in its partitions (`year=2026/`); where nothing does, what lies so in its
    subfolders. Files whose name begins with a dot or an underscore are none, nor are texts that may be notes.
    LtvError (exit code 2) where there are none, or too many.
    """
    if path.is_dir():
        found = _in_folder(path, "") or [
            file for folder in _folders(path) if "=" not in folder.name for file in _in_folder(folder, folder.name)
        ]
    else:
        names = sorted(glob.glob(str(path), recursive=True))  # noqa: PTH207 - Path.glob takes no whole path
        found = [Gathered(file, "", _in_pattern(path, file)) for file in map(Path, names) if is_table_file(file)]
    if not found:
        raise _none(path)
    if len(found) > MOST_FILES:
        raise LtvError(
            f"{path.name} stands for {thousands(len(found))} files; {thousands(MOST_FILES)} are read at most.",
            "Name fewer of them, such as 'orders-2026-*.csv'.",
            2,
        )
    return tuple(found)


def _in_folder(folder: Path, group: str, partition: Partition = ()) -> list[Gathered]:
    """Files of a folder and of its partitions, by name."""
    files = [Gathered(file, group, partition) for file in _entries(folder) if _is_of_shop(file)]
    for part in _folders(folder):
        if "=" in part.name:
            files += _in_folder(part, group, (*partition, _pair(part.name)))
    return files


def _in_pattern(pattern: Path, file: Path) -> Partition:
    """What the names of folders say that stand in the place of the pattern's own parts, or in it."""
    literal = len(tuple(takewhile(lambda part: not glob.has_magic(part) and "=" not in part, pattern.parts)))
    return tuple(_pair(part) for part in file.parts[literal:-1] if "=" in part)


def _is_of_shop(file: Path) -> bool:
    return file.suffix.lower() != ".txt" and is_table_file(file)


def _folders(folder: Path) -> list[Path]:
    return [entry for entry in _entries(folder) if entry.is_dir() and not entry.is_symlink()]


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(entry for entry in folder.iterdir() if not entry.name.startswith((".", "_")))
    except OSError as error:
        raise LtvError(
            f"{folder} cannot be read: {error.strerror or error}.", "Check the permissions of the folder."
        ) from error


def _pair(folder: str) -> tuple[str, str | None]:
    name, _, value = folder.partition("=")
    return unquote(name), None if value == _NULL else unquote(value)


def _none(path: Path) -> LtvError:
    if not path.is_dir():
        return LtvError(
            f"No file with a table fits {path.name}.",
            f"Check the pattern, and write it in quotes. Read are {KINDS}.",
            2,
        )
    databases = [entry.name for entry in _entries(path) if entry.is_file() and is_database(entry)]
    if databases:
        return LtvError(f"{path.name} is a folder.", f"Name a database in it: {', '.join(databases[:3])}.", 2)
    return LtvError(f"The folder {path.name} holds no table.", f"Name one with files of {KINDS}.", 2)
