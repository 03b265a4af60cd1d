"""Which boards there are."""

from __future__ import annotations

from typing import Final

from ltvtui.present.matrix import ADDS_UP, MEASURES
from ltvtui.tui.views.matrix.board import Board
from ltvtui.tui.views.matrix.crossed import abc_xyz, rfm
from ltvtui.tui.views.matrix.moving import life_cycle, migration
from ltvtui.tui.views.matrix.state import BOARDS

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
