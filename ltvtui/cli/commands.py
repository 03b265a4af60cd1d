"""All commands with their line in help. Their modules are loaded when they are asked for: help needs one at most."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from importlib import import_module
from typing import Final

import click

COMMANDS: Final[Mapping[str, Mapping[str, str]]] = {
    "Look": {
        "open": "Open a shop on screen; `ltvtui shop.db` does it too.",
        "demo": "Open an invented shop, with a tour of four steps.",
        "report": "Segments with LTV and its three factors.",
        "cohorts": "Who came back when: customers by the period of their first order.",
        "retention": "How long customers stay.",
        "compare": "Two groups of customers, or two periods.",
        "drivers": "Which dimensions tell customers apart.",
        "portrait": "Who some customers are: a page about them.",
        "plan": "A plan: goal, criteria, method, profiles, measures.",
        "leads": "How far people without an order have come.",
        "forecast": "What today's customers will bring.",
        "budget": "What customers cost and bring by channel: CAC, payback, max CAC.",
        "migration": "Who moved between tiers from one day to another.",
        "check": "What was read, what was left out and why.",
    },
    "Take along": {
        "export": "Write customers to a file, or an ad audience.",
        "views": "List the views saved with `v`.",
        "notes": "List the notes written with `n`.",
    },
    "Set up": {
        "config": "Show or save the column mapping.",
        "connect": "Save the address of a server under a name, which opens it.",
        "import": "Load csv, tsv, parquet, xlsx or jsonl files into SQLite.",
        "names": "Print the names of RFM segments as a file.",
        "cache": "Show or clear the cache that makes shops open faster.",
        "feed": "Add invented orders to a demo shop, to watch it live.",
        "completion": "Print the script that completes what you type, for your shell.",
    },
}
"""Names and lines of commands by section, what is used most first."""
LINES: Final[Mapping[str, str]] = {name: line for section in COMMANDS.values() for name, line in section.items()}
"""Lines of all commands."""
MODULES: Final[Mapping[str, str]] = {"open": "open_shop", "import": "import_files"}
"""Modules of commands that are not called like them."""


class CommandsOnDemand(MutableMapping[str, click.Command]):
    """Commands by name, each loaded when it is asked for."""

    def __init__(self) -> None:
        self._loaded: dict[str, click.Command] = {}

    def __getitem__(self, name: str) -> click.Command:
        if name not in self._loaded and name in LINES:
            import_module(f"ltvtui.cli.{MODULES.get(name, name)}")  # it registers its command
        return self._loaded[name]

    def __setitem__(self, name: str, command: click.Command) -> None:
        command.short_help = LINES[name]
        self._loaded[name] = command

    def __delitem__(self, name: str) -> None:
        del self._loaded[name]

    def __contains__(self, name: object) -> bool:
        return name in LINES

    def __iter__(self) -> Iterator[str]:
        return iter(LINES)

    def __len__(self) -> int:
        return len(LINES)
