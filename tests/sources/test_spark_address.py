"""The address of a shop on Spark: its token is shown nowhere, and what cannot be opened says how to mend it."""

from __future__ import annotations

import socket
import subprocess
import sys
from importlib.util import find_spec

import pytest
from shops import ROOT

from ltvtui.errors import LtvError
from ltvtui.sources.locator import locate
from ltvtui.sources.spark import session
from ltvtui.sources.spark.engine_sql import SparkSql
from ltvtui.sources.spark.errors import explain
from ltvtui.sources.spark.session import ClusterSession
from ltvtui.sources.spark_address import TOKEN, spark_address


@pytest.mark.parametrize(
    ("uri", "name"),
    [
        ("sc://Host", "sc://host"),
        ("sc://host:15002/", "sc://host:15002"),
        ("sc://host:15002/;token=s3cr3t;use_ssl=true", "sc://host:15002/;use_ssl=true"),
        ("sc://host/;x-key=s3cr3t;user_id=ann", "sc://host/;user_id=ann"),
        ("sc://ann:s3cr3t@host/", "sc://host"),
    ],
)
def test_names_have_no_secrets(uri: str, name: str) -> None:
    located = locate(uri)
    assert located.masked == located.name == located.identity == name
    assert located.has_password == ("s3cr3t" in uri)
    assert "s3cr3t" not in repr(located) + repr(spark_address(uri))


def test_errors_have_no_secrets() -> None:
    address = spark_address("sc://host/;token=s3%63r3t")
    told = explain(RuntimeError("UNAUTHENTICATED: s3%63r3t or s3cr3t is unknown"), address)
    assert "refuses the token" in told.what
    assert "s3cr3t" not in told.what
    assert "s3%63r3t" not in told.what


@pytest.mark.parametrize(
    ("text", "what", "mend"),
    [
        (
            "Job aborted: java.lang.OutOfMemoryError: Java heap space",
            "too little memory",
            "memory",
        ),
        (
            "Job aborted: ExecutorLostFailure (executor 5 exited …)",
            "too little memory",
            "workers",
        ),
        ("Checkpoint block rdd_12_0 not found! Either the executor …", "lost rows", "Ask again"),
        (
            "[INSUFFICIENT_PERMISSIONS] User ann has no SELECT",
            "does not permit it",
            "SELECT",
        ),
        ("org.apache.hadoop.security.AccessControlException: Permission denied: user=ann", "not permit it", "owner"),
        ("[INVALID_HANDLE.SESSION_CLOSED] The handle is invalid. Session was closed.", "was lost", "open it again"),
        ("[TABLE_OR_VIEW_NOT_FOUND] The table or view `o` cannot be found.", "does not find", "schema.table"),
        ("[FAILED_READ_FILE.NO_HINT] Encountered error while reading file", "cannot read the files", "owner"),
        ("[ARITHMETIC_OVERFLOW] long overflow", "cannot add this up exactly", "amount"),
        ("Tls handshake failed (TSI_PROTOCOL_FAILURE): SSL_ERROR_SSL", "No connection over TLS", "use_ssl=true"),
        ("No authentication token provided: UNAUTHENTICATED", "asks for a token", TOKEN),
    ],
)
def test_errors_say_how_to_mend_them(text: str, what: str, mend: str) -> None:
    told = explain(RuntimeError(text), spark_address("sc://host"))
    assert what in told.what
    assert mend in (told.mend or "")


def test_the_token_of_the_environment_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TOKEN, "geheim")
    assert "geheim" not in explain(RuntimeError("geheim is odd"), spark_address("sc://host")).what


def test_a_driver_that_is_missing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", None)
    with pytest.raises(LtvError) as told:
        ClusterSession(spark_address("sc://host"), lambda: False)
    assert told.value.mend == "Install it: pip install 'ltvtui[spark]'"


def test_no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "_driver", lambda address: None)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(LtvError, match=f"No Spark Connect server answers at 127.0.0.1:{port}"):
        ClusterSession(spark_address(f"sc://127.0.0.1:{port}"), lambda: False)


@pytest.mark.parametrize("uri", ["sc://", "sc://host:port"])
def test_no_address(uri: str) -> None:
    with pytest.raises(LtvError, match="no address of Spark Connect") as told:
        ClusterSession(spark_address(uri), lambda: False)
    assert told.value.exit_code == 2


def test_patterns_end_where_the_text_ends() -> None:
    """Java's $ is before a last newline, too; one in a class is a sign like others."""
    assert SparkSql().matches("x", "^[$]a$") == r"REGEXP_LIKE(x, '(?du)^[$]a\\z')"
    assert SparkSql().literal("it's \\") == r"'it\'s \\'"


@pytest.mark.skipif(find_spec("pyspark") is None, reason="the driver of Spark is not installed")
def test_a_program_that_is_no_file_opens_shops_too() -> None:
    """The driver would take it for tests of its own."""
    program = "from ltvtui.cli import main; main(['report', 'sc://localhost:9'])"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1
    assert "No Spark Connect server answers" in done.stderr
