"""Shops to read: the real ones where they are at hand, and small ones written in SQL."""

from __future__ import annotations

import gzip
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from postgres import NOT_INSTALLED, Server, binaries, running
from shops import build

pytest.register_assert_rewrite("contract")

SHOPS = Path(__file__).resolve().parents[2].parent / "shared" / "data"


@pytest.fixture(scope="session")
def real_shop(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Gives a private copy of a real shop by its name."""
    folder = tmp_path_factory.mktemp("shops")

    def copy(name: str) -> Path:
        if not SHOPS.is_dir():
            pytest.skip(f"the real shops are not at hand: {SHOPS}")
        target = folder / f"{name}.sqlite"
        if not target.exists():
            packed = SHOPS / f"{name}.sqlite.gz"
            if packed.exists():
                with gzip.open(packed) as source, target.open("wb") as unpacked:
                    shutil.copyfileobj(source, unpacked)
            else:
                shutil.copyfile(SHOPS / f"{name}.sqlite", target)
        return target

    return copy


@pytest.fixture
def make_shop(tmp_path: Path) -> Callable[..., Path]:
    """Writes a database from a script and returns its path."""

    def make(script: str, name: str = "shop.sqlite") -> Path:
        return build(tmp_path, script, name)

    return make


@pytest.fixture
def ask() -> Callable[..., list[tuple[object, ...]]]:
    """Asks SQLite itself, apart from the code under test."""

    def query(path: Path, sql: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(path)) as connection:
            return connection.execute(sql).fetchall()

    return query


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A running PostgreSQL; who asks for it is skipped where none is installed."""
    if binaries() is None:
        pytest.skip(NOT_INSTALLED)
    with running() as server:
        yield server
