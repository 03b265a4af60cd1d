"""A disk that is full: what stood there stands, nothing half written is left, and it is said."""

from __future__ import annotations

import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import forked
import pytest
from shops import build

from ltvtui.storage.workspace import Workspace
from ltvtui.user_state.state import SavedView, ViewChange

ROWS = 3_000


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    people = ", ".join(f"({n}, 'customer {n:05}', '2024-01-01', {n})" for n in range(ROWS))
    return build(
        tmp_path,
        "CREATE TABLE orders (order_id INTEGER, customer_id TEXT, day TEXT, amount REAL);"
        f" INSERT INTO orders VALUES {people};",
    )


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    path = tmp_path / "more.csv"
    path.write_text(
        "order_id,customer_id,day,amount\n" + "".join(f"{n},customer {n:05},2024-01-01,{n}\n" for n in range(ROWS))
    )
    return path


def run(room: int, *words: object, code: str = "") -> subprocess.CompletedProcess[str]:
    """A command where no file may grow beyond `room` bytes, as on a disk without room."""
    return forked.run(*words, code=code, room=room)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def database(path: Path) -> Path:
    """Somebody's, with one table."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("CREATE TABLE diary (line); INSERT INTO diary VALUES ('dear');")
    return path


@pytest.mark.parametrize("room", [12_000, 40_000])
def test_a_table_for_a_database_that_is_there(tmp_path: Path, shop: Path, room: int) -> None:
    out = tmp_path / "out"
    out.mkdir()
    path = database(out / "x.sqlite")
    before = path.read_bytes()
    done = run(room, "export", shop, "--to", path, "--no-cache")
    assert done.returncode == 1, done.stdout
    assert "could not be written" in done.stderr
    assert path.read_bytes() == before
    assert names(out) == ["x.sqlite"]


@pytest.mark.parametrize("room", [12_000, 40_000])
@pytest.mark.parametrize("there", [True, False])
def test_an_import(tmp_path: Path, orders: Path, room: int, there: bool) -> None:
    out = tmp_path / "out"
    out.mkdir()
    before = database(out / "x.sqlite").read_bytes() if there else b""
    done = run(room, "import", orders, "--into", out / "x.sqlite")
    assert done.returncode == 1, done.stdout
    assert "could not be written" in done.stderr
    assert names(out) == (["x.sqlite"] if there else [])
    if there:
        assert (out / "x.sqlite").read_bytes() == before


def test_a_mapping(tmp_path: Path, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LTVTUI_CONFIG_DIR", str(tmp_path / "config"))
    assert run(10**9, "config", shop, "--write").returncode == 0
    (path,) = (tmp_path / "config").iterdir()
    before = path.read_bytes()
    done = run(len(before) - 100, "config", shop, "--write", "--horizon", "9")
    assert done.returncode == 1
    assert f"{path} could not be written" in done.stderr
    assert path.read_bytes() == before
    assert names(tmp_path / "config") == [path.name]


def test_the_cache(tmp_path: Path, orders: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rows of a file find room nowhere: neither in the cache nor in the temporary directory."""
    for name in ("cache", "tmp"):
        (tmp_path / name).mkdir()
    monkeypatch.setenv("LTVTUI_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    done = run(20_000, "report", orders)
    assert done.returncode == 1
    what, mend = done.stderr.splitlines()
    assert "There is no space to read more.csv" in what
    assert "INSERT" not in what
    assert "TMPDIR" in mend
    assert names(tmp_path / "cache") == names(tmp_path / "tmp") == []


def test_a_large_shop_that_cannot_be_kept_is_shown(
    tmp_path: Path, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LTVTUI_CACHE_DIR", str(tmp_path / "cache"))
    small = (
        "import sys, ltvtui.session.open_dataset as o, ltvtui.session.dataset_cache as s;o.LEAST_ROWS = "
        "s.LEAST_ROWS = 0;from ltvtui.cli import main; main(sys.argv[1:])"
    )
    done = run(20_000, "report", shop, code=small)
    assert done.returncode == 0, done.stderr
    assert "VIP" in done.stdout
    assert f"The shop is read again next time: {tmp_path / 'cache'}" in done.stderr
    assert names(tmp_path / "cache") == []


def test_a_view(tmp_path: Path) -> None:
    path = tmp_path / "data" / "workspace.sqlite"
    Workspace(path).change("shop", ViewChange("a", SavedView("a", "{}")))
    before = path.read_bytes()
    code = (
        "import sys; from pathlib import Path; from ltvtui.storage.workspace import Workspace;"
        "from ltvtui.user_state.state import SavedView, ViewChange\n"
        "try: Workspace(Path(sys.argv[1])).change('shop', ViewChange('b', SavedView('b', 'x' * 100_000)))\n"
        "except Exception as error: print(error.what, error.mend)"
    )
    done = run(len(before), path, code=code)
    assert "workspace.sqlite cannot be used" in done.stdout, done.stderr
    assert "What you entered is lost when you quit." in done.stdout
    assert path.read_bytes() == before
    assert names(path.parent) == [path.name]
    assert [view.name for _, view in Workspace(path).views()] == ["a"]
