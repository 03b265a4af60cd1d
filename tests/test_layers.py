"""The house: who may know whom, and what an import brings along."""

from __future__ import annotations

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from shops import ROOT

PACKAGE = ROOT / "ltvtui"

ROOMS = {
    "masking": (),
    "errors": ("masking",),
    "days": ("errors",),
    "storage": ("storage", "errors"),
    "storage.workspace": ("storage.workspace", "user_state", "analytics", "days", "errors"),
    "analytics": ("analytics", "errors"),
    "analytics.kernel": ("analytics.kernel", "analytics.schema", "analytics.facts", "errors"),
    "query": ("query", "analytics", "days", "errors"),
    "sources": (
        "sources",
        "storage",
        "analytics.schema",
        "analytics.facts",
        "analytics.statuses",
        "errors",
        "masking",
    ),
    "importing": ("importing", "sources", "storage", "errors"),
    "user_state": ("user_state", "query", "analytics", "days", "errors"),
    "session": ("session", "importing", "sources", "storage", "query", "analytics", "days", "errors"),
    "present": (
        *("present", "query", "user_state", "analytics", "days", "errors", "masking"),
        *("sources.mapping", "sources.detection.detect", "sources.detection.choices", "sources.cache"),
    ),
    "exporting": ("exporting", "present", "session", "sources", "storage", "query", "analytics", "errors"),
    "tui": (),
    "tui.messages": (),
    "tui.commands": (),
    "tui.latest": (),
    "tui.location": ("analytics.budget_terms", "query"),
    "tui.whatif": ("tui.widgets.parameter_bar", "analytics.budget_terms", "query.terms", "days", "errors"),
    "tui.likely_questions": ("tui.commands", "tui.location", "session.dataset", "query", "analytics", "days"),
    "tui.saved_views": (
        *("tui.commands", "tui.location", "session", "present.columns", "user_state"),
        *("query", "analytics", "days", "errors"),
    ),
    "tui.requests": ("analytics", "query", "user_state"),
    "tui.terminal": ("tui.terminal",),
    "tui.palette": ("tui.commands",),
    "tui.widgets": ("tui.widgets", "tui.commands", "tui.messages", "present", "analytics.doubts"),
    "tui.dialogs": (
        *("tui.dialogs", "tui.widgets", "tui.commands", "tui.latest", "tui.messages"),
        *("present", "query", "user_state", "analytics", "days", "errors"),
    ),
    "tui.matrix_views": (
        "tui.matrix_views",
        "tui.location",
        "present",
        "session.dataset",
        "query",
        "analytics",
        "days",
    ),
    "tui.screens": (
        *("tui.screens", "tui.matrix_views", "tui.dialogs", "tui.widgets", "tui.commands", "tui.likely_questions"),
        *("tui.latest", "tui.messages", "tui.location", "tui.whatif", "tui.requests"),
        *("present", "exporting", "session", "user_state", "query", "analytics", "sources", "days", "errors"),
    ),
    "tui.picture": ("tui.screens", "tui.widgets"),
    "tui.exporting": (
        *("tui.picture", "tui.screens", "tui.dialogs", "tui.widgets"),
        *("present", "exporting", "session.open_request", "sources.mapping", "days"),
    ),
    "tui.actions": (
        *("tui.actions", "tui.screens", "tui.matrix_views", "tui.dialogs", "tui.likely_questions", "tui.location"),
        *(
            "tui.saved_views",
            "tui.requests",
            "present",
            "session",
            "user_state",
            "query",
            "analytics",
            "days",
            "errors",
        ),
    ),
    "tui.persistence_queue": ("analytics.manual_spend", "storage", "user_state", "errors"),
    "tui.user_state": (
        *("tui.persistence_queue", "tui.location", "tui.saved_views", "tui.screens", "tui.requests"),
        *("present", "session", "user_state", "analytics", "errors"),
    ),
    "tui.reading": ("present.charts", "session", "storage", "sources.scan", "errors"),
    "tui.deferred_work": ("tui.likely_questions", "session"),
    "tui.live_poller": ("session", "sources.base", "errors"),
    "tui.app": ("tui", "present", "session", "storage", "sources", "errors"),
    "cli": ("", "tui"),
    "__main__": ("cli",),
    "__init__": (),
}
"""Each room and those it may import from; the longest name that fits counts."""

ONLY: dict[str, str | tuple[str, ...]] = {
    "plotext": "present.charts",
    "lark": "query.grammar.parsing",
    "textual": "tui",
    "click": "cli",
    "sqlite3": ("importing", "sources.sqlite", "sources.files", "storage.workspace", "exporting.database"),
    "sqlite_utils": ("importing", "sources.files", "storage.workspace"),
    "adbc_driver_sqlite": ("sources.sqlite", "sources.files"),
    "adbc_driver_manager": ("sources.sqlite", "sources.files"),
    "platformdirs": "storage.settings_file",
    "fastexcel": "sources.files.workbook",
    "xlsxwriter": "exporting.workbook",
    "phonenumbers": "exporting.contact_forms",
}
"""Libraries that one room alone may use, or those named."""

DRIVERS: dict[str, tuple[str, ...]] = {
    "sources.sqlite": ("sources.sqlite", "sources.files", "sources.spend.file", "sources.registry", "importing"),
    "sources.files": ("sources.files", "sources.spend.file", "sources.registry", "importing"),
}
"""Rooms that know an engine, and who may know them: all others ask sources.base and open by sources.registry."""

HEAVY = ("polars", "textual", "plotext", "adbc_driver_sqlite", "rich", "tomlkit", "lark", "sqlite_utils")


@cache
def modules() -> dict[str, Path]:
    """Module names below ltvtui with their files."""
    names = {}
    for path in PACKAGE.rglob("*.py"):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        names[".".join(p for p in parts if p != "__init__") or "__init__"] = path
    return names


@cache
def imports(path: Path) -> set[str]:
    """Everything a file imports, wherever in it, as dotted names."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            base = str(node.module)
            found |= {f"{base}.{alias.name}" for alias in node.names}
    return found


def fits(name: str, room: str) -> bool:
    return room == "" or name == room or name.startswith(room + ".")


def room_of(name: str) -> str:
    return max((room for room in ROOMS if fits(name, room)), key=len)


@pytest.mark.parametrize("module", sorted(modules()))
def test_imports_go_downwards(module: str) -> None:
    allowed = ROOMS[room_of(module)]
    ours = {name.removeprefix("ltvtui.") for name in imports(modules()[module]) if name.startswith("ltvtui.")}
    ours -= {"__version__"}
    wrong = {name for name in ours if not any(fits(name, room) for room in allowed)}
    assert not wrong, f"{module} may know {allowed}, not {sorted(wrong)}"


@pytest.mark.parametrize("library", sorted(ONLY))
def test_a_library_lives_in_one_room(library: str) -> None:
    users = {m for m, path in modules().items() if any(fits(name, library) for name in imports(path))}
    assert users, f"nobody uses {library}"
    rooms = (ONLY[library],) if isinstance(ONLY[library], str) else ONLY[library]
    assert {m for m in users if not any(fits(m, room) for room in rooms)} == set()


@pytest.mark.parametrize("driver", sorted(DRIVERS))
def test_a_driver_is_known_to_nobody_above(driver: str) -> None:
    users = {m for m, path in modules().items() if any(fits(name, f"ltvtui.{driver}") for name in imports(path))}
    assert users, f"nobody uses {driver}"
    assert {m for m in users if not any(fits(m, room) for room in DRIVERS[driver])} == set()


def test_the_contract_and_the_registry_bring_no_driver() -> None:
    known = brought_by("ltvtui.sources.base, ltvtui.sources.registry, ltvtui.sources.locator")
    assert known & {"polars", "sqlite3", "sqlite_utils", "adbc_driver_sqlite", "fastexcel"} == set()


def brought_by(module: str) -> set[str]:
    """Top-level modules in memory after importing `module` in a process of its own."""
    code = f"import sys, {module}; print(*sorted({{n.partition('.')[0] for n in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    return set(done.stdout.split())


def test_the_command_line_brings_nothing_heavy() -> None:
    assert brought_by("ltvtui.cli") & set(HEAVY) == set()


@pytest.mark.parametrize("room", ["analytics", "sources", "present"])
def test_what_lies_below_the_screen_brings_no_screen(room: str) -> None:
    names = [f"ltvtui.{m}" for m in modules() if fits(m, room)]
    assert brought_by(", ".join(names)) & {"textual", "click"} == set()


def test_analytics_touches_nothing_outside() -> None:
    names = ", ".join(f"ltvtui.{m}" for m in modules() if fits(m, "analytics"))
    assert brought_by(names) & {"sqlite3", "adbc_driver_sqlite", "plotext", "rich", "tomlkit"} == set()
    for module, path in modules().items():
        if fits(module, "analytics"):
            text = path.read_text("utf-8")
            for call in ("datetime.now", "date.today", "time.time", "open(", "os.environ", "random."):
                assert call not in text, f"{module} calls {call}"


def test_no_two_classes_have_one_name() -> None:
    """One word for one thing; messages inside of widgets are named by these."""
    names = [
        node.name
        for path in modules().values()
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.ClassDef)
    ]
    assert [name for name in set(names) if names.count(name) > 1] == []


def test_the_top_level_holds_packages_and_few_modules() -> None:
    loose = {path.stem for path in PACKAGE.glob("*.py")} - {"__init__", "__main__"}
    assert loose == {"days", "errors", "masking"}
