"""What keys change on Forecast: its board, horizon, metric and dimension; where a row leads."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from ltvtui.analytics.forecast.forecast import MONTHS
from ltvtui.present.forecast.plots import METRICS
from ltvtui.present.plain import plain
from ltvtui.tui.action_context import Action, ActionContext
from ltvtui.tui.actions import drilling, rows
from ltvtui.tui.dialogs.dimension import DimensionDialog
from ltvtui.tui.location import Location, after
from ltvtui.tui.views.forecast.state import BOARDS, PROOF, TESTED, TOTALS, ForecastState, on_board
from ltvtui.tui.views.forecast.view import NOBODY_BEHIND, ForecastScreen

NO_METRIC: Final = "Win back is by value at risk; s sorts it by another column."
TENTHS: Final = "These are the tenths of one test; Esc leads back to all tests."
LISTED: Final = "The customers are already listed."


def open_only(action: Action) -> Action:
    """`action` where there is a forecast; else it is said why there is none."""

    def run(main_screen: ActionContext) -> None:
        view = main_screen.active
        if isinstance(view, ForecastScreen) and view.why and main_screen.wanted == main_screen.location:
            main_screen.app.notify(plain(view.why), markup=False)
        else:
            action(main_screen)

    return run


def by_board(**actions: Action | str) -> Action:
    """What the board that is wanted does: an action, or why it does nothing."""
    boards = {name.replace("_", " "): action for name, action in actions.items()}

    def run(main_screen: ActionContext) -> None:
        found = boards[main_screen.wanted.state(ForecastState).board]
        if isinstance(found, str):
            main_screen.app.notify(found, markup=False)
        else:
            found(main_screen)

    return open_only(run)


def to_board(step: int) -> Action:
    """The next board, or the one before."""

    def run(main_screen: ActionContext) -> None:
        wanted = main_screen.wanted
        board = after(BOARDS, wanted.state(ForecastState).board, step)
        main_screen.go(on_board(wanted, board), way="stay")

    return open_only(run)


def with_horizon(location: Location, months: int) -> Location:
    """Another horizon; rows that are sorted by what is expected within one stay sorted so."""
    old, sort = f"_{location.state(ForecastState).months}", location.sort
    if sort is not None and sort[0].startswith("expected_") and sort[0].endswith(old):
        sort = (f"{sort[0].removesuffix(old)}_{months}", sort[1])
    return replace(location.changed(ForecastState, months=months, origin=None), sort=sort)


def next_horizon(main_screen: ActionContext) -> None:
    """The next horizon."""
    wanted = main_screen.wanted
    now = MONTHS.index(wanted.state(ForecastState).months)
    main_screen.go(with_horizon(wanted, MONTHS[(now + 1) % len(MONTHS)]), way="stay")


def next_metric(main_screen: ActionContext, step: int) -> None:
    """The next metric, or the one before."""
    wanted = main_screen.wanted
    metric = after(tuple(METRICS), wanted.state(ForecastState).metric, step)
    _show(main_screen, metric=metric)


def metric(step: int) -> Action:
    """What changes the metric, where a board has several."""

    def run(main_screen: ActionContext) -> None:
        next_metric(main_screen, step)

    return by_board(totals=run, proof=run, win_back=NO_METRIC)


def group_by(main_screen: ActionContext) -> None:
    """The same customers by another dimension, on the board of totals."""
    free = [
        name for name in main_screen.dataset.dimensions if name not in main_screen.location.query.fixed_dimensions
    ]

    def to(by: tuple[str, ...]) -> Location:
        return replace(on_board(main_screen.wanted, TOTALS), by=by)

    def chosen(by: tuple[str, ...] | None) -> None:
        if by is not None:
            main_screen.last_dimension = by
            main_screen.go(to(by), way="stay")

    def preview(by: tuple[str, ...]) -> None:
        main_screen.lookahead.expect(to(by))

    dialog = DimensionDialog(free, main_screen.location.by, title="Group by", on_preview=preview)
    main_screen.app.push_screen(dialog, chosen)


def next_groups(main_screen: ActionContext) -> None:
    """Tests of all customers, or of each of their groups."""
    state = main_screen.wanted.state(ForecastState)
    wanted = main_screen.wanted.changed(ForecastState, tested=after(TESTED, state.tested, 1), origin=None)
    main_screen.go(replace(wanted, sort=None), way="stay")


def into_test(main_screen: ActionContext) -> None:
    """The test under the cursor by tenths of its customers."""
    view = main_screen.active
    if main_screen.location.state(ForecastState).origin is not None:
        main_screen.app.notify(TENTHS, markup=False)
    elif isinstance(view, ForecastScreen) and (origin := view.origin()) is not None:
        main_screen.go(replace(main_screen.wanted.changed(ForecastState, origin=origin), sort=None, search=""))
    else:
        main_screen.app.notify(drilling.NO_ROW, markup=False)


def reverse(main_screen: ActionContext) -> None:
    """Reverse the sort; rows that are in their own order begin with those who bring least, or the earliest test."""
    location = main_screen.location
    state = location.state(ForecastState)
    own = {TOTALS: f"expected_value_{state.months}", PROOF: "origin" if state.origin is None else "decile"}
    if location.sort is None and state.board in own:
        main_screen.go(replace(location, sort=(own[state.board], False)), way="stay")
    else:
        rows.reverse(main_screen)


def _show(main_screen: ActionContext, **changes: Any) -> None:
    main_screen.go(main_screen.wanted.changed(ForecastState, **changes), way="stay")


DRILL: Final = by_board(totals=drilling.into_segments, proof=into_test, win_back=drilling.into_customer)
PEOPLE: Final = by_board(totals=drilling.people, proof=NOBODY_BEHIND, win_back=LISTED)
DIMENSION: Final = by_board(totals=group_by, proof=next_groups, win_back=group_by)
SORT: Final = open_only(rows.sort)
REVERSE: Final = open_only(reverse)
SEARCH: Final = open_only(rows.search)
HORIZON: Final = open_only(next_horizon)
METRIC: Final = metric(1)
PREVIOUS_METRIC: Final = metric(-1)
BOARD: Final = to_board(1)
PREVIOUS_BOARD: Final = to_board(-1)
PLOT: Final = open_only(rows.plot)
BIG_PLOT: Final = open_only(rows.big_plot)
