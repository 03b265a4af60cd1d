"""Reading a shop for a command, and printing what it was asked."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from ltvtui.session.open_dataset import OpenedDataset
    from ltvtui.session.open_request import OpenRequest


def read_shop(request: OpenRequest) -> OpenedDataset:
    """The shop, with a bar of progress where there is a terminal to draw it on."""
    from ltvtui.session.open_dataset import open_shop

    if not sys.stderr.isatty():
        return open_shop(request)
    with click.progressbar(length=1, label="reading", file=sys.stderr) as bar:

        def advance(done: int, total: int) -> None:
            bar.length = max(total, 1)
            bar.update(done - bar.pos)

        def begin_step(doing: str, number: int, steps: int) -> None:
            bar.label = doing
            advance(number - 1, steps)

        return open_shop(request, advance, doing=begin_step)


def print_result(opened: OpenedDataset, text: str) -> None:
    """Print what was asked for, and beside it what was noticed on the way."""
    from ltvtui.present.plain import plain

    for notice in opened.notices:
        click.echo(plain(notice), err=True)
    print_doubts(opened)
    click.echo(text, nl=False)
    store(opened)


def print_doubts(opened: OpenedDataset) -> None:
    """Say beside figures what may have been read wrong."""
    from ltvtui.present.doubts import doubts_in_full

    for line in doubts_in_full(opened.dataset.doubts):
        click.echo(line, err=True)


def store(opened: OpenedDataset) -> None:
    """Keep a large shop for the next time, once what was asked for is printed."""
    sys.stdout.flush()
    if opened.store is None:
        return
    from ltvtui.present.plain import plain
    from ltvtui.session.open_dataset import AGAIN
    from ltvtui.storage.settings_file import cache_dir

    why = opened.store(lambda: False)
    if why is not None and why.startswith(str(cache_dir())) and not any(AGAIN in notice for notice in opened.notices):
        click.echo(plain(f"The shop {AGAIN}: {why}."), err=True)
