"""Help: the keys that work here, and what the figures mean."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import ClassVar, Final

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from ltvtui.analytics.doubts import CODES
from ltvtui.present.plain import plain
from ltvtui.present.tables import Column
from ltvtui.tui.commands import COMMANDS, MOVE_SHOWN, dialog_bindings, works
from ltvtui.tui.dialogs.dialog import Dialog

DEFINITIONS: Final = (
    ("LTV", "average check × frequency × retention × margin, within the horizon, per customer."),
    ("average check", "revenue ÷ orders: a ratio of sums, never a mean of customers' averages."),
    ("frequency", "orders per customer and month of 30.4375 days, while retained."),
    ("retention", "months a customer stays, by Kaplan-Meier over age months; “of 12” is the horizon, "
     "“within 11” how many months enough customers were watched for."),
    ("churn gap", "silence after which a customer has left: the 90th percentile of all gaps between "
     "order days, 30–365 days."),
    ("all time", "what customers brought up to the as-of day, whoever they are; the columns “within” "
     "count only whole age months, so the two average checks differ."),
    ("tiers", "VIP, middle and economy by what customers have already spent. They describe; they do "
     "not say who will become one."),
    ("RFM", "days since the last order, orders and revenue, each scored 1 to 5 at the quintiles of all customers "
     "and named by the three; the score has them as digits."),
    ("ABC, XYZ", "A makes the first 80 % of revenue, B up to 95 %; X comes most evenly, by the variation of gaps, "
     "Z least, – too seldom to tell."),
    ("stage", "one order: new, or one-time after the churn gap without another; more: regular, fading after the "
     "75th percentile of gaps, lost after the churn gap."),
    ("new, lapsed", "of tier migration: not a customer yet on the first day; no order for the churn gap or longer. "
     "Thresholds are those of the second day on both; spending only adds up, so whoever leaves a tier lapses."),
    ("recorded", "of tiers: what they were whenever the shop was opened, by the orders and the rule of then; "
     "migration reckons both days from the orders of now."),
    ("cohort", "customers who began in the same calendar period, or share an attribute; “all” weighs them by "
     "customers over the periods that are over, * marks one that is not."),
    ("filter", "names, =, !=, <, >, ~ (contains), in (…), is unknown, and, or, not; an attribute of orders means "
     "having such an order; what is not known meets no comparison, != and not in neither."),
    ("CAC", "spend ÷ new customers of the same channel and period: an average. What one more customer costs, the "
     "marginal CAC, is not told by it; it mostly rises as more is spent."),
    ("payback", "the month k in which what a customer has brought, M_k, covers the CAC; > 8 mo: not in the 8 months "
     "that were watched. Month 0 is the first one, whole."),
    ("max CAC", "LTV ÷ target, or M at the payback limit if that is less."),
    ("verdict", "scale: CAC up to the lower bound of max CAC; hold: within its interval; reduce: above it; "
     "pause: above the upper bound of LTV; few: under 30 new customers; wait: the horizon was not seen yet."),
    ("what if", "* marks what is not as agreed; (mapped) is the margin that the shop's own come to, (revenue) that "
     "none is known."),
    ("export", "figures with full precision, money in currency units; a file is written whole or not at all, and "
     "nothing is replaced unasked. The customers behind a screen are those of its trail."),
    ("audience", "e-mail and phone in the form that Google or Meta wants, hashed with SHA-256; nothing else leaves. "
     "A contact stands on it once, by the customer who brought most."),
    ("doubts", "what may have been read wrong, each told on Quality with what mends it: "
     + "; ".join(f"{code.replace('_', ' ')}, {seen}" for code, seen in CODES.items()) + "."),
    ("few", "a group under 30 customers: shown, but not to lean on."),
    ("blank", "not observed; never zero."),
)  # fmt: skip


class HelpDialog(Dialog[None]):
    """One page that scrolls."""

    DEFAULT_CSS = """
    HelpDialog > #box { width: 84; height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = dialog_bindings("help")

    def __init__(self, view: str, columns: Sequence[Column] = ()) -> None:
        super().__init__()
        self._view = view
        self._columns = columns

    def compose(self) -> ComposeResult:
        """Keys by group, then definitions."""
        with VerticalScroll(id="box") as box:
            box.border_title = "Help"
            box.border_subtitle = "↑ ↓ scroll · Esc close"
            yield Static(self._text(), markup=False)

    def on_mount(self) -> None:
        """Arrows scroll at once."""
        self.query_one("#box").focus()

    def action_scroll(self, lines: int) -> None:
        """Scroll by a line."""
        self.query_one("#box").scroll_relative(y=lines, animate=False)

    def _text(self) -> Text:
        text = Text()
        text.append("Move\n", "bold")
        text.append(f"  {MOVE_SHOWN}\n")
        here = [c for c in COMMANDS if works(c, self._view)]
        for group, commands in groupby(here, key=lambda c: c.group):
            text.append(f"{group}\n", "bold")
            for command in commands:
                text.append(f"  {command.shown:<7}", "bold")
                text.append(f"{command.help}\n")
        if told := [c for c in self._columns if c.help and c.title]:
            text.append("Columns\n", "bold")
            for column in told:
                text.append(f"  {plain(column.title)}: ", "bold")
                text.append(f"{column.help}\n")
        text.append("Words\n", "bold")
        for word, meaning in DEFINITIONS:
            text.append(f"  {word}: ", "bold")
            text.append(f"{meaning}\n")
        return text
