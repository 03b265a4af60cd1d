"""E-mail addresses and phone numbers as platforms hash them: the cases of metrics.md §13, and laws."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ltvtui.errors import LtvError
from ltvtui.exporting.contact_forms import PLATFORMS, NoCountry, Platform, country_of, email_form, hashed, phone_form


def test_the_cases_of_the_dictionary() -> None:
    assert email_form("cloudy.sanfrancisco+shopping@gmail.com", "google") == "cloudysanfrancisco@gmail.com"
    assert email_form("user.name+NYC@Example.com", "google") == "user.name+nyc@example.com"
    assert phone_form("(800)555-0100", "google", "US") == "+18005550100"
    assert phone_form("(800)555-0100", "meta", "US") == "18005550100"


@pytest.mark.parametrize(
    ("written", "google", "meta"),
    [
        ("  A.B @ Gmail.COM ", "ab@gmail.com", None),  # Meta's form is trimmed alone: what is left is no address
        (" A.B+c@GoogleMail.com\n", "ab@googlemail.com", "a.b+c@googlemail.com"),
        ("a.b@mail.example.co.uk", "a.b@mail.example.co.uk", "a.b@mail.example.co.uk"),
        ("ÄRGER@Bücher.DE", "ärger@bücher.de", "ärger@bücher.de"),
        ("o'brien@example.ie", "o'brien@example.ie", "o'brien@example.ie"),
        ("+only@gmail.com", None, "+only@gmail.com"),  # nothing is left of the name
        *(
            (bad, None, None)
            for bad in (
                *("", "nobody", "@x.de", "a@", "a@b", "a@b.", "a@@b.de", "a@b.de, c@d.de", "a@b..de"),
                *("Bob <bob@example.com>", "mailto:bob@example.com", '"a b"@example.com', "<bob@example.com>"),
            )
        ),
    ],
)
def test_addresses(written: str, google: str | None, meta: str | None) -> None:
    assert (email_form(written, "google"), email_form(written, "meta")) == (google, meta)


@pytest.mark.parametrize(
    ("written", "country", "form"),
    [
        ("+44 844 412 4653", None, "+448444124653"),  # of Meta's own examples
        ("1-234-567-8910", "US", "+12345678910"),  # and these: with the country code in front
        ("12345678910", "US", "+12345678910"),
        ("0049 30 901820", None, "+4930901820"),  # 00 stands for +
        ("030 / 901820", "DE", "+4930901820"),  # the zero in front is no part of it
        ("4930901820", "DE", "+4930901820"),
        ("+1 800 555 0100 ext. 7", None, "+18005550100"),
        ("+39 02 1234 5678", "DE", "+390212345678"),  # in Italy the zero is a part of it
        ("555-0100", "US", None),  # no area code
        ("+1 000 000 0000", None, None),
        ("+999 123 456 789", None, None),  # no such country
        ("call me", "US", None),
        ("", "US", None),
    ],
)
def test_numbers(written: str, country: str | None, form: str | None) -> None:
    assert phone_form(written, "google", country) == form
    assert phone_form(written, "meta", country) == (form and form[1:])


def test_a_number_without_a_country_is_told_apart() -> None:
    with pytest.raises(NoCountry):
        phone_form("030 901820", "google", None)


def test_countries() -> None:
    assert (country_of(" us "), country_of("")) == ("US", None)
    with pytest.raises(LtvError) as told:
        country_of("Denmark")
    assert told.value.exit_code == 2


def test_hashes_are_those_of_the_standard() -> None:
    # FIPS 180-2, appendix B.1.
    assert hashed("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


platforms = st.sampled_from(PLATFORMS)
addresses = st.one_of(st.emails(), st.emails().map(str.upper), st.text(), st.from_regex(r"[a-zİΣ.+]+@gmail\.com"))


@given(addresses, platforms)
@example("ΑΣ@gmail.com", "google")
def test_a_form_is_its_own_form(written: str, platform: Platform) -> None:
    form = email_form(written, platform)
    if form is not None:
        assert email_form(form, platform) == form


@given(addresses)
def test_blanks_case_and_tags_make_no_other_person_at_gmail(name: str) -> None:
    form = email_form(name, "google")
    if form is not None and form.endswith("@gmail.com"):
        local = form.removesuffix("@gmail.com")
        assert email_form(f" {'.'.join(local)} +x@GMAIL.com", "google") == form


numbers = st.one_of(st.from_regex(r"\+?[0-9 ()./-]{6,18}", fullmatch=True), st.text())


@given(numbers, st.sampled_from(["US", "DE", "GB", "IT"]))
@example("(800)555-0100", "US")
@example("+39 02 1234 5678", "DE")
@example("30000000000000", "DE")
def test_a_number_is_its_own_form_and_the_same_for_both(written: str, country: str) -> None:
    google = phone_form(written, "google", country)
    meta = phone_form(written, "meta", country)
    assert meta == (None if google is None else google.removeprefix("+"))
    if google is not None:
        assert re.fullmatch(r"\+[1-9][0-9]{6,14}", google)  # E.164
        assert phone_form(google, "google", None) == google


@given(st.one_of(st.emails(), st.from_regex(r"\+[1-9][0-9]{9,14}", fullmatch=True)))
def test_a_hash_says_nothing_of_the_text(form: str) -> None:
    assert re.fullmatch(r"[0-9a-f]{64}", hashed(form))
    assert form not in hashed(form)
    assert form.removeprefix("+") not in hashed(form)
