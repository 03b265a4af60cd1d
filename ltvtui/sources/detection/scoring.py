"""How well a column fits a role, by its name, its type and what stands in it.

A score is between 0 and 1. A name alone never settles a role whose content can be checked: a column called
"date" that holds no dates scores 0.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from ltvtui.analytics.cleaning.statuses import is_undone
from ltvtui.sources.catalog_table import CatalogColumn, CatalogTable
from ltvtui.sources.detection.content import ENOUGH, content_of
from ltvtui.sources.detection.vocabulary import group, has_word, meaning, weights
from ltvtui.sources.detection.vocabulary import words as words  # known by that name around here
from ltvtui.sources.sql import Value
from ltvtui.sources.values.date_guess import DateGuess, guess_formats
from ltvtui.sources.values.dates import READABLE_ENOUGH
from ltvtui.sources.values.placeholders import is_cut


def word_set(text: str) -> frozenset[str]:
    """The words of a line, as a set."""
    return frozenset(text.split())


MOST_STATUSES = 30
"""Of an order; more make a text, unless the column is called status."""
_REPEATING = {"email": 0.6, "name": 0.52}
"""How well what describes a buyer tells buyers apart, where it stands in several rows."""
_ZONES = word_set("utc gmt cet cest est edt pst pdt local")
"""The zone of a clock says nothing of what happened."""
_INCLUDING = word_set(
    "incl inc inkl including inclusive incluido incluidos inclus comprise compris con com avec with mit med met "
    "s z с із sis sisältäen dahil"
)
"""Beside them a tax is part of the whole."""
_NUMBERED = re.compile(r"#\s?\d+")
"""How shops write the number of an order, whatever the column is called."""
_WON = re.compile(r"(?<![^\W_])won(?![^\W_])")
"""Beside it what is not won is no sale."""
_DATE_LIKE = re.compile(r"\d{4}[-/.]|\d{1,2}[-/. ]|[A-Za-z]{3,9}[-/. ]+\d|\d{8}")


def table_score(table: CatalogTable) -> float:
    """How well the name of a table fits orders; 0.5 where it has no meaning."""
    name_words = meaning(table.name)
    best = max((weights("table").get(word, 0.0) for word in name_words), default=0.0) or 0.5
    spoiled = sum(word in group("not_orders") for word in name_words)
    return best * (0.45**spoiled)


def is_of_refunds(table: CatalogTable) -> bool:
    """Whether the name of a table is one of refunds."""
    name_words = set(meaning(table.name))
    of_credit = bool(name_words & {"credit", "credits"} and name_words & {"note", "notes", "memo", "memos"})
    return of_credit or bool(name_words & group("of_refunds"))


def is_beside_sales(table: CatalogTable) -> bool:
    """Whether the name of a table says that its money is no price of what was sold: refunds, taxes, parcels."""
    return is_of_refunds(table) or bool(set(meaning(table.name)) & group("beside_sales"))


def customer_score(column: CatalogColumn, customers: frozenset[str] = frozenset()) -> float:
    """Role customer; `customers` are lower-case names of tables that hold customers."""
    content = content_of(column)
    if (content.empty and len(column.sample) >= ENOUGH) or (content.numeric > 0.8 and not content.whole):
        return 0.0
    constant = content.constant and not is_cut(content.example)  # such ids were different ones
    fits = 0.3 if constant else 0.6 if content.empty else 1.0
    name_words = meaning(column.name)
    if group("hands") & set(name_words) and not group("party") & set(name_words) - {"user"}:
        fits = min(fits, 0.45)  # who sold it, or wrote it down
    elif column.references is not None and column.references[0].lower() in customers:
        return 1.0
    if content.repeats and not column.unique and (name_words == ("email",) or group("party") & set(name_words)):
        described = (
            "email"
            if "email" in name_words and not group("not_party") & set(name_words) - {"email"}
            else name_words[-1]
        )
        return max(_REPEATING.get(described, 0.0), fits * _customer_name_score(name_words))
    return fits * _customer_name_score(name_words)


def _customer_name_score(name_words: tuple[str, ...]) -> float:
    who = [word for word in name_words if word in group("party")]
    if group("not_party") & set(name_words):
        is_contact = name_words[-1] in ("email", "name") or (set(name_words) & group("not_party") == {"email"})
        return 0.45 if is_contact and who else 0.35 if name_words in (("email",), ("phone",)) else 0.0
    if "".join(name_words) in group("party_whole"):
        return 0.95
    sure = 0.95 if any(word not in group("party_weak") for word in who) else 0.88
    has_id = any(word in group("id") for word in name_words)
    if who and has_id:
        return sure
    if who and len(who) == len(name_words):
        return sure - 0.1
    if who:
        return 0.4
    if name_words and set(name_words) <= group("person"):
        return 0.52
    return 0.6 if has_id and group("person") & set(name_words) else 0.0


def order_id_score(column: CatalogColumn) -> float:
    """Role order id: as many rows as lack it, as much less it fits."""
    name_words, content = meaning(column.name), content_of(column)
    if name_words == ("name",) and not content.empty:
        numbered = all(isinstance(v, str) and _NUMBERED.fullmatch(v.strip()) for v in column.sample if v)
        return 0.8 * content.filled * numbered
    if group("not_order_id") & set(name_words) or content.empty or content.constant:
        return 0.0
    if group("order") & set(name_words) and group("id") & set(name_words) and not group("party") & set(name_words):
        return 0.95 * content.filled
    if len(name_words) == 1 and name_words[0] in group("order_alone"):
        return 0.8 * content.filled
    return 0.75 if column.unique and len(name_words) == 1 and name_words[0] in group("id") else 0.0


def refers_to_order(column: CatalogColumn) -> bool:
    """Whether a column is named for the order that something else is of: original_order_id, OrderRef."""
    name_words = set(meaning(column.name))
    return name_words == {"order"} or bool(name_words & group("order") and name_words & group("id"))


@lru_cache(maxsize=1024)
def date_score(column: CatalogColumn) -> tuple[float, DateGuess | None]:
    """Role date of the order, and how the dates are written."""
    name_words = meaning(column.name)
    if group("date_bad") & set(name_words) or not column.sample:
        return 0.0, None
    stamped = is_called_date(column)
    written = as_text(column.sample)
    if not stamped and not all(_DATE_LIKE.match(v.strip()) for v in written if v):
        return 0.0, None
    guess = guess_formats(written)
    if guess.readable < READABLE_ENOUGH or not guess.formats:
        return 0.0, guess
    numeric = guess.formats[0] not in ("iso", "mdy", "dmy", "ymd", "d_mon_y")
    if guess.formats[0] in ("julian", "excel") and group("id") & set(name_words) - {"no", "nr"}:
        return 0.0, guess  # the number of a row in a table of days
    if not stamped:
        return (0.0 if numeric else 0.4), guess
    good = bool(group("date_good") & set(name_words))
    plain = all(word in group("date") | _ZONES for word in name_words)
    score = 1.0 if good else 0.9 if plain else 0.6
    if name_words[:1] == ("created",):
        score = 0.85  # when the row was made: usually, not always, when the order was
    if "paid" in name_words or "payment" in name_words:
        score = 0.8
    return score * guess.readable, guess


def is_called_date(column: CatalogColumn) -> bool:
    """Whether a column is one of the date of the row, by its name or its type."""
    name_words = meaning(column.name)
    if group("date_bad") & set(name_words):
        return False
    stamped = any(word in group("date") for word in name_words) or any(w in column.type for w in ("DATE", "TIME"))
    name_words = tuple(word for word in name_words if word not in _ZONES)
    return stamped or name_words[-1:] == ("created",) or "".join(name_words).endswith(("date", "datetime"))


def is_dated(column: CatalogColumn) -> bool:
    """Whether the values of a column are dates, whatever it is called."""
    return guess_formats(as_text(column.sample)).readable >= READABLE_ENOUGH


def amount_score(column: CatalogColumn) -> float:
    """Role amount of the row: what is named for it and distributed as money is."""
    return amount_name_score(column) * content_of(column).money


def amount_name_score(column: CatalogColumn) -> float:
    """The same by name alone, of a column of numbers."""
    name_words = meaning(column.name)
    if {"tax", "vat"} & set(name_words) and _INCLUDING & set(words(column.name)):
        name_words = tuple(word for word in name_words if word not in ("tax", "vat"))  # the whole, with the tax in it
    if group("amount_bad") & set(name_words) or column.pk or column.references or numeric_share(column.sample) < 0.8:
        return 0.0
    scores = [weights("amount")[word] for word in name_words if word in weights("amount")]
    if not scores:
        return 0.0
    bonus = 0.05 if set(name_words) & {"total", "grand", "order", "paid"} and len(scores) > 1 else 0.0
    return min(1.0, max(scores) + bonus) * (0.9 if group("amount_part") & set(name_words) else 1.0)


def quantity_score(column: CatalogColumn) -> float:
    """How much of something stood on the line."""
    name_words = meaning(column.name)
    hit = bool(group("quantity") & set(name_words)) and numeric_share(column.sample) > 0.8
    return (0.9 if name_words[0] in group("quantity") else 0.6) if hit else 0.0


def unit_price_score(column: CatalogColumn) -> float:
    """The price of one piece."""
    name_words = meaning(column.name)
    if numeric_share(column.sample) <= 0.8 or not group("price") & set(name_words):
        return 0.0
    if group("not_unit_price") & set(name_words):
        return 0.0
    return 0.95 if set(name_words) & {"unit", "each", "item", "unitprice"} else 0.7


def status_score(column: CatalogColumn) -> float:
    """Role status of the order."""
    name_words = meaning(column.name)
    values = {v.strip().lower().replace(" ", "_") for v in column.sample if isinstance(v, str) and v.strip()}
    if not values:
        return 0.0
    understood = sum(bool(group("status_values") & {v, *words(v)}) or is_undone(v) for v in values) / len(values)
    if len(values) == 1 and len(column.sample) >= ENOUGH:
        understood = 0.0  # what says the same of all says nothing
        if name_words != ("status",):
            return 0.0
    if len(values) > MOST_STATUSES and "status" not in name_words:
        return 0.0
    if name_words == ("status",) or (
        name_words[-1:] == ("status",) and set(name_words) & (group("order") | {"financial"})
    ):
        return 0.6 + 0.4 * understood
    decides = any(is_undone(v) or _WON.search(v) for v in values)
    if "status" in name_words:
        return (0.8 if decides else 0.9 * understood) if not group("status_not") & set(name_words) else 0.0
    if not {"state", "stage"} & set(name_words[-1:]):
        return 0.6 if decides and understood == 1.0 and not has_word(column.name) else 0.0
    return 0.8 if decides else 0.7 * understood if understood >= 0.5 else 0.0


def currency_score(column: CatalogColumn) -> float:
    """Role currency."""
    name_words = set(meaning(column.name))
    values = [v.strip() for v in column.sample if isinstance(v, str) and v.strip()]
    codes = bool(values) and all(re.fullmatch(r"[A-Za-z]{3}|\W", v) for v in values)
    return 1.0 if codes and name_words & group("currency") else 0.0


def rate_score(column: CatalogColumn) -> float:
    """Role rate to the shop's own currency."""
    name_words = set(meaning(column.name))
    hit = {"rate", "fx"} & name_words and name_words & {"exchange", "currency", "fx", "conversion"}
    return 1.0 if hit and numeric_share(column.sample) > 0.8 else 0.0


def margin_score(column: CatalogColumn) -> float:
    """Role margin in money; a share of the price is none."""
    name_words = set(meaning(column.name))
    if not name_words & group("margin") or name_words & group("share"):
        return 0.0
    numbers = [v for v in column.sample if isinstance(v, int | float)]
    if not numbers or numeric_share(column.sample) < 0.8 or all(abs(v) <= 1 for v in numbers):
        return 0.0
    return 0.9


def cost_score(column: CatalogColumn) -> float:
    """Role cost of the row's goods."""
    name_words = set(meaning(column.name))
    if name_words & group("not_cost") or not name_words & group("cost") or numeric_share(column.sample) < 0.8:
        return 0.0
    return 0.9


def bought_score(column: CatalogColumn) -> float:
    """A price that the shop paid itself, beside that of what was sold."""
    name_words = set(meaning(column.name))
    fits = "price" in name_words and name_words & group("bought") and numeric_share(column.sample) > 0.8
    return 0.8 if fits else 0.0


def refund_score(column: CatalogColumn) -> float:
    """Role reference to the order that is refunded."""
    name_words = meaning(column.name)
    whole = "_".join(name_words)
    if whole in ("refund_of", "refunds", "return_of", "refunded_order", "original_order", "credit_of"):
        return 1.0
    back = set(name_words) & group("refund")
    return (
        0.9
        if back and set(name_words) & (group("order") | {"of"}) and set(name_words) & (group("id") | {"of"})
        else 0.0
    )


def updated_score(column: CatalogColumn) -> float:
    """Role time of the row's last change."""
    name_words = set(words(column.name))
    changed = (
        name_words & word_set("updated modified changed")
        or {"last", "update"} <= name_words
        or {"update", "time"} <= name_words
    )
    of_time = name_words <= word_set("updated modified changed update last at on date time ts timestamp row utc")
    present = any(value is not None for value in column.sample)
    return 0.9 if changed and of_time and present else 0.0


def is_party_table(table: CatalogTable) -> float:
    """How much a table looks like one row per customer, by its name."""
    name_words = meaning(table.name)
    if group("not_party_table") & set(name_words):
        return 0.0
    return (
        1.0 if name_words and set(name_words) & (group("party") | group("person")) and len(name_words) <= 3 else 0.0
    )


def as_text(sample: Iterable[Value]) -> list[str | None]:
    """Sampled values as SQLite casts them to text."""
    return [None if v is None or isinstance(v, bytes) else str(v) for v in sample]


def numeric_share(sample: Iterable[Value]) -> float:
    """Share of the values present that are numbers, or text that a reader takes for an amount."""
    return content_of(CatalogColumn("", "", sample=tuple(sample))).numeric
