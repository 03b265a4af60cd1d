"""What is remembered within a room of bytes."""

from __future__ import annotations

import polars as pl

from ltvtui.session.result_cache import ResultCache

FRAME = pl.DataFrame({"day": pl.Series(range(100), dtype=pl.Int32)})
"""400 bytes: 100 numbers of 4."""


def test_what_was_used_longest_ago_gives_way() -> None:
    memory = ResultCache(1_000)
    for name in ("a", "b"):
        memory.keep(name, name, FRAME)
    assert memory.find("a") == "a"
    memory.keep("c", "c", FRAME)
    assert [memory.find(name) for name in "abc"] == ["a", None, "c"]


def test_the_latest_is_kept_however_large_it_is() -> None:
    memory = ResultCache(100)
    memory.keep("a", "a", FRAME)
    memory.keep("b", "b", FRAME)
    assert [memory.find(name) for name in "ab"] == [None, "b"]


def test_what_is_kept_again_takes_its_room_once() -> None:
    memory = ResultCache(1_000)
    memory.keep("a", "a", FRAME)
    for time in range(5):
        memory.keep("b", time, FRAME)
    assert [memory.find(name) for name in "ab"] == ["a", 4]


def test_what_is_carried_is_as_it_was_changed_and_leaves_the_first_as_it_is() -> None:
    """Both together take 800 bytes; the room for 1,000 goes with them."""
    memory = ResultCache(1_000)
    for name in ("a", "b"):
        memory.keep(name, FRAME, FRAME)
    other = memory.carried(lambda frame: frame.rename({"day": "week"}))
    assert [memory.find(name).columns for name in "ab"] == [["day"], ["day"]]
    other.keep("c", FRAME, FRAME)
    assert other.find("a") is None
    assert [other.find(name).columns for name in "bc"] == [["week"], ["day"]]


def test_nothing_stays_when_all_is_given_back() -> None:
    memory = ResultCache(1_000)
    memory.keep("a", "a", FRAME)
    memory.clear()
    assert memory.find("a") is None
    assert memory.recall("a", lambda: "anew") == "anew"
