"""What the analyst is looking at: agreed terms and a trail of filters. Frozen; describes itself."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import ClassVar

import polars as pl

from ltvtui.analytics.cohorts.cohorts import active_in
from ltvtui.analytics.kernel.calendar import WEEKDAYS
from ltvtui.analytics.lifecycle.migration import Cut, states
from ltvtui.analytics.snapshot import Snapshot
from ltvtui.analytics.terms import Terms, TermsOfAnyDay
from ltvtui.days import iso
from ltvtui.query.grammar.compile import compiled
from ltvtui.query.grammar.syntax import Node
from ltvtui.query.terms import write_entry


@dataclass(frozen=True)
class Filter:
    """One step of the trail: customers whose `dimension` is `value`."""

    dimension: str
    value: str | None
    """None: customers of whom the dimension is not known."""

    def describe(self) -> str:
        """The step as it stands in the trail."""
        value = "unknown" if self.value is None else self.value
        return value if self.dimension == "tier" else f"{self.dimension}: {value}"

    def condition(self, whole: Snapshot) -> pl.Expr:
        """True for the customers of the `whole` shop that meet the step."""
        return whole.matches(self.dimension, self.value)


@dataclass(frozen=True)
class Active:
    """One step of the trail: customers who ordered in the `offset`-th calendar period after their first."""

    bucket: str
    offset: int
    complete: bool = False
    """Only those for whom that period is over."""
    dimension: ClassVar[None] = None
    """What it says of customers is no cut of them."""

    def describe(self) -> str:
        """The step as it stands in the trail."""
        over = ", complete periods" if self.complete else ""
        return f"active in {self.bucket} {self.offset}{over}"

    def condition(self, whole: Snapshot) -> pl.Expr:
        """True for the customers of the `whole` shop that meet the step."""
        return pl.lit(active_in(whole, self.bucket, self.offset, self.complete))


@dataclass(frozen=True)
class Moved:
    """One step of the trail: customers who were in one tier or stage on the day `since`, or are in another now."""

    cut: Cut
    since: int
    """Day since 1970-01-01."""
    before: str | None = None
    """One of migration.BEFORE; None: whatever it was."""
    after: str | None = None
    """One of migration.AFTER; None: whatever it is."""
    dimension: ClassVar[None] = None
    """It leaves tiers and stages open to be cut by again."""

    def describe(self) -> str:
        """The step as it stands in the trail."""
        if self.before is None:
            return f"{self.cut} now {self.after}"
        was = f"{self.cut} {self.before} on {iso(self.since)}"
        return was if self.after is None else f"{was}, now {self.after}"

    def condition(self, whole: Snapshot) -> pl.Expr:
        """True for the customers of the `whole` shop that meet the step."""
        pairs = zip(states(whole, self.cut, self.since), (self.before, self.after), strict=True)
        return pl.all_horizontal(pl.lit(found == wanted) for found, wanted in pairs if wanted is not None)


@dataclass(frozen=True)
class Where:
    """One step of the trail: customers of whom a condition holds."""

    node: Node
    """Settled: with the names and values of the shop."""
    dimension: ClassVar[None] = None
    """It may speak of several dimensions, and settles none."""

    def describe(self) -> str:
        """The step as it stands in the trail, and as it can be typed."""
        return self.node.describe()

    def condition(self, whole: Snapshot) -> pl.Expr:
        """True for the customers of the `whole` shop that meet the step."""
        return compiled(self.node, whole)


Step = Filter | Active | Moved | Where


@dataclass(frozen=True)
class Query(TermsOfAnyDay):
    """A question's point of view. `query & step` narrows it, `query.up()` widens it again."""

    as_of: int | None = None
    """Day since 1970-01-01; None: the latest day with an order or a refund, never later than today."""
    trail: tuple[Step, ...] = ()
    """Steps, widest first; all must hold."""

    def terms_on(self, day: int) -> Terms:
        """The terms with a day in the place of `as_of`."""
        shared = {term.name: getattr(self, term.name) for term in fields(TermsOfAnyDay)}
        return Terms(as_of=day, **shared)

    def __and__(self, step: Step) -> Query:
        """Narrow to `step`; a step that is on the trail already changes nothing."""
        return self if step in self.trail else replace(self, trail=(*self.trail, step))

    def up(self) -> Query:
        """Without the last step."""
        return replace(self, trail=self.trail[:-1])

    def whole(self) -> Query:
        """The same terms over the whole shop."""
        return replace(self, trail=())

    @property
    def fixed_dimensions(self) -> frozenset[str]:
        """Dimensions of which the trail has chosen a value."""
        return frozenset(step.dimension for step in self.trail if step.dimension is not None)

    @property
    def mentioned_fields(self) -> frozenset[str]:
        """Names of fields that conditions on the trail compare."""
        return frozenset(name for step in self.trail if isinstance(step, Where) for name in step.node.names())

    def describe(self) -> str:
        """The trail in one phrase."""
        return " ▸ ".join(step.describe() for step in self.trail) or "all customers"

    def terms(self) -> dict[str, str]:
        """What was agreed on, as text, without the day and the trail; defaults are left out."""
        default = Query()
        rule = self.tier_rule
        words = {
            "horizon": str(self.horizon) if self.horizon != default.horizon else "",
            "churn_gap": "" if self.churn_gap is None else str(self.churn_gap),
            "entry": "" if self.entry == default.entry else write_entry(self.entry),
            "margin": "" if self.margin is None else repr(self.margin),
            "discount": repr(self.discount) if self.discount else "",
            "tier_rule": rule.short() if rule.short() != default.tier_rule.short() else "",
            "tier_value": rule.value if rule.value != default.tier_rule.value else "",
            "week_start": WEEKDAYS[self.week_start].lower() if self.week_start != default.week_start else "",
        }
        usual = default.rules.short()
        words |= {name: text for name, text in self.rules.short().items() if text != usual[name]}
        return {name: word for name, word in words.items() if word}
