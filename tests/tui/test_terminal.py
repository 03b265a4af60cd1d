"""A real terminal: what is left of it, and of the app, when one of them goes."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

PATIENCE = 60.0


def start(shop: Path) -> tuple[int, int]:
    """The app on a terminal of its own: process id, and the other end of the terminal."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm-256color", COLUMNS="100", LINES="30")
        os.execv(sys.executable, [sys.executable, "-m", "ltvtui", str(shop)])
    return pid, terminal


def read_until(terminal: int, *wanted: bytes) -> bytes:
    """What the app wrote until each of `wanted` came, one after another: what is read too far is not read again."""
    seen, end = b"", time.monotonic() + PATIENCE
    in_order = re.compile(b".*".join(map(re.escape, wanted)), re.DOTALL)
    while not in_order.search(seen):
        assert time.monotonic() < end, f"never came: {wanted!r}"
        if select.select([terminal], [], [], 0.1)[0]:
            try:
                seen += os.read(terminal, 65_536)
            except OSError:
                break
    return seen


def ended(pid: int) -> int:
    """Exit code of the app, which has to end by itself."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        select.select([], [], [], 0.05)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    raise AssertionError("the app goes on without anybody who could see it")


def test_the_app_ends_with_its_terminal(corner: Path) -> None:
    pid, terminal = start(corner)
    read_until(terminal, b"as of")
    os.write(terminal, b"2121GGjk" * 20)  # it is busy painting when the terminal goes
    os.close(terminal)
    assert ended(pid) == 128 + signal.SIGHUP


def test_the_app_ends_with_a_terminal_that_hangs_nobody_up(corner: Path) -> None:
    terminal, theirs = pty.openpty()
    with subprocess.Popen(  # in a session without a terminal of its own nobody is sent SIGHUP
        [sys.executable, "-m", "ltvtui", str(corner)],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        env={**os.environ, "TERM": "xterm-256color", "COLUMNS": "100", "LINES": "30"},
    ) as app:
        try:
            os.close(theirs)
            read_until(terminal, b"as of")
            os.close(terminal)
            assert app.wait(PATIENCE) == 128 + signal.SIGHUP
        finally:
            app.kill()


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 128 + signal.SIGTERM), (signal.SIGQUIT, 128 + signal.SIGQUIT), (None, 0)]
)
def test_the_terminal_is_left_as_it_was(corner: Path, number: signal.Signals | None, code: int) -> None:
    pid, terminal = start(corner)
    read_until(terminal, b"as of")
    if number is None:
        os.write(terminal, b"q")
    else:
        os.kill(pid, number)
    read_until(terminal, b"\x1b[?1049l")  # back from the alternate screen
    assert ended(pid) == code
    os.close(terminal)


@pytest.mark.parametrize("before", [b"", b":", b"e"], ids=["desk", "palette", "explore"])
def test_ctrl_backslash_leaves_the_terminal_as_it_was(corner: Path, before: bytes) -> None:
    terminal, theirs = pty.openpty()
    modes = termios.tcgetattr(theirs)
    with subprocess.Popen(
        [sys.executable, "-m", "ltvtui", str(corner)],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        env={**os.environ, "TERM": "xterm-256color", "COLUMNS": "100", "LINES": "30"},
    ) as app:
        try:
            read_until(terminal, b"as of")
            assert termios.tcgetattr(theirs) != modes
            os.write(terminal, before + b"\x1c")
            seen = read_until(terminal, b"\x1b[?1049l")  # back from the alternate screen
            assert app.wait(PATIENCE) == 128 + signal.SIGQUIT
            while select.select([terminal], [], [], 0)[0]:
                seen += os.read(terminal, 65_536)
        finally:
            app.kill()
    assert termios.tcgetattr(theirs) == modes
    for mode in (b"?1000", b"?1003", b"?1006", b"?2004"):  # mouse, and pasting in brackets
        assert seen.rfind(b"\x1b[" + mode + b"l") > seen.rfind(b"\x1b[" + mode + b"h")
    assert seen.rfind(b"\x1b[?25h") > seen.rfind(b"\x1b[?25l")  # the cursor
    os.close(terminal)
    os.close(theirs)


def test_the_screen_is_sent_again_when_asked_for(corner: Path) -> None:
    pid, terminal = start(corner)
    read_until(terminal, b"LTV by tier")
    os.write(terminal, b"\x0c")
    read_until(terminal, b"\x1b[2J", b"LTV by tier")
    os.write(terminal, b"q")
    assert ended(pid) == 0
    os.close(terminal)
