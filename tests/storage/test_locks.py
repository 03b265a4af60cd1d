"""One lock protocol, as POSIX and as Windows keep it: held by one or shared by many, and by nobody who is dead."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import pytest
from shops import ROOT

from ltvtui.storage import lock as module
from ltvtui.storage.lock import Lock, remove_leftover

SYSTEMS = ("posix", "windows")
CHILD = """
import sys
if sys.argv[1] == "windows":
    sys.path[:0] = ["tests"]; import windows_like; windows_like.become()
from pathlib import Path
from ltvtui.storage.lock import Lock
for line in sys.stdin:
    verb, how = line.split()
    if verb == "lock":
        try:
            held = Lock(Path(sys.argv[2]), shared=how == "shared")
            print("locked", flush=True)
        except OSError as error:
            print(type(error).__name__, flush=True)
    else:
        held.release(); held.release()
        print("released", flush=True)
"""


class Other:
    """A process that locks what it is told."""

    def __init__(self, child: subprocess.Popen[str]) -> None:
        self.child = child

    def ask(self, verb: str, how: str = "alone") -> str:
        assert self.child.stdin is not None
        assert self.child.stdout is not None
        self.child.stdin.write(f"{verb} {how}\n")
        self.child.stdin.flush()
        return self.child.stdout.readline().strip()


@contextmanager
def another(system: str, path: Path) -> Iterator[Other]:
    words = [sys.executable, "-c", CHILD, system, str(path)]
    with subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        try:
            yield Other(child)
        finally:
            child.kill()


MAKE: dict[str, Callable[[Path], object]] = {"file": lambda p: p.write_text("what is in it"), "folder": Path.mkdir}


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("kind", MAKE)
def test_one_alone_or_many_together(tmp_path: Path, system: str, kind: str) -> None:
    path = tmp_path / "it"
    MAKE[kind](path)
    with another(system, path) as one, another(system, path) as other:
        assert one.ask("lock") == "locked"
        assert other.ask("lock") == other.ask("lock", "shared") == "BlockingIOError"
        assert one.ask("release") == "released"
        assert other.ask("lock", "shared") == one.ask("lock", "shared") == "locked"
        assert one.ask("release") == "released"
        assert one.ask("lock") == "BlockingIOError"
        assert other.ask("release") == "released"
        assert one.ask("lock") == "locked"
        one.child.send_signal(signal.SIGKILL)
        one.child.wait()
        assert other.ask("lock") == "locked"
        assert other.ask("release") == "released"
    assert [found.name for found in tmp_path.iterdir()] == ["it"]
    assert kind == "folder" or path.read_text() == "what is in it"


@pytest.mark.parametrize("system", SYSTEMS)
def test_what_is_not_there_and_what_is_a_link_is_not_locked(tmp_path: Path, system: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("")
    for name in ("folder", "file", "nothing"):
        (tmp_path / f"link to {name}").symlink_to(tmp_path / name)
        with another(system, tmp_path / f"link to {name}") as other:
            assert other.ask("lock") in ("OSError", "NotADirectoryError")
    with another(system, tmp_path / "nothing") as other:
        assert other.ask("lock") == "FileNotFoundError"
    assert len(list(tmp_path.iterdir())) == 5


def test_what_was_replaced_while_it_was_being_locked_is_not_held(tmp_path: Path) -> None:
    import fcntl

    path, flock = tmp_path / "it", fcntl.flock
    path.write_text("")

    def replaced(descriptor: int, how: int) -> None:
        flock(descriptor, how)
        (tmp_path / "another").write_text("")
        (tmp_path / "another").replace(path)

    with patch.object(fcntl, "flock", replaced), pytest.raises(FileNotFoundError):
        Lock(path)
    with Lock(path):
        pass


def test_a_lock_is_given_back_where_the_body_fails(tmp_path: Path) -> None:
    (tmp_path / "it").mkdir()
    with pytest.raises(KeyError), Lock(tmp_path / "it"):
        raise KeyError
    with Lock(tmp_path / "it", shared=True), Lock(tmp_path / "it", shared=True), pytest.raises(BlockingIOError):
        Lock(tmp_path / "it")


def test_what_a_crash_left_of_a_lock_is_removed(tmp_path: Path) -> None:
    for name in ("x1", "x2.lock", "x1.lock", "y3.lock", "x", "x4"):
        (tmp_path / name).write_text("")
    (tmp_path / "x5.lock").symlink_to(tmp_path / "y3.lock")
    (tmp_path / "x6.lock").mkdir()
    for path in list(tmp_path.iterdir()):
        remove_leftover(path, re.compile("x[0-9]"))
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        *("x", "x1", "x1.lock", "x4", "x5.lock", "x6.lock", "y3.lock")
    ]
    assert module.LOCK_FILE == ".lock"


def test_another_users_leftover_stays(tmp_path: Path) -> None:
    (tmp_path / "x1.lock").write_text("")
    with patch.object(os, "geteuid", return_value=os.geteuid() + 1):
        remove_leftover(tmp_path / "x1.lock", re.compile("x[0-9]"))
    assert (tmp_path / "x1.lock").exists()
