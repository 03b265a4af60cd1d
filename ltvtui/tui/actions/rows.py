"""What is done with the rows on screen: their order, which of them, their plot, a copy."""

from __future__ import annotations

from dataclasses import replace

from ltvtui.exporting.customers import DEAREST_FIRST
from ltvtui.present.definitions import DEFINITIONS
from ltvtui.present.doubts import doubts_in_full
from ltvtui.tui.action_context import ActionContext
from ltvtui.tui.dialogs.help import HelpDialog
from ltvtui.tui.dialogs.remarks import RemarksDialog


def search(main_screen: ActionContext) -> None:
    """Open the line in which rows are searched."""
    main_screen.frame.open_search(main_screen.location.search)


def sort(main_screen: ActionContext) -> None:
    """Sort by the column under the cursor: figures from the highest, text from A; again: turn round."""
    grid = main_screen.active.grid
    if grid.table is None or not grid.table.height:
        main_screen.app.notify("No rows to sort.", markup=False)
        return
    key = grid.column_key
    if _order(main_screen)[0] == key:
        reverse(main_screen)
        return
    falls = next(c.right for c in grid.table.columns if c.key == key)
    main_screen.go(replace(main_screen.location, sort=(key, falls)), way="stay")


def reverse(main_screen: ActionContext) -> None:
    """Reverse the sort."""
    key, falls = _order(main_screen)
    main_screen.go(replace(main_screen.location, sort=(key or DEAREST_FIRST[0], not falls)), way="stay")


def _order(main_screen: ActionContext) -> tuple[str, bool]:
    """The order in force; a table of segments has one of its own, which is by no one column."""
    location = main_screen.location
    return location.sort or main_screen.registry.view(location.view).order(location) or ("", True)


def intervals(main_screen: ActionContext) -> None:
    """Show or hide the 95 % intervals of LTV."""
    location = main_screen.wanted
    shown = location.show.with_intervals(main_screen.dataset.snapshot(main_screen.location.query).customers.height)
    main_screen.go(replace(location, show=replace(location.show, intervals=not shown)), way="stay")


def ages(main_screen: ActionContext) -> None:
    """LTV at equal ages, or its factors."""
    location = main_screen.wanted
    main_screen.go(replace(location, show=replace(location.show, ages=not location.show.ages)), way="stay")


def plot(main_screen: ActionContext) -> None:
    """Show or hide the plot."""
    main_screen.active.toggle_plot()


def big_plot(main_screen: ActionContext) -> None:
    """Show only the plot, or the whole screen again."""
    main_screen.active.toggle_big_plot()


def next_plot(main_screen: ActionContext) -> None:
    """The next plot to the front."""
    if main_screen.active.plots is not None:
        main_screen.active.plots.next()


def copy(main_screen: ActionContext) -> None:
    """Copy the row, or the cell where the cursor is one, by OSC 52, which reaches through SSH."""
    if text := main_screen.active.copied_text():
        main_screen.app.copy_to_clipboard(text)
        main_screen.app.notify(
            f"{main_screen.active.grid.cursor.title()} copied to the clipboard of your terminal.", markup=False
        )
    else:
        main_screen.app.notify("No row to copy.", markup=False)


def remarks(main_screen: ActionContext) -> None:
    """All that the screen says in words, and has no room for: the sentence, doubts, notes beside the figures."""
    doubts = () if main_screen.is_loading else doubts_in_full(main_screen.dataset.doubts)
    sections = (
        ("In a sentence", main_screen.frame.clauses),
        ("Doubts about what was read", doubts),
        ("Notes", main_screen.frame.notes),
    )
    of = main_screen.registry.view(main_screen.view).title
    lines = [(heading, [_as_sentence(line) for line in dict.fromkeys(lines) if line]) for heading, lines in sections]
    main_screen.app.push_screen(RemarksDialog(lines, of=of))


def _as_sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def help(main_screen: ActionContext) -> None:
    """Keys that work here, what the columns are, and words."""
    table = None if main_screen.is_loading else main_screen.active.grid.table
    commands = tuple(main_screen.registry.commands_of(main_screen.view))
    words = () if main_screen.is_loading else main_screen.registry.view(main_screen.view).vocabulary
    definitions = {word: DEFINITIONS[word] for word in words}
    of = "" if main_screen.is_loading else main_screen.registry.view(main_screen.view).title
    idle = () if main_screen.is_loading else main_screen.active.idle
    columns = table.columns if table else ()
    main_screen.app.push_screen(HelpDialog(commands, columns, definitions, of=of, idle=idle))
