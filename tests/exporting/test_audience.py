"""Lists for advertising platforms: who is on them, who is not and why, and nothing that says who they are."""

from __future__ import annotations

import csv
import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from exports_of import exported, refused
from shops import build

from ltvtui.analytics.snapshot import Snapshot
from ltvtui.exporting.audience import AudienceOptions, write_audience
from ltvtui.exporting.destination import Destination
from ltvtui.exporting.source import Stopped
from ltvtui.session.open_dataset import open_shop
from ltvtui.session.open_request import OpenRequest
from ltvtui.sources.contacts import read_contacts
from ltvtui.sources.mapping import Mapping
from ltvtui.sources.sqlite.source import SqliteSource

PEOPLE = """
CREATE TABLE customers (customer_id TEXT PRIMARY KEY, email_opt_in INTEGER, email TEXT UNIQUE,
    mobile_phone TEXT UNIQUE, country TEXT);
CREATE TABLE orders (order_id INTEGER PRIMARY KEY, customer_id TEXT REFERENCES customers (customer_id),
    ordered_at TEXT, amount REAL);
INSERT INTO customers VALUES
    ('ann', 1, 'cloudy.sanfrancisco+shopping@gmail.com', '(800)555-0100', 'US'),
    ('bob', 1, 'user.name+NYC@Example.com', NULL, 'US'),
    ('cat', 0, 'CloudySanFrancisco@gmail.com', NULL, 'US'),
    ('dan', 1, 'not an address', '+44 844 412 4653', 'US'),
    ('eve', 1, 'nobody@', '+1 000 000 0000', 'US'),
    ('fay', 1, NULL, NULL, 'US'),
    ('gus', 1, '  ', '030 901820', 'US'),
    ('hal', 1, 'hal@example.org', '+1 800 555 0100', 'US');
INSERT INTO orders VALUES (1, 'ann', '2024-01-01', 100), (2, 'bob', '2024-01-01', 90), (3, 'cat', '2024-01-01', 80),
    (4, 'dan', '2024-01-01', 70), (5, 'eve', '2024-01-01', 60), (6, 'fay', '2024-01-01', 50),
    (7, 'gus', '2024-01-01', 40), (8, 'hal', '2024-01-01', 30), (9, 'hal', '2024-01-01', -40);
"""
"""By what they brought: ann 100 … gus 40, hal -10."""
CLEAR = ("cloudy", "sanfran", "user.name", "example", "5550100", "555-0100", "4653", "901820", "nobody@", "hal@")


def sha(form: str) -> str:
    return hashlib.sha256(form.encode()).hexdigest()


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return build(tmp_path, PEOPLE)


def rows_of(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_the_list_for_google(shop: Path, out: Path) -> None:
    path = out / "google.csv"
    told = exported(shop, "--audience", "google", "--country", "us", "--to", path)
    assert rows_of(path) == [
        ["Email", "Phone"],
        [sha("cloudysanfrancisco@gmail.com"), sha("+18005550100")],
        [sha("user.name+nyc@example.com"), ""],
        # cat is ann once more
        ["", sha("+448444124653")],
        # eve has nothing that can be, fay nothing at all; in the US there is no 030 901820
        [sha("hal@example.org"), ""],  # the phone is ann's
    ]
    assert told[0].startswith("4 customers · ")
    assert told[1:] == [
        "Read from email and mobile_phone.",
        "Written: 3 × e-mail, 2 × phone.",
        "Left out: 1 customer without a contact.",
        "Left out: 2 customers without a usable contact.",
        "Left out: 1 customer with contacts already on the list.",
        "Not used: 2 × malformed e-mail address.",
        "Not used: 2 × impossible phone number.",
    ]


def test_the_list_for_meta(shop: Path, out: Path) -> None:
    path = out / "meta.csv"
    told = exported(shop, "--audience", "Meta", "--value", "--margin", "0.5", "--to", path)
    # Half of what they brought, never below 0. For Meta ann and cat have two addresses.
    assert rows_of(path) == [
        ["email", "phone", "value"],
        [sha("cloudy.sanfrancisco+shopping@gmail.com"), "", "50"],
        [sha("user.name+nyc@example.com"), "", "45"],
        [sha("cloudysanfrancisco@gmail.com"), "", "40"],
        ["", sha("448444124653"), "35"],
        [sha("hal@example.org"), sha("18005550100"), "0"],
    ]
    # ann's and gus's numbers have no country code, and no country was said.
    assert told[-1] == "Not used: 2 × phone number without a country code (set one with --country)."


def test_a_list_of_some(shop: Path, out: Path) -> None:
    exported(shop, "--audience", "google", "--to", out / "x.csv", "--where", "revenue >= 90", "--phone", "")
    assert rows_of(out / "x.csv") == [
        ["Email"],
        [sha("cloudysanfrancisco@gmail.com")],
        [sha("user.name+nyc@example.com")],
    ]


def test_columns_that_are_said(shop: Path, out: Path) -> None:
    with closing(sqlite3.connect(shop)) as connection:
        connection.execute("ALTER TABLE customers ADD COLUMN second TEXT")
        connection.execute("UPDATE customers SET second = 'two@example.org' WHERE customer_id = 'ann'")
        connection.commit()
    told = exported(shop, "--audience", "meta", "--to", out / "x.csv", "--email", "SECOND", "--phone", "")
    assert rows_of(out / "x.csv") == [["email"], [sha("two@example.org")]]
    assert told[1] == "Read from SECOND."
    what, mend = refused(2, shop, "--audience", "meta", "--to", out / "y.csv", "--email", "e_mail")
    assert "'e_mail'" in what
    assert "email" in mend


def test_contacts_that_stand_with_the_orders(tmp_path: Path, out: Path) -> None:
    sql = """
    CREATE TABLE orders (order_id INTEGER PRIMARY KEY, customer_id INTEGER, customer_email TEXT, tel REAL,
        ordered_at TEXT, amount REAL);
    INSERT INTO orders VALUES (1, 7, 'old@example.org', 4930901820, '2024-01-01', 5),
        (2, 7, 'new@example.org', NULL, '2024-02-01', 5), (3, 8, NULL, NULL, '2024-02-01', 1),
        (4, 9, 'nine@example.org', NULL, '2024-02-01', 2), (5, 9, '', NULL, '2024-03-01', 2);
    """
    exported(build(tmp_path, sql), "--audience", "google", "--to", out / "x.csv", "--country", "DE")
    assert rows_of(out / "x.csv")[1:] == [
        [sha("new@example.org"), sha("+4930901820")],  # the last that is known of each
        [sha("nine@example.org"), ""],
    ]


def test_a_shop_without_contacts(corner: Path, out: Path) -> None:
    what, mend = refused(2, corner, "--audience", "google", "--to", out / "x.csv")
    assert "customers and orders" in what
    assert "--email" in mend
    assert "birth_year" in mend
    what, _ = refused(1, corner, "--audience", "google", "--to", out / "x.csv", "--email", "name")
    assert what.startswith("ltvtui: No usable contacts. Left out: 10 customers without a usable contact.")
    assert not list(out.iterdir())


def test_what_does_not_go_together(shop: Path, out: Path) -> None:
    to = ("--to", out / "x.csv")
    assert "no value column" in refused(2, shop, "--audience", "google", "--value", *to)[0]
    assert "'bing'" in refused(2, shop, "--audience", "bing", *to)[0]
    assert "'Denmark'" in refused(2, shop, "--audience", "google", "--country", "Denmark", *to)[0]
    assert "--columns" in refused(2, shop, "--audience", "google", "--columns", "id", *to)[0]
    assert "--audience" in refused(2, shop, "--country", "US", *to)[0]
    assert "SQLite" in refused(2, shop, "--table", "x", *to)[0]


def written_under(folder: Path, shop: Path) -> str:
    """Every file but the shop, as text."""
    files = (path for path in folder.rglob("*") if path.is_file() and path != shop)
    return "\n".join(path.read_bytes().decode("utf-8", "replace") for path in files).casefold()


def snapshot_of(shop: Path) -> tuple[Snapshot, Mapping]:
    opened = open_shop(OpenRequest(shop, cache=False))
    return opened.dataset.snapshot(opened.query), opened.mapping


def test_nothing_but_hashes_is_ever_on_the_disk(shop: Path, out: Path, tmp_path: Path) -> None:
    snapshot, mapping = snapshot_of(shop)
    looked = 0

    def look(done: int, total: int) -> None:
        nonlocal looked
        looked += 1
        text = written_under(tmp_path, shop)
        assert not [clear for clear in CLEAR if clear in text]

    to = Destination(out / "x.csv", shop)
    write_audience(snapshot, OpenRequest(shop), mapping, AudienceOptions("meta", "US"), to, look, lambda: False)
    assert looked
    look(0, 0)
    assert (out / "x.csv").stat().st_size


def test_a_list_that_is_stopped_is_not_there(shop: Path, out: Path) -> None:
    snapshot, mapping = snapshot_of(shop)
    to = Destination(out / "x.csv", shop)
    for begun in (lambda: True, lambda: any(out.iterdir())):  # while contacts are read, and once the file is begun
        with pytest.raises(Stopped):
            write_audience(
                snapshot, OpenRequest(shop), mapping, AudienceOptions("google"), to, lambda done, total: None, begun
            )
        assert not list(out.iterdir())


def test_contacts_are_found_by_name_and_content(shop: Path) -> None:
    _, mapping = snapshot_of(shop)
    found = read_contacts(SqliteSource(shop), mapping)
    assert (found.email, found.phone) == ("email", "mobile_phone")  # email_opt_in holds no address
    assert set(found.frame["id"]) == {"ann", "bob", "cat", "dan", "eve", "gus", "hal"}
