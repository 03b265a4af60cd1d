"""A terminal of our own: starts a program on it, presses keys, and says when the last byte came and how many."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pyte

from bench.fresh import peak_mb

COLUMNS: Final = 120
LINES: Final = 40
QUIET: Final = 0.25
"""Seconds without a byte after which a key is answered."""
PATIENCE: Final = 300.0
FIRST: Final = 2.0
"""Seconds within which a key shows something, if only that it is being worked on."""
WORKING: Final = "working…"
"""Stands on screen while an answer is being made."""

KEYS: Final = {
    "enter": "\r",
    "escape": "\x1b",
    "backspace": "\x7f",
    "pagedown": "\x1b[6~",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "tab": "\t",
}
_UNKNOWN: Final = re.compile(rb"\x1b\[[<>=?][0-9;]*[a-zA-Z$]+|\x1b\[[0-9;]*\$p|\x1b[P\]][^\x1b\x07]*(?:\x1b\\|\x07)")
"""What the emulator does not know: questions to the terminal, modes, titles. None of it draws."""


@dataclass(frozen=True)
class Stroke:
    """What came of a key."""

    milliseconds: float
    """To the last byte; 0 where none came."""
    bytes: int


class Terminal:
    """A program on a terminal of 120 × 40."""

    def __init__(self, command: Sequence[str], env: Mapping[str, str], quiet: float = QUIET) -> None:
        self._quiet = quiet
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
        self._fd = ours
        self.started = time.perf_counter()
        self._process = subprocess.Popen(
            command, stdin=theirs, stdout=theirs, stderr=theirs, env=dict(env), start_new_session=True
        )
        os.close(theirs)
        self._screen = pyte.Screen(COLUMNS, LINES)
        self._stream = pyte.ByteStream(self._screen)
        self._unread = b""
        self.total = 0
        """Bytes so far."""
        self.cpu = 0.0
        """Seconds of all cores that the program took, as soon as it has ended."""

    @property
    def text(self) -> str:
        """The screen as text."""
        self._stream.feed(_UNKNOWN.sub(b"", self._unread))
        self._unread = b""
        return "\n".join(line.rstrip() for line in self._screen.display)

    def press(self, key: str, *until: str) -> Stroke:
        """Press a key and wait for all that comes of it, at least until one of `until` stands on the screen."""
        pressed, before = time.perf_counter(), self.total
        os.write(self._fd, KEYS.get(key, key).encode())
        last = self._listen(FIRST)
        while WORKING in self.text or not any(sign in self.text for sign in until or ("",)):
            more = self._listen(PATIENCE)
            if more is None:
                raise RuntimeError(f"never came: {until!r}\n{self.text}")
            last = more
        return Stroke((last - pressed) * 1_000 if last else 0.0, self.total - before)

    def await_bytes(self, wanted: bytes) -> float:
        """Seconds from the start of the program until these bytes had come."""
        end = time.perf_counter() + PATIENCE
        while wanted not in self._unread:
            if not self._read(end - time.perf_counter()):
                raise RuntimeError(f"never came: {wanted!r}\n{self.text}")
        return time.perf_counter() - self.started

    def listen_until(self, seconds: float) -> None:
        """Read until that many seconds after the start of the program."""
        while (left := self.started + seconds - time.perf_counter()) > 0:
            self._read(left)

    def settle(self) -> None:
        """Wait until nothing comes any more."""
        self._listen(self._quiet)

    def close(self, leave: str) -> float:
        """Press the key that leaves; peak memory of the program in MB."""
        os.write(self._fd, leave.encode())
        end = time.perf_counter() + 10
        while True:
            if select.select([self._fd], [], [], 0.01)[0]:
                self._read(0)
            ended, status, usage = os.wait4(self._process.pid, os.WNOHANG)
            if ended:
                self._process.returncode = os.waitstatus_to_exitcode(status)
                self.cpu = usage.ru_utime + usage.ru_stime
                os.close(self._fd)
                return peak_mb(usage)
            if time.perf_counter() > end:
                os.kill(self._process.pid, signal.SIGKILL)

    def _listen(self, first: float) -> float | None:
        """Read until it is quiet: when the last byte came; None where none comes within `first` seconds."""
        last = None
        while self._read(self._quiet if last else first):
            last = time.perf_counter()
        return last

    def _read(self, patience: float) -> bool:
        """Read what comes within `patience` seconds; nothing is drawn meanwhile, so that nobody waits for us."""
        if not select.select([self._fd], [], [], max(patience, 0))[0]:
            return False
        try:
            came = os.read(self._fd, 1 << 16)
        except OSError:
            return False
        self._unread += came
        self.total += len(came)
        return bool(came)
