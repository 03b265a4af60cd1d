"""What only all rows together show: guests, days that mean none, ids that lost digits; and the zone of the days."""

from __future__ import annotations

from typing import Final

import polars as pl

from ltvtui.sources.reduction.engine import Reducing
from ltvtui.sources.reduction.rows import RowsSql
from ltvtui.sources.reduction.zone_sql import seconds_east
from ltvtui.sources.values.placeholders import (
    GUEST_NUMBERS,
    GUEST_WORDS,
    LONGEST_GUEST,
    NEAR,
    PLACEHOLDERS,
    IdRules,
    guests_among,
    likely_guests,
    lost_digits,
    placeholder_notice,
    rounded_ids,
)
from ltvtui.sources.values.zones import DAYS_ONLY

_SIGNIFICANT: Final = 15
"""Digits of a number in a spreadsheet."""
_FEW_LONG: Final = 1_000
"""Long ids that tell whether all of them have lost their digits."""


def cleared(database: Reducing, rows: RowsSql, ids: IdRules, zone: str | None, notices: list[str]) -> RowsSql:
    """Rows without placeholders and on the clocks of `zone`; `notices` get a sentence for each.

    LtvError (exit code 1) where ids have lost their digits and that was not allowed.
    """
    found = _row_facts(database, rows)
    if not ids.force:
        for role, column in (("customer_id", "customer"), ("order_id", "order_id")):
            if rows.has(column) and found[f"long_{column}"]:
                _refuse_lost_digits(database, rows, role, column)
    changed: dict[str, str] = {}
    height = found["height"]
    if ids.guests == "drop" and found["guests"]:
        guests = _guests(database, rows, height, notices)
        if guests:
            changed["customer"] = f"CASE WHEN customer IN ({', '.join(guests)}) THEN NULL ELSE customer END"
    days = _placeholder_days(found, height, notices)
    if days:
        nowhere = f"day_no IN ({', '.join(map(str, days))})"
        changed |= {name: f"CASE WHEN {nowhere} THEN NULL ELSE {name} END" for name in ("day_no", "second_no")}
    if changed:
        rows = rows.then("without_placeholders", changed)
    if zone is None:
        return rows
    seconds = [found["latest"], *(found[f"latest_{n}"] for n, day in enumerate(PLACEHOLDERS) if day not in days)]
    if max(seconds) == 0:
        notices.append(DAYS_ONLY)
        return rows
    return _in_zone(database, rows, zone, (found["first_day"], found["last_day"]))


def _row_facts(database: Reducing, rows: RowsSql) -> dict[str, int]:
    """A few numbers of all rows."""
    engine = database.engine
    placeholders = ", ".join(map(str, PLACEHOLDERS))
    asked = {
        "height": "COUNT(*)",
        "latest": f"MAX(CASE WHEN day_no NOT IN ({placeholders}) THEN second_no END)",
        "first_day": "MIN(day_no)",
        "last_day": "MAX(day_no)",
    }
    for n, day in enumerate(PLACEHOLDERS):
        here = f"day_no = {day}"
        near = f"day_no NOT IN ({placeholders}) AND day_no BETWEEN {day - NEAR} AND {day + NEAR}"
        asked |= {
            f"here_{n}": f"SUM(CASE WHEN {here} THEN 1 ELSE 0 END)",
            f"earliest_{n}": f"MIN(CASE WHEN {here} THEN second_no END)",
            f"latest_{n}": f"MAX(CASE WHEN {here} THEN second_no END)",
            f"near_{n}": f"MAX(CASE WHEN {near} THEN 1 ELSE 0 END)",
        }
    asked["guests"] = f"SUM(CASE WHEN {_may_be_guest(database, rows)} THEN 1 ELSE 0 END)"
    for column, whole in (("customer", rows.whole_ids), ("order_id", rows.whole_orders)):
        if rows.has(column):
            long = (
                f"{column} >= 1{'0' * _SIGNIFICANT}"
                if whole
                else f"(LENGTH({column}) > {_SIGNIFICANT} AND {engine.matches(column, '^[0-9]+$')})"
                f" OR ({column} LIKE '%+%' AND {engine.matches(column, '^[0-9]([.,][0-9]+)?[Ee][+][0-9]{2,3}$')})"
            )
            asked[f"long_{column}"] = f"SUM(CASE WHEN {long} THEN 1 ELSE 0 END)"
    listed = ", ".join(f"{engine.whole(sql)} AS {name}" for name, sql in asked.items())
    (row,) = database.frame(rows.chain.select(f"SELECT {listed} FROM {rows.chain.last}")).rows(named=True)
    return {name: int(value or 0) for name, value in row.items()}


def _may_be_guest(database: Reducing, rows: RowsSql) -> str:
    if rows.whole_ids:
        return "customer IN (0, -1)"
    pattern = f"{GUEST_WORDS}|{GUEST_NUMBERS}"
    return f"LENGTH(customer) <= {LONGEST_GUEST} AND {database.engine.matches('customer', pattern)}"


def _guests(database: Reducing, rows: RowsSql, height: int, notices: list[str]) -> list[str]:
    """Literals of ids that guests share."""
    engine, last = database.engine, rows.chain.last
    counted = database.frame(
        rows.chain.select(
            f"SELECT customer AS customer_id, {engine.whole('COUNT(*)')} AS n FROM {last}"
            " WHERE customer IS NOT NULL GROUP BY customer"
        )
    ).rename({"n": "rows"})
    found = guests_among(counted, likely_guests(counted["customer_id"]), height, notices)
    return [engine.literal(guest) if isinstance(guest, str) else str(guest) for guest in found.to_list()]


def _placeholder_days(found: dict[str, int], height: int, notices: list[str]) -> list[int]:
    days = []
    for n, (day, written) in enumerate(PLACEHOLDERS.items()):
        count = found[f"here_{n}"]
        if not count or found[f"earliest_{n}"] != found[f"latest_{n}"]:
            continue
        if 2 * count >= height or found[f"near_{n}"]:
            continue
        notices.append(placeholder_notice(written, count))
        days.append(day)
    return days


def _refuse_lost_digits(database: Reducing, rows: RowsSql, role: str, column: str) -> None:
    """LtvError where ids are cut, or all long ones end in zeros alone."""
    engine = database.engine
    text = engine.text(column)
    long = f"LENGTH({text}) > {_SIGNIFICANT} AND {engine.matches(text, '^[0-9]+$')}"

    def some(condition: str, most: int) -> pl.Series:
        sql = f"SELECT DISTINCT {text} AS id FROM {rows.chain.last} WHERE {condition} LIMIT {most}"
        return database.frame(rows.chain.select(sql))["id"].cast(pl.String)

    example = lost_digits(some(f"{text} LIKE '%E+%'", _FEW_LONG))
    if example is None and some(f"{long} AND LENGTH(TRIM(TRAILING '0' FROM {text})) > {_SIGNIFICANT}", 1).is_empty():
        example = lost_digits(some(long, _FEW_LONG))
    if example is not None:
        raise rounded_ids(role, example)


def _in_zone(database: Reducing, rows: RowsSql, zone: str, days: tuple[int, int]) -> RowsSql:
    """values/zones.in_zone, with the offsets of the zone as they are known here."""
    moment = "(day_no * 86400 + second_no - east)"
    rows = rows.then("on_utc", {}, {"moment": database.engine.whole(moment)})
    there = f"(moment + {seconds_east(zone, 'moment', days)})"
    rows = rows.then("in_zone", {}, {"clock": there})
    past = 40_000 * 86_400  # so that what is divided is never below zero
    day = f"({database.engine.divided(f'clock + {past}', 86_400)} - 40000)"
    return rows.then(
        "on_clocks",
        {
            "day_no": f"CASE WHEN east IS NULL THEN day_no ELSE {day} END",
            "second_no": f"CASE WHEN east IS NULL THEN second_no ELSE clock - {day} * 86400 END",
        },
    )
