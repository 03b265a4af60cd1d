"""The card of one customer: who, how much, and every order."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import Final

from rich.cells import cell_len
from rich.table import Table as Lines
from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.reactive import reactive
from textual.widgets import Static

from ltvtui.present.columns import order_columns
from ltvtui.present.numbers import counted, symbol
from ltvtui.present.plots import timeline_plot
from ltvtui.present.tables import Table
from ltvtui.present.tiers import history_facts
from ltvtui.session.dataset import Dataset
from ltvtui.tui.location import Location
from ltvtui.tui.requests import HistoryWanted
from ltvtui.tui.views.customer.compute import CustomerAnswer, Facts
from ltvtui.tui.views.notes import note_facts
from ltvtui.tui.views.view import View
from ltvtui.tui.widgets.caption import Caption
from ltvtui.tui.widgets.chart import Chart
from ltvtui.tui.widgets.fixed_size import FixedSizeWidget
from ltvtui.tui.widgets.grid import Grid
from ltvtui.user_state.state import UserState
from ltvtui.user_state.tier_history import TierChange, tier_rule_key

LOW, USUAL, ROOMY = 12, 13, 24
"""Lines of the facts at least, in a low view and in others; lines of a view that is not low."""
LABEL: Final = 8
"""Cells of a label."""
SHARE, NARROWEST, WIDEST = 0.44, 40, 56
"""Of the width, what facts take; cells of it at least and at most: those of the style sheet."""


class Explanation(FixedSizeWidget):
    """One line that explains what stands above; not there where nothing has to be explained."""

    DEFAULT_CSS = """
    Explanation { height: 1; width: 1fr; padding: 0 1; display: none; }
    Explanation.-said { display: block; }
    """

    wordings: reactive[tuple[str, ...]] = reactive(())
    """Of one sentence, the fullest first."""

    def watch_wordings(self, wordings: tuple[str, ...]) -> None:
        """Take no line where there is nothing to say."""
        self.set_class(bool(wordings), "-said")

    def render(self) -> Text:
        """The fullest wording that fits, else the last."""
        fitting = (words for words in self.wordings if cell_len(words) <= self.content_size.width)
        words = next(fitting, self.wordings[-1] if self.wordings else "")
        return Text(words, no_wrap=True, overflow="ellipsis", end="")


class CustomerFacts(Static, FixedSizeWidget):
    """Lines of what is known; what they stand in scrolls."""

    facts: Facts = ()
    """Label and text of each."""

    def show(self, facts: Facts) -> None:
        """Show these, the name in bold."""
        self.facts = facts
        page = Lines.grid(padding=(0, 1, 0, 0))
        page.add_column(no_wrap=True, min_width=LABEL)
        page.add_column(ratio=1)
        for label, value in facts:
            page.add_row(Text(label, "dim"), Text(value, "bold" if label == "name" else ""))
        self.update(page)

    def lines_in(self, width: int) -> int:
        """Lines that they take in a view of that width."""
        room = min(max(int(width * SHARE), NARROWEST), WIDEST) - LABEL - 4
        return sum(max(len(wrap(value, room)), 1) for _, value in self.facts)


class CustomerScreen(View):
    """Facts beside the timeline, the orders below."""

    DEFAULT_CSS = """
    CustomerScreen #top { height: 13; }
    CustomerScreen #facts {
        width: 44%; min-width: 40; max-width: 56; padding: 0 1; scrollbar-size-vertical: 1;
        scrollbar-background: $background; scrollbar-color: $panel-lighten-2;
    }
    CustomerScreen #facts:focus { background: $surface-lighten-1; }
    CustomerScreen Chart { width: 1fr; height: 1fr; margin: 0 1; }
    CustomerScreen Grid { padding: 0 1; }
    CustomerScreen.-plotless Chart { display: none; }
    CustomerScreen.-plotless #facts { width: 1fr; }
    CustomerScreen.-big #facts, CustomerScreen.-big Grid, CustomerScreen.-big Caption { display: none; }
    CustomerScreen.-big Explanation.-said { display: none; }
    CustomerScreen.-big #top { height: 1fr; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._customer: int | None = None
        self._rule = ""
        """By which tiers are told."""
        self._customer_id = ""
        """As the shop writes it."""
        self._facts: Facts = ()
        self._rest: Facts = ()
        """Facts that stand below what was noted and recorded."""
        self._history: tuple[tuple[str, str], ...] = ()
        self._history_of = ""
        """Whose that is, as the shop writes it."""

    def compose(self) -> ComposeResult:
        """Facts and timeline over the orders."""
        with Horizontal(id="top"):
            yield VerticalScroll(CustomerFacts(markup=False), id="facts")
            yield Chart()
        yield Explanation()
        yield Caption()
        yield Grid(empty="No orders up to this day.")

    def show(self, dataset: Dataset, location: Location, answer: CustomerAnswer) -> None:
        """Fill facts, timeline and orders."""
        assert location.customer is not None
        if self._customer_id != (name := str(dataset.cleaned.customer_ids[location.customer])):
            self._customer_id, self._history, self._history_of = name, (), ""
        self._rule = tier_rule_key(location.query, dataset.margin_mapped)
        self._facts, self._rest = answer.facts, answer.rest
        self.query_one(Explanation).wordings = answer.explained
        self._write_facts()
        self._ask_history()
        chart, caption = self.query_one(Chart), self.query_one(Caption)
        if answer.card is None:
            caption.show(("This customer had no order by the as-of day: ] moves it a month later",))
            self.grid.show(Table(answer.orders, order_columns((), False, False)[:3]))
            chart.chart = None
            return
        numbered = answer.orders["order_id"].null_count() < answer.orders.height
        columns = order_columns(dataset.cleaned.attributes, dataset.margin_mapped, numbered)
        same = self._customer == location.customer
        self.grid.show(Table(answer.orders, columns), at=self.grid.row if same else 0)
        self._customer = location.customer
        caption.show((f"{counted(answer.orders.height, 'row')} of orders and refunds", "newest first"))
        as_of = dataset.as_of(location.query)
        chart.chart = timeline_plot(answer.card.orders, as_of, symbol(dataset.cleaned.currency))
        self.arrange_parts()

    def toggle_plot(self) -> None:
        """Show or hide the timeline."""
        self.remove_class("-big")
        self.toggle_class("-plotless")
        self.grid.focus()

    def toggle_big_plot(self) -> None:
        """The timeline alone, and back."""
        self.remove_class("-plotless")
        self.toggle_class("-big")
        if not self.has_class("-big"):
            self.grid.focus()  # hidden widgets lose it

    def arrange_parts(self) -> None:
        """The facts take what they need and the orders leave, and half of the room at most where these are many."""
        lines = self.query_one(CustomerFacts).lines_in(self.room.width)
        beside = 1 + bool(self.query_one(Explanation).wordings)  # the caption, and what is explained
        left = self.room.height - beside - self.grid.lines_in(self.room)
        least = LOW if self.room.height < ROOMY else USUAL
        self.query_one("#top").styles.height = max(least, min(max(left, self.room.height // 2 - 4), lines))

    def show_user_state(self, user_state: UserState) -> None:
        """The note about the customer; what was recorded of them may be more by now."""
        super().show_user_state(user_state)
        if self._customer_id:
            self._write_facts()
            self._ask_history()

    @property
    def is_complete(self) -> bool:
        """Whether recorded tiers stand among the facts."""
        return self._history_of == self._customer_id

    def _ask_history(self) -> None:
        # To the app itself: on its way up, what the main screen has brought about would end at the main screen.
        self.app.post_message(HistoryWanted(self._customer_id))

    def show_history(self, customer: str, changes: Sequence[TierChange]) -> None:
        """Recorded tiers of a customer, if it is still the one on the card."""
        if customer == self._customer_id:
            self._history_of = customer
            self._history = tuple(history_facts(changes, self.user_state.recorded(self._rule)))
            self._write_facts()

    def _write_facts(self) -> None:
        note = note_facts(self.user_state.notes.of_customer(self._customer_id))
        facts = (*self._facts, *note, *self._history, *self._rest)
        self.query_one(CustomerFacts).show(facts)
        self.arrange_parts()
