"""Commands of Forecast that mean nothing on what it shows: the footer leaves them out, and they say why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ltvtui.tui.views.forecast.state import PROOF, TOTALS, WIN_BACK

WITHOUT_FORECAST: Final = frozenset(
    {
        *("drill", "people", "dimension", "bucket", "metric", "previous_metric", "board", "previous_board", "sort"),
        *("reverse", "search", "plot", "big_plot", "note"),
    }
)
"""Where a shop has told too little."""
ON_BOARD: Final[Mapping[str, frozenset[str]]] = {
    TOTALS: frozenset(),
    PROOF: frozenset({"people", "note"}),
    WIN_BACK: frozenset({"people", "metric", "previous_metric"}),
}
"""By board."""
