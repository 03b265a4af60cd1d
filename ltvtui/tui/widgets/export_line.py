"""The line that tells how far an export is."""

from __future__ import annotations

from rich.text import Text
from textual.reactive import reactive

from ltvtui.present.fitting import fit
from ltvtui.present.numbers import percent
from ltvtui.present.plain import plain
from ltvtui.tui.widgets.fixed_size import FixedSizeWidget


class ExportLine(FixedSizeWidget):
    """Hidden while nothing leaves."""

    DEFAULT_CSS = """
    ExportLine { display: none; height: 1; width: 1fr; padding: 0 1; background: $panel; }
    ExportLine.-open { display: block; }
    """

    share: reactive[float] = reactive(0.0)
    """0…1."""

    def __init__(self) -> None:
        super().__init__()
        self._file = ""

    @property
    def lines(self) -> int:
        """Lines it takes, laid out or not yet."""
        return int(self.has_class("-open"))

    def start(self, name: str) -> None:
        """The file of that name is being written."""
        self._file = plain(name)
        self.share = 0.0
        self.add_class("-open")

    def close(self) -> None:
        """Nothing leaves any more."""
        self.remove_class("-open")

    def render(self) -> Text:
        """What is written, how far, and how to stop it."""
        status = f" · {percent(self.share, 0)} · Esc cancels"
        room = max(self.size.width - len("writing ") - len(status), 1)
        return Text(f"writing {fit(self._file, min(room, len(self._file)))}{status}", no_wrap=True, end="")
