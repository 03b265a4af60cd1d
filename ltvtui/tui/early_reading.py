"""While the first picture stands: the shop is read in one thread, the rest of the app is loaded in another.

Loading takes Python alone, reading mostly does not: together they take little longer than the longer of them.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Event
from typing import TYPE_CHECKING, Any

from textual.app import App
from textual.message import Message
from textual.worker import get_current_worker

if TYPE_CHECKING:
    from ltvtui.session.dataset import Dataset
    from ltvtui.session.open_request import OpenRequest


class EarlyReading:
    """A reading that begins before there is a screen for its figures; what it tells is held until then."""

    def __init__(
        self,
        app: App[Any],
        request: OpenRequest,
        today: int | None,
        in_two: bool,
        prepare: Callable[[Dataset], object],
        loaded: Callable[[], object],
    ) -> None:
        """`in_two` and `prepare` as `read_shop` takes them; `loaded` is called, on the UI thread, when the rest of
        the app can be made."""
        self._app = app
        self._request = request
        self._today = today
        self._in_two = in_two
        self._prepare = prepare
        self._loaded = loaded
        self._is_reading = Event()
        self._is_made = Event()
        self._queued: list[Message] = []

    def begin(self) -> None:
        """Read and load."""
        self._run(self._read, "reading", "read the shop")
        self._run(self._load, "loading", "load the app")

    def queue(self, message: Message) -> None:
        """There is nobody yet to take it."""
        self._queued.append(message)

    def hand_over(self, receive: Callable[[Message], object]) -> None:
        """There is: now and from now on."""
        self._is_made.set()
        for message in self._queued:
            receive(message)

    def _run(self, work: Callable[[], object], group: str, description: str) -> None:
        self._app.run_worker(work, group=group, description=description, exclusive=True, thread=True)

    def _read(self) -> None:
        worker = get_current_worker()
        try:
            from ltvtui.tui.shop.reading import read_shop
        finally:
            self._is_reading.set()
        stopped = lambda: worker.is_cancelled  # noqa: E731
        read_shop(self._request, self._today, self._in_two, self._prepare_later, self._app.post_message, stopped)

    def _load(self) -> None:
        worker = get_current_worker()
        self._is_reading.wait()  # two that load at once only hinder each other
        import ltvtui.tui.app_parts  # noqa: F401 - what takes long is to load it

        if not worker.is_cancelled:
            self._app.call_from_thread(self._loaded)

    def _prepare_later(self, dataset: Dataset) -> None:
        self._is_made.wait()
        self._prepare(dataset)
