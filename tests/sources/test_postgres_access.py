"""What may be in the way of a database of PostgreSQL, and what of it is told and written: no password, nothing."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from postgres import NOT_INSTALLED, Server, binaries, running
from shops import ROOT

from ltvtui.cli import main
from ltvtui.errors import Cancelled, LtvError
from ltvtui.sources.base import TooSlow
from ltvtui.sources.locator import locate
from ltvtui.sources.postgres import session
from ltvtui.sources.postgres.session import Session
from ltvtui.sources.registry import is_watchable, source_at
from ltvtui.sources.server_address import server_address

pytestmark = pytest.mark.engines
ORDERS = (
    "CREATE TABLE {} AS SELECT n AS order_id, 'c' || n % 7 AS customer_id, date '2024-01-01' + n AS ordered_at,"
    " n::numeric(9, 2) AS amount FROM generate_series(1, 40) n"
)
SECRET = "ge heim@/?%"
WRITTEN = "ge%20heim%40%2F%3F%25"


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONFIG", "CACHE", "DATA"):
        monkeypatch.setenv(f"LTVTUI_{name}_DIR", str(tmp_path / "own" / name.lower()))
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("PGPASSWORD", "PGPASSFILE", "PGSERVICEFILE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def base(postgres: Server) -> str:
    found = postgres.new_base()
    postgres.run(ORDERS.format("orders"), base=found)
    return found


@pytest.fixture(scope="module")
def guarded() -> Iterator[Server]:
    """A server that wants passwords of `ann`, and lets nobody into `closed`."""
    if binaries() is None:
        pytest.skip(NOT_INSTALLED)
    rules = ("host closed all all reject", "host all ann all scram-sha-256", "host all all all trust")
    access = "\n".join((*rules, "local all all trust", ""))
    with running(access=access) as server:
        role = f"CREATE ROLE ann LOGIN PASSWORD '{SECRET}'"
        server.run(role, ORDERS.format("orders"), "GRANT SELECT ON orders TO ann, reader")
        yield server


def run(*words: object, code: int) -> Result:
    done = CliRunner().invoke(main, [str(word) for word in words])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == code, done.output
    return done


def refused(*words: object) -> str:
    """The two lines of an error."""
    done = CliRunner().invoke(main, ["report", *map(str, words)])
    assert done.exit_code in (1, 2), done.output
    assert done.stderr.count("\n") == 2, done.stderr
    return done.stderr


# --- what is in the way ------------------------------------------------------------------------------------


def test_what_is_wrong_with_an_address_or_a_user_is_said(guarded: Server) -> None:
    port = guarded.port
    for uri, what, mend in (
        (guarded.uri("nowhere"), 'database "nowhere" does not exist', "Check the name behind the last slash."),
        (guarded.uri(user="nobody"), 'role "nobody" does not exist', "Name the user: postgresql://USER@host"),
        (guarded.uri(user="ann"), "asks for a password", "Put it into ~/.pgpass or PGPASSWORD"),
        (guarded.uri("closed"), "cannot be opened", "does not admit this user"),
        (f"postgresql://ann:wrong@127.0.0.1:{port}/postgres", "refuses the user or the password", "PGPASSWORD"),
        (f"{guarded.uri()}?sslmode=require", "SSL", "sslmode"),
        (f"{guarded.uri()}?sslmod=require", 'invalid URI query parameter: "sslmod"', "Write postgresql://user@host"),
        ("postgresql://reader@127.0.0.1:port/postgres", "is no address that", "Write postgresql://user@host"),
        ("postgresql://reader@127.0.0.1:1/postgres", "cannot be opened", "Check host and port"),
        ("postgresql://reader@nowhere.invalid/postgres", "cannot be reached", "Check the name of the host"),
    ):
        told = refused(uri)
        assert what in told, told
        assert mend in told, told
        assert "wrong" not in told.replace("wrong with", "")


def test_tables_and_columns_without_rights_are_named(postgres: Server, base: str) -> None:
    statements = (
        *(ORDERS.format("closed"), "REVOKE ALL ON closed FROM reader"),
        *("ALTER TABLE orders ADD card text", "REVOKE ALL ON orders FROM reader"),
        "GRANT SELECT (order_id, customer_id, ordered_at, amount) ON orders TO reader",
        *("CREATE SCHEMA hidden", ORDERS.format("hidden.orders")),
    )
    postgres.run(*statements, base=base)
    done = run("report", postgres.uri(base), "--format", "json", code=0)
    assert json.loads(done.stdout)["base"]["orders"] == 40
    assert "Tables that this user may not read: closed, hidden.orders." in done.stderr
    assert "Columns that this user may not read: orders.card." in done.stderr
    for orders in ("closed", "hidden.orders"):
        told = refused(postgres.uri(base), "--orders", orders)
        assert "does not let this user read: permission denied for" in told
        assert "GRANT SELECT" in told
    postgres.run("REVOKE ALL (order_id, customer_id, ordered_at, amount) ON orders FROM reader", base=base)
    assert "has no table that this user may read" in refused(postgres.uri(base))


def test_rows_that_row_security_hides_are_warned_of(postgres: Server, base: str) -> None:
    rule = "CREATE POLICY own ON orders FOR SELECT TO reader USING (order_id <= 30)"
    postgres.run("ALTER TABLE orders ENABLE ROW LEVEL SECURITY", rule, base=base)
    done = run("report", postgres.uri(base), "--format", "json", code=0)
    assert json.loads(done.stdout)["base"]["orders"] == 30
    assert "Row security may hide rows from this user: orders." in done.stderr


def test_a_table_that_another_program_has_locked_is_named(
    postgres: Server, base: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from adbc_driver_postgresql import dbapi

    impatient = tuple(setting.replace("'5s'", "'50ms'") for setting in session.SETTINGS)
    monkeypatch.setattr(session, "SETTINGS", impatient)
    with closing(dbapi.connect(postgres.uri(base, "owner"))) as other, other.cursor() as cursor:
        cursor.execute("LOCK TABLE orders IN ACCESS EXCLUSIVE MODE")
        told = refused(postgres.uri(base))
        other.rollback()
    assert told.startswith(f"ltvtui: orders in {postgres.uri(base)} is locked by another program.\nTry again")


def test_a_cancel_ends_the_query_on_the_server_too(postgres: Server, base: str) -> None:
    asked = threading.Event()
    with source_at(locate(postgres.uri(base))) as source, source.open(asked.is_set) as database:
        threading.Timer(0.3, asked.set).start()
        begun = time.monotonic()
        with pytest.raises(Cancelled):
            database.query("SELECT pg_sleep(60)::text AS slept")
        assert time.monotonic() - begun < 2
        asked.clear()
        with pytest.raises(TooSlow):
            database.query("SELECT pg_sleep(60)::text AS slept", seconds=0.2)
        still = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%pg_sleep%'"
        assert database.query(f"{still} AND pid <> pg_backend_pid()") == [(0,)]
        assert database.query("SELECT count(*) FROM orders") == [(40,)]


def test_what_is_read_is_of_one_state_though_a_query_fails_between(postgres: Server, base: str) -> None:
    with source_at(locate(postgres.uri(base))) as source, source.open() as database:
        assert database.query("SELECT count(*) FROM orders") == [(40,)]
        postgres.run("DELETE FROM orders WHERE order_id > 10", base=base)
        with pytest.raises(LtvError, match="does not exist"):
            database.query("SELECT nothing FROM orders")
        assert database.query("SELECT count(*) FROM orders") == [(40,)]


@pytest.mark.parametrize("how", ["the connection", "the server"])
def test_a_server_that_is_gone_is_said_and_nothing_is_half(how: str) -> None:
    if binaries() is None:
        pytest.skip(NOT_INSTALLED)
    with running() as server:
        server.run(ORDERS.format("orders"), "GRANT SELECT ON orders TO reader")
        with source_at(locate(server.uri())) as source, source.open() as database:
            database.query("SELECT count(*) FROM orders")
            if how == "the connection":
                server.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'reader'")
            else:
                server.process.send_signal(signal.SIGQUIT)
                server.process.wait()
            for _ in range(2):
                with pytest.raises(LtvError, match=f"The connection to {server.uri()} was lost"):
                    database.query("SELECT count(*) FROM orders")


# --- hands off -----------------------------------------------------------------------------------------------


def test_the_right_to_select_is_enough_and_nothing_is_left(postgres: Server, base: str) -> None:
    """No temporary table, no transaction number: the server notices no write at all."""
    before = "SELECT pg_snapshot_xmax(pg_current_snapshot())::text, (SELECT count(*) FROM pg_class)"
    postgres.run(f"REVOKE TEMPORARY ON DATABASE {base} FROM PUBLIC", base=base)
    with source_at(locate(postgres.uri(base))) as source:
        with source.open() as database:
            first = database.query(before)
            for write in (
                "DELETE FROM orders",
                "CREATE TEMPORARY TABLE x (y int)",
                "SELECT 1); DROP TABLE orders; --",
            ):
                with pytest.raises(LtvError):
                    database.query(write)
        run("report", postgres.uri(base), code=0)
        with source.open() as database:
            assert database.query(before) == first
    assert not is_watchable(locate(postgres.uri(base)))


def test_without_its_driver_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "adbc_driver_postgresql", None)
    assert refused("postgresql://ann@h/base") == (
        "ltvtui: postgresql://ann@h/base is a PostgreSQL database, and its driver is not installed.\n"
        "Install it: pip install 'ltvtui[postgres]'\n"
    )


# --- passwords -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("uri", "name"),
    [
        ("postgres://ann:geheim@h:5432/base", "postgresql://ann@h:5432/base"),
        ("postgresql://ann:geh%40eim@h/base?sslmode=require", "postgresql://ann@h/base?sslmode=require"),
        ("postgresql://h/base?user=a@b&password=geheim", "postgresql://h/base?user=a@b"),
        ("postgresql://ann:gehe/im@h/base", "postgresql://h/base"),
        ("postgresql://ann:gehe?im@h/base", "postgresql://h/base"),
        ("postgresql://ann:gehe@im@h/base", "postgresql://ann@h/base"),
        ("postgresql://h:5432/base?user=a@b", "postgresql://h:5432/base?user=a@b"),
        ("postgresql:///base?host=/run/pg&sslpassword=geheim", "postgresql:///base?host=/run/pg"),
        ("postgresql://a:geheim@h1:1,h2:2/base", "postgresql://a@h1:1,h2:2/base"),
    ],
)
def test_an_address_is_called_without_its_password(uri: str, name: str) -> None:
    address = server_address(uri)
    assert address.name == locate(uri).name == locate(uri).masked == name
    assert "geh" not in repr(address) + repr(locate(uri))
    assert "geh" not in address.hide(f"invalid port number in {uri}")


def test_a_password_is_taken_from_where_postgresql_has_it(
    guarded: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    uri = guarded.uri(user="ann")
    with monkeypatch.context() as patch:
        patch.setenv("PGPASSWORD", SECRET)
        assert "visible" not in run("report", uri, code=0).stderr
    passes = tmp_path / ".pgpass"
    passes.write_text(f"127.0.0.1:{guarded.port}:*:ann:{SECRET}\n")
    passes.chmod(0o600)
    run("report", uri, code=0)
    services = tmp_path / "services.conf"
    services.write_text(f"[shop]\nhost=127.0.0.1\nport={guarded.port}\nuser=ann\ndbname=postgres\n")
    monkeypatch.setenv("PGSERVICEFILE", str(services))
    run("report", "postgresql://?service=shop", code=0)
    socket = f"postgresql:///postgres?host={guarded.folder}&port={guarded.port}&user=reader"
    run("report", socket, code=0)


def test_a_password_in_the_address_is_warned_of_and_is_nowhere(guarded: Server, tmp_path: Path) -> None:
    uri = f"postgresql://ann:{WRITTEN}@127.0.0.1:{guarded.port}/postgres"
    shown = [
        run("report", uri, code=0).output,
        run("report", uri, "--format", "json", code=0).output,
        run("config", uri, "--write", code=0).output,
        run("report", uri, "--orders", "nowhere", code=2).output,
        run("report", uri, "--amount", "1 / 0 + wrong", code=2).output,
        run("export", uri, "--to", str(tmp_path / "people.csv"), code=0).output,
        run("cache", "--format", "json", code=0).output,
        run("views", uri, code=0).output,
    ]
    assert "The password in the address is visible to others" in shown[0]
    written = [path.read_text("utf-8", "replace") for path in tmp_path.rglob("*") if path.is_file()]
    names = [str(path) for path in tmp_path.rglob("*")]
    assert len(written) >= 2
    for text in (*shown, *written, *names):
        assert SECRET not in text
        assert WRITTEN not in text
        assert "geheim" not in text.replace(" ", "")


def test_a_password_is_asked_for_on_a_terminal_and_not_echoed(guarded: Server) -> None:
    here, there = pty.openpty()
    show = "from ltvtui.cli.__init__ import main; import sys; main(sys.argv[1:])"
    with subprocess.Popen(
        [sys.executable, "-c", show, "report", guarded.uri(user="ann"), "--format", "csv"],
        stdin=there,
        stdout=subprocess.PIPE,
        stderr=there,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        start_new_session=True,
    ) as asked:
        os.close(there)
        seen = b""
        while b"Password for" not in seen:
            seen += os.read(here, 1000)
        os.write(here, f"{SECRET}\n".encode())
        assert asked.stdout is not None
        told = asked.stdout.read().decode()
    os.close(here)
    assert told.startswith("tier,")
    assert SECRET not in told


def test_a_connection_that_does_not_come_about_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that takes the call and never answers."""
    import socket

    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        uri = f"postgresql://ann@127.0.0.1:{silent.getsockname()[1]}/base"
        asked = threading.Event()
        threading.Timer(0.2, asked.set).start()
        begun = time.monotonic()
        with pytest.raises(Cancelled):
            Session(server_address(uri), None, asked.is_set)
        assert time.monotonic() - begun < 3
        assert "timeout expired" in refused(f"{uri}?connect_timeout=2")
