"""`ltvtui cohorts`: figures worked by hand, every format, and what is refused; --where of every report."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from running import run
from shops import build

SALES = """
CREATE TABLE orders (order_id INTEGER PRIMARY KEY, customer_id TEXT, ordered_at TEXT, amount REAL, channel TEXT);
INSERT INTO orders (customer_id, ordered_at, amount, channel) VALUES
    ('ann', '2024-01-10', 10, 'web'), ('ann', '2024-01-20', 20, 'shop'), ('ann', '2024-03-05', 30, 'web'),
    ('bob', '2024-01-31', 40, 'shop'), ('bob', '2024-02-01', 50, 'shop'),
    ('cat', '2024-03-01', 60, 'web'), ('dan', '2024-01-02', 70, NULL);
"""
"""January: ann, bob, dan; bob is back in month 1, ann in month 2. March: cat."""
AS_OF = ("--as-of", "2024-03-15")


@pytest.fixture
def sales(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LTVTUI_CONFIG_DIR", str(tmp_path / "settings"))
    return build(tmp_path, SALES)


def refused(*words: object) -> tuple[str, str]:
    done = run(*words)
    assert done.exit_code == 2, done.output
    what, mend = done.stderr.strip().splitlines()
    return what, mend


def test_json(sales: Path) -> None:
    told, third = json.loads(run("cohorts", sales, *AS_OF, "--format", "json").stdout), pytest.approx(1 / 3)
    assert told == {
        "bucket": "month",
        "by": None,
        "of": "all customers",
        "metric": "retention",
        "relative": False,
        "discount": 0.0,
        "notes": [],
        "as_of": "2024-03-15",
        "partial": "2024-03",
        "rows": [
            {"cohort": "2024-01", "size": 3, "cells": [1, third, third], "unfinished": [2]},
            {"cohort": "2024-03", "size": 1, "cells": [1, None, None], "unfinished": [0]},
        ],
        "summary": [1, pytest.approx(1 / 3), None],
        "warnings": [],
    }


def test_another_metric_period_and_shares(sales: Path) -> None:
    words = ("cohorts", sales, *AS_OF, "--bucket", "Quarter", "--metric", "average-check", "--format", "json")
    told = json.loads(run(*words).stdout)
    assert (told["bucket"], told["metric"], told["partial"]) == ("quarter", "average check", "2024 Q1")
    # 280 for seven orders.
    assert told["rows"] == [{"cohort": "2024 Q1", "size": 4, "cells": [40], "unfinished": [0]}]
    words = ("cohorts", sales, *AS_OF, "--metric", "revenue", "--relative", "--format", "json")
    (january, _) = json.loads(run(*words).stdout)["rows"]
    assert january["cells"] == [1, pytest.approx(50 / 140), pytest.approx(30 / 140)]


def test_by_an_attribute_and_where(sales: Path) -> None:
    words = ("cohorts", sales, *AS_OF, "--by", "Channel", "--metric", "customers", "--format", "json")
    told = json.loads(run(*words).stdout)
    rows = [(row["cohort"], row["size"], row["cells"]) for row in told["rows"]]
    # ann and cat began on the web, bob in the shop, of dan it is not known.
    assert rows == [("web", 2, [2, 0, 1]), ("shop", 1, [1, 1, 0]), (None, 1, [1, 0, 0])]
    # cat's month 0 goes on, and month 2 of the others: counts hold what there is of them, shares nothing.
    assert [row["unfinished"] for row in told["rows"]] == [[0, 2], [2], [2]]
    shares = json.loads(run("cohorts", sales, *AS_OF, "--by", "channel", "--format", "json").stdout)["rows"]
    assert [(row["cells"], row["unfinished"]) for row in shares] == [
        ([1, 0, None], []),
        ([1, 1, None], []),
        ([1, 0, None], []),
    ]
    only = json.loads(run("cohorts", sales, *AS_OF, "--where", "first channel = WEB", "--format", "json").stdout)
    assert [(row["cohort"], row["size"]) for row in only["rows"]] == [("2024-01", 1), ("2024-03", 1)]
    none = ("cohorts", sales, *AS_OF, "--where", "first channel=unknown", "--format", "json")
    assert [row["size"] for row in json.loads(run(*none).stdout)["rows"]] == [1]


TABLE = """\
33 % of customers order in month 1; a small sample: 4 customers.
as of 2024-03-15 · all customers · retention %, by month since the first order

cohort   size      0       1       2
───────  ────  ──────  ──────  ──────
all         4  100.0    33.3
2024-01     3  100.0    33.3    33.3*
2024-03     1  100.0*

all: complete periods, weighted by customers · * 2024-03 is not complete
"""


def test_table(sales: Path) -> None:
    assert run("cohorts", sales, *AS_OF).stdout == TABLE


def test_the_discount_is_said_where_it_counts(sales: Path) -> None:
    """A year is discounted by its middle: 280 of four customers are 70 each, and 70 ÷ √1.21."""
    words = ("cohorts", sales, "--as-of", "2024-12-31", "--bucket", "year", "--discount", "0.21", "--metric")
    told = json.loads(run(*words, "cumulative-ltv", "--format", "json").stdout)
    assert (told["discount"], told["notes"]) == (0.21, ["discounted at 21.0 % a year"])
    assert told["rows"][0]["cells"] == [pytest.approx(70 / 1.1)]
    assert told["summary"] == [pytest.approx(70 / 1.1)]
    assert run(*words, "cumulative-ltv").stdout.endswith("weighted by customers · discounted at 21.0 % a year\n")
    told = json.loads(run(*words, "revenue-per-customer", "--format", "json").stdout)
    assert (told["rows"][0]["cells"], told["notes"]) == ([70], [])
    assert "discounted" not in run(*words, "retention").stdout


def test_an_attribute_tells_complete_periods(sales: Path) -> None:
    """On 15 March the web has ann's January, 30 for two orders; her March and cat's are not over."""
    words = ("cohorts", sales, *AS_OF, "--by", "channel", "--metric")
    told = json.loads(run(*words, "average-check", "--format", "json").stdout)
    assert told["rows"][0]["cells"] == [15, None, None]
    assert told["notes"] == ["cells hold complete months only"]
    table = run(*words, "average-check").stdout
    assert table.endswith("all: complete periods, weighted by orders · cells hold complete months only\n")
    assert "complete months only" in run(*words, "retention").stdout
    assert "complete months only" in run(*words, "orders", "--relative").stdout
    assert json.loads(run(*words, "orders", "--format", "json").stdout)["notes"] == []
    of_periods = ("cohorts", sales, *AS_OF, "--metric", "average-check", "--format", "json")
    assert json.loads(run(*of_periods).stdout)["notes"] == []  # there the period that goes on is marked


def test_csv_and_markdown(sales: Path) -> None:
    orders = ("cohorts", sales, *AS_OF, "--metric", "orders", "--format")
    heading, *rows = csv.reader(io.StringIO(run(*orders, "csv").stdout))
    assert heading == ["cohort", "size", "0", "1", "2", "unfinished"]
    assert rows == [["2024-01", "3", "4", "1", "1", "2"], ["2024-03", "1", "1", "", "", "0"]]
    line = run(*orders, "markdown").stdout.splitlines()[5]
    assert [cell.strip() for cell in line.strip("|").split("|")] == ["2024-01", "3", "4", "1", "1*"]


def test_what_there_is_not_is_named(sales: Path) -> None:
    assert refused("cohorts", sales, "--bucket", "decade") == (
        "ltvtui: There is no period 'decade'.",
        "Choose from: week, month, quarter, year.",
    )
    what, mend = refused("cohorts", sales, "--metric", "joy")
    assert "'joy'" in what
    assert "retention, customers, orders, revenue, average check, revenue per customer, cumulative LTV" in mend
    what, mend = refused("cohorts", sales, "--by", "planet")
    assert "'planet'" in what
    assert "channel" in mend
    assert refused("report", sales, "--where", "channel = radio") == (
        "ltvtui: No channel has the value 'radio' (column 11 of 'channel = radio').",
        "Choose from: shop, web, unknown.",
    )
    assert "planet" in refused("retention", sales, "--where", "planet = mars")[0]
    done = run("cohorts", sales, "--where", "first channel = web", "--where", "first channel == 'shop'")
    assert done.exit_code == 1
    assert "No customers match: channel: web ▸ channel: shop." in done.stderr
    assert refused("report", sales, "--where", "channel") == (
        "ltvtui: A comparison is missing after 'channel' (column 8 of 'channel').",
        "Compare with =, !=, <, <=, >, >=, ~, in (…), is known or is unknown.",
    )


def test_a_report_of_a_part(sales: Path) -> None:
    told = json.loads(run("report", sales, *AS_OF, "--where", "first channel = web", "--format", "json").stdout)
    assert (told["base"]["customers"], told["base"]["revenue"]) == (2, 120.0)  # ann 60, cat 60
    assert told["of"] == "channel: web"
    for command in ("report", "cohorts", "retention"):
        assert "channel: web" in run(command, sales, *AS_OF, "--where", "first channel = web").stdout


def test_who_has_such_an_order(sales: Path) -> None:
    shop = ("--where", "CHANNEL = shop")  # ann came to it later, bob began there
    told = json.loads(run("report", sales, *AS_OF, *shop, "--format", "json").stdout)
    assert (told["of"], told["base"]["customers"], told["base"]["revenue"]) == ("channel = shop", 2, 150.0)
    # On the day before that nobody knew of a shop.
    assert refused("report", sales, "--as-of", "2024-01-19", *shop)[1] == "Choose from: web, unknown."


def test_all_conditions_have_to_hold(sales: Path) -> None:
    words = ("--where", "orders >= 2", "--where", "not (channel = shop or channel is unknown) or revenue > 60.00")
    told = json.loads(run("report", sales, *AS_OF, *words, "--format", "json").stdout)
    # ann has 60 and bob 90.
    assert (told["base"]["customers"], told["base"]["revenue"]) == (1, 90.0)
    assert told["of"] == "orders >= 2 ▸ not (channel = shop or channel is unknown) or revenue > 60"
    what, mend = refused("report", sales, "--where", "orders > 1", "--where", "orders > 1 and chanel = web")
    assert what == "ltvtui: This shop has no field 'chanel' (column 16 of 'orders > 1 and chanel = web')."
    assert mend == "Did you mean channel or first channel?"
