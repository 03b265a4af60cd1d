"""`ltvtui leads DB`: how far those have come who have not ordered yet."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ltvtui.cli.group import main
from ltvtui.cli.options import FORMAT, shop_options
from ltvtui.cli.paths import FILE_PATH
from ltvtui.cli.reading import print_result, read_shop
from ltvtui.cli.workspace import open_workspace
from ltvtui.errors import LtvError

if TYPE_CHECKING:
    from ltvtui.session.open_request import OpenRequest
    from ltvtui.sources.lead_columns import LeadRows
    from ltvtui.user_state.lead_order import LeadOrder


@main.command()
@shop_options
@click.option("--stage", metavar="COLUMN", help="Column of the customers' table with the stage; '' for none.")
@click.option(
    "--order",
    "--stages",
    "stages",
    metavar="A,B,C",
    help="Stages in their order, saved for the next time; '' for guessed.",
)
@click.option("--rejected", metavar="X,Y", help="Stages of leads that were sent back.")
@click.option("--created", metavar="COLUMN", help="Column with the day people became known; '' for none.")
@click.option("--stage-since", metavar="COLUMN", help="Column with the day on which they entered the stage.")
@click.option("--to", type=FILE_PATH, metavar="FILE", help="Write the list of leads to this file too.")
@click.option("--force", is_flag=True, help="Replace FILE if it exists.")
@FORMAT
def leads(
    request: OpenRequest,
    stage: str | None,
    stages: str | None,
    rejected: str | None,
    created: str | None,
    stage_since: str | None,
    to: Path | None,
    force: bool,
    format: Any,
) -> None:
    """Print the stages of the people in DB's table of customers who have not ordered: how many are there, how many
    went on, and how long it takes."""
    if force and to is None:
        raise click.UsageError("--force goes with --to FILE.")
    from ltvtui.exporting.destination import Destination
    from ltvtui.exporting.formats import format_of
    from ltvtui.exporting.overwrite import refuse_existing

    destination = None if to is None else Destination(to, request.path, force, "leads")
    if to is not None and destination is not None:
        destination.check()
        refuse_existing(destination, format_of(to))
    from dataclasses import asdict

    from ltvtui.present.leads import LeadReport, write_leads
    from ltvtui.session.leads import leads_of, read_leads
    from ltvtui.sources.lead_columns import LeadColumns

    opened = read_shop(request)
    dataset, query = opened.dataset, opened.query
    rows = read_leads(request, opened.mapping, LeadColumns(stage, created, stage_since))
    order, is_saved = _order(request, rows, stages, rejected)
    found = leads_of(dataset, query, rows, order.stages, order.rejected)
    _save(request, stages, rejected)
    report = LeadReport(
        *(found.ladder, found.people, found.by_month, asdict(found.columns), dataset.as_of(query)),
        is_past=query.as_of is not None,
        joined_later=found.joined_later,
        saved_order=is_saved,
        doubts=dataset.doubts,
    )
    print_result(opened, write_leads(report, format))
    if to is not None and destination is not None:
        from ltvtui.exporting.summary import words_of
        from ltvtui.exporting.writing import write
        from ltvtui.present.leads import lead_table
        from ltvtui.present.plain import plain

        table = lead_table(found.people, found.ladder.since)
        written = write(table, destination, format_of(to), lambda done, total: None, lambda: False)
        # What was asked for is on standard output, and may be JSON.
        click.echo(plain(words_of(written, "lead")), err=True)


def _order(request: OpenRequest, rows: LeadRows, stages: str | None, rejected: str | None) -> tuple[LeadOrder, bool]:
    """The order that was given, else the one of the mapping file, else the one that was saved, as far as the shop has
    such stages; and whether it is one of the last two."""
    from ltvtui.session.lead_order import order_in_file, usable_order
    from ltvtui.user_state.lead_order import LeadOrder

    given = LeadOrder(_names(stages), _names(rejected))
    if stages is not None:
        return given, False
    saved = order_in_file(request) or open_workspace().lead_order(request.shop_key)
    usable = usable_order(saved, rows)
    own = usable if rejected is None else LeadOrder(usable.stages, given.rejected)
    return own, bool(usable.stages)


def _save(request: OpenRequest, stages: str | None, rejected: str | None) -> None:
    """Save an order that was given; one that cannot be saved was used all the same."""
    from datetime import UTC, datetime

    from ltvtui.present.plain import plain
    from ltvtui.user_state.lead_order import LeadOrder

    if stages is None:
        return
    order, at = LeadOrder(_names(stages), _names(rejected)), datetime.now(UTC).isoformat(timespec="seconds")
    try:
        open_workspace().save_lead_order(request.shop_key, order, at)
    except LtvError as error:
        click.echo(plain(f"The order of the stages is not saved. {error.what} {error.mend}"), err=True)


def _names(text: str | None) -> tuple[str, ...]:
    return tuple(name.strip() for name in (text or "").split(",") if name.strip())
