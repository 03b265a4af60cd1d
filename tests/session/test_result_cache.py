"""What is remembered within a room of bytes."""

from __future__ import annotations

import gc
import weakref

import polars as pl

from ltvtui.session.result_cache import ResultCache

FRAME = pl.DataFrame({"day": pl.Series(range(100), dtype=pl.Int32)})
"""400 bytes: 100 numbers of 4."""


def test_what_was_used_longest_ago_gives_way() -> None:
    memory = ResultCache(1_000)
    for name in ("a", "b"):
        memory.add(name, name, FRAME)
    assert memory.find("a") == "a"
    memory.add("c", "c", FRAME)
    assert [memory.find(name) for name in "abc"] == ["a", None, "c"]


def test_the_latest_is_kept_however_large_it_is() -> None:
    memory = ResultCache(100)
    memory.add("a", "a", FRAME)
    memory.add("b", "b", FRAME)
    assert [memory.find(name) for name in "ab"] == [None, "b"]


def test_what_is_kept_again_takes_its_room_once() -> None:
    memory = ResultCache(1_000)
    memory.add("a", "a", FRAME)
    for time in range(5):
        memory.add("b", time, FRAME)
    assert [memory.find(name) for name in "ab"] == ["a", 4]


def test_what_is_small_stays_where_what_is_large_gives_way() -> None:
    """Frames of 4 000 bytes come one after the other, room is for two of them: the small one, asked first, stays."""
    memory = ResultCache(9_000)
    memory.add("small", "small", FRAME)
    for name in "abcd":
        memory.add(name, name, pl.concat([FRAME] * 10))
    assert [memory.find(name) for name in ("small", *"abcd")] == ["small", None, None, "c", "d"]


def test_what_is_small_and_never_asked_again_gives_way_at_last() -> None:
    """Room for two large ones and a small one. With u for 1/4 000 the small one ranks 10 u, a large one u above the
    last rank that gave way. Number n puts out number n - 2, so large ones come to rank u, u, u, 2 u, 2 u, 2 u and
    so on, one more with every third: number 28 is the first to rank 10 u. Of equals the small one was used before: it
    goes with number 30."""
    memory = ResultCache(8_500)
    memory.add("small", "small", FRAME)
    large = pl.concat([FRAME] * 10)
    for number in range(1, 100):
        memory.add(number, number, large)
        if "small" not in memory:
            break
    assert number == 30


def test_what_lasts_takes_no_room_and_never_gives_way() -> None:
    memory = ResultCache(1_000)
    assert memory.recall("shop", lambda: FRAME, lasting=True) is FRAME
    for name in "abcd":
        memory.add(name, name, FRAME)
    assert memory.find("shop") is FRAME
    assert [memory.find(name) for name in "abcd"] == [None, None, "c", "d"]
    memory.pin("shop", "another")
    assert memory.recall("shop", lambda: "anew", lasting=True) == "another"
    memory.clear()
    assert memory.find("shop") is None


def test_what_is_carried_is_as_it_was_changed_and_leaves_the_first_as_it_is() -> None:
    """All together take 1 056 bytes; the room for 1 100 goes with them. What has become nothing is asked anew."""
    memory = ResultCache(1_100)
    for name in ("a", "b"):
        memory.add(name, FRAME, FRAME)
    memory.add("gone", "gone", None)
    memory.pin("shop", FRAME)
    other = memory.carried(lambda key, frame, memo: None if key == "gone" else frame.rename({"day": "week"}))
    assert [memory.find(name).columns for name in ("a", "b", "shop")] == [["day"]] * 3
    assert (memory.find("gone"), other.find("gone")) == ("gone", None)
    other.add("c", FRAME, FRAME)
    assert other.find("a") is None
    assert [other.find(name).columns for name in ("b", "c", "shop")] == [["week"], ["day"], ["week"]]


def test_a_memo_does_not_hold_the_cache() -> None:
    """What a cache holds may know it: nothing has to be looked for by the garbage collection."""
    memory = ResultCache(1_000)
    memo, there = memory.memo, weakref.ref(memory)
    memo.recall("a", lambda: 1)
    memory.add("itself", memo, None)
    assert (memory.find("a"), memo.find("a")) == (1, 1)
    gc.disable()
    try:
        del memory
        assert there() is None
    finally:
        gc.enable()
    assert (memo.recall("a", lambda: 2), memo.recall("a", lambda: 3), memo.find("a")) == (2, 3, None)


def test_nothing_stays_when_all_is_given_back() -> None:
    memory = ResultCache(1_000)
    memory.add("a", "a", FRAME)
    memory.clear()
    assert memory.find("a") is None
    assert memory.recall("a", lambda: "anew") == "anew"
