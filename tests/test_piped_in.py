"""`ltvtui -`: what is piped in is a shop, and nothing of it is kept."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from shops import ROOT, corner_shop

ORDERS = "order_id,customer,date,amount\n1,ann,2024-01-05,10\n2,bob,2024-02-06,20\n3,ann,2024-03-07,30\n"


def run(folder: Path, content: bytes, *words: str) -> subprocess.CompletedProcess[bytes]:
    names = {f"LTVTUI_{name}_DIR": str(folder / name) for name in ("CONFIG", "CACHE", "DATA")}
    (folder / "tmp").mkdir(exist_ok=True)
    environment = {**os.environ, **names, "PYTHONPATH": str(ROOT), "TMPDIR": str(folder / "tmp")}
    command = [sys.executable, "-m", "ltvtui", *words]
    return subprocess.run(command, input=content, env=environment, capture_output=True, timeout=60, check=False)


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_table_is_read_and_goes_with_the_program(tmp_path: Path, pack: type[bytes]) -> None:
    done = run(tmp_path, pack(ORDERS.encode()), "report", "-", "--format", "json")
    assert done.returncode == 0, done.stderr
    # By hand: two customers, three orders, 10 + 20 + 30.
    base = json.loads(done.stdout)["base"]
    assert (base["customers"], base["orders"], base["revenue"]) == (2, 3, 60)
    left = [path for path in tmp_path.rglob("*") if path.is_file() and path.stat().st_size]
    assert left == []


def test_a_database_is_one(tmp_path: Path) -> None:
    shop = corner_shop(tmp_path)
    done = run(tmp_path, shop.read_bytes(), "report", "-", "--format", "json")
    # fixtures/corner_shop.sql: ten customers have orders.
    assert json.loads(done.stdout)["base"]["customers"] == 10


def test_without_a_word_for_the_command_it_is_opened(tmp_path: Path) -> None:
    assert b"as of 2024-03-07" in run(tmp_path, ORDERS.encode(), "-").stdout


def test_nothing_piped_in_is_said(tmp_path: Path) -> None:
    done = run(tmp_path, b"", "report", "-")
    assert (done.returncode, done.stderr) == (
        2,
        b"ltvtui: Standard input is empty.\nPipe a table in, such as csv.\n",
    )
