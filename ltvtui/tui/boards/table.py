"""Which boards there are, in the order in which Tab goes through them."""

from __future__ import annotations

from typing import Final

from ltvtui.tui.boards.board import Board
from ltvtui.tui.boards.crossed import abc_xyz, rfm
from ltvtui.tui.boards.moving import life_cycle, migration

BOARDS: Final = (
    Board("RFM", rfm, measures=True),
    Board("ABC × XYZ", abc_xyz, measures=True),
    Board("life cycle", life_cycle, measures=False, since=1),
    Board("tier migration", migration, measures=False, since=12),
)


def board(name: str) -> Board:
    """The board of that name."""
    return next(board for board in BOARDS if board.name == name)
