"""`ltvtui feed DB`: invented orders for a demo shop."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

import click

from ltvtui.cli.group import main
from ltvtui.cli.options import errors_in_two_lines
from ltvtui.cli.paths import FILE_PATH

if TYPE_CHECKING:
    from ltvtui.importing.demo_feed import Fed


@main.command()
@click.argument("db", type=FILE_PATH)
@click.option("--rate", default=5.0, metavar="N", show_default=True, help="Orders per second.")
@click.option(
    "--for", "seconds", type=click.FloatRange(0), metavar="SECONDS", help="How long to run; default: until Ctrl-C."
)
@click.option("--count", type=click.IntRange(0), metavar="N", help="Stop after this many orders.")
@click.option("--wal", is_flag=True, help="Switch DB to WAL mode, in which readers need not wait.")
@click.option("--seed", type=int, metavar="N", help="Seed: the same shop gets the same orders.")
def feed(db: Path, rate: float, seconds: float | None, count: int | None, wal: bool, seed: int | None) -> None:
    """Add invented orders to the demo shop DB, to watch it live. Writes to demo shops only."""
    import time

    from ltvtui.importing.demo_feed import feed as feed_shop

    if not 0 < rate <= 100_000:
        raise click.UsageError("Give --rate a number above 0, at most 100000.")
    begin = time.monotonic()
    with errors_in_two_lines(), _until_stopped() as stop:
        fed = feed_shop(
            db,
            rate,
            seconds=seconds,
            count=count,
            wal=wal,
            seed=seed,
            stopped=stop.is_set,
            wait=stop.wait,
            report=_counter(),
        )
    elapsed = time.monotonic() - begin
    click.echo(f"{_fed(fed)}, in {elapsed:.1f} s; the shop's clock is at {fed.clock}", err=True)


@contextmanager
def _until_stopped() -> Iterator[Event]:
    """Set by SIGINT and SIGTERM, so that what has begun is brought to its end."""
    stop = Event()
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _counter() -> Callable[[Fed], None]:
    """Counts on a line of the terminal, twice a second at most."""
    if not sys.stderr.isatty():
        return lambda fed: None
    import time

    shown_at = 0.0

    def count(fed: Fed) -> None:
        nonlocal shown_at
        if time.monotonic() - shown_at >= 0.5:
            shown_at = time.monotonic()
            click.echo(f"\r{_fed(fed)} · {fed.clock} · Ctrl-C ends \x1b[K\r", err=True, nl=False)

    return count


def _fed(fed: Fed) -> str:
    from ltvtui.present.numbers import counted

    orders = counted(fed.orders, "order")
    return f"{orders}, {counted(fed.customers, 'new customer')}, {counted(fed.refunds, 'refund')}"
