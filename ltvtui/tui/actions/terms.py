"""Agreeing on other terms: the tier rule, the as-of day and the rest."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import partial

from ltvtui.analytics.rfm.rfm import Cuts
from ltvtui.analytics.segments import profile
from ltvtui.analytics.tiers.tiers import TierRule
from ltvtui.days import iso
from ltvtui.present.figures import Figures, key_figures
from ltvtui.present.history import counted_entry
from ltvtui.present.numbers import symbol
from ltvtui.query.query import Query
from ltvtui.session.dataset import Dataset
from ltvtui.session.months import by_months
from ltvtui.tui.action_context import ActionContext
from ltvtui.tui.dialogs.rules import RulesDialog
from ltvtui.tui.dialogs.terms import TermsDialog
from ltvtui.tui.dialogs.tiers import TierDialog
from ltvtui.tui.location import ViewState
from ltvtui.tui.requests import SettingsChanged


def tiers(main_screen: ActionContext) -> None:
    """The tier rule, tried live on the whole shop."""
    dataset, query = main_screen.dataset, main_screen.location.query

    def chosen(rule: TierRule | None) -> None:
        if rule is not None:
            _change(main_screen, query, replace(query, tier_rule=rule))

    def preview(rule: TierRule) -> None:
        _expect(main_screen, replace(query, tier_rule=rule))

    # By historic value there are tiers on any day: the dialog opens where those by expected LTV cannot be shown.
    everybody = dataset.snapshot(replace(query.whole(), tier_rule=TierRule()))
    currency = dataset.cleaned.currency or ""
    main_screen.app.push_screen(
        TierDialog(everybody, query.tier_rule, currency, dataset.gross(query), preview), chosen
    )


def terms(main_screen: ActionContext) -> None:
    """As-of day, horizon, churn gap, margin, discount and week start."""
    dataset, query = main_screen.dataset, main_screen.location.query

    def chosen(changed: Query | None) -> None:
        if changed is not None:
            _change(main_screen, query, changed)

    dialog = TermsDialog(query, dataset.as_of(query), _ShopOfTerms(dataset, query), partial(_expect, main_screen))
    main_screen.app.push_screen(dialog, chosen)


@dataclass(frozen=True, eq=False)
class _ShopOfTerms:
    """What the dialog of settings asks of the shop."""

    dataset: Dataset
    query: Query

    @property
    def first_day(self) -> int:
        """Day of the first order."""
        return self.dataset.first_day

    @property
    def last_day(self) -> int | None:
        """Day of the last order or refund."""
        return self.dataset.last_day

    @property
    def gap(self) -> int:
        """Churn gap that was measured, days."""
        return self.dataset.snapshot(replace(self.query, churn_gap=None).whole()).churn_gap.days

    @property
    def counted(self) -> str:
        """Whose LTV is counted unless another is chosen, in words."""
        return counted_entry(self.dataset.snapshot(replace(self.query, entry="auto").whole()))

    @property
    def is_mapped(self) -> bool:
        """Whether the shop has margins of its own."""
        return self.dataset.margin_mapped

    def month(self, query: Query, step: int) -> Query:
        """The query `step` months later."""
        return by_months(self.dataset, query, step)

    def figures(self, query: Query) -> Figures:
        """The key figures. Raises LtvError."""
        row, snapshot = self.dataset.ask(profile, query), self.dataset.snapshot(query)
        return key_figures(row, snapshot, self.dataset.cleaned.currency, self.dataset.gross(query))


def rules(main_screen: ActionContext) -> None:
    """Where RFM, ABC and XYZ cut."""
    dataset, query = main_screen.dataset, main_screen.location.query

    def chosen(changed: Query | None) -> None:
        if changed is not None:
            _change(main_screen, query, changed)

    def cuts() -> Cuts:
        return dataset.snapshot(query.whole()).scorer.cuts

    main_screen.app.push_screen(
        RulesDialog(query, cuts, symbol(dataset.cleaned.currency), partial(_expect, main_screen)), chosen
    )


def step_month(main_screen: ActionContext, step: int) -> None:
    """Move the as-of day by `step` months; a month end goes to month ends, so that whole months are compared."""
    query = main_screen.wanted.query
    moved = by_months(main_screen.dataset, query, step)
    last = main_screen.dataset.last_day
    if step > 0 and last is not None and (moved.as_of or 0) >= last:
        # Later nothing was recorded, and customers would seem to fall silent.
        main_screen.app.notify(f"The last order is on {iso(last)}; A sets a later day.", markup=False)
    agree(main_screen, moved)


def agree(main_screen: ActionContext, query: Query, *states: ViewState) -> None:
    """The same location under other settings and with other states; what is saved of them is saved for this shop."""
    wanted = main_screen.wanted
    query = replace(query, trail=wanted.query.trail)
    other = replace(wanted, query=query).having(*states)
    if other != wanted:
        same = other.settings == wanted.settings
        # What is agreed on holds wherever one goes from here; another day alone is no agreement.
        main_screen.go(replace(other, own_terms=wanted.own_terms and same), way=main_screen.navigator.way)
        if not same:
            main_screen.post_message(SettingsChanged(other.settings))


def _change(main_screen: ActionContext, before: Query, after: Query) -> None:
    """Agree on what is different: of the rest more may have been changed by keys that are being answered."""
    names = (each.name for each in fields(Query))
    changed = {name: getattr(after, name) for name in names if getattr(after, name) != getattr(before, name)}
    agree(main_screen, replace(main_screen.wanted.query, **changed))


def _expect(main_screen: ActionContext, query: Query) -> None:
    main_screen.lookahead.expect(main_screen.location.under(query))
