"""How customers can be reached, read when that is asked for: e-mail addresses and phone numbers make no dimensions,
so that they are not kept with the shop."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from ltvtui.errors import LtvError
from ltvtui.sources.base import Database, Progress, Source
from ltvtui.sources.catalog_table import CatalogColumn
from ltvtui.sources.detection.scoring import word_set, words
from ltvtui.sources.mapping import Mapping
from ltvtui.sources.relation import Relation, listing, single
from ltvtui.sources.scan import Asked, scan
from ltvtui.sources.values import decoding

_EMAIL: Final = word_set("email mail emailaddress mailaddress")
_PHONE: Final = word_set(
    "phone phones telephone tel mobile cell cellphone mobilephone phonenumber msisdn telefon handy"
)
_DIGITS: Final = 6
"""Digits from which on a value may be a phone number."""


@dataclass(frozen=True, eq=False)
class Contacts:
    """What is known of how customers can be reached."""

    frame: pl.DataFrame
    """id (String, unique), email, phone (String, null where not known), as the shop writes them."""
    email: str | None
    """Column that e-mail addresses were read from; None: there is none."""
    phone: str | None


@dataclass(frozen=True)
class _Place:
    """A table that tells about customers."""

    relation: Relation
    key: str
    """SQL of the customer's id."""
    last: bool
    """Whether of several rows of a customer the last counts: of orders the newest says how they are reached now."""


def read_contacts(
    source: Source,
    mapping: Mapping,
    email: str | None = None,
    phone: str | None = None,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Contacts:
    """Contacts of the customers of `source`: of the customers' table, else of the orders.

    `email` and `phone` name columns; None: the one that looks like it, "" none. LtvError (exit code 2) where a column
    does not exist or none looks like it, Cancelled when `cancelled` says so.
    """
    return source.in_one_state(
        lambda database: _contacts(database, mapping, email, phone, progress, cancelled), cancelled
    )


def _contacts(
    database: Database,
    mapping: Mapping,
    email: str | None,
    phone: str | None,
    progress: Progress | None,
    cancelled: Callable[[], bool] | None,
) -> Contacts:
    places = _places(database, mapping)
    mapped_email = mapping.customers.email if mapping.customers else None
    wanted = {
        "email": _given_column(places, email, "e-mail")
        or _found(places, email if email is not None else mapped_email, _is_email),
        "phone": _given_column(places, phone, "phone") or _found(places, phone, _is_phone),
    }
    found = {role: place for role, place in wanted.items() if place is not None}
    if not found:
        tables = " and ".join(place.relation.title for place in places)
        names = [c.name for place in places for table in place.relation.tables for c in table.columns]
        raise LtvError(
            f"No column of {tables} looks like e-mail addresses or phone numbers.",
            f"Name one with --email or --phone. Choose from: {listing(names)}",
            2,
        )
    frame: pl.DataFrame | None = None
    for place in places:
        asked = {role: column for role, (where, column) in found.items() if where is place}
        if asked:
            read = _read(place, asked, progress, cancelled)
            frame = read if frame is None else frame.join(read, on="id", how="full", coalesce=True)
    assert frame is not None
    missing = [pl.lit(None, pl.String).alias(role) for role in wanted if role not in frame.columns]
    return Contacts(
        frame.with_columns(missing).select("id", "email", "phone"),
        *(found[role][1] if role in found else None for role in ("email", "phone")),
    )


def _places(database: Database, mapping: Mapping) -> list[_Place]:
    places = []
    if mapping.customers is not None:
        customers = single(database, mapping.customers.table, "customers")
        places.append(_Place(customers, customers.expression(mapping.customers.key, "customer id"), last=False))
    orders = single(database, mapping.orders, "orders")
    return [*places, _Place(orders, orders.expression(mapping.customer, "customer"), last=True)]


def _given_column(places: Sequence[_Place], column: str | None, role: str) -> tuple[_Place, str] | None:
    """The column that the user gave, in the first table that has it."""
    if not column:
        return None
    for place in places:
        if any(table.column(column) for table in place.relation.tables):
            return place, column
    places[0].relation.expression(column, role)  # an expression, or an error that names the columns
    return places[0], column


def _found(
    places: Sequence[_Place], given: str | None, fits: Callable[[CatalogColumn], bool]
) -> tuple[_Place, str] | None:
    """The column that is mapped, else the first that looks like it; none where none is wanted."""
    if given == "":
        return None
    for place in places:
        for table in place.relation.tables:
            if given is not None and (column := table.column(given)):
                return place, column.name
            for column in table.columns:
                if given is None and fits(column):
                    return place, column.name
    return None if given is None else (places[0], given)


def _is_email(column: CatalogColumn) -> bool:
    return _matches(column, _EMAIL, lambda text: "@" in text)


def _is_phone(column: CatalogColumn) -> bool:
    return _matches(column, _PHONE, lambda text: sum(letter.isdigit() for letter in text) >= _DIGITS)


def _matches(column: CatalogColumn, names: frozenset[str], is_one: Callable[[str], bool]) -> bool:
    """Whether its name is one of `names` and its values are such: not so of an `email_opt_in`."""
    name_words = words(column.name)
    if not set(name_words) & names and "".join(name_words) not in names:
        return False
    present = [str(value) for value in column.sample if value not in (None, "") and not isinstance(value, bytes)]
    return bool(present) and 2 * sum(map(is_one, present)) >= len(present)


def _read(
    place: _Place, roles: dict[str, str], progress: Progress | None, cancelled: Callable[[], bool] | None
) -> pl.DataFrame:
    """id and what was asked for, a row for each customer of whom something is known."""
    columns = {role: place.relation.expression(column, role) for role, column in roles.items()}

    def understand(raw: pl.DataFrame) -> pl.DataFrame:
        # A phone number may be kept as one, with a ".0" behind it.
        read = {"email": decoding.text, "phone": decoding.identifier}
        return pl.DataFrame([decoding.identifier(raw["id"]), *(read[role](raw[role]) for role in roles)])

    asked = Asked({"id": place.key, **columns}, frozenset(), understand)
    rows = scan(place.relation, asked, progress=progress, cancelled=cancelled).frame
    with_contact = rows.filter(pl.col("id").is_not_null(), pl.any_horizontal(pl.col(*roles).is_not_null()))
    if not place.last:
        return with_contact.unique("id", keep="first", maintain_order=True)
    return with_contact.group_by("id", maintain_order=True).agg(pl.col(*roles).drop_nulls().last())
