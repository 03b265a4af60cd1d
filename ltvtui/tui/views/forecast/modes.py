"""What keys change of a board, in words."""

from __future__ import annotations

from collections.abc import Sequence

from ltvtui.analytics.forecast.forecast import MONTHS
from ltvtui.present.forecast.plots import METRICS
from ltvtui.tui.location import Location
from ltvtui.tui.views.forecast.state import PROOF, TESTED, TOTALS, WIN_BACK, ForecastState


def modes(location: Location, season: str = "", has_value: bool = True) -> tuple[str, ...]:
    """horizon: 12 mo 3/3 (b): what the board shows, and how many choices there are. `season` stands among them, so
    that it is there in a narrow terminal too: of what is last the trail speaks as well. Without `has_value` there is
    one metric."""
    state = location.state(ForecastState)
    horizon = f"horizon: {state.months} mo {_place(state.months, MONTHS)} (b)"
    if state.board == WIN_BACK:
        return (horizon,)
    metric = (
        f"metric: {state.metric} {_place(state.metric, [*METRICS])} (m)" if has_value else "metric: order days alone"
    )
    by = {
        TOTALS: f"by: {' × '.join(location.by)} (d)",
        PROOF: f"tests: {state.tested} {_place(state.tested, TESTED)} (d)",
    }
    return horizon, metric, season, by[state.board]


def _place(chosen: object, choices: Sequence[object]) -> str:
    return f"{choices.index(chosen) + 1}/{len(choices)}"
