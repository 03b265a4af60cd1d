"""The command line. Heavy imports stand inside command bodies, so that --help answers at once."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from ltvtui import __version__
from ltvtui.errors import LtvError

if TYPE_CHECKING:
    from ltvtui.opening import Opened, Request

Command = Callable[..., None]

ROLES: Final = {
    "orders": ("TABLE|SQL", "Table, view or SELECT with the orders."),
    "order_id": ("COLUMN", "Order id; '' if every row is an order."),
    "customer": ("COLUMN", "Customer id."),
    "date": ("COLUMN", "Date of the order."),
    "date_format": ("NAME", "iso, yyyymmdd, ym, mdy, dmy, d_mon_y, unix_s, unix_ms, julian or excel."),
    "amount": ("COLUMN|SQL", "Amount, such as 'Quantity * UnitPrice'."),
    "status": ("COLUMN", "Status; cancelled, failed and the like are left out."),
    "currency_column": ("COLUMN", "Currency of the amount."),
    "rate": ("COLUMN|SQL", "Factor that turns the amount into the shop's currency."),
    "margin_column": ("COLUMN|SQL", "Margin of a row, in money."),
    "cost": ("COLUMN|SQL", "Cost of a row; margin = amount - cost."),
    "refund_of": ("COLUMN", "Order id that a refund refunds."),
    "lines": ("TABLE", "Table with the order lines."),
    "lines_order_id": ("COLUMN", "Order id in the table of lines."),
    "customers": ("TABLE", "Table that describes customers."),
    "customers_key": ("COLUMN", "Customer id in that table."),
    "spend": ("TABLE", "Table with the advertising spend."),
}
"""Options that say what is what, with their metavar and help."""

TERMS: Final = {
    "as_of": ("DAY", "Nothing after this day is known; default: the latest order day."),
    "horizon": ("MONTHS", "Months over which LTV is counted; default 12."),
    "churn_gap": ("DAYS", "Silence after which a customer has left; default: measured."),
    "margin": ("SHARE", "Share of revenue that is kept, such as 0.4 or 40%."),
    "discount": ("RATE", "Discount rate a year, such as 0.1."),
    "tier_rule": ("RULE", "quantile:20/30, share:50/80 or threshold:500/100."),
    "week_start": ("DAY", "Day on which weeks begin; default monday."),
}
"""Options that agree on the terms."""


class DefaultOpen(click.Group):
    """`ltvtui DB` is `ltvtui open DB`; every error is two lines: what, and how to mend it."""

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run, and exit with 0, 1 for a finding or failure, 2 for wrong usage."""
        try:
            sys.exit(super().main(*args, **{**extra, "standalone_mode": False}) or 0)
        except click.ClickException as error:
            of = f" {error.ctx.info_name}" if isinstance(error, click.UsageError) and error.ctx else ""
            known = of if of != " ltvtui" else ""
            click.echo(f"ltvtui: {_sentence(error.format_message())}\nSee: ltvtui{known} --help", err=True)
            sys.exit(error.exit_code)
        except click.Abort:
            sys.exit(130)
        except BrokenPipeError:
            # The reader of a pipe has seen enough; nothing may be written any more, at exit neither.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(0)
        except OSError as error:
            click.echo(f"ltvtui: The system refused: {error.strerror}.\nCheck disk, pipe and rights.", err=True)
            sys.exit(1)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put `open` before a first word that is no command."""
        words = [a for a in args if not a.startswith("-")]
        known = {"--help", "--version", "-h"}
        if args and args[0] not in known and (not words or words[0] not in self.commands):
            args = ["open", *args]
        return super().parse_args(ctx, args)


@click.group(cls=DefaultOpen, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="ltvtui")
def main() -> None:
    """Customer lifetime value, value tiers and the people behind them.

    LTV = average check × frequency × retention, without bias from customers who are still active.
    """


def shop_options(command: Command) -> Command:
    """Everything that can be said about a shop; the command gets a Request."""

    @wraps(command)
    def run(db: Path, config: Path | None, **options: Any) -> None:
        with _errors():
            command(_request(db, config, options), **options)

    for name, (metavar, text) in reversed({**ROLES, **TERMS}.items()):
        run = click.option(f"--{name.replace('_', '-')}", name, metavar=metavar, help=text)(run)
    run = click.option("--currency", metavar="CODE", help="Keep only orders in this currency.")(run)
    run = click.option("--refunds", type=click.Choice(["net", "drop", "keep"]), help="Negative amounts.")(run)
    run = click.option("--time-zone", metavar="ZONE", help="Zone to count days in, such as Europe/Berlin.")(run)
    run = click.option("--zero", type=click.Choice(["count", "drop"]), help="Amounts of zero.")(run)
    run = click.option("--repeats", type=click.Choice(["auto", "keep", "drop"]), help="Repeated order ids.")(run)
    run = click.option("--excluded-statuses", metavar="A,B", help="Statuses to leave out; '' keeps all.")(run)
    run = click.option("--no-cache", is_flag=True, help="Read anew, and keep nothing for the next time.")(run)
    run = click.option("--config", type=click.Path(path_type=Path), help="Mapping file to use.")(run)
    return click.argument("db", type=click.Path(path_type=Path))(run)


def _request(db: Path, config: Path | None, options: dict[str, Any]) -> Request:
    """Take what concerns the shop out of `options`."""
    from ltvtui.opening import Request
    from ltvtui.sources.overrides import Overrides

    said = {name: options.pop(name) for name in ROLES}
    for part, whole in (("lines_order_id", "lines"), ("customers_key", "customers")):
        if said[part] is not None and said[whole] is None:
            flags = [f"--{name.replace('_', '-')}" for name in (part, whole)]
            raise click.UsageError(f"{flags[0]} goes with {flags[1]}.")
    said["currency"] = said.pop("currency_column")
    said["margin"] = said.pop("margin_column")
    terms = {name: value for name in TERMS if (value := options.pop(name)) is not None}
    rules = ("currency", "refunds", "zero", "repeats", "excluded_statuses", "time_zone")
    cleaning = {name: value for name in rules if (value := options.pop(name)) is not None}
    cache = not options.pop("no_cache")
    return Request(db, Overrides(**said), config, terms, cleaning=cleaning, cache=cache)


def _sentence(text: str) -> str:
    line = " ".join(text.split())
    return line if line.endswith((".", "?")) else f"{line}."


class _errors:
    """Turns an LtvError into two lines and an exit code."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, LtvError):
            from ltvtui.present.plain import plain

            click.echo(f"ltvtui: {plain(error.what)}\n{plain(error.mend)}", err=True)
            sys.exit(error.exit_code)


def _by(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[str, ...]:
    if value is None:
        return ()
    names = tuple(n.strip() for n in value.split(","))
    if len(names) > 2 or not all(names) or len({n.casefold() for n in names}) < len(names):
        raise click.BadParameter("Give one dimension, or two different ones: --by tier,country")
    return names


def by_option(default: str | None, without: str) -> Callable[[Command], Command]:
    """--by, as names of dimensions; `without` says what is told if it is left out."""
    told = f"Dimension, or two crossed; default {without}."
    return click.option("--by", metavar="DIM[,DIM]", callback=_by, default=default, help=told)


BY = by_option("tier", "tier")
WHERE = click.option(
    "--where", multiple=True, metavar="DIM=VALUE", help="Only customers of whom this holds; may be repeated."
)
FORMAT = click.option(
    "--format", type=click.Choice(["table", "json", "csv", "markdown"]), default="table", show_default=True
)


@main.command()
@shop_options
@BY
def open(request: Request, by: tuple[str, ...]) -> None:
    """Open DB on screen; without a terminal print its report."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        _print_report(request, by, "table")
        return
    if not request.path.is_file():
        # What cannot become a shop is said on the shell, where it can be mended.
        from ltvtui.sources.sqlite import Database

        Database.open(request.path).close()
    from ltvtui.config import load_settings
    from ltvtui.tui.app import LtvApp
    from ltvtui.tui.place import Place

    settings = load_settings()
    app = LtvApp(request, Place("overview" if by == ("tier",) else "explore", by=by))
    try:
        app.run(mouse=settings.mouse)
    finally:
        if app.hung_up or not sys.stdin.isatty():
            # The terminal is gone: nothing is left to restore, and the thread that reads keys would wait for
            # them at full speed for ever.
            os._exit(app.return_code or 1)
    sys.exit(app.return_code or 0)


@main.command()
@shop_options
@BY
@WHERE
@FORMAT
def report(request: Request, by: tuple[str, ...], where: tuple[str, ...], format: str) -> None:
    """Print segments of DB: LTV and its three factors for each value of a dimension."""
    _print_report(request, by, format, where)


@main.command()
@shop_options
@click.option("--bucket", default="month", metavar="PERIOD", help="week, month (the default), quarter or year.")
@click.option(
    "--metric",
    default="retention",
    metavar="NAME",
    help="retention (the default), customers, orders, revenue, average check, revenue per customer, cumulative LTV.",
)
@click.option("--relative", is_flag=True, help="Cells as shares of the cohort's first period.")
@click.option("--by", metavar="DIM", help="Cohorts by this dimension; default: the period of the first order.")
@WHERE
@FORMAT
def cohorts(
    request: Request,
    bucket: str,
    metric: str,
    relative: bool,
    by: str | None,
    where: tuple[str, ...],
    format: Any,
) -> None:
    """Print the cohorts of DB: what customers who began together did in each calendar period since."""
    from ltvtui.analytics.calendar import BUCKETS
    from ltvtui.analytics.cohorts import METRICS
    from ltvtui.analytics.cohorts import cohorts as triangle_of
    from ltvtui.days import iso
    from ltvtui.present.cohorts import write_cohorts
    from ltvtui.where import narrowed

    bucket, metric = _one_of("period", bucket, BUCKETS), _one_of("metric", metric, METRICS)
    opened = _open(request)
    book = opened.book
    lens = narrowed(book, opened.lens, where)
    found = book.ask(triangle_of, lens, bucket, None if by is None else book.dimension(by))
    _tell(opened, write_cohorts(found, metric, relative, iso(book.as_of(lens)), format))


@main.command()
@shop_options
@by_option(None, "all customers")
@WHERE
@FORMAT
def retention(request: Request, by: tuple[str, ...], where: tuple[str, ...], format: Any) -> None:
    """Print how long customers of DB stay: Kaplan-Meier by months since the first order, with its 95 % band."""
    from ltvtui.analytics.survival import retention_curves, retention_summary
    from ltvtui.present.retention import Retention, write_retention
    from ltvtui.where import narrowed

    opened = _open(request)
    book = opened.book
    lens = narrowed(book, opened.lens, where)
    by = tuple(book.dimension(name) for name in by)
    summary, curves = book.ask(retention_summary, lens, by), book.ask(retention_curves, lens, by)
    _tell(opened, write_retention(Retention(book.snapshot(lens), by, summary, curves), format))


@main.command()
@shop_options
@FORMAT
def check(request: Request, format: str) -> None:
    """Tell what was read of DB, what was left out and why; exit 1 where a date or an amount is not readable."""
    from ltvtui.present.quality import write_quality

    opened = _open(request)
    quality = opened.book.quality(opened.lens)
    told = write_quality(quality, opened.mapping, opened.proposal, opened.notices, format, opened.lens.week_start)
    click.echo(told, nl=False)
    _keep(opened)
    sys.exit(1 if any(c.rows for c in quality.counts if c.rule in ("no_date", "no_amount")) else 0)


@main.command()
@shop_options
@click.option("--write", is_flag=True, help="Keep the mapping in its file.")
def config(request: Request, write: bool) -> None:
    """Show how columns of DB are understood, as the file that keeps it; --write keeps it."""
    from ltvtui.opening import lens_of, policy_of, understand
    from ltvtui.sources.mapping_file import dump, load, save
    from ltvtui.sources.sqlite import Database

    saved = load(request.mapping_file)
    policy, _ = policy_of(request, saved), lens_of(request, saved)  # both refuse what cannot be
    with Database.open(request.path) as database:
        mapping, proposal = understand(database, request, saved)
    cleaning = {**(saved.cleaning if saved else {}), **request.cleaning}
    if "excluded_statuses" in cleaning:
        cleaning["excluded_statuses"] = list(policy.excluded_statuses)
    shop = {**(saved.shop if saved else {}), **request.terms}
    if write:
        save(request.mapping_file, mapping, cleaning=cleaning, shop=shop)
        click.echo(f"written: {request.mapping_file}", err=True)
        return
    click.echo(dump(mapping, cleaning=cleaning, shop=shop), nl=False)
    for guess in proposal.guesses if proposal else ():
        from ltvtui.present.plain import plain

        click.echo(f"# {guess.role}: {plain(guess.column)} ({guess.score:.0%} sure: {plain(guess.why)})")


@main.command()
@click.argument("db", type=click.Path(path_type=Path), required=False)
@click.option("--clear", is_flag=True, help="Remove what is kept of DB, or everything.")
@FORMAT
def cache(db: Path | None, clear: bool, format: str) -> None:
    """Show what is kept so that a shop opens faster; --clear removes it, and no data is lost."""
    from ltvtui.config import cache_dir, load_settings
    from ltvtui.sources.cache import Cache

    with _errors():
        kept = Cache(cache_dir(), load_settings().cache_limit)
        refusal = kept.refusal()
        if refusal is not None:
            raise LtvError(f"The cache is not used: {refusal}.", "Move it away, or set LTVTUI_CACHE_DIR.")
    freed = kept.clear(db) if clear else None
    entries = [entry for entry in kept.entries() if db is None or entry.path == db.resolve()]
    if format == "json":
        from ltvtui.present.jsontext import write_json

        told = {
            "directory": str(kept.directory),
            "limit": kept.limit,
            "bytes": sum(entry.bytes for entry in entries),
            "entries": [
                {"database": str(e.path), "bytes": e.bytes, "made": e.made, "last_used": e.used} for e in entries
            ],
        }
        click.echo(write_json(told if freed is None else {**told, "freed": freed}), nl=False)
        return
    from ltvtui.present.kept import size_words, write_kept

    if freed is not None:
        click.echo(f"{size_words(freed)} removed", err=format != "table")
    click.echo(write_kept(entries, format), nl=False)
    if format == "table":
        from ltvtui.present.plain import plain

        total = size_words(sum(entry.bytes for entry in entries))
        state = f"{total} of {size_words(kept.limit)}" if kept.limit else "turned off: cache_limit is 0"
        click.echo(f"{state} · {plain(str(kept.directory))}")


def _open(request: Request) -> Opened:
    from ltvtui.opening import open_shop

    if not sys.stderr.isatty():
        return open_shop(request)
    with click.progressbar(length=1, label="reading", file=sys.stderr) as bar:

        def tell(done: int, total: int) -> None:
            bar.length = max(total, 1)
            bar.update(done - bar.pos)

        return open_shop(request, tell)


def _tell(opened: Opened, text: str) -> None:
    """Print what was asked for, and beside it what was noticed on the way."""
    from ltvtui.present.plain import plain

    for notice in opened.notices:
        click.echo(plain(notice), err=True)
    click.echo(text, nl=False)
    _keep(opened)


def _keep(opened: Opened) -> None:
    """Keep a large shop for the next time, once what was asked for is printed."""
    sys.stdout.flush()
    if opened.keep is not None:
        opened.keep(lambda: False)


def _one_of(what: str, said: str, known: tuple[str, ...]) -> str:
    """The one of `known` that was said, whatever the case; a hyphen may stand for a space."""
    for name in known:
        if name.casefold() == said.strip().replace("-", " ").casefold():
            return name
    raise LtvError(f"There is no {what} {said!r}.", f"There are: {', '.join(known)}.", 2)


def _print_report(request: Request, by: tuple[str, ...], format: Any, where: tuple[str, ...] = ()) -> None:
    from ltvtui.analytics.segments import profile
    from ltvtui.present.report import Report, write_report
    from ltvtui.where import narrowed

    opened = _open(request)
    book = opened.book
    lens = narrowed(book, opened.lens, where)
    by = tuple(book.dimension(name) for name in by)
    text = write_report(
        Report(
            book.snapshot(lens),
            by,
            book.ask(profile, lens),
            book.ask(profile, lens, by),
            book.quality(lens),
            opened.mapping,
            book.cleaned.currency,
            book.gross(lens),
        ),
        format,
    )
    _tell(opened, text)
