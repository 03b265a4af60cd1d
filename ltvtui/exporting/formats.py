"""Kinds of files that rows can leave in, and how a path says which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, Literal, get_args

from ltvtui.errors import LtvError
from ltvtui.exporting.rasterising import check_rasteriser

Format = Literal["csv", "parquet", "xlsx", "jsonl", "markdown", "sqlite"]

FORMATS: Final[tuple[Format, ...]] = get_args(Format)
ENDINGS: Final[dict[str, Format]] = {
    ".csv": "csv",
    ".parquet": "parquet",
    ".xlsx": "xlsx",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".md": "markdown",
    ".markdown": "markdown",
    ".sqlite": "sqlite",
    ".sqlite3": "sqlite",
    ".db": "sqlite",
}
"""Formats by the ending of a file's name."""
PICTURES: Final = (".svg", ".png", ".txt")
"""Endings of a picture of the screen: in colours, or as text."""


def format_of(path: Path, name: str | None = None) -> Format:
    """The format called `name`, else that of the ending of `path`.

    Raises LtvError (exit code 2) where neither is one.
    """
    if name is not None:
        for format in FORMATS:
            if format == name.casefold():
                return format
        raise LtvError(f"Unknown format: {name!r}.", f"Choose from: {', '.join(FORMATS)}.", 2)
    try:
        return ENDINGS[path.suffix.casefold()]
    except KeyError:
        raise LtvError(
            f"Cannot infer the format from the name {path.name}.",
            f"Use one of the endings {_listed(tuple(ENDINGS))}, or give the format.",
            2,
        ) from None


def check_list(path: Path) -> None:
    """Raises LtvError (exit code 2) where `path` does not end as a list for advertising, which is csv, does."""
    if path.suffix.casefold() != ".csv":
        raise LtvError(f"An ad audience cannot be written as {path.name}.", "Use a name that ends in .csv.", 2)


def picture_ending(path: Path) -> str:
    """The ending of `path`, one of PICTURES. Raises LtvError (exit code 2) where it has another, and where PNG cannot
    be written here."""
    ending = path.suffix.casefold()
    if ending not in PICTURES:
        raise LtvError(
            f"A picture cannot be written as {path.name}.", f"Use a name that ends in {_listed(PICTURES)}.", 2
        )
    if ending == ".png":
        check_rasteriser()
    return ending


def text_format(path: Path, formats: Mapping[str, str]) -> str:
    """The format of `formats`, by ending, that `path` asks for. Raises LtvError (exit code 2) for another ending."""
    ending = path.suffix.casefold()
    if ending not in formats:
        raise LtvError(f"{path.name} has no known ending.", f"Use a name that ends in {_listed(tuple(formats))}.", 2)
    return formats[ending]


def _listed(endings: Sequence[str]) -> str:
    return ", ".join(endings)
