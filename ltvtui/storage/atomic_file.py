"""Files written whole or not at all, for their owner's eyes only."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from ltvtui.errors import LtvError
from ltvtui.storage.scratch import beside

_NO_ROOM: Final = "Check the permissions of that folder and the free space on its disk."


def write_private(path: Path, text: str) -> None:
    """Replace `path` by a file with `text`, mode 0600; its folder is made where it is missing.

    A crash leaves the old file or the new one, never half of either. Raises LtvError (exit code 1)
    where it cannot be written.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise unwritten(path, error) from error
    with atomic_write(path, replace=True) as part:
        part.write_text(text, "utf-8", newline="\n")


@contextmanager
def atomic_write(path: Path, *, replace: bool) -> Iterator[Path]:
    """`atomic_file` with its errors in words: LtvError (exit code 1)."""
    try:
        with atomic_file(path, replace=replace) as part:
            yield part
    except FileExistsError as error:
        raise LtvError(
            f"{path} was created by another program.", "It was not changed: choose another name."
        ) from error
    except OSError as error:
        raise unwritten(path, error) from error


@contextmanager
def atomic_file(path: Path, *, replace: bool) -> Iterator[Path]:
    """An empty file of mode 0600 beside `path`; when the block ends well it takes the place of `path`.

    It has a hidden name and is gone where the block fails. What a killed process left of it, and of folders called
    like it with "-" and more behind, is swept away by the next run (storage.scratch). Where `replace` is False, a
    file that stands at `path` by the end is left as it is: FileExistsError. OSError where it cannot be written.
    """
    with beside(path) as part:
        yield part.path
        to_disk(part.path)
        if replace:
            part.path.replace(path)
        else:
            _put_new(part.path, path)
    with suppress(OSError):  # it stands; that a crash could take back its name alone is no failure
        to_disk(path.parent)


def unwritten(path: Path, error: OSError) -> LtvError:
    """What is said where `path` could not be written."""
    why = re.sub(r" \(os error [0-9]+\)$", "", str(error.strerror or error))  # as Polars says it
    return LtvError(f"{path} could not be written: {why}.", _NO_ROOM)


def to_disk(path: Path) -> None:
    """Have what was written to a file, or to the list of a folder, on disk. Raises OSError.

    Windows opens no folder, and keeps its list by itself; files it writes out for those alone who may write to them.
    """
    opens_folders = hasattr(os, "O_DIRECTORY")
    if not opens_folders and path.is_dir():
        return
    descriptor = os.open(path, os.O_RDONLY if opens_folders else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _put_new(part: Path, path: Path) -> None:
    """Give the part its name. FileExistsError where somebody else has it."""
    try:
        os.link(part, path)  # unlike a renaming, it never takes the place of another file
    except FileExistsError:
        raise
    except OSError as error:  # a file system without links
        if path.exists():
            raise FileExistsError(f"{path} exists") from error
        part.replace(path)
