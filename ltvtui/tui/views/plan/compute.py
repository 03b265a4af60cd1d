"""What Plan shows: the board of a step of the plan that is looked at."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ltvtui.present.comparison.doubles import double_words, without_doubles
from ltvtui.present.headline.overview import NOBODY
from ltvtui.present.planning.report import PlanReport
from ltvtui.session.comparison import doubles_of
from ltvtui.session.dataset import Dataset
from ltvtui.session.planning.plan import plan_of
from ltvtui.session.planning.question import PlanQuestion
from ltvtui.tui.location import Location
from ltvtui.tui.views.answer import Answer
from ltvtui.tui.views.budget.compute import terms_of
from ltvtui.tui.views.budget.state import BudgetState
from ltvtui.tui.views.plan.board import PlanBoard, board_of
from ltvtui.tui.views.plan.state import CRITERIA, PlanState
from ltvtui.user_state.notes import notebook_of


@dataclass(frozen=True, eq=False, kw_only=True)
class PlanBoardAnswer(Answer):
    """What the screen shows."""

    report: PlanReport
    board: PlanBoard


def plan_board(dataset: Dataset, location: Location) -> PlanBoardAnswer:
    """The board, of the plan that is saved, was changed, or is filled from the data."""
    state = location.state(PlanState)
    saved = location.changed(BudgetState, draft=location.state(BudgetState).saved)
    asked = PlanQuestion(dataset, location.query, terms_of(dataset, saved), state.plan, notebook_of(state.notes))
    found, same = plan_of(asked), doubles_of(dataset, location.query)
    doubled = double_words(found.drivers.rows, same)
    drivers, repeat = (replace(each, rows=without_doubles(each.rows, same)) for each in (found.drivers, found.repeat))
    report = PlanReport(found, dataset.cleaned.currency, dataset.gross(location.query), dataset.doubts)
    profiles = tuple(
        replace(each, portrait=replace(each.portrait, index=without_doubles(each.portrait.index, same)))
        for each in found.profiles
    )
    shown = replace(found, drivers=drivers, repeat=repeat, profiles=profiles)
    board = board_of(replace(report, found=shown), state.board)
    if state.board == CRITERIA:
        board = replace(board, caption=(*board.caption, *doubled))
    headline = NOBODY if report.found.snapshot.customers.is_empty() else board.headline
    return PlanBoardAnswer(tables=(board.table,), headline=headline, report=report, board=board)
