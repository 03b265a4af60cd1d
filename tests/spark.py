"""A cluster of Spark for tests: a master, two workers and a server of Connect, each a process ended by its id."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
START_SECONDS = 120.0
TOKEN = "a-token-of-tests"
"""The server answers nobody without it."""
HOST = "localhost"
"""The driver sends tokens without TLS to this name alone."""
_DEPLOY = "org.apache.spark.deploy"
_GUARDED = 'exec 3<&0; (read _ <&3; kill -KILL -- -$$) & exec "$@" </dev/null 3<&-'
"""In sh: a process that ends with its group when the tests end, even if they are killed."""
_CONNECT = "org.apache.spark.sql.connect.service.SparkConnectServer"


def spark_home() -> Path | None:
    """Where Spark with its server lies: LTVTUI_SPARK_HOME, or build/spark (fixtures/install_spark.sh)."""
    named = os.environ.get("LTVTUI_SPARK_HOME")
    found = Path(named) if named else ROOT / "build" / "spark"
    return found if (found / "bin" / "spark-submit").is_file() else None


def hindrance() -> str:
    """Why no server can be started; "" where one can."""
    if find_spec("pyspark") is None:
        return "the driver of Spark is not installed: `make test-engines` does it"
    if spark_home() is None:
        return "Spark is not installed, 456 MB: `make test-engines` does it"
    return "" if shutil.which("java") else "Java is not installed: `make test-engines` does it"


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """The address of a cluster of its own, in `folder`, with its token."""
    home = spark_home()
    assert home is not None
    master, connect = _free_port(), _free_port()
    with ExitStack() as processes:

        def start(name: str, *words: object) -> Callable[[], bool]:
            return processes.enter_context(_process(home, folder, name, words))

        of_class = home / "bin" / "spark-class"
        at = f"spark://{HOST}:{master}"
        alive = start("master", of_class, f"{_DEPLOY}.master.Master", "-h", HOST, "-p", master, "--webui-port", 0)
        _wait_for(master, alive, folder / "master.log")
        for name in ("worker-1", "worker-2"):
            place = ["-h", HOST, "-c", 1, "-m", "600m", "--webui-port", 0, "-d", folder / name]
            start(name, of_class, f"{_DEPLOY}.worker.Worker", *place, at)
        settings = {
            "spark.connect.grpc.binding.address": "127.0.0.1",
            "spark.connect.grpc.binding.port": connect,
            "spark.connect.authenticate.token": TOKEN,
            "spark.driver.host": HOST,
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.executor.memory": "600m",
            "spark.ui.enabled": "false",
            "spark.sql.warehouse.dir": folder / "warehouse",
            "spark.sql.shuffle.partitions": 2,
            "spark.default.parallelism": 2,
            "spark.local.dir": folder,
        }
        listed = [word for name, value in settings.items() for word in ("--conf", f"{name}={value}")]
        submit = home / "bin" / "spark-submit"
        alive = start("connect", submit, "--master", at, *listed, "--class", _CONNECT, "spark-internal")
        _wait_for(connect, alive, folder / "connect.log")
        yield f"sc://{HOST}:{connect}/;token={TOKEN}"


@contextmanager
def _process(home: Path, folder: Path, name: str, words: tuple[object, ...]) -> Iterator[Callable[[], bool]]:
    """Whether it is alive. It is ended with all that it started: a worker's executors, which are of its group."""
    own = {
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_DAEMON_MEMORY": "1g" if name == "connect" else "256m",
    }
    with (folder / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(
            ["sh", "-c", _GUARDED, "sh", *map(str, words)],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            cwd=folder,
            env={**os.environ, **own},
            start_new_session=True,
        )
    try:
        yield lambda: process.poll() is None
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def _wait_for(port: int, alive: Callable[[], bool], log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if not alive() or time.monotonic() > until:
                raise RuntimeError(log.read_text()[-2000:]) from None
            time.sleep(0.05)


class Between:
    """A wire to a server that can be cut: what goes to `port` arrives there."""

    def __init__(self, port: int) -> None:
        self._there = port
        self._door = socket.create_server((HOST, 0))
        self.port = int(self._door.getsockname()[1])
        self._open: list[socket.socket] = []
        threading.Thread(target=self._let_in, daemon=True).start()

    def _let_in(self) -> None:
        with suppress(OSError):  # the door was closed
            while True:
                here, _ = self._door.accept()
                there = socket.create_connection((HOST, self._there))
                self._open += [here, there]
                for source, target in ((here, there), (there, here)):
                    threading.Thread(target=_carry, args=(source, target), daemon=True).start()

    def cut(self) -> None:
        """Nothing goes through any more, and nobody comes in."""
        for end in (self._door, *self._open):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


def _carry(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while some := source.recv(65_536):
            target.sendall(some)
