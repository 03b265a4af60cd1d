"""A server of Spark Connect for tests: started where Spark and Java are at hand, ended by its process group."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
START_SECONDS = 60.0


def spark_home() -> Path | None:
    """Where Spark with its server lies: LTVTUI_SPARK_HOME, or build/spark (fixtures/install_engines.sh)."""
    named = os.environ.get("LTVTUI_SPARK_HOME")
    found = Path(named) if named else ROOT / "build" / "spark" / "pyspark"
    return found if (found / "bin" / "spark-submit").is_file() else None


def hindrance() -> str:
    """Why no server can be started; "" where one can."""
    if find_spec("pyspark") is None:
        return "the driver of Spark is not installed: pip install 'ltvtui[spark]'"
    if spark_home() is None:
        return "Spark is not installed: `make test-engines` does it"
    return "" if shutil.which("java") else "Java is not installed: `make test-engines` does it"


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """The address of a server of its own, in `folder`."""
    home = spark_home()
    assert home is not None
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = {
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.connect.grpc.binding.port": port,
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.sql.warehouse.dir": folder / "warehouse",
        "spark.sql.shuffle.partitions": 1,
        "spark.default.parallelism": 1,
        "spark.local.dir": folder,
    }
    listed = [word for name, value in settings.items() for word in ("--conf", f"{name}={value}")]
    submit = [home / "bin" / "spark-submit", "--master", "local[2]", "--driver-memory", "1g", *listed]
    server = "org.apache.spark.sql.connect.service.SparkConnectServer"
    environment = {**os.environ, "SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1"}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [*map(str, submit), "--class", server, "spark-internal"],
            stdout=log,
            stderr=log,
            cwd=folder,
            env=environment,
            start_new_session=True,
        )
    try:
        until = time.monotonic() + START_SECONDS
        while not _answers(port):
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError((folder / "log").read_text()[-2000:])
            time.sleep(0.1)
        yield f"sc://127.0.0.1:{port}"
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True
