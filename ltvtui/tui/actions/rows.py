"""What is done with the rows on screen: their order, which of them, their plot, a copy."""

from __future__ import annotations

from dataclasses import replace

from ltvtui.tui.actions import boards, triangle
from ltvtui.tui.dialogs.help import HelpDialog
from ltvtui.tui.screens.cohorts import Cohorts
from ltvtui.tui.screens.customers import DEAREST_FIRST
from ltvtui.tui.screens.desk import Desk
from ltvtui.tui.screens.matrix import Matrix
from ltvtui.tui.screens.plotted import Plotted


def narrow(desk: Desk) -> None:
    """Open the line that narrows rows."""
    desk.start_narrowing()


def sort(desk: Desk) -> None:
    """Sort by the column under the cursor: figures from the highest, text from A; again: turn round."""
    grid = desk.active.grid
    if grid.table is None:
        return
    key = grid.column_key
    if _order(desk)[0] == key:
        reverse(desk)
        return
    falls = next(c.right for c in grid.table.columns if c.key == key)
    desk.go(replace(desk.place, sort=(key, falls)), way="stay")


def reverse(desk: Desk) -> None:
    """Turn the order round."""
    key, falls = _order(desk)
    desk.go(replace(desk.place, sort=(key or DEAREST_FIRST[0], not falls)), way="stay")


def _order(desk: Desk) -> tuple[str, bool]:
    """The order in force; a table of segments has one of its own, which is by no one column."""
    return desk.place.sort or (DEAREST_FIRST if desk.view == "customers" else ("", True))


def intervals(desk: Desk) -> None:
    """Show or hide the 95 % intervals of LTV."""
    place = desk.wanted
    shown = place.show.with_intervals(desk.shop.snapshot(desk.place.query).customers.height)
    desk.go(replace(place, show=replace(place.show, intervals=not shown)), way="stay")


def ages(desk: Desk) -> None:
    """LTV at equal ages, or its factors."""
    place = desk.wanted
    desk.go(replace(place, show=replace(place.show, ages=not place.show.ages)), way="stay")


def plot(desk: Desk) -> None:
    """Show or hide the plot."""
    desk.active.toggle_plot()


def big_plot(desk: Desk) -> None:
    """The plot alone, and back."""
    desk.active.toggle_big_plot()


def metric(desk: Desk, step: int) -> None:
    """The next metric of cohorts or cells, or the one before; elsewhere the next plot to the front."""
    match desk.active:
        case Cohorts():
            triangle.metric(desk, step)
        case Matrix():
            boards.measure(desk, step)
        case Plotted() as view:
            view.next_plot()


def period(desk: Desk) -> None:
    """The next calendar period of cohorts; of Matrix the days compared."""
    if desk.view == "matrix":
        boards.days(desk)
    else:
        triangle.bucket(desk)


def shares(desk: Desk) -> None:
    """Figures, or shares."""
    if desk.view == "matrix":
        boards.shares(desk)
    else:
        triangle.relative(desk)


def copy(desk: Desk) -> None:
    """Copy the row, or the cell where the cursor is one, by OSC 52, which reaches through SSH."""
    if text := desk.active.copied_text():
        desk.app.copy_to_clipboard(text)
        desk.app.notify(f"{desk.active.grid.cursor.title()} copied to the clipboard of your terminal.", markup=False)


def help(desk: Desk) -> None:
    """Keys that work here, what the columns are, and words."""
    table = None if desk.view == "loading" else desk.active.grid.table
    desk.app.push_screen(HelpDialog(desk.view, table.columns if table else ()))
