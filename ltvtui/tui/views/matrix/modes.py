"""What keys change of a board, in words."""

from __future__ import annotations

from ltvtui.analytics.segment_metrics import MATRIX_METRICS
from ltvtui.tui.views.matrix.boards import board
from ltvtui.tui.views.matrix.state import MatrixState


def idle_on(state: MatrixState) -> frozenset[str]:
    """Ids of commands that mean nothing on the board that is shown."""
    of_days = frozenset() if board(state.board).since else frozenset({"bucket"})
    return of_days if has_shares(state) else of_days | {"relative"}


def has_shares(state: MatrixState) -> bool:
    """Whether what the cells show has shares: it adds up to a whole."""
    return state.measure not in board(state.board).measures or MATRIX_METRICS[state.measure].adds_up


def modes(state: MatrixState) -> tuple[str, ...]:
    """metric: customers 1/3 (m): what the cells show, and how many metrics there are."""
    measures = board(state.board).measures
    shown = state.measure if state.measure in measures else measures[0]
    return (f"metric: {shown} {measures.index(shown) + 1}/{len(measures)} (m)",)
