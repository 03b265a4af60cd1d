"""A password in an address is told to nobody, and an address is no shop."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from shops import ROOT

from ltvtui.cli import main
from ltvtui.errors import LtvError
from ltvtui.masking import is_address, masked
from ltvtui.sources.mapping_file import mapping_path

ADDRESSES = {
    "postgresql://u:secret@h/db": "postgresql://u:…@h/db",
    "postgresql+psycopg://u:secret@h:5432/db": "postgresql+psycopg://u:…@h:5432/db",
    "mysql://root:p@secret/w:x@h:3306/db?x=1": "mysql://root:…@h:3306/db?x=1",
    "MYSQL://u:secret@h/db": "MYSQL://u:…@h/db",
    "postgres://h/db?user=u&password=secret&x=1": "postgres://h/db?user=u&password=…&x=1",
    "https://x/orders.csv?token=secret": "https://x/orders.csv?token=…",
    "https://x/orders.csv?X-Amz-Signature=secret&id=3": "https://x/orders.csv?X-Amz-Signature=…&id=3",
    "https://secret@x/orders.csv": "https://…@x/orders.csv",
    "libsql://x?authToken=secret": "libsql://x?authToken=…",
    "mssql://h;user=u;pwd=secret;database=d": "mssql://h;user=u;pwd=…;database=d",
    "redis://:secret@h": "redis://:…@h",
}


@pytest.mark.parametrize("address", ADDRESSES)
def test_what_is_masked(address: str) -> None:
    assert masked(address) == ADDRESSES[address]
    assert masked(masked(address)) == masked(address)
    error = LtvError(f"There is no file {Path(address)}.", f"Look at {address}")
    for told in (str(error), repr(error), error.what, error.mend):
        assert "secret" not in told


@pytest.mark.parametrize("said", ["host=h password=secret", "host=h password='my secret'", 'PWD="secret";Server=h'])
def test_words_of_a_connection_are_masked_too(said: str) -> None:
    assert "secret" not in masked(said)
    assert "h" in masked(said)


@pytest.mark.parametrize(
    "text",
    [
        "/data/shop.sqlite",
        "C:/Users/ann@home/x.sqlite",
        "This shop has no field 'key'. The filter was: key=5 and code=3.",
        "No customers: email = ann@example.com.",
        "see https://example.com/a?page=3",
        "--customers-key goes with --customers",
        "postgresql://u@h/db",
    ],
)
def test_what_says_nothing_stays(text: str) -> None:
    assert masked(text) == text


def test_what_is_an_address() -> None:
    assert all(map(is_address, ADDRESSES))
    assert not any(map(is_address, ["shop.sqlite", "/a//b", "C:/x", "C:\\x", "a:b", "://x", "host=h password=x", ""]))


OTHERWISE = ("names", "import", "export", "completion", "demo", "connect")
"""Commands that take no shop first."""


@pytest.mark.parametrize("address", [address for address in ADDRESSES if not address.startswith("postgres")])
def test_every_command_refuses_it_without_a_word_of_it(tmp_path: Path, address: str) -> None:
    shop = str(tmp_path / "x.sqlite")
    commands = [[name, address] for name in main.commands if name not in OTHERWISE]
    commands += [[address], ["import", address, "--into", shop], ["import", shop, "--into", address]]
    commands += [["export", shop, "--to", address], ["export", address, "--to", shop]]
    commands += [["report", shop, "--config", address], ["config", address, "--write"], ["notes", "x", address]]
    before = list(tmp_path.iterdir())
    for words in commands:
        done = CliRunner().invoke(main, words)
        assert done.exit_code == 2, words
        assert "secret" not in done.output
        assert "Only files are opened" in done.output or "unexpected extra argument" in done.output
        assert "Traceback" not in done.output
    assert list(tmp_path.iterdir()) == before


def test_it_is_in_no_name_of_what_is_kept(tmp_path: Path) -> None:
    path = mapping_path(tmp_path, Path("host=h password=secret"))
    assert path.name.startswith("host_h_password_")
    assert "secret" not in path.name
    assert path != mapping_path(tmp_path, Path("host=h password=another"))


def test_on_a_real_command_line(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    done = subprocess.run(
        [sys.executable, "-m", "ltvtui", "mysql://u:secret@h/db"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "secret" not in done.stderr + done.stdout
    assert "Traceback" not in done.stderr
