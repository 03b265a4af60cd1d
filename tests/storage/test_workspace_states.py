"""A workspace that is locked, damaged, of a later version or half written: what can be read is, nothing is lost."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner
from shops import ROOT, build

from ltvtui.analytics.budget.manual_spend import ManualSpend
from ltvtui.cli import main
from ltvtui.errors import LtvError
from ltvtui.storage.workspace import Workspace, database
from ltvtui.user_state.notes import NO_NOTE, Note, Subject
from ltvtui.user_state.state import NoteChange, SavedView, ViewChange

ANN = Subject(customer="ann").key
VIEW = ViewChange("x", SavedView("x", '{"form": 1, "view": "overview"}', "2026-01-01T00:00:00+00:00"))
NOTED = NoteChange(ANN, NO_NOTE, Note("Ann", "likes tea"))
PATIENCE = 60.0


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with a view, a note and some spend."""
    monkeypatch.setenv("LTVTUI_DATA_DIR", str(tmp_path / "data"))
    path = tmp_path / "data" / "workspace.sqlite"
    workspace = Workspace(path)
    workspace.change("shop", VIEW)
    workspace.change("shop", NOTED)
    workspace.save_spend("shop", ManualSpend(), ManualSpend().booking("ads", [19_723], 5))
    return path


def sql(path: Path, *lines: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for line in lines:
            connection.execute(line)
        connection.commit()


LATER = (
    "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('ltvtui', 'of_tomorrow', '2030-01-01')"
)


@pytest.mark.parametrize("change", [LATER, "PRAGMA user_version = 1", "PRAGMA user_version = 99"])
def test_a_later_one_is_read_and_never_written_to(path: Path, change: str) -> None:
    sql(path, change)
    before = path.read_bytes()
    workspace = Workspace(path)
    found = workspace.user_state("shop", "")
    assert "from a later version" in workspace.notice
    assert [view.name for view in found.views] == ["x"]
    assert found.notes.of_customer("ann").text == "likes tea"
    assert workspace.typed("shop").rows.height == 1
    for refused in (
        lambda: workspace.change("shop", ViewChange("x", None)),
        lambda: workspace.change("shop", NOTED),
        lambda: workspace.save_spend("shop", ManualSpend(), ManualSpend().joining("a", "b")),
    ):
        with pytest.raises(LtvError, match="it is only read, and nothing is saved") as told:
            refused()
        assert "Use the later version" in told.value.mend
    done = CliRunner().invoke(main, ["notes"])
    assert done.exit_code == 0
    assert "likes tea" in done.stdout
    assert str(path) in done.stderr
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_of_a_later_one_what_is_understood_is_shown(path: Path) -> None:
    sql(path, LATER, "ALTER TABLE saved_view RENAME COLUMN told TO place", "DROP TABLE tier_state")
    workspace = Workspace(path)
    found = workspace.user_state("shop", "")
    assert found.views == ()
    assert found.notes.of_customer("ann").text == "likes tea"
    assert "from a later version" in workspace.notice
    done = CliRunner().invoke(main, ["views"])
    assert done.exit_code == 1
    assert "Use the version of ltvtui that wrote it" in done.stderr


DAMAGE: dict[str, Callable[[Path], object]] = {
    "random": lambda p: p.write_bytes(b"\x9b\xff\x00" * 3_000),
    "text": lambda p: p.write_text("dear diary\n" * 999),
    "cut": lambda p: os.truncate(p, 5_000),
    "cut in the header": lambda p: os.truncate(p, 50),
    "zeroed": lambda p: p.write_bytes(p.read_bytes()[:4_096] + bytes(p.stat().st_size - 4_096)),
    "a folder": lambda p: (p.unlink(), p.mkdir()),
    "of another program": lambda p: (p.unlink(), sql(p, "CREATE TABLE diary (line)")),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_one_is_said_and_left_alone(tmp_path: Path, path: Path, damage: str) -> None:
    DAMAGE[damage](path)
    before = path.read_bytes() if path.is_file() else b""
    shop = build(
        tmp_path,
        "CREATE TABLE orders (order_id INTEGER, customer_id TEXT, day TEXT, amount REAL); INSERT INTO orders VALUES"
        " (1, 'ann', '2024-01-01', 5), (2, 'bob', '2024-01-02', 7), (3, 'ann', '2024-02-02', 7);",
    )
    for words, code in ((["budget", str(shop)], 0), (["views"], 1), (["notes"], 1), ([str(shop), "--view", "x"], 1)):
        done = CliRunner().invoke(main, words)
        assert done.exit_code == code, done.output
        assert f"{path} cannot be used" in done.stderr
    with pytest.raises(LtvError, match="cannot be used") as told:
        Workspace(path).change("shop", VIEW)
    assert "What you entered is lost when you quit." in told.value.mend
    assert (path.read_bytes() if path.is_file() else b"") == before
    if path.is_file():
        assert "Move it away" in told.value.mend
        path.rename(path.with_name("moved"))
        Workspace(path).change("shop", VIEW)
        assert len(Workspace(path).views()) == 1


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE saved_view SET told = x'ff00'",
        "UPDATE saved_view SET told = NULL",
        "UPDATE saved_view SET told = CAST(x'fffe' AS TEXT)",
        "UPDATE saved_view SET name = x'00'",
        "ALTER TABLE saved_view DROP COLUMN saved",
    ],
)
def test_what_is_damaged_of_views_takes_no_notes_away(path: Path, change: str) -> None:
    sql(path, change)
    workspace = Workspace(path)
    found = workspace.user_state("shop", "")
    assert found.views == ()
    assert found.notes.of_customer("ann").text == "likes tea"
    assert "some of it cannot be read" in workspace.notice
    with pytest.raises(LtvError, match="cannot be used"):
        workspace.views()


@pytest.mark.parametrize(
    "change", ["SET day = 'soon'", "SET amount = 'much'", "SET amount = NULL", "SET day = x'00'"]
)
def test_spend_that_is_damaged_is_said(path: Path, change: str) -> None:
    sql(path, f"UPDATE spend {change}")
    with pytest.raises(LtvError, match=r"workspace\.sqlite cannot be used"):
        Workspace(path).typed("shop")


def test_one_that_may_only_be_read_is_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a medium that takes nothing; also one of an earlier version, which cannot be brought up to date there."""
    opened = os.open

    def refuse(name: str | Path, flags: int, *mode: int, **how: int) -> int:
        if flags & (os.O_RDWR | os.O_WRONLY):
            raise OSError(30, "Read-only file system", str(name))
        return opened(name, flags, *mode, **how)

    monkeypatch.setattr(database.os, "open", refuse)
    monkeypatch.setattr(database.os, "access", lambda *_: False)
    assert len(Workspace(path).views("shop")) == 1
    with pytest.raises(LtvError, match="Read-only file system"):
        Workspace(path).change("shop", VIEW)
    sql(path, "DELETE FROM _sqlite_migrations WHERE name = 'tier_history'")
    assert len(Workspace(path).views("shop")) == 1


def test_a_locked_one_is_waited_for_and_said(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "WAIT", 0.05)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        for look in (Workspace(path).views, Workspace(path).notes, lambda: Workspace(path).user_state("shop", "")):
            with pytest.raises(LtvError, match=r"locked by another program \(waited 0\.05 s\)") as told:
                look()
            assert told.value.mend == "Try again when that has finished."
        other.execute("ROLLBACK")
    assert len(Workspace(path).views()) == 1


KILLED = """
import sqlite3, sys
c = sqlite3.connect(sys.argv[1], isolation_level=None)
c.execute("PRAGMA cache_size = 1")
c.execute("BEGIN IMMEDIATE")
c.execute("DELETE FROM note")
c.executemany("INSERT INTO spend VALUES (?, ?, ?, 1)", [(str(n), "2024-01-01", "x" * 500) for n in range(500)])
print("half", flush=True)
sys.stdin.read()
"""


def test_what_a_killed_session_had_begun_is_taken_back(path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(path)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "half\n"
        child.send_signal(signal.SIGKILL)
        child.wait(PATIENCE)
    assert path.with_name(f"{path.name}-journal").exists()
    found = Workspace(path).user_state("shop", "")
    assert found.notes.of_customer("ann").text == "likes tea"
    assert not path.with_name(f"{path.name}-journal").exists()
