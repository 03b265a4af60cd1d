"""Declarations of what can be stored: plain values, frames, and dataclasses of them.

What is stored of a dataclass, and in which form, follows from its fields alone: a field that is added is stored with
the others, and a field of a type that cannot be stored is an error, never left out. A field that is not part of the
value (a memory of what was computed) says so with `repr=False`.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import Field, fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any, Final, Literal, Union, get_args, get_origin, get_type_hints

import polars as pl

from ltvtui.storage.cache.later import Later

PLAIN: Final = (bool, int, float, str)
"""Types of values that JSON has."""
SEQUENCES: Final = (tuple, list, set, frozenset)


@cache
def stored_fields(declared: type) -> dict[str, Any]:
    """Names and types of the fields of a dataclass that are stored. TypeError where one cannot be given back."""
    hints = get_type_hints(declared)
    stored = {f.name: hints[f.name] for f in fields(declared) if _is_stored(f)}
    for f in fields(declared):
        if f.name in stored and not f.init:
            raise TypeError(f"{declared.__qualname__}.{f.name} cannot be given when it is read again")
    return stored


def _is_stored(field: Field[Any]) -> bool:
    return field.repr


def item_types(declared: Any, count: int | None = None) -> tuple[Any, ...]:
    """The types of the items of a sequence, of which there are `count`; of a mapping those of its keys and values."""
    arguments = get_args(declared)
    if get_origin(declared) is tuple and not (len(arguments) == 2 and arguments[1] is Ellipsis):
        return arguments
    if get_origin(declared) in SEQUENCES and count is not None:
        return (arguments[0],) * count
    return arguments[:1] if get_origin(declared) in SEQUENCES else arguments


def is_mapping(declared: Any) -> bool:
    """Whether it is `dict[K, V]` or `Mapping[K, V]`."""
    return get_origin(declared) in (dict, Mapping)


def is_sequence(declared: Any) -> bool:
    """Whether it is a tuple, a list or a set of declared items."""
    return get_origin(declared) in SEQUENCES


def is_literal(declared: Any) -> bool:
    """Whether it is one of values that are named."""
    return get_origin(declared) is Literal


def is_enum(declared: Any) -> bool:
    """Whether it is an Enum."""
    return isinstance(declared, type) and issubclass(declared, Enum)


def is_frame(declared: Any) -> bool:
    """Whether it is a frame or a column."""
    return declared in (pl.DataFrame, pl.Series)


def is_later(declared: Any) -> bool:
    """Whether it is a frame that is read when it is asked for."""
    return declared is Later


def is_record(declared: Any) -> bool:
    """Whether it is a dataclass."""
    return isinstance(declared, type) and is_dataclass(declared)


def without_none(declared: Any) -> Any | None:
    """Of `X | None` X; None where it is no such type. TypeError for other unions: no file says which it is."""
    if get_origin(declared) not in (Union, types.UnionType):
        return None
    others = [each for each in get_args(declared) if each is not type(None)]
    if len(others) != 1 or len(others) == len(get_args(declared)):
        raise TypeError(f"{declared} cannot be stored")
    return others[0]


def describe(declared: Any, within: tuple[type, ...] = ()) -> Any:
    """All that is declared of a type, as JSON: names of fields and their types, values of enums and literals.

    TypeError where something in it cannot be stored.
    """
    inner = without_none(declared)
    if inner is not None:
        return ["optional", describe(inner, within)]
    if declared in PLAIN or is_frame(declared) or is_later(declared):
        return declared.__name__
    if is_literal(declared):
        return ["literal", *map(repr, get_args(declared))]
    if is_enum(declared):
        return ["enum", *([member.name, repr(member.value)] for member in declared)]
    if is_sequence(declared) or is_mapping(declared):
        items = [describe(each, within) for each in item_types(declared)]
        return [get_origin(declared).__name__, len(get_args(declared)), *items]
    if is_record(declared):
        if declared in within:
            return ["record", declared.__qualname__]
        further = (*within, declared)
        parts = [[name, describe(each, further)] for name, each in stored_fields(declared).items()]
        return ["record", declared.__qualname__, *parts]
    raise TypeError(f"{declared} cannot be stored")
