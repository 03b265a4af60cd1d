"""E-mail addresses and phone numbers in the form that a platform hashes (metrics.md §13), and their hashes.

The forms are those of Google's "Format your customer data file" (support.google.com/google-ads/answer/7659867) and of
Meta's "How to format a customer list" (facebook.com/business/help/2082575038703844).
"""

from __future__ import annotations

import hashlib
import re
from typing import Final, Literal

from ltvtui.errors import LtvError

Platform = Literal["google", "meta"]
PLATFORMS: Final[tuple[Platform, ...]] = ("google", "meta")

_GMAIL: Final = frozenset({"gmail.com", "googlemail.com"})
_EMAIL: Final = re.compile(r"""[^@\s<>()",:;\[\]\\]+@[^@\s.<>()"',:;]+(?:\.[^@\s.<>()"',:;]+)+""")
"""An address alone: no name beside it, no brackets or quotes, no "mailto:"."""

LONGEST_NUMBER: Final = 16
"""Characters of a number as E.164 has it: "+" and fifteen digits."""


class NoCountry(ValueError):
    """A phone number without a country code, where no country is said."""


def email_form(text: str, platform: Platform) -> str | None:
    """The address as `platform` hashes it; None where it is none.

    Google: lower case, all white space removed, of Gmail also dots and what follows a "+" in the name. Meta: lower
    case, trimmed.
    """
    lower = text.lower()
    form = "".join(lower.split()) if platform == "google" else lower.strip()
    name, _, domain = form.partition("@")
    if platform == "google" and domain in _GMAIL:
        form = f"{name.partition('+')[0].replace('.', '')}@{domain}"
    return form if _EMAIL.fullmatch(form) else None


def phone_form(text: str, platform: Platform, country: str | None) -> str | None:
    """The number as `platform` hashes it; None where none such can be real, by its country's numbering plan.

    Google: E.164 with "+". Meta: its digits, country code first. `country` (ISO 3166, two letters) is that of numbers
    without a country code; "00" in front stands for "+". Raises NoCountry where it would take one.
    """
    import phonenumbers

    trimmed = text.strip()
    written = f"+{trimmed[2:]}" if trimmed.startswith("00") else trimmed
    try:
        number = phonenumbers.parse(written, country)
    except phonenumbers.NumberParseException as error:
        if error.error_type == error.INVALID_COUNTRY_CODE and country is None and not written.startswith("+"):
            raise NoCountry(text) from None
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    form = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if len(form) > LONGEST_NUMBER:  # the plans of some countries allow more than E.164 does
        return None
    return form if platform == "google" else form.removeprefix("+")


def country_of(text: str) -> str | None:
    """A country code in upper case; None for none. Raises LtvError (exit code 2) where there is no such country."""
    import phonenumbers

    code = text.strip().upper()
    if code and code not in phonenumbers.SUPPORTED_REGIONS:
        raise LtvError(f"Unknown country: {text!r}.", "Give two letters, such as US, GB or DE.", 2)
    return code or None


def hashed(form: str) -> str:
    """SHA-256 of the form in UTF-8, as lower-case hexadecimal digits."""
    return hashlib.sha256(form.encode("utf-8", "replace")).hexdigest()
