"""`ltvtui demo`: made once where the user's data are, opened after that, and nothing of anybody else's touched."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ltvtui.cli import main
from ltvtui.importing.demo_shop import stored


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data directory of its own, and a shop that takes no time."""
    for kind in ("CONFIG", "DATA", "CACHE"):
        monkeypatch.setenv(f"LTVTUI_{kind}_DIR", str(tmp_path / kind.lower()))
    monkeypatch.setattr(stored, "CUSTOMERS", 300)
    return tmp_path / "data"


def demo(*words: str) -> Result:
    done = CliRunner().invoke(main, ["demo", *words])
    assert done.exception is None or isinstance(done.exception, SystemExit)
    return done


def test_it_is_made_once_and_then_opened(data: Path) -> None:
    first = demo()
    assert first.exit_code == 0, first.stderr
    assert "VIP" in first.stdout
    assert f"Making the demo shop {data / 'demo.sqlite'}" in first.stderr
    made = (data / "demo.sqlite").stat()
    assert made.st_mode & 0o077 == 0 or (data.stat().st_mode & 0o077) == 0  # nobody else's
    again = demo()
    assert again.stdout == first.stdout
    assert "Making" not in again.stderr
    assert (data / "demo.sqlite").stat().st_mtime_ns == made.st_mtime_ns


def test_fresh_makes_it_again(data: Path) -> None:
    before = demo().stdout
    with closing(sqlite3.connect(data / "demo.sqlite")) as connection:
        connection.execute("DELETE FROM orders WHERE order_id > 100")
        connection.commit()
    assert demo().stdout != before
    assert demo("--fresh").stdout == before


@pytest.mark.parametrize("words", [(), ("--fresh",)])
def test_a_file_of_somebody_elses_is_left_alone(data: Path, words: tuple[str, ...]) -> None:
    data.mkdir()
    with closing(sqlite3.connect(data / "demo.sqlite")) as connection:
        connection.execute("CREATE TABLE mine (a)")
        connection.commit()
    before = (data / "demo.sqlite").read_bytes()
    done = demo(*words)
    assert done.exit_code == 2
    assert "is not a " in done.stderr
    assert (data / "demo.sqlite").read_bytes() == before


def test_where_it_cannot_be_written(data: Path) -> None:
    data.write_text("a file where the folder would be", "utf-8")
    done = demo()
    assert done.exit_code == 1
    assert "cannot be written" in done.stderr
    assert "LTVTUI_DATA_DIR" in done.stderr
