"""Spend for commands: with what was entered on screen, and the channels as the shop has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ltvtui.errors import LtvError

if TYPE_CHECKING:
    from ltvtui.analytics.budget.terms import BudgetTerms
    from ltvtui.session.dataset import Dataset
    from ltvtui.session.open_request import OpenRequest


def with_typed_spend(dataset: Dataset, request: OpenRequest) -> Dataset:
    """The shop with what was typed in on screen, unless the spend was said."""
    from dataclasses import replace

    from ltvtui.storage.settings_file import workspace_path
    from ltvtui.storage.workspace import Workspace

    if request.spend_file is not None or request.overrides.spend is not None:
        return dataset
    from ltvtui.present.numbers import counted
    from ltvtui.present.plain import plain

    workspace = Workspace(workspace_path())
    try:
        typed = workspace.typed(request.shop_key)
    except LtvError as error:
        click.echo(f"{plain(error.what)} Spend entered on Budget is left out.", err=True)
        return dataset
    if workspace.notice:
        click.echo(plain(workspace.notice), err=True)
    if typed.rows.height:
        entered = counted(typed.rows.height, "amount")
        click.echo(f"Spend includes {entered} entered on Budget; --spend leaves them out.", err=True)
    return replace(dataset, typed=typed)


def channels_in_shop(dataset: Dataset, terms: BudgetTerms) -> BudgetTerms:
    """`terms` with the dimensions as the shop has them; the one that tells channels apart is found where none is
    said."""
    from dataclasses import replace

    from ltvtui.analytics.budget.spend import channel_dimension, no_spend

    found = channel_dimension(dataset.people, dataset.spending or no_spend())
    channel = found if terms.dimension is None else dataset.dimension(terms.dimension)
    then = None if terms.then is None else dataset.dimension(terms.then)
    if then is not None and then == channel:
        raise LtvError(f"Channels are already grouped by {channel}.", "Choose another dimension for --then.", 2)
    return replace(terms, dimension=channel, then=then)
