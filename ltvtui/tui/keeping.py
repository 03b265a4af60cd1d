"""What is remembered of the analyst's choices, written beside the keyboard, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from textual.message import Message

from ltvtui import config
from ltvtui.analytics.typed import Typed
from ltvtui.errors import LtvError
from ltvtui.workspace import Workspace


@dataclass
class NotKept(Message):
    """A choice could not be remembered, and why."""

    error: LtvError


@dataclass
class TypedRead(Message):
    """What was typed in about spend is read."""

    typed: Typed
    before: Typed
    """What was known of it when it was looked up."""


class Keeping:
    """Settings and the workspace. What cannot be written holds for today all the same: `post` tells so."""

    def __init__(self, post: Callable[[Message], object]) -> None:
        self._post = post
        self._workspace = Workspace(config.workspace_path())
        self._queue = ThreadPoolExecutor(1, "keeping")
        """One after the other, and none on the UI thread: a home on another machine may take its time."""

    def setting(self, name: str, value: str) -> None:
        """Remember a setting of the app."""
        self._do(partial(config.remember, name, value))

    def terms(self, shop: str, words: Mapping[str, str]) -> None:
        """Remember what was agreed on for `shop`."""
        self._do(partial(config.remember_terms, shop, words))

    def typed(self, shop: str, before: Typed, after: Typed) -> None:
        """Remember what was typed in about spend."""
        self._do(partial(self._workspace.keep, shop, before, after))

    def look_up(self, shop: str, before: Typed) -> None:
        """Post what was typed in for `shop`, after all that is still to be written."""
        self._do(lambda: self._post(TypedRead(self._workspace.typed(shop), before)))

    def _do(self, act: Callable[[], object]) -> None:
        self._queue.submit(self._try, act)

    def _try(self, act: Callable[[], object]) -> None:
        try:
            act()
        except LtvError as error:
            self._post(NotKept(error))
