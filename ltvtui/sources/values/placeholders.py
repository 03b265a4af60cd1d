"""Placeholders, which only all rows of a shop show: ids that lost their digits, guests, days that mean none."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

import polars as pl

from ltvtui.errors import LtvError, thousands
from ltvtui.sources.values.nothing import is_nothing

_LOST: Final = r"^\d(?:[.,]\d+)?E\+\d{2,3}$"
"""What a spreadsheet makes of a long number."""
_SIGNIFICANT_DIGITS: Final = 15
"""A spreadsheet makes zeros of all digits behind them."""
_ENOUGH: Final = 5
"""Different ids that all end so are no accident."""

GUEST_WORDS: Final = (
    r"^(?i:guests?|guest[ _-]?(?:user|checkout|customer|order)|gast|gäste|gastbestellung|invité|invitado|ospite"
    r"|convidado|gæst|gość|гость|гість|\(?not set\)?|anonymous(?: user)?|anonym|\(?unknown\)?"
    r"|walk-?in(?: customer)?|cash customer|no customer|laufkunde|laufkundschaft|barverkauf|gastkunde"
    r"|client (?:de passage|comptoir|divers)|vente comptoir"
    r"|cliente (?:casual|generico|genérico|gen[eé]rique|mostrador)"
    r"|consumidor final|consumatore finale|público en general|publico en general|ventas de mostrador"
    r"|(?:klient|paragon) detaliczny|klient paragonowy|nabywca anonimowy|balieklant|passant"
    r"|diverse kunder|kontantkunde"
    r"|(?:розничный|разовый|анонимный) (?:покупатель|клиент)|физ\.? ?лицо|частное лицо|роздрібний покупець"
    r"|散客|游客|匿名|ゲスト|게스트|비회원|perakende müşteri|misafir)$"
)
GUEST_NUMBERS: Final = r"^(?:0+|-1)$"
LONGEST_GUEST: Final = 40
"""Bytes of the longest of them."""
_GUEST_SHARE: Final = 0.1
_GUEST_TIMES: Final = 5
"""A number that may be a customer's own stands for guests from this share of all rows on, where the next customer
has so many times fewer."""

PLACEHOLDERS: Final = {0: "1970-01-01", -1: "1969-12-31", -25567: "1900-01-01"}
"""Days that programs take where they know none: their own zero, and the same in zones west of Greenwich."""
NEAR: Final = 366
"""Days from an order of another day within which such a day is believed."""


@dataclass(frozen=True)
class IdRules:
    """How ids are read."""

    force: bool = False
    """Take ids as they are, even such as have lost their digits."""
    guests: Literal["drop", "keep"] = "drop"
    """Whether an id that all guests share is nobody, or a customer."""


USUAL: Final = IdRules()


def clear_placeholders(rows: pl.DataFrame, rules: IdRules, notices: list[str]) -> tuple[pl.DataFrame, bool]:
    """All rows of a shop, null where a value is a placeholder; and whether `notices` has more for it.

    LtvError (exit code 1) where ids have lost their digits and that was not allowed.
    """
    if not rules.force:
        for role in ("customer_id", "order_id"):
            if role in rows.columns and (example := lost_digits(rows[role])) is not None:
                raise rounded_ids(role, example)
    before = len(notices)
    if rules.guests == "drop":
        rows = _without_guests(rows, notices)
    rows = _without_placeholder_days(rows, notices)
    if "currency" in rows.columns:
        rows = _without_words(rows, "currency")
    return rows, len(notices) > before


def rounded_ids(role: str, example: str) -> LtvError:
    """What is said of ids of a `role` that have lost their digits, as the `example` has."""
    return LtvError(
        f"A spreadsheet has rounded ids: the {role.replace('_', ' ')} {example} stands for many.",
        "Export them again with that column as text, or use them as they are with --force-ids.",
    )


def may_have_placeholders(rows: pl.DataFrame) -> bool:
    """Whether some rows have values that all rows together may show to be placeholders."""
    if rows["day"].is_in(list(PLACEHOLDERS)).any():
        return True
    ids = rows["customer_id"]
    return likely_guests(ids).len() > 0 or (ids.dtype == pl.String and bool(ids.str.contains(_LOST).any()))


def is_cut(value: object) -> bool:
    """Whether a value is written as a spreadsheet writes a number that is too long for it."""
    return isinstance(value, str) and re.fullmatch(_LOST, value.strip().upper()) is not None


def lost_digits(ids: pl.Series) -> str | None:
    """An id that a spreadsheet has cut, such as 7.00E+12; None where there is none."""
    if ids.dtype.is_integer():
        high = ids.max()
        if not isinstance(high, int) or high < 10**_SIGNIFICANT_DIGITS:
            return None
        ids = ids.unique().cast(pl.String)
    cut = ids.filter(ids.str.contains("E+", literal=True))
    cut = cut.filter(cut.str.contains(_LOST))
    if cut.len():
        return str(cut[0])
    long = ids.filter(ids.str.len_bytes() > _SIGNIFICANT_DIGITS)
    long = long.filter(long.str.contains(r"^\d+$")).unique()
    zeros = long.str.len_bytes().cast(pl.Int64) - long.str.strip_chars_end("0").str.len_bytes()
    if long.len() >= _ENOUGH and bool((zeros >= long.str.len_bytes().cast(pl.Int64) - _SIGNIFICANT_DIGITS).all()):
        return str(long.sort()[0])
    return None


def _without_guests(rows: pl.DataFrame, notices: list[str]) -> pl.DataFrame:
    ids = rows["customer_id"]
    likely = likely_guests(ids)
    if likely.is_empty():
        return rows
    guests = guests_among(ids.drop_nulls().value_counts(name="rows"), likely, rows.height, notices)
    if guests.is_empty():
        return rows
    nobody = ids.is_in(guests.implode()).fill_null(False)
    return rows.with_columns(ids.set(nobody, None))


def guests_among(counted: pl.DataFrame, likely: pl.Series, height: int, notices: list[str]) -> pl.Series:
    """Those of the `likely` ids that all guests of a shop of `height` rows share; `notices` get one for them.

    `counted`: customer_id, each once, and rows.
    """
    counted = counted.sort("rows", descending=True)
    texts = counted["customer_id"].cast(pl.String)
    guests = counted.filter(counted["customer_id"].is_in(likely.implode()))
    if 2 * int(texts.str.contains(r"^-?\d+$").sum()) > texts.len():
        # among numbers 0 may be a customer like any other
        first, second = (int(n) for n in [*counted["rows"].head(2), 0][:2])
        dominant = first >= _GUEST_SHARE * height and first >= _GUEST_TIMES * second and counted.height > 1
        numeric = guests["customer_id"].cast(pl.String).str.contains(GUEST_NUMBERS)
        guests = guests.filter(~numeric | ((guests["customer_id"] == counted["customer_id"][0]) & dominant))
    if guests.is_empty():
        return guests["customer_id"]
    guests = guests.sort("rows", pl.col("customer_id").cast(pl.String), descending=[True, False])
    listed = ", ".join(guests["customer_id"].cast(pl.String).to_list())
    notices.append(
        f"Rows left out because the customer id {listed} is shared by guests: {thousands(int(guests['rows'].sum()))} "
        f"of {thousands(height)}. --guests keep counts them as one customer."
    )
    return guests["customer_id"]


def likely_guests(ids: pl.Series) -> pl.Series:
    """The different ids that may be shared by guests."""
    if ids.dtype.is_integer():
        return ids.filter(ids.is_in([0, -1])).unique()
    short = ids.unique().drop_nulls()
    short = short.filter(short.str.len_bytes() <= LONGEST_GUEST)
    return short.filter(short.str.contains(f"{GUEST_WORDS}|{GUEST_NUMBERS}"))


def _without_placeholder_days(rows: pl.DataFrame, notices: list[str]) -> pl.DataFrame:
    days = rows["day"]
    if not days.is_in(list(PLACEHOLDERS)).any():
        return rows
    real = days.filter(~days.is_in(list(PLACEHOLDERS))).drop_nulls()
    for day, written in PLACEHOLDERS.items():
        here = (days == day).fill_null(False)
        count = int(here.sum())
        # no clock gives several orders the same second: whoever fills in a day fills in one moment of it
        one_moment = rows["second"].filter(here).n_unique() == 1
        if not one_moment or 2 * count >= days.len() or bool(((real - day).abs() <= NEAR).any()):
            continue
        notices.append(placeholder_notice(written, count))
        rows = rows.with_columns(rows["day"].set(here, None), rows["second"].set(here, None))
    return rows


def placeholder_notice(written: str, count: int) -> str:
    """What is said of so many rows of a placeholder day."""
    return f"Rows left out because the date {written} is a placeholder: {thousands(count)}."


def _without_words(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    words = [str(w) for w in rows[name].unique().drop_nulls().cast(pl.String) if is_nothing(str(w))]
    if not words:
        return rows
    return rows.with_columns(pl.when(pl.col(name).cast(pl.String).is_in(words).not_()).then(pl.col(name)).alias(name))
