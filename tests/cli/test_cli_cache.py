"""`ltvtui cache`: what is kept, and its removal."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import polars as pl
import pytest
import running

from ltvtui.errors import LtvError
from ltvtui.storage.cache.cache import Cache, key_of
from ltvtui.storage.cache.frame_cache import FrameCache
from ltvtui.storage.settings_file import cache_dir, load_settings


@dataclass(frozen=True, eq=False)
class Orders:
    frame: pl.DataFrame


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Folders that nobody else uses."""
    monkeypatch.setenv("LTVTUI_CONFIG_DIR", str(tmp_path / "settings"))
    monkeypatch.setenv("LTVTUI_CACHE_DIR", str(tmp_path / "kept"))


@pytest.fixture
def shops(tmp_path: Path) -> tuple[Path, Path]:
    """Two databases with one entry each."""
    paths = (tmp_path / "small.sqlite", tmp_path / "large.sqlite")
    for path, rows in zip(paths, (10, 500_000), strict=True):
        frame = pl.DataFrame({"day": range(rows)})
        assert (
            FrameCache(Cache(cache_dir(), 10**9), Orders).store(key_of(str(path)), Orders(frame), str(path)) is None
        )
    return paths


run = partial(running.run, "cache")


def settings(text: str) -> None:
    from ltvtui.storage.settings_file import config_dir

    config_dir().mkdir(exist_ok=True)
    (config_dir() / "config.toml").write_text(text)


def test_nothing_is_kept_at_first() -> None:
    assert run().stdout == f"the cache is empty\n0 bytes of 8 GB · {cache_dir()}\n"
    assert json.loads(run("--format", "json").stdout)["entries"] == []
    assert not cache_dir().exists()


def test_entries_stand_in_an_aligned_table(shops: tuple[Path, Path]) -> None:
    titles, line, large, small, total = run().stdout.splitlines()
    assert titles.split() == ["database", "size", "made", "last", "used", "folder"]
    assert re.match(r"large\.sqlite +4 MB  20", large)
    assert re.match(r"small\.sqlite  +\d+\.?\d* (bytes|kB)  20", small)
    assert large.index("  20") == small.index("  20")
    assert small.endswith(str(shops[0].parent))
    assert " of 8 GB · " in total
    assert len(line.split()) == 5


def test_json_and_csv_have_bytes(shops: tuple[Path, Path]) -> None:
    told = json.loads(run("--format", "json").stdout)
    assert told["limit"] == 8_000_000_000
    assert told["directory"] == str(cache_dir())
    assert {e["database"] for e in told["entries"]} == {str(path) for path in shops}
    assert told["bytes"] == sum(e["bytes"] for e in told["entries"])
    assert all(e["made"] <= e["last_used"] + 1 for e in told["entries"])
    rows = list(csv.DictReader(io.StringIO(run("--format", "csv").stdout)))
    assert [int(row["size"]) for row in rows] == [e["bytes"] for e in told["entries"]]
    assert run("--format", "markdown").stdout.count("\n") == 4


def test_one_database_or_all_are_cleared(shops: tuple[Path, Path]) -> None:
    small, large = shops
    assert "large" not in run(small).stdout
    assert run("--clear", large).stdout.startswith("4 MB removed\nthe cache is empty\n")
    assert "small.sqlite" in run().stdout
    told = json.loads(run("--clear", "--format", "json").stdout)
    assert told["entries"] == []
    assert told["freed"] > 0
    assert run("--clear").stdout.startswith("0 bytes removed\nthe cache is empty\n")


def test_a_link_in_place_of_the_cache_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    cache_dir().symlink_to(tmp_path / "elsewhere")
    done = run()
    assert done.exit_code == 1
    assert done.stderr.startswith("ltvtui: The cache is not used: ")
    assert len(done.stderr.splitlines()) == 2


@pytest.mark.parametrize(
    ("written", "bytes"),
    [
        ("0", 0),
        ("5000000000", 5_000_000_000),
        ('"4 GB"', 4_000_000_000),
        ('"1.5tb"', 1_500_000_000_000),
        ('" 250 M "', 250_000_000),
        ('"12 kB"', 12_000),
        ('"77 b"', 77),
        ('"0"', 0),
    ],
)
def test_the_limit_is_a_size(written: str, bytes: int) -> None:
    settings(f"cache_limit = {written}")
    assert load_settings().cache_limit == bytes


@pytest.mark.parametrize(
    "written", ["-1", "true", "1.5", '"much"', '"-4 GB"', '"4 PB"', '""', "[1]", f'"{"9" * 400}"']
)
def test_what_is_no_size_is_refused(written: str) -> None:
    settings(f"cache_limit = {written}")
    with pytest.raises(LtvError, match="cache_limit") as refused:
        load_settings()
    assert refused.value.exit_code == 2
    assert run().exit_code == 2


def test_no_limit_turns_it_off() -> None:
    settings("cache_limit = 0")
    assert "turned off: cache_limit is 0" in run().stdout
    assert Cache(cache_dir(), 0).put(key_of("x"), lambda folder: None) == "the cache is turned off"
    assert not cache_dir().exists()


def test_the_directory_is_the_platforms(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("LTVTUI_CACHE_DIR")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_dir().name == "ltvtui"
