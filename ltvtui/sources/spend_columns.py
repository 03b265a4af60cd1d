"""Which columns of a table, or of a file, tell what was spent when, and on which channel."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from ltvtui.sources import scoring
from ltvtui.sources.catalog import Column, Table
from ltvtui.sources.dates import READABLE_ENOUGH, guess_formats
from ltvtui.sources.mapping import ChannelColumn
from ltvtui.sources.scoring import word_set, words

SPEND_WORDS: Final = word_set("cost costs spend spends spending marketing ad ads adspend advertising campaigns")
"""Words of a table of spend."""

_AMOUNT: Final = word_set("cost costs spend spent amount budget total value")
_DATE: Final = word_set("date day dt month week period ts")
_CHANNEL: Final = ("channel", "source", "medium", "network", "platform", "campaign")
_NUMERIC: Final = 0.8
"""Share of the values present that have to be numbers."""
_COUNTED: Final = word_set(
    "id no key year quarter sum all overall subtotal net gross vat tax planned plan actual eur usd gbp chf jpy rub "
    "click clicks impression impressions view views visit visits session sessions lead leads conversion "
    "conversions order orders customer customers user users revenue sales income rate ratio share pct percent "
    "cpc cpm cpa cac roas roi ctr reach followers installs count number qty quantity"
)
_NO_CHANNEL: Final = _AMOUNT | SPEND_WORDS | _COUNTED
"""What a column of money may be called without naming a channel."""


@dataclass(frozen=True)
class SpendColumns:
    """How a table of spend is read: an amount a row, or a column a channel."""

    date: str
    channel: str | None
    amount: str | None
    """None: there is a column for each channel."""
    columns: tuple[ChannelColumn, ...] = ()
    currency: str | None = None
    """Column with the currency of the amounts."""


def spend_columns(table: Table) -> SpendColumns | None:
    """The columns of `table`, None where no day or no amount is among them."""
    date, currency = _date(table), currency_column(table)
    if date is None:
        return None
    rest = [c for c in table.columns if c.name != date]
    amount, channel = _amount(rest), _channel(rest)
    if channel is not None and channel != amount:
        return None if amount is None else SpendColumns(date, channel, amount, currency=currency)
    wide = _wide(rest, amount is not None)
    if wide:
        return SpendColumns(date, None, None, wide, currency)
    return None if amount is None else SpendColumns(date, None, amount, currency=currency)


def currency_column(table: Table) -> str | None:
    """The column that says in which currency an amount is."""
    return next((c.name for c in table.columns if set(words(c.name)) & {"currency", "curr", "ccy"}), None)


def _date(table: Table) -> str | None:
    for column in table.columns:
        dated = set(words(column.name)) & _DATE
        if dated and guess_formats(scoring.as_text(column.sample)).readable >= READABLE_ENOUGH:
            return column.name
    return None


def _amount(columns: list[Column]) -> str | None:
    for column in columns:
        named = words(column.name)
        if set(named) & _AMOUNT and "id" not in named and scoring.numeric_share(column.sample) > _NUMERIC:
            return column.name
    return None


def _channel(columns: list[Column]) -> str | None:
    for wanted in _CHANNEL:
        for column in columns:
            if wanted in words(column.name) and scoring.numeric_share(column.sample) <= _NUMERIC:
                return column.name
    for wanted in _CHANNEL:  # channels that are known by number
        for column in columns:
            if wanted in words(column.name) and not set(words(column.name)) & _AMOUNT:
                return column.name
    return None


def _wide(columns: list[Column], told: bool) -> tuple[ChannelColumn, ...]:
    """The columns of a channel each, two or more: where an amount is `told`, only those that are named one too."""
    numbers = [c for c in columns if scoring.numeric_share(c.sample) > _NUMERIC]
    if told:
        numbers = [c for c in numbers if set(words(c.name)) & _AMOUNT and set(words(c.name)) - _NO_CHANNEL]
    else:
        numbers = [c for c in numbers if not set(words(c.name)) & (_AMOUNT | _COUNTED)]
    found = tuple(ChannelColumn(_bare(c.name), c.name) for c in numbers)
    return found if len(found) > 1 and len({c.channel for c in found}) == len(found) else ()


def _bare(name: str) -> str:
    """google from google_cost: the name without the words of an amount at its ends."""
    parts = re.split(r"([\s_-]+)", name.strip())
    while len(parts) > 2 and parts[-1].lower() in _AMOUNT:
        parts = parts[:-2]
    while len(parts) > 2 and parts[0].lower() in _AMOUNT:
        parts = parts[2:]
    return "".join(parts)
