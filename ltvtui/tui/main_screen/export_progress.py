"""An export on its way: in a worker of its own, beside everything else."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event
from typing import Final

from textual import work
from textual.message import Message
from textual.worker import get_current_worker

from ltvtui.errors import LtvError
from ltvtui.exporting.destination import Written
from ltvtui.exporting.source import Progress, Stop, Stopped
from ltvtui.exporting.summary import words_of
from ltvtui.present.plain import plain
from ltvtui.tui.widgets.export_line import ExportLine

POST_EVERY: Final = 0.2
"""Seconds between two signs of progress."""
READ_FOR: Final = 8.0
"""Seconds for which what has left is told: a path takes its time to read."""

Act = Callable[[Progress, Stop], Written]
"""Writes something. Raises LtvError where that cannot be, Stopped where it was told to stop."""


@dataclass
class Advanced(Message):
    """Rows were written."""

    share: float

    def can_replace(self, message: Message) -> bool:
        """Only the newest count matters."""
        return isinstance(message, Advanced)


@dataclass
class Ended(Message):
    """It has left, or could not, or was stopped (None)."""

    outcome: Written | LtvError | None


class ExportProgress(ExportLine):
    """One export at a time; Esc stops it, and then nothing was written."""

    def __init__(self) -> None:
        super().__init__()
        self._stop: Event | None = None

    @property
    def busy(self) -> bool:
        """Whether something is on its way."""
        return self._stop is not None

    def send(self, name: str, act: Act) -> None:
        """Write the file of that `name`."""
        self._stop = Event()
        self.start(name)
        self._send(act, self._stop)

    def stop(self) -> bool:
        """Stop what is on its way; False where nothing is."""
        if self._stop is None:
            return False
        self._stop.set()
        return True

    @work(thread=True, exclusive=True, group="outgoing", description="send")
    def _send(self, act: Act, stop: Event) -> None:
        worker = get_current_worker()
        posted_at = 0.0

        def advance(done: int, total: int) -> None:
            nonlocal posted_at
            now = time.monotonic()
            if now - posted_at >= POST_EVERY:
                posted_at = now
                self.post_message(Advanced(done / max(total, 1)))

        try:
            outcome: Written | LtvError | None = act(advance, lambda: stop.is_set() or worker.is_cancelled)
        except Stopped:
            outcome = None
        except LtvError as error:
            outcome = error
        self.post_message(Ended(outcome))

    def on_advanced(self, message: Advanced) -> None:
        """Tell how far it is."""
        message.stop()
        self.share = message.share

    def on_ended(self, message: Ended) -> None:
        """Tell what came of it."""
        message.stop()
        self._stop = None
        self.close()
        match message.outcome:
            case Written() as written:
                lines = [words_of(written), *written.notes]
                self.app.notify(
                    plain(lines[0]) if len(lines) == 1 else "\n".join(map(plain, lines)),
                    title="Exported",
                    timeout=READ_FOR,
                    markup=False,
                )
            case LtvError() as error:
                self.app.notify(plain(error.mend), title=plain(error.what), severity="error", markup=False)
            case None:
                self.app.notify("The export was cancelled: nothing was written.", markup=False)
