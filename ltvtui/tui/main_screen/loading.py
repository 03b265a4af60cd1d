"""Loading: how far the reading is, and what went wrong if it did."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Center, Vertical
from textual.widgets import Static

from ltvtui.errors import LtvError
from ltvtui.present.numbers import count
from ltvtui.present.plain import plain
from ltvtui.tui.widgets.progress import Progress


class Loading(Vertical, can_focus=True):
    """Painted at once, while rows are read; focusable, so that keys work from the first moment."""

    DEFAULT_CSS = """
    Loading { align: center middle; height: 1fr; }
    Loading Static { width: 76; max-width: 96%; height: auto; text-align: center; margin: 0 0 1 0; }
    Loading Progress { margin: 0 0 1 0; }
    Loading #mend { color: $text-muted; }
    Loading.-failed Progress { display: none; }
    Loading.-failed #what { color: $text-error; }
    """

    def compose(self) -> ComposeResult:
        """A bar and two sentences."""
        yield Center(Static("", id="what", markup=False))
        yield Center(Progress())
        yield Center(Static("", id="mend", markup=False))

    def start(self, name: str) -> None:
        """A reading begins."""
        self.remove_class("-failed")
        self._show(f"Opening {plain(name)}\n1 of 3: looking for the orders and their columns", "Esc cancels")
        self.query_one(Progress).share = None

    def advance(self, done: int, total: int) -> None:
        """`done` of about `total` rows are read; what follows the last of them has no count."""
        if total and done >= total:
            self._show("3 of 3: Calculating…", "Esc cancels")
            self.query_one(Progress).share = 1.0
            return
        self.query_one(Progress).share = min(done / max(total, 1), 1.0)
        self._show(f"2 of 3: {count(done)} of {count(total)} rows read", "Esc cancels")

    def begin_step(self, doing: str, number: int, steps: int) -> None:
        """A step begins whose rows are not counted."""
        self.query_one(Progress).share = (number - 1) / steps
        self._show(f"Step {number} of {steps}: {doing}", "Esc cancels")

    def fail(self, error: LtvError) -> None:
        """Nothing to show: say why and what to do."""
        self.add_class("-failed")
        keys = "r try again · C columns · q quit"
        self._show(plain(error.what), f"{plain(error.mend)}\n\n{keys}")

    def _show(self, what: str, mend: str) -> None:
        for id, text in (("#what", what), ("#mend", mend)):
            if (line := self.query_one(id, Static)).content != text:
                line.update(text)
