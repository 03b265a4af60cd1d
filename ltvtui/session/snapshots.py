"""Snapshots of a dataset: what terms share is worked out once."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ltvtui.analytics.cleaning.clean import CleanOrders
from ltvtui.analytics.kernel.activity_index import ActivityIndex
from ltvtui.analytics.people import People
from ltvtui.analytics.snapshot import Snapshot, build_snapshot
from ltvtui.analytics.terms import Terms
from ltvtui.analytics.tiers.retiering import under
from ltvtui.query.query import Filter, Step
from ltvtui.session.result_cache import ResultCache


@dataclass(frozen=True, eq=False)
class Snapshots:
    """Those of one version of the data, in its cache."""

    cleaned: CleanOrders
    activity_index: ActivityIndex
    people: People
    results: ResultCache

    def of(self, terms: Terms, trail: tuple[Step, ...]) -> Snapshot:
        """The shop under `terms`, narrowed to `trail`."""
        if not trail:
            return self._whole(terms)
        return self.results.recall(("snapshot", terms, trail), lambda: self._narrowed(terms, trail))

    def _whole(self, terms: Terms) -> Snapshot:
        # Discount, week start and rules change what is asked of a snapshot, not the snapshot; the tier rule little
        # of it.
        key = ("snapshot", terms.as_of, terms.horizon, terms.churn_gap, terms.entry, terms.margin)
        found = self.results.recall(key, lambda: self._build(terms))
        if found.terms.tier_rule != terms.tier_rule:
            other_rule = found
            found = self.results.recall((*key, terms.tier_rule), lambda: under(other_rule, terms.tier_rule))
        return found if found.terms == terms else replace(found, terms=terms)

    def _narrowed(self, terms: Terms, trail: tuple[Step, ...]) -> Snapshot:
        whole = self._whole(terms)
        match trail:
            case (Filter(dimension, value),):
                return whole.only(dimension, value)
        return whole.where(*(step.condition(whole) for step in trail), name=(terms, trail))

    def _build(self, terms: Terms) -> Snapshot:
        return build_snapshot(self.cleaned, self.activity_index, self.people, terms, self.results.memo)
