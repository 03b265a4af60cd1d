"""What a run that was killed leaves behind is gone after the next run of any command; what lives is left alone."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import forked
import pytest
from click.testing import CliRunner
from shops import build

from ltvtui.cli import main
from ltvtui.storage import scratch

PATIENCE = 60.0
WAITS = """
import sys, time

def wait(*_, **__):
    print("half", flush=True)
    sys.stdin.read()
"""
"""Says that it is half way, and waits for its end."""
RUN = "from ltvtui.cli import main\nmain(sys.argv[1:])\n"
EXPORT = WAITS + "import ltvtui.storage.atomic_file as a\na.to_disk = wait\n" + RUN
IMPORT = WAITS + "import ltvtui.importing.import_files as i\ni._check_unchanged = wait\n" + RUN
AS_SHOP = WAITS + "import ltvtui.session.open_dataset as o\no.understand = wait\n" + RUN
CACHED = WAITS + "import ltvtui.sources.files.table_file as p\np.fill_fresh = wait\n" + RUN


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A temporary directory, and a cache, of its own."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    monkeypatch.setenv("LTVTUI_CACHE_DIR", str(tmp_path / "cache"))
    return folder


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return build(
        tmp_path,
        "CREATE TABLE orders (order_id INTEGER, customer_id TEXT, day TEXT, amount REAL); INSERT INTO orders VALUES"
        " (1, 'ann', '2024-01-01', 5), (2, 'bob', '2024-01-02', 7), (3, 'ann', '2024-02-02', 7);",
    )


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    path = tmp_path / "orders.csv"
    path.write_text("order_id,customer_id,day,amount\n1,ann,2024-01-01,5\n2,bob,2024-01-02,7\n3,ann,2024-02-02,7\n")
    return path


@contextmanager
def half_way(code: str, *words: object) -> Iterator[forked.Child]:
    """A run that has begun to write, and will not end by itself."""
    with forked.Child(*words, code=code) as child:
        assert child.stdout.readline() == "half\n"
        yield child


def killed(code: str, *words: object) -> None:
    with half_way(code, *words) as child:
        child.send_signal(signal.SIGKILL)
        assert child.wait(PATIENCE) == -signal.SIGKILL


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} if folder.exists() else set()


def another_run() -> None:
    """Of a command that has nothing to do with what was killed."""
    assert CliRunner().invoke(main, ["notes"]).exit_code == 0


@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet", "jsonl", "md", "sqlite"])
def test_an_export(tmp_path: Path, temporary: Path, shop: Path, ending: str) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / f"x.{ending}").write_bytes(b"" if ending == "sqlite" else b"old")
    killed(EXPORT, "export", shop, "--to", out / f"x.{ending}", "--force", "--no-cache")
    assert len(names(out)) == 2
    assert names(temporary)
    another_run()
    assert names(out) == {f"x.{ending}"}
    assert (out / f"x.{ending}").read_bytes() == (b"" if ending == "sqlite" else b"old")
    assert names(temporary) == set()


def test_an_import(tmp_path: Path, temporary: Path, orders: Path) -> None:
    before = names(tmp_path)
    killed(IMPORT, "import", orders, "--into", tmp_path / "new.sqlite")
    assert len(names(tmp_path) - before) == 1
    another_run()
    assert names(tmp_path) == before
    assert names(temporary) == set()


def test_a_file_that_is_a_shop(temporary: Path, orders: Path) -> None:
    killed(AS_SHOP, "report", orders, "--no-cache")
    assert len(names(temporary)) == 1
    another_run()
    assert names(temporary) == set()


def test_a_private_copy_of_a_shop_that_was_left_half_written(temporary: Path, shop: Path) -> None:
    """In WAL mode, with its newest rows in a log whose index is gone."""
    with closing(sqlite3.connect(shop)) as writer:
        writer.execute("PRAGMA journal_mode = WAL")
        writer.execute("INSERT INTO orders VALUES (4, 'ann', '2024-03-02', 9)")
        writer.commit()
        left = shop.with_name("left.sqlite")
        for suffix in ("", "-wal"):
            shutil.copy(f"{shop}{suffix}", f"{left}{suffix}")
    killed(AS_SHOP, "report", left, "--no-cache")
    assert len(names(temporary)) == 1
    another_run()
    assert names(temporary) == set()


def test_an_entry_of_the_cache(tmp_path: Path, temporary: Path, orders: Path) -> None:
    killed(CACHED, "report", orders)
    assert len(names(tmp_path / "cache")) == 1
    another_run()
    assert names(tmp_path / "cache") == set()


def test_what_lives_is_left_alone(tmp_path: Path, temporary: Path, orders: Path) -> None:
    for code, words in (
        (IMPORT, ("import", orders, "--into", tmp_path / "new.sqlite")),
        (AS_SHOP, ("report", orders, "--no-cache")),
        (CACHED, ("report", orders)),
    ):
        with half_way(code, *words):
            before = names(tmp_path), names(temporary), names(tmp_path / "cache")
            another_run()
            assert (names(tmp_path), names(temporary), names(tmp_path / "cache")) == before
        another_run()


def test_who_writes_to_the_same_folder_needs_no_note(tmp_path: Path, temporary: Path, shop: Path) -> None:
    """The temporary directory was emptied meanwhile."""
    out = tmp_path / "out"
    out.mkdir()
    killed(EXPORT, "export", shop, "--to", out / "x.csv", "--no-cache")
    for note in temporary.iterdir():
        note.unlink()
    another_run()
    assert len(names(out)) == 1
    done = CliRunner().invoke(main, ["export", str(shop), "--to", str(out / "another.csv"), "--no-cache"])
    assert done.exit_code == 0, done.output
    assert names(out) == {"another.csv"}


def test_what_is_not_ours_is_left_alone(tmp_path: Path, temporary: Path) -> None:
    somewhere = tmp_path / "somewhere"
    somewhere.mkdir()
    (somewhere / "kept").write_text("kept")
    (somewhere / ".x.csv.abcdefgh.ltvtui-part").symlink_to(somewhere / "kept")
    (somewhere / "x.csv.abcdefgh.ltvtui-part").write_text("not hidden")
    (somewhere / ".x.csv.abc.ltvtui-part").write_text("too short")
    (somewhere / ".y.csv.abcdefgh.ltvtui-part").mkdir()
    for name in ("ltvtui-abcdefgh", "ltvtui-scratch-", "ltvtui-scratch-abcdefghi", "ltvtui-scratch-ABCDEFGH"):
        (temporary / name).mkdir()
    (temporary / "ltvtui-scratch-abcdefgh").write_text("no folder")
    (temporary / "ltvtui-scratch-link0000").symlink_to(somewhere, target_is_directory=True)
    (temporary / "ltvtui-part-folder00").mkdir()
    (temporary / "ltvtui-part-link0000").symlink_to(somewhere / "kept")
    before = names(temporary)
    (temporary / "ltvtui-part-abcdefgh").write_bytes(os.fsencode(somewhere))
    there = names(somewhere)
    another_run()
    assert names(temporary) == before  # but for the note, which led to nothing of ours
    assert names(somewhere) == there
    assert (somewhere / "kept").read_text() == "kept"


@pytest.mark.parametrize("told", [b"", b"\0", b"relative/path", b"/nowhere/at/all", b"/" + b"x" * 5_000, b"\xff\xfe"])
def test_a_note_that_leads_nowhere_is_removed(temporary: Path, told: bytes) -> None:
    (temporary / "ltvtui-part-abcdefgh").write_bytes(told)
    another_run()
    assert names(temporary) == set()


def test_without_a_temporary_directory_commands_run(tmp_path: Path, shop: Path) -> None:
    """Nothing can be written anywhere but where the export goes."""
    environment = {**os.environ, "TMPDIR": str(tmp_path / "nowhere"), "LTVTUI_CACHE_DIR": "/dev/null/cache"}
    done = forked.run("export", shop, "--to", tmp_path / "x.csv", env=environment)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "x.csv").exists()


def test_a_folder_that_is_closed_is_gone(temporary: Path) -> None:
    with scratch.folder() as kept:
        (kept.path / "inner").mkdir()
        (kept.path / "inner" / "file").write_text("")
        scratch.sweep()
        assert names(temporary) == {kept.path.name}
        assert kept.path.stat().st_mode & 0o777 == 0o700
    kept.close()
    assert names(temporary) == set()
