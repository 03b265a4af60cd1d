"""Commands that more than one screen has, and those of the app. What only one screen has stands in its ViewSpec."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from ltvtui.tui.actions import drilling
from ltvtui.tui.command import Command
from ltvtui.tui.keys import REPAINT
from ltvtui.tui.on_demand import on_demand_in

if TYPE_CHECKING:
    from ltvtui.tui.actions import rows, terms, views_and_notes, watching
else:
    rows, terms, views_and_notes, watching = on_demand_in(
        "ltvtui.tui.actions", "rows", "terms", "views_and_notes", "watching"
    )

NOT_LOADED: Final = "Nothing is loaded yet."
FIXED_ORDER: Final = "These rows have a fixed order."
NO_PLOT: Final = "This screen has no plot."
NO_NOTES: Final = "Notes need a customer or a segment: press 1 or 2."

COMMANDS: Final[tuple[Command, ...]] = (
    Command("drill", "enter", "⏎", "drill", "Open the row or cell: segments, customers, then a customer.", "Ask",
            footer=90, on_rows=True, why_not="This row leads nowhere further.", synonyms=("open", "go into")),
    Command("up", "escape", "Esc", "up", "Go up one step of the trail; cancel what is running.", "Ask", "always",
            drilling.up, footer=85, synonyms=("cancel", "stop", "close", "parent")),
    Command("back", "backspace", "⌫", "back", "Go back to the screen before this one.", "Ask", "always",
            drilling.back, footer=28, synonyms=("undo", "return", "previous screen")),
    Command("people", "c", "c", "people", "List the customers behind the row or cell.", "Ask", footer=75,
            on_rows=True, why_not="The customers are already listed, or no row is selected.",
            synonyms=("customers", "list", "who")),
    Command("dimension", "d", "d", "group", "Group by another dimension, or by two crossed.", "Ask", footer=80,
            on_rows=True, why_not="Nothing to group here: press 2, 3, 5 or 6.",
            synonyms=("group by", "dimension", "split", "break down", "pivot", "cross")),
    Command("board", "tab", "Tab", "board", "Go to the next board of the screen.", "Ask", footer=88,
            why_not="Boards are only on 4 Matrix, 6 Forecast, 7 Compare, ^n Plan and portraits (P).",
            synonyms=("next board", "abc", "rfm", "life cycle", "migration", "backtest", "win back")),
    Command("previous_board", "shift+tab", "⇧Tab", "previous board", "Go to the previous board.", "Ask",
            why_not="Boards are only on 4 Matrix, 6 Forecast, 7 Compare, ^n Plan and portraits (P)."),
    Command("bucket", "b", "b", "period", "Set the cohort period, the days compared, or the horizon.", "Ask",
            footer=68, why_not="Periods are only on Cohorts, Matrix and Forecast: press 3, 4 or 6.",
            synonyms=("week", "month", "quarter", "year", "compare days", "horizon")),
    Command("metric", "m", "m", "next", "Show the next metric; elsewhere, the next plot.", "Ask", footer=70,
            why_not="This screen has one plot.", synonyms=("metric", "next plot", "measure")),
    Command("previous_metric", "M", "M", "previous metric", "Show the previous metric of cohorts or cells.", "Ask",
            why_not="Metrics are only on Cohorts, Matrix and Forecast: press 3, 4 or 6."),
    Command("relative", "p", "p", "share", "Switch between figures and shares.", "Ask", footer=62,
            why_not="Shares are only on Cohorts and Matrix: press 3 or 4.", synonyms=("percent", "relative")),
    Command("search", "slash", "/", "search", "Search the rows as you type.", "Ask", footer=55, on_rows=True,
            why_not="Nothing to search here.", synonyms=("find", "look up", "filter rows")),
    Command("filter", "f", "f", "filter", "Filter customers, such as country = DK and orders >= 3.", "Ask",
            footer=84, why_not="Filters need a screen of customers or segments: press 1, 2 or 3.",
            synonyms=("search", "where", "query", "select customers", "narrow")),
    Command("tiers", "t", "t", "tiers", "Change the tier rule and preview its effect.", "Ask", "loaded", terms.tiers,
            why_not=NOT_LOADED, footer=40, synonyms=("vip", "middle", "economy", "tier rule")),
    Command("rules", "u", "u", "thresholds", "Change the thresholds of RFM, ABC and XYZ.", "Ask", "loaded",
            terms.rules, why_not=NOT_LOADED, footer=8, synonyms=("rfm", "abc", "xyz", "quantiles", "cuts")),
    Command("terms", "A", "A", "as of", "Change day, horizon, churn gap, entry, margin, discount.", "Ask", "loaded",
            terms.terms, why_not=NOT_LOADED, footer=50,
            synonyms=("settings", "date", "day", "horizon", "churn", "margin", "discount", "week start", "options")),
    Command("earlier", "left_square_bracket", "[", "earlier", "Move the as-of day one month earlier.", "Ask",
            "loaded", partial(terms.step_month, step=-1), why_not=NOT_LOADED, footer=6,
            synonyms=("previous month", "past")),
    Command("later", "right_square_bracket", "]", "month later", "Move the as-of day one month later.", "Ask",
            "loaded", partial(terms.step_month, step=1), why_not=NOT_LOADED, footer=5, synonyms=("next month",)),
    Command("views", "v", "v", "views", "Open a saved view, or save the current one.", "Keep", "loaded",
            views_and_notes.views, why_not=NOT_LOADED, footer=35, synonyms=("save", "bookmark", "open view")),
    Command("note", "n", "n", "note", "Write a note on the segment or customer of the row.", "Keep",
            why_not=NO_NOTES, footer=32, on_rows=True, synonyms=("comment", "name", "remark")),
    Command("note_trail", "N", "N", "note on all", "Write a note on all customers of the trail.", "Keep",
            why_not=NO_NOTES, synonyms=("comment",)),
    Command("sort", "s", "s", "sort", "Sort by this column.", "Show", why_not=FIXED_ORDER, footer=58, on_rows=True,
            synonyms=("order by", "rank")),
    Command("reverse", "S", "S", "reverse", "Reverse the sort.", "Show", why_not=FIXED_ORDER, footer=4, on_rows=True,
            synonyms=("ascending", "descending")),
    Command("intervals", "i", "i", "± 95 %", "Show or hide the 95 % intervals of LTV.", "Show",
            why_not="This screen has no LTV interval: press 1 or 2.", footer=30,
            synonyms=("intervals", "confidence", "error", "uncertainty")),
    Command("ages", "E", "E", "equal age", "Switch between the factors of LTV and LTV at equal ages.", "Show",
            why_not="Segments are only on Overview and Explore: press 1 or 2.", footer=12,
            synonyms=("age", "ltv at 3 months")),
    Command("plot", "g", "g", "plot", "Show or hide the plot.", "Show", why_not=NO_PLOT, footer=60,
            synonyms=("chart", "graph", "curve", "heat map")),
    Command("big_plot", "G", "G", "big plot", "Show only the plot, or the whole screen again.", "Show",
            why_not=NO_PLOT, footer=10, synonyms=("chart", "full screen", "zoom")),
    Command("copy", "y", "y", "copy", "Copy the row to the clipboard of your terminal.", "Show", "loaded", rows.copy,
            why_not="No row to copy.", on_rows=True, footer=15, synonyms=("yank", "clipboard")),
    Command("export", "x", "x", "export", "Export the table, its customers, an audience or a picture.", "Show",
            "loaded", why_not=NOT_LOADED, footer=82,
            synonyms=("pdf", "csv", "excel", "xlsx", "parquet", "picture", "svg", "image", "screenshot", "audience",
                      "download", "save as", "write file")),
    Command("columns", "C", "C", "columns", "Show and change the column mapping.", "Show", "always", footer=7,
            synonyms=("mapping", "fields", "tables", "schema")),
    Command("remarks", "exclamation_mark", "!", "remarks", "Read all remarks: the whole sentence, notes, cautions.",
            "Show", "loaded", rows.remarks, why_not=NOT_LOADED, footer=48,
            synonyms=("notes", "warnings", "more", "read all", "caveats", "why")),
    Command("reload", "r", "r", "reload", "Read the database again.", "App", "always", footer=9,
            synonyms=("refresh", "reread")),
    Command("live", "L", "L", "live", "Watch the database: ▲ ▼ mark what changes.", "App", "loaded",
            why_not=NOT_LOADED, footer=14, synonyms=("watch", "follow", "auto refresh")),
    Command("count_from_now", "equals_sign", "=", "from now", "Count changes from now on while watching.", "App",
            "loaded", watching.count_from_now, why_not=NOT_LOADED, synonyms=("baseline", "reset changes")),
    Command("help", "question_mark", "?", "help", "Show the keys and words of this screen.", "App", "always",
            rows.help, footer=1, synonyms=("keys", "shortcuts", "definitions", "glossary", "manual")),
    Command("palette", "ctrl+p", "^p", "palette", "Find a command by name.", "App", "always", footer=1),
    Command("end_tour", "X", "X", "end tour", "Close the tour of the demo shop for good.", "App", "loaded",
            watching.end_tour, why_not=NOT_LOADED),
    Command("repaint", REPAINT, "^l", "repaint", "Redraw the screen.", "App", "always",
            synonyms=("redraw", "clear")),
    Command("suspend", "ctrl+z", "^z", "to the shell", "Suspend to the command line; `fg` resumes.", "App", "always",
            synonyms=("shell", "background")),
    Command("quit", "q,ctrl+q", "q", "quit", "Leave.", "App", "always", footer=3,
            synonyms=("exit", "leave", "close")),
)  # fmt: skip
"""In the order of help, group by group."""
