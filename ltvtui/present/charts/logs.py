"""Curves that differ by more than a linear axis can show."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace
from typing import Final

from ltvtui.present.charts.scale import finite
from ltvtui.present.charts.specs import LineChart, Number

_TOO_FAR: Final = 20
"""Times by which the ends of curves may differ on a linear axis: the lowest would lie on its ground."""


@dataclass(frozen=True, eq=False)
class _LogChart(LineChart):
    """A chart of which all heights are logarithms to the base of ten; `y_format` says the figures themselves."""


def is_log(chart: LineChart) -> bool:
    """Whether heights are logarithms."""
    return isinstance(chart, _LogChart)


def wants_log_axis(chart: LineChart) -> bool:
    """Whether the ends of named curves differ too far for a linear axis, and all can stand on a logarithmic one."""
    if chart.y_range is not None:
        return False
    ends = []
    for line in chart.lines:
        seen = [number for number in map(finite, line.ys) if number is not None]
        while seen and seen[0] == 0:  # what grows from nothing
            del seen[0]
        if any(number <= 0 for number in seen):
            return False
        if seen and line.name and not line.dotted:
            ends.append(seen[-1])
    return len(ends) > 1 and max(ends) / _TOO_FAR > min(ends)


def on_log_axis(chart: LineChart) -> LineChart:
    """The chart with the logarithms of all heights; the zeros from which curves grow are left out."""
    values = {field.name: getattr(chart, field.name) for field in fields(chart)}
    return _LogChart(
        **values
        | {
            "lines": [replace(line, ys=[*map(_log, line.ys)]) for line in chart.lines],
            "marks": [replace(mark, y=_log(mark.y)) for mark in chart.marks],
            "bands": [
                replace(band, lower=[*map(_log, band.lower)], upper=[*map(_log, band.upper)]) for band in chart.bands
            ],
            "levels": [height for level in chart.levels if (height := _log(level)) is not None],
        }
    )


def _log(value: Number) -> float | None:
    number = finite(value)
    return math.log10(number) if number is not None and number > 0 else None
