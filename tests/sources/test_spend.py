"""Spend in tables and files, long and wide, clean and not."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from shops import build

from ltvtui.analytics.schema import MONEY_SCALE, SPEND
from ltvtui.errors import LtvError
from ltvtui.sources.catalog import tables_of
from ltvtui.sources.detection.detect import propose
from ltvtui.sources.mapping import ChannelColumn, Mapping, SpendTable
from ltvtui.sources.overrides import Overrides
from ltvtui.sources.read import read
from ltvtui.sources.shop import Shop
from ltvtui.sources.spend import file
from ltvtui.sources.spend.columns import SpendColumns, spend_columns
from ltvtui.sources.spend.file import read_spend_file
from ltvtui.sources.sqlite.database import SqliteDatabase

ORDERS = """
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id TEXT, order_date TEXT, amount REAL);
INSERT INTO orders VALUES (1, 'a', '2024-01-05', 10), (2, 'b', '2024-02-06', 20), (3, 'a', '2024-02-07', 5);
"""

LONG = [("2024-01-01", "ads", 12.5), ("2024-02-01", "ads", 7.0), ("2024-02-01", "mail", 1.25)]


def rows(spend: pl.DataFrame | None) -> list[tuple[str, str | None, float]]:
    assert spend is not None
    assert dict(spend.schema) == SPEND
    return [
        (date.fromordinal(day + date(1970, 1, 1).toordinal()).isoformat(), channel, amount / MONEY_SCALE)
        for day, channel, amount in spend.rows()
    ]


def shop(folder: Path, sql: str, overrides: Overrides | None = None) -> tuple[Mapping, Shop]:
    with SqliteDatabase.open(build(folder, ORDERS + sql)) as database:
        mapping = propose(database, overrides or Overrides()).demand()
        return mapping, read(database, mapping)


def columns_of(folder: Path, *names: str) -> SpendColumns | None:
    """Of a table with a month first and numbers behind."""
    listed = ", ".join(f'"{name}"' for name in names)
    values = ", ".join(["5"] * len(names))
    sql = f'CREATE TABLE costs (month, {listed}); INSERT INTO costs VALUES ("2024-01", {values});'
    with SqliteDatabase.open(build(folder, sql, f"{abs(hash(names))}.sqlite")) as database:
        return spend_columns(tables_of(database)[0])


# --- tables ----------------------------------------------------------------------------------------


def test_a_column_a_channel(tmp_path: Path) -> None:
    mapping, found = shop(
        tmp_path,
        """CREATE TABLE marketing_costs (month TEXT, email REAL, "Search Ads" REAL, clicks INTEGER);
        INSERT INTO marketing_costs VALUES ('2024-01', 5, 100, 9), ('2024-02', NULL, '1,50', 9), ('2024-03', 7, 0, 9),
            ('2024-04', 7, 0, 9), ('2024-05', 7, 0, 9), ('2024-06', 'x', 0, 9), ('2024-07', 7, 0, 9);
        """,
    )
    columns = (ChannelColumn("email", "email"), ChannelColumn("Search Ads", "Search Ads"))
    assert mapping.spend == SpendTable("marketing_costs", "month", None, None, columns)
    told = {(day[:7], channel): amount for day, channel, amount in rows(found.spend)}
    assert [amount for (_, channel), amount in told.items() if channel == "Search Ads"] == [100, 1.5, 0, 0, 0, 0, 0]
    # The blank of February is no spend; the x of June is told.
    months = {month: amount for (month, channel), amount in told.items() if channel == "email"}
    assert months == {"2024-01": 5, "2024-03": 7, "2024-04": 7, "2024-05": 7, "2024-07": 7}
    assert found.notices == ("1 of 13 amounts of marketing_costs left out: no readable day or amount.",)


@pytest.mark.parametrize(
    ("names", "channels"),
    [
        (("google", "facebook"), ("google", "facebook")),
        (("google_cost", "Cost Facebook"), ("google", "Facebook")),
        (("google_cost", "facebook_cost", "total_cost"), ("google", "facebook")),
        (("paid_search_spend", "tv_spend"), ("paid_search", "tv")),
    ],
)
def test_columns_that_are_channels(tmp_path: Path, names: tuple[str, ...], channels: tuple[str, ...]) -> None:
    found = columns_of(tmp_path, *names)
    assert found is not None
    assert (found.amount, tuple(c.channel for c in found.columns)) == (None, channels)


@pytest.mark.parametrize(
    ("names", "amount"),
    [
        (("cost", "clicks", "leads"), "cost"),
        (("cost_eur", "cost_usd"), "cost_eur"),
        (("net_cost", "vat"), "net_cost"),
    ],
)
def test_columns_that_are_none(tmp_path: Path, names: tuple[str, ...], amount: str) -> None:
    assert columns_of(tmp_path, *names) == SpendColumns("month", None, amount)


def test_numbers_that_are_no_money_are_no_channels(tmp_path: Path) -> None:
    assert columns_of(tmp_path, "clicks", "impressions") is None


def test_bad_rows_are_counted(tmp_path: Path) -> None:
    _, found = shop(
        tmp_path,
        """CREATE TABLE costs (day TEXT, channel TEXT, campaign TEXT, cost);
        INSERT INTO costs VALUES ('2024-01-01', 'ads', 'a', 5), ('2024-01-01', 'ads', 'a', 5),
            ('2024-01-01', 'ads', 'b', 5), ('2024-01-02', 'ads', 'a', -2), ('2024-01-03', 'ads', 'a', 'free'),
            ('someday', 'ads', 'a', 9), ('2024-01-04', 'ads', 'a', NULL), ('2024-01-05', 'ads', 'a', 1),
            ('2024-01-06', 'ads', 'a', 1), ('2024-01-07', 'ads', 'a', 1), ('2024-01-08', 'ads', 'a', 1);""",
    )
    assert rows(found.spend)[:2] == [("2024-01-01", "ads", 15), ("2024-01-02", "ads", -2)]
    assert found.notices == (
        "3 of 11 rows of costs left out: no readable day or amount.",
        "1 row of costs is negative: it reduces the spend.",
        "Exact copies of other rows in costs are counted: 1.",  # campaign b is none
    )


CURRENCIES = """
CREATE TABLE costs (day TEXT, channel TEXT, cost REAL, currency TEXT);
INSERT INTO costs VALUES ('2024-01-01', 'ads', 5, 'EUR'), ('2024-01-02', 'ads', 5, 'usd');
"""


def test_several_currencies_are_not_added_up(tmp_path: Path) -> None:
    _, found = shop(tmp_path, CURRENCIES)
    assert found.spend is None
    assert found.notices == ("The spend in costs is in several currencies: EUR, USD. It is not used.",)
    with SqliteDatabase.open(tmp_path / "shop.sqlite") as database, pytest.raises(LtvError, match="EUR, USD"):
        propose(database, Overrides(spend="costs"))


def test_one_currency_in_two_spellings_is_one(tmp_path: Path) -> None:
    _, found = shop(tmp_path, CURRENCIES.replace("usd", "eur"))
    assert len(rows(found.spend)) == 2
    with SqliteDatabase.open(tmp_path / "shop.sqlite") as database:
        assert propose(database, Overrides(spend="costs")).demand().spend is not None


def test_a_table_that_was_asked_for_has_to_tell_spend(tmp_path: Path) -> None:
    with pytest.raises(LtvError, match="moods has no clear date and amount") as caught:
        shop(tmp_path, "CREATE TABLE moods (mood TEXT); INSERT INTO moods VALUES ('x');", Overrides(spend="moods"))
    assert caught.value.exit_code == 2


# --- files -----------------------------------------------------------------------------------------


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def csv(folder: Path) -> Path:
    lines = (f"{day},{channel},{amount}" for day, channel, amount in LONG)
    return written(folder, "spend.csv", "\n".join(("date,channel,amount", *lines)))


def tsv(folder: Path) -> Path:
    lines = (f"{day}\t{channel}\t{amount}" for day, channel, amount in LONG)
    return written(folder, "spend.tsv", "\n".join(("Month\tSource\tTotal cost", *lines)))


def european(folder: Path) -> Path:
    lines = (f'{day[8:]}.{day[5:7]}.{day[:4]};{channel};"{amount}0 €"' for day, channel, amount in LONG)
    text = "\n".join(("\ufeffdate;channel;cost", *lines)).replace(".5", ",5").replace("1.25", "1,25")
    return written(folder, "spend.csv", text.replace("7.00", "7,00") + "\n31.01.2023;tv;0,00 €\n;;\n")


def wide(folder: Path) -> Path:
    return written(folder, "spend.csv", "month,ads,mail\n2024-01,12.5,\n2024-02,7,1.25\n")


def parquet(folder: Path) -> Path:
    frame = pl.DataFrame(LONG, schema=["day", "channel", "spend"], orient="row")
    path = folder / "spend.parquet"
    frame.with_columns(pl.col("day").str.to_date(), pl.col("channel").cast(pl.Categorical())).write_parquet(path)
    return path


def xlsx(folder: Path) -> Path:
    """A workbook as small as it can be: days are numbers that a style makes dates."""
    serial = {day: (date.fromisoformat(day) - date(1899, 12, 30)).days for day, *_ in LONG}

    def text(value: str) -> str:
        return f'<c t="inlineStr"><is><t>{value}</t></is></c>'

    head = "".join(text(name) for name in ("date", "channel", "amount"))
    body = "".join(
        f'<row><c s="1"><v>{serial[day]}</v></c>{text(channel)}<c><v>{amount}</v></c></row>'
        for day, channel, amount in LONG
    )
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{kind}.styles+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="r1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}">'
        '<sheets><sheet name="spend" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="r2" Type="{office}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{main}"><cellXfs count="2"><xf numFmtId="0"/>'
        '<xf numFmtId="14"/></cellXfs></styleSheet>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData><row>{head}</row>{body}'
        "</sheetData></worksheet>",
    }
    path = folder / "spend.xlsx"
    with zipfile.ZipFile(path, "w") as dataset:
        for name, part in parts.items():
            dataset.writestr(name, part)
    return path


@pytest.mark.parametrize("make", [csv, tsv, wide, parquet, xlsx])
def test_files_of_every_kind(tmp_path: Path, make: Callable[[Path], Path]) -> None:
    found = read_spend_file(make(tmp_path))
    assert rows(found.rows) == LONG
    assert (found.notices, found.currency) == ((), None)


def test_a_file_as_european_spreadsheets_write_it(tmp_path: Path) -> None:
    found = read_spend_file(european(tmp_path))
    assert rows(found.rows) == [("2023-01-31", "tv", 0), *LONG]
    assert found.notices == ()


def test_bad_lines_of_a_file_are_counted(tmp_path: Path) -> None:
    lines = [f"2024-01-{day:02d},ads,2" for day in range(1, 21)]
    lines += ["2024-01-01,ads,2", "2024-01-21,ads,-1", "2024-01-22,ads,lots", "later,ads,3", "2024-01-23,ads,"]
    found = read_spend_file(written(tmp_path, "s.csv", "\n".join(("date,channel,amount", *lines))))
    assert found.rows["amount"].sum() == (21 * 2 - 1) * MONEY_SCALE
    assert found.notices == (
        "3 of 25 rows of s.csv left out: no readable day or amount.",
        "1 row of s.csv is negative: it reduces the spend.",
        "Exact copies of other rows in s.csv are counted: 1.",
    )


@pytest.mark.parametrize(
    ("name", "text", "code", "what"),
    [
        ("s.pdf", "x", 2, "not a supported file type"),
        ("s.csv", "", 2, "It is empty"),
        ("s.csv", "mood\nfine\n", 2, "It has mood"),
        ("s.csv", "date,clicks\n2024-01-01,5\n", 2, "has no clear date and amount"),
        ("s.csv", "date,channel,amount\n2024-01-01,ads,5,6,7\n", 1, "cannot be read"),
        ("s.parquet", "no parquet", 1, "cannot be read"),
        ("s.xlsx", "no workbook", 1, "cannot be read"),
        ("s.csv", "date,amount,currency\n2024-01-01,5,EUR\n2024-01-02,5,USD\n", 1, "currencies: EUR, USD"),
    ],
)
def test_files_that_are_refused(tmp_path: Path, name: str, text: str, code: int, what: str) -> None:
    with pytest.raises(LtvError, match=what) as caught:
        read_spend_file(written(tmp_path, name, text))
    assert caught.value.exit_code == code
    assert "\n" not in caught.value.what + caught.value.mend


def test_titles_and_totals_of_a_file_are_left_out(tmp_path: Path) -> None:
    lines = ["Spend of 2024", "", "date,channel,amount", "2024-01-01,ads,2", "2024-01-02,tv,3", "Total,,5"]
    found = read_spend_file(written(tmp_path, "s.csv", "\n".join(lines)))
    assert found.rows["amount"].sum() == 5 * MONEY_SCALE
    assert found.notices == (
        "In s.csv lines 1 to 2 are titles above the header: left out. If this is wrong: --spend-skip-rows 0.",
        "In s.csv line 6 has totals: it is left out.",
    )
    found = read_spend_file(written(tmp_path, "s.csv", "\n".join(["sep=,", *lines[2:5]])))
    assert (found.rows["amount"].sum(), found.notices) == (5 * MONEY_SCALE, ())


def test_rows_above_the_header_of_a_file_may_be_told(tmp_path: Path) -> None:
    path = written(tmp_path, "s.csv", "a,b,c\ndate,channel,amount\n2024-01-01,ads,2\n2024-01-02,tv,3\n")
    with pytest.raises(LtvError, match="It has a, b, c") as caught:
        read_spend_file(path)
    assert "--spend-skip-rows N" in caught.value.mend
    assert read_spend_file(path, 1).rows["amount"].sum() == 5 * MONEY_SCALE


def test_a_file_that_is_written_to_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, "s.csv", "date,channel,amount\n2024-01-01,ads,2\n")
    read = file.sheets_of

    def and_overwrite(*said: Any, **how: Any) -> Any:
        found = read(*said, **how)
        path.write_text("date,channel,amount\n2024-01-01,ads,3\n")  # as long as before, within the same tick
        return found

    monkeypatch.setattr(file, "sheets_of", and_overwrite)
    with pytest.raises(LtvError, match=r"s\.csv was changed while it was being read"):
        read_spend_file(path)


def test_a_file_in_another_currency_than_the_shop(tmp_path: Path) -> None:
    found = read_spend_file(written(tmp_path, "s.csv", "date,amount,currency\n2024-01-01,5,usd\n"))
    assert found.currency == "USD"
    found.check_currency(None)
    found.check_currency("usd")
    with pytest.raises(LtvError, match="is in USD, the shop in EUR"):
        found.check_currency("EUR")


@pytest.mark.parametrize(
    ("written", "expected", "told"),
    [
        (["1.500", "12.250"], [1500.0, 12250.0], True),
        (["1,500", "12,250"], [1500.0, 12250.0], True),
        (["1.500", "12,25"], [1500.0, 12.25], False),
        (["1,500", "12.25"], [1500.0, 12.25], False),
        (["$1,500", "$900"], [1500.0, 900.0], False),
    ],
)
def test_marks_that_nothing_decides_part_thousands_and_that_is_said(
    tmp_path: Path, written: list[str], expected: list[float], told: bool
) -> None:
    lines = [f"2024-0{place}-01;ads;{amount}" for place, amount in enumerate(written, start=1)]
    file = tmp_path / "spend.csv"
    file.write_text("\n".join(["date;channel;amount", *lines]) + "\n", "utf-8")
    found = read_spend_file(file)
    assert [amount for _, _, amount in rows(found.rows)] == expected
    assert any("is read as 1500.00" in notice for notice in found.notices) is told
    values = ", ".join(f"('2024-0{place}-01', 'ads', '{amount}')" for place, amount in enumerate(written, start=1))
    _, table = shop(
        tmp_path,
        f"CREATE TABLE marketing_spend (date, channel, amount TEXT); INSERT INTO marketing_spend VALUES {values};",
    )
    assert [amount for _, _, amount in rows(table.spend)] == expected
    assert any("is read as 1500.00" in notice for notice in table.notices) is told
