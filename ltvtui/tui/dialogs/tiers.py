"""The tier rule, with what it does before it is accepted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import ClassVar, Final

import polars as pl
from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.events import Resize
from textual.message import Message
from textual.widgets import Input, Label, Static
from textual.worker import get_current_worker

from ltvtui.analytics.forecast.of_snapshot import gate_of
from ltvtui.analytics.snapshot import Snapshot
from ltvtui.analytics.tiers.pareto import lorenz_curve
from ltvtui.analytics.tiers.tiers import (
    DEFAULT_CUTS,
    RULE_HELP,
    TIERS,
    RuleKind,
    TierRule,
    TierValue,
    assign,
    parse_rule,
    thresholds,
    ties,
)
from ltvtui.errors import LtvError
from ltvtui.present.charts import LineChart
from ltvtui.present.headline.words import change
from ltvtui.present.numbers import amount, count, percent
from ltvtui.present.plain import plain
from ltvtui.present.plots import lorenz_plot
from ltvtui.tui.dialogs.dialog import Dialog
from ltvtui.tui.keys import dialog_bindings
from ltvtui.tui.latest import Latest
from ltvtui.tui.widgets.chart import Chart
from ltvtui.tui.widgets.line import TextLine


@dataclass
class RuleMeasured(Message):
    """What a rule would do."""

    rule: TierRule
    effect: str
    curve: LineChart


CURVE_FROM, HIGHER_FROM = 24, 34
"""Lines of the terminal from which on there is a curve, and a higher one."""
KINDS: tuple[RuleKind, ...] = ("quantile", "share", "threshold")
VALUES: tuple[TierValue, ...] = ("historic", "expected")
MEANINGS: Final[Mapping[RuleKind, str]] = {
    "quantile": "Customers by value, the highest first: so many % of them are VIP.",
    "share": "Customers by value, the highest first: VIP bring the first so many %.",
    "threshold": "VIP and middle begin at a value of your own.",
}
"""What a kind of rule does."""


NOBODY: Final = pl.Series([], dtype=pl.Int64)


@dataclass(frozen=True, eq=False)
class Ranked:
    """What tiers are cut by, of all customers."""

    values: pl.Series
    """Int64 money, highest first."""
    curve: pl.DataFrame
    """pareto.lorenz_curve: the same under every rule, only the borders on it move."""
    of: str
    """What shares are of, in words."""


class TierDialog(Dialog[TierRule]):
    """↑ ↓ changes the kind of rule, and what it ranks by where the shop has a forecast; figures follow every key, and
    `on_preview` hears of every rule that could be accepted."""

    DEFAULT_CSS = """
    TierDialog #meaning { height: 1; color: $text-muted; }
    TierDialog #effect { height: 4; }
    TierDialog #by, TierDialog #value { height: auto; max-height: 2; }
    TierDialog Chart { height: 8; margin: 1 0 0 0; }
    TierDialog.-unforeseen #meaning { display: none; }
    TierDialog.-low Chart { display: none; }
    TierDialog.-high Chart { height: 14; }
    """
    BINDINGS: ClassVar[list[BindingType]] = dialog_bindings("tiers")

    def __init__(
        self, snapshot: Snapshot, rule: TierRule, currency: str, gross: bool, on_preview: Callable[[TierRule], object]
    ) -> None:
        super().__init__()
        self._on_preview = on_preview
        self._snapshot = snapshot
        self._kind: RuleKind = rule.kind
        self._value: TierValue = rule.value
        self._why_not = gate_of(snapshot).why
        offered = VALUES[:1] if self._why_not else VALUES
        self._choices = [(value, kind) for value in offered for kind in KINDS]
        self._rule: TierRule | None = rule
        self._in_force = rule
        self._currency = currency
        self._first = _shown(rule)
        self._effects: Latest[TierRule] = Latest(self._measure)
        self._of_historic = "of revenue" if gross else "of margin"

    def compose(self) -> ComposeResult:
        """Kind, two cuts, and what they do."""
        with Vertical(id="box") as box:
            box.border_title = "Tier rule"
            with Horizontal(classes="field"):
                yield Label("rule", markup=False)
                yield Static("", id="kind", markup=False)
            with Horizontal(classes="field", id="by"):
                yield Label("by", markup=False)
                yield Static("", id="value", markup=False)
            for name, value in zip(("vip", "middle"), self._first, strict=True):
                with Horizontal(classes="field"):
                    yield Label("", id=f"{name}-label", markup=False)
                    yield TextLine(value, id=name, select_on_focus=True)
            yield Static("", id="meaning", markup=False)
            yield Static("", id="effect", markup=False)
            yield Chart()
            yield Static("", classes="error", markup=False)
            yield Static("Enter accept · ↑ ↓ another rule · Tab next field · Esc close", classes="hint", markup=False)

    def on_mount(self) -> None:
        """Show the current rule's effect."""
        self.set_class(bool(self._why_not), "-unforeseen")
        self._describe()
        self._try()

    def on_resize(self, event: Resize) -> None:
        """The curve where there is room for it."""
        self.set_class(event.size.height < CURVE_FROM, "-low")
        self.set_class(event.size.height >= HIGHER_FROM, "-high")

    def action_kind(self, step: int) -> None:
        """Another kind of rule, with its default cuts, or those that give the same tiers in money."""
        current, now = self._rule, (self._value, self._kind)
        place = self._choices.index(now) if now in self._choices else 0
        self._value, self._kind = self._choices[(place + step) % len(self._choices)]
        if self._kind == "threshold":
            cuts = thresholds(self._ranked(self._value), current or TierRule(), self._snapshot.margin)
            vip = 10_000 if cuts.vip is None else cuts.vip
            middle = vip if cuts.middle is None else cuts.middle  # nobody in it: it begins where VIP does
            shown = tuple(f"{cut / 10_000 * self._snapshot.margin:.2f}" for cut in (vip, middle))
        else:
            shown = tuple(f"{c * 100:g}" for c in DEFAULT_CUTS[self._kind])
        for name, text in zip(("vip", "middle"), shown, strict=True):
            self.query_one(f"#{name}", Input).value = text
        self._describe()
        self._try()

    def on_input_changed(self) -> None:
        """Try the cuts as they are typed."""
        self._try()

    def on_input_submitted(self) -> None:
        """Accept the rule, unless it cannot be."""
        if self._rule is not None:
            self.dismiss(self._rule)

    def _describe(self) -> None:
        words = {
            "quantile": ("VIP, top % customers", "middle, next %"),
            "share": ("VIP, first % of value", "middle, up to %"),
            "threshold": (f"VIP from {self._currency}".strip(), f"middle from {self._currency}".strip()),
        }[self._kind]
        self.query_one("#kind", Static).update("   ".join(f"[{k}]" if k == self._kind else f" {k} " for k in KINDS))
        offered = {self._value, *(value for value, _ in self._choices)}
        shown = ((value, f"{value} LTV") for value in VALUES if value in offered)
        values = [f"[{name}]" if value == self._value else f" {name} " for value, name in shown]
        missing = [plain(self._why_not)] if self._why_not else []
        self.query_one("#value", Static).update("   ".join([*values, *missing]))
        for name, label in zip(("vip", "middle"), words, strict=True):
            self.query_one(f"#{name}-label", Label).update(label)
        self.query_one("#meaning", Static).update(MEANINGS[self._kind])

    def _try(self) -> None:
        cuts = "/".join(self.query_one(f"#{n}", Input).value.strip() for n in ("vip", "middle"))
        error = self.query_one(".error", Static)
        try:
            self._rule = replace(parse_rule(f"{self._kind}:{cuts}"), value=self._value)
        except LtvError:
            self._rule = None
            self.query_one("#effect", Static).update("")  # figures of another rule would be taken for those of this
            error.update(RULE_HELP[self._kind].split(", such")[0] + ".")
            return
        error.update("")
        self._effects.want(self._rule)
        self._on_preview(self._rule)

    @work(thread=True, exclusive=True, group="effect", description="measure a rule of tiers")
    def _measure(self, rule: TierRule) -> None:
        """What the rule does, away from the keyboard: there may be a million customers."""
        worker = get_current_worker()
        try:
            effect = self._effect(rule)
        except LtvError as error:
            effect = RuleMeasured(
                rule, plain(f"{error.what}\n{error.mend}"), lorenz_plot(lorenz_curve(NOBODY), (), "")
            )
        if not worker.is_cancelled:
            self.post_message(effect)

    def on_rule_measured(self, message: RuleMeasured) -> None:
        """Show what the rule does, unless another was typed since."""
        self._effects.done(message.rule)
        if message.rule == self._rule:
            self.query_one("#effect", Static).update(message.effect)
            self.query_one(Chart).chart = message.curve

    @cached_property
    def _historic(self) -> Ranked:
        values = self._snapshot.totals.values(self._snapshot.terms.margin)
        return Ranked(values, lorenz_curve(values), self._of_historic)

    @cached_property
    def _expected(self) -> Ranked:
        terms = replace(self._snapshot.terms, tier_rule=TierRule(value="expected"))
        values = replace(self._snapshot, terms=terms).tier_ranked
        return Ranked(values, lorenz_curve(values), "of exp. LTV")

    @cached_property
    def _before(self) -> dict[str, int] | None:
        """Customers of each tier under the rule in force; None where that cannot be applied now."""
        try:
            values = self._ranked(self._in_force.value)
            cuts = thresholds(values, self._in_force, self._snapshot.margin)
        except LtvError:
            return None
        tiers = values.to_frame("value").select(assign(pl.col("value"), cuts).cast(pl.String))
        return dict(tiers.to_series().value_counts().iter_rows())

    def _ranked(self, value: TierValue) -> pl.Series:
        return (self._historic if value == "historic" else self._expected).values

    def _effect(self, rule: TierRule) -> RuleMeasured:
        ranked = self._historic if rule.value == "historic" else self._expected
        values, of = ranked.values, ranked.of
        cuts = thresholds(values, rule, self._snapshot.margin)
        tiers = values.to_frame("value").with_columns(assign(pl.col("value"), cuts))
        sums = {t: (n, v) for t, n, v in tiers.group_by("tier").agg(pl.len(), pl.col("value").sum()).rows()}
        before = self._before
        everybody, total = max(values.len(), 1), int(values.sum()) or 1
        money = {"VIP": cuts.vip, "middle": cuts.middle}
        lines = [f"{'':<10}{'customers':>12}{'of all':>9}{of:>13}{'from':>12}{'change':>12}"]
        tied = {found.tier for found in ties(values, rule)}
        shares = []
        for tier in TIERS:
            n, value = sums.get(tier, (0, 0))
            start = money.get(tier)
            begins = "" if start is None else amount(start / 10_000 * self._snapshot.margin)
            shares.append((tier, n / everybody, value / total))
            of_people, of_value = (percent(share) for share in shares[-1][1:])
            more = "" if before is None or n == before.get(tier, 0) else change(n - before.get(tier, 0), decimals=0)
            tie = "  ties" if tier in tied else ""
            line = f"{tier:<10}{count(n):>12}{of_people:>9}{of_value:>13}{begins:>12}{tie:<6}{more:>6}"
            lines.append(line.rstrip())
        return RuleMeasured(rule, "\n".join(lines), lorenz_plot(ranked.curve, shares[::-1], of))


def _shown(rule: TierRule) -> tuple[str, str]:
    scale = 1 if rule.kind == "threshold" else 100
    return (f"{round(rule.vip * scale, 6):g}", f"{round(rule.middle * scale, 6):g}")
