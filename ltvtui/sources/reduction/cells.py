"""What a cell means, in SQL: the same as sources/values reads it, or `odd`.

Each cell has a value in SQL that is right for what is plainly written, and a condition for what is not. Odd values
are few where a column is what it is said to be; they are fetched once each and read by the local rules (oddities.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from ltvtui.days import day_of
from ltvtui.sources.reduction.dialect import SqlDialect
from ltvtui.sources.reduction.kinds import CellKind
from ltvtui.sources.values import decoding
from ltvtui.sources.values.dates import FIRST_DAY, LAST_DAY, decode
from ltvtui.sources.values.money import MONEY_LIMIT, written_number
from ltvtui.sources.values.zones import offsets

_PLAIN_ID: Final = r"^[A-Za-z0-9_]([A-Za-z0-9 .,#/:_-]*[A-Za-z0-9_])?$"
_PLAIN_EMAIL: Final = r"^[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}$"
_NO_ID: Final = ("null", "none", "nan", "nat", "nil", "n/a", "n.a", "na", "undefined", "_")
"""Words for nothing that look like ids: values/nothing.py judges each."""
_STRICT_ISO: Final = (
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}([ T]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]+)?)?"
    r"(Z|[+-][0-9]{2}:?[0-9]{2})?)?$"
)
_PLAIN_MONEY: Final = r"^-?[0-9]{1,15}([.][0-9]{1,9})?$"
_OPEN_MONEY: Final = r"^-?[1-9][0-9]{0,2}[.][0-9]{3}$"
"""Of which a mark may part thousands (values/money.py)."""
_EXACT_FLOATS: Final = 4e11
"""Up to here the local reading rounds in the way that is written below first."""
NEVER: Final = "1 = 0"
_BUDDHIST: Final = f"{day_of(date(2540, 1, 1))} AND {day_of(date(2640, 12, 31))}"
"""Days of years as Thailand counts them, 543 ahead."""


@dataclass(frozen=True)
class CellSql:
    """One cell of a row in SQL."""

    role: str
    """What it is called in a message."""
    raw: str
    """The cell as it lies there."""
    values: tuple[str, ...]
    """SQL of what it means: one, of a moment day, second and seconds east of UTC (null: no time of day)."""
    odd: str
    """Condition for cells that `values` does not read."""
    read: Callable[[pl.Series], list[pl.Series]]
    """The same values of texts (String), by the local rules."""
    numeric: bool
    """Whether values are numbers rather than text."""


def identifier(engine: SqlDialect, role: str, raw: str, kind: CellKind) -> CellSql:
    """An id as text, or as a number where the column is of such; a day or a flag by its text."""
    if kind is CellKind.WHOLE:
        return CellSql(role, raw, (engine.whole(raw),), NEVER, _of(decoding.identifier), True)
    if kind is CellKind.FLOAT:
        fits = (
            f"({raw} = {engine.double(engine.truncated(_within(engine, raw)))} AND ABS({raw}) < 1e15 AND {raw} <> 0)"
        )
        zero = f"({engine.text(raw)} IN ('0', '0.0'))"
        value = f"CASE WHEN {fits} OR {zero} THEN {engine.truncated(_within(engine, raw))} END"
        nothing = f"(NOT {engine.is_finite(raw)} AND LOWER({engine.text(raw)}) = 'nan')"
        return CellSql(role, raw, (value,), f"NOT ({fits} OR {zero} OR {nothing})", _of(decoding.identifier), True)
    written = engine.text(raw)
    words = ", ".join(engine.literal(word) for word in _NO_ID)
    plain = (
        f"({engine.matches(written, _PLAIN_ID)} AND LOWER({written}) NOT IN ({words})"
        f" AND {written} NOT LIKE '%.0' AND {written} NOT LIKE '%+%')"
    )
    email = f"({written} LIKE '%@%' AND {engine.matches(written, _PLAIN_EMAIL)})"
    value = f"CASE WHEN {email} THEN LOWER({written}) ELSE NULLIF({written}, '') END"
    odd = f"{written} <> '' AND NOT ({plain} OR {email})"
    return CellSql(role, written, (value,), odd, _of(decoding.identifier), False)


def moment(engine: SqlDialect, raw: str, kind: CellKind, formats: Sequence[str]) -> CellSql | None:
    """Day, second of the day, and seconds east of UTC; None where its format is not read by SQL."""

    def read(texts: pl.Series) -> list[pl.Series]:
        found = decode(texts, formats)
        return [found["day"], found["second"], offsets(texts, found["second"])]

    def cell(day: str, second: str, offset: str, odd: str = NEVER, sql: str = raw) -> CellSql:
        sane = f"{day} BETWEEN {FIRST_DAY} AND {LAST_DAY}"
        values = (f"CASE WHEN {sane} THEN {day} END", f"CASE WHEN {sane} THEN {second} END", offset)
        return CellSql("date", sql, values, f"({odd}) OR {day} BETWEEN {_BUDDHIST}", read, True)

    if kind in (CellKind.DAY, CellKind.MOMENT, CellKind.INSTANT):
        if formats[:1] != ("iso",):
            return None
        if kind is CellKind.DAY:
            return cell(engine.day_of_date(raw), "0", engine.whole("NULL"))
        clock = engine.in_utc(raw) if kind is CellKind.INSTANT else raw
        return cell(engine.day_of_moment(clock), engine.second_of_moment(clock), "0")
    if formats == ("yyyymmdd",) and kind in (CellKind.WHOLE, CellKind.TEXT):
        text = engine.text(raw)
        dashed = "||'-'||".join(engine.part(text, *place) for place in ((1, 4), (5, 2), (7, 2)))
        plain = engine.matches(text, "^[0-9]{8}$")
        day = f"CASE WHEN {plain} THEN {engine.day_of_text(dashed)} END"
        return cell(day, "0", engine.whole("NULL"), f"{text} <> '' AND NOT {plain}", text)
    if kind is CellKind.WHOLE and formats in (("unix_s",), ("unix_ms",)):
        low, high, parts = (10**8, 7_290_000_000, 1) if formats == ("unix_s",) else (10**11, 7_290_000_000_000, 1000)
        believed = f"{raw} BETWEEN {low} AND {high}"
        clock = f"CASE WHEN {believed} THEN {engine.divided(raw, parts)} END"
        day = engine.divided(clock, 86_400)
        return cell(day, f"({clock} - {day} * 86400)", "0")
    if formats[:1] == ("iso",) and kind is CellKind.TEXT:
        return _iso_text(engine, raw, cell)
    return None


def _iso_text(engine: SqlDialect, raw: str, cell: Callable[..., CellSql]) -> CellSql:
    text = engine.text(raw)
    plain = engine.matches(text, _STRICT_ISO)

    def number(start: int) -> str:
        return engine.whole(engine.part(text, start, 2))

    second = (
        f"CASE WHEN LENGTH({text}) < 16 OR NOT {plain} THEN 0 ELSE {number(12)} * 3600 + {number(15)} * 60 +"
        f" CASE WHEN {engine.part(text, 17, 1)} = ':' THEN {number(18)} ELSE 0 END END"
    )
    zone = f"REPLACE({engine.part(text, 17, 60)}, ':', '')"  # behind the minutes: seconds, then the zone
    east = f"SUBSTR({zone}, LENGTH({zone}) - 3, 2)", f"SUBSTR({zone}, LENGTH({zone}) - 1, 2)"
    sign = f"CASE WHEN {zone} LIKE '%-%' THEN -1 ELSE 1 END"
    offset = (
        f"CASE WHEN LENGTH({text}) < 16 THEN NULL"
        f" WHEN {plain} AND {engine.matches(zone, '[+-][0-9]{4}$')} THEN"
        f" {sign} * ({engine.whole(east[0])} * 3600 + {engine.whole(east[1])} * 60) ELSE 0 END"
    )
    day = f"CASE WHEN {plain} THEN {engine.day_of_text(engine.part(text, 1, 10))} END"
    return cell(day, second, offset, f"{text} <> '' AND NOT {plain}", text)


def money(engine: SqlDialect, role: str, raw: str, kind: CellKind, comma: bool | None) -> CellSql | None:
    """An amount in ten-thousandths, rounded as the local reading does it; None where the column holds none."""

    def read(texts: pl.Series) -> list[pl.Series]:
        return [decoding.written_money(decoding.text(texts.cast(pl.Binary)), comma)]

    if kind is CellKind.WHOLE:
        value = f"CASE WHEN {raw} BETWEEN -{MONEY_LIMIT} AND {MONEY_LIMIT} THEN {engine.whole(raw)} * 10000 END"
        return CellSql(role, raw, (value,), NEVER, read, True)
    if kind in (CellKind.FLOAT, CellKind.DECIMAL):
        value = engine.decimal_money(raw) if kind is CellKind.DECIMAL else engine.floating_money(engine.double(raw))
        return CellSql(role, raw, (value,), NEVER, read, True)
    if kind is CellKind.TEXT:
        text = engine.text(raw)
        plain = engine.matches(text, _PLAIN_MONEY)
        if comma is not False:
            plain = f"({plain} AND NOT {engine.matches(text, _OPEN_MONEY)})"
        number = f"CASE WHEN {plain} THEN {engine.double(text)} END"
        value = f"CASE WHEN ABS({number}) <= {MONEY_LIMIT}.0 THEN {engine.rounded_to_even(f'({number} * 10000)')} END"
        return CellSql(role, text, (value,), f"{text} <> '' AND NOT {plain}", read, True)
    return None


def rate(engine: SqlDialect, raw: str, kind: CellKind, comma: bool | None) -> CellSql | None:
    """What an amount is multiplied by; null unless it is above zero and finite."""

    def read(texts: pl.Series) -> list[pl.Series]:
        return [written_number(decoding.text(texts.cast(pl.Binary)), comma)]

    if kind in (CellKind.WHOLE, CellKind.FLOAT, CellKind.DECIMAL):
        # By its text: a narrow floating number is read as it is written.
        number = engine.double(engine.text(raw) if kind is CellKind.FLOAT else raw)
        odd = NEVER
    elif kind is CellKind.TEXT:
        raw = engine.text(raw)
        plain = engine.matches(raw, _PLAIN_MONEY)
        if comma is not False:
            plain = f"({plain} AND NOT {engine.matches(raw, _OPEN_MONEY)})"
        number, odd = f"CASE WHEN {plain} THEN {engine.double(raw)} END", f"{raw} <> '' AND NOT {plain}"
    else:
        return None
    value = f"CASE WHEN {engine.is_finite(number)} AND {number} > 0 THEN {number} END"
    return CellSql("rate", raw, (value,), odd, read, True)


def _within(engine: SqlDialect, raw: str) -> str:
    """A double where it fits into 64 bits."""
    return f"CASE WHEN {engine.is_finite(raw)} AND ABS({raw}) < 9e18 THEN {raw} END"


def _of(understand: Callable[[pl.Series], pl.Series]) -> Callable[[pl.Series], list[pl.Series]]:
    return lambda texts: [understand(texts.cast(pl.Binary))]
