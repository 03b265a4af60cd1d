"""Commands about what is kept: the mapping of a shop, and the cache."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ltvtui.cli.group import main
from ltvtui.cli.options import FORMAT, shop_options, told_in_two_lines
from ltvtui.cli.paths import FILE_PATH
from ltvtui.errors import LtvError

if TYPE_CHECKING:
    from ltvtui.session.open_request import OpenRequest


@main.command()
@shop_options
@click.option("--write", is_flag=True, help="Keep the mapping in its file.")
def config(request: OpenRequest, write: bool) -> None:
    """Show how columns of DB are understood, as the file that keeps it; --write keeps it."""
    from ltvtui.session.open_dataset import encoding_of, has_header, reached, skip_rows_of, understand
    from ltvtui.session.settings import lens_of, policy_of
    from ltvtui.sources.mapping_file import SavedMapping, dump, save

    saved = request.saved()
    _tell_trouble()
    policy, _ = policy_of(request, saved), lens_of(request, saved)  # both refuse what cannot be
    with reached(request) as place, place.open() as database:
        mapping, proposal = understand(database, request, saved)
    cleaning = {**(saved.cleaning if saved else {}), **request.cleaning}
    if "excluded_statuses" in cleaning:
        cleaning["excluded_statuses"] = list(policy.excluded_statuses)
    shop = {**(saved.shop if saved else {}), **request.terms}
    aliases, headless = saved.aliases if saved else {}, not has_header(request, saved)
    kept = SavedMapping(
        mapping, cleaning, shop, aliases, skip_rows_of(request, saved), headless, encoding_of(request, saved)
    )
    if write:
        save(request.mapping_file, kept)
        click.echo(f"written: {request.mapping_file}", err=True)
        return
    click.echo(dump(kept), nl=False)
    from ltvtui.present.plain import plain

    for notice in proposal.notices if proposal else ():
        click.echo(f"# {plain(notice)}")
    for guess in proposal.guesses if proposal else ():
        click.echo(f"# {guess.role}: {plain(guess.column)} ({guess.score:.0%} sure: {plain(guess.why)})")


@main.command()
def names() -> None:
    """Print the table that names RFM segments; a changed copy goes with --rfm-names, or beside the settings."""
    from ltvtui.analytics.rfm_names import read_names, usual_table
    from ltvtui.session.settings import names_table
    from ltvtui.storage.settings_file import config_dir

    with told_in_two_lines():
        _tell_trouble()
        own = names_table()
        if own is not None:
            read_names(own)  # says what cannot be in it
    click.echo(own or usual_table(), nl=False)
    click.echo(f"your own for all shops: {config_dir() / 'rfm.toml'}", err=True)


@main.command()
@click.argument("db", type=FILE_PATH, required=False)
@click.option("--clear", is_flag=True, help="Remove what is kept of DB, or everything.")
@FORMAT
def cache(db: Path | None, clear: bool, format: str) -> None:
    """Show what is kept so that a shop opens faster; --clear removes it, and no data is lost."""
    from ltvtui.sources.cache import Cache
    from ltvtui.storage.settings_file import cache_dir, load_settings

    with told_in_two_lines():
        _tell_trouble()
        settings = load_settings()
        kept = Cache(cache_dir(), settings.cache_limit)
        refusal = kept.refusal()
        if refusal is not None:
            raise LtvError(f"The cache is not used: {refusal}.", "Move it away, or set LTVTUI_CACHE_DIR.")
    freed = kept.clear(db) if clear else None
    entries = [entry for entry in kept.entries() if db is None or entry.path == db.resolve()]
    if format == "json":
        from ltvtui.masking import masked
        from ltvtui.present.jsontext import write_json

        told = {
            "directory": str(kept.directory),
            "limit": kept.limit,
            "bytes": sum(entry.bytes for entry in entries),
            "entries": [
                {"database": masked(str(e.path)), "bytes": e.bytes, "made": e.made, "last_used": e.used}
                for e in entries
            ],
        }
        click.echo(write_json(told if freed is None else {**told, "freed": freed}), nl=False)
        return
    from ltvtui.present.cached import size_words, write_kept

    if freed is not None:
        click.echo(f"{size_words(freed)} removed", err=format != "table")
    click.echo(write_kept(entries, format), nl=False)
    if format == "table":
        from ltvtui.present.plain import plain

        total = size_words(sum(entry.bytes for entry in entries))
        off = "the settings cannot be read" if settings.trouble else "cache_limit is 0"
        state = f"{total} of {size_words(kept.limit)}" if kept.limit else f"turned off: {off}"
        click.echo(f"{state} · {plain(str(kept.directory))}")


def _tell_trouble() -> None:
    """Say why what was set does not count."""
    from ltvtui.present.plain import plain
    from ltvtui.storage.settings_file import load_settings

    if trouble := load_settings().trouble:
        click.echo(plain(trouble), err=True)
