"""Lists of customers for advertising platforms: hashed contacts, and nothing that says who they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Literal

import polars as pl

from ltvtui.analytics.forecast.of_snapshot import forecast_of, question_of
from ltvtui.analytics.schema import units
from ltvtui.analytics.snapshot import Snapshot
from ltvtui.errors import Cancelled, LtvError
from ltvtui.exporting.contact_forms import NoCountry, Platform, email_form, hashed, phone_form
from ltvtui.exporting.destination import Destination, Written
from ltvtui.exporting.overwrite import refuse_existing
from ltvtui.exporting.source import Progress, Stop, Stopped
from ltvtui.present.numbers import count, counted
from ltvtui.session.open_request import OpenRequest
from ltvtui.session.request_source import opened_source
from ltvtui.sources.contacts import read_contacts
from ltvtui.sources.mapping import Mapping
from ltvtui.storage.atomic_file import atomic_write

HEADINGS: Final[dict[Platform, dict[str, str]]] = {
    "google": {"email": "Email", "phone": "Phone"},
    "meta": {"email": "email", "phone": "phone", "value": "value"},
}
"""What the columns are called by each platform, in English letter by letter: of Google's list
support.google.com/google-ads/answer/7659867 says it, of Meta's facebook.com/business/help/2082575038703844 and, for
the value, "Create a value-based lookalike audience". Google's list knows no value."""
Worth = Literal["historic", "expected"]
"""LTV of a customer: margin value to date, or that and what is expected over a year (metrics.md §10)."""
_CHUNK: Final = 2_000


@dataclass(frozen=True)
class AudienceOptions:
    """What kind of list is wanted."""

    platform: Platform
    country: str | None = None
    """Country of phone numbers without a country code, two letters."""
    value: Worth | None = None
    """Which LTV stands beside, for audiences that resemble the best customers; None: none."""
    email: str | None = None
    """Column with e-mail addresses; None: found, "": none."""
    phone: str | None = None

    def __post_init__(self) -> None:
        """Raises LtvError (exit code 2) for a value that the platform would not take."""
        if self.value and "value" not in HEADINGS[self.platform]:
            raise LtvError(
                f"The customer list of {self.platform.title()} has no value column.",
                "Leave out --value and --expected, or use --audience meta.",
                2,
            )


@dataclass
class Account:
    """What became of the customers."""

    customers: int = 0
    rows: int = 0
    """Customers that are on the list."""
    emails: int = 0
    """Hashed e-mail addresses on it."""
    phones: int = 0
    without: int = 0
    """Customers left out: no contact is known of them."""
    unusable: int = 0
    """Customers left out: none of what is known of them can be used."""
    repeated: int = 0
    """Customers left out: every contact of theirs stands on the list already, by a customer who brought more."""
    malformed: int = 0
    """E-mail addresses that are none."""
    unreal: int = 0
    """Phone numbers that cannot be real."""
    countryless: int = 0
    """Phone numbers without a country code, where no country was said."""

    def describe(self) -> tuple[str, ...]:
        """One sentence for what is on the list, and one for each reason why something is not."""
        sentences = [f"Written: {count(self.emails)} × e-mail, {count(self.phones)} × phone."]
        left_out = (
            (self.without, "without a contact"),
            (self.unusable, "without a usable contact"),
            (self.repeated, "with contacts already on the list"),
        )
        sentences += [f"Left out: {counted(n, 'customer')} {why}." for n, why in left_out if n]
        useless = (
            (self.malformed, "malformed e-mail address"),
            (self.unreal, "impossible phone number"),
            (self.countryless, "phone number without a country code (set one with --country)"),
        )
        sentences += [f"Not used: {count(n)} × {what}." for n, what in useless if n]
        return tuple(sentences)


@dataclass
class _Hasher:
    """Turns contacts into hashes, each at most once."""

    options: AudienceOptions
    account: Account = field(default_factory=Account)
    _seen: set[bytes] = field(default_factory=set)

    def row(self, email: str | None, phone: str | None) -> tuple[str | None, str | None] | None:
        """Hashes of one customer's contacts that are not on the list yet; None where there are none."""
        account = self.account
        account.customers += 1
        if email is None and phone is None:
            account.without += 1
            return None
        forms = (self._email(email), self._phone(phone))
        if forms == (None, None):
            account.unusable += 1
            return None
        new = [None if form is None or bytes.fromhex(form) in self._seen else form for form in forms]
        self._seen.update(bytes.fromhex(form) for form in new if form is not None)
        if new == [None, None]:
            account.repeated += 1
            return None
        account.rows += 1
        account.emails += new[0] is not None
        account.phones += new[1] is not None
        return new[0], new[1]

    def _email(self, text: str | None) -> str | None:
        form = None if text is None else email_form(text, self.options.platform)
        self.account.malformed += text is not None and form is None
        return None if form is None else hashed(form)

    def _phone(self, text: str | None) -> str | None:
        if text is None:
            return None
        try:
            form = phone_form(text, self.options.platform, self.options.country)
        except NoCountry:
            self.account.countryless += 1
            return None
        self.account.unreal += form is None
        return None if form is None else hashed(form)


def audience(people: pl.DataFrame, options: AudienceOptions, account: Account) -> Iterator[pl.DataFrame]:
    """Rows of the list, some at a time, from `people` (email, phone: String, value: Float64), dearest first; what
    became of them is added to `account`. A chunk may be empty."""
    hasher = _Hasher(options, account)
    names = HEADINGS[options.platform]
    schema: dict[str, type[pl.DataType]] = {names["email"]: pl.String, names["phone"]: pl.String}
    if options.value:
        schema |= {names["value"]: pl.Float64}
    for chunk in people.select("email", "phone", "value").iter_slices(_CHUNK):
        rows = []
        for email, phone, value in chunk.iter_rows():
            found = hasher.row(email, phone)
            if found is not None:
                rows.append((*found, value) if options.value else found)
        yield pl.DataFrame(rows, schema=schema, orient="row")


def _worth(snapshot: Snapshot, value: Worth | None) -> pl.Expr:
    """LTV of the snapshot's customers, currency units. Raises LtvError where they have no forecast."""
    if value == "expected":
        found = forecast_of(snapshot, question_of(snapshot))
        if found.model.no_value:
            raise LtvError(found.model.no_value, "Use --value for the value to date, or leave it out.")
        return pl.lit(found.of(snapshot.customers)["expected_ltv"])
    return units(pl.col("value")) * snapshot.margin


def write_audience(
    snapshot: Snapshot,
    request: OpenRequest,
    mapping: Mapping,
    options: AudienceOptions,
    to: Destination,
    progress: Progress,
    stop: Stop,
) -> Written:
    """Write the list of the snapshot's customers as csv, those who brought most first.

    Only hashes are written, and with them, on request, LTV: margin value to the as-of day, or expected LTV, in
    currency units, never below 0. Contacts are read from the source of `request` and stay in memory. Raises
    LtvError, and Stopped on `stop`.
    """
    to.check()
    refuse_existing(to)
    try:
        with opened_source(request, cancelled=stop) as source:
            contacts = read_contacts(source, mapping, options.email, options.phone, cancelled=stop)
    except Cancelled:
        raise Stopped from None
    worth = _worth(snapshot, options.value).clip(lower_bound=0).round(2)
    people = (
        snapshot.described.select("id", "revenue", worth.alias("value"))
        .sort("revenue", descending=True, maintain_order=True)
        .join(contacts.frame, on="id", how="left", maintain_order="left")
    )
    account = Account()
    unused = [HEADINGS[options.platform][role] for role in ("email", "phone") if getattr(contacts, role) is None]
    done = 0
    with atomic_write(to.path, replace=to.replace) as part, part.open("wb") as file:
        for place, chunk in enumerate(audience(people, options, account)):
            if stop():
                raise Stopped
            chunk.drop(unused).write_csv(file, include_header=place == 0, float_scientific=False)
            done = min(done + _CHUNK, people.height)
            progress(done, people.height)
        if not account.rows:
            why = " ".join(account.describe()[1:])
            raise LtvError(f"No usable contacts. {why}", "Check the columns with --email and --phone.")
    read = " and ".join(filter(None, (contacts.email, contacts.phone)))
    return Written(to.path, account.rows, to.path.stat().st_size, notes=(f"Read from {read}.", *account.describe()))
