"""Where RFM, ABC and XYZ cut."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from textual import work
from textual.app import ComposeResult
from textual.message import Message
from textual.widgets import Input

from ltvtui.analytics.rfm.rfm import FIFTHS, Cuts, written
from ltvtui.analytics.rules import Rules
from ltvtui.query.query import Query
from ltvtui.query.terms import parse_abc, parse_rfm, parse_xyz
from ltvtui.tui.dialogs.dialog import Dialog
from ltvtui.tui.dialogs.form import Field, Form, Texts


@dataclass
class CutsFound(Message):
    """Where the cuts of RFM lie under the rules in force."""

    cuts: Cuts


class RulesDialog(Dialog[Query]):
    """One field a rule. In an empty one stands where its cuts lie now, as soon as `cuts` has told that."""

    def __init__(
        self, query: Query, cuts: Callable[[], Cuts], currency: str, on_preview: Callable[[Query], object]
    ) -> None:
        super().__init__()
        self._cuts = cuts
        self._query = query
        self._money = currency or "money"
        self._on_preview = on_preview

    def compose(self) -> ComposeResult:
        """Fields under each other."""
        short, rfm = self._query.rules.short(), self._query.rules.rfm
        shares = written([share * 100 for share in rfm.quantiles]) if rfm.quantiles != FIFTHS else ""
        own = (("R", "days", rfm.recency), ("F", "orders", rfm.frequency), ("M", self._money, rfm.monetary))
        fields = (
            Field("quantiles", "RFM quantiles, %", shares, "20/40/60/80"),
            *(
                Field(letter, f"{letter}, {unit}", written(chosen or ()), "at the quantiles")
                for letter, unit, chosen in own
            ),
            Field("abc", "ABC, % of revenue", short["abc"], "80/95"),
            Field("xyz", "XYZ, variation", short["xyz"], "0.5/1; off if purchases are rare"),
        )
        yield Form("Thresholds", fields, self.read, on_preview=self._on_preview)

    def on_form_accepted(self, message: Form.Accepted) -> None:
        """Close with what was typed."""
        self.dismiss(message.value)

    def on_mount(self) -> None:
        """Ask where the cuts lie."""
        self._find_cuts()

    @work(thread=True, exclusive=True, group="cuts", description="find thresholds")
    def _find_cuts(self) -> None:
        """Away from the keyboard: a million customers are put in order for it."""
        self.post_message(CutsFound(self._cuts()))

    def on_cuts_found(self, message: CutsFound) -> None:
        """Say what an empty field stands for."""
        found = message.cuts
        for letter, cuts in zip("RFM", (found.recency, found.frequency, found.monetary), strict=True):
            self.query_one(f"#{letter}", Input).placeholder = f"quantiles: {written(cuts)}"

    def read(self, texts: Texts) -> Query:
        """The query under the rules that were typed; names of segments stay."""
        parts = (f"{name}:{texts[name].replace(' ', '')}" for name in ("quantiles", "R", "F", "M") if texts[name])
        rfm = replace(parse_rfm(" ".join(parts)), names=self._query.rules.rfm.names)
        shares, limits = parse_abc(texts["abc"] or "80/95"), parse_xyz(texts["xyz"] or "0.5/1")
        return replace(self._query, rules=Rules(rfm, shares, limits))
