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
    with whole(path, replace=True) as part:
        part.write_text(text, "utf-8")


@contextmanager
def whole(path: Path, *, replace: bool) -> Iterator[Path]:
    """An empty file of mode 0600 beside `path`; when the block ends well it takes the place of `path`.

    It has a hidden name and is gone where the block fails. What a killed process left of it, and of folders called
    like it with "-" and more behind, is swept away by the next run (storage.scratch). Where `replace` is False, a
    file that stands at `path` by the end is left as it is. Raises LtvError (exit code 1) where it cannot be written,
    or must not be.
    """
    try:
        with beside(path) as part:
            yield part.path
            to_disk(part.path)
            _put(part.path, path, replace)
        with suppress(OSError):  # some platforms open no folder
            to_disk(path.parent)
    except OSError as error:
        raise unwritten(path, error) from error


def unwritten(path: Path, error: OSError) -> LtvError:
    """What is said where `path` could not be written."""
    why = re.sub(r" \(os error [0-9]+\)$", "", str(error.strerror or error))  # as Polars says it
    return LtvError(f"{path} could not be written: {why}.", _NO_ROOM)


def to_disk(path: Path) -> None:
    """Have what was written to a file, or to the list of a folder, on disk. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _put(part: Path, path: Path, replace: bool) -> None:
    if not replace:
        try:
            os.link(part, path)  # unlike a renaming, it never takes the place of another file
        except FileExistsError as error:
            raise LtvError(
                f"{path} was created by another program.", "It was not changed: choose another name."
            ) from error
        except OSError:  # a file system without links
            if path.exists():
                raise
        else:
            return
    part.replace(path)
