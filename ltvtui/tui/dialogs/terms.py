"""The settings under which every figure stands: as-of day, horizon, churn gap, entry, margin, discount, week."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Final, Protocol

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.events import DescendantFocus
from textual.message import Message
from textual.widgets import Input, Static
from textual.worker import get_current_worker

from ltvtui.analytics.kernel.calendar import WEEKDAYS
from ltvtui.days import iso, last_day_of, parse_day
from ltvtui.errors import LtvError
from ltvtui.present.figures import Figures
from ltvtui.present.plain import plain
from ltvtui.present.terms_effect import effect_lines
from ltvtui.query.query import Query
from ltvtui.query.terms import (
    parse_churn_gap,
    parse_discount,
    parse_entry,
    parse_horizon,
    parse_margin,
    parse_week_start,
    write_entry,
)
from ltvtui.tui.dialogs.dialog import Dialog
from ltvtui.tui.dialogs.form import Field, Form, Texts
from ltvtui.tui.dialogs.stepping import NumberSteps, Step, WordSteps
from ltvtui.tui.keys import dialog_bindings
from ltvtui.tui.latest import Latest

HINT: Final = "Enter accept · ↑ ↓ field · [ ] step · empty: default · Esc close"
STEP_KEYS: Final = ("left_square_bracket", "right_square_bracket")
_STEPS: Final[Mapping[str, Step]] = {
    "entry": WordSteps(("auto", "all", "proven")),
    "week_start": WordSteps(WEEKDAYS),
    "horizon": NumberSteps(1, 1, 120, 12),
    "margin": NumberSteps(0.05, 0.05, 1, 1),
    "discount": NumberSteps(0.01, 0, 1, 0),
}


class ShopOfSettings(Protocol):
    """What the dialog asks of the shop."""

    @property
    def first_day(self) -> int:
        """Day of the first order."""

    @property
    def last_day(self) -> int | None:
        """Day of the last order or refund."""

    @property
    def gap(self) -> int:
        """Churn gap that was measured, days."""

    @property
    def counted(self) -> str:
        """Whose LTV is counted unless another is chosen, in words."""

    @property
    def is_mapped(self) -> bool:
        """Whether the shop has margins of its own."""

    def month(self, query: Query, step: int) -> Query:
        """The query months later."""

    def figures(self, query: Query) -> Figures:
        """The key figures. Raises LtvError."""


@dataclass
class EffectMeasured(Message):
    """What other settings would do."""

    query: Query
    words: str


class TermsDialog(Dialog[Query]):
    """One field a setting; below them what the one in focus means, and what all of them do."""

    DEFAULT_CSS = """
    TermsDialog #about { height: 2; margin: 1 0 0 0; color: $text-muted; }
    TermsDialog #effect { height: 3; margin: 1 0 1 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = dialog_bindings("terms")

    def __init__(self, query: Query, as_of: int, shop: ShopOfSettings, on_preview: Callable[[Query], object]) -> None:
        super().__init__()
        self._on_preview = on_preview
        self._query = query
        self._day = iso(as_of)
        self._shop = shop
        self._effects: Latest[Query] = Latest(self._measure)
        self._now: Figures | None = None
        self._wanted = query

    def compose(self) -> ComposeResult:
        """Fields under each other, what they mean and do."""
        query = self._query
        gap = "" if query.churn_gap is None else str(query.churn_gap)
        entry = "" if query.entry == "auto" else write_entry(query.entry)
        margin = "" if query.margin is None else f"{query.margin:g}"
        fields = (
            Field("as_of", "as-of day", self._day, "latest order or refund"),
            Field("horizon", "horizon, months", str(query.horizon), "12"),
            Field("gap", "churn gap, days", gap, f"measured: {self._shop.gap}"),
            Field("entry", "LTV counts", entry, f"auto: {self._shop.counted}"),
            Field("margin", "margin, 0–1", margin, "mapped margin" if self._shop.is_mapped else "1 (before costs)"),
            Field("discount", "annual discount", f"{query.discount:g}", "0"),
            Field("week_start", "week start", WEEKDAYS[query.week_start], WEEKDAYS[0]),
        )
        below = Static("", id="about", markup=False), Static("", id="effect", markup=False)
        yield Form("Settings", fields, self.read, *below, on_preview=self._preview, hint=HINT, no_text=STEP_KEYS)

    def on_mount(self) -> None:
        """Begin with the figures as they are."""
        self._preview(self._query)

    def on_form_accepted(self, message: Form.Accepted) -> None:
        """Close with what was typed."""
        self.dismiss(message.value)

    @on(DescendantFocus)
    def describe_field(self) -> None:
        """What the field in focus means, and what it may be."""
        name = self.focused.id if self.focused is not None else None
        self.query_one("#about", Static).update(self._about().get(name or "", ""))

    def _about(self) -> dict[str, str]:
        last = self._shop.last_day
        until = "" if last is None else f" to {iso(last)}"
        return {
            "as_of": f"Orders from {iso(self._shop.first_day)}{until}. A month such as 2025-06 is its last day.",
            "horizon": "Months of a customer's life that LTV counts.",
            "gap": "Days without an order after which a customer has lapsed.",
            "entry": "Whose LTV: auto (as the history allows), all, proven (their first order was seen), or a day: "
            "who is new since then.",
            "margin": "Share of revenue that is left after costs: 0.4 is 40 %.",
            "discount": "By how much money of a year later is worth less: 0.1 is 10 %.",
            "week_start": "First day of the week: for cohorts by week.",
        }

    def action_step(self, steps: int) -> None:
        """The field in focus a step on, or back."""
        line = self.focused
        if not isinstance(line, Input) or line.id is None:
            return
        if line.id == "as_of":
            line.value = self._month(line.value, steps)
        elif line.id == "gap":
            line.value = NumberSteps(1, 1, 10_000, self._shop.gap)(line.value, steps)
        else:
            line.value = _STEPS[line.id](line.value, steps)

    def _month(self, text: str, steps: int) -> str:
        """The day `steps` months on; from what is no day, the day that was."""
        try:
            day = self._as_of(text)
        except LtvError:
            return self._day
        moved = self._shop.month(replace(self._query, as_of=day), steps)
        return iso(max(moved.as_of or self._shop.first_day, self._shop.first_day))

    def _as_of(self, text: str) -> int | None:
        """The day that was typed: of a month or a year its last."""
        if not text:
            return None
        return parse_day(text) if text.count("-") == 2 else last_day_of(text)

    def read(self, texts: Texts) -> Query:
        """The query under the settings that were typed."""
        typed = self._as_of(texts["as_of"])
        as_of = self._query.as_of if texts["as_of"] == self._day else typed
        first = self._shop.first_day
        if as_of is not None and as_of < first:
            raise LtvError(f"The first order is on {iso(first)}.", "Choose that day or a later one.", 2)
        return replace(
            self._query,
            as_of=as_of,
            horizon=parse_horizon(texts["horizon"] or "12"),
            churn_gap=parse_churn_gap(texts["gap"]) if texts["gap"] else None,
            entry=parse_entry(texts["entry"] or "auto"),
            margin=parse_margin(texts["margin"]) if texts["margin"] else None,
            discount=parse_discount(texts["discount"] or "0"),
            week_start=parse_week_start(texts["week_start"] or WEEKDAYS[0]),
        )

    # -- what they do ----------------------------------------------------------------------------------

    def _preview(self, query: Query) -> None:
        self._wanted = query
        self._effects.want(query)
        self._on_preview(query)

    @work(thread=True, exclusive=True, group="effect", description="measure other settings")
    def _measure(self, query: Query) -> None:
        """What the settings do, away from the keyboard: there may be a million customers."""
        worker = get_current_worker()
        words = self._effect(query)
        if not worker.is_cancelled:
            self.post_message(EffectMeasured(query, words))

    def _effect(self, query: Query) -> str:
        try:
            if self._now is None:
                self._now = self._shop.figures(self._query)
            return effect_lines(self._now, self._shop.figures(query))
        except LtvError as error:
            return plain(f"{error.what}\n{error.mend}")

    def on_effect_measured(self, message: EffectMeasured) -> None:
        """Show it, unless something else was typed since."""
        self._effects.done(message.query)
        if message.query == self._wanted:
            self.query_one("#effect", Static).update(message.words)
