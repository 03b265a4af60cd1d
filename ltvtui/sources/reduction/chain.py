"""SELECTs that build on one another: the CTEs of a query, each under a name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Chain:
    """Steps from the rows of a shop to what is asked; immutable."""

    steps: Mapping[str, str]
    """SELECT by name; each may use those before it."""
    last: str
    """Name of the last step."""

    def then(self, name: str, select: str) -> Chain:
        """With one more step."""
        return Chain({**self.steps, name: select}, name)

    def at(self, name: str) -> Chain:
        """As it was when the step of that name was the last one."""
        names = list(self.steps)
        steps_before = names[: names.index(name) + 1]
        return Chain({each: self.steps[each] for each in steps_before}, name)

    def select(self, sql: str) -> str:
        """A SELECT that may use the steps."""
        listed = ",\n".join(f"{name} AS (\n{step}\n)" for name, step in self.steps.items())
        return f"WITH {listed}\n{sql}" if listed else sql


EMPTY: Final = Chain({}, "")
"""Without any step."""
