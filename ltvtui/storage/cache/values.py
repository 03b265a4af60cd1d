"""Values of a declared type as JSON and frames, and back: one law for all types of `declared`."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any, get_args, get_origin

import polars as pl

from ltvtui.storage.cache.declared import (
    PLAIN,
    is_enum,
    is_frame,
    is_later,
    is_literal,
    is_mapping,
    is_record,
    is_sequence,
    item_types,
    stored_fields,
    without_none,
)
from ltvtui.storage.cache.frame_files import Mismatch
from ltvtui.storage.cache.later import Later


def encode(value: Any, declared: Any, frames: dict[str, pl.DataFrame | Later], name: str = "") -> Any:
    """JSON of a value; its frames are added to `frames`, named by where they stand.

    TypeError where the value is not of the type that is declared.
    """
    inner = without_none(declared)
    if inner is not None:
        return None if value is None else [encode(value, inner, frames, name)]
    if is_later(declared):
        _demand(isinstance(value, Later), name)
        frames[name] = value
        return name
    if is_frame(declared):
        _demand(isinstance(value, declared), name)
        frames[name] = value if declared is pl.DataFrame else value.to_frame()
        return name
    if is_record(declared):
        _demand(isinstance(value, declared), name)
        return {
            part: encode(getattr(value, part), each, frames, f"{name}.{part}" if name else part)
            for part, each in stored_fields(declared).items()
        }
    if is_mapping(declared):
        key, item = item_types(declared)
        return [
            [encode(k, key, frames, f"{name}[{place}].key"), encode(v, item, frames, f"{name}[{place}]")]
            for place, (k, v) in enumerate(value.items())
        ]
    if is_sequence(declared):
        _demand(isinstance(value, get_origin(declared)), name)
        items: Iterable[Any] = sorted(value, key=repr) if isinstance(value, set | frozenset) else value
        kinds = item_types(declared, len(value))
        _demand(len(kinds) == len(value), name)
        return [
            encode(each, kind, frames, f"{name}[{n}]")
            for n, (each, kind) in enumerate(zip(items, kinds, strict=True))
        ]
    return _plain(value, declared, name)


def _plain(value: Any, declared: Any, name: str) -> Any:
    if is_enum(declared):
        _demand(isinstance(value, declared), name)
        return value.name
    if is_literal(declared):
        _demand(_is_among(value, declared), name)
        return value
    _demand(_fits(value, declared), name)
    return repr(float(value)) if declared is float and not math.isfinite(value) else value


def decode(encoded: Any, declared: Any, frames: Mapping[str, pl.DataFrame | Later]) -> Any:
    """The value of which `encode` gave this. Mismatch, KeyError or TypeError where it is none of that type."""
    inner = without_none(declared)
    if inner is not None:
        if encoded is None:
            return None
        (value,) = _list(encoded)
        return decode(value, inner, frames)
    if is_later(declared) or is_frame(declared):
        found = frames[encoded]
        if isinstance(found, Later) is not is_later(declared):
            raise Mismatch
        return found.to_series() if isinstance(found, pl.DataFrame) and declared is pl.Series else found
    if is_record(declared):
        parts = stored_fields(declared)
        if not isinstance(encoded, dict) or list(encoded) != list(parts):
            raise Mismatch
        return declared(**{part: decode(encoded[part], each, frames) for part, each in parts.items()})
    if is_mapping(declared):
        key, item = item_types(declared)
        return {decode(k, key, frames): decode(v, item, frames) for k, v in map(_list, _list(encoded))}
    if is_sequence(declared):
        kinds = item_types(declared, len(_list(encoded)))
        return get_origin(declared)(decode(each, kind, frames) for each, kind in zip(encoded, kinds, strict=True))
    if is_enum(declared):
        return declared[encoded]
    if is_literal(declared):
        if not _is_among(encoded, declared):
            raise Mismatch
        return encoded
    if declared is float and isinstance(encoded, str):
        return float(encoded)
    if not _fits(encoded, declared):
        raise Mismatch
    return encoded


def _list(encoded: Any) -> list[Any]:
    if not isinstance(encoded, list):
        raise Mismatch
    return encoded


def _is_among(value: Any, declared: Any) -> bool:
    return any(type(value) is type(each) and value == each for each in get_args(declared))


def _fits(value: Any, declared: Any) -> bool:
    """Whether a plain value is of its type: True is no number, and a whole number is one where fractions may be."""
    if isinstance(value, bool):
        return declared is bool
    return declared in PLAIN and isinstance(value, (int, float) if declared is float else declared)


def _demand(right: bool, name: str) -> None:
    if not right:
        raise TypeError(f"{name or 'the value'} is not of the type that is declared")
