"""Which boards there are."""

from __future__ import annotations

from typing import Final

from ltvtui.present.matrix import ADDS_UP, MEASURES
from ltvtui.tui.location import BOARDS
from ltvtui.tui.matrix_views.board import Board
from ltvtui.tui.matrix_views.crossed import abc_xyz, rfm
from ltvtui.tui.matrix_views.moving import life_cycle, migration

_TABLE: Final = dict(
    zip(
        BOARDS,
        (
            Board(rfm, MEASURES),
            Board(abc_xyz, MEASURES),
            Board(life_cycle, ADDS_UP, since=1),
            Board(migration, ADDS_UP, since=12),
        ),
        strict=True,
    )
)


def board(name: str) -> Board:
    """The board of that name."""
    return _TABLE[name]
