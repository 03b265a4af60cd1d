"""Axes divided evenly: a step from tick to tick is a round number and a whole number of cells."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ltvtui.present.charts.scale import figure

_FACTORS: Final = (1.0, 2.0, 2.5, 5.0)
_MOST_TICKS: Final = 11
"""More than these on an axis are read no better."""
_ALMOST: Final = 1e-9
_HALF_DECADE: Final = 6
"""Cells to a decade from which on a tick stands in its middle too, which is 3 for the eye."""


@dataclass(frozen=True)
class Axis:
    """One axis over a number of cells."""

    low: float
    """The value in the middle of the first cell."""
    high: float
    """The value in the middle of the last cell."""
    ticks: tuple[tuple[int, float, str], ...]
    """(cells from the first, value, label), at even steps."""


@dataclass(frozen=True)
class _Division:
    step: float
    """From tick to tick."""
    cells: int
    """In as many cells."""
    start: int
    """The first cell, counted from zero on the axis."""

    @property
    def unit(self) -> float:
        return self.step / self.cells

    def places(self, count: int) -> range:
        """Cells of the axis of `count` cells beyond the first on which ticks stand, from the first cell on."""
        return range(-self.start % self.cells, count + 1, self.cells)


def linear(
    low: float,
    high: float,
    cells: int,
    write: Callable[[float], str],
    *,
    integers: bool = False,
    steps: Sequence[int] = (),
    top: float | None = None,
    room: int = 0,
    over: float = 0,
) -> Axis:
    """An axis from `low` or a little below to `high` or a little above, `cells` beyond the first cell.

    `whole` keeps ticks to whole numbers, `steps` to these steps. No tick stands above `top`. With `room`, labels
    stand side by side, that many cells apart at least. `high` may lie `over` cells beyond the middle of the last.
    """
    best: tuple[float, Axis] | None = None
    for division in _divisions(low, high, cells, integers, steps, over):
        places = division.places(cells)
        values = [(place, (division.start + place) // division.cells * division.step) for place in places]
        shown = [(place, value) for place, value in values if top is None or value <= top * (1 + _ALMOST)]
        ticks = tuple((place, value, figure(write, value)) for place, value in shown)
        labels = [label for *_, label in ticks]
        if not ticks or len(set(labels)) < len(labels) or not _are_even(labels):
            continue
        if room and len(ticks) > 1 and division.cells < max(map(len, labels)) + room:
            continue
        axis = Axis(division.start * division.unit, (division.start + cells) * division.unit, ticks)
        worth = _score(division, len(ticks), (high - low) / (division.unit * cells), cells, is_row=bool(room))
        if best is None or worth > best[0]:
            best = (worth, axis)
    return best[1] if best is not None else _ends(low, high, cells, write)


def logarithmic(low: float, high: float, cells: int, write: Callable[[float], str]) -> Axis:
    """The same of logarithms to the base of ten: `low` and `high` are such, labels say the figures themselves."""
    found: list[tuple[float, Axis]] = []
    for decade in range(1, cells + 1):
        start = math.floor(low * decade + _ALMOST)
        if (start + cells) / decade < high - _ALMOST:
            break  # more cells to a decade reach less far
        places = range(-start % decade, cells + 1, decade)
        integers = [(place, (start + place) / decade) for place in places]
        halves = []
        if decade >= _HALF_DECADE and not decade % 2:
            halves = [(p, (start + p) / decade) for p in range((-start - decade // 2) % decade, cells + 1, decade)]
        ticks = [(place, value, 10.0 ** round(value)) for place, value in integers]
        ticks += [(place, value, 3 * 10.0 ** math.floor(value)) for place, value in halves]
        labelled = tuple((place, value, figure(write, number)) for place, value, number in sorted(ticks))
        if len(labelled) > 1 and len({label for *_, label in labelled}) == len(labelled):
            found.append(((high - low) * decade / cells, Axis(start / decade, (start + cells) / decade, labelled)))
    if not found:
        return _ends(low, high, cells, lambda value: write(10.0**value))
    return max(found, key=lambda each: each[0])[1]


def _divisions(
    low: float, high: float, cells: int, integers: bool, steps: Sequence[int], over: float
) -> Iterator[_Division]:
    """For each round step the division that covers both ends with the most cells to a step."""
    span = high - low
    for step in steps or _round_steps(span, cells):
        if integers and step % 1:
            continue
        for count in range(min(cells, int(step / span * (cells + over) + _ALMOST)), 0, -1):
            unit = step / count
            if not unit > 0 or abs(low / unit) > 1e12:
                break
            start = math.floor(low / unit + _ALMOST)
            if (start + cells + over) * unit >= high - span * _ALMOST:
                yield _Division(step, count, start)
                break


def _round_steps(span: float, cells: int) -> Iterator[float]:
    """Steps of 1, 2, 2.5 or 5 × 10ⁿ from one cell to twice the span."""
    first = math.floor(math.log10(span / cells))
    last = math.ceil(math.log10(span)) + 1
    for power in range(first, last + 1):
        for factor in _FACTORS:
            yield float(f"{factor}e{power}")


def _score(division: _Division, ticks: int, filled: float, cells: int, *, is_row: bool) -> float:
    """How well a division reads: the plot is filled, and ticks are neither crowded nor few."""
    worth = filled
    if not is_row and division.cells == 1 and cells > 4:
        worth -= 0.3
    if ticks > _MOST_TICKS + 2 * is_row:
        worth -= 1
    if ticks < 3:
        worth -= 0.25
    if not is_row:
        worth -= 0.03 * max(0, division.cells - 5)
    else:
        worth -= 0.015 * max(0, division.cells - 10)
    return worth


_LABEL: Final = re.compile(r"([+−-]?)(\d[\d \u202f\u00a0]*(?:\.\d+)?)\s*([kMGT]?)(?![A-Za-z]).*")
_THOUSANDS: Final = {"": 1.0, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12}


def _are_even(labels: Sequence[str]) -> bool:
    """Whether labels that are numbers rise by one and the same step: those written with too few digits, such as
    +2, +5 and +8 for steps of 2.5, do not. Others are taken as they are."""
    found = [_LABEL.fullmatch(label.strip()) for label in labels]
    if len(found) < 3 or not all(found):
        return True
    figures = [
        (-1 if match[1] in ("−", "-") else 1) * float(re.sub(r"\s", "", match[2])) * _THOUSANDS[match[3]]
        for match in found
        if match is not None
    ]
    steps = [later - earlier for earlier, later in itertools.pairwise(figures)]
    return max(steps) - min(steps) <= abs(steps[0]) * 1e-6


def _ends(low: float, high: float, cells: int, write: Callable[[float], str]) -> Axis:
    """Where nothing round fits: both ends, or one where they are called the same."""
    ticks = [(0, low, figure(write, low)), (cells, high, figure(write, high))]
    return Axis(low, high, tuple(ticks[1:] if ticks[0][2] == ticks[1][2] else ticks))
