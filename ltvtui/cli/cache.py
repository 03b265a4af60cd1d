"""`ltvtui cache`: what is kept so that a shop opens faster."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ltvtui.cli.group import main
from ltvtui.cli.options import FORMAT, errors_in_two_lines
from ltvtui.cli.paths import SHOP_URI
from ltvtui.errors import LtvError

if TYPE_CHECKING:
    pass
from ltvtui.cli.trouble import print_trouble


@main.command()
@click.argument("db", type=SHOP_URI, required=False)
@click.option("--clear", is_flag=True, help="Clear the cache of DB, or all of it.")
@FORMAT
def cache(db: Path | str | None, clear: bool, format: str) -> None:
    """Show the cache that makes shops open faster; --clear empties it without losing data."""
    from ltvtui.sources.locator import locate
    from ltvtui.storage.cache.cache import Cache
    from ltvtui.storage.settings_file import cache_dir, load_settings

    with errors_in_two_lines():
        print_trouble()
        settings = load_settings()
        disk_cache = Cache(cache_dir(), settings.cache_limit)
        refusal = disk_cache.refusal()
        if refusal is not None:
            raise LtvError(
                f"The cache is not used: {refusal}.", "Move it away, or set LTVTUI_CACHE_DIR to another folder."
            )
    source = None if db is None else locate(db).identity
    freed = disk_cache.clear(source) if clear else None
    entries = [entry for entry in disk_cache.entries() if source in (None, entry.source)]
    if format == "json":
        from ltvtui.masking import masked
        from ltvtui.present.jsontext import write_json

        content = {
            "directory": str(disk_cache.directory),
            "limit": disk_cache.limit,
            "bytes": sum(entry.bytes for entry in entries),
            "entries": [
                {"database": masked(e.source), "bytes": e.bytes, "made": e.made, "last_used": e.used} for e in entries
            ],
        }
        click.echo(write_json(content if freed is None else {**content, "freed": freed}), nl=False)
        return
    from ltvtui.present.cached import size_words, write_cached

    if freed is not None:
        click.echo(f"{size_words(freed)} removed", err=format != "table")
    click.echo(write_cached(entries, format), nl=False)
    if format == "table":
        from ltvtui.present.plain import plain

        total = size_words(sum(entry.bytes for entry in entries))
        off = "the settings cannot be read" if settings.trouble else "cache_limit is 0"
        state = f"{total} of {size_words(disk_cache.limit)}" if disk_cache.limit else f"turned off: {off}"
        click.echo(f"{state} · {plain(str(disk_cache.directory))}")
