"""Commands in processes of their own, each forked from one that has imported the program.

For tests of what a process leaves behind when it is killed, or is refused by the system: starting Python and
importing everything took three times longer than what the commands do. How a process begins and reads its streams is
for tests that start one themselves.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import IO, Any

TESTS = Path(__file__).resolve().parent
ROOT = TESTS.parent
PATIENCE = 60.0
"""Seconds until a process that does not end is an error."""
HELPERS = frozenset({"jemalloc_bg_thd", "polars-ooc-clea"})
"""Threads that importing Polars begins: they give back memory and files, and nobody waits for them."""
MOST = 200_000
"""Bytes of a message."""


class Forks:
    """The process that others are forked from: it is told what to run, forks, and tells how that ended."""

    def __init__(self) -> None:
        self._asked, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        paths = [str(TESTS), str(ROOT)]
        code = f"import sys; sys.path[:0] = {paths}; import forked; forked.serve({theirs.fileno()})"
        self._process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, pass_fds=[theirs.fileno()])
        theirs.close()
        atexit.register(self.close)

    def close(self) -> None:
        """Without anybody to ask it, it ends."""
        self._asked.close()
        self._process.wait(PATIENCE)

    def start(self, request: Mapping[str, Any], streams: list[int]) -> int:
        """Number of a new process."""
        socket.send_fds(self._asked, [json.dumps(request).encode()], streams)
        return self._answer(PATIENCE)

    def wait(self, pid: int, timeout: float) -> int:
        """How the process ended, as subprocess tells it."""
        self._asked.send(json.dumps({"wait": pid}).encode())
        return self._answer(timeout)

    def _answer(self, timeout: float) -> int:
        self._asked.settimeout(timeout)
        return int(self._asked.recv(MOST))


@cache
def forks() -> Forks:
    """One for all tests of this process."""
    return Forks()


class Child:
    """A process with three pipes, used as a subprocess.Popen is."""

    def __init__(
        self,
        *words: object,
        code: str = "",
        room: int | None = None,
        env: Mapping[str, str] | None = None,
        cwd: Path = ROOT,
    ) -> None:
        """`ltvtui` with these words, or `code` with them; no file may grow beyond `room` bytes, as on a full disk."""
        request = {
            "words": [str(word) for word in words],
            "code": code,
            "room": room,
            "env": dict(os.environ if env is None else env),
            "cwd": str(cwd),
        }
        theirs, stdin = os.pipe()
        (stdout, out), (stderr, errors) = os.pipe(), os.pipe()
        self.pid = forks().start(request, [theirs, out, errors])
        for end in (theirs, out, errors):
            os.close(end)
        self.stdin: IO[str] = os.fdopen(stdin, "w")
        self.stdout: IO[str] = os.fdopen(stdout)
        self.stderr: IO[str] = os.fdopen(stderr)
        self.returncode: int | None = None

    def __enter__(self) -> Child:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.kill()
        for stream in (self.stdin, self.stdout, self.stderr):
            stream.close()

    def send_signal(self, number: signal.Signals) -> None:
        """While it is there."""
        if self.returncode is None:
            os.kill(self.pid, number)

    def wait(self, timeout: float = PATIENCE) -> int:
        """Its return code; TimeoutError where it does not end."""
        if self.returncode is None:
            self.returncode = forks().wait(self.pid, timeout)
        return self.returncode

    def communicate(self) -> tuple[str, str]:
        """All that it writes, until it ends by itself; TimeoutError where it does not."""
        self.stdin.close()
        with ThreadPoolExecutor(2) as reading:
            told = [reading.submit(stream.read) for stream in (self.stdout, self.stderr)]
            try:
                out, errors = (each.result(PATIENCE) for each in told)
            except TimeoutError:
                self.kill()
                raise
        self.wait()
        return out, errors

    def kill(self) -> None:
        """And it is gone."""
        if self.returncode is None:
            os.kill(self.pid, signal.SIGKILL)
            self.wait()


def run(*words: object, **how: Any) -> subprocess.CompletedProcess[str]:
    """What comes of a command that is told nothing on its standard input; arguments as of Child."""
    with Child(*words, **how) as child:
        out, errors = child.communicate()
        return subprocess.CompletedProcess([str(word) for word in words], child.wait(), out, errors)


def serve(number: int) -> None:
    """Fork whenever asked to. What is forked does what was asked for, and ends as any program."""
    import_all()
    threads = {path.read_text().strip() for path in Path("/proc/self/task").glob("*/comm")}
    assert threads <= {"python", "python3", *HELPERS}, "what has a pool of threads cannot be forked"
    gc.freeze()  # what is not looked at is not copied
    asked = socket.socket(fileno=number)
    while True:
        message, streams, *_ = socket.recv_fds(asked, MOST, 3)
        if not message:
            return None
        request = json.loads(message)
        if "wait" in request:
            _, status = os.waitpid(request["wait"], 0)
            asked.send(str(os.waitstatus_to_exitcode(status)).encode())
        elif pid := os.fork():
            for stream in streams:
                os.close(stream)
            asked.send(str(pid).encode())
        else:
            asked.close()
            return become(request, streams)


def import_all() -> None:
    """All but the screen: of what a command needs nothing is imported again."""
    for path in sorted((ROOT / "ltvtui").rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        if parts[1] not in ("tui", "__main__") and parts[-1] != "windows_lock":
            import_module(".".join(parts).removesuffix(".__init__"))
    for name in ("xlsxwriter", "fastexcel", "adbc_driver_sqlite.dbapi", "sqlite_utils.db"):
        import_module(name)


def become(request: dict[str, Any], streams: list[int]) -> None:
    """Run what was asked for, on these streams, in this environment."""
    for place, stream in enumerate(streams):
        os.dup2(stream, place)
        os.close(stream)
    sys.stdin, sys.stdout = os.fdopen(0, closefd=False), os.fdopen(1, "w", closefd=False)
    sys.stderr = os.fdopen(2, "w", errors="backslashreplace", buffering=1, closefd=False)
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update(request["env"])
    tempfile.tempdir = None
    sys.dont_write_bytecode = True  # of a full disk compiled modules would be cut short
    sys.argv = ["-c" if request["code"] else "ltvtui", *request["words"]]
    if request["room"] is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (request["room"],) * 2)
    if request["code"]:
        exec(compile(request["code"], "<string>", "exec", dont_inherit=True), {"__name__": "__main__"})
    else:
        import_module("ltvtui.cli").main()
