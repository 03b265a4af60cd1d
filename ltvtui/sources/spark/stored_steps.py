"""Steps of a chain of SELECTs that executors hold while a session lasts: the first, and what is used twice.

The first has the rows as they lie there. Spark has no transactions: what is kept is of one state, whoever writes
meanwhile. And it copies a step into each place that uses it: plans of a shop with refunds would grow until no planner
ends.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import count

from ltvtui.sources.reduction.chain import Chain, ChainedSelect

Steps = tuple[tuple[str, str], ...]


class StoredSteps:
    """What was kept, by the steps that led to it."""

    def __init__(self, store: Callable[[str, str], None], forget: Callable[[str], None]) -> None:
        """`store` makes the rows of a SELECT known under a name, for the session alone, until `forget`."""
        self._store, self._forget = store, forget
        self._names: dict[Steps, str] = {}
        self._numbers = count()

    def __len__(self) -> int:
        return len(self._names)

    def with_stored(self, asked: ChainedSelect) -> str:
        """The same SELECT with steps kept where several places use them."""
        steps: list[tuple[str, str]] = []
        for place, (name, sql) in enumerate(asked.steps):
            key = asked.steps[: place + 1]
            later = [*(text for _, text in asked.steps[place + 1 :]), asked.asked]
            if key not in self._names and (not place or sum(_uses(name, text) for text in later) > 1):
                if not place:
                    self._forget_all()
                stored = f"ltvtui_step_{next(self._numbers)}"
                self._store(_needed([*steps, (name, sql)], f"SELECT * FROM {name}"), stored)  # noqa: S608 - our names
                self._names[key] = stored
            steps.append((name, f"SELECT * FROM {self._names[key]}" if key in self._names else sql))  # noqa: S608
        return _needed(steps, asked.asked)

    def _forget_all(self) -> None:
        """What follows from other rows is not asked for any more."""
        while self._names:
            self._forget(self._names.popitem()[1])


def _needed(steps: list[tuple[str, str]], asked: str) -> str:
    """A SELECT with those of its steps that it needs."""
    found: list[tuple[str, str]] = []
    texts = [asked]
    for name, sql in reversed(steps):
        if any(_uses(name, text) for text in texts):
            found.append((name, sql))
            texts.append(sql)
    return str(Chain(tuple(reversed(found))).select(asked))


def _uses(name: str, sql: str) -> int:
    """How often a step is named behind FROM or JOIN."""
    return len(re.findall(rf"\b(?:FROM|JOIN)\s+{name}\b", sql))
