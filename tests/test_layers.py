"""The house: who may know whom, and what an import brings along."""

from __future__ import annotations

import ast
import importlib.util
import re
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
    "storage.workspace": (
        *("storage.workspace", "storage.sqlite_errors", "storage.sqlite_transaction", "storage.lean_sqlite_utils"),
        *("user_state", "analytics", "days", "errors"),
    ),
    "analytics": ("analytics", "errors"),
    "analytics.kernel": ("analytics.kernel", "analytics.schema", "analytics.facts", "errors"),
    "query": ("query", "analytics", "days", "errors"),
    "sources": (
        "sources",
        "storage",
        "analytics.schema",
        "analytics.facts",
        "analytics.cleaning.statuses",
        "errors",
        "masking",
    ),
    "sources.reduction": ("sources", "analytics", "days", "errors"),
    "importing": ("importing", "sources", "storage", "errors"),
    "user_state": ("user_state", "query", "analytics", "days", "errors"),
    "session.lead_order": ("session", "sources", "user_state", "errors"),
    "session": ("session", "importing", "sources", "storage", "query", "analytics", "days", "errors"),
    "session.planning": ("session", "user_state", "query", "analytics", "days", "errors"),
    "present": (
        *("present", "query", "user_state", "analytics", "days", "errors", "masking"),
        *("sources.mapping", "sources.detection.proposal", "sources.detection.choices", "sources.origin"),
        "storage.cache",
    ),
    "exporting": ("exporting", "present", "session", "sources", "storage", "query", "analytics", "errors"),
    "tui": (),
    "tui.action_context": (
        *("tui.command", "tui.location", "tui.views.view", "session", "user_state", "analytics.budget.manual_spend"),
    ),
    "tui.command": (),
    "tui.keys": (),
    "tui.on_demand": (),
    "tui.latest": (),
    "tui.location": ("query",),
    "tui.messages": ("tui.location",),
    "tui.requests": ("analytics", "query", "user_state"),
    "tui.terminal": ("tui.terminal",),
    "tui.widgets": ("tui.widgets", "tui.command", "tui.keys", "tui.messages", "present", "analytics.doubts"),
    "tui.dialogs": (
        *("tui.dialogs", "tui.widgets", "tui.command", "tui.keys", "tui.latest", "tui.messages", "tui.terminal"),
        *("present", "query", "user_state", "analytics", "days", "errors"),
    ),
    "tui.dialogs.mapping": (
        *("tui.dialogs", "tui.widgets", "tui.keys", "tui.latest"),
        *("present", "session", "sources", "query", "errors"),
    ),
    "tui.saved_views": (
        "tui.action_context",
        "tui.location",
        "session",
        "present.columns",
        "user_state",
        "query",
        "analytics",
        "days",
        "errors",
    ),
    "tui.views": (
        *("tui.views", "tui.actions", "tui.dialogs", "tui.widgets"),
        *("tui.action_context", "tui.command", "tui.keys", "tui.location", "tui.messages", "tui.requests"),
        "tui.on_demand",
        *("present", "exporting.customers", "session", "user_state", "query", "analytics", "days", "errors"),
    ),
    "tui.actions": (
        *("tui.actions", "tui.action_context", "tui.dialogs", "tui.location", "tui.requests", "tui.saved_views"),
        *("tui.views.notes", "tui.on_demand", "present", "exporting.customers", "session"),
        *("user_state", "query", "analytics", "days", "errors"),
    ),
    "tui.commands": ("tui.actions", "tui.command", "tui.keys", "tui.on_demand"),
    "tui.registry": (
        *("tui.action_context", "tui.actions", "tui.command", "tui.commands", "tui.keys", "tui.location"),
        "tui.views.spec",
    ),
    "tui.main_screen": (
        *("tui.main_screen", "tui.registry", "tui.action_context", "tui.command", "tui.commands", "tui.latest"),
        *("tui.location", "tui.messages", "tui.requests", "tui.terminal.textual_internals", "tui.widgets"),
        *("tui.views.answer", "tui.views.notes", "tui.views.spec", "tui.views.view"),
        *("present", "exporting", "session", "sources.origin", "user_state", "query", "analytics", "days", "errors"),
    ),
    "tui.palette": ("tui.actions.drilling", "tui.command", "tui.main_screen", "present"),
    "tui.picture": ("present.cell_picture", "tui.main_screen", "tui.terminal", "tui.widgets"),
    "tui.exporting": (
        *("tui.picture", "tui.main_screen", "tui.dialogs", "tui.widgets"),
        *("present", "exporting", "session.open_request", "sources.mapping", "days"),
    ),
    "tui.shop": (
        *(
            "tui.shop",
            "tui.main_screen",
            "tui.location",
            "tui.on_demand",
            "tui.requests",
            "tui.saved_views",
            "tui.views.view",
        ),
        *("present", "session", "storage", "sources", "user_state", "analytics", "errors"),
    ),
    "tui.start": ("tui.location", "storage.settings_file", "user_state"),
    "tui.opening_screen": ("tui.main_screen.loading", "tui.widgets"),
    "tui.early_reading": ("tui.shop.reading", "tui.app_parts", "session"),
    "tui.app_parts": ("tui", "present", "session"),
    "tui.app": ("tui", "present", "session"),
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
    "sqlite3": (
        *("importing", "sources.sqlite", "sources.files", "storage.workspace", "storage.sqlite_transaction"),
        "exporting.database",
    ),
    "sqlite_utils": ("importing", "sources.files", "storage.workspace", "storage.lean_sqlite_utils"),
    "adbc_driver_sqlite": ("sources.sqlite", "sources.files"),
    "adbc_driver_postgresql": "sources.postgres",
    "adbc_driver_manager": ("sources.sqlite", "sources.files", "sources.postgres"),
    "fcntl": "storage.posix_lock",
    "platformdirs": "storage.settings_file",
    "fastexcel": "sources.files.workbook",
    "duckdb": "sources.duckdb",
    "pyspark": "sources.spark",
    "xlsxwriter": "exporting.workbook",
    "phonenumbers": "exporting.contact_forms",
}
"""Libraries that one room alone may use, or those named."""

DRIVERS: dict[str, tuple[str, ...]] = {
    "sources.sqlite": ("sources.sqlite", "sources.files", "sources.spend.file", "sources.registry", "importing"),
    "sources.files": (
        *("sources.files", "sources.spend.file", "sources.registry", "importing"),
        "sources.duckdb.parquet",  # the same files are the same tables, whoever reads them
    ),
    "sources.duckdb": ("sources.duckdb", "sources.registry"),
    "sources.postgres": ("sources.postgres", "sources.registry"),
    "sources.spark": ("sources.spark", "sources.registry"),
}
"""Rooms that know an engine, and who may know them: all others ask sources.base and open by sources.registry."""

HEAVY = (
    *("polars", "textual", "plotext", "adbc_driver_sqlite", "adbc_driver_postgresql", "rich", "tomlkit", "lark"),
    "sqlite_utils",
)


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
    """Everything a file imports, wherever in it and for types too, as dotted names."""
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


@cache
def ours_in(module: str) -> set[str]:
    """The modules of ours that a module imports."""
    found = set()
    for name in imports(modules()[module]):
        own = name.removeprefix("ltvtui.")
        if name != own:
            found.add(own if own in modules() else own.rpartition(".")[0] or "__init__")
    return found & modules().keys() - {module}


def reachable(module: str) -> set[str]:
    """The modules that an import of `module` brings along, as far as they are ours, and those it names in types."""
    found: set[str] = set()
    wanted = [module]
    while wanted:
        new = ours_in(wanted.pop()) - found
        found |= new
        wanted += new
    return found


def circles() -> set[tuple[str, ...]]:
    """Modules that import each other, straight or by others, for types too."""
    above = {module: reachable(module) for module in modules()}
    return {
        tuple(sorted(other for other in names if module in above[other]))
        for module, names in above.items()
        if module in names
    }


def test_no_modules_import_each_other() -> None:
    assert circles() == set()


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
    assert brought_by(", ".join(f"ltvtui.{m}" for m in modules() if fits(m, "cli"))) & set(HEAVY) == set()


def test_help_brings_no_command() -> None:
    code = "import sys; from ltvtui.cli import main\ntry: main(['--help'])\nfinally: print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    brought = set(done.stdout.split())
    assert "ltvtui.cli.help" in brought
    assert brought & {"ltvtui.cli.report", "ltvtui.cli.options", "ltvtui.storage.scratch", "difflib"} == set()


def test_the_first_picture_needs_nothing_that_knows_a_shop() -> None:
    brought = brought_by("ltvtui.tui.app")
    assert "textual" in brought
    assert brought & {"polars", "numpy", "plotext", "lark", "sqlite3", "adbc_driver_sqlite", "sqlite_utils"} == set()


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


MOST_METHODS = 25
ADAPTERS = {"FixedSizeWidget"}
"""Ours between Textual and all our widgets: without methods, they count as Textual's."""


@cache
def classes() -> dict[str, ast.ClassDef]:
    """Classes at the top of modules, by name."""
    trees = (ast.parse(path.read_text("utf-8")) for path in modules().values())
    return {node.name: node for tree in trees for node in tree.body if isinstance(node, ast.ClassDef)}


def test_no_class_has_more_methods_than_one_can_oversee() -> None:
    def methods(node: ast.ClassDef) -> int:
        return sum(isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef) for part in node.body)

    assert {name: methods(node) for name, node in classes().items() if methods(node) > MOST_METHODS} == {}


def test_nothing_inherits_from_what_inherits() -> None:
    """Composition before inheritance: of ours one class may stand above another, no more."""

    def bases(node: ast.ClassDef) -> set[str]:
        plain = (base.value if isinstance(base, ast.Subscript) else base for base in node.bases)
        return {base.id for base in plain if isinstance(base, ast.Name)} & classes().keys() - ADAPTERS

    deep = {
        name: sorted(above)
        for name, node in classes().items()
        for above in [{far for base in bases(node) for far in bases(classes()[base])}]
        if above
    }
    assert deep == {}


NAMED_TUPLE = {"_replace", "_asdict", "_fields", "_make"}
"""Public, in spite of their names."""


def private_names(path: Path) -> set[str]:
    """Private attributes that a module reads of anything but its own objects."""
    return {
        node.attr
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute)
        and node.attr.startswith("_")
        and not node.attr.startswith("__")
        and not (isinstance(node.value, ast.Name) and node.value.id in ("self", "cls"))
    } - NAMED_TUPLE


def test_private_names_of_textual_stand_in_one_module() -> None:
    """After an upgrade of Textual there is one module to read again."""
    users = {name for name, path in modules().items() if fits(name, "tui") and private_names(path)}
    assert users == {"tui.terminal.textual_internals"}
    # What a class of ours reads of Textual through `self` would go unseen: of the app that is its driver.
    assert "self._driver" not in modules()["tui.app"].read_text("utf-8")


def test_the_top_level_holds_packages_and_few_modules() -> None:
    loose = {path.stem for path in PACKAGE.glob("*.py")} - {"__init__", "__main__"}
    assert loose == {"days", "errors", "masking"}


ADAPTER = ROOT / "tests" / "tui" / "textual_internals.py"
"""The one file of the tests that may use what is private in Textual."""


@cache
def private_in_textual() -> frozenset[str]:
    """Names of attributes and methods that Textual keeps to itself, without those that are names of ours too."""
    made = re.compile(r"(?:\bdef |\bself\.|^    )(_[a-z]\w*)\s*(?:\(|:[^=\n]*=|=[^=]|:)", re.MULTILINE)

    def defined(folder: Path) -> set[str]:
        return {name for path in folder.rglob("*.py") for name in made.findall(path.read_text("utf-8"))}

    ours = defined(PACKAGE) | defined(ROOT / "tests")
    (textual,) = importlib.util.find_spec("textual").submodule_search_locations
    return frozenset(defined(Path(textual)) - ours - {"_replace"})  # which a named tuple has in public


def private_uses(path: Path) -> set[str]:
    """What of Textual's private names a file uses: as attributes, by setattr, or from its private modules."""
    text = path.read_text("utf-8")
    used = set(re.findall(r"""[\w)\]]\.(_[a-z]\w*)|["'](_[a-z]\w*)["']""", text))
    names = {name for pair in used for name in pair} & private_in_textual()
    return names | set(re.findall(r"^ *(?:from|import) (textual\._[\w.]+)", text, re.MULTILINE))


def test_what_is_private_in_textual_is_used_in_one_file() -> None:
    assert {"_compositor", "_press_keys", "_exit", "textual._context"} <= private_uses(ADAPTER)
    files = [path for path in (ROOT / "tests").rglob("*.py") if path not in (ADAPTER, Path(__file__))]
    assert {path.name: used for path in files if (used := private_uses(path))} == {}
