"""Points of a curve on the canvas: fewer of them, steps, dots, and where it carries its sign."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

_NEAR: Final = 0.1
"""Cells; a braille dot is a quarter high."""
Point = tuple[float, float]
"""Across and up."""


def thinned_points(points: list[Point]) -> list[Point]:
    """At most four points per half cell: first, lowest, highest and last, which draw the same dots as all."""
    thin: list[Point] = []
    start = 0
    while start < len(points):
        half = int(points[start][0] * 2)
        end = start + 1
        while end < len(points) and int(points[end][0] * 2) == half:
            end += 1
        group = points[start:end]
        if len(group) > 4:
            ends = min(group, key=lambda point: point[1]), max(group, key=lambda point: point[1])
            group = [group[0], *ends, group[-1]]
        thin.extend(group)
        start = end
    return thin


def straightened(points: list[Point]) -> list[Point]:
    """The points without those within half a dot of a straight line: plotext's time goes by points."""
    corners = points[:1]
    low, high = -math.inf, math.inf  # slopes from the last point kept that pass all since near enough
    for last, point in pairwise(points):
        across, up = point[0] - corners[-1][0], point[1] - corners[-1][1]
        if not across or not low <= up / across <= high:
            if corners[-1] != last:
                corners.append(last)
            low, high = -math.inf, math.inf
            across, up = point[0] - last[0], point[1] - last[1]
        if across:
            low, high = max(low, (up - _NEAR) / across), min(high, (up + _NEAR) / across)
    return [*corners, points[-1]]


def stepped(points: Sequence[Point]) -> list[Point]:
    """The points of a staircase: each height holds until the next point."""
    stairs = list(points[:1])
    for (_, before), (across, up) in pairwise(points):
        stairs += [(across, before), (across, up)]
    return stairs


def dots(points: Sequence[Point]) -> list[Point]:
    """Single dots along a curve, one in each cell across."""
    if len(points) < 2:
        return list(points)
    cells = range(math.ceil(points[0][0]), math.floor(points[-1][0]) + 1)
    return [(across, _height(points, across)) for across in cells] or [points[0]]


def _height(points: Sequence[Point], across: float) -> float:
    """The height of the curve above a place between its ends."""
    place = bisect_right(points, across, key=lambda point: point[0])
    if place == 0 or place == len(points):
        return points[min(place, len(points) - 1)][1]
    (x0, y0), (x1, y1) = points[place - 1], points[place]
    return y0 + (y1 - y0) * (across - x0) / (x1 - x0)


def sign_places(segments: Sequence[Sequence[Point]], place: int, count: int, width: int) -> list[Point]:
    """Where a curve carries its sign: along it, away from those of the others."""
    stride = max(10.0, width / 3)
    wanted = [(place + 0.5) / count * stride + turn * stride for turn in range(math.ceil(width / stride))]
    return [
        (float(int(across)), _height(segment, int(across)))
        for segment in segments
        for across in wanted
        if segment[0][0] <= int(across) <= segment[-1][0] - 2
    ]
