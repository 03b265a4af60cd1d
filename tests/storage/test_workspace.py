"""What the analyst adds lies in a database of its own: private, shared by sessions, never in the way."""

from __future__ import annotations

import sqlite3
import stat
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from ltvtui.analytics.budget.manual_spend import ManualSpend
from ltvtui.errors import LtvError
from ltvtui.storage.workspace import Workspace, database

JANUARY, FEBRUARY = 19_723, 19_754
"""First days of two months of 2024."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "workspace.sqlite"


def told(typed: ManualSpend) -> tuple[list[tuple[object, ...]], dict[str, str]]:
    return typed.rows.rows(), dict(typed.aliases)


def test_what_is_kept_is_read_again(path: Path) -> None:
    typed = ManualSpend().booking("ads", [JANUARY], 5).booking(None, [FEBRUARY], 7).joining("fb", "ads")
    Workspace(path).save_spend("shop", ManualSpend(), typed)
    assert told(Workspace(path).typed("shop")) == told(typed)
    assert told(Workspace(path).typed("another")) == ([], {})
    less = typed.booking("ads", [JANUARY], None).joining("fb", None)
    Workspace(path).save_spend("shop", typed, less)
    assert told(Workspace(path).typed("shop")) == ([(FEBRUARY, None, 7)], {})
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_there_is_none_before_something_is_kept(path: Path) -> None:
    assert told(Workspace(path).typed("shop")) == ([], {})
    assert not path.parent.exists()


def test_two_sessions_keep_what_each_has_typed(path: Path) -> None:
    here, there = Workspace(path), Workspace(path)
    here.save_spend("shop", ManualSpend(), ManualSpend().booking("ads", [JANUARY], 5).joining("fb", "ads"))
    there.save_spend("shop", ManualSpend(), ManualSpend().booking("mail", [JANUARY], 6).booking("ads", [JANUARY], 8))
    assert told(here.typed("shop")) == ([(JANUARY, "ads", 8), (JANUARY, "mail", 6)], {"fb": "ads"})


def test_names_are_data(path: Path) -> None:
    name = "'; DROP TABLE spend; --\x1b[2J"
    typed = ManualSpend().booking(name, [JANUARY], 5).joining(name, name)
    Workspace(path).save_spend(name, ManualSpend(), typed)
    assert told(Workspace(path).typed(name)) == told(typed)


def test_a_locked_one_is_said_and_nothing_is_half_kept(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "WAIT", 0.05)
    first = ManualSpend().booking("ads", [JANUARY], 5)
    Workspace(path).save_spend("shop", ManualSpend(), first)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(LtvError, match="locked") as caught:
            Workspace(path).save_spend("shop", first, first.booking("ads", [JANUARY], 9).joining("fb", "ads"))
        other.execute("ROLLBACK")
    assert "is lost when you quit" in caught.value.mend
    assert told(Workspace(path).typed("shop")) == told(first)


def test_a_file_that_is_no_database_is_left_alone(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"not a database, but somebody's" * 99)
    for use in (
        Workspace(path).typed,
        lambda shop: Workspace(path).save_spend(shop, ManualSpend(), ManualSpend().joining("a", "b")),
    ):
        with pytest.raises(LtvError, match="cannot be used"):
            use("shop")
    assert path.read_bytes().startswith(b"not a database, but somebody's")


def test_sessions_that_begin_at_once_wait_for_each_other(path: Path) -> None:
    def keep(number: int) -> None:
        Workspace(path).save_spend(
            "shop", ManualSpend(), ManualSpend().booking(f"channel {number}", [JANUARY], number)
        )

    with ThreadPoolExecutor(8) as sessions:
        list(sessions.map(keep, range(24)))
    assert sorted(amount for _, _, amount in Workspace(path).typed("shop").rows.rows()) == list(range(24))
