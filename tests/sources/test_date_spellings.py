"""Days and moments as mail, browsers, databases and people of many countries write them. Expected days by hand."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ltvtui.sources.values.date_guess import guess_formats
from ltvtui.sources.values.dates import decode
from ltvtui.sources.values.zones import offsets

EPOCH = dt.datetime(1970, 1, 1)


def understood(text: str) -> tuple[str, int | None] | None:
    """The moment that a column of such values is guessed to be, and its seconds east of UTC."""
    formats = guess_formats([text]).formats
    day, second = decode(pl.Series([text]), formats).row(0)
    if day is None:
        return None
    east = offsets(pl.Series([text]), pl.Series([second], dtype=pl.Int32))[0]
    return str(EPOCH + dt.timedelta(days=day, seconds=second)), east


@pytest.mark.parametrize(
    ("text", "moment", "east"),
    [
        ("Fri, 02 Feb 2024 10:00:00 +0000", "2024-02-02 10:00:00", 0),
        ("02 Feb 2024 10:00:00 -0330", "2024-02-02 10:00:00", -12_600),
        ("Fri Feb 02 2024 10:00:00 GMT+0100 (CET)", "2024-02-02 10:00:00", 3_600),
        ("Fri Feb  2 10:00:00 UTC 2024", "2024-02-02 10:00:00", 0),
        ("Fri Feb 02 10:00:00 CET 2024", "2024-02-02 10:00:00", 3_600),
        ("Feb 2, 2024 9:05:11 PM PST", "2024-02-02 21:05:11", -28_800),
        ("2024-02-02 14:05 AEST", "2024-02-02 14:05:00", 36_000),
        ("February 2, 2024 at 3:04 PM", "2024-02-02 15:04:00", 0),
        ("2024-01-15T09:30:00.123456789Z", "2024-01-15 09:30:00", 0),
        ("2024-01-15T09:30:00.123+02:00[Europe/Berlin]", "2024-01-15 09:30:00", 7_200),
        ("2024-01-15 09:30:00+01", "2024-01-15 09:30:00", 3_600),
        ("2024-01-15 09:30:00.123456 UTC", "2024-01-15 09:30:00", 0),
        ("20240115T093000Z", "2024-01-15 09:30:00", 0),
        ("20240115093000", "2024-01-15 09:30:00", 0),
        ("20/Jan/24", "2024-01-20 00:00:00", None),
        ("20/Jan/2024:10:00:00 +0100", "2024-01-20 10:00:00", 3_600),
        ("04-FEB-2021 13.20.22.245676861", "2021-02-04 13:20:22", 0),
        ("04-FEB-21 01.20.22.245676 PM +02:00", "2021-02-04 13:20:22", 7_200),
        ("2024-02-04-13.20.22.123456", "2024-02-04 13:20:22", 0),
        ("Jan  5 2024  2:05PM", "2024-01-05 14:05:00", 0),
        ("Jan 05 2024 02:05:22:000PM", "2024-01-05 14:05:22", 0),
        ("01/05/2024, 02:05:22\u202fPM", "2024-01-05 14:05:22", 0),
        ("15/1/2024 9:05 p. m.", "2024-01-15 21:05:00", 0),
        ("02FEB2024", "2024-02-02 00:00:00", None),
        ("2024-Jan-15", "2024-01-15 00:00:00", None),
        ("'2024-01-15", "2024-01-15 00:00:00", None),
        ("15. 1. 2024", "2024-01-15 00:00:00", None),
        ("2024年1月5日", "2024-01-05 00:00:00", None),
        ("2024年1月5日 10時30分", "2024-01-05 10:30:00", 0),
        ("2024年1月5日 下午3:04", "2024-01-05 15:04:00", 0),
        ("2024년 1월 5일 오후 3:04", "2024-01-05 15:04:00", 0),
        ("2024. 1. 5.", "2024-01-05 00:00:00", None),
        ("15.01.2024 um 14:05 Uhr", "2024-01-15 14:05:00", 0),
        ("Freitag, 2. Februar 2024", "2024-02-02 00:00:00", None),
        ("3. März 2024", "2024-03-03 00:00:00", None),
        ("1er févr. 2024 à 14h05", "2024-02-01 14:05:00", 0),
        ("5 de enero de 2024", "2024-01-05 00:00:00", None),
        ("5 de dez. de 2024", "2024-12-05 00:00:00", None),
        ("5 luglio 2024", "2024-07-05 00:00:00", None),
        ("5 mei 2024", "2024-05-05 00:00:00", None),
        ("2. oktober 2024 kl. 14.05", "2024-10-02 14:05:00", 0),
        ("8 marca 2024", "2024-03-08 00:00:00", None),
        ("2 февраля 2024 г., 14:05", "2024-02-02 14:05:00", 0),
        ("5 січ. 2024 р.", "2024-01-05 00:00:00", None),
        ("8. ledna 2024", "2024-01-08 00:00:00", None),
        ("8. októbra 2024", "2024-10-08 00:00:00", None),
        ("2024. január 8.", "2024-01-08 00:00:00", None),
        ("2024. szept. 8., 14:05", "2024-09-08 14:05:00", 0),
        ("8. tammikuuta 2024 klo 14.05", "2024-01-08 14:05:00", 0),
        ("8 Ağustos 2024", "2024-08-08 00:00:00", None),
        ("8 Ara 2024 14:05", "2024-12-08 14:05:00", 0),
        ("8 noiembrie 2024", "2024-11-08 00:00:00", None),
        ("8 Ιανουαρίου 2024", "2024-01-08 00:00:00", None),
        ("8 Agustus 2024", "2024-08-08 00:00:00", None),
        ("2024 m. gegužės 8 d.", "2024-05-08 00:00:00", None),
        ("8 септември 2024 г.", "2024-09-08 00:00:00", None),
        ("8 בינואר 2024", "2024-01-08 00:00:00", None),
        ("8 يناير 2024", "2024-01-08 00:00:00", None),
        ("٨ يناير ٢٠٢٤", "2024-01-08 00:00:00", None),
        ("8 जनवरी 2024", "2024-01-08 00:00:00", None),
        ("8 มกราคม 2567", "2024-01-08 00:00:00", None),
        ("28/01/2567", "2024-01-28 00:00:00", None),
        ("ngày 8 tháng 1 năm 2024", "2024-01-08 00:00:00", None),
        ("1706868000", "2024-02-02 10:00:00", 0),
        ("1706868000000", "2024-02-02 10:00:00", 0),
        ("1706868000000000", "2024-02-02 10:00:00", 0),
        ("1706868000000000000", "2024-02-02 10:00:00", 0),
    ],
)
def test_spellings(text: str, moment: str, east: int | None) -> None:
    assert understood(text) == (moment, east)


@pytest.mark.parametrize(
    "text",
    [
        "5 Xyz 2024",
        "31 Feb 2024",
        "2024-01-15 14:05 XYZ",
        "week 5",
        "2024-W05",
        "14:05",
        "Order 5 May",
        "5 May",
        "May",
    ],
)
def test_what_is_no_day_is_not_made_one(text: str) -> None:
    assert understood(text) is None


MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "da": "januar februar marts april maj juni juli august september oktober november december",
    "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "uk": "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
}


@pytest.mark.parametrize("language", MONTHS)
def test_months_of_eleven_languages(language: str) -> None:
    spelled = [(name, name.upper(), name.title()) for name in MONTHS[language].split()]
    texts = [f"7 {written} 2024" for names in spelled for written in names]
    days, _ = decode(pl.Series(texts), guess_formats(texts).formats)
    read = dict(zip(texts, days, strict=True))
    for month, names in enumerate(spelled, start=1):
        meant = (dt.datetime(2024, month, 7) - EPOCH).days
        assert {written: read[f"7 {written} 2024"] for written in names} == dict.fromkeys(names, meant)
    alone = spelled[1][0]  # a column with one spelling only is understood too
    assert understood(f"7 {alone} 2024") == ("2024-02-07 00:00:00", None)


def test_a_year_in_two_digits_that_stands_first() -> None:
    days = [f"24/{month:02}/{day:02}" for month in (1, 5, 12) for day in (1, 9, 22, 28)]
    assert guess_formats(days).formats == ("ymd",)
    assert guess_formats([f"{day:02}/05/24" for day in (1, 9, 22, 28)]).formats == ("dmy",)
    assert guess_formats([f"01/{month:02}/{year}" for year in range(16, 25) for month in (1, 6)]).formats != ("ymd",)


@given(
    st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2035, 12, 31)),
    st.sampled_from(
        [
            *("%Y-%m-%dT%H:%M:%S.%fZ", "%d %b %Y %H:%M:%S +0000", "%a %b %d %Y %H:%M:%S GMT+0100 (CET)"),
            *("%b %d, %Y %I:%M:%S %p PST", "%d-%b-%Y %H.%M.%S.%f", "%Y年%m月%d日 %H:%M:%S", "%A, %d %B %Y, %H:%M:%S"),
            *("%Y%m%d%H%M%S", "%a %b %d %H:%M:%S UTC %Y", "%d/%b/%Y:%H:%M:%S +0000", "%Y/%m/%d %I:%M:%S%p"),
        ]
    ),
)
def test_a_moment_in_any_spelling_is_the_moment_it_was_made_of(moment: dt.datetime, spelling: str) -> None:
    found = understood(moment.strftime(spelling))
    assert found is not None
    assert found[0] == str(moment.replace(microsecond=0))
