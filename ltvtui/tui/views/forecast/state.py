"""What Forecast shows."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from ltvtui.analytics.forecast.forecast import MONTHS
from ltvtui.present.forecast.plots import METRICS
from ltvtui.tui.location import Location, ViewState, choices, days

TOTALS: Final = "totals"
PROOF: Final = "proof"
WIN_BACK: Final = "win back"
BOARDS: Final = (TOTALS, PROOF, WIN_BACK)
"""In the order in which Tab goes through them."""

TESTED: Final = ("of all", "by tier", "by first quarter")
"""Whose forecasts of the past are shown."""


@dataclass(frozen=True)
class ForecastState(ViewState):
    """Which board Forecast shows, and how."""

    board: str = field(default=TOTALS, metadata=choices(BOARDS))
    """One of BOARDS."""
    months: int = field(default=MONTHS[-1], metadata=choices(MONTHS))
    """The horizon: one of forecast.MONTHS."""
    metric: str = field(default="value", metadata=choices(METRICS))
    """What charts and expected columns are of: a key of plots.METRICS."""
    origin: int | None = field(default=None, metadata=days())
    """The test of the past that is shown by tenths of its customers: the day it was made on; None: all tests."""
    tested: str = field(default=TESTED[0], metadata=choices(TESTED))
    """One of TESTED."""

    @property
    def horizons(self) -> tuple[int, ...]:
        """Those up to the one that is shown, which is the last."""
        return MONTHS[: MONTHS.index(self.months) + 1]


def on_board(location: Location, board: str) -> Location:
    """Another board, whose rows stand in their own order."""
    return replace(location.changed(ForecastState, board=board, origin=None), sort=None, search="")
