"""Paths as arguments of commands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

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
                "or jsonl; and shops of postgresql:// and sc:// (Spark).",
                ctx,
            )
        return super().convert(value, param, ctx)


class ShopUri(FilePath):
    """A path of a file; or as text the URI of a source that can be opened, the name that one was saved under
    (`ltvtui connect`), or `-` for what is piped in."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path, or the text. Raises click.UsageError for an address of another kind."""
        if value == PIPE:
            return value
        if isinstance(value, str) and is_address(value):
            from ltvtui.sources.registry import has_scheme

            if has_scheme(value.strip().partition(":")[0].lower()):
                return value
        elif isinstance(value, str) and not Path(value).exists():
            from ltvtui.storage.settings_file import load_connections

            if (saved := load_connections().get(value)) is not None:
                return saved
        return super().convert(value, param, ctx)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Names of saved addresses, and files."""
        return [*connections(incomplete), *super().shell_complete(ctx, param, incomplete)]


def connections(begun: str) -> list[CompletionItem]:
    """Names of saved addresses that begin so."""
    from ltvtui.storage.settings_file import load_connections

    return [CompletionItem(name) for name in load_connections() if name.startswith(begun)]


FILE_PATH = FilePath()
SHOP_URI = ShopUri()
