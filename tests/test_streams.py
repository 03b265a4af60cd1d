"""Closed streams, and terminals that know few letters: commands do what they can, without a traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from shops import ROOT, build

COMMANDS = ("report", "check", "config", "cohorts", "retention", "budget", "open")


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return build(
        tmp_path,
        "CREATE TABLE orders (order_id INTEGER, customer_id TEXT, day TEXT, amount REAL, country TEXT);"
        " INSERT INTO orders VALUES (1, 'ann', '2024-01-01', 5, 'Ελλάδα'), (2, 'bob', '2024-01-02', 7, '日本'),"
        " (3, 'ann', '2024-02-02', 7, 'Ελλάδα'), (4, 'cat', '2024-02-03', 9, NULL);",
    )


RUN_ALL = """
import sys
from ltvtui.cli import main
commands, *rest = sys.argv[1:]
for command in commands.split(","):
    sys.argv = ["ltvtui", command, *rest]
    try:
        main()
    except SystemExit as end:
        if end.code:
            sys.exit(f"{command} ended with {end.code}")
"""
"""Every command in one process, as each would be in its own: starting one takes longer than what it does."""


def shell(line: str, *words: object, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """What comes of `line` in a shell, where "$@" is a command of ours."""
    return in_shell(line, sys.executable, "-m", "ltvtui", *words, **environment)


def all_commands(line: str, shop: Path, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """What comes of `line` where "$@" is every command on the shop, one after the other."""
    return in_shell(line, sys.executable, "-c", RUN_ALL, ",".join(COMMANDS), shop, **environment)


def in_shell(line: str, *words: object, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        ["sh", "-c", line, "sh", *map(str, words)],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        check=False,
    )


@pytest.mark.parametrize("line", ['"$@" >&-', '"$@" <&-', '"$@" 2>&-', '"$@" <&- >&- 2>&-'])
def test_closed_streams(shop: Path, line: str) -> None:
    done = all_commands(line, shop)
    assert done.returncode == 0, done.stderr
    assert b"Traceback" not in done.stderr
    assert b"Exception" not in done.stderr


@pytest.mark.parametrize("command", ["report", "open"])
def test_a_reader_that_has_seen_enough(shop: Path, command: str) -> None:
    done = shell('"$@" | head -c 1', command, shop)
    assert done.returncode == 0, done.stderr
    assert done.stderr == b""


def test_what_is_written_takes_the_place_of_no_closed_stream(tmp_path: Path, shop: Path) -> None:
    """The first file that is opened would get the number of standard output, and be written to as such."""
    before = shop.read_bytes()
    done = shell('"$@" <&- >&- 2>&-', "export", shop, "--to", tmp_path / "x.csv")
    assert done.returncode == 0
    assert shop.read_bytes() == before
    assert (tmp_path / "x.csv").read_text().startswith("id,")


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONIOENCODING": "ascii", "TERM": "dumb", "COLUMNS": "1", "LINES": "1"},
        {"PYTHONIOENCODING": "cp1252:strict", "TERM": "", "COLUMNS": "0"},
        {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0", "COLUMNS": "abc", "LINES": "-1"},
    ],
    ids=lambda environment: "-".join(environment.values()),
)
def test_poor_terminals(shop: Path, environment: dict[str, str]) -> None:
    done = all_commands('"$@"', shop, **environment)
    assert done.returncode == 0, done.stderr
    assert done.stdout
    assert b"Traceback" not in done.stderr
    told = shell('"$@"', "report", shop, "--by", "country", "--format", "json", **environment)
    text = json.dumps(json.loads(told.stdout.decode("utf-8")), ensure_ascii=False)
    assert "Ελλάδα" in text
    assert "日本" in text


def test_a_full_disk_behind_standard_output_is_said(shop: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no device that is full")
    done = shell('"$@" >/dev/full', "report", shop)
    assert done.returncode == 1
    assert b"No space left on device" in done.stderr
    assert b"Traceback" not in done.stderr
