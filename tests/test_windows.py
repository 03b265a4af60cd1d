"""What is missing on Windows is nowhere taken for granted, but where a terminal of POSIX is the matter."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest
from shops import ROOT, build
from test_layers import modules
from windows_like import OS, SIGNALS

OF_POSIX = {"tui.terminal.driver", "storage.posix_lock"}
"""Drives a POSIX terminal, where Textual uses its driver of Linux (LtvApp.get_driver_class); locks where fcntl is."""
ASKED_FOR = {
    ("storage.posix_lock", "O_NOFOLLOW"): "the side of POSIX",
    ("storage.posix_lock", "O_DIRECTORY"): "the side of POSIX",
    ("storage.private", "geteuid"): "behind hasattr",
    ("cli.quitting", "set_blocking"): "after getattr of SIGQUIT",
    ("sources.reduction.where", "sysconf"): "AttributeError is expected",
}
START = "import sys; sys.path[:0] = ['tests']; import windows_like as w; w.become(*w.READING)\n"
COMMANDS = """
import json
from click.testing import CliRunner
from ltvtui.cli import main
for words in json.loads(sys.argv[1]):
    done = CliRunner().invoke(main, words)
    print(json.dumps([done.exit_code, done.stdout, done.stderr]), flush=True)
"""


def run(code: str, *words: object, start: str = START) -> str:
    """What a process that is like one of Windows prints."""
    done = subprocess.run(
        [sys.executable, "-c", start + code, *map(str, words)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    return done.stdout


def commands(*each: tuple[object, ...]) -> list[tuple[int, str]]:
    """Exit codes of commands, and what they print."""
    told = run(COMMANDS, json.dumps([[str(word) for word in words] for words in each]))
    return [(code, out) for code, out, _ in map(json.loads, told.splitlines())]


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings, cache, workspace and temporary files of their own."""
    for name, folder in (("CONFIG", "config"), ("CACHE", "cache"), ("DATA", "data")):
        monkeypatch.setenv(f"LTVTUI_{name}_DIR", str(tmp_path / folder))
    (tmp_path / "tmp").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    return tmp_path


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    rows = ", ".join(f"({n}, 'c{n % 40}', date('2023-01-01', '+{n} days'), {n % 7 + 1})" for n in range(300))
    return build(
        tmp_path,
        "CREATE TABLE orders (order_id INTEGER, customer_id TEXT, day TEXT, amount REAL);"
        f" INSERT INTO orders VALUES {rows};",
    )


def test_every_module_can_be_imported() -> None:
    names = sorted(f"ltvtui.{m}" for m in set(modules()) - OF_POSIX - {"__main__", "__init__"})
    code = "import importlib, json\nfor name in json.loads(sys.argv[1]): importlib.import_module(name)\nprint('all')"
    start = START.replace("w.READING", "w.READING, *w.SCREEN")  # which Textual would not ask for on Windows
    assert run(code, json.dumps(names), start=start) == "all\n"


def test_nothing_names_what_windows_has_not() -> None:
    found = set()
    for module, path in modules().items():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                missing = {"os": OS, "signal": SIGNALS}.get(node.value.id, ())
                if node.attr in missing:
                    found.add((module, node.attr))
    assert found == set(ASKED_FOR)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def orders_in(report: str) -> int:
    return int(json.loads(report)["quality"]["orders"])


def test_a_shop_is_read_exported_and_its_settings_are_written(places: Path, shop: Path) -> None:
    out = places / "out"
    out.mkdir()
    files = [out / f"x.{ending}" for ending in ("csv", "xlsx", "parquet", "sqlite", "jsonl", "md")]
    exports = [("export", shop, "--to", file, *more) for file in files for more in ((), (), ("--force",))]
    (code, report), written, *exported = commands(
        ("report", shop, "--format", "json"), ("config", shop, "--write", "--horizon", "9"), *exports
    )
    assert (code, orders_in(report)) == (0, 300)
    assert written[0] == 0
    (mapping,) = (places / "config").iterdir()
    assert 'horizon = "9"' in mapping.read_text()
    assert [code for code, _ in exported] == [0, 2, 0] * len(files)  # new, there already, replaced
    assert names(out) == sorted(file.name for file in files)
    assert names(places / "tmp") == []


def test_a_file_is_opened_as_a_shop_and_imported(places: Path) -> None:
    orders, into = places / "orders.csv", places / "new.sqlite"
    orders.write_text("order_id,customer_id,day,amount\n1,ann,2024-01-01,5\n2,bob,2024-01-02,7\n3,ann,2024-02-02,7\n")
    report = ("report", orders, "--format", "json")
    for code, told in commands(report, report):  # made, and found in the cache
        assert (code, orders_in(told)) == (0, 3)
    assert names(places / "cache") == ["facts.json", "tables.sqlite"]
    new, more, found, cleared = commands(
        ("import", orders, "--into", into),
        ("import", orders, "--into", into),
        ("report", into, "--format", "json"),
        ("cache", "--clear", "--format", "json"),
    )
    assert new[0] == more[0] == 0
    assert orders_in(found[1]) == 3  # exact copies are left out
    assert json.loads(cleared[1])["freed"] > 0
    assert names(places / "cache") == names(places / "tmp") == []


KEPT = """
import ltvtui.session.dataset_cache, ltvtui.session.open_dataset as o
from pathlib import Path
from ltvtui.session.open_request import OpenRequest
o.LEAST_ROWS = ltvtui.session.dataset_cache.LEAST_ROWS = 0
opened = o.open_shop(OpenRequest(Path(sys.argv[1])), today=20_000)
print(opened.store is None, opened.store and opened.store(lambda: False), opened.dataset.people.frame.height)
"""


def test_an_opened_shop_is_stored_and_found(places: Path, shop: Path) -> None:
    assert [run(KEPT, shop) for _ in range(2)] == ["False None 40\n", "True None 40\n"]
    assert not any(name.endswith(".lock") for name in names(places / "cache"))


SETTINGS = """
from ltvtui.storage.settings_file import save_setting, load_settings
from ltvtui.storage.workspace import Workspace
from ltvtui.storage.settings_file import workspace_path
from ltvtui.user_state.state import SavedView, ViewChange
save_setting("theme", "nord"); save_setting("theme", "gruvbox")
for name in "ab": Workspace(workspace_path()).change("shop", ViewChange(name, SavedView(name, "{}")))
print(load_settings().theme, [view.name for _, view in Workspace(workspace_path()).views()])
"""


def test_settings_and_views_are_written(places: Path) -> None:
    assert run(SETTINGS) == "gruvbox ['a', 'b']\n"
    assert names(places / "config") == ["config.toml"]
    assert names(places / "tmp") == []
