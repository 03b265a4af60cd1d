"""`ltvtui leads`: a ladder worked by hand, every format, the list of leads, and what is refused."""

from __future__ import annotations

import csv
import io
import json
from functools import partial
from pathlib import Path

import pytest
import running
from shops import build, corner_shop

SHOP = """
CREATE TABLE customers (id TEXT PRIMARY KEY, name TEXT, country TEXT, marital_status TEXT, lead_status TEXT,
    created_at TEXT, lead_status_changed_at TEXT);
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id TEXT, ordered_at TEXT, amount REAL);
INSERT INTO customers VALUES
    ('a', 'Ann', 'DE', 'single', 'New', '2024-05-22', '2024-05-22'),
    ('b', 'Bob', 'DE', 'married', 'New', '2024-05-12', '2024-05-16'),
    ('c', '=cmd()', 'FR', 'single', 'New', '2024-05-02', '2024-05-26'),
    ('d', '[b]Dan', 'FR', 'married', 'Contacted', '2024-04-22', '2024-05-02'),
    ('e', 'Eve', 'DE', 'single', 'Contacted', '2024-04-12', NULL),
    ('f', 'Fay', 'DE', 'single', 'Qualified', '2024-04-02', '2024-05-27'),
    ('g', 'Guy', 'DE', 'married', 'Lost', '2024-03-23', '2024-04-12'),
    ('h', 'Hal', 'FR', 'single', 'Customer', '2024-03-03', '2024-03-13'),
    ('i', 'Ida', 'DE', 'single', 'Qualified', '2024-03-03', '2024-03-05'),
    ('j', 'Jim', 'DE', 'single', ' ', '2024-02-27', NULL);
INSERT INTO orders VALUES (1, 'h', '2024-03-13', 10), (2, 'i', '2024-04-02', 20), (3, 'i', '2024-06-01', 20);
"""
"""As of 2024-06-01: h ordered after 10 days and i after 30, who is still called qualified."""


@pytest.fixture(autouse=True)
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A configuration folder that nobody else uses."""
    monkeypatch.setenv("LTVTUI_CONFIG_DIR", str(tmp_path / "settings"))


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """The shop of SHOP."""
    return build(tmp_path, SHOP)


run = partial(running.run, "leads")


def test_json_of_the_ladder_by_hand(shop: Path) -> None:
    """Qualified: f, and both who ordered; contacted: d and e more; new: a, b, c, and g, who is back."""
    found = json.loads(run(shop, "--format", "json").stdout)
    assert [tuple(row.values()) for row in found["stages"]] == [
        ("New", 3, 9, 5, pytest.approx(5 / 9), 10),
        ("Contacted", 2, 5, 3, 0.6, 30),
        ("Qualified", 1, 3, 2, pytest.approx(2 / 3), 5),
    ]
    assert found["rejected"] == [{"stage": "Lost", "count": 1, "median_days": 50}]
    assert found["first_order"] == {"count": 2, "median_days": 20}
    assert (found["leads"], found["people"], found["without_stage"]) == (8, 9, 1)
    assert found["columns"] == {"stage": "lead_status", "entry": "created_at", "since": "lead_status_changed_at"}
    assert (found["median_days_since"], found["order_guessed"]) == ("stage", True)


def test_table_begins_with_a_sentence_and_lists_who_is_furthest(shop: Path) -> None:
    printed = run(shop).stdout
    assert printed.startswith(
        "8 leads without an order; 2 of 10 people have ordered (20 %); a first order comes 20 days after"
    )
    lines = printed.splitlines()
    place = next(i for i, line in enumerate(lines) if line.startswith("customer"))
    assert [line.split()[0] for line in lines[place + 2 : place + 10]] == ["f", "d", "e", "b", "a", "c", "g", "j"]
    assert "the order of the stages is guessed from their names" in printed
    assert "not on the ladder: 1 lead without a stage" in printed
    assert "| New | 3 | 9 | 5 | 55.6 % | 10 |" in run(shop, "--format", "markdown").stdout
    rows = list(csv.DictReader(io.StringIO(run(shop, "--format", "csv").stdout)))
    assert [(row["kind"], row["stage"], row["entered"]) for row in rows] == [
        ("stage", "New", "9"),
        ("stage", "Contacted", "5"),
        ("stage", "Qualified", "3"),
        ("sent back", "Lost", ""),
        ("first order", "first order", "2"),
    ]


def test_the_list_goes_to_a_file(shop: Path, tmp_path: Path) -> None:
    to = tmp_path / "leads.csv"
    done = run(shop, "--to", to, "--format", "json")
    assert json.loads(done.stdout)["leads"] == 8
    assert "8 leads" in done.stderr
    rows = list(csv.DictReader(io.StringIO(to.read_text("utf-8"))))
    assert rows[0] == {
        "id": "f",
        "name": "Fay",
        "stage": "Qualified",
        "entry": "2024-04-02",
        "since": "2024-05-27",
        "waited": "5",
        "country": "DE",
        "marital status": "single",
    }
    assert {row["name"] for row in rows} >= {"'=cmd()", "[b]Dan"}
    again = run(shop, "--to", to)
    assert again.exit_code != 0
    assert str(to) in again.stderr.replace("\n", "")
    assert run(shop, "--to", to, "--force").exit_code == 0


def test_the_order_of_the_analyst(shop: Path) -> None:
    found = json.loads(
        run(shop, "--stages", "new,qualified,CUSTOMER", "--rejected", "LOST", "--format", "json").stdout
    )
    assert [(row["stage"], row["count"], row["entered"]) for row in found["stages"]] == [
        ("New", 3, 7),
        ("Qualified", 1, 3),
        ("Customer", 0, 2),
    ]
    assert found["elsewhere"] == [{"stage": "Contacted", "count": 2}]
    assert "not on the ladder, since --order does not have them: Contacted (2)" in found["notes"]
    assert "no lead is there now: Customer" in found["notes"]


def test_on_an_earlier_day(shop: Path) -> None:
    """Known are h, who has ordered, i, who is qualified since the 5th, and j; a to g became known later."""
    found = json.loads(run(shop, "--as-of", "2024-03-20", "--format", "json").stdout)
    assert (found["leads"], found["first_order"]) == (2, {"count": 1, "median_days": 10})
    assert [(row["stage"], row["median_days"]) for row in found["stages"]] == [("Qualified", 15)]
    assert found["joined_later"] == 7
    assert "left out: 7 leads who became known after that day" in found["notes"]
    assert "at which stage people are is as the customers' table has it now" in found["notes"]


def test_who_signed_up_since_the_last_order_is_a_lead_of_today(tmp_path: Path) -> None:
    """The last order is of 2024-06-01, and no day was chosen."""
    shop = build(tmp_path, SHOP.replace("'New', '2024-05-22', '2024-05-22'", "'New', '2024-06-05', '2024-06-05'"))
    found = json.loads(run(shop, "--format", "json").stdout)
    assert (found["leads"], found["joined_later"]) == (8, 0)
    chosen = json.loads(run(shop, "--as-of", "2024-06-01", "--format", "json").stdout)
    assert (chosen["leads"], chosen["joined_later"]) == (7, 1)


def test_case_and_spaces_make_no_other_stage(tmp_path: Path) -> None:
    shop = build(tmp_path, SHOP.replace("'Bob', 'DE', 'married', 'New'", "'Bob', 'DE', 'married', 'NEW '"))
    found = json.loads(run(shop, "--format", "json").stdout)
    assert [(row["stage"], row["count"]) for row in found["stages"]] == [
        ("New", 3),
        ("Contacted", 2),
        ("Qualified", 1),
    ]


def test_a_shop_that_knows_no_stages(shop: Path, tmp_path: Path) -> None:
    """All are at one: corner shop has a table of customers without a stage, and all of them have ordered."""
    found = json.loads(run(shop, "--stage", "", "--format", "json").stdout)
    assert [(row["stage"], row["count"], row["entered"]) for row in found["stages"]] == [("known", 8, 10)]
    assert "no column of the customers' table says a stage: name one with --stage COLUMN" in found["notes"]
    done = run(corner_shop(tmp_path))
    assert done.exit_code == 0
    assert "have ordered" in done.stdout


@pytest.mark.parametrize(
    ("words", "code", "what"),
    [
        (("--stage", "nope"), 2, "customers has no column 'nope' for the stage."),
        (("--stages", "new,NEW"), 2, "The stage 'New' is named twice."),
        (("--stages", "new,signed"), 2, "Nobody is at a stage 'signed'."),
        (("--rejected", "signed"), 2, "Nobody is at a stage 'signed'."),
        (("--created", "country"), 2, "The column 'country' holds no days."),
        (("--force",), 2, "--force goes with --to FILE."),
        (("--to", "leads.doc"), 2, "Cannot infer the format from the name leads.doc."),
    ],
)
def test_what_is_refused(shop: Path, words: tuple[str, ...], code: int, what: str) -> None:
    done = run(shop, *words)
    assert done.exit_code == code
    assert what in done.stderr


def test_without_a_table_of_customers_nobody_is_known(tmp_path: Path) -> None:
    sql = SHOP.replace("CREATE TABLE customers", "CREATE TABLE zoo").replace("INTO customers", "INTO zoo")
    shop = build(tmp_path, sql.replace("id TEXT PRIMARY KEY", "animal TEXT").replace("name TEXT", "species TEXT"))
    done = run(shop)
    assert (done.exit_code, done.stdout) == (1, "")
    assert "This shop has no table of customers" in done.stderr
