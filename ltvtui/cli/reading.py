"""Reading a shop for a command, and printing what it was asked."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from ltvtui.errors import LtvError

if TYPE_CHECKING:
    from ltvtui.session.needed import Needs
    from ltvtui.session.open_request import OpenRequest
    from ltvtui.session.opened_dataset import OpenedDataset
    from ltvtui.session.reduced_dataset import Doing
    from ltvtui.sources.base import Progress


def read_shop(request: OpenRequest) -> OpenedDataset:
    """The shop, with a bar of progress where there is a terminal to draw it on."""
    from ltvtui.session.open_dataset import open_shop

    with _reading_bar() as bar:
        return open_shop(request, bar.advance, doing=bar.begin_step)


def answer_from(request: OpenRequest, needs: Needs, answer: Callable[[OpenedDataset], object]) -> None:
    """Have `answer` print something about the shop as soon as there is of it what the question `needs`; then read and
    keep the rest, for the next time.

    `answer` ends with `store`, and raises LtvError before it has printed anything. An error about a part of a shop is
    not believed: it is called again with the whole one.
    """
    from ltvtui.session.open_dataset import open_shop

    answered = False

    def early(opened: OpenedDataset) -> bool:
        nonlocal answered
        bar.finish()
        try:
            answer(opened)
        except LtvError:
            return False
        answered = True
        sys.stdout.flush()
        return True

    with _reading_bar() as bar:
        try:
            opened = open_shop(request, bar.advance, early=early, needs=needs, doing=bar.begin_step)
        except LtvError:
            if not answered:
                raise
            return  # it is not kept, and the next command says why
    if answered:
        store(opened)
    else:
        answer(opened)


@dataclass(frozen=True)
class _ReadingBar:
    """What is told how far the reading is."""

    advance: Progress | None
    begin_step: Doing
    finish: Callable[[], object]
    """Takes the bar away before something is printed."""


@contextmanager
def _reading_bar() -> Iterator[_ReadingBar]:
    """A bar where there is a terminal to draw it on."""
    if not sys.stderr.isatty():
        yield _ReadingBar(None, lambda doing, number, steps: None, lambda: None)
        return
    with click.progressbar(length=1, label="reading", file=sys.stderr) as bar:

        def advance(done: int, total: int) -> None:
            bar.length = max(total, 1)
            bar.update(done - bar.pos)

        def begin_step(doing: str, number: int, steps: int) -> None:
            bar.label = doing
            advance(number - 1, steps)

        yield _ReadingBar(advance, begin_step, bar.render_finish)


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
