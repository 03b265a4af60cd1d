"""Columns that tell what went back, or never was a sale: refunded amounts, days of cancelling, types of rows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

import polars as pl

from ltvtui.analytics.cleaning.statuses import is_money_back, is_no_sale, is_not_yet_sale, is_undone
from ltvtui.sources.catalog_table import CatalogColumn, CatalogTable
from ltvtui.sources.detection.scoring import as_text, numeric_share, word_set, words
from ltvtui.sources.mapping import Mapping
from ltvtui.sources.relation import Relation
from ltvtui.sources.sql import Value
from ltvtui.sources.values import decoding
from ltvtui.sources.values.date_guess import guess_formats
from ltvtui.sources.values.dates import READABLE_ENOUGH

_BACK: Final = re.compile(
    r"refund(?:ed|s)?|(?:rück|zurück)?erstatte?t\w*|erstattung(?:en)?|rückzahlung|rembours\w*|reembols\w*|rimbors\w*"
    r"|estornad\w*|terugbetaa?l\w*|refundere?t|tilbagebetalt|zwrócon\w*|zwrot\w*|возврат\w*|возвращ\w*|поверн\w*"
)
_MONEY: Final = word_set(
    "amount total value sum money partial converted betrag summe montant importe importo valor kwota bedrag beløb "
    "сумма сума"
)
_MOVED: Final = word_set("txn transaction trans order charge transaktionscode transaktion transacción transazione")
_LINKS: Final = word_set(
    "reference ref related original linked zugehöriger zugehöriges référence referencia riferimento"
)
_REFERS: Final = _LINKS | word_set("id no number de di codice")
_BESIDE_MONEY: Final = word_set("in of the to shop currency usd eur gbp chf presentment order gross already")
_BESIDE_DAY: Final = word_set(
    "at on date time datetime ts timestamp is was utc gmt order am um datum le il em el fecha data flag"
)
_TYPE: Final = word_set(
    "type kind category typ tipo art belegart belegtyp dokumentart dokumenttyp vorgangsart buchungsart "
    "transaktionsart rechnungsart doctype rodzaj soort тип вид"
)
_TYPE_FIRST: Final = word_set("type tipo тип вид rodzaj")
"""What stands first in `Tipo de documento`."""
_NO_TYPE: Final = word_set(
    "payment pay card tender method mode shipping delivery customer client product item line lineitem user account "
    "device currency address source"
)
_STATE: Final = word_set(
    "status state updated modified changed cancelled canceled voided deleted refunded refund refunds fulfilled "
    "fulfillment fulfilment shipped delivered paid closed completed processed outstanding exported tracking"
)
_NO: Final = re.compile(r"(?:0|f|false|n|no|nein|non|off|none|null|nan|nat|-|0000-00-00.*)?", re.IGNORECASE)
"""What stands in a column of flags, or of days, of an order that was not cancelled."""
_YES: Final = re.compile(r"1|t|true|y|yes|ja|oui|s[ií]|on|x", re.IGNORECASE)
_RETURN: Final = word_set("return returns returned")
_NO_END: Final = word_set(
    "return expired incomplete failure error bounced quotation quote angebot devis presupuesto cotizacion preventivo "
    "offerte orcamento"
)
"""What may have a day though the order was none the less a sale: what was lent comes back, a quote becomes one."""
_MOST_TYPES: Final = 30
_MOST_UNDONE: Final = 0.6
_RARE_TEST: Final = 0.2
"""Share of the orders that may be undone, or for a test, where a flag says so."""


def refunded_score(column: CatalogColumn) -> float:
    """Role refunded: the part of the amount that went back, in money."""
    name_words = set(words(column.name))
    back = _refund_words(name_words)
    if not back or name_words - back - _MONEY - _BESIDE_MONEY or _is_flag(column.sample):
        return 0.0
    numbers = [value for value in column.sample if value not in (None, "")]
    if numbers and numeric_share(column.sample) < 0.8:
        return 0.0
    return 0.9 if name_words & _MONEY else 0.7 if numbers else 0.0


def cancelled_score(column: CatalogColumn) -> float:
    """Role cancelled: filled where the order was undone, with the day or a flag."""
    name_words = words(column.name)
    undone = [word for word in name_words if word == "cancel" or (is_undone(word) and word not in _NO_END)]
    if not undone or any(word not in _BESIDE_DAY and word not in undone for word in name_words):
        return 0.0
    flags = _is_flag(column.sample)
    if flags and set(name_words) & _RETURN:
        return 0.0  # of a part of it, or of what was lent: the shop has to say
    if _refund_words(undone) and not (flags and "amount" not in name_words):
        return 0.0  # a day of refunding may be one of a part
    filled = [text for text in as_text(column.sample) if text is not None and not _NO.fullmatch(text.strip())]
    if len(filled) > _RARE_TEST * len(column.sample) and "test" in name_words:
        return 0.0  # one of two pages that are tried, most likely
    if len(filled) > _MOST_UNDONE * len(column.sample):
        return 0.0
    if flags or not filled:
        return 0.8
    return 0.9 if guess_formats(filled).readable >= READABLE_ENOUGH else 0.0


def type_score(column: CatalogColumn, amount: CatalogColumn | None) -> float:
    """Role row type: what a row is, where some are fees, payouts or refunds beside sales, by their `amount`."""
    name_words = words(column.name)
    if (
        not name_words
        or not (set(name_words[-1:]) & _TYPE or set(name_words[:1]) & _TYPE_FIRST)
        or set(name_words) & _NO_TYPE
    ):
        return 0.0
    kinds = {text for text in as_text(column.sample) if text and text.strip()}
    other = {kind for kind in kinds if is_no_sale(kind)}
    backs = {kind for kind in kinds if is_money_back(kind)} - other
    if len(kinds) > _MOST_TYPES or not (other or backs) or kinds <= other | backs:
        return 0.0
    if all(is_not_yet_sale(kind) for kind in other):
        return 0.7
    if amount is None:
        return 0.0
    moved = [money for money, kind in zip(_money(amount), column.sample, strict=False) if kind in other]
    out = sum(money is not None and money <= 0 for money in moved)
    return 0.8 if out * 2 >= len(moved) else 0.0  # a sale may be paid by transfer


def lists_refunds(column: CatalogColumn) -> bool:
    """Whether a column of row types marks some rows as refunds."""
    return any(is_money_back(text) for text in as_text(column.sample) if text)


def reference_score(column: CatalogColumn) -> float:
    """Role refund of, in an account of movements: the transaction that a row refers to."""
    name_words = set(words(column.name))
    refers = name_words & _LINKS and name_words & _MOVED
    filled = any(text and text.strip() for text in as_text(column.sample))
    return 0.7 if refers and filled and not name_words - _MOVED - _REFERS else 0.0


def of_amount(table: CatalogTable, found: str, amount: str) -> str | None:
    """The column of refunded amounts that goes with the `amount`, `found` or one more like it by name; None where
    refunds are rows of their own, or the column holds something else."""
    beside = table.column(amount)
    if table.column(found) is None or beside is None:
        return None
    likely = [c for c in table.columns if refunded_score(c) >= 0.7 and c.name != amount]
    wanted, amounts = set(words(amount)), _money(beside)
    if any(money is not None and money < 0 for money in amounts):
        return None
    likely.sort(key=lambda c: -_likeness(set(words(c.name)), wanted))
    return next((c.name for c in likely if _are_parts(_money(c), amounts)), None)


def _are_parts(backs: list[int | None], amounts: list[int | None]) -> bool:
    """Whether what went back was never more than the amount, and not most of it most of the time."""
    pairs = [(a, abs(b)) for a, b in zip(amounts, backs, strict=False) if a is not None and b]
    fitting = sum(back <= amount for amount, back in pairs)
    if 2 * sum(0.5 * amount < back for amount, back in pairs) > len(amounts):
        return False  # what is left after refunds, rather than what went back
    return fitting >= 0.9 * len(pairs)


def is_yes(texts: pl.Series) -> pl.Series:
    """Boolean, "undone": whether a cell has a day, or a yes."""
    return (texts.is_not_null() & ~texts.str.strip_chars().str.contains(f"^(?i:{_NO.pattern})$")).alias("undone")


def states(relation: Relation, mapping: Mapping) -> frozenset[int]:
    """Places, among all columns of the `relation`, of those that tell the state an order is in, not what it is."""
    fixed = {mapping.customer, mapping.date, mapping.amount, mapping.order_id}
    state = {mapping.status, mapping.updated_at, mapping.refunded, mapping.cancelled}
    names = [c.name for table in relation.tables for c in table.columns]
    return frozenset(
        place
        for place, name in enumerate(names)
        if name in state or (name not in fixed and set(words(name)) & _STATE)
    )


def _likeness(name_words: set[str], wanted: set[str]) -> int:
    """How much the name of a column of refunds is like that of the amount."""
    return len(wanted & name_words) - len(name_words - wanted - _refund_words(name_words))


def _refund_words(name_words: Iterable[str]) -> set[str]:
    """The words of a name that mean a refund."""
    return {word for word in name_words if _BACK.fullmatch(word)}


def _is_flag(sample: Iterable[Value]) -> bool:
    texts = [text.strip() for text in as_text(sample) if text is not None and text.strip()]
    return bool(texts) and all(_NO.fullmatch(text) or _YES.fullmatch(text) for text in texts)


def _money(column: CatalogColumn) -> list[int | None]:
    texts = as_text(column.sample)
    comma = decoding.uses_decimal_comma([text for text in texts if text])
    return decoding.written_money(pl.Series("t", texts, pl.String), comma).to_list()
