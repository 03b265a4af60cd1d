"""What is kept comes back as it was, or not at all."""

from __future__ import annotations

import json
import os
import random
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as clock
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any
from unittest.mock import patch

import forked
import polars as pl
import pytest
from polars.testing import assert_frame_equal
from shops import ROOT

from ltvtui.storage.cache import cache as module
from ltvtui.storage.cache.cache import Cache, key_of
from ltvtui.storage.cache.folders import remove, unfinished
from ltvtui.storage.cache.frame_cache import FrameCache
from ltvtui.storage.cache.manifest import canonical

KEY = key_of("shop", {"customer": "id"})
SHOP = Path("/data/shop.sqlite")
ORDERS = pl.DataFrame({"customer": range(1000), "day": [n % 365 for n in range(1000)]})
PEOPLE = pl.DataFrame({"name": [f"customer {n}" for n in range(1000)], "tier": ["VIP", "economy"] * 500})
FRAMES = {"orders": ORDERS, "people": PEOPLE}


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "kept", 10**9)


@dataclass(frozen=True, eq=False)
class Stored:
    frames: dict[str, pl.DataFrame]
    version: tuple[int, str]


def store(
    cache: Cache, key: str = KEY, frames: dict[str, pl.DataFrame] | None = None, version: tuple[int, str] = (1, "a")
) -> str | None:
    value = Stored(FRAMES if frames is None else frames, version)
    return FrameCache(cache, Stored).store(key, value, str(SHOP))


@dataclass(frozen=True, eq=False)
class Turn:
    """As CHILD stores it."""

    frames: dict[str, pl.DataFrame]
    turn: int


def load(cache: Cache, key: str = KEY) -> Stored | None:
    return FrameCache(cache, Stored).load(key)


def entry_of(cache: Cache) -> Path:
    (folder,) = cache.directory.iterdir()
    return folder


def test_what_is_stored_comes_back(cache: Cache) -> None:
    assert load(cache) is None
    assert store(cache) is None
    entry = load(cache)
    assert entry is not None
    assert entry.version == (1, "a")
    assert list(entry.frames) == ["orders", "people"]
    for name, frame in FRAMES.items():
        assert_frame_equal(entry.frames[name], frame)
    assert load(cache, key_of("another")) is None


DTYPES = {
    "u8": pl.Series([0, 255, None], dtype=pl.UInt8),
    "u16": pl.Series([0, 65_535, None], dtype=pl.UInt16),
    "u32": pl.Series([0, 2**32 - 1, None], dtype=pl.UInt32),
    "u64": pl.Series([0, 2**64 - 1, None], dtype=pl.UInt64),
    "i8": pl.Series([-128, 127, None], dtype=pl.Int8),
    "i16": pl.Series([-(2**15), 1, None], dtype=pl.Int16),
    "i32": pl.Series([-(2**31), 1, None], dtype=pl.Int32),
    "i64": pl.Series([-(2**63), 1, None], dtype=pl.Int64),
    "f32": pl.Series([0.1, float("inf"), None], dtype=pl.Float32),
    "f64": pl.Series([-0.0, float("nan"), None], dtype=pl.Float64),
    "bool": pl.Series([True, False, None]),
    "text": pl.Series(["", "Ωmega · longer than twelve bytes", None]),
    "bytes": pl.Series([b"", b"\x00\xff" * 20, None]),
    "date": pl.Series([date(1, 1, 1), date(2024, 2, 29), None]),
    "datetime": pl.Series([datetime(1969, 1, 1), datetime(2024, 2, 29, 1, 2, 3, 4), None]),
    "zoned": pl.Series([datetime(2024, 1, 1), datetime(2024, 7, 1), None]).dt.replace_time_zone("Europe/Berlin"),
    "duration": pl.Series([timedelta(days=-1), timedelta(microseconds=1), None]),
    "time": pl.Series([clock(0, 0), clock(23, 59, 59, 999_999), None]),
    "decimal": pl.Series([Decimal("-1.25"), Decimal("3.50"), None], dtype=pl.Decimal(18, 2)),
    "categorical": pl.Series(["zebra", "ape", None], dtype=pl.Categorical),
    "enum": pl.Series(["low", "high", None], dtype=pl.Enum(["low", "middle", "high"])),
    "list": pl.Series([[1, None], [], None], dtype=pl.List(pl.Int64)),
    "array": pl.Series([[1, 2], [3, None], None], dtype=pl.Array(pl.Int32, 2)),
    "struct": pl.Series([{"a": 1, "b": "x"}, {"a": None, "b": "y"}, None]),
    "null": pl.Series([None, None, None], dtype=pl.Null),
}


@pytest.mark.parametrize("rows", [0, 1, 3, 3_000])
def test_every_kind_of_column_comes_back(cache: Cache, rows: int) -> None:
    frame = pl.DataFrame(DTYPES)
    frame = pl.concat([frame] * 1000) if rows == 3_000 else frame.head(rows)
    assert store(cache, frames={"all": frame}) is None
    entry = load(cache)
    assert entry is not None
    assert entry.frames["all"].schema == frame.schema
    assert_frame_equal(entry.frames["all"], frame)


def test_categories_come_back_in_another_process(cache: Cache) -> None:
    words = pl.DataFrame({"channel": pl.Series(["mail", None, "shop", "mail"], dtype=pl.Categorical)})
    assert store(cache, frames={"words": words}) is None
    code = """
import sys, polars as pl
from dataclasses import dataclass
from pathlib import Path
from ltvtui.storage.cache.cache import Cache
from ltvtui.storage.cache.frame_cache import FrameCache
@dataclass
class Stored:
    frames: dict[str, pl.DataFrame]
    version: tuple[int, str]
other = pl.Series(['x', 'shop', 'y'], dtype=pl.Categorical)  # categories numbered otherwise
print(FrameCache(Cache(Path(sys.argv[1]), 10**9), Stored).load(sys.argv[2]).frames['words']['channel'].to_list())
"""
    done = subprocess.run(
        [sys.executable, "-c", code, cache.directory, KEY], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "['mail', None, 'shop', 'mail']\n"


def test_no_frames_and_no_columns_are_entries_too(cache: Cache) -> None:
    assert store(cache, frames={}) is None
    entry = load(cache)
    assert entry is not None
    assert entry.frames == {}
    assert store(cache, frames={"none": pl.DataFrame()}) is None
    assert load(cache) is not None


def test_a_new_entry_takes_the_place_of_the_old(cache: Cache) -> None:
    store(cache)
    with patch.object(module.time, "time_ns", return_value=5):  # the clock was set back
        store(cache, frames={"orders": ORDERS.head(1)})
    entry = load(cache)
    assert entry is not None
    assert entry.frames["orders"].height == 1
    assert len(cache.entries()) == 1


def test_frames_outlive_their_entry(cache: Cache) -> None:
    store(cache)
    entry = load(cache)
    cache.clear()
    assert entry is not None
    assert_frame_equal(entry.frames["people"], PEOPLE)


def flip(file: Path, at: int) -> None:
    content = bytearray(file.read_bytes())
    content[at] ^= 1
    file.write_bytes(content)


def cut(file: Path, size: int) -> None:
    with file.open("r+b") as opened:
        opened.truncate(size)


def swap(folder: Path) -> None:
    (folder / "0.arrow").rename(folder / "x")
    (folder / "1.arrow").rename(folder / "0.arrow")
    (folder / "x").rename(folder / "1.arrow")


def rewrite(folder: Path, sign: bool = True, **changed: object) -> None:
    """Other facts, with a checksum that fits them."""
    told = json.loads((folder / "facts.json").read_text())
    told["body"] |= changed
    if sign:
        told["checksum"] = sha256(canonical(told["body"])).hexdigest()
    (folder / "facts.json").write_text(json.dumps(told))


def link(folder: Path) -> None:
    (folder / "0.arrow").rename(folder.parent.parent / "elsewhere")
    (folder / "0.arrow").symlink_to(folder.parent.parent / "elsewhere")


def value_of(folder: Path) -> dict[str, Any]:
    value: dict[str, Any] = json.loads((folder / "facts.json").read_text())["body"]["value"]
    return value


OLDER = json.dumps(
    {"checksum": sha256(canonical({"form": 10, "key": KEY})).hexdigest(), "body": {"form": 10, "key": KEY}}
)

DAMAGE: dict[str, Callable[[Path], object]] = {
    "frame cut": lambda f: cut(f / "0.arrow", 1000),
    "frame emptied": lambda f: cut(f / "1.arrow", 0),
    "frame longer": lambda f: (f / "0.arrow").write_bytes((f / "0.arrow").read_bytes() + b"\0"),
    "frame gone": lambda f: (f / "0.arrow").unlink(),
    "frame zeroed": lambda f: (f / "0.arrow").write_bytes(bytes((f / "0.arrow").stat().st_size)),
    "bit in a frame's middle": lambda f: flip(f / "0.arrow", (f / "0.arrow").stat().st_size // 2),
    "bit in the other's middle": lambda f: flip(f / "1.arrow", (f / "1.arrow").stat().st_size // 2),
    "bit at a frame's start": lambda f: flip(f / "0.arrow", 0),
    "bit at a frame's end": lambda f: flip(f / "0.arrow", -1),
    "bit in the facts": lambda f: flip(f / "facts.json", (f / "facts.json").stat().st_size // 2),
    "two frames swapped": swap,
    "facts emptied": lambda f: cut(f / "facts.json", 0),
    "facts cut": lambda f: cut(f / "facts.json", 100),
    "facts of another kind": lambda f: (f / "facts.json").write_text("[1]"),
    "facts without body": lambda f: (f / "facts.json").write_text("{}"),
    "facts not text": lambda f: (f / "facts.json").write_bytes(b"\xff\xfe"),
    "facts too deep": lambda f: (f / "facts.json").write_text("[" * 100_000),
    "facts nested": lambda f: (f / "facts.json").write_text('{"body": ' + "[" * 50_000 + "]" * 50_000 + "}"),
    "facts a folder": lambda f: ((f / "facts.json").unlink(), (f / "facts.json" / "x").mkdir(parents=True)),
    "frame a folder": lambda f: ((f / "0.arrow").unlink(), (f / "0.arrow" / "x").mkdir(parents=True)),
    "facts gone": lambda f: (f / "facts.json").unlink(),
    "facts changed": lambda f: rewrite(f, sign=False, made=0.0),
    "other fingerprint": lambda f: rewrite(f, fingerprint="0" * 32),
    "no fingerprint": lambda f: rewrite(f, fingerprint=None),
    "of the form before there were fingerprints": lambda f: (f / "facts.json").write_text(OLDER),
    "value of another kind": lambda f: rewrite(f, value=[1]),
    "value with a part too many": lambda f: rewrite(f, value={**value_of(f), "more": 1}),
    "value with a part too few": lambda f: rewrite(f, value={"frames": value_of(f)["frames"]}),
    "value with a wrong part": lambda f: rewrite(f, value={**value_of(f), "version": ["1", "a"]}),
    "value with a frame that is not there": lambda f: rewrite(f, value={**value_of(f), "frames": [["orders", "x"]]}),
    "other key": lambda f: rewrite(f, key=key_of("other")),
    "no frames": lambda f: rewrite(f, frames=None),
    "frames without facts": lambda f: rewrite(f, frames={"orders": {}}),
    "a link for a frame": link,
    "everything gone": lambda f: [file.unlink() for file in f.iterdir()],
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_what_is_damaged_is_removed(cache: Cache, damage: str) -> None:
    store(cache)
    DAMAGE[damage](entry_of(cache))
    assert load(cache) is None
    assert list(cache.directory.iterdir()) == []
    assert store(cache) is None
    assert load(cache) is not None


def test_any_flipped_bit_is_noticed(cache: Cache) -> None:
    chance = random.Random(7)
    store(cache)
    sizes = {file.name: file.stat().st_size for file in entry_of(cache).iterdir()}
    for _ in range(60):
        name = chance.choice(sorted(sizes))
        flip(entry_of(cache) / name, chance.randrange(sizes[name]))
        if name == "facts.json" and load(cache) is not None:  # at most a space between two words
            flip(entry_of(cache) / name, 0)
        assert load(cache) is None
        store(cache)


def test_what_polars_makes_of_a_file_is_compared_too(cache: Cache) -> None:
    for height, columns in ((999, None), (1000, [["customer", "String"]])):
        store(cache)
        folder = entry_of(cache)
        described = json.loads((folder / "facts.json").read_text())["body"]["frames"]
        described["frames[0]"]["height"] = height
        described["frames[0]"]["schema"] = columns or described["frames[0]"]["schema"]
        rewrite(folder, frames=described)
        assert load(cache) is None


def test_a_panic_is_no_failure(cache: Cache) -> None:
    store(cache)
    with patch.object(pl, "read_ipc", side_effect=pl.exceptions.PanicException):
        assert load(cache) is None
    with patch.object(pl.DataFrame, "write_ipc", side_effect=pl.exceptions.ComputeError("no")):
        assert store(cache) == "it could not be written: no"
    assert list(cache.directory.iterdir()) == []


def test_nobody_else_may_look(cache: Cache) -> None:
    before = os.umask(0)
    try:
        store(cache)
    finally:
        os.umask(before)
    assert stat.S_IMODE(cache.directory.stat().st_mode) == 0o700
    assert stat.S_IMODE(entry_of(cache).stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in entry_of(cache).iterdir()} == {0o600}


def test_the_least_recently_used_go_first(cache: Cache) -> None:
    keys = [key_of(n) for n in range(4)]
    for moment, key in enumerate(keys[:3]):
        store(cache, key)
        (folder,) = (f for f in cache.directory.iterdir() if f.name.startswith(key))
        os.utime(folder / "facts.json", (moment + 1, moment + 1))
    size = cache.entries()[0].bytes
    load(cache, keys[0])
    tight = Cache(cache.directory, size * 3 + size // 2)
    assert store(tight, keys[3]) is None
    assert [load(tight, key) is not None for key in keys] == [True, False, True, True]
    smaller = Cache(cache.directory, size + size // 2)
    assert store(smaller, keys[3]) is None
    assert [load(smaller, key) is not None for key in keys] == [False, False, False, True]


def test_what_is_larger_than_all_of_the_cache_is_not_stored(cache: Cache) -> None:
    store(cache)
    small = Cache(cache.directory, 1000)
    assert "larger than the limit of the cache" in str(store(small, key_of("other")))
    assert len(list(cache.directory.iterdir())) == 1
    assert load(cache) is not None


def test_entries_tell_where_they_come_from(cache: Cache, tmp_path: Path) -> None:
    assert cache.entries() == []
    start = time.time()
    store(cache)
    (entry,) = cache.entries()
    assert (entry.name, entry.source) == ("shop.sqlite", str(SHOP))
    assert entry.bytes == sum(file.stat().st_size for file in entry_of(cache).iterdir())
    assert start - 1 < entry.made < entry.used + 1 < time.time() + 2
    assert cache.clear(tmp_path / "other.sqlite") == 0
    assert cache.clear(str(SHOP)) == entry.bytes
    assert cache.entries() == []


def test_only_its_own_files_are_removed(cache: Cache) -> None:
    cache.directory.mkdir()
    strangers = ("letter.txt", f"{KEY}.txt", "writing.letter")
    for name in strangers:
        (cache.directory / name).write_text("mine")
    store(cache)
    cache.clear()
    assert sorted(path.name for path in cache.directory.iterdir()) == sorted(strangers)


def test_a_link_or_a_strangers_folder_is_refused(cache: Cache, tmp_path: Path) -> None:
    store(cache)
    moved = tmp_path / "moved"
    cache.directory.rename(moved)
    cache.directory.symlink_to(moved)
    assert "not a folder of your own" in str(store(cache))
    assert load(cache) is None
    assert cache.entries() == []
    assert cache.clear() == 0
    assert len(list(moved.iterdir())) == 1
    with patch.object(os, "geteuid", return_value=os.geteuid() + 1):
        assert "not a folder of your own" in str(store(Cache(moved, 10**9)))
        assert load(Cache(moved, 10**9)) is None
    (tmp_path / "file").write_text("")
    assert "not a folder of your own" in str(store(Cache(tmp_path / "file", 10**9)))
    assert "Not a directory" in str(store(Cache(tmp_path / "file" / "below", 10**9)))


def test_a_link_in_place_of_an_entry_is_not_followed(cache: Cache, tmp_path: Path) -> None:
    store(cache)
    folder = entry_of(cache)
    folder.rename(tmp_path / "moved")
    folder.symlink_to(tmp_path / "moved")
    assert load(cache) is None
    assert cache.clear() == 0
    assert len(list((tmp_path / "moved").iterdir())) == 3


def test_a_folder_that_cannot_be_written_is_a_reason(cache: Cache) -> None:
    refused = PermissionError(13, "Permission denied")
    with patch.object(Path, "mkdir", side_effect=refused):
        assert "Permission denied" in str(store(cache))
    store(cache)
    with patch.object(os, "utime", side_effect=refused):  # a read-only medium still gives what it has
        assert load(cache) is not None
    with patch.object(os, "fsync", side_effect=refused):
        assert "Permission denied" in str(store(cache))
    assert len(list(cache.directory.iterdir())) == 1
    with patch.object(Path, "rename", side_effect=refused):
        assert "Permission denied" in str(store(cache))
    assert len(list(cache.directory.iterdir())) == 1


CHILD = """
import resource, signal, sys
from pathlib import Path
import polars as pl
from dataclasses import dataclass
from ltvtui.storage.cache.cache import Cache
from ltvtui.storage.cache.frame_cache import FrameCache
@dataclass
class Turn:
    frames: dict[str, pl.DataFrame]
    turn: int
cache, key, task, count = Cache(Path(sys.argv[1]), 10**9), sys.argv[2], sys.argv[3], int(sys.argv[4])
if task == "full":
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (count, count))
cache = FrameCache(cache, Turn)
print("ready", flush=True)
for turn in range(1 if task == "full" else count):
    if task in ("store", "full"):
        frame = pl.DataFrame({"turn": pl.repeat(turn, 50_000, dtype=pl.Int64, eager=True)})
        print(cache.store(key, Turn({"one": frame, "two": frame}, turn), "shop"), flush=True)
    else:
        entry = cache.load(key)
        if entry is not None:
            for frame in entry.frames.values():
                assert frame["turn"].unique().to_list() == [entry.turn], "mixed"
        print(entry is not None, flush=True)
"""


def child(cache: Cache, task: str, count: int) -> forked.Child:
    return forked.Child(cache.directory, KEY, task, count, code=CHILD)


@pytest.mark.parametrize("room", [0, 100, 300_000, 500_000])
def test_a_full_disk_is_a_reason(cache: Cache, room: int) -> None:
    with child(cache, "full", room) as other:
        out, errors = other.communicate()
    assert errors == ""
    done = out.splitlines()[-1]
    assert (done == "None") == (room == 500_000), done
    assert len(list(cache.directory.iterdir())) == (room == 500_000)


def test_many_may_store_and_load_at_once(cache: Cache) -> None:
    with ExitStack() as started:
        others = [started.enter_context(child(cache, task, 25)) for task in ("store", "load", "store", "load")]
        for other in others:
            out, errors = other.communicate()
            assert errors == ""
            assert other.returncode == 0
            assert out.count("\n") == 26
    assert FrameCache(cache, Turn).load(KEY) is not None
    assert len(list(cache.directory.iterdir())) == 1


def test_whoever_is_killed_leaves_the_old_or_the_new(cache: Cache) -> None:
    chance = random.Random(11)
    turns = FrameCache(cache, Turn)
    assert turns.store(KEY, Turn({}, -1), str(SHOP)) is None
    for _ in range(25):
        with child(cache, "store", 10_000) as other:
            assert other.stdout.readline() == "ready\n"
            time.sleep(chance.uniform(0, 0.06))
            other.send_signal(signal.SIGKILL)
        entry = turns.load(KEY)
        assert entry is not None
        for frame in entry.frames.values():
            assert frame["turn"].unique().to_list() == [entry.turn]
    assert store(cache) is None
    assert len(list(cache.directory.iterdir())) == 1


def test_a_writer_at_work_is_left_alone(cache: Cache) -> None:
    name = f"{KEY}.{1:020}.00000000"
    cache.directory.mkdir()
    with unfinished(cache.directory / f"writing.{name}") as folder:
        store(cache)
        assert folder.exists()
        cache.clear()
        assert folder.exists()
    store(cache)
    assert not folder.exists()


@pytest.mark.parametrize("damage", [d for d in DAMAGE if d.startswith("facts")])
def test_what_is_damaged_is_in_nobodys_way(cache: Cache, damage: str) -> None:
    """Nor where all entries are looked at, or those of one shop are removed."""
    store(cache)
    DAMAGE[damage](entry_of(cache))
    assert cache.entries() == []
    assert cache.clear(str(SHOP)) == 0
    assert store(cache, key_of("another")) is None
    assert len(cache.entries()) == 1
    cache.clear()
    assert list(cache.directory.iterdir()) == []


def test_what_cannot_be_removed_stops_nothing(cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    store(cache)
    (entry_of(cache) / "facts.json").write_text("damaged")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as bound:
        bound.setattr(remove.__globals__["shutil"], "rmtree", refuse)
        bound.setattr(Path, "unlink", refuse)
        assert load(cache) is None
        assert store(cache) is None
        assert load(cache) is not None
    assert len(list(cache.directory.iterdir())) == 2
    store(cache)
    assert len(list(cache.directory.iterdir())) == 1


def test_what_may_not_be_looked_into_is_removed(cache: Cache) -> None:
    store(cache)
    folder = entry_of(cache)
    (folder / "facts.json").write_text("damaged")
    (folder / "inner").mkdir()
    (folder / "inner" / "file").write_text("")
    (folder / "inner").chmod(0)
    folder.chmod(0o500)
    assert load(cache) is None
    assert list(cache.directory.iterdir()) == []


@pytest.mark.parametrize("moment", [0, -(10**18), 5, 4 * 10**18, 9 * 10**18])
def test_a_clock_that_is_wrong(cache: Cache, moment: int) -> None:
    """Set back, far ahead, or before the year that clocks count from."""
    store(cache)
    wrong = patch.multiple(module.time, time_ns=lambda: moment, time=lambda: moment / 10**9)
    with wrong:
        assert store(cache, frames={"orders": ORDERS.head(1)}) is None
        entry = load(cache)
        assert entry is not None
        assert entry.frames["orders"].height == 1
    assert store(cache, frames={"orders": ORDERS.head(2)}) is None
    entry = load(cache)
    assert entry is not None
    assert entry.frames["orders"].height == 2
    assert len(cache.entries()) == 1


def test_what_was_used_in_the_future_goes_too(cache: Cache) -> None:
    """It counts as used now: of two that were, the smaller one goes."""
    many = pl.concat([ORDERS] * 20)
    store(cache, key_of("future"))
    store(cache, key_of("now"), {"orders": many})
    (future,) = (f for f in cache.directory.iterdir() if f.name.startswith(key_of("future")))
    os.utime(future / "facts.json", (time.time() + 10**8,) * 2)
    for folder in cache.directory.iterdir():
        if folder != future:
            os.utime(folder / "facts.json", (time.time() + 10**7,) * 2)
    limit = sum(entry.bytes for entry in cache.entries()) + 1_000
    assert store(Cache(cache.directory, limit)) is None
    assert not future.exists()
    assert len(cache.entries()) == 2


def test_a_name_from_the_end_of_time(cache: Cache) -> None:
    store(cache)
    folder = entry_of(cache)
    folder.rename(folder.with_name(f"{KEY}.{'9' * 20}.00000000"))
    assert store(cache, key_of("another")) is None
    assert load(cache, key_of("another")) is not None
