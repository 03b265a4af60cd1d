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
from ltvtui.tui.command import Command
from ltvtui.tui.dialogs.dialog import Dialog
from ltvtui.tui.keys import MOVE_SHOWN, dialog_bindings

DEFINITIONS: Final = (
    ("LTV", "average check × frequency × retention × margin, within the horizon, per customer."),
    ("average check", "revenue ÷ orders: a ratio of sums, not a mean of customers' averages."),
    ("frequency", "orders per customer and retained month; a month is 30.4375 days."),
    ("retention", "months a customer stays, by Kaplan-Meier over months since the first order; "
     "“of 12” is the horizon, “within 11” the months of data."),
    ("churn gap", "days without an order after which a customer counts as lapsed: "
     "the 90th percentile of all gaps between order days, 30–365 days."),
    ("all time", "what all customers brought up to the as-of day; the columns “within” count "
     "complete months since the first order only, so the two average checks differ."),
    ("tiers", "VIP, middle and economy by what customers have "
     "spent so far: descriptive, not a prediction."),
    ("RFM", "recency (days since the last order), frequency (orders) and monetary value (revenue), each "
     "scored 1 to 5 by quintiles; the three scores give the segment name."),
    ("ABC, XYZ", "A makes the first 80 % of revenue, B up to 95 %; X orders "
     "most evenly, by the variation of gaps, Z least evenly; – has too few gaps."),
    ("stage", "with one order, new, then one-time after the churn gap; with more, "
     "regular, fading after the 75th percentile of gaps, lost after the churn gap."),
    ("new, lapsed", "in tier migration: no order yet on the first day; no order for the churn gap or longer. Both "
        "days "
     "use the thresholds of the second day. Spend only grows, so customers leave a tier downwards only by lapsing."),
    ("recorded", "of tiers: what they were each time the shop was opened, by the "
     "orders and rule of that time; migration calculates both days from today's orders."),
    ("cohort", "customers with a first order in the same period, or with the same attribute; "
     "“all” has complete periods, weighted by customers; * marks a period that is not complete."),
    ("filter", "names, =, !=, <, >, ~ (contains), in (…), is unknown, and, or, not; an attribute of orders matches "
        "customers with such an order; an "
     "unknown value matches no comparison, not even != and not in."),
    ("CAC", "spend ÷ new customers of the same channel and period: an average. "
     "One more customer costs the marginal CAC, which mostly rises with the spend."),
    ("payback", "the month in which the cumulative margin of a customer covers the "
     "CAC; > 8 mo: not within the 8 months of data."),
    ("max CAC", "LTV ÷ target, or the cumulative margin at the payback limit if that is less."),
    ("verdict", "scale: CAC up to the lower bound of max CAC; hold: within its interval; reduce: above it; "
     "pause: above the upper bound of LTV; few: under 30 new customers; wait: less data than the horizon."),
    ("what if", "* marks a value that is not the saved one; (mapped): the "
     "margin comes from the shop's data; (revenue): no margin is known."),
    ("export", "figures have full precision, money is in currency units; a file is written whole or not "
     "at all and never replaced without asking. The customers behind a screen are those of its trail."),
    ("audience", "e-mail and phone in the form that Google or Meta requires, hashed with SHA-256; nothing else is "
     "written. A contact used by several customers is listed once, for the one with the most revenue."),
    ("doubts", "what may have been read wrong; Quality shows each with how to fix it:  "
     + "; ".join(f"{code.replace('_', ' ')}, {seen}" for code, seen in CODES.items()) + "."),
    ("few", "a small sample (< 30 customers): shown, but not reliable."),
    ("blank", "no data, which is not zero."),
)  # fmt: skip


class HelpDialog(Dialog[None]):
    """One page that scrolls."""

    DEFAULT_CSS = """
    HelpDialog > #box { width: 84; height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = dialog_bindings("help")

    def __init__(self, commands: Sequence[Command], columns: Sequence[Column] = ()) -> None:
        super().__init__()
        self._commands = commands
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
        for group, commands in groupby(self._commands, key=lambda c: c.group):
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
