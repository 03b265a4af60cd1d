"""Files written whole or not at all, for their owner's eyes only."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from ltvtui.errors import LtvError


def write_private(path: Path, text: str) -> None:
    """Replace `path` by a file with `text`, mode 0600; its folder is made where it is missing.

    A crash leaves the old file or the new one, never half of either. Raises LtvError (exit code 1)
    where it cannot be written.
    """
    written: Path | None = None
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # made with mode 0600
        written = Path(name)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        written.replace(path)
    except OSError as error:
        if written is not None:
            written.unlink(missing_ok=True)
        raise LtvError(
            f"{path} could not be written: {error.strerror}.",
            "Check the rights on that folder and the room on its disk.",
        ) from error
