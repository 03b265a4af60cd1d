"""Fingerprints by which a stored value is known to be of this version: of its declaration, and of code."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from hashlib import blake2b
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import polars as pl

import ltvtui
from ltvtui.storage.cache.declared import describe
from ltvtui.storage.cache.manifest import canonical

SIZE: Final = 16
"""Bytes of a fingerprint."""
_ROOT: Final = Path(ltvtui.__file__).parent


def fingerprint(declared: type, *meaning: str) -> str:
    """Of a dataclass as it is declared, and of what else gives its values their meaning. TypeError as of describe."""
    return _digest([describe(declared), pl.__version__, *meaning])


def constants(module: ModuleType) -> str:
    """Of the constants of a module, its names in capitals: schemas with the order of their columns, dtypes with the
    order of their categories, numbers and names."""
    constants_by_name = {name: _plain(value) for name, value in sorted(vars(module).items()) if name.isupper()}
    return _digest([module.__name__, constants_by_name])


def made_by(*packages: str) -> str:
    """Of this version of ltvtui, and of the code of those of its packages ("sources", "storage/cache")."""
    return _digest([ltvtui.__version__, *(source_code(_ROOT / package) for package in packages)])


@cache
def source_code(folder: Path) -> str:
    """Of all files in a folder of code, by their names and content: two milliseconds for a million bytes, once.

    Files that are not there, as in an archive, count for nothing: then the version of the package has to tell.
    """
    found = blake2b(digest_size=SIZE)
    for name, content in _contents(str(folder), ""):
        found.update(f"{name} {len(content)}\n".encode())
        found.update(content)
    return found.hexdigest()


def _contents(folder: str, above: str) -> Iterator[tuple[str, bytes]]:
    """Names below the folder, in a fixed order, and what is in the files; plain calls, for there are hundreds."""
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        if entry.is_dir():
            if entry.name != "__pycache__":
                yield from _contents(entry.path, f"{above}{entry.name}/")
            continue
        with suppress(OSError), open(entry.path, "rb", buffering=0) as file:  # noqa: PTH123
            yield above + entry.name, file.read()


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return [[key, _plain(each)] for key, each in value.items()]
    if isinstance(value, set | frozenset):
        return sorted(map(repr, value))
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [_plain(each) for each in value]
    return repr(value)


def _digest(value: Any) -> str:
    return blake2b(canonical(value), digest_size=SIZE).hexdigest()
