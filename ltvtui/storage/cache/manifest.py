"""What an entry of the cache says of itself, under a checksum."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from ltvtui.storage.cache.folders import MANIFEST
from ltvtui.storage.private import create_private

JSON = None | bool | int | float | str | list[Any] | dict[str, Any]
UNREADABLE = (OSError, ValueError, KeyError, TypeError)
"""What comes of a manifest that is gone, damaged, or not ours."""


def write_manifest(folder: Path, body: Mapping[str, Any]) -> None:
    """Say what the files of an entry must be: `source`, `made` and `key` at least. On disk when it returns."""
    text = json.dumps({"checksum": sha256(canonical(body)).hexdigest(), "body": body}, allow_nan=False)
    create_private(folder / MANIFEST)
    with (folder / MANIFEST).open("w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())


def read_manifest(folder: Path) -> dict[str, Any]:
    """The body of an entry's manifest; UNREADABLE where there is none, or it is damaged."""
    try:
        written = json.loads((folder / MANIFEST).read_bytes())
        body: dict[str, Any] = written["body"]
        if sha256(canonical(body)).hexdigest() != written["checksum"]:
            raise ValueError
    except RecursionError as error:  # brackets within brackets
        raise ValueError from error
    return body


def canonical(value: Any) -> bytes:
    """JSON of a value, the same for equal ones."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()
