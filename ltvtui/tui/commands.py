"""The one registry of commands: keys, footer, palette, help and the README's table all come from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from textual.binding import Binding, BindingType


@dataclass(frozen=True)
class Command:
    """Something a key does."""

    id: str
    """Stable name, for rebinding in the configuration file."""
    keys: str
    """Textual's key names, separated by commas."""
    shown: str
    """How the keys are written on screen."""
    label: str
    """One or two words, for the footer."""
    help: str
    """One sentence, for help, palette and README."""
    group: str
    views: frozenset[str] | None = None
    """Views in which it works; None: in all."""
    why_not: str = ""
    """What is said when the key is pressed elsewhere."""
    footer: bool = False
    """Stands in the footer where it works."""


TABLES: Final = frozenset({"overview", "explore", "cohorts", "matrix", "budget", "customers", "customer", "quality"})
SEGMENTS: Final = frozenset({"overview", "explore"})
PLOTS: Final = frozenset({"overview", "explore", "cohorts", "matrix", "budget", "customer"})
CUTS: Final = frozenset({"overview", "explore", "cohorts", "budget"})
GROUPS: Final = CUTS | {"matrix"}
"""Views of which a row or cell is a group of customers."""
BUDGET: Final = frozenset({"budget"})
HEAT: Final = frozenset({"cohorts", "matrix"})
LOADED: Final = TABLES
SORTED: Final = SEGMENTS | {"budget", "customers"}
ON_ROWS: Final = frozenset({"drill", "people", "dimension", "sort", "reverse", "copy", "mark", "note", "search"})
"""Commands on the row or cell under the cursor: pressed ahead, they mean the rows that are yet to come."""
SELECTIONS: Final = GROUPS | {"customers"}
"""Views of a selection of customers, over which the key figures stand."""
INTERVALS: Final = SELECTIONS - {"budget"}
"""Views under key figures of which the interval can be shown; a budget always rests on its intervals."""
NOTED: Final = SELECTIONS | {"customer"}
"""Views of customers, about whom something can be noted."""

COMMANDS: Final[tuple[Command, ...]] = (
    Command("overview", "1", "1", "Overview", "Tiers, Pareto, revenue by month, value over time.", "Screens", LOADED,
            "Nothing is loaded yet."),
    Command("explore", "2", "2", "Explore", "Segments by any dimension; drill down to their customers.", "Screens",
            LOADED, "Nothing is loaded yet."),
    Command("cohorts", "3", "3", "Cohorts", "Who came back when: cohorts by first order or any attribute.", "Screens",
            LOADED, "Nothing is loaded yet."),
    Command("matrix", "4", "4", "Matrix", "RFM, ABC × XYZ, life cycle and tier migration, with their thresholds.",
            "Screens", LOADED, "Nothing is loaded yet."),
    Command("budget", "5", "5", "Budget", "What a customer may cost: spend, CAC, LTV, payback and what-if.",
            "Screens", LOADED, "Nothing is loaded yet."),
    Command("quality", "8", "8", "Quality", "What was read, what was left out and why, and the column "
        "mapping.", "Screens",
            LOADED, "Nothing is loaded yet."),
    Command("drill", "enter", "⏎", "drill", "Open the row or cell: segments, then customers, then a customer card.",
            "Ask", SELECTIONS, "", footer=True),
    Command("what_if", "w", "w", "what if", "Try another margin, target, horizon, payback limit, discount or period.",
            "Ask", BUDGET, "What-if is only on Budget: press 5.", footer=True),
    Command("spend", "e", "e", "spend", "Enter the spend of a channel.", "Ask", BUDGET,
            "Spend is only on Budget: press 5.", footer=True),
    Command("as_agreed", "0", "0", "reset", "Reset to the saved settings.", "Ask", BUDGET,
            "What-if is only on Budget: press 5.", footer=True),
    Command("agree", "W", "W", "keep", "Save these settings as default, for all screens; A changes them.",
            "Ask", BUDGET, "What-if is only on Budget: press 5."),
    Command("join", "J", "J", "join", "Match a name in the spend to a channel.", "Ask", BUDGET,
            "Spend is only on Budget: press 5.", footer=True),
    Command("board", "tab", "Tab", "board", "Go to the next Matrix board.", "Ask", frozenset({"matrix"}),
            "Only on Matrix: press 4.", footer=True),
    Command("previous_board", "shift+tab", "⇧Tab", "previous board", "Go to the previous Matrix board.", "Ask",
            frozenset({"matrix"}), "Only on Matrix: press 4."),
    Command("back", "backspace,escape", "Esc", "up", "Go up one step (also Backspace); cancel what is "
        "running.", "Ask",
            footer=True),
    Command("people", "c", "c", "people", "List the customers behind the row or cell.", "Ask", GROUPS,
            "The customers are already listed, or no row is selected.", footer=True),
    Command("dimension", "d", "d", "group by", "Group by another dimension, or by two crossed.", "Ask", CUTS,
            "Nothing to group here: press 2, 3 or 5.", footer=True),
    Command("bucket", "b", "b", "period", "Set the cohort period: week to year; on Matrix, the days compared.",
            "Ask", HEAT, "Periods are only on Cohorts and Matrix: press 3 or 4.", footer=True),
    Command("metric", "m", "m", "next", "Show the next metric of cohorts or cells; elsewhere, the next plot.",
            "Ask", GROUPS, "This screen has one plot.", footer=True),
    Command("previous_metric", "M", "M", "previous metric", "Show the previous metric of cohorts or cells.", "Ask",
            HEAT, "Metrics are only on Cohorts and Matrix: press 3 or 4."),
    Command("relative", "p", "p", "share", "Switch between figures and shares of the first period, of all or of "
        "the row.", "Ask",
            HEAT, "Shares are only on Cohorts and Matrix: press 3 or 4.", footer=True),
    Command("mark", "space", "Spc", "mark", "Mark the cohort to draw its curve.", "Ask",
            frozenset({"cohorts"}), "Marking is only on Cohorts: press 3.", footer=True),
    Command("search", "slash", "/", "search", "Search the rows as you type.", "Ask",
            frozenset({"explore", "customers", "customer"}), "Nothing to search here.", footer=True),
    Command("filter", "f", "f", "filter", "Filter customers by an expression, such as country = DK and orders >= 3.",
            "Ask", SELECTIONS, "Filters need a screen of customers or segments: press 1, 2 or 3."),
    Command("tiers", "t", "t", "tiers", "Change the tier rule and preview its effect.", "Ask", LOADED,
            "Nothing is loaded yet.", footer=True),
    Command("rules", "u", "u", "thresholds", "Change the thresholds of RFM, ABC and XYZ.", "Ask", LOADED,
            "Nothing is loaded yet."),
    Command("terms", "A", "A", "as of", "As-of day, horizon, churn gap, entry, margin, discount, week start.", "Ask",
            LOADED, "Nothing is loaded yet.", footer=True),
    Command("earlier", "left_square_bracket", "[", "month earlier", "As-of day one month earlier.", "Ask", LOADED,
            "Nothing is loaded yet."),
    Command("later", "right_square_bracket", "]", "month later", "As-of day one month later.", "Ask", LOADED,
            "Nothing is loaded yet."),
    Command("views", "v", "v", "views", "Open a saved view, or save the current one under a name.", "Keep", LOADED,
            "Nothing is loaded yet.", footer=True),
    Command("note", "n", "n", "note", "Write a note on the segment or customer under the cursor.",
            "Keep", NOTED, "Notes need a customer or a segment: press 1 or 2.", footer=True),
    Command("note_trail", "N", "N", "note on all", "Write a note on all customers of the trail.", "Keep", NOTED,
            "Notes need a customer or a segment: press 1 or 2."),
    Command("sort", "s", "s", "sort", "Sort by this column.", "Show", SORTED, "These rows have a fixed order.",
            footer=True),
    Command("reverse", "S", "S", "reverse", "Reverse the sort.", "Show", SORTED,
            "These rows have a fixed order."),
    Command("intervals", "i", "i", "± 95 %", "Show or hide the 95 % intervals of LTV.", "Show", INTERVALS,
            "This screen has no LTV interval: press 1 or 2.", footer=True),
    Command("ages", "E", "E", "equal age", "Switch between the factors of LTV and LTV at 1, 3, 6 and 12 months.",
            "Show", SEGMENTS, "Segments are only on Overview and Explore: press 1 or 2."),
    Command("plot", "g", "g", "plot", "Show or hide the plot.", "Show", PLOTS, "This screen has no plot.",
            footer=True),
    Command("big_plot", "G", "G", "big plot", "Show only the plot, or the whole screen again.", "Show", PLOTS,
            "This screen has no plot."),
    Command("copy", "y", "y", "copy", "Copy the row to the clipboard of your terminal.", "Show", TABLES,
            "No row to copy."),
    Command("export", "x", "x", "export", "Export the current table, the customers behind "
            "it, an ad audience or a picture.", "Show", TABLES, "Nothing is loaded yet."),
    Command("columns", "C", "C", "columns", "Show and change the column mapping.", "Show",
            frozenset({*LOADED, "loading"}), "The column mapping is already open.", footer=False),
    Command("reload", "r", "r", "reload", "Read the database again.", "App", frozenset({*LOADED, "loading"}),
            "The database is being read."),
    Command("live", "L", "L", "live", "Watch the database: figures update as others write, with ▲ ▼ for changes.",
            "App", LOADED, "Nothing is loaded yet."),
    Command("count_from_now", "equals_sign", "=", "from now", "Count changes from now on while watching.", "App",
            LOADED, "Nothing is loaded yet."),
    Command("feed", "o", "o", "newest", "Show or hide the newest orders.", "Show", frozenset({"overview"}),
            "The newest orders are only on Overview: press 1."),
    Command("help", "question_mark", "?", "help", "Show keys and definitions of this screen.", "App", footer=True),
    Command("palette", "ctrl+p", "^p", "palette", "Find a command by name.", "App", footer=True),
    Command("repaint", "ctrl+l", "^l", "repaint", "Redraw the screen.", "App"),
    Command("suspend", "ctrl+z", "^z", "to the shell", "Suspend to the command line; `fg` resumes.", "App"),
    Command("quit", "q,ctrl+q", "q", "quit", "Leave.", "App"),
)  # fmt: skip

MOVES: Final[tuple[tuple[str, str, str], ...]] = (
    ("up,k", "move(-1, 0)", "Row up"),
    ("down,j", "move(1, 0)", "Row down"),
    ("left,h", "move(0, -1)", "Column left"),
    ("right,l", "move(0, 1)", "Column right"),
    ("pageup,ctrl+b", "page(-1)", "Page up"),
    ("pagedown,ctrl+f", "page(1)", "Page down"),
    ("shift+left", "pan(-1)", "Columns left"),
    ("shift+right", "pan(1)", "Columns right"),
    ("home", "edge(False)", "First row"),
    ("end", "edge(True)", "Last row"),
    ("enter", "choose", "Select the row"),
)
"""Keys of the large table: (keys, action, what it does)."""

MOVE_SHOWN: Final = "← ↑ ↓ →, h j k l, ⇧← ⇧→, PgUp PgDn, Home End"


PARAMETER_KEYS: Final[tuple[tuple[str, str, str], ...]] = (
    ("left,h", "turn(-1)", "Less"),
    ("right,l", "turn(1)", "More"),
    ("tab,space", "choose(1)", "Next value"),
    ("shift+tab", "choose(-1)", "Previous value"),
    ("enter", "take", "Accept the entry"),
    ("escape,up,down", "leave", "Back to the table"),
    ("backspace,delete", "reset", "Reset to saved"),
)
"""Keys of the what-if line: (keys, action, what it does)."""

DOUBTS: Final[tuple[tuple[str, str, str], ...]] = (
    ("enter", "open", "Show the doubts"),
    ("down,j,escape", "leave", "Back to the table"),
)
"""Keys of the line of doubts: (keys, action, what it does)."""

TELLING: Final[tuple[tuple[str, str, str], ...]] = (
    ("down,j", "scroll(1)", "Scroll down"),
    ("up,k", "scroll(-1)", "Scroll up"),
)
"""Keys of sentences that scroll: (keys, action, what it does)."""

KNOBS_SHOWN: Final = "← → step · type a value, ⏎ · Tab next · ⌫ reset · Esc table"


DIALOGS: Final[dict[str, tuple[tuple[str, str, str], ...]]] = {
    "every": (("escape", "leave", "Close without changes"),),
    "dimension": (("space", "mark", "Mark to cross two"),),
    "export": (("up", "what(-1)", "Previous kind"), ("down", "what(1)", "Next kind")),
    "tiers": (("up", "kind(-1)", "Previous rule"), ("down", "kind(1)", "Next rule")),
    "filter": (
        ("up", "choose(-1)", "Previous suggestion"),
        ("down", "choose(1)", "Next suggestion"),
        ("tab", "take", "Accept the suggestion"),
    ),
    "help": (
        ("question_mark,q,enter", "leave", "Leave"),
        ("j", "scroll(1)", "Scroll down"),
        ("k", "scroll(-1)", "Scroll up"),
    ),
    "views": (
        ("up", "choose(-1)", "Previous view"),
        ("down", "choose(1)", "Next view"),
        ("delete", "remove", "Remove the view"),
    ),
    "note": (("ctrl+s", "keep", "Save the note"),),
    "period": (
        ("up", "choose(-1)", "Previous recording"),
        ("down", "choose(1)", "Next recording"),
    ),
    "mapping": (
        ("ctrl+s", "accept", "Use and save the mapping"),
        ("escape", "leave", "Close without changes"),
        ("up", "app.focus_previous", "Previous field"),
        ("down", "app.focus_next", "Next field"),
    ),
}
"""Keys of each dialog: (keys, action, what it does)."""


_BEFORE_FIELDS: Final = frozenset({"dimension", "filter", "mapping", "note", "period", "views"})
"""Dialogs whose keys a field must not take."""


def bindings() -> list[BindingType]:
    """Bindings of all commands; each runs the action `command(id)`."""
    return [
        Binding(c.keys, f"command('{c.id}')", c.label, id=c.id, tooltip=c.help, show=c.footer)
        for c in COMMANDS
        if c.id != "drill"  # the table itself takes Enter
    ]


def move_bindings() -> list[BindingType]:
    """Bindings of the large table."""
    return _fixed("move", MOVES)


def parameter_bindings() -> list[BindingType]:
    """Bindings of the what-if line; they go before those of the screen."""
    return _fixed("what_if", PARAMETER_KEYS)


def doubt_bindings() -> list[BindingType]:
    """Bindings of the line of doubts; they go before those of the screen."""
    return _fixed("doubts", DOUBTS)


def telling_bindings() -> list[BindingType]:
    """Bindings of sentences that scroll."""
    return _fixed("telling", TELLING)


def dialog_bindings(name: str) -> list[BindingType]:
    """Bindings of a dialog; they go before those of the field in focus."""
    return _fixed(name, DIALOGS[name], priority=name in _BEFORE_FIELDS)


def _fixed(name: str, keys: tuple[tuple[str, str, str], ...], priority: bool = False) -> list[BindingType]:
    return [
        Binding(key, action, what, id=f"{name}.{what.lower().replace(' ', '_')}", show=False, priority=priority)
        for key, action, what in keys
    ]


def find(id: str) -> Command:
    """The command of that id."""
    return next(c for c in COMMANDS if c.id == id)


def works(command: Command, view: str) -> bool:
    """True where the command can be used in `view`."""
    return command.views is None or view in command.views


def belongs(command: Command) -> bool:
    """True for a command of certain views: pressed ahead, it means the one that is yet to come."""
    return command.views is not None and not command.views >= LOADED


def in_view(view: str) -> Iterator[Command]:
    """Commands that work in `view`, in the order of the registry."""
    return (c for c in COMMANDS if works(c, view))


def key_table() -> str:
    """The registry as a Markdown table, for the README."""
    rows = [f"| {MOVE_SHOWN} | move |"] + [f"| {c.shown} | {c.help.rstrip('.')} |" for c in COMMANDS]
    return "\n".join(("| key | does |", "|---|---|", *rows)) + "\n"
