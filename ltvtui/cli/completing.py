"""What the shell can complete: names and values of the shop on the line. Of a mistake nothing is said."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

if TYPE_CHECKING:
    from ltvtui.session.open_request import OpenRequest
    from ltvtui.session.outline import Outline


def dimensions(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Dimensions of the shop, also behind a comma; a hyphen stands for a space, which a shell would split at."""
    before, comma, begun = incomplete.rpartition(",")
    names = _outline(ctx).dimensions
    return _fitting([f"{before}{comma}{name.replace(' ', '-')}" for name in names], f"{before}{comma}{begun}")


def columns(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Columns of all tables of the shop."""
    return _fitting(_outline(ctx).columns, incomplete)


def tables(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Tables and views of the shop."""
    return _fitting(_outline(ctx).tables, incomplete)


def tables_or_files(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Tables of the shop; where none fits, files."""
    return tables(ctx, param, incomplete) or [CompletionItem(incomplete, type="file")]


def customer_columns(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Columns of an export of customers, also behind a comma."""
    from ltvtui.present.columns import customer_columns as those

    before, comma, _ = incomplete.rpartition(",")
    return _fitting([f"{before}{comma}{column.key}" for column in those((), False, True)], incomplete)


def expressions(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The whole filter with its next name, comparison or value."""
    from datetime import date

    from ltvtui.days import parse_day
    from ltvtui.query.grammar.completing import complete
    from ltvtui.query.grammar.fields import FilterField
    from ltvtui.query.grammar.resolve import FilterContext
    from ltvtui.session.outline import as_frame, values_of

    request = _request(ctx)
    if request is None:
        return []

    def values(field: FilterField) -> object:
        return as_frame(values_of(request, field.column))

    shop = FilterContext(_outline(ctx).fields, parse_day(date.today().isoformat()), values)  # type: ignore[arg-type]
    found = complete(incomplete, len(incomplete), shop)
    return [CompletionItem(c.inserted(incomplete)) for c in found if c.inserted(incomplete).startswith(incomplete)]


def _fitting(names: tuple[str, ...] | list[str], begun: str) -> list[CompletionItem]:
    return [CompletionItem(name) for name in names if name.casefold().startswith(begun.casefold())]


def _outline(ctx: click.Context) -> Outline:
    from ltvtui.session.outline import Outline, outline

    request = _request(ctx)
    return Outline() if request is None else outline(request)


def _request(ctx: click.Context) -> OpenRequest | None:
    """The shop on the line; None while none is there."""
    from ltvtui.session.open_request import OpenRequest

    db = ctx.params.get("db")
    if db is None:  # an option without its value ends the parsing: what stands before it is not placed yet
        db = next((word for word in ctx.args if not word.startswith("-")), None)
    if db is None:
        return None
    return OpenRequest(Path(db) if "://" not in str(db) else db, config=ctx.params.get("config"))
