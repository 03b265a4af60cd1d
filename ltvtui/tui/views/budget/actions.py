"""What Budget shows and what it is told: terms that are tried and agreed on, spend, names that mean a channel."""

from __future__ import annotations

from dataclasses import replace

from ltvtui.analytics.budget.budget import Budget as Found
from ltvtui.analytics.budget.manual_spend import ManualSpend
from ltvtui.analytics.budget.terms import BudgetTerms
from ltvtui.analytics.dimensions import PERIODS
from ltvtui.present.numbers import amount
from ltvtui.present.plain import plain
from ltvtui.tui.action_context import ActionContext
from ltvtui.tui.actions.terms import agree
from ltvtui.tui.dialogs.choice import ChoiceDialog
from ltvtui.tui.dialogs.dimension import DimensionDialog
from ltvtui.tui.dialogs.spend import SpendDialog
from ltvtui.tui.views.budget.compute import terms_of
from ltvtui.tui.views.budget.state import BudgetState
from ltvtui.tui.views.budget.trying import can_save, saved_terms, unmatched_spend
from ltvtui.tui.views.budget.view import BudgetScreen

NO_CHANNEL = "Spend has no channels here: press d and group by channel first."


def try_others(main_screen: ActionContext) -> None:
    """Into the line of terms."""
    if isinstance(main_screen.active, BudgetScreen):
        main_screen.active.try_others()


def reset(main_screen: ActionContext) -> None:
    """Nothing is tried any more."""
    if isinstance(main_screen.active, BudgetScreen):
        draft = main_screen.active.what_if(main_screen.wanted).reset()
        if draft == main_screen.wanted.state(BudgetState).draft:
            main_screen.app.notify("Nothing to reset: all settings are the saved ones.", markup=False)
            return
        _try(main_screen, draft)


def save(main_screen: ActionContext) -> None:
    """What is tried is agreed on: margin, horizon and discount for every screen; a period stays what is tried."""
    if not can_save(main_screen.wanted):
        main_screen.app.notify("Nothing to save: no setting has changed, and a period is not saved.", markup=False)
        return
    agree(main_screen, *saved_terms(main_screen.wanted))
    main_screen.app.notify("Saved as default. A changes the settings of all screens.", markup=False)


def cut(main_screen: ActionContext) -> None:
    """What tells channels apart, and what cuts them once more; remembered for the shop."""
    shop, view = main_screen.dataset, main_screen.wanted.state(BudgetState)
    now = terms_of(shop, main_screen.location)
    free = list(shop.dimensions_of(main_screen.location.query))

    def to(by: tuple[str, ...]) -> BudgetState:
        channel, then = (*by, None)[:2]
        terms = replace(view.draft, dimension=channel, then=then)
        return replace(view, draft=terms, saved=replace(view.saved, dimension=channel))

    def chosen(by: tuple[str, ...] | None) -> None:
        if by is not None:
            agree(main_screen, main_screen.wanted.query, to(by))

    def preview(by: tuple[str, ...]) -> None:
        main_screen.lookahead.expect(main_screen.wanted.having(to(by)))

    found = main_screen.active.found if isinstance(main_screen.active, BudgetScreen) else None
    channel = now.dimension or (found.terms.dimension if found else None)
    current = tuple(name for name in (channel, now.then) if name is not None)
    title = "Group channels by, then by"
    main_screen.app.push_screen(DimensionDialog(free, current, title=title, on_preview=preview), chosen)


def spend(main_screen: ActionContext) -> None:
    """Type in what was spent on the channel under the cursor."""
    view, dataset = main_screen.active, main_screen.dataset
    if not isinstance(view, BudgetScreen) or view.found is None:
        return
    if view.found.terms.dimension in PERIODS:
        main_screen.app.notify(NO_CHANNEL, markup=False)
        return
    channels = _channels(view.found)

    def chosen(typed: ManualSpend | None) -> None:
        if typed is not None:
            main_screen.updates.type_in(typed)

    dialog = SpendDialog(
        view.channel(), channels, dataset.typed, dataset.spend, dataset.as_of(main_screen.location.query)
    )
    main_screen.app.push_screen(dialog, chosen)


def join(main_screen: ActionContext) -> None:
    """Match a name in the spend to a channel."""
    view, dataset = main_screen.active, main_screen.dataset
    if not isinstance(view, BudgetScreen) or view.found is None:
        return
    joined = dict(dataset.typed.aliases)
    names = {name: f"{plain(name)}  {amount(value)}" for name, value in unmatched_spend(view.found)}
    names |= {name: f"{plain(name)} → {plain(channel)}" for name, channel in joined.items()}
    if not names:
        main_screen.app.notify("All spend names are matched.", markup=False)
        return
    channels = {name: plain(name) for name in _channels(view.found)}
    if not channels:
        main_screen.app.notify("No customer has a channel to match; d groups by another dimension.", markup=False)
        return

    def join_with(name: str, channel: str | None) -> None:
        if channel is not None:
            main_screen.updates.type_in(dataset.typed.joining(name, channel or None))

    def picked(name: str | None) -> None:
        if name is not None:
            choices = {**channels, **({"": "itself: remove the match"} if name in joined else {})}
            title = f"Channel of {plain(name)}"
            main_screen.app.push_screen(ChoiceDialog(title, choices), lambda channel: join_with(name, channel))

    main_screen.app.push_screen(ChoiceDialog("Spend without customers: which name?", names), picked)


def _channels(found: Found) -> list[str]:
    """Known channels, in the order of the rows."""
    return [str(name) for name in found.rows["channel"].drop_nulls().unique(maintain_order=True)]


def _try(main_screen: ActionContext, terms: BudgetTerms) -> None:
    main_screen.go(main_screen.wanted.changed(BudgetState, draft=terms), way="stay")
