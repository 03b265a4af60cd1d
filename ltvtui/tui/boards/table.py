"""Which boards there are."""

from __future__ import annotations

from typing import Final

from ltvtui.present.matrix import ADDS_UP, MEASURES
from ltvtui.tui.boards.board import Board
from ltvtui.tui.boards.crossed import abc_xyz, rfm
from ltvtui.tui.boards.moving import life_cycle, migration
from ltvtui.tui.place import BOARDS

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
