"""Cells of a board that belong to named groups: neighbours of one name are one block, in the colour of the name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from rich.cells import cell_len

from ltvtui.present.colours import SERIES, bar_roles
from ltvtui.present.fitting import fit
from ltvtui.present.tables import Badge

_FULL: Final = 0.6
"""How far the ground of a block is drawn towards its colour: figures are to be read on it."""
_FADING: Final = (0.5, 0.32, 0.16)
"""The same of names beyond those that have a colour: they are grey, each paler than the one before."""

SHARE: Final = len("100.0 %")
"""Cells of a second figure beside the first."""

TALL: Final = 4
"""Lines from which on a cell has room for sentences."""

Place = tuple[int, int]
"""Row and column of a cell, among the cells alone."""


class Tile(NamedTuple):
    """What a cell shows besides its figure."""

    badge: Badge | None
    """Whose colour it has; None: nobody's."""
    below: str = ""
    """A second figure, where cells have several lines."""
    details: tuple[tuple[str, ...], ...] = ()
    """What tall cells say below the name, a line each: of its wordings the first for which there is room."""
    names: tuple[str, ...] = ()
    """What tall cells say in place of the name, in the same way; none: the name."""


def badges(names: Sequence[str], letters: Sequence[str]) -> dict[str, Badge]:
    """The badge of each of `names`, which stand in their own order."""
    coloured = bar_roles([(name,) for name in names], [names])
    strengths = [_FULL] * SERIES + [_FADING[min(at, len(_FADING) - 1)] for at in range(max(len(names) - SERIES, 0))]
    return {
        name: Badge(name, letter, role, strength)
        for name, letter, role, strength in zip(names, letters, coloured, strengths, strict=False)
    }


def labelled(tiles: Mapping[Place, Tile], figures: Mapping[Place, int], width: int, lines: int) -> frozenset[Place]:
    """The cells in which the name of a block stands: one in each, the first in which there is room.

    `figures`: cells that the figure of each takes. Where cells have several `lines`, the name has one of its own.
    """
    found = set()
    for block in _blocks(tiles):
        badge = tiles[block[0]].badge
        assert badge is not None
        name = cell_len(badge.name)
        for place in block:
            if name + (figures[place] + 1 if lines == 1 else 0) <= width:
                found.add(place)
                break
    return frozenset(found)


def written(
    tile: Tile, figure: str, width: int, lines: int, is_labelled: bool, has_room: bool = True, longest: int = 0
) -> tuple[str, ...]:
    """A cell of `lines` lines: the name or the letter of the block, the figure, and the second one; the figure alone
    stands to the right. `has_room`: for a second figure beside the first, in every cell that is nobody's. Figures of
    several lines end below each other, the `longest` of the board being so many cells."""
    if lines >= TALL and tile.details:
        name = "" if tile.badge is None else tile.badge.name
        name = next((text for text in tile.names if cell_len(text) <= width), name)
        texts = [next((text for text in wordings if cell_len(text) <= width), "") for wordings in tile.details]
        page = [name, *texts[: lines - 1]]
        return (*(fit(text, width) for text in page), *[" " * width] * (lines - len(page)))
    who = "" if tile.badge is None else tile.badge.name if is_labelled else tile.badge.letter
    if lines == 1 and tile.badge is None:
        return (fit(f"{figure} {tile.below.rjust(SHARE)}" if has_room else figure, width, right=True),)
    if lines == 1:
        room = width - cell_len(figure)
        return (fit(who, room) + figure if room > cell_len(who) else fit(figure, width, right=True),)
    aligned = figure.strip().rjust(longest)
    figures = [aligned, *([tile.below.rjust(longest)] if tile.below else [])]
    if lines == 2 and tile.below and cell_len(aligned) + max(cell_len(tile.below) + 1, SHARE) + 2 <= width:
        is_share = tile.below.endswith("%")
        figures = [f"{aligned}  {tile.below.rjust(SHARE)}" if is_share else f"{figure.strip()} · {tile.below}"]
    rest = [fit(text, width) for text in figures[: lines - 1]]
    return (fit(who, width), *rest, *[" " * width] * (lines - 1 - len(rest)))


def _blocks(tiles: Mapping[Place, Tile]) -> list[list[Place]]:
    """Neighbours of one badge, the first cell of each as it is read."""
    left = {place: tile.badge for place, tile in tiles.items() if tile.badge is not None}
    found = []
    for first in sorted(left):
        if first not in left:
            continue
        badge, block, open_ends = left.pop(first), [first], [first]
        while open_ends:
            row, column = open_ends.pop()
            for place in ((row + 1, column), (row - 1, column), (row, column + 1), (row, column - 1)):
                if left.get(place) == badge:
                    del left[place]
                    block.append(place)
                    open_ends.append(place)
        found.append(sorted(block))
    return found
