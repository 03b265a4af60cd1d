"""Fields of the settings that go on by a step: numbers, and the few words that one of them may be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

Step = Callable[[str, int], str]
"""The text of a field, a number of steps to its next one."""


@dataclass(frozen=True)
class NumberSteps:
    """Steps of one size between two ends; a text that is no number begins at `start`."""

    size: float
    low: float
    high: float
    start: float

    def __call__(self, text: str, steps: int) -> str:
        """`steps` further, as far as it goes."""
        try:
            value = float(text.replace(",", "."))
        except ValueError:
            value = self.start
        return f"{min(max(value + steps * self.size, self.low), self.high):.10g}"


@dataclass(frozen=True)
class WordSteps:
    """One word after the other, and round again."""

    words: Sequence[str]

    def __call__(self, text: str, steps: int) -> str:
        """`steps` further, from an empty text as from the first; from another word the first."""
        folded = [word.casefold() for word in self.words]
        here = text.casefold() or folded[0]
        place = folded.index(here) + steps if here in folded else 0
        return self.words[place % len(self.words)]
