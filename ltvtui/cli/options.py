"""What can be said about a shop and about what is asked of it, and how a mistake is answered."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from ltvtui.cli import completing
from ltvtui.cli.passwords import with_password
from ltvtui.cli.paths import FILE_PATH, PIPE, SHOP_URI
from ltvtui.errors import LtvError
from ltvtui.storage.regular_file import refuse_irregular

if TYPE_CHECKING:
    from ltvtui.session.open_request import OpenRequest

Command = Callable[..., None]


class RowCount(click.ParamType[int]):
    """A number of rows above a header; help does not tell how many are too many."""

    name = "integer"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The number. Raises click.BadParameter where it is out of range."""
        return click.IntRange(0, 1_000_000).convert(value, param, ctx)


ROWS: Final = RowCount()

ROLES: Final = {
    "orders": ("TABLE|SQL", "Table, view or SELECT with the orders."),
    "order_id": ("COLUMN", "Column with the order id; '' if every row is an order."),
    "customer": ("COLUMN", "Column with the customer id."),
    "date": ("COLUMN", "Column with the date of the order."),
    "date_format": (
        "NAME",
        "Dates are iso, mdy, dmy, ymd, yyyymmdd, unix_s, excel and so on.",
    ),
    "amount": ("COLUMN|SQL", "Amount, such as 'Quantity * UnitPrice'."),
    "decimal": ("MARK", "Decimal mark of amounts stored as text: point or comma."),
    "status": ("COLUMN", "Column with the status; cancelled orders are left out."),
    "currency_column": ("COLUMN", "Column with the currency of the amount."),
    "rate": ("COLUMN|SQL", "Column with the exchange rate of the amount."),
    "margin_column": ("COLUMN|SQL", "Column with the margin of a row, as an amount."),
    "cost": ("COLUMN|SQL", "Column with the cost of a row; margin = amount - cost."),
    "refund_of": ("COLUMN", "Column with the order id that a refund belongs to."),
    "refunded": ("COLUMN", "Column with the refunded part of the amount; '' for none."),
    "cancelled": ("COLUMN", "Column with a date or flag of cancellation; '' for none."),
    "row_type": ("COLUMN", "Column with the row type; fees and payouts are left out."),
    "updated_at": ("COLUMN", "Column with the time of the last change, for live updates."),
    "lines": ("TABLE", "Table with the order lines."),
    "lines_order_id": ("COLUMN", "Order id in the table of lines."),
    "customers": ("TABLE", "Table with customer details."),
    "customers_key": ("COLUMN", "Customer id in that table."),
    "spend": ("TABLE|FILE", "Advertising spend, as a table or a file; '' for none."),
}
"""Options that say what is what, with their metavar and help."""

TERMS: Final = {
    "as_of": ("DAY", "Use data up to this day; default: the latest order."),
    "horizon": ("MONTHS", "Horizon of LTV, in months; default 12."),
    "churn_gap": ("DAYS", "Days until a customer counts as lapsed; default: measured."),
    "entry": (
        "CHOICE",
        "Customers whose LTV counts: auto (default), all, proven or DAY.",
    ),
    "margin": ("SHARE", "Gross margin as a share of revenue, such as 0.4 or 40%."),
    "discount": ("RATE", "Annual discount rate, such as 0.1."),
    "tier_rule": ("RULE", "quantile:20/30, share:50/80 or threshold:500/100."),
    "tier_value": ("VALUE", "Tiers by historic value (default), or by expected LTV."),
    "week_start": ("DAY", "First day of the week; default monday."),
    "rfm": ("CUTS", "Thresholds of RFM; default quantiles:20/40/60/80."),
    "rfm_names": ("FILE", "Table of RFM names to use; `ltvtui names` prints the one in use."),
    "abc": ("SHARES", "Cumulative revenue shares of A and B; default 80/95."),
    "xyz": ("LIMITS", "Highest variation of gaps of X and Y; default 0.5/1, or off."),
}
"""Options that agree on the terms."""


_COMPLETED: Final = {
    "COLUMN": completing.columns,
    "COLUMN|SQL": completing.columns,
    "TABLE": completing.tables,
    "TABLE|SQL": completing.tables,
    "TABLE|FILE": completing.tables_or_files,
}
"""What a shell can complete, by the metavar of the option."""


def shop_options(command: Command) -> Command:
    """Everything that can be said about a shop; the command gets a Request."""

    @wraps(command)
    def run(db: Path | str, config: Path | None, **options: Any) -> None:
        with errors_in_two_lines():
            explain = options.pop("explain")
            request = with_password(_request(db, config, options))
            if explain:
                from ltvtui.cli.explain import print_explanation

                print_explanation(request)
            else:
                command(request, **options)

    for name, (metavar, text) in reversed({**ROLES, **TERMS}.items()):
        found = _COMPLETED.get(metavar)
        run = click.option(f"--{name.replace('_', '-')}", name, metavar=metavar, help=text, shell_complete=found)(run)
    run = click.option("--currency", metavar="CODE", help="Keep only orders in this currency.")(run)
    run = click.option("--refunds", type=click.Choice(["net", "drop", "keep"]), help="Negative amounts.")(run)
    run = click.option("--time-zone", metavar="ZONE", help="Time zone of days, such as Europe/Berlin.")(run)
    run = click.option("--zero", type=click.Choice(["count", "drop"]), help="Amounts of zero.")(run)
    run = click.option("--repeats", type=click.Choice(["auto", "keep", "drop"]), help="Repeated order ids.")(run)
    guests = "Leave out the id that guests share (default), or keep it."
    run = click.option("--guests", type=click.Choice(["drop", "keep"]), help=guests)(run)
    forced = "Use ids as they are, even those that a spreadsheet has rounded."
    run = click.option("--force-ids", is_flag=True, default=None, help=forced)(run)
    run = click.option("--excluded-statuses", metavar="A,B", help="Statuses to leave out; '' keeps all.")(run)
    run = click.option("--spend-skip-rows", type=ROWS, metavar="N", help="The same for the --spend file.")(run)
    run = click.option("--spend-no-header", is_flag=True, help="The --spend file has no header.")(run)
    bare = "The file has no header: columns are column_1 and so on."
    run = click.option("--no-header", is_flag=True, help=bare)(run)
    run = click.option("--spend-encoding", metavar="NAME", help="The same for the --spend file.")(run)
    written = "Encoding of a text file, such as cp1252; default utf-8."
    run = click.option("--encoding", metavar="NAME", help=written)(run)
    above = "Lines or rows above the header of a file; default: detected."
    run = click.option("--skip-rows", type=ROWS, metavar="N", help=above)(run)
    where = "Read orders (here), or reduce them in their database (there)."
    run = click.option("--compute", type=click.Choice(["auto", "here", "there"]), default="auto", help=where)(run)
    shown = "Print the SQL that asks for the orders, and how much it reads; ask no more."
    run = click.option("--explain", is_flag=True, help=shown)(run)
    run = click.option("--no-cache", is_flag=True, help="Ignore the cache.")(run)
    run = click.option("--config", type=FILE_PATH, help="Mapping file to use.")(run)
    return click.argument("db", type=SHOP_URI)(run)


def _request(db: Path | str, config: Path | None, options: dict[str, Any]) -> OpenRequest:
    """Take what concerns the shop out of `options`."""
    from ltvtui.session.open_request import OpenRequest
    from ltvtui.sources.overrides import Overrides

    roles = {name: options.pop(name) for name in ROLES}
    for part, table in (("lines_order_id", "lines"), ("customers_key", "customers")):
        if roles[part] is not None and roles[table] is None:
            flags = [f"--{name.replace('_', '-')}" for name in (part, table)]
            raise click.UsageError(f"{flags[0]} goes with {flags[1]}.")
    roles["currency"] = roles.pop("currency_column")
    roles["margin"] = roles.pop("margin_column")
    terms = {name: value for name in TERMS if (value := options.pop(name)) is not None}
    rules = ("currency", "refunds", "zero", "repeats", "guests", "force_ids", "excluded_statuses", "time_zone")
    cleaning = {name: value for name in rules if (value := options.pop(name)) is not None}
    cache = not options.pop("no_cache") and db != PIPE
    if db == PIPE:
        from ltvtui.cli.standard_input import piped_file

        db = piped_file()
    file = _file(roles["spend"])
    if file is not None:
        roles["spend"] = None
    skip, spend_skip = options.pop("skip_rows"), options.pop("spend_skip_rows")
    if spend_skip is not None and file is None:
        raise click.UsageError("--spend-skip-rows goes with a file: --spend FILE.")
    headless, spend_headless = options.pop("no_header"), options.pop("spend_no_header")
    encoding, spend_encoding = options.pop("encoding"), options.pop("spend_encoding")
    for flag, given in (("--spend-no-header", spend_headless), ("--spend-encoding", spend_encoding)):
        if given and file is None:
            raise click.UsageError(f"{flag} goes with a file: --spend FILE.")
    return OpenRequest(
        *(db, Overrides(**roles), config, terms),
        cleaning=cleaning,
        spend_file=file,
        skip_rows=skip,
        spend_skip_rows=spend_skip,
        no_header=headless,
        spend_no_header=spend_headless,
        encoding=encoding,
        spend_encoding=spend_encoding,
        compute=options.pop("compute"),
        cache=cache,
    )


def _file(given: str | None) -> Path | None:
    """The file of that path; None where there is none. LtvError where something else lies there."""
    try:
        if not given or not Path(given).exists():
            return None
    except (OSError, ValueError):  # a SELECT may be longer than any path
        return None
    if Path(given).is_dir() and os.sep not in given:  # more likely a table that a folder is called like
        return None
    refuse_irregular(Path(given))
    return Path(given)


class errors_in_two_lines:
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
        raise click.BadParameter("Give one dimension, or two different ones, such as --by tier,country.")
    return names


def by_option(default: str | None, without: str) -> Callable[[Command], Command]:
    """--by, as names of dimensions; `without` says what is told if it is left out."""
    words = f"Dimension, or two of them crossed; default {without}."
    return click.option(
        "--by",
        metavar="DIM[,DIM]",
        callback=_by,
        default=default,
        help=words,
        shell_complete=completing.dimensions,
    )


BY = by_option("tier", "tier")
WHERE = click.option(
    "--where",
    multiple=True,
    metavar="EXPR",
    shell_complete=completing.expressions,
    help="Only customers such as 'country = DK and orders >= 3'; may repeat.",
)
FORMAT = click.option(
    "--format",
    type=click.Choice(["table", "json", "csv", "markdown"]),
    default="table",
    help="How it is printed; default table.",
)


def one_of(what: str, given: str, choices: tuple[str, ...]) -> str:
    """The one of `choices` that is `given`, whatever the case; a hyphen may stand for a space."""
    for name in choices:
        if name.casefold() == given.strip().replace("-", " ").replace("_", " ").casefold():
            return name
    raise LtvError(
        f"There is no {what} {given!r}.", f"{suggest(given, choices)}Choose from: {', '.join(choices)}.", 2
    )


def suggest(given: str, choices: Sequence[str]) -> str:
    """A question that names the nearest of `choices`; blank where none is near."""
    from difflib import get_close_matches

    folded = {name.casefold(): name for name in choices}
    near = get_close_matches(given.casefold(), list(folded), 1)
    return f"Did you mean {folded[near[0]]}? " if near else ""
