"""How well a column fits a role, by its name, its type and what stands in it.

A score is between 0 and 1. A name alone never settles a role whose content can be checked: a column called
"date" that holds no dates scores 0.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from ltvtui.sources.catalog import Column, Table
from ltvtui.sources.dates import READABLE_ENOUGH, DateGuess, guess_formats
from ltvtui.sources.sqlite import Value

_SPLIT = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[^\W\dA-Z_]+|[A-Z]+|\d+")


@lru_cache(maxsize=4096)
def words(name: str) -> tuple[str, ...]:
    """The lower-case words of a name: snake_case, camelCase, "with spaces", `InvoiceNo` → invoice, no."""
    return tuple(word.lower() for word in _SPLIT.findall(name))


def word_set(text: str) -> frozenset[str]:
    """The words of a line, as a set."""
    return frozenset(text.split())


_ID: Final = word_set("id no nr num number key code uid guid uuid hash ref pk")
_PARTY: Final = word_set(
    "customer customers cust client clients user users buyer buyers member members account shopper "
    "subscriber guest visitor consumer kunde kunden kundin cliente clientes klient acheteur patient payer"
)
_PERSON: Final = word_set("contact contacts person persons people")
"""Who may be a customer where nobody else is named so."""
_PARTY_WHOLE: Final = word_set(
    "uid userid customerid custid clientid buyerid memberid accountid customerno custno kundeid kundenid "
    "kundennr customerkey visitorid shopperid clientno idcliente idclient iduser idcustomer customeruniqueid"
)
_ORDER: Final = word_set(
    "order orders invoice transaction trans txn receipt sale sales purchase basket bill check ticket booking "
    "deal bestellung pedido commande rechnung zakaz"
)
_ORDER_WHOLE: Final = word_set(
    "orderid orderno ordernumber invoiceno invoiceid invoicenumber transactionid txnid receiptid receiptno "
    "saleid purchaseid basketid billid idpedido bestellnr"
)
_DATE: Final = word_set("date datetime day dt ts timestamp time at on datum fecha when")
_DATE_GOOD: Final = word_set(
    "order ordered invoice purchase purchased buy bought transaction sale sold placed paid payment booking "
    "booked created checkout bestell trans"
)
_DATE_BAD: Final = word_set(
    "required ship shipped shipping deliver delivered delivery due birth birthday birthdate dob updated "
    "update modified expiry expires expiration end hire hired signup registered registration cancelled "
    "canceled refunded returned deleted last first next estimated approved joined since until closed packed "
    "start promised deadline login seen"
)
_AMOUNT: Final = {
    "amount": 1.0,
    "revenue": 1.0,
    "total": 1.0,
    "sales": 0.85,
    "value": 0.8,
    "price": 0.65,
    "spend": 0.6,
    "spent": 0.7,
    "paid": 0.75,
    "sum": 0.8,
    "gross": 0.7,
    "net": 0.75,
    "subtotal": 0.7,
    "turnover": 0.9,
    "payment": 0.7,
    "gmv": 0.9,
    "betrag": 0.9,
    "umsatz": 1.0,
    "importe": 0.9,
    "montant": 0.9,
    "monto": 0.9,
    "summe": 0.8,
    "usd": 0.6,
    "eur": 0.6,
    "gbp": 0.6,
    "dollars": 0.6,
    "charge": 0.6,
    "money": 0.6,
}
_AMOUNT_BAD: Final = word_set(
    "tax vat freight shipping ship discount fee fees tip cost costs margin profit qty quantity number count "
    "unit units id weight balance points rate lat lon refund refunded score items percent pct cds age year "
    "month budget limit cogs coupon rebate commission duty insurance lifetime avg average mean frequency recency"
)
_QUANTITY: Final = word_set("quantity qty units pieces pcs menge cantidad quantite count")
_PRICE: Final = word_set("price unitprice preis precio prix rate")
_STATUS_VALUES: Final = word_set(
    "cancelled canceled refunded voided failed declined returned completed complete paid shipped delivered "
    "pending processing open closed unpaid created approved invoiced unavailable fulfilled confirmed new "
    "partially_refunded authorized expired active placed packed success successful done void"
)
_TABLE: Final = {
    "order": 1.0,
    "orders": 1.0,
    "transaction": 0.95,
    "transactions": 0.95,
    "sale": 0.9,
    "sales": 0.9,
    "purchase": 0.95,
    "purchases": 0.95,
    "invoice": 0.9,
    "invoices": 0.9,
    "receipt": 0.85,
    "receipts": 0.85,
    "checkout": 0.8,
    "checkouts": 0.8,
    "booking": 0.8,
    "bookings": 0.8,
    "payment": 0.6,
    "payments": 0.6,
    "retail": 0.6,
    "log": 0.4,
    "bestellungen": 1.0,
    "pedidos": 1.0,
    "commandes": 1.0,
}
_NOT_ORDERS: Final = word_set(
    "summary summaries customers customer users clients employees employee staff refund refunds return "
    "returns cart carts abandoned archive backup bak tmp temp test staging quote quotes supplier suppliers "
    "spend marketing ads costs budget product products inventory stock session sessions event events"
)


_REFUNDS: Final = word_set(
    "refund refunds refunded return returns returned chargeback chargebacks reversal reversals reimbursement "
    "reimbursements credit credits rueckerstattung erstattungen retouren retoure remboursement remboursements "
    "devolucion devoluciones resi rimborsi"
)
_BESIDE: Final = word_set(
    "discount discounts coupon coupons voucher vouchers promotion promotions tax taxes shipping shipment shipments "
    "delivery deliveries fee fees tip tips adjustment adjustments commission commissions history log logs "
    "event events cost costs cart carts quote quotes"
)
_LONGEST_AMOUNT = 40
"""Characters; a longer text is no amount, and may be one that takes an expression long to refuse."""
_DATE_LIKE = re.compile(r"\d{4}[-/.]|\d{1,2}[-/. ]|[A-Za-z]{3,9}[-/. ]+\d|\d{8}")


def table_score(table: Table) -> float:
    """How much the name of a table says that it holds orders; 0.5 where it says nothing."""
    named = words(table.name)
    best = max((_TABLE.get(word, 0.0) for word in named), default=0.0) or 0.5
    spoiled = sum(word in _NOT_ORDERS for word in named)
    return best * (0.45**spoiled)


def is_of_refunds(table: Table) -> bool:
    """Whether the name of a table says that it holds what went back."""
    return bool(set(words(table.name)) & _REFUNDS)


def is_beside_sales(table: Table) -> bool:
    """Whether the name of a table says that its money is no price of what was sold: refunds, taxes, parcels."""
    return is_of_refunds(table) or bool(set(words(table.name)) & _BESIDE)


def customer_score(column: Column, customers: frozenset[str] = frozenset()) -> float:
    """Role customer; `customers` are lower-case names of tables that hold customers."""
    named, whole = words(column.name), "".join(words(column.name))
    if column.references is not None and column.references[0].lower() in customers:
        return 1.0
    if {"name", "email", "mail", "phone", "city", "country", "type", "segment", "status", "age"} & set(named):
        return 0.45 if named[-1] in ("email", "mail", "name") and set(named) & _PARTY else 0.0
    if whole in _PARTY_WHOLE:
        return 0.95
    parties = [word for word in named if word in _PARTY]
    if parties and any(word in _ID for word in named):
        return 0.95
    if parties and len(named) == 1:
        return 0.85
    if parties:
        return 0.4
    if set(named) & _PERSON and any(word in _ID for word in named):
        return 0.6
    return 0.35 if named in (("email",), ("phone",)) else 0.0


def order_id_score(column: Column) -> float:
    """Role order id."""
    named, whole = words(column.name), "".join(words(column.name))
    if set(named) & word_set("refund refunded original parent line lines item items status type date amount of"):
        return 0.0
    if whole in _ORDER_WHOLE:
        return 0.95
    if set(named) & _ORDER and set(named) & _ID and not set(named) & _PARTY:
        return 0.95
    if len(named) == 1 and named[0] in ("invoice", "receipt", "ticket", "order", "transaction"):
        return 0.8
    return 0.75 if column.unique and named in (("id",), ("uuid",), ("guid",)) else 0.0


def date_score(column: Column) -> tuple[float, DateGuess | None]:
    """Role date of the order, and how the dates are written."""
    named = words(column.name)
    if set(named) & _DATE_BAD or not column.sample:
        return 0.0, None
    stamped = any(word in _DATE for word in named) or any(w in column.type for w in ("DATE", "TIME"))
    stamped = stamped or named[-1:] == ("created",) or "".join(named).endswith(("date", "datetime"))
    written = as_text(column.sample)
    if not stamped and not all(_DATE_LIKE.match(v.strip()) for v in written if v):
        return 0.0, None
    guess = guess_formats(written)
    if guess.readable < READABLE_ENOUGH or not guess.formats:
        return 0.0, guess
    numeric = guess.formats[0] not in ("iso", "mdy", "dmy", "d_mon_y")
    if not stamped:
        return (0.0 if numeric else 0.4), guess
    good = bool(set(named) & _DATE_GOOD) or any("".join(named).startswith(w) for w in _DATE_GOOD if len(w) > 3)
    plain = all(word in _DATE for word in named)
    score = 1.0 if good else 0.9 if plain else 0.6
    if named[:1] == ("created",):
        score = 0.85  # when the row was made: usually, not always, when the order was
    if "paid" in named or "payment" in named:
        score = 0.8
    return score * guess.readable, guess


def amount_score(column: Column) -> float:
    """Role amount of the row."""
    named = words(column.name)
    if set(named) & _AMOUNT_BAD or column.pk or column.references or numeric_share(column.sample) < 0.8:
        return 0.0
    scores = [_AMOUNT[word] for word in named if word in _AMOUNT]
    if not scores:
        return 0.0
    bonus = 0.05 if set(named) & {"total", "grand", "order", "paid"} and len(scores) > 1 else 0.0
    return min(1.0, max(scores) + bonus) * (0.9 if {"sub", "subtotal"} & set(named) else 1.0)


def quantity_score(column: Column) -> float:
    """How much of something stood on the line."""
    hit = bool(set(words(column.name)) & _QUANTITY) and numeric_share(column.sample) > 0.8
    return (0.9 if words(column.name)[0] in _QUANTITY else 0.6) if hit else 0.0


def unit_price_score(column: Column) -> float:
    """The price of one piece."""
    named = words(column.name)
    if numeric_share(column.sample) <= 0.8 or not (set(named) & _PRICE or "".join(named) in _PRICE):
        return 0.0
    if set(named) & word_set("total line cost list old original"):
        return 0.0
    return 0.95 if "unit" in named or "each" in named or "item" in named else 0.7


def status_score(column: Column) -> float:
    """Role status of the order."""
    named = words(column.name)
    values = {v.strip().lower().replace(" ", "_") for v in column.sample if isinstance(v, str) and v.strip()}
    if not values or len(values) > 30:
        return 0.0
    known = len(values & _STATUS_VALUES) / len(values)
    if named == ("status",) or (named[-1:] == ("status",) and set(named) & (_ORDER | {"financial"})):
        return 0.6 + 0.4 * known
    if "status" in named:
        return 0.9 * known if not set(named) & {"shipping", "delivery", "customer"} else 0.0
    return 0.7 * known if named[-1:] == ("state",) and known >= 0.5 else 0.0


def currency_score(column: Column) -> float:
    """Role currency."""
    named = set(words(column.name))
    values = [v.strip() for v in column.sample if isinstance(v, str) and v.strip()]
    codes = bool(values) and all(re.fullmatch(r"[A-Za-z]{3}|\W", v) for v in values)
    return 1.0 if codes and named & {"currency", "ccy", "waehrung", "moneda", "devise", "curr"} else 0.0


def rate_score(column: Column) -> float:
    """Role rate to the shop's own currency."""
    named = set(words(column.name))
    hit = {"rate", "fx"} & named and named & {"exchange", "currency", "fx", "conversion"}
    return 1.0 if hit and numeric_share(column.sample) > 0.8 else 0.0


def margin_score(column: Column) -> float:
    """Role margin in money; a share of the price is none."""
    named = set(words(column.name))
    if not named & {"margin", "profit", "contribution", "marge"} or named & word_set("pct percent rate share ratio"):
        return 0.0
    numbers = [v for v in column.sample if isinstance(v, int | float)]
    if not numbers or numeric_share(column.sample) < 0.8 or all(abs(v) <= 1 for v in numbers):
        return 0.0
    return 0.9


def cost_score(column: Column) -> float:
    """Role cost of the row's goods."""
    named = set(words(column.name))
    wrong = named & word_set("ship shipping delivery unit center centre id code acquisition marketing ad freight")
    if wrong or not named & {"cost", "costs", "cogs"} or numeric_share(column.sample) < 0.8:
        return 0.0
    return 0.9


def refund_score(column: Column) -> float:
    """Role reference to the order that is refunded."""
    named = words(column.name)
    whole = "_".join(named)
    if whole in ("refund_of", "refunds", "return_of", "refunded_order", "original_order", "credit_of"):
        return 1.0
    back = set(named) & word_set("refund refunded refunds original parent return returned credit reversal")
    return 0.9 if back and set(named) & (_ORDER | {"of"}) and set(named) & (_ID | {"of"}) else 0.0


def updated_score(column: Column) -> float:
    """Role time of the row's last change."""
    named = set(words(column.name))
    changed = (
        named & word_set("updated modified changed") or {"last", "update"} <= named or {"update", "time"} <= named
    )
    of_time = named <= word_set("updated modified changed update last at on date time ts timestamp row utc")
    present = any(value is not None for value in column.sample)
    return 0.9 if changed and of_time and present else 0.0


def is_party_table(table: Table) -> float:
    """How much a table looks like one row per customer, by its name."""
    named = words(table.name)
    if set(named) & word_set("summary order orders sales log demo demographics address addresses segment history"):
        return 0.0
    return 1.0 if named and set(named) & (_PARTY | _PERSON) and len(named) <= 3 else 0.0


def as_text(sample: Iterable[Value]) -> list[str | None]:
    """Sampled values as SQLite casts them to text."""
    return [None if v is None or isinstance(v, bytes) else str(v) for v in sample]


def numeric_share(sample: Iterable[Value]) -> float:
    """Share of the values present that are numbers, or text that a reader takes for an amount."""
    present = [v for v in sample if v is not None and v != ""]
    if not present:
        return 0.0
    return sum(isinstance(v, int | float) or _money_like(v) for v in present) / len(present)


def _money_like(value: Value) -> bool:
    if not isinstance(value, str):
        return False
    bare = value.strip()
    return len(bare) <= _LONGEST_AMOUNT and bool(
        re.fullmatch(r"[-+(]?\s*[^\w\s.,-]?\s*\d[\d.,  ']*(?:\s*(?:[^\w\s]|[A-Z]{3}))?\)?", bare)
    )
