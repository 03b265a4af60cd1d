"""Lines of an order that are money and no goods: postage, fees, corrections. The head of their name tells them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from ltvtui.analytics.facts import Charges
from ltvtui.sources.catalog_table import CatalogColumn, CatalogTable
from ltvtui.sources.detection import scoring
from ltvtui.sources.detection.scoring import word_set, words
from ltvtui.sources.mapping import Mapping
from ltvtui.sources.sql import Row, quote

Ask = Callable[[str], list[Row] | None]
"""Answers a SELECT; None where that takes too long, or cannot be done."""

PIECES: Final = 3
"""Parts of a table in which charges are looked for, evenly spread."""
PIECE: Final = 20_000
"""Rows of each."""
MOST_VALUES: Final = 40
"""Kinds of charges that are named in a SELECT."""
LONGEST: Final = 4
"""Words of the name of a charge; what has more is a product."""
_DESCRIBES: Final = word_set(
    "description desc product item article title sku stock stockcode category line goods service type kind name "
    "descripcion descrizione designation beschreibung bezeichnung artikel produkt produit producto prodotto produto "
    "omschrijving opis nazwa varenavn vare lineitem libelle articulo articolo artigo kategorie categorie categoria"
)
_HEADS: Final = word_set(
    "postage shipping carriage freight handling delivery fee fees charge charges surcharge commission adjustment "
    "adjustments rounding gratuity discount insurance porto versand versandkosten fracht zustellung gebühr gebühren "
    "rabatt livraison frais remise envío envio gastos descuento spedizione spese sconto verzending verzendkosten "
    "korting frete portes frakt fragt rabat dostawa wysyłka доставка скидка комиссия пересылка"
)
"""Words that end the name of a charge."""
_WHOLE: Final = word_set(
    "post dot manual samples sample adjust adjustments correction korrektur tip tips amazonfee fee"
)
"""Words that are one alone."""
_BEGINS: Final = re.compile(
    r"(?:adjust(?:ment)?|frais|gastos|spese|costi|coste|costs?) (?:bad debt|of|de|di|d)\b|shipping\b|versand\w*\b",
    re.IGNORECASE,
)
_WORD: Final = re.compile(r"[^\W\d_]+")


def is_charge(text: str) -> bool:
    """Whether a value names postage, a fee or a correction: DOTCOM POSTAGE, Bank Charges, Shipping & Handling."""
    parts = [word.lower() for word in _WORD.findall(text)]
    if not 0 < len(parts) <= LONGEST or re.search(r"\d", text):
        return False
    return parts[-1] in _HEADS or (len(parts) == 1 and parts[0] in _WHOLE) or bool(_BEGINS.match(text.strip()))


def charges_of(tables: Sequence[CatalogTable], mapping: Mapping, ask: Ask) -> Charges:
    """The charges among the lines of a shop, told by the column that names most of them; without rows where none
    does."""
    roles = {mapping.customer, mapping.date, mapping.amount, mapping.order_id, mapping.status, mapping.row_type}
    found = [
        _in_column(table, column, mapping, ask)
        for table in tables
        for column in table.columns
        if column.name not in roles and _names_goods(column)
    ]
    return max(found, key=lambda each: each.rows, default=Charges())


def _names_goods(column: CatalogColumn) -> bool:
    texts = [value for value in column.sample if isinstance(value, str) and value.strip()]
    return bool(texts) and bool(set(words(column.name)) & _DESCRIBES)


def _in_column(table: CatalogTable, column: CatalogColumn, mapping: Mapping, ask: Ask) -> Charges:
    values = _charges_among(table, column, ask)
    if not 0 < len(values) <= MOST_VALUES:
        return Charges()
    name, customer = quote(column.name), table.column(mapping.customer)
    present = f" AND {quote(customer.name)} IS NOT NULL" if customer is not None else ""
    among = f"FROM {quote(table.name)} WHERE {name} IN ({_listed(values)}){present}"
    rest = f"{among} GROUP BY {name}"
    money = _sum_of(table, mapping)
    rows = ask(f"SELECT {name}, COUNT(*), SUM({money}) {rest}") if money else None
    rows = rows or ask(f"SELECT {name}, COUNT(*), NULL {rest}") or []
    counts = sorted(((str(value), int(str(n)), amount) for value, n, amount in rows), key=lambda c: (-c[1], c[0]))
    amounts = [float(str(amount)) for *_, amount in counts if amount is not None]
    there = tuple(value for value, *_ in counts)
    others = f"coalesce({_bare(column.name)}, '') NOT IN ({_listed(there)})"
    select = f"SELECT * FROM {_bare(table.name)} WHERE {others}" if there and not mapping.lines else ""  # noqa: S608
    total = sum(amounts) if len(amounts) == len(counts) else None
    return Charges(column.name, there, sum(n for _, n, _ in counts), total, select)


def _charges_among(table: CatalogTable, column: CatalogColumn, ask: Ask) -> tuple[str, ...]:
    """The charges among values of the column: of all rows of a small table, of some pieces of a large one."""
    every, name = table.rows or 0, quote(column.name)
    is_large = every > PIECES * PIECE
    starts, most = (range(0, every, every // PIECES), PIECE) if is_large else (range(1), PIECES * PIECE)
    values: dict[str, None] = {}
    for start in starts:
        piece = f"SELECT {name} AS v FROM {quote(table.name)} LIMIT {most} OFFSET {start}"  # noqa: S608
        rows = ask(f"SELECT DISTINCT v FROM ({piece}) AS s WHERE v IS NOT NULL") or []  # noqa: S608
        values |= dict.fromkeys(value for (value,) in rows if isinstance(value, str) and is_charge(value))
    return tuple(values)


def _listed(values: Sequence[str]) -> str:
    return ", ".join(_text(value) for value in values)


def _bare(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z_]\w*", name, re.ASCII) else quote(name)


def _sum_of(table: CatalogTable, mapping: Mapping) -> str:
    """What is added up: the amount, where it is a number of this table; blank where that is not certain."""
    column = table.column(mapping.amount)
    if column is not None:
        return quote(column.name) if scoring.numeric_share(column.sample) > 0.99 else ""
    parts = [each for each in table.columns if re.search(rf"(?<!\w){re.escape(each.name)}(?!\w)", mapping.amount)]
    return mapping.amount if parts and all(scoring.numeric_share(each.sample) > 0.99 for each in parts) else ""


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
