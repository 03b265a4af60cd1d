"""One question at a time; of those that come meanwhile, the latest.

A thread cannot be stopped: without this every key typed into a narrowing line would start one more
pass over a million customers, and the answer that is wanted would wait for all that are not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

Question = TypeVar("Question")


class Latest(Generic[Question]):
    """Begins a question when none is being answered, else keeps it until the running one is done."""

    def __init__(self, begin: Callable[[Question], object]) -> None:
        self._begin = begin
        self._running: Question | None = None
        self._next: Question | None = None

    def want(self, question: Question) -> None:
        """Ask `question` now, or as soon as the running one is answered and no later one has come."""
        if self._running is not None:
            self._next = question
            return
        self._running, self._next = question, None
        self._begin(question)

    def done(self, question: Question) -> None:
        """`question` is answered; the latest of those that came meanwhile goes on."""
        if question is not self._running:
            return  # it was forgotten
        self._running = None
        if self._next is not None:
            self.want(self._next)

    def forget(self) -> None:
        """Nothing is wanted any more: what runs is not waited for."""
        self._running = self._next = None
