"""What is remembered between questions. Analytics asks a memo; how much it holds, and how long, is for the session.

A memo is of one version of the data. So a key says what is asked and every term on which the answer depends.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, Final, Protocol, TypeVar

R = TypeVar("R")


class Memo(Protocol):
    """Answers by key."""

    def recall(self, key: Hashable, make: Callable[[], R], *, lasting: bool = False) -> R:
        """The answer that is held under `key`, else what `make` gives, which is held from now on.

        A `lasting` one never gives way to others: for what belongs to the shop and is small in number.
        """
        ...

    def find(self, key: Hashable) -> Any:
        """The answer that is held under `key`; None where none is."""
        ...

    def pin(self, key: Hashable, made: object) -> None:
        """Store `made` in place of what `key` had, never to be evicted."""
        ...


class Uncached:
    """Remembers nothing: each answer is made when it is asked for."""

    def recall(self, key: Hashable, make: Callable[[], R], *, lasting: bool = False) -> R:
        """What `make` gives."""
        return make()

    def find(self, key: Hashable) -> None:
        """Nothing."""

    def pin(self, key: Hashable, made: object) -> None:
        """Do nothing."""


UNCACHED: Final = Uncached()
