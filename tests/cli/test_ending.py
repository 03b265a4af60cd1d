"""The end of a run: cleaned up and told, and nothing taken apart after that."""

from __future__ import annotations

import subprocess
import sys

import pytest

RUN = """
import atexit, sys
from ltvtui.cli.ending import end_at_once, is_done

class Piece:
    def __del__(self):
        sys.stdout.write("taken apart ")
        sys.stdout.flush()

piece = Piece()
end_at_once()
atexit.register(lambda: sys.stdout.write("cleaned up "))
sys.stdout.write("figures ")
{end}
"""


@pytest.mark.parametrize(
    ("end", "printed", "code"),
    [
        ("is_done(3); sys.exit(3)", "figures cleaned up ", 3),
        ("sys.exit(3)", "figures cleaned up taken apart ", 3),
        ("raise ValueError", "figures cleaned up taken apart ", 1),
    ],
)
def test_what_is_to_be_done_at_an_end_is_done_before_it(end: str, printed: str, code: int) -> None:
    ended = subprocess.run([sys.executable, "-c", RUN.format(end=end)], capture_output=True, text=True, check=False)
    assert (ended.stdout, ended.returncode) == (printed, code)
