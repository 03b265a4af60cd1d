"""How much of the shop is there."""

from __future__ import annotations

from threading import Event

from ltvtui.analytics.budget.manual_spend import ManualSpend
from ltvtui.session.dataset import Dataset
from ltvtui.sources.origin import DataOrigin


class ReadingState:
    """The dataset on screen, and whether more of it is being read."""

    def __init__(self) -> None:
        self.found: Dataset | None = None
        """What is shown; None before the first reading, and where it failed."""
        self.origin: DataOrigin | None = None
        """Where it lies."""
        self.is_reading = False
        """Whether the shop is being read, for the first time or again."""
        self.is_complete = True
        """False while attributes and people are still being read."""
        self.typed = ManualSpend()
        """Spend that was typed in; it stays while the shop is read again."""
        self._shown = Event()

    @property
    def dataset(self) -> Dataset:
        """The dataset that is asked; there is one as soon as a shop is read."""
        assert self.found is not None
        return self.found

    @property
    def is_ready(self) -> bool:
        """Whether questions can be answered now."""
        return self.found is not None and not self.is_reading

    def signal_with(self, shown: Event) -> None:
        """Set `shown` once the dataset is on screen as it is. Who waited for another one waits no longer."""
        self._shown.set()
        self._shown = shown

    def is_shown(self) -> None:
        """It is, or never will be."""
        self._shown.set()
