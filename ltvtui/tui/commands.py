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
    Command("explore", "2", "2", "Explore", "Any dimension as a table; drill to the people behind a row.", "Screens",
            LOADED, "Nothing is loaded yet."),
    Command("cohorts", "3", "3", "Cohorts", "Who came back when: cohorts by first order or any attribute.", "Screens",
            LOADED, "Nothing is loaded yet."),
    Command("matrix", "4", "4", "Matrix", "RFM, ABC × XYZ, life cycle and tier migration, with their thresholds.",
            "Screens", LOADED, "Nothing is loaded yet."),
    Command("budget", "5", "5", "Budget", "What a customer may cost: spend, CAC, LTV, payback, and what if.",
            "Screens", LOADED, "Nothing is loaded yet."),
    Command("quality", "8", "8", "Quality", "What was read and left out, and how columns were understood.", "Screens",
            LOADED, "Nothing is loaded yet."),
    Command("drill", "enter", "⏎", "drill", "Go into the row or cell: segments, then customers, then a card.",
            "Ask", SELECTIONS, "", footer=True),
    Command("what_if", "w", "w", "what if", "Try another margin, target, horizon, payback limit, discount or period.",
            "Ask", BUDGET, "What-if belongs to Budget: press 5.", footer=True),
    Command("spend", "e", "e", "spend", "Type in what was spent on a channel.", "Ask", BUDGET,
            "Spend belongs to Budget: press 5.", footer=True),
    Command("as_agreed", "0", "0", "reset", "Reset to the saved settings.", "Ask", BUDGET,
            "What-if belongs to Budget: press 5.", footer=True),
    Command("agree", "W", "W", "keep", "Save these settings as default, for all screens; A changes them.",
            "Ask", BUDGET, "What-if belongs to Budget: press 5."),
    Command("join", "J", "J", "join", "Say which channel a name in the spend means.", "Ask", BUDGET,
            "Spend belongs to Budget: press 5.", footer=True),
    Command("board", "tab", "Tab", "board", "The next board of Matrix.", "Ask", frozenset({"matrix"}),
            "Only on Matrix: press 4.", footer=True),
    Command("previous_board", "shift+tab", "⇧Tab", "board back", "The board of Matrix before.", "Ask",
            frozenset({"matrix"}), "Only on Matrix: press 4."),
    Command("back", "backspace,escape", "Esc", "up", "Up one step (Backspace too); cancels what is running.", "Ask",
            footer=True),
    Command("people", "c", "c", "people", "List the customers behind the row or cell.", "Ask", GROUPS,
            "The customers are listed already, or there is no row to take them from.", footer=True),
    Command("dimension", "d", "d", "group by", "Group by another dimension, or by two crossed.", "Ask", CUTS,
            "There is nothing to cut here: press 2, 3 or 5.", footer=True),
    Command("bucket", "b", "b", "period", "Cohorts by week, month, quarter or year; of Matrix the days compared.",
            "Ask", HEAT, "Periods are those of Cohorts and Matrix: press 3 or 4.", footer=True),
    Command("metric", "m", "m", "next", "The next metric of cohorts or cells; elsewhere the next plot to the front.",
            "Ask", GROUPS, "This screen has one plot.", footer=True),
    Command("previous_metric", "M", "M", "metric back", "The metric of cohorts or cells before.", "Ask", HEAT,
            "Metrics are those of Cohorts and Matrix: press 3 or 4."),
    Command("relative", "p", "p", "share", "Figures or shares: of a cohort's first period, of all, of a row.", "Ask",
            HEAT, "Shares are shown on Cohorts and Matrix: press 3 or 4.", footer=True),
    Command("mark", "space", "Spc", "mark", "Mark the cohort, so that its curve is drawn.", "Ask",
            frozenset({"cohorts"}), "Cohorts are marked on their screen: press 3.", footer=True),
    Command("search", "slash", "/", "narrow", "Search the rows as you type.", "Ask",
            frozenset({"explore", "customers", "customer"}), "Nothing to search here.", footer=True),
    Command("filter", "f", "f", "filter", "Filter customers by an expression, such as country = DK and orders >= 3.",
            "Ask", SELECTIONS, "Customers are filtered where they are told of: press 1, 2 or 3."),
    Command("tiers", "t", "t", "tiers", "Change the tier rule and see at once what it does.", "Ask", LOADED,
            "Nothing is loaded yet.", footer=True),
    Command("rules", "u", "u", "cuts", "Change where RFM, ABC and XYZ cut.", "Ask", LOADED, "Nothing is loaded yet."),
    Command("terms", "A", "A", "as of", "As-of day, horizon, churn gap, entry, margin, discount, week start.", "Ask",
            LOADED, "Nothing is loaded yet.", footer=True),
    Command("earlier", "left_square_bracket", "[", "month back", "As-of day one month earlier.", "Ask", LOADED,
            "Nothing is loaded yet."),
    Command("later", "right_square_bracket", "]", "month on", "As-of day one month later.", "Ask", LOADED,
            "Nothing is loaded yet."),
    Command("views", "v", "v", "views", "Saved views: go to one, or save this place under a name.", "Keep", LOADED,
            "Nothing is loaded yet.", footer=True),
    Command("note", "n", "n", "note", "A note on the segment or customer under the cursor: name, text, plans.",
            "Keep", NOTED, "Notes are about customers: press 1 or 2.", footer=True),
    Command("note_trail", "N", "N", "note on all", "A note on all customers of the trail.", "Keep", NOTED,
            "Notes are about customers: press 1 or 2."),
    Command("sort", "s", "s", "sort", "Sort by this column.", "Show", SORTED, "These rows stay in their order.",
            footer=True),
    Command("reverse", "S", "S", "reverse", "Reverse the sort.", "Show", SORTED,
            "These rows stay in their order."),
    Command("intervals", "i", "i", "± 95 %", "Show or hide the 95 % intervals of LTV.", "Show", INTERVALS,
            "LTV stands on Overview, Explore, Cohorts, Matrix and over customers: press 1 or 2.", footer=True),
    Command("ages", "E", "E", "equal age", "LTV at 1, 3, 6 and 12 months in place of its factors, and back.", "Show",
            SEGMENTS, "Segments stand on Overview and Explore: press 1 or 2."),
    Command("plot", "g", "g", "plot", "Show or hide the plot.", "Show", PLOTS, "There is no plot here.", footer=True),
    Command("big_plot", "G", "G", "big plot", "The plot alone, and back.", "Show", PLOTS, "There is no plot here."),
    Command("copy", "y", "y", "copy", "Copy the row to the clipboard of your terminal.", "Show", TABLES,
            "There is no row to copy."),
    Command("export", "x", "x", "export", "Write what is on screen, the customers behind it, an ad audience or a "
            "picture to a file.", "Show", TABLES, "Nothing is loaded yet."),
    Command("columns", "C", "C", "columns", "How tables and columns are understood, and to change it.", "Show",
            frozenset({*LOADED, "loading"}), "The columns are on screen.", footer=False),
    Command("reload", "r", "r", "reload", "Read the database again.", "App", frozenset({*LOADED, "loading"}),
            "It is being read."),
    Command("live", "L", "L", "live", "Watch the database: figures follow what others write, with ▲ ▼ for changes.",
            "App", LOADED, "Nothing is loaded yet."),
    Command("count_from_now", "equals_sign", "=", "from now", "Count changes of a watched shop from now on.", "App",
            LOADED, "Nothing is loaded yet."),
    Command("feed", "o", "o", "newest", "Show or hide the newest orders.", "Show", frozenset({"overview"}),
            "The newest orders stand on Overview: press 1."),
    Command("help", "question_mark", "?", "help", "Keys and definitions of this screen.", "App", footer=True),
    Command("palette", "ctrl+p", "^p", "palette", "Every command by name.", "App", footer=True),
    Command("repaint", "ctrl+l", "^l", "repaint", "Redraw the screen.", "App"),
    Command("suspend", "ctrl+z", "^z", "to the shell", "Back to the shell; `fg` returns.", "App"),
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
    ("enter", "choose", "Take the row"),
)
"""Keys of the large table: (keys, action, what it does)."""

MOVE_SHOWN: Final = "← ↑ ↓ →, h j k l, ⇧← ⇧→, PgUp PgDn, Home End"


PARAMETER_KEYS: Final[tuple[tuple[str, str, str], ...]] = (
    ("left,h", "turn(-1)", "Less"),
    ("right,l", "turn(1)", "More"),
    ("tab,space", "choose(1)", "Next value"),
    ("shift+tab", "choose(-1)", "Value before"),
    ("enter", "take", "Take what was typed"),
    ("escape,up,down", "leave", "Back to the table"),
    ("backspace,delete", "reset", "As agreed"),
)
"""Keys of the what-if line: (keys, action, what it does)."""

DOUBTS: Final[tuple[tuple[str, str, str], ...]] = (
    ("enter", "open", "Tell the doubts"),
    ("down,j,escape", "leave", "Back to the table"),
)
"""Keys of the line of doubts: (keys, action, what it does)."""

TELLING: Final[tuple[tuple[str, str, str], ...]] = (
    ("down,j", "scroll(1)", "Scroll down"),
    ("up,k", "scroll(-1)", "Scroll up"),
)
"""Keys of sentences that scroll: (keys, action, what it does)."""

KNOBS_SHOWN: Final = "← → step · type a value, ⏎ · Tab next · ⌫ as agreed · Esc table"


DIALOGS: Final[dict[str, tuple[tuple[str, str, str], ...]]] = {
    "every": (("escape", "leave", "Close without a change"),),
    "dimension": (("space", "mark", "Mark, to cross two"),),
    "export": (("up", "what(-1)", "What before"), ("down", "what(1)", "What next")),
    "tiers": (("up", "kind(-1)", "Rule before"), ("down", "kind(1)", "Next rule")),
    "filter": (
        ("up", "choose(-1)", "Candidate before"),
        ("down", "choose(1)", "Next candidate"),
        ("tab", "take", "Take the candidate"),
    ),
    "help": (
        ("question_mark,q,enter", "leave", "Leave"),
        ("j", "scroll(1)", "Scroll down"),
        ("k", "scroll(-1)", "Scroll up"),
    ),
    "views": (
        ("up", "choose(-1)", "View before"),
        ("down", "choose(1)", "Next view"),
        ("delete", "remove", "Remove the view"),
    ),
    "note": (("ctrl+s", "keep", "Keep the note"),),
    "period": (
        ("up", "choose(-1)", "Recording before"),
        ("down", "choose(1)", "Next recording"),
    ),
    "mapping": (
        ("ctrl+s", "accept", "Use and keep the mapping"),
        ("escape", "leave", "Close without a change"),
        ("up", "app.focus_previous", "Field before"),
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
