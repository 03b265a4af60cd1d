"""Forecast as a registered screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from ltvtui.analytics.forecast.forecast import MONTHS
from ltvtui.analytics.forecast.maximum import load
from ltvtui.analytics.forecast.observed import Past
from ltvtui.analytics.forecast.of_snapshot import gate_of
from ltvtui.analytics.forecast.season import YEAR
from ltvtui.days import iso
from ltvtui.present.definitions import EVERYWHERE
from ltvtui.session.dataset import Dataset
from ltvtui.tui.actions.sets import FILTERED, NOTED
from ltvtui.tui.location import Location
from ltvtui.tui.on_demand import on_demand_in
from ltvtui.tui.views.forecast.state import BOARDS, TOTALS, WIN_BACK, ForecastState, on_board
from ltvtui.tui.views.spec import Expected, Outlook, ViewSpec

if TYPE_CHECKING:
    from ltvtui.tui.views.forecast import actions, compute, view
else:
    actions, compute, view = on_demand_in("ltvtui.tui.views.forecast", "actions", "compute", "view")


def _expected(outlook: Outlook) -> Expected:
    """The other horizons, boards, and whoever the row stands for."""
    location, into = outlook.location, outlook.below
    state = location.state(ForecastState)
    horizons = [actions.with_horizon(location, months) for months in MONTHS if months != state.months]
    boards = [on_board(location, board) for board in BOARDS if board != state.board]
    below = [location.at("explore", into, by) for by in outlook.free(into)[:1]] if outlook.row else []
    card = [] if outlook.customer is None else [location.card(outlook.customer)]
    soon = (*horizons, *boards) if "months" in outlook.changed else (*card, *below, *boards, *horizons)
    return Expected(soon)


def _entry(outlook: Outlook) -> Expected:
    """As it was last, once there is time for it."""
    location = outlook.location
    by = location.by if location.query.trail else ("tier",)
    return Expected((), (location.at("forecast", location.query, by),))


def _preparations(dataset: Dataset, location: Location) -> Sequence[Callable[[], object]]:
    """What fitting takes is loaded, the gate is asked, and what a look at the past needs is summed up."""
    day = dataset.as_of(location.query) - YEAR
    past = Past(dataset.activity)
    return load, lambda: gate_of(dataset.snapshot(location.query)), lambda: past.observed(day)


def _describe(location: Location) -> str:
    state = location.state(ForecastState)
    test = "" if state.origin is None else f", test from {iso(state.origin)}"
    return f"forecast by {' × '.join(location.by)}" if state.board == TOTALS else f"forecast: {state.board}{test}"


def _order(location: Location) -> tuple[str, bool] | None:
    if location.state(ForecastState).board != WIN_BACK:
        return None
    from ltvtui.tui.views.forecast.win_back import ORDER

    return ORDER


def _dimensions(location: Location) -> tuple[str | None, ...]:
    return location.by if location.state(ForecastState).board == TOTALS else ()


FORECAST: Final = ViewSpec(
    "forecast",
    view.ForecastScreen,
    compute.forecast,
    compute.complete,
    key="6",
    title="Forecast",
    help="What today's customers will bring, and whom to win back.",
    synonyms=(
        *("predict", "prediction", "expected", "future", "churn", "retention risk", "at risk", "win back"),
        *("p(alive)", "backtest", "season", "next order"),
    ),
    vocabulary=(
        *EVERYWHERE,
        *("P(alive)", "active", "probably left", "lapsed", "lost, one-time", "expected", "exp. LTV"),
        *("at risk", "next order", "late", "unlikely", "past errors", "by past tests", "season ×"),
        *( "off by, bias", "closer, worse", "Gini", "MAE", "last period", "nobody leaves", "tenth", "preliminary"),
    ),
    state=ForecastState,
    reads=frozenset({"trail", "by", "show"}),
    describe=_describe,
    order=_order,
    dimensions=_dimensions,
    actions={
        **FILTERED, **NOTED,
        "drill": actions.DRILL,
        "people": actions.PEOPLE,
        "dimension": actions.DIMENSION,
        "bucket": actions.HORIZON,
        "metric": actions.METRIC,
        "previous_metric": actions.PREVIOUS_METRIC,
        "board": actions.BOARD,
        "previous_board": actions.PREVIOUS_BOARD,
        "sort": actions.SORT,
        "reverse": actions.REVERSE,
        "search": actions.SEARCH,
        "plot": actions.PLOT,
        "big_plot": actions.BIG_PLOT,
    },
    expected=_expected,
    entry=_entry,
    preparations=_preparations,
)  # fmt: skip
