"""Paths as arguments of commands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ltvtui.masking import is_address, masked

PIPE = "-"
"""What is piped in, as an argument."""


class FilePath(click.Path):
    """A path of a file. An address of a database is refused, and no password in it is told."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path. Raises click.UsageError for an address."""
        if isinstance(value, str) and is_address(value):
            raise click.UsageError(
                f"{masked(value)} is a web address. Only files are opened: SQLite, DuckDB, csv, tsv, parquet, xlsx "
                "or jsonl; and shops of postgresql://.",
                ctx,
            )
        return super().convert(value, param, ctx)


class ShopUri(FilePath):
    """A path of a file; or as text the URI of a source that can be opened, or `-` for what is piped in."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path, or the text. Raises click.UsageError for an address of another kind."""
        if value == PIPE:
            return value
        if isinstance(value, str) and is_address(value):
            from ltvtui.sources.registry import has_scheme

            if has_scheme(value.strip().partition(":")[0].lower()):
                return value
        return super().convert(value, param, ctx)


FILE_PATH = FilePath()
SHOP_URI = ShopUri()
