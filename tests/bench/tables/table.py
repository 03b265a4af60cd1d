"""Markdown tables, and whether a goal is met."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

Cell = str | Callable[[], str]
"""Text, or what makes it when all is measured: the unit is known only then."""


@dataclass(frozen=True)
class Table:
    """One table of the results."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""

    def markdown(self) -> str:
        """The table under its title."""
        rows = ([cell if isinstance(cell, str) else cell() for cell in row] for row in self.rows)
        lines = (self.headings, ("---", *("---:" for _ in self.headings[1:])), *rows)
        table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
        return "\n\n".join(filter(None, (f"## {self.title}", self.note, f"{table}\n")))


def quantile(figures: Iterable[float], share: float) -> float:
    """The least figure that at least `share` of all do not exceed."""
    ranked = sorted(figures)
    return ranked[max(0, -int(-share * len(ranked) // 1) - 1)]


def goal(value: float | None, most: float | None, unit: str) -> str:
    """The goal and whether it is met; blank where there is none."""
    if most is None:
        return ""
    verdict = "" if value is None else " met" if value <= most else " **missed**"
    return f"≤ {most:g} {unit}{verdict}"


def peak(what: str, megabytes: float, most: float | None = None) -> tuple[str, ...]:
    """A row of a table of peak memory."""
    return (what, f"{megabytes:,.0f}", goal(megabytes, most, "MB"))
