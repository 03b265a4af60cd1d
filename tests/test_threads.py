"""How many threads Polars has decides nothing: the other tests give it one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from shops import LARGE_SHOP, build

QUESTIONS = (
    *("report --by tier,channel", "report --by category --horizon 6", "report --by rfm", "report --by country"),
    *("retention --by channel", "cohorts --bucket quarter", "cohorts --by channel", "migration --from 2018-06-30"),
)
RUN = """
import sys
from click.testing import CliRunner
from ltvtui.cli import main
for line in sys.argv[1:]:
    print(CliRunner().invoke(main, line.split(), catch_exceptions=False).stdout)
"""


def answers(shop: Path, threads: int) -> str:
    """What a process with that many threads answers to the QUESTIONS."""
    lines = [f"{line} {shop} --no-cache --format json" for line in QUESTIONS]
    env = {**os.environ, "POLARS_MAX_THREADS": str(threads), "LTVTUI_CONFIG_DIR": str(shop.parent / "settings")}
    done = subprocess.run([sys.executable, "-c", RUN, *lines], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_many_threads_tell_what_one_tells(tmp_path: Path) -> None:
    shop = build(tmp_path, LARGE_SHOP.format(status="CASE i % 10 WHEN 0 THEN 'failed' ELSE 'paid' END"))
    one = answers(shop, 1)
    assert one.count("\n}\n") == len(QUESTIONS)
    assert answers(shop, 4) == one
