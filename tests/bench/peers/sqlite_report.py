"""The report in plain SQL, run by the SQLite that comes with Python."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, Final

SCRIPT: Final = Path(__file__).with_suffix(".sql")


def report(path: str) -> dict[str, Any]:
    """The report of the shop at `path`: the last statement of the script gives it."""
    preparation, _, question = SCRIPT.read_text("utf-8").partition("-- the report\n")
    with closing(sqlite3.connect(f"{Path(path).resolve().as_uri()}?mode=ro", uri=True)) as connection:
        connection.executescript(preparation)
        answer: dict[str, Any] = json.loads(connection.execute(question).fetchone()[0])
        return answer
