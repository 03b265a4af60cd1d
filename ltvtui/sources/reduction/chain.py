"""SELECTs that build on one another: the CTEs of a query, each under a name."""

from __future__ import annotations

from dataclasses import dataclass


class ChainedSelect(str):
    """A SELECT with its steps, for an engine that would do a step again for each use of it."""

    steps: tuple[tuple[str, str], ...] = ()
    """As Chain has them."""
    asked: str = ""
    """What is asked of them."""


@dataclass(frozen=True)
class Chain:
    """Steps from the rows of a shop to what is asked; immutable."""

    steps: tuple[tuple[str, str], ...] = ()
    """Name and SELECT of each; it may use those before it."""

    @property
    def last(self) -> str:
        """Name of the last step."""
        return self.steps[-1][0]

    def then(self, name: str, select: str) -> Chain:
        """With one more step."""
        return Chain((*self.steps, (name, select)))

    def at(self, name: str) -> Chain:
        """As it was when the step of that name was the last one."""
        names = [step for step, _ in self.steps]
        return Chain(self.steps[: names.index(name) + 1])

    def sql_of(self, name: str) -> str:
        """The SELECT of the step of that name."""
        return dict(self.steps)[name]

    def select(self, sql: str) -> str:
        """A SELECT that may use the steps."""
        listed = ",\n".join(f"{name} AS (\n{step}\n)" for name, step in self.steps)
        chained = ChainedSelect(f"WITH {listed}\n{sql}" if listed else sql)
        chained.steps, chained.asked = self.steps, sql
        return chained
