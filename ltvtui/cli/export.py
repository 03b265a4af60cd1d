"""`ltvtui export DB`: the customers behind a question as a file, or as a list for an advertising platform."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ltvtui.cli.completing import customer_columns
from ltvtui.cli.group import main
from ltvtui.cli.options import WHERE, shop_options
from ltvtui.cli.paths import FILE_PATH
from ltvtui.cli.reading import answer_from, print_doubts, read_shop, store
from ltvtui.errors import LtvError

if TYPE_CHECKING:
    from ltvtui.exporting.audience import Worth
    from ltvtui.exporting.destination import Destination, Written
    from ltvtui.exporting.source import Progress
    from ltvtui.session.open_request import OpenRequest
    from ltvtui.session.opened_dataset import OpenedDataset


@main.command()
@shop_options
@click.option("--to", required=True, type=FILE_PATH, metavar="FILE", help="File to write.")
@click.option(
    "--format",
    metavar="KIND",
    help="csv, parquet, xlsx, jsonl, markdown, sqlite; default: by FILE.",
)
@click.option(
    "--columns",
    default="",
    metavar="A,B",
    shell_complete=customer_columns,
    help="Columns to write, in this order; default: all.",
)
@click.option("--table", metavar="NAME", help="Table in an SQLite file; default customers.")
@click.option("--force", is_flag=True, help="Replace FILE, or the table in it, if it exists.")
@click.option("--audience", metavar="PLATFORM", help="Write a list of hashed contacts instead, for google or meta.")
@click.option("--country", metavar="CODE", help="Country of phone numbers without a country code: US, DE.")
@click.option("--value", is_flag=True, help="Add historic LTV to the contacts.")
@click.option("--expected", is_flag=True, help="Add expected LTV instead: to date and the next 12 months.")
@click.option("--email", metavar="COLUMN", help="Column with e-mail addresses; '' for none; default: detected.")
@click.option("--phone", metavar="COLUMN", help="Column with phone numbers; '' for none; default: detected.")
@WHERE
def export(
    request: OpenRequest,
    to: Path,
    format: str | None,
    columns: str,
    table: str | None,
    force: bool,
    audience: str | None,
    country: str | None,
    value: bool,
    expected: bool,
    email: str | None,
    phone: str | None,
    where: tuple[str, ...],
) -> None:
    """Export the customers of DB, or those that match --where, to a file; or as an ad audience.

    Money is in currency units, days are ISO dates, and unknown values are empty.
    """
    from ltvtui.exporting.destination import Destination
    from ltvtui.exporting.formats import check_list, format_of
    from ltvtui.exporting.overwrite import refuse_existing

    destination = Destination(to, request.path, force, table or "customers")
    if audience is not None:
        if columns or table or format not in (None, "csv"):
            raise click.UsageError(
                "--audience writes csv with the platform's own columns: leave out --format, --columns and --table."
            )
        destination.check()
        if format is None:
            check_list(to)
        worth: Worth | None = "expected" if expected else "historic" if value else None
        _export_audience(request, destination, audience, country, worth, email, phone, where)
        return
    if value or expected or any(option is not None for option in (country, email, phone)):
        raise click.UsageError("--country, --value, --expected, --email and --phone go with --audience.")
    kind = format_of(to, format)
    if table is not None and kind != "sqlite":
        raise click.UsageError("--table goes with an SQLite file.")
    destination.check()
    refuse_existing(destination, kind)
    from ltvtui.exporting.customers import customers_export
    from ltvtui.exporting.writing import write
    from ltvtui.session.apply_filters import narrowed
    from ltvtui.session.needed import columns_in

    def answer(opened: OpenedDataset) -> None:
        query = narrowed(opened.dataset, opened.query, where)
        found, notes = customers_export(opened.dataset, query, columns)
        written = _with_bar(lambda progress: write(found, destination, kind, progress, _never))
        _print_result(opened, written, "row", notes)

    if not columns:
        answer(read_shop(request))
    else:
        answer_from(request, columns_in((columns, *where), channels=False), answer)


def _export_audience(
    request: OpenRequest,
    destination: Destination,
    platform: str,
    country: str | None,
    value: Worth | None,
    email: str | None,
    phone: str | None,
    where: tuple[str, ...],
) -> None:
    from ltvtui.exporting.audience import AudienceOptions, write_audience
    from ltvtui.exporting.contact_forms import PLATFORMS, country_of
    from ltvtui.exporting.overwrite import refuse_existing
    from ltvtui.session.apply_filters import narrowed

    platforms = {name.casefold(): name for name in PLATFORMS}
    if platform.casefold() not in platforms:
        raise LtvError(f"There is no list for {platform!r}.", f"Choose from: {', '.join(PLATFORMS)}.", 2)
    options = AudienceOptions(platforms[platform.casefold()], country_of(country or ""), value, email, phone)
    refuse_existing(destination)
    opened = read_shop(request)
    snapshot = opened.dataset.snapshot(narrowed(opened.dataset, opened.query, where))
    written = _with_bar(
        lambda progress: write_audience(snapshot, request, opened.mapping, options, destination, progress, _never)
    )
    _print_result(opened, written, "customer")


def _never() -> bool:
    return False


def _with_bar(act: Callable[[Progress], Written]) -> Written:
    """What `act` gives, with a bar of progress where there is a terminal to draw it on; Ctrl-C leaves nothing."""
    if not sys.stderr.isatty():
        return act(lambda done, total: None)
    with click.progressbar(length=1, label="writing", file=sys.stderr) as bar:

        def advance(done: int, total: int) -> None:
            bar.length = max(total, 1)
            bar.update(done - bar.pos)

        return act(advance)


def _print_result(opened: OpenedDataset, written: Written, word: str, missing: tuple[str, ...] = ()) -> None:
    """What was written, as the result; beside it notices, doubts, and what is `missing`."""
    from ltvtui.exporting.summary import words_of
    from ltvtui.present.plain import plain

    for notice in opened.notices:
        click.echo(plain(notice), err=True)
    print_doubts(opened)
    for line in missing:
        click.echo(plain(line), err=True)
    for line in (words_of(written, word), *written.notes):
        click.echo(plain(line))
    store(opened)
