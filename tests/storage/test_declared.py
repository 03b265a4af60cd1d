"""The version of what is stored follows from what is declared: nobody has to raise a number."""

from __future__ import annotations

import types
from collections.abc import Callable
from dataclasses import dataclass, field, fields, make_dataclass
from enum import Enum
from pathlib import Path
from typing import Any, Literal

import polars as pl
import pytest

from ltvtui.analytics import schema
from ltvtui.analytics.cleaning.clean import CleanOrders
from ltvtui.analytics.people import People
from ltvtui.session.stored_dataset import StoredDataset
from ltvtui.storage.cache.cache import Cache, key_of
from ltvtui.storage.cache.declared import describe, stored_fields
from ltvtui.storage.cache.fingerprint import constants, fingerprint, made_by, source_code
from ltvtui.storage.cache.frame_cache import FrameCache

KEY = key_of("shop")


class Kind(Enum):
    ORDER = "order"
    REFUND = "refund"


class Turned(Enum):
    REFUND = "refund"
    ORDER = "order"


@dataclass(frozen=True, eq=False)
class Inner:
    rows: int
    kind: Kind


PARTS: dict[str, Any] = {"orders": pl.DataFrame, "counts": tuple[Inner, ...], "currency": str | None}


def declared(parts: dict[str, Any], name: str = "Orders") -> type:
    return make_dataclass(name, list(parts.items()), frozen=True)


def inner(**changed: Any) -> type:
    return declared({"rows": int, "kind": Kind, **changed}, "Inner")


OTHER: dict[str, Callable[[], type]] = {
    "a field more": lambda: declared({**PARTS, "statuses": tuple[str, ...]}),
    "a field less": lambda: declared({k: v for k, v in PARTS.items() if k != "currency"}),
    "a field renamed": lambda: declared({"lines" if k == "orders" else k: v for k, v in PARTS.items()}),
    "fields in another order": lambda: declared(dict(reversed(PARTS.items()))),
    "a column for a frame": lambda: declared({**PARTS, "orders": pl.Series}),
    "never None": lambda: declared({**PARTS, "currency": str}),
    "a number for a text": lambda: declared({**PARTS, "currency": int | None}),
    "another literal": lambda: declared({**PARTS, "currency": Literal["EUR"] | None}),
    "two items": lambda: declared({**PARTS, "counts": tuple[Inner, Inner]}),
    "a list": lambda: declared({**PARTS, "counts": list[Inner]}),
    "a field more further in": lambda: declared({**PARTS, "counts": tuple[inner(amount=int), ...]}),
    "a type further in": lambda: declared({**PARTS, "counts": tuple[inner(rows=float), ...]}),
    "an enum in another order": lambda: declared({**PARTS, "counts": tuple[inner(kind=Turned), ...]}),
    "another name": lambda: declared(PARTS, "Lines"),
}


@pytest.mark.parametrize("how", OTHER)
def test_what_is_declared_otherwise_is_another_version(how: str) -> None:
    assert fingerprint(OTHER[how]()) != fingerprint(declared(PARTS))


def test_declared_alike_it_is_the_same_version() -> None:
    again = {"orders": pl.DataFrame, "counts": tuple[inner(), ...], "currency": str | None}
    assert fingerprint(declared(again)) == fingerprint(declared(PARTS))


def module(**named: object) -> types.ModuleType:
    made = types.ModuleType("schema")
    vars(made).update({"ORDERS": {"customer": pl.UInt32(), "day": pl.Int32()}, **named})
    vars(made).setdefault("KIND", pl.Enum(["order", "refund"]))
    return made


@pytest.mark.parametrize(
    "named",
    [
        {"ORDERS": {"customer": pl.UInt32(), "day": pl.Int64()}},
        {"ORDERS": {"customer": pl.UInt32()}},
        {"ORDERS": {"day": pl.Int32(), "customer": pl.UInt32()}},
        {"ORDERS": {"customer": pl.UInt32(), "day": pl.Int32(), "second": pl.Int32()}},
        {"KIND": pl.Enum(["refund", "order"])},
        {"KIND": pl.Enum(["order", "refund", "fee"])},
        {"MONEY_SCALE": 100},
        {"SPEND": {"day": pl.Int32()}},
    ],
)
def test_another_schema_is_another_version(named: dict[str, Any]) -> None:
    assert constants(module(**named)) != constants(module())
    assert constants(module()) == constants(module(helper=len))


def test_a_stored_value_of_another_version_is_not_found(tmp_path: Path) -> None:
    cache, before = Cache(tmp_path / "cache", 10**9), declared({"orders": pl.DataFrame, "rows": int})
    value = before(pl.DataFrame({"day": [1]}), 1)
    others: list[FrameCache[Any]] = [
        FrameCache(cache, declared({"orders": pl.DataFrame, "rows": int, "more": int | None})),
        FrameCache(cache, declared({"orders": pl.DataFrame, "rows": float})),
        FrameCache(cache, before, constants(module())),
        FrameCache(cache, before, "other code"),
    ]
    for other in others:
        assert FrameCache(cache, before).store(KEY, value, str(tmp_path)) is None
        assert FrameCache(cache, before).load(KEY) is not None
        assert other.load(KEY) is None
        assert FrameCache(cache, before).load(KEY) is None  # it only took room


def test_what_opened_shops_are_made_of_is_among_it() -> None:
    """All fields of what is computed of a shop, however deep: one more would be stored with them. Who is asked where
    the orders stay in their source is none, nor who reads them later."""
    told = repr(describe(StoredDataset))
    for declared_type in (CleanOrders, People):
        for each in fields(declared_type):
            assert (f"['{each.name}', " in told) == (each.name not in ("elsewhere", "read_later"))
    known = {name for name in vars(schema) if name.isupper()}
    assert {"ORDERS", "ACTIVITY", "KIND", "SPEND", "ROW_REQUIRED", "MONEY_SCALE"} <= known


@dataclass(frozen=True, eq=False)
class WithMemory:
    rows: int
    memory: dict[object, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, eq=False)
class WithAnything:
    rows: Any


@dataclass(frozen=True, eq=False)
class WithEither:
    rows: int | str


@dataclass(frozen=True, eq=False)
class WithCall:
    rows: Callable[[], int]


@dataclass(frozen=True, eq=False)
class Computed:
    rows: int
    twice: int = field(init=False, default=0)


def test_a_memory_is_no_part_of_a_value() -> None:
    assert list(stored_fields(WithMemory)) == ["rows"]


@pytest.mark.parametrize("wrong", [WithAnything, WithEither, WithCall, Computed, object, bytes, int | str | None])
def test_what_cannot_be_stored_is_an_error_and_not_left_out(wrong: Any) -> None:
    with pytest.raises(TypeError, match="cannot be"):
        describe(declared({"part": wrong}))


def test_other_code_is_another_version(tmp_path: Path) -> None:
    def told() -> str:
        source_code.cache_clear()
        return source_code(tmp_path)

    (tmp_path / "inner").mkdir()
    (tmp_path / "clean.py").write_text("LEAST = 1\n")
    (tmp_path / "inner" / "words.csv").write_text("a,b\n")
    seen = [told()]
    (tmp_path / "clean.py").write_text("LEAST = 2\n")
    seen.append(told())
    (tmp_path / "inner" / "words.csv").write_text("a,c\n")
    seen.append(told())
    (tmp_path / "inner" / "words.csv").rename(tmp_path / "words.csv")
    seen.append(told())
    assert len(set(seen)) == 4
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "clean.pyc").write_text("")
    assert told() == seen[-1]
    source_code.cache_clear()


def test_code_that_is_not_there_is_no_error(tmp_path: Path) -> None:
    assert source_code(tmp_path / "archive.zip" / "nowhere")
    assert made_by("sources") != made_by("analytics") != made_by("analytics", "sources")
