"""Agreeing on other terms: the tier rule, the as-of day and the rest."""

from __future__ import annotations

from dataclasses import fields, replace
from functools import partial

from ltvtui.analytics.rfm import Cuts
from ltvtui.analytics.tiers import TierRule
from ltvtui.days import iso
from ltvtui.lens import Lens
from ltvtui.present.numbers import symbol
from ltvtui.tui.ahead import by_months
from ltvtui.tui.dialogs.rules import RulesDialog
from ltvtui.tui.dialogs.terms import TermsDialog
from ltvtui.tui.dialogs.tiers import TierDialog
from ltvtui.tui.place import BudgetView
from ltvtui.tui.screens.desk import Desk
from ltvtui.tui.wishes import TermsChanged


def tiers(desk: Desk) -> None:
    """The tier rule, tried live on the whole shop."""
    book, lens = desk.shop, desk.place.lens

    def chosen(rule: TierRule | None) -> None:
        if rule is not None:
            _change(desk, lens, replace(lens, tier_rule=rule))

    def tried(rule: TierRule) -> None:
        _expect(desk, replace(lens, tier_rule=rule))

    whole = book.snapshot(lens.whole())
    currency = book.cleaned.currency or ""
    desk.app.push_screen(TierDialog(whole, lens.tier_rule, currency, book.gross(lens), tried), chosen)


def terms(desk: Desk) -> None:
    """As-of day, horizon, churn gap, margin, discount and week start."""
    book, lens = desk.shop, desk.place.lens

    def chosen(changed: Lens | None) -> None:
        if changed is not None:
            _change(desk, lens, changed)

    gap = book.snapshot(lens.whole()).churn_gap.days
    dialog = TermsDialog(lens, book.as_of(lens), book.first_day, gap, book.margin_mapped, partial(_expect, desk))
    desk.app.push_screen(dialog, chosen)


def rules(desk: Desk) -> None:
    """Where RFM, ABC and XYZ cut."""
    book, lens = desk.shop, desk.place.lens

    def chosen(changed: Lens | None) -> None:
        if changed is not None:
            _change(desk, lens, changed)

    def cuts() -> Cuts:
        return book.snapshot(lens.whole()).yardstick.cuts

    desk.app.push_screen(RulesDialog(lens, cuts, symbol(book.cleaned.currency), partial(_expect, desk)), chosen)


def step_month(desk: Desk, step: int) -> None:
    """Move the as-of day by `step` months; a month end goes to month ends, so that whole months are compared."""
    lens = desk.wanted.lens
    moved = by_months(desk.shop, lens, step)
    last = desk.shop.last_day
    if step > 0 and last is not None and (moved.as_of or 0) >= last:
        # Later nothing was recorded, and customers would seem to fall silent.
        desk.app.notify(f"The last order is of {iso(last)}; A sets any later day.", markup=False)
    agree(desk, moved)


def agree(desk: Desk, lens: Lens, budget: BudgetView | None = None) -> None:
    """The same place under other terms; they are remembered for this shop."""
    wanted = desk.wanted
    lens, budget = replace(lens, trail=wanted.lens.trail), budget or wanted.budget
    if (lens, budget) != (wanted.lens, wanted.budget):
        same = (lens.terms(), budget.agreed) == (wanted.lens.terms(), wanted.budget.agreed)
        # What is agreed on holds wherever one goes from here; another day alone is no agreement.
        desk.go(replace(wanted, lens=lens, budget=budget, own_terms=wanted.own_terms and same), way=desk.pending)
        if not same:
            desk.post_message(TermsChanged(lens, budget.agreed))


def _change(desk: Desk, before: Lens, after: Lens) -> None:
    """Agree on what is different: of the rest more may have been changed by keys that are being answered."""
    names = (each.name for each in fields(Lens))
    changed = {name: getattr(after, name) for name in names if getattr(after, name) != getattr(before, name)}
    agree(desk, replace(desk.wanted.lens, **changed))


def _expect(desk: Desk, lens: Lens) -> None:
    desk.expect(desk.place.under(lens))
