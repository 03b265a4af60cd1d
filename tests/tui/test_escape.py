"""Esc on a real terminal: it waits for the terminal's answer alone, and arrows stay whole over a slow line."""

from __future__ import annotations

import itertools
import os
import pty
import random
import select
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from shops import ROOT

from ltvtui.tui.terminal.link import AGAIN_AFTER, EXPECTED, FAR, NEAR, QUERY, SILENT, TIMES, TerminalLink

PROGRAM = """
import sys
from textual.app import App
from ltvtui.tui.terminal import link
from ltvtui.tui.terminal.driver import LeanDriver

link.FAR, link.NEAR = map(float, sys.argv[2:])

class Keys(App):
    def get_driver_class(self):
        return LeanDriver
    def on_key(self, event):
        with open(sys.argv[1], "a") as file:
            print(event.key, file=file)
        if event.key == "q":
            self.exit()

Keys().run()
"""
"""Writes down the keys that it hears."""
ANSWER = b"\x1b[1;1R"
PATIENCE = 60.0


class Line:
    """The way to a terminal: what goes either way comes `delay` seconds later, give or take `jitter`, in order."""

    def __init__(self, terminal: int, delay: float = 0.0, jitter: float = 0.0, answers: bool = True) -> None:
        self._terminal, self._delay, self._jitter, self._answers = terminal, delay, jitter, answers
        self._random = random.Random(1)
        self._ways: dict[str, deque[tuple[float, bytes]]] = {"in": deque(), "out": deque()}
        self.seen = b""
        """What the terminal got."""
        self._asked = 0
        self.typed: list[tuple[float, bytes]] = []
        """Bytes as the program could read them, and when."""

    def type(self, keys: bytes) -> None:
        for byte in keys:
            self._send("in", bytes([byte]))

    def _send(self, way: str, data: bytes) -> None:
        due = time.monotonic() + self._delay + self._random.uniform(-self._jitter, self._jitter)
        queue = self._ways[way]
        queue.append((max(due, queue[-1][0] if queue else 0.0), data))

    def run(self, until: float | None = None) -> None:
        """Pass on what is due, for a moment."""
        if select.select([self._terminal], [], [], 0.001)[0]:
            with suppress(OSError):
                self._send("out", os.read(self._terminal, 65_536))
        now = time.monotonic()
        while self._ways["out"] and self._ways["out"][0][0] <= now:
            came = self._ways["out"].popleft()[1]
            self.seen += came
            asked = self.seen.count(QUERY.encode())  # one may come in two pieces, or several in one
            if self._answers:
                self.type(ANSWER * (asked - self._asked))
            self._asked = asked
        if self._ways["in"] and self._ways["in"][0][0] <= now:
            byte = self._ways["in"].popleft()[1]
            os.write(self._terminal, byte)
            self.typed.append((time.monotonic(), byte))

    def run_until(self, condition) -> None:  # type: ignore[no-untyped-def]
        end = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < end, f"never came; {self.seen[-200:]!r}"
            self.run()


@contextmanager
def program(tmp_path: Path, far: float, near: float) -> Iterator[tuple[int, Path]]:
    """The program on a terminal: our end of it, and the file of its keys."""
    heard = tmp_path / "keys"
    heard.touch()
    environment = {k: v for k, v in os.environ.items() if k not in ("SSH_CONNECTION", "ESCDELAY")}
    terminal, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(heard), str(far), str(near)],
        stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True, cwd=ROOT,
        env={**environment, "TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24"},
    ) as process:  # fmt: skip
        os.close(theirs)
        try:
            yield terminal, heard
        finally:
            process.kill()
    os.close(terminal)


def keys(heard: Path) -> list[str]:
    return heard.read_text("utf-8").split()


def test_a_near_terminal_tells_by_its_answer(tmp_path: Path) -> None:
    with program(tmp_path, far=10 * PATIENCE, near=PATIENCE) as (
        terminal,
        heard,
    ):  # waiting alone would take for ever
        line = Line(terminal)
        line.run_until(lambda: ANSWER in b"".join(byte for _, byte in line.typed))
        line.type(b"a")
        line.run_until(lambda: keys(heard) == ["a"])
        line.type(b"\x1b")
        line.run_until(lambda: keys(heard)[-1] == "escape")

        line._answers = False  # an arrow in two parts, and the answer behind it
        asked = line.seen.count(QUERY.encode())
        line.type(b"\x1b")
        line.run_until(lambda: line.seen.count(QUERY.encode()) > asked)
        line.type(b"[A" + ANSWER)
        line.run_until(lambda: keys(heard)[-1] == "up")
        line.type(b"q")
        line.run_until(lambda: keys(heard)[-1] == "q")


def test_no_arrow_is_torn_apart_on_a_slow_line(tmp_path: Path) -> None:
    arrows = {b"\x1b[A": "up", b"\x1b[B": "down", b"\x1b[C": "right", b"\x1b[D": "left"}
    pressed = [*arrows, *arrows, *arrows]
    with program(tmp_path, FAR, NEAR) as (terminal, heard):
        line = Line(terminal, delay=0.15, jitter=0.02)
        line.run_until(lambda: ANSWER in b"".join(byte for _, byte in line.typed))
        line.type(b"a")
        line.run_until(lambda: keys(heard)[-1:] == ["a"])
        for arrow in pressed:
            line.type(arrow)
        line.type(b"z")
        line.run_until(lambda: keys(heard)[-1:] == ["z"])
        late = [b[0] - a[0] for a, b in itertools.pairwise(line.typed) if a[1] in b"\x1b[1;"]
        if max(late) < FAR * 0.8:  # a machine that stands still is no line
            assert keys(heard) == ["a", *(arrows[arrow] for arrow in pressed), "z"]
        line.type(b"\x1b")
        line.run_until(lambda: keys(heard)[-1] == "escape")


def link(remote: bool = False) -> tuple[TerminalLink, list[float]]:
    now = [0.0]
    return TerminalLink(remote, lambda: now[0]), now


def test_who_never_answers_is_waited_for_shortly_but_over_ssh() -> None:
    assert link()[0].escape_delay == SILENT
    assert link(remote=True)[0].escape_delay == FAR


def test_an_answer_that_comes_in_pieces_is_waited_for() -> None:
    found, now = link()
    found.ask()
    assert found.escape_delay == EXPECTED
    now[0] += AGAIN_AFTER
    assert found.escape_delay == SILENT  # it will not come
    found.ask()
    found.answer()
    assert found.escape_delay == FAR


@pytest.mark.parametrize(("took", "near"), [(NEAR / 2, True), (2 * NEAR, False)])
def test_how_far_it_is_follows_from_the_answer(took: float, near: bool) -> None:
    found, now = link()
    assert found.wants_to_know
    assert found.ask() == QUERY
    now[0] += took
    found.answer()
    assert (found.is_near, found.escape_delay) == (near, FAR)
    now[0] += 5
    assert found.wants_to_know is not near


def test_it_is_asked_a_few_times_alone() -> None:
    found, now = link()
    for _ in range(TIMES):
        assert found.wants_to_know
        found.ask()
        assert not found.wants_to_know
        now[0] += 2
    assert not found.wants_to_know
