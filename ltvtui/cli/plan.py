"""`ltvtui plan DB`: from a goal to measures, filled from the data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ltvtui.cli import completing
from ltvtui.cli.group import main
from ltvtui.cli.options import WHERE, shop_options
from ltvtui.cli.reading import print_result, read_shop
from ltvtui.cli.spend import channels_in_shop, with_typed_spend
from ltvtui.cli.workspace import open_workspace

if TYPE_CHECKING:
    from ltvtui.session.open_request import OpenRequest
    from ltvtui.session.planning.options import PlanOptions
    from ltvtui.session.planning.question import PlanQuestion
    from ltvtui.user_state.plan_answer import PlanAnswer
    from ltvtui.user_state.plans import MarketingPlan

_GOALS = ("raise-ltv", "cut-cac", "win-back", "grow-vips", "check-budget")
_METHODS = ("tiers", "rfm", "abc-xyz", "cohorts", "filter")


@main.command()
@shop_options
@click.option("--goal", type=click.Choice(_GOALS), help="What is to be attained; default raise-ltv.")
@click.option("--target", "number", metavar="NUMBER", help="Number that the goal's figure should reach.")
@click.option("--until", metavar="DAY", help="Day by which it should; default: in six months.")
@click.option("--method", type=click.Choice(_METHODS), help="How customers are divided; default: what fits.")
@click.option("--by", metavar="DIM", shell_complete=completing.dimensions, help="Dimension of --method cohorts.")
@click.option(
    "--segment",
    "segments",
    multiple=True,
    metavar="EXPR",
    shell_complete=completing.expressions,
    help="A segment to choose, such as 'tier = VIP'; may repeat.",
)
@click.option(
    "--weight",
    "weights",
    multiple=True,
    metavar="CRITERION=W",
    help="Weight of size, value, growth, reach or net; default 1 each.",
)
@click.option(
    "--measure",
    "measures",
    multiple=True,
    metavar="TEXT",
    help="'EXPR: what; owner NAME; until DAY; moves FIGURE'; may repeat.",
)
@click.option("--keep", "saves", is_flag=True, help="Save the plan for this shop.")
@click.option("--again", is_flag=True, help="Choose segments again, from the data of today.")
@click.option("--forget", is_flag=True, help="Delete the saved plan of this shop.")
@WHERE
@click.option(
    "--format",
    type=click.Choice(["table", "json", "csv", "markdown", "html"]),
    default="table",
    help="How it is printed; default table.",
)
def plan(
    request: OpenRequest,
    goal: str | None,
    number: str | None,
    until: str | None,
    method: str | None,
    by: str | None,
    segments: tuple[str, ...],
    weights: tuple[str, ...],
    measures: tuple[str, ...],
    saves: bool,
    again: bool,
    forget: bool,
    where: tuple[str, ...],
    format: Any,
) -> None:
    """Print the plan of DB: the saved one, with how far its goal has come; else one that is filled from the data."""
    from ltvtui.analytics.planning.target_matrix import MATRIX_CRITERIA
    from ltvtui.days import parse_day
    from ltvtui.present.planning.report import PlanReport, write_plan_report
    from ltvtui.query.terms import parse_spend, parse_weights
    from ltvtui.session.planning.options import PlanOptions

    if saves and where:
        raise click.UsageError("A saved plan is about all customers: leave out --where, or --keep.")
    options = PlanOptions(
        goal,
        None if number is None else parse_spend(number),
        None if until is None else parse_day(until),
        method,
        by,
        segments,
        parse_weights(weights, MATRIX_CRITERIA),
        measures,
    )
    if forget:
        _forget(request, options, saves)
        return
    opened = read_shop(request)
    asked, changes, before = _asked(request, opened, where, options, again)
    found = _found(asked)
    if saves:
        found = _save(request, asked, found, changes, before, again)
    dataset = asked.dataset
    report = PlanReport(found, dataset.cleaned.currency, dataset.gross(asked.query), dataset.doubts)
    print_result(opened, write_plan_report(report, format))


def _asked(
    request: OpenRequest, opened: Any, where: tuple[str, ...], options: PlanOptions, again: bool
) -> tuple[PlanQuestion, tuple[Any, ...], MarketingPlan | None]:
    """The question, what is to be noted where it is saved, and the plan that was saved before."""
    from dataclasses import replace

    from ltvtui.present.plain import plain
    from ltvtui.session.apply_filters import narrowed
    from ltvtui.session.planning.options import measures_of, note_changes, plan_with
    from ltvtui.session.planning.question import PlanQuestion

    dataset = with_typed_spend(opened.dataset, request)
    query = narrowed(dataset, opened.query, where)
    workspace = open_workspace()
    state = workspace.user_state(request.shop_key, "")
    if workspace.notice:
        click.echo(plain(workspace.notice), err=True)
    before = None if where else state.plan
    plan = plan_with(dataset, query, before, options)
    if again and not options.segments:
        plan = replace(plan, segments=(), segmented_on=None)
    changes = note_changes(state.notes, query, measures_of(dataset, query, options.measures))
    notebook = state.after(changes).notes
    terms = channels_in_shop(dataset, replace(opened.budget, then=None))
    terms = replace(terms, aliases=(*dataset.typed.aliases, *terms.aliases))
    return PlanQuestion(dataset, query, terms, plan, notebook), changes, before


def _found(asked: PlanQuestion) -> PlanAnswer:
    from ltvtui.session.planning.plan import plan_of

    return plan_of(asked)


def _save(
    request: OpenRequest,
    asked: PlanQuestion,
    found: PlanAnswer,
    changes: tuple[Any, ...],
    before: MarketingPlan | None,
    again: bool,
) -> PlanAnswer:
    """Save the plan and what was noted; the plan as it is then."""
    from dataclasses import replace
    from datetime import UTC, datetime

    from ltvtui.session.planning.plan import to_save
    from ltvtui.user_state.state import PlanChange

    at = datetime.now(UTC).isoformat(timespec="seconds")
    saved = to_save(found, before, at, again)
    workspace = open_workspace()
    for change in changes:
        workspace.change(request.shop_key, replace(change, after=replace(change.after, changed=at)))
    workspace.change(request.shop_key, PlanChange(saved))
    click.echo(f"saved: the plan of {request.name}", err=True)
    return _found(replace(asked, plan=saved))


def _forget(request: OpenRequest, options: PlanOptions, saves: bool) -> None:
    from ltvtui.session.planning.options import PlanOptions as Options
    from ltvtui.user_state.state import PlanChange

    if saves or options != Options():
        raise click.UsageError("--forget deletes the saved plan: give no other option of a plan with it.")
    open_workspace().change(request.shop_key, PlanChange(None))
    click.echo(f"deleted: the plan of {request.name}", err=True)
