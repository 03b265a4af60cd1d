"""What keys change of a board, in words."""

from __future__ import annotations

from ltvtui.tui.views.matrix.boards import board
from ltvtui.tui.views.matrix.state import MatrixState


def modes(state: MatrixState) -> tuple[str, ...]:
    """metric: customers 1/3 (m): what the cells show, and how many metrics there are."""
    measures = board(state.board).measures
    shown = state.measure if state.measure in measures else measures[0]
    return (f"metric: {shown} {measures.index(shown) + 1}/{len(measures)} (m)",)
