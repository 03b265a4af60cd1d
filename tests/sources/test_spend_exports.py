"""Spend as ad platforms and people write it: months in words, quarters, stretches of days, totals, currencies."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from ltvtui.errors import LtvError
from ltvtui.sources.spend.file import SpendFile, read_spend_file
from ltvtui.sources.spend.periods import period_of

MONTHS = range(1, 13)


def spend(path: Path, text: str, encoding: str = "utf-8") -> SpendFile:
    path.write_text(text, encoding, newline="")
    return read_spend_file(path)


def told(found: SpendFile) -> list[tuple[str, str | None, float]]:
    """(day, channel, amount), by day and channel."""
    rows = found.rows.sort("day", "channel").rows()
    return [
        ((date(1970, 1, 1) + timedelta(day)).isoformat(), channel, money / 10_000) for day, channel, money in rows
    ]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("Jan 2024", "2024-01-01", "2024-01-31"),
        ("February 2024", "2024-02-01", "2024-02-29"),
        ("März 2024", "2024-03-01", "2024-03-31"),
        ("Apr-24", "2024-04-01", "2024-04-30"),
        ("май 2024", "2024-05-01", "2024-05-31"),
        ("06/2024", "2024-06-01", "2024-06-30"),
        ("202407", "2024-07-01", "2024-07-31"),
        ("2024-Q1", "2024-01-01", "2024-03-31"),
        ("Q4 2024", "2024-10-01", "2024-12-31"),
        ("2. Quartal 2024", "2024-04-01", "2024-06-30"),
        ("2024-W05", "2024-01-29", "2024-02-04"),
        ("2024-01-01 - 2024-01-28", "2024-01-01", "2024-01-28"),
    ],
)
def test_periods_in_words(text: str, first: str, last: str) -> None:
    assert period_of(text) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    "text", ["2024-01-05", "5 Jan 2024", "Foo 2024", "2024-Q5", "13/2024", "", "2024-02-30 - 2024-03-01"]
)
def test_what_is_no_period(text: str) -> None:
    assert period_of(text) is None


def test_months_in_words(tmp_path: Path) -> None:
    found = spend(tmp_path / "s.csv", "Month,Channel,Amount spent\nJan 2024,ads,200\nFeb 2024,ads,210.50\n")
    assert told(found) == [("2024-01-01", "ads", 200), ("2024-02-01", "ads", 210.5)]


def test_quarters_stand_on_their_first_day(tmp_path: Path) -> None:
    found = spend(tmp_path / "s.csv", "period,channel,spend\n2024-Q1,ads,900\n2024-Q2,ads,600\n")
    assert told(found) == [("2024-01-01", "ads", 900), ("2024-04-01", "ads", 600)]
    assert found.notices == ()


def test_a_platform_that_tells_first_and_last_day(tmp_path: Path) -> None:
    head = "Reporting starts,Reporting ends,Campaign name,Amount spent (EUR),Impressions,Link clicks\n"
    rows = "".join(f"2024-{m:02d}-01,2024-{m:02d}-28,Summer,200,10000,300\n" for m in MONTHS)
    found = spend(tmp_path / "s.csv", head + rows)
    assert told(found) == [(f"2024-{m:02d}-01", "Summer", 200) for m in MONTHS]
    assert found.currency == "EUR"
    with pytest.raises(LtvError, match="is in EUR, the shop in USD"):
        found.check_currency("USD")


def test_a_year_in_one_row_is_shared_among_its_months(tmp_path: Path) -> None:
    head = "Reporting starts,Reporting ends,Campaign name,Amount spent (EUR)\n"
    found = spend(tmp_path / "s.csv", head + "2024-01-01,2024-12-31,Summer,100\n")
    assert [day for day, _, _ in told(found)] == [f"2024-{m:02d}-01" for m in MONTHS]
    assert {round(money, 2) for _, _, money in told(found)} == {8.33}
    assert found.rows["amount"].sum() == 100 * 10_000
    assert "Amounts of s.csv that cover more than a month: 1." in found.notices[0]


def test_a_platform_with_titles_and_totals(tmp_path: Path) -> None:
    head = "Kampagnenbericht\n1. Januar 2024 - 31. Dezember 2024\nMonat\tKampagne\tWährungscode\tKosten\n"
    rows = "".join(f'2024-{m:02d}-01\tSommer\tEUR\t"300,00"\n' for m in MONTHS)
    totals = 'Gesamt: Kampagnen\t--\tEUR\t"3.600,00"\nGesamt: Konto\t--\tEUR\t"3.600,00"\n'
    found = spend(tmp_path / "s.csv", head + rows + totals, "utf-16")
    assert told(found) == [(f"2024-{m:02d}-01", "Sommer", 300) for m in MONTHS]
    assert [notice for notice in found.notices if "has totals" in notice]


@pytest.mark.parametrize(
    "head", ["month,Google Ads,Facebook,Total", "month,google_cost,facebook_cost,total_cost", "Monat,A,B,Summe"]
)
def test_a_column_that_is_the_sum_of_the_others_is_no_channel(tmp_path: Path, head: str) -> None:
    found = spend(tmp_path / "s.csv", head + "\n2024-01,300,200,500\n2024-02,310,190.5,500.5\n")
    assert len(told(found)) == 4
    assert found.rows["amount"].sum() == 10_005_000


def test_a_total_that_is_no_sum_stays_the_amount(tmp_path: Path) -> None:
    found = spend(tmp_path / "s.csv", "month,channel,fee,total\n2024-01,ads,30,500\n2024-02,ads,30,400\n")
    assert told(found) == [("2024-01-01", "ads", 500), ("2024-02-01", "ads", 400)]
