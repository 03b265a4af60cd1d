"""`ltvtui import FILE… --into DB`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ltvtui.cli.group import main
from ltvtui.cli.options import ROWS, errors_in_two_lines
from ltvtui.cli.paths import FILE_PATH

if TYPE_CHECKING:
    from ltvtui.importing.import_files import Filled, Progress


@main.command("import")
@click.argument("files", nargs=-1, required=True, type=FILE_PATH, metavar="FILE...")
@click.option(
    "--into", required=True, type=FILE_PATH, metavar="DB", help="Database to import into; created if missing."
)
@click.option("--table", metavar="NAME", help="Table for all files; default: one per file or sheet.")
@click.option("--sheet", metavar="NAME", help="Import only this sheet of workbooks.")
@click.option("--replace", is_flag=True, help="Replace the table; default: append to it.")
@click.option("--alter", is_flag=True, help="Add columns that the table lacks.")
@click.option("--encoding", metavar="NAME", help="Encoding of text files, such as cp1252; default utf-8.")
@click.option("--skip-rows", type=ROWS, metavar="N", help="Lines or rows above the header; default: detected.")
@click.option("--no-header", is_flag=True, help="The files have no header: columns are named column_1 and so on.")
@click.option(
    "--wait", default=10.0, metavar="SECONDS", show_default=True, help="How long to wait for other writers of DB."
)
def import_(
    files: tuple[Path, ...],
    into: Path,
    table: str | None,
    sheet: str | None,
    replace: bool,
    alter: bool,
    encoding: str | None,
    skip_rows: int | None,
    no_header: bool,
    wait: float,
) -> None:
    """Import csv, tsv, parquet, xlsx or jsonl files into an SQLite database, all or nothing."""
    from ltvtui.importing.import_files import Manner, import_files
    from ltvtui.masking import masked
    from ltvtui.present.plain import plain

    if replace and alter:
        raise click.UsageError("--replace creates the table again, so --alter has no effect: leave one of them out.")
    with errors_in_two_lines(), _bar("importing") as advance:
        filled = import_files(
            files,
            into,
            table=table,
            sheet=sheet,
            manner=Manner(replace, alter),
            encoding=encoding,
            skip=skip_rows,
            header=not no_header,
            wait=wait,
            progress=advance,
        )
    for notice in (notice for table_filled in filled for notice in table_filled.notices):
        click.echo(plain(notice), err=True)
    for table_filled in filled:
        click.echo(_summary(table_filled))
    click.echo(f"ltvtui {masked(str(into))}")


@contextmanager
def _bar(label: str) -> Iterator[Progress]:
    """A bar of progress where there is a terminal to draw it on."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    with click.progressbar(length=1, label=label, file=sys.stderr) as bar:

        def advance(done: int, total: int) -> None:
            bar.length = max(total, 1)
            bar.update(done - bar.pos)

        yield advance


def _summary(filled: Filled) -> str:
    """One line on what became of a table."""
    from ltvtui.present.numbers import counted
    from ltvtui.present.plain import plain

    how = "new table"
    if filled.before is not None:
        how = (
            f"replaced {counted(filled.before, 'row')}"
            if filled.replaced
            else f"appended to {counted(filled.before, 'row')}"
        )
    added = f", new columns {', '.join(filled.added)}" if filled.added else ""
    size = f"{counted(filled.rows, 'row')}, {counted(filled.columns, 'column')}"
    return plain(f"{filled.table}: {size}, {how}{added} ({', '.join(filled.files)})")
