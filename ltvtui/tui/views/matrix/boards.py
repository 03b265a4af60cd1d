"""Which boards there are."""

from __future__ import annotations

from typing import Final

from ltvtui.analytics.segment_metrics import MATRIX_METRICS
from ltvtui.tui.views.matrix.board import Board
from ltvtui.tui.views.matrix.crossed import abc_xyz, rfm
from ltvtui.tui.views.matrix.moving import life_cycle, migration
from ltvtui.tui.views.matrix.state import BOARDS

_ALL: Final = tuple(MATRIX_METRICS)
_SUMS: Final = tuple(name for name, metric in MATRIX_METRICS.items() if metric.adds_up)
_TABLE: Final = dict(
    zip(
        BOARDS,
        (
            Board(rfm, _ALL),
            Board(abc_xyz, _ALL),
            Board(life_cycle, _SUMS, since=1),
            Board(migration, _SUMS, since=12),
        ),
        strict=True,
    )
)


def board(name: str) -> Board:
    """The board of that name."""
    return _TABLE[name]
