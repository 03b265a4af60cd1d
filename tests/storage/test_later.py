"""Frames of a cache that are read when they are asked for."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from ltvtui.errors import LtvError
from ltvtui.storage.cache.cache import Cache, key_of
from ltvtui.storage.cache.frame_cache import FrameCache
from ltvtui.storage.cache.frame_files import REMOVED_WHILE_OPEN
from ltvtui.storage.cache.later import PART, Later

KEY = key_of("any")
ORDERS = pl.DataFrame({"customer": [0, 0, 1], "amount": [10, 20, 30]})
FIGURES = pl.DataFrame({"revenue": [60]})

pytestmark = pytest.mark.skipif(not REMOVED_WHILE_OPEN, reason="a file that is open cannot be removed there")


@dataclass(frozen=True, eq=False)
class Shop:
    figures: pl.DataFrame
    orders: Later


def stored(folder: Path, orders: pl.DataFrame = ORDERS) -> FrameCache[Shop]:
    frames = FrameCache(Cache(folder, 2**30), Shop)
    assert frames.store(KEY, Shop(FIGURES, Later(orders)), "shop.db") is None
    return frames


def file_of(folder: Path, holding: str) -> Path:
    (found,) = [path for path in folder.glob("*/*.arrow") if holding in pl.read_ipc(path.read_bytes()).columns]
    return found


def test_it_comes_back_as_it_was(tmp_path: Path) -> None:
    found = stored(tmp_path).load(KEY)
    assert found is not None
    assert found.figures.equals(FIGURES)
    assert found.orders.read().equals(ORDERS)
    assert found.orders.read() is found.orders.read()


def test_it_is_read_though_the_entry_was_removed_meanwhile(tmp_path: Path) -> None:
    found = stored(tmp_path / "cache").load(KEY)
    assert found is not None
    shutil.rmtree(tmp_path / "cache")
    assert found.orders.read().equals(ORDERS)


def test_damage_is_told_when_it_is_read(tmp_path: Path) -> None:
    """The rest is as it was, so the entry is found; what is damaged gives no figure."""
    frames = stored(tmp_path)
    file = file_of(tmp_path, "amount")
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    found = frames.load(KEY)
    assert found is not None
    with pytest.raises(LtvError, match="damaged"):
        found.orders.read()


def test_one_of_another_size_is_no_entry(tmp_path: Path) -> None:
    frames = stored(tmp_path)
    file = file_of(tmp_path, "amount")
    file.write_bytes(file.read_bytes() + b"more")
    assert frames.load(KEY) is None


def test_a_frame_of_several_parts(tmp_path: Path) -> None:
    """Each part has a checksum of its own."""
    many = pl.DataFrame({"amount": pl.int_range(PART // 8 + 10, eager=True)})
    found = stored(tmp_path, many).load(KEY)
    assert found is not None
    assert found.orders.read().equals(many)
