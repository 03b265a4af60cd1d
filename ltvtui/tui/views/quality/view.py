"""Quality: what was read, left out and why, and how the columns were understood."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.widgets import Static

from ltvtui.analytics.doubts import Doubt
from ltvtui.present import column_mapping as mapping_table
from ltvtui.present.column_mapping import understood
from ltvtui.present.doubts import doubts_in_full
from ltvtui.present.plain import plain
from ltvtui.present.quality import summary
from ltvtui.present.tables import Table
from ltvtui.session.dataset import Dataset
from ltvtui.session.opened_dataset import OpenedDataset
from ltvtui.tui.location import Location
from ltvtui.tui.views.quality.compute import QualityAnswer
from ltvtui.tui.views.view import View
from ltvtui.tui.widgets.caption import Caption
from ltvtui.tui.widgets.grid import Grid
from ltvtui.tui.widgets.scrolling_text import ScrollingText

WIDE: Final = 160
"""Cells from which on the account and the mapping stand side by side."""


class QualityScreen(View):
    """The account of cleaning over the mapping."""

    DEFAULT_CSS = """
    QualityScreen Grid { padding: 0 1; }
    QualityScreen #tables { height: 1fr; width: 1fr; layout: vertical; }
    QualityScreen #account { height: auto; max-height: 75%; width: 1fr; }
    QualityScreen #columns { height: 1fr; width: 1fr; }
    QualityScreen #columns > Static { height: 1; }
    QualityScreen.-wide #tables { layout: horizontal; }
    QualityScreen.-wide #account { max-height: 100%; }
    QualityScreen.-wide #columns > Static { display: none; }
    QualityScreen #understood { height: 1fr; margin: 0; }
    QualityScreen ScrollingText { max-height: 40%; margin: 0 0 1 0; }
    QualityScreen #summary { height: auto; padding: 0 1; margin: 0 0 1 0; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._understood = pl.DataFrame(schema=dict.fromkeys((c.key for c in mapping_table.COLUMNS), pl.String))
        self._notices: tuple[str, ...] = ()

    def compose(self) -> ComposeResult:
        """Summary, rules, mapping."""
        yield Static("", id="summary", markup=False)
        yield ScrollingText()
        with Container(id="tables"):
            yield Vertical(Grid(id="rules", empty="Nothing was left out."), id="account")
            with Vertical(id="columns"):
                yield Static("")
                yield Caption(id="mapping")
                yield Grid(id="understood", empty="There is no column mapping.")

    def set_shop(self, opened: OpenedDataset) -> None:
        """Store how the columns were understood, and what was noticed while reading."""
        self._understood = understood(opened.mapping, opened.proposal)
        self._notices = opened.notices

    def focus_content(self) -> None:
        """Doubts come first: whoever came for them reads on with the arrows, and Tab goes to the tables."""
        text, grids = self.query_one(ScrollingText), self.query(Grid)
        if not any(part.has_focus for part in (text, *grids)):
            (text if text.has_class("-any") else grids.first()).focus()

    def show(self, dataset: Dataset, location: Location, answer: QualityAnswer) -> None:
        """Fill both tables."""
        self.arrange_parts()
        account = answer.account
        lines = [summary(account, location.query.week_start), answer.history, *(plain(n) for n in self._notices)]
        self.query_one("#summary", Static).update("\n".join(lines))
        self._show_doubts(answer.doubts)
        rules = self.query_one("#rules", Grid)
        rules.show(answer.rules, at=rules.row)
        rules.styles.height = rules.lines_in(self.room)
        caption = ("Column mapping", "C changes it", "Tab moves here")
        self.query_one("#mapping", Caption).show(caption)
        self.query_one("#understood", Grid).show(Table(self._understood, mapping_table.COLUMNS))

    def arrange_parts(self) -> None:
        """Both tables beside each other where there is room."""
        self.set_class(self.room.width >= WIDE, "-wide")

    def _show_doubts(self, doubts: Sequence[Doubt]) -> None:
        text = self.query_one(ScrollingText)
        if text.has_focus and not doubts:
            self.grid.focus()  # hidden widgets lose it
        text.show(doubts_in_full(doubts))
