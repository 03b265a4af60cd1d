"""Which columns of a table, or of a file, tell what was spent when, and on which channel."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import polars as pl

from ltvtui.sources.catalog_table import CatalogColumn, CatalogTable
from ltvtui.sources.detection import scoring
from ltvtui.sources.detection.scoring import word_set, words
from ltvtui.sources.mapping import ChannelColumn
from ltvtui.sources.spend.periods import guess_periods
from ltvtui.sources.values import decoding
from ltvtui.sources.values.dates import READABLE_ENOUGH

SPEND_WORDS: Final = word_set("cost costs spend spends spending marketing ad ads adspend advertising campaigns")
"""Words of a table of spend."""

_AMOUNT: Final = word_set(
    "cost costs spend spent amount budget total value kosten ausgaben betrag ausgegeben ausgegebener werbekosten "
    "coste costes costo costi gasto gastos gastado importe coût coûts dépense dépenses dépensé montant spesa spese "
    "speso importo custo custos gasta valor uitgaven koszt wydatki расход расходы затраты стоимость витрати "
    "náklady výdaje útrata költség kiadás harcama maliyet gider cheltuieli kostnad kostnader utgift kustannus kulut "
    "biaya pengeluaran δαπάνη κόστος 費用 広告費 花费 费用 비용 광고비"
)
_DATE: Final = word_set(
    "date day dt month week period quarter ts starts start reporting begin from tag monat woche quartal datum "
    "zeitraum berichtsstart fecha mes día semana periodo mois jour semaine période data giorno mese dia mês dag "
    "maand miesiąc dzień дата день месяц период місяць début den měsíc týden mesiac nap hónap hét tarih ay hafta "
    "gün zi luna lună månad vecka måned uge päivä kuukausi tanggal bulan ημερομηνία μήνας 日付 月 日期 月份 날짜 월"
)
_END: Final = word_set("ends end until to berichtsende ende fin fine fim eind koniec конец")
"""Of a column with the last day that a row is for, where another has the first."""
_CHANNEL: Final = (
    *("channel", "source", "medium", "network", "platform", "campaign", "kanal", "quelle", "plattform", "kampagne"),
    *(
        "kampagnenname",
        "canal",
        "fuente",
        "campaña",
        "campagne",
        "canale",
        "campagna",
        "campanha",
        "kanaal",
        "źródło",
    ),
    *(
        "kampania",
        "kanál",
        "csatorna",
        "kanalen",
        "saluran",
        "κανάλι",
        "渠道",
        "チャネル",
        "채널",
        "канал",
        "источник",
        "кампания",
        "кампанія",
    ),
)
_TOTAL: Final = word_set("total sum all overall gesamt summe insgesamt totale suma итого всего")
_CODES: Final = word_set(
    "EUR USD GBP CHF JPY CAD AUD NZD SEK NOK DKK PLN CZK HUF RUB UAH TRY BRL INR CNY MXN ZAR SGD"
)
_CODE: Final = re.compile(r"\b[A-Z]{3}\b")
_CENT: Final = 100
"""Ten-thousandths by which a part of a sum may be rounded."""
_NUMERIC: Final = 0.8
"""Share of the values present that have to be numbers."""
_COUNTED: Final = word_set(
    "id no key year sum all overall subtotal net gross vat tax planned plan actual eur usd gbp chf jpy rub "
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
    currencies: tuple[str, ...] = ()
    """Currencies that the names of the columns of amounts tell, each once."""
    end: str | None = None
    """Column with the last day that a row is for."""


def spend_columns(table: CatalogTable) -> SpendColumns | None:
    """The columns of `table`, None where no day or no amount is among them."""
    date, currency = _date(table), currency_column(table)
    if date is None:
        return None
    end = _end(table, date)
    rest = [c for c in table.columns if c.name not in (date, end)]
    amount, channel = _amount(rest), _channel(rest)
    if channel is not None and channel != amount:
        if amount is None:
            return None
        return SpendColumns(date, channel, amount, (), currency, _currencies([amount]), end)
    rest = _without_total(rest)
    amount = _amount(rest)
    wide = _wide(rest, amount is not None)
    if wide:
        return SpendColumns(date, None, None, wide, currency, _currencies([c.column for c in wide]), end)
    return None if amount is None else SpendColumns(date, None, amount, (), currency, _currencies([amount]), end)


def name_by_content(texts: pl.DataFrame, title: str) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """`texts` without a header under the names that its content allows: the first column of days or months, the last
    of numbers beside it, and the first of words; and a sentence about it."""
    columns = [CatalogColumn(name, "", sample=tuple(texts[name].head(5_000))) for name in texts.columns]
    date = next((c.name for c in columns if _is_dated(c)), None)
    rest = [c for c in columns if c.name != date]
    numbers = [c.name for c in rest if scoring.numeric_share(c.sample) > _NUMERIC]
    words_of = [c.name for c in rest if c.name not in numbers]
    roles = {"date": date, "channel": words_of[0] if words_of else None, "amount": numbers[-1] if numbers else None}
    found = {name: role for role, name in roles.items() if name is not None}
    listed = ", ".join(f"{name} is read as the {role}" for name, role in found.items())
    return texts.rename(found), ((f"Of {title} {listed}.",) if listed else ())


def currency_column(table: CatalogTable) -> str | None:
    """The column that says in which currency an amount is."""
    return next((c.name for c in table.columns if set(words(c.name)) & {"currency", "curr", "ccy"}), None)


def _date(table: CatalogTable) -> str | None:
    for column in table.columns:
        name_words = set(words(column.name))
        if name_words & _DATE and not name_words & _END and _is_dated(column):
            return column.name
    return None


def _end(table: CatalogTable, date: str) -> str | None:
    """The column with the last days of periods that begin with those of `date`."""
    for column in table.columns:
        name_words = set(words(column.name))
        if column.name != date and name_words & _END and not name_words - _END - _DATE and _is_dated(column):
            return column.name
    return None


def _is_dated(column: CatalogColumn) -> bool:
    return guess_periods(scoring.as_text(column.sample)).readable >= READABLE_ENOUGH


def _currencies(names: list[str]) -> tuple[str, ...]:
    """What the names of columns say of the currency, as `Amount spent (EUR)` does."""
    codes = (code for name in names for code in _CODE.findall(name) if code in _CODES)
    return tuple(dict.fromkeys(codes))


def _without_total(columns: list[CatalogColumn]) -> list[CatalogColumn]:
    """The columns but for one that is the sum of those of single channels."""
    numbers = [c for c in columns if scoring.numeric_share(c.sample) > _NUMERIC]
    for total in numbers:
        others = [c for c in numbers if c is not total and not set(words(c.name)) & (_COUNTED - _AMOUNT)]
        if set(words(total.name)) & _TOTAL and len(others) > 1 and _adds_up(total, others):
            return [c for c in columns if c is not total]
    return columns


def _adds_up(total: CatalogColumn, parts: list[CatalogColumn]) -> bool:
    sums = [sum(money or 0 for money in row) for row in zip(*map(_money, parts), strict=True)]
    pairs = [(whole, added) for whole, added in zip(_money(total), sums, strict=True) if whole is not None]
    return bool(pairs) and all(abs(whole - added) <= _CENT * len(parts) for whole, added in pairs)


def _money(column: CatalogColumn) -> list[int | None]:
    texts = scoring.as_text(column.sample)
    comma = decoding.uses_decimal_comma([text for text in texts if text])
    return decoding.written_money(pl.Series("t", texts, pl.String), comma).to_list()


def _amount(columns: list[CatalogColumn]) -> str | None:
    for column in columns:
        name_words = words(column.name)
        if set(name_words) & _AMOUNT and "id" not in name_words and scoring.numeric_share(column.sample) > _NUMERIC:
            return column.name
    return None


def _channel(columns: list[CatalogColumn]) -> str | None:
    for wanted in _CHANNEL:
        for column in columns:
            if wanted in words(column.name) and scoring.numeric_share(column.sample) <= _NUMERIC:
                return column.name
    for wanted in _CHANNEL:  # channels that are known by number
        for column in columns:
            if wanted in words(column.name) and not set(words(column.name)) & _AMOUNT:
                return column.name
    return None


def _wide(columns: list[CatalogColumn], has_amount: bool) -> tuple[ChannelColumn, ...]:
    """The columns of a channel each, two or more: where the table `has_amount`, only those that are named one too."""
    numbers = [c for c in columns if scoring.numeric_share(c.sample) > _NUMERIC]
    if has_amount:
        numbers = [c for c in numbers if set(words(c.name)) & _AMOUNT and set(words(c.name)) - _NO_CHANNEL]
    else:
        numbers = [c for c in numbers if not set(words(c.name)) & (_AMOUNT | _COUNTED | _TOTAL)]
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
