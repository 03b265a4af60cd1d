"""What every measurement stands on: the shop, the unit beside it, and how often to repeat."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench import fresh
from bench.scan import Unit
from bench.tables.table import Cell, goal


@dataclass
class Ground:
    """One shop, with its scans."""

    orders: int
    folder: Path
    """Where shops are kept."""
    home: Path
    """Where settings and whatever ltvtui keeps go, so that those of whoever measures change nothing."""
    times: int
    """How often each question is asked and each key pressed, about."""
    openings: int
    """How often the shop is opened."""
    quiet: float = 0.25
    """Seconds without a byte that end the answer to a key."""
    unit: Unit = field(init=False)
    shop: Path = field(init=False)

    def __post_init__(self) -> None:
        """Write the shop where it is not there yet, elsewhere, so that its memory is not counted here."""
        self.shop = Path(fresh.answer("bench.data:written", self.folder, self.orders))
        self.unit = Unit(self.shop)
        self.unit.take()

    @property
    def env(self) -> dict[str, str]:
        """The environment that leads ltvtui to `home`."""
        folders = {"CONFIG": "settings", "CACHE": "cache", "DATA": "data"}
        return {f"LTVTUI_{name}_DIR": str(self.home / folder) for name, folder in folders.items()}

    def run(self, function: str, *args: object) -> fresh.Run:
        """`module:function` on the shop, in a process of its own."""
        return fresh.run(function, self.shop, *args, env=self.env)

    def answer(self, function: str, *args: object) -> Any:
        """What it gives, where it may not fail."""
        return fresh.answer(function, self.shop, *args, env=self.env)

    def row(self, what: str, seconds: float | None, most: float | None = None) -> tuple[Cell, ...]:
        """`what | seconds | scans | goal`; `most` is the goal in scans."""
        if seconds is None:
            return (what, "–", "–", goal(None, most, "scans"))
        return (what, f"{seconds:.3f}", self.scans(seconds), lambda: goal(self.unit.scans(seconds), most, "scans"))

    def scans(self, seconds: float) -> Cell:
        """`seconds` in scans."""
        return lambda: f"{self.unit.scans(seconds):.2f}"

    def opened(self, cache: str = "") -> list[fresh.Run]:
        """Openings up to the first figures, each in its own process, with a scan after each."""
        runs = []
        for _ in range(self.openings):
            runs.append(self.run("bench.opening:first_figures", cache))
            if runs[-1].failure:
                raise RuntimeError(f"the shop could not be opened: {runs[-1].failure}")
            self.unit.take()
        return runs
