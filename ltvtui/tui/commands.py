"""Commands that more than one screen has, and those of the app. What only one screen has stands in its ViewSpec."""

from __future__ import annotations

from functools import partial
from typing import Final

from ltvtui.tui.actions import drilling, rows, terms, views_and_notes, watching
from ltvtui.tui.command import Command

NOT_LOADED: Final = "Nothing is loaded yet."
FIXED_ORDER: Final = "These rows have a fixed order."
NO_PLOT: Final = "This screen has no plot."
NO_NOTES: Final = "Notes need a customer or a segment: press 1 or 2."

COMMANDS: Final[tuple[Command, ...]] = (
    Command("drill", "enter", "⏎", "drill", "Open the row or cell: segments, then customers, then a customer card.",
            "Ask", footer=True, on_rows=True),
    Command("back", "backspace,escape", "Esc", "up", "Go up one step (also Backspace); cancel what is running.",
            "Ask", "always", drilling.back, footer=True),
    Command("people", "c", "c", "people", "List the customers behind the row or cell.", "Ask", footer=True,
            on_rows=True, why_not="The customers are already listed, or no row is selected."),
    Command("dimension", "d", "d", "group by", "Group by another dimension, or by two crossed.", "Ask", footer=True,
            on_rows=True, why_not="Nothing to group here: press 2, 3 or 5."),
    Command("bucket", "b", "b", "period", "Set the cohort period: week to year; on Matrix, the days compared.",
            "Ask", footer=True, why_not="Periods are only on Cohorts and Matrix: press 3 or 4."),
    Command("metric", "m", "m", "next", "Show the next metric of cohorts or cells; elsewhere, the next plot.",
            "Ask", footer=True, why_not="This screen has one plot."),
    Command("previous_metric", "M", "M", "previous metric", "Show the previous metric of cohorts or cells.", "Ask",
            why_not="Metrics are only on Cohorts and Matrix: press 3 or 4."),
    Command("relative", "p", "p", "share", "Switch between figures and shares of the first period, of all or of "
            "the row.", "Ask", footer=True, why_not="Shares are only on Cohorts and Matrix: press 3 or 4."),
    Command("search", "slash", "/", "search", "Search the rows as you type.", "Ask", footer=True, on_rows=True,
            why_not="Nothing to search here."),
    Command("filter", "f", "f", "filter", "Filter customers by an expression, such as country = DK and orders >= 3.",
            "Ask", why_not="Filters need a screen of customers or segments: press 1, 2 or 3."),
    Command("tiers", "t", "t", "tiers", "Change the tier rule and preview its effect.", "Ask", "loaded", terms.tiers,
            why_not=NOT_LOADED, footer=True),
    Command("rules", "u", "u", "thresholds", "Change the thresholds of RFM, ABC and XYZ.", "Ask", "loaded",
            terms.rules, why_not=NOT_LOADED),
    Command("terms", "A", "A", "as of", "As-of day, horizon, churn gap, entry, margin, discount, week start.", "Ask",
            "loaded", terms.terms, why_not=NOT_LOADED, footer=True),
    Command("earlier", "left_square_bracket", "[", "month earlier", "As-of day one month earlier.", "Ask", "loaded",
            partial(terms.step_month, step=-1), why_not=NOT_LOADED),
    Command("later", "right_square_bracket", "]", "month later", "As-of day one month later.", "Ask", "loaded",
            partial(terms.step_month, step=1), why_not=NOT_LOADED),
    Command("views", "v", "v", "views", "Open a saved view, or save the current one under a name.", "Keep", "loaded",
            views_and_notes.views, why_not=NOT_LOADED, footer=True),
    Command("note", "n", "n", "note", "Write a note on the segment or customer under the cursor.", "Keep",
            why_not=NO_NOTES, footer=True, on_rows=True),
    Command("note_trail", "N", "N", "note on all", "Write a note on all customers of the trail.", "Keep",
            why_not=NO_NOTES),
    Command("sort", "s", "s", "sort", "Sort by this column.", "Show", why_not=FIXED_ORDER, footer=True, on_rows=True),
    Command("reverse", "S", "S", "reverse", "Reverse the sort.", "Show", why_not=FIXED_ORDER, on_rows=True),
    Command("intervals", "i", "i", "± 95 %", "Show or hide the 95 % intervals of LTV.", "Show",
            why_not="This screen has no LTV interval: press 1 or 2.", footer=True),
    Command("ages", "E", "E", "equal age", "Switch between the factors of LTV and LTV at 1, 3, 6 and 12 months.",
            "Show", why_not="Segments are only on Overview and Explore: press 1 or 2."),
    Command("plot", "g", "g", "plot", "Show or hide the plot.", "Show", why_not=NO_PLOT, footer=True),
    Command("big_plot", "G", "G", "big plot", "Show only the plot, or the whole screen again.", "Show",
            why_not=NO_PLOT),
    Command("copy", "y", "y", "copy", "Copy the row to the clipboard of your terminal.", "Show", "loaded", rows.copy,
            why_not="No row to copy.", on_rows=True),
    Command("export", "x", "x", "export", "Export the current table, the customers behind it, an ad audience or a "
            "picture.", "Show", "loaded", why_not=NOT_LOADED),
    Command("columns", "C", "C", "columns", "Show and change the column mapping.", "Show", "always"),
    Command("reload", "r", "r", "reload", "Read the database again.", "App", "always"),
    Command("live", "L", "L", "live", "Watch the database: figures update as others write, with ▲ ▼ for changes.",
            "App", "loaded", why_not=NOT_LOADED),
    Command("count_from_now", "equals_sign", "=", "from now", "Count changes from now on while watching.", "App",
            "loaded", watching.count_from_now, why_not=NOT_LOADED),
    Command("help", "question_mark", "?", "help", "Show keys and definitions of this screen.", "App", "always",
            rows.help, footer=True),
    Command("palette", "ctrl+p", "^p", "palette", "Find a command by name.", "App", "always", footer=True),
    Command("repaint", "ctrl+l", "^l", "repaint", "Redraw the screen.", "App", "always"),
    Command("suspend", "ctrl+z", "^z", "to the shell", "Suspend to the command line; `fg` resumes.", "App", "always"),
    Command("quit", "q,ctrl+q", "q", "quit", "Leave.", "App", "always"),
)  # fmt: skip
"""In the order of help and footer, group by group."""

REPAINT: Final = next(command for command in COMMANDS if command.id == "repaint")
