"""The choices of a plan: goal, number, day, how customers are divided, weights."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.app import ComposeResult

from ltvtui.tui.dialogs.dialog import Dialog
from ltvtui.tui.dialogs.form import Field, Form, Texts
from ltvtui.user_state.plans import MarketingPlan


class PlanDialog(Dialog[MarketingPlan]):
    """Gives the plan back that was typed; an empty field is filled from the data."""

    DEFAULT_CSS = "PlanDialog > #box { width: 76; }"

    def __init__(self, fields: Sequence[Field], read: Callable[[Texts], MarketingPlan]) -> None:
        """`read` gives the plan of the texts, or raises LtvError."""
        super().__init__()
        self._fields = fields
        self._read = read

    def compose(self) -> ComposeResult:
        """Fields under each other."""
        yield Form("Plan", self._fields, self._read)

    def on_form_accepted(self, message: Form.Accepted) -> None:
        """Close with what was typed."""
        self.dismiss(message.value)
