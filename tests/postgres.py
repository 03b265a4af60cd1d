"""A PostgreSQL server for tests: a private cluster that ends with them, and shops in it."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

_NUMBERS = count(1)


def binaries() -> Path | None:
    """The folder of the newest server that is installed; None where none is."""
    if (found := shutil.which("postgres")) is not None:
        return Path(found).parent
    folders = Path("/usr/lib/postgresql").glob("*/bin/postgres")
    return max((path.parent for path in folders), key=lambda path: float(path.parent.name), default=None)


NOT_INSTALLED = "no PostgreSQL server is installed; `make test-engines` installs one"


@dataclass(frozen=True)
class Server:
    """A running server, which trusts everybody who comes from here: `owner` owns it, `reader` may read."""

    port: int
    folder: Path
    process: subprocess.Popen[bytes]

    def uri(self, base: str = "postgres", user: str = "reader") -> str:
        return f"postgresql://{user}@127.0.0.1:{self.port}/{base}"

    def run(self, *statements: str, base: str = "postgres", user: str = "owner") -> None:
        """Run statements, each by itself."""
        from adbc_driver_postgresql import dbapi

        with (
            closing(dbapi.connect(self.uri(base, user), autocommit=True)) as connection,
            connection.cursor() as cursor,
        ):
            for statement in statements:
                cursor.execute(statement)

    def new_base(self, *options: str) -> str:
        """A database of its own, whose tables `reader` may read."""
        base = f"shop_{os.getpid()}_{next(_NUMBERS)}"
        self.run(f"CREATE DATABASE {base} {' '.join(options)}")
        self.run("ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO reader", base=base)
        return base


@contextmanager
def running(settings: tuple[str, ...] = (), access: str = "") -> Iterator[Server]:
    """A new cluster at a free port of this machine, in a folder of its own; both are gone afterwards.

    The server refuses to run as root: then it is run as the user whom Debian makes for it, or `nobody`.
    """
    found = binaries()
    assert found is not None, NOT_INSTALLED
    folder = Path(tempfile.mkdtemp(prefix="ltvtui-pg-"))
    other = _other_user()
    try:
        if other is not None:
            shutil.chown(folder, other)
        data = folder / "data"
        made = [found / "initdb", "-D", data, "-A", "trust", "-U", "owner", "-E", "UTF8", "--locale=C", "-N"]
        subprocess.run(made, user=other, cwd=folder, check=True, stdout=subprocess.DEVNULL)
        if access:
            (data / "pg_hba.conf").write_text(access)
        port = _free_port()
        given = ("fsync=off", "autovacuum=off", "listen_addresses=127.0.0.1", "shared_buffers=32MB", *settings)
        options = [word for setting in given for word in ("-c", setting)]
        with (folder / "log").open("wb") as log:
            command = [found / "postgres", "-D", data, "-p", str(port), "-k", folder, *options]
            process = subprocess.Popen(command, user=other, cwd=folder, stdout=log, stderr=log)
        try:
            server = Server(port, folder, process)
            _wait_for(server)
            yield server
        finally:
            process.send_signal(signal.SIGQUIT)  # at once: nothing of it is needed any more
            process.wait(30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _other_user() -> str | None:
    if sys.platform == "win32" or os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _free_port() -> int:
    with closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _wait_for(server: Server) -> None:
    from adbc_driver_postgresql import dbapi

    end = time.monotonic() + 60
    while True:
        assert server.process.poll() is None, (server.folder / "log").read_text()
        try:
            server.run("SELECT 1")
            break
        except dbapi.Error:
            assert time.monotonic() < end
            time.sleep(0.02)
    server.run("CREATE ROLE reader LOGIN", "REVOKE TEMPORARY ON DATABASE postgres FROM PUBLIC")
