"""Ctrl-\\ on the command line: the end, at once, and nothing left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Collection
from functools import partial
from pathlib import Path

import pytest
from shops import ROOT

PATIENCE = 60.0
WAITS = """
import sys, time
import ltvtui.session.open_dataset

def wait(*_, **__):
    print("half", flush=True)
    {waiting}

ltvtui.session.open_dataset.understand = wait
sys.argv[0] = "ltvtui"
from ltvtui.cli import main
main()
"""
WAITING = "while True: time.sleep(0.05)"
BUSY = (
    "import sqlite3; sqlite3.connect(':memory:').execute("
    "'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1e12) SELECT count(*) FROM n')"
)


def set_signals(ignored: Collection[signal.Signals]) -> None:
    """As a terminal starts a command, whatever started the tests: a job in the background ignores signals."""
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN if number in ignored else signal.SIG_DFL)


def started(waiting: str, folder: Path, ignored: Collection[signal.Signals] = ()) -> subprocess.Popen[str]:
    """A report of a file, half way."""
    orders = folder / "orders.csv"
    orders.write_text("order_id,customer_id,day,amount\n1,ann,2024-01-01,5\n2,bob,2024-01-02,7\n")
    (folder / "tmp").mkdir()
    child = subprocess.Popen(
        [sys.executable, "-c", WAITS.format(waiting=waiting), "report", str(orders), "--no-cache"],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(folder / "tmp")},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=partial(set_signals, ignored),
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "half\n"
    return child


def test_it_ends_in_order(tmp_path: Path) -> None:
    with started(WAITING, tmp_path) as child:
        child.send_signal(signal.SIGQUIT)
        assert child.wait(PATIENCE) == 131
        assert child.stderr is not None
        assert child.stderr.read() == ""
    assert list((tmp_path / "tmp").iterdir()) == []


def test_it_ends_while_a_library_is_at_work(tmp_path: Path) -> None:
    with started(BUSY, tmp_path) as child:
        child.send_signal(signal.SIGQUIT)
        try:
            assert child.wait(PATIENCE) == 131
        finally:
            child.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_other_signals_do_what_they_did(tmp_path: Path, number: signal.Signals) -> None:
    with started(WAITING, tmp_path) as child:
        child.send_signal(number)
        assert child.wait(PATIENCE) == (130 if number == signal.SIGINT else -number)


def test_where_it_is_ignored_it_stays_ignored(tmp_path: Path) -> None:
    """As of a job in the background of a script."""
    with started(WAITING, tmp_path, ignored=[signal.SIGQUIT]) as child:
        child.send_signal(signal.SIGQUIT)
        child.send_signal(signal.SIGTERM)
        assert child.wait(PATIENCE) == -signal.SIGTERM
