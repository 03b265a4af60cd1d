"""`--explain`: print what would be asked of the database, as SQL, and ask no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ltvtui.errors import thousands

if TYPE_CHECKING:
    from ltvtui.session.explain import ExplainedOpening
    from ltvtui.session.open_request import OpenRequest


def print_explanation(request: OpenRequest) -> None:
    """The statements, with what is known about them as comments: the whole can be given to an SQL shell."""
    from ltvtui.present.plain import plain
    from ltvtui.session.explain import explain

    found = explain(request)
    for line in _heading(found):
        click.echo(f"-- {plain(line)}")
    for number, statement in enumerate(found.statements, 1):
        click.echo(f"\n-- {number}. {plain(statement.purpose)}")
        for line in f"{statement.sql};".splitlines():
            click.echo(plain(line))


def _heading(found: ExplainedOpening) -> list[str]:
    from ltvtui.present.cached import size_words
    from ltvtui.sources.explaining import FEW

    rows = f"about {thousands(found.rows)} rows" if found.rows is not None else "rows that are not counted"
    how = f"{found.engine} reduces them where they lie" if found.engine else "they are read into memory"
    several = len(found.statements) != 1
    lines = [f"{found.name} has {rows} of orders; {how}, by {len(found.statements)} statement{'s' * several}."]
    if found.statement_bytes is not None:
        each = "Each reads" if several else "It reads"
        lines.append(
            f"{each} up to {size_words(found.statement_bytes)} before compression, by the size of {FEW} rows."
        )
    lines.append("Nothing but samples was read for this.")
    if found.ended_by is not None:
        lines.append(f"The first rows were refused, so that statements may be missing: {found.ended_by.what}")
    return lines
