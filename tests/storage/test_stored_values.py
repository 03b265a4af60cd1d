"""Whatever is declared comes back as it was: laws of storing, for values of any kind."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import polars as pl
import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from ltvtui.storage.cache.cache import Cache, key_of
from ltvtui.storage.cache.frame_cache import FrameCache
from ltvtui.storage.cache.frame_files import Mismatch
from ltvtui.storage.cache.values import decode, encode

KEY = key_of("any")


class Kind(Enum):
    ORDER = 1
    REFUND = 2


@dataclass(frozen=True)
class Count:
    rule: str
    rows: int
    share: float | None
    excluded: bool


@dataclass(frozen=True, eq=False)
class Shop:
    counts: tuple[Count, ...]
    best: Count | None
    kinds: frozenset[Kind]
    by_period: Mapping[tuple[str, int], pl.DataFrame]
    firsts: list[pl.Series]
    known: pl.Series | None
    refunds: Literal["net", "drop", "keep"]
    pair: tuple[int, str]
    named: dict[str, tuple[float, ...]]


texts = st.text(st.characters(), max_size=12)
numbers = st.floats(allow_nan=True, allow_infinity=True)
frames = st.builds(
    lambda days, words: pl.DataFrame(
        {"day": pl.Series(days, dtype=pl.Int32), "word": pl.Series(words[: len(days)], dtype=pl.Categorical)}
    ),
    st.lists(st.none() | st.integers(-(2**31), 2**31 - 1), min_size=3, max_size=3),
    st.lists(st.none() | st.sampled_from(["mail", "shop", "ünï", ""]), min_size=3, max_size=3),
)
columns = st.builds(
    lambda name, values: pl.Series(name, values, dtype=pl.Boolean),
    st.sampled_from(["known", "", "with space"]),
    st.lists(st.none() | st.booleans(), max_size=5),
)
counts = st.builds(Count, texts, st.integers(), st.none() | numbers, st.booleans())
shops = st.builds(
    Shop,
    st.lists(counts, max_size=3).map(tuple),
    st.none() | counts,
    st.frozensets(st.sampled_from(Kind)),
    st.dictionaries(st.tuples(st.sampled_from(["month", "week"]), st.integers(0, 6)), frames, max_size=3),
    st.lists(columns, max_size=3),
    st.none() | columns,
    st.sampled_from(["net", "drop", "keep"]),
    st.tuples(st.integers(), texts),
    st.dictionaries(texts, st.lists(numbers, max_size=3).map(tuple), max_size=3),
)


def same(one: Any, other: Any) -> bool:
    """Of one type, and alike down to the sign of nothing."""
    if type(one) is not type(other):
        return False
    if isinstance(one, pl.DataFrame):
        return one.schema == other.schema and one.equals(other)
    if isinstance(one, pl.Series):
        return one.name == other.name and one.dtype == other.dtype and one.equals(other)
    if is_dataclass(one):
        return all(same(getattr(one, f.name), getattr(other, f.name)) for f in fields(one))
    if isinstance(one, dict):
        return list(one) == list(other) and all(map(same, one.values(), other.values()))
    if isinstance(one, tuple | list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, float):
        return repr(one) == repr(other)
    return bool(one == other)


@given(shops)
def test_a_value_comes_back_from_json_and_frames(shop: Shop) -> None:
    stored: dict[str, pl.DataFrame] = {}
    told = json.loads(json.dumps(encode(shop, Shop, stored), allow_nan=False))
    assert same(decode(told, Shop, stored), shop)


@settings(max_examples=examples(25))
@given(shops)
def test_a_value_comes_back_from_disk(shop: Shop) -> None:
    with TemporaryDirectory() as folder:
        cache = FrameCache(Cache(Path(folder) / "cache", 10**9), Shop)
        assert cache.store(KEY, shop, "shop") is None
        found = cache.load(KEY)
        assert found is not None
        assert same(found, shop)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=10,
)


@given(anything)
def test_what_is_no_such_value_is_never_taken_for_one(told: Any) -> None:
    with pytest.raises((Mismatch, KeyError, TypeError, ValueError)):
        decode(told, Shop, {})


@pytest.mark.parametrize(
    ("told", "declared"),
    [
        (True, int),
        (1, bool),
        (True, float),
        ("1", int),
        (1, str),
        (1.5, int),
        (None, str),
        ("ORDERS", Kind),
        ([1], Kind),
        ("other", Literal["net"]),
        (True, Literal[1]),
        ([1, 2], tuple[int]),
        ([], tuple[int]),
        ("ab", tuple[str, ...]),
        ({"a": 1}, dict[str, int]),
        ([["a"]], dict[str, int]),
        ([1, 2], int | None),
        ({"rule": "a", "rows": 1, "share": None}, Count),
        ({"rows": 1, "rule": "a", "share": None, "excluded": True}, Count),
        ("orders", pl.DataFrame),
        ("one", float),
    ],
)
def test_json_of_another_type_is_a_mismatch(told: Any, declared: Any) -> None:
    with pytest.raises((Mismatch, KeyError, TypeError, ValueError)):
        decode(told, declared, {})


@pytest.mark.parametrize(
    ("value", "declared"),
    [
        (True, int),
        (1, bool),
        ("1", int),
        (None, str),
        (1, Kind),
        ("other", Literal["net"]),
        ((1, 2), tuple[int]),
        ([1], tuple[int, ...]),
        (pl.Series([1]), pl.DataFrame),
        ({"rule": "a"}, Count),
        (object(), str),
    ],
)
def test_what_is_not_as_it_is_declared_is_not_stored(value: Any, declared: Any) -> None:
    with pytest.raises(TypeError, match="is not of the type that is declared"):
        encode(value, declared, {}, "part")


def test_why_such_a_value_is_not_stored_is_said(tmp_path: Path) -> None:
    wrong = Count("a", "many", None, True)  # type: ignore[arg-type]
    why = FrameCache(Cache(tmp_path / "cache", 10**9), Count).store(KEY, wrong, "shop")
    assert why == "it could not be written: rows is not of the type that is declared"
    assert not (tmp_path / "cache").exists()


def test_a_whole_number_may_stand_for_a_fraction() -> None:
    assert decode(encode(1, float, {}), float, {}) == 1
