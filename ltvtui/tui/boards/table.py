"""Which boards there are."""

from __future__ import annotations

from typing import Final

from ltvtui.tui.boards.board import Board
from ltvtui.tui.boards.crossed import abc_xyz, rfm
from ltvtui.tui.boards.moving import life_cycle, migration
from ltvtui.tui.place import BOARDS

_TABLE: Final = dict(
    zip(
        BOARDS,
        (
            Board(rfm, measures=True),
            Board(abc_xyz, measures=True),
            Board(life_cycle, measures=False, since=1),
            Board(migration, measures=False, since=12),
        ),
        strict=True,
    )
)


def board(name: str) -> Board:
    """The board of that name."""
    return _TABLE[name]
