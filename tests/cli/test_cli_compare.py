"""`ltvtui compare`: figures worked by hand, every format, and what is refused."""

from __future__ import annotations

import csv
import io
import json
import math
from functools import partial
from pathlib import Path

import pytest
import running
from click.testing import CliRunner
from shops import build, corner_shop

from ltvtui.cli import main

AS_OF = ("--as-of", "2024-12-31")
TWO_PLANS = """
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id TEXT, ordered_at TEXT, amount REAL, plan TEXT, region TEXT);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40),
    p(plan, price, after) AS (VALUES ('pro', 30, 0), ('pro', 30, 40), ('basic', 10, 0))
INSERT INTO orders (customer_id, ordered_at, amount, plan, region)
    SELECT plan || i, date('2024-01-01', '+' || (after + i % 5) || ' days'), price + i % 3, plan,
    CASE WHEN i % 2 = 0 THEN 'north' ELSE 'south' END FROM n, p;
INSERT INTO orders VALUES (999, 'basic1', '2024-12-31', 1, 'basic', 'north');
"""
"""40 customers of "pro" who pay about 31 twice, and 40 of "basic" who pay about 11 once; half are in the north."""


@pytest.fixture(autouse=True)
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A configuration folder that nobody else uses."""
    monkeypatch.setenv("LTVTUI_CONFIG_DIR", str(tmp_path / "settings"))


@pytest.fixture
def corner(tmp_path: Path) -> Path:
    """The shop that is checked by hand (fixtures/corner_shop.sql)."""
    return corner_shop(tmp_path)


@pytest.fixture
def plans(tmp_path: Path) -> Path:
    """The shop of TWO_PLANS."""
    return build(tmp_path, TWO_PLANS)


run = partial(running.run, "compare")
json_of = partial(running.json_of, "compare")


def test_json_has_every_key(plans: Path) -> None:
    """LTV of pro is 2 · 30 and twice i % 3, of which there are 13 zeros, 14 ones and 13 twos: 62; of basic 11."""
    printed = json_of(plans, "--a", "first plan = pro")
    letter = ["tau", "a", "b", "difference", "parts", "tests", "index"]
    assert list(printed)[:7] == letter
    assert printed["tau"] == 12
    assert (printed["a"]["segment"], printed["b"]["segment"]) == ("plan: pro", "all other customers")
    report = CliRunner().invoke(main, ["report", str(plans), "--by", "plan", "--format", "json"])
    (row, *_) = json.loads(report.stdout)["rows"]
    assert list(printed["a"]) == ["segment", *list(row)[1:]]
    assert printed["a"]["ltv"] == pytest.approx(62)
    difference = printed["difference"]
    assert list(difference) == ["ltv", "se", "interval", "p"]
    assert difference["ltv"] == pytest.approx(printed["a"]["ltv"] - printed["b"]["ltv"])
    assert difference["interval"][0] < difference["ltv"] < difference["interval"][1]
    assert list(printed["parts"]) == ["check", "frequency", "retention", "margin"]
    assert math.fsum(printed["parts"].values()) == pytest.approx(difference["ltv"], abs=1e-12)
    assert list(printed["tests"]["mann_whitney"]) == ["u", "z", "p"]
    # Every customer of pro brought more than any of basic.
    assert printed["tests"]["mann_whitney"]["u"] == 1600
    assert list(printed["tests"]["log_rank"]) == ["observed", "expected", "variance", "chi2", "p"]
    assert [list(entry) for entry in printed["index"][:1]] == [
        ["dimension", "value", "share_a", "share_b", "index", "z"]
    ]
    assert {entry["dimension"] for entry in printed["index"]} == {"region"}  # the plan chose them
    assert printed["overlap"] == 0
    assert printed["hindsight"] is False
    assert set(printed["p_adjusted"]) == {"ltv", "check", "frequency", "retention", "mann_whitney", "log_rank"}


def test_the_sentence_says_what_is_clear_and_what_is_not(plans: Path) -> None:
    clear = json_of(plans, "--a", "plan = pro")["headline"]
    assert clear.startswith("LTV is clearly higher for plan = pro (62.00) than for all other customers (11.")
    assert clear.endswith("they describe and do not predict; a difference is not a cause.")
    chance = json_of(plans, "--a", "first region = north", "--b", "first region = south")
    assert chance["headline"].startswith("LTV does not clearly differ between region: north (")
    few = json_of(plans, "--a", "first region = north", "--where", "first plan = pro")
    assert few["headline"].startswith("No verdict: fewer than 30 customers count in region: north (20) and ")
    assert few["of"] == "plan: pro"
    assert (few["a"]["customers"], few["b"]["customers"]) == (20, 20)


def test_who_is_in_both_is_left_out_and_counted(plans: Path) -> None:
    """Half of each plan is in the north, and basic1 has bought there once too."""
    printed = json_of(plans, "--a", "plan = pro", "--b", "region = north")
    assert (printed["a"]["customers"], printed["b"]["customers"], printed["overlap"]) == (20, 21, 20)
    assert "20 customers in both left out" in printed["headline"]


def test_factors_of_zero_have_no_parts(tmp_path: Path) -> None:
    sql = """
    CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id TEXT, ordered_at TEXT, amount REAL, sort TEXT);
    INSERT INTO orders VALUES (1, 'a', '2024-01-01', 10, 'paid'), (2, 'b', '2024-01-01', 0, 'gift'),
        (3, 'c', '2024-04-01', 10, 'paid');
    """
    printed = json_of(build(tmp_path, sql), "--a", "first sort = paid")
    assert printed["parts"] == dict.fromkeys(("check", "frequency", "retention", "margin"))
    assert printed["difference"]["ltv"] == 10
    assert (
        "no parts of the difference: average check and margin are zero, negative or not observed" in printed["notes"]
    )


def test_table_is_the_golden_text(plans: Path) -> None:
    _, rest = run(plans, "--a", "first plan = pro").stdout.split("\n", 1)
    assert rest == GOLDEN


GOLDEN = """\
as of 2024-12-31 · churn gap 40 days · 1.2 % of longer gaps ended in another order
LTV at the common age of both groups: 12 mo, before costs

                                   within 12 mo
group                   customers    LTV  avg check  orders/mo  lifetime, mo
──────────────────────  ─────────  ─────  ─────────  ─────────  ────────────
A: plan: pro                   40  62.00      31.00      1.000          2.00
B: all other customers         40  11.00      11.00      0.975          1.03
A − B                              51.00      20.00      0.025          0.97
95 % from                          50.42      19.63     -0.026          0.92
to                                 51.58      20.37      0.076          1.03

factor              part  of difference
─────────────────  ─────  ─────────────
average check      30.56         59.9 %
frequency           0.75          1.5 %
lifetime           19.70         38.6 %
difference of LTV  51.00        100.0 %

difference of                        p        adjusted  verdict
───────────────────────────────────  ───────  ────────  ─────────
LTV                                  <0.0001  <0.0001   clear
average check                        <0.0001  <0.0001   clear
frequency                            0.3235   0.3235    not clear
lifetime                             <0.0001  <0.0001   clear
revenue per customer (Mann-Whitney)  <0.0001  <0.0001   clear
retention (log-rank)                 <0.0001  <0.0001   clear

dimension  value  customers  % of A  % of B  index    z
─────────  ─────  ─────────  ──────  ──────  ─────  ───
region     north         20  50.0 %  50.0 %    100  0.0
region     south         20  50.0 %  50.0 %    100  0.0
index: share in A ÷ share in B × 100; values with fewer than 30 customers come last
"""


def test_csv_has_a_row_a_figure(plans: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(run(plans, "--a", "first plan = pro", "--format", "csv").stdout)))
    assert list(rows[0]) == ["figure", "a", "b", "difference", "se", "lower", "upper", "p", "p_adjusted", "part"]
    by_name = {row["figure"]: row for row in rows}
    assert (by_name["customers"]["a"], by_name["customers"]["b"], by_name["customers"]["se"]) == ("40.0", "40.0", "")
    parts = sum(float(row["part"]) for row in rows if row["part"])
    assert parts == pytest.approx(float(by_name["ltv"]["difference"]))
    assert by_name["ltv_se"]["difference"] == ""


def test_markdown_has_the_tables(plans: Path) -> None:
    text = run(plans, "--a", "first plan = pro", "--format", "markdown").stdout
    assert text.startswith("LTV is clearly higher for plan: pro")
    assert "| A: plan: pro | 40 | 62.00 |" in text
    assert "| difference of LTV |" in text


def test_two_months(corner: Path) -> None:
    """Revenue 1 050 of five new customers, then 1 550 of as many new ones and five returning ones (by SQL)."""
    printed = json_of(corner, "--periods", "2024-01,2024-02")
    assert list(printed)[:4] == ["before", "after", "difference", "parts"]
    figures = ("period", "active", "new", "returning", "orders", "revenue", "complete")
    assert [printed["before"][name] for name in figures] == ["2024-01", 5, 5, 0, 5, 1050, True]
    assert [printed["after"][name] for name in figures] == ["2024-02", 10, 5, 5, 10, 1550, True]
    assert printed["difference"] == {"revenue": 500, "share": pytest.approx(500 / 1050)}
    mean = 500 / math.log(1550 / 1050)
    assert printed["parts"] == {
        "new": 0,
        "returning": pytest.approx(mean * math.log(2)),
        "orders_per_customer": 0,
        "average_check": pytest.approx(mean * math.log(155 / 210)),
    }
    assert printed["notes"] == ["2024-01 may not be complete: the first order is on 2024-01-10"]
    assert printed["headline"].startswith("Revenue rose by 48 %, from 1 050.00 in 2024-01 to 1 550.00 in 2024-02;")


def test_a_period_that_goes_on_is_said_first(corner: Path) -> None:
    printed = json_of(corner, "--periods", "2024Q1,2024Q2", "--as-of", "2024-04-20")
    assert (printed["before"]["complete"], printed["after"]["complete"]) == (True, False)
    assert printed["headline"].startswith("2024 Q2 is not complete, which alone makes a difference;")
    assert "2024 Q2 is not complete: the data ends on 2024-04-20" in printed["notes"]
    assert printed["after"]["last_day"] == "2024-06-30"


def test_periods_of_some_customers_in_every_format(corner: Path) -> None:
    words = (corner, "--periods", "2024-01,2024-02", "--where", "country = DK")
    table = run(*words).stdout
    assert "as of 2024-04-11 · country: DK" in table
    rows = list(csv.DictReader(io.StringIO(run(*words, "--format", "csv").stdout)))
    figures = ["active", "new", "returning", "orders", "orders_per_customer", "average_check", "revenue"]
    assert [row["figure"] for row in rows] == figures
    assert run(*words, "--format", "markdown").stdout.count("| --- |") == 2


@pytest.mark.parametrize(
    ("words", "what", "mend"),
    [
        ((), "Give a group with --a EXPR, or two periods with --periods.", "compare --help"),
        (("--b", "tier = VIP"), "Give a group with --a EXPR", "compare --help"),
        (("--periods", "2024-01,2024-02", "--a", "tier = VIP"), "give one of them", "compare --help"),
        (("--periods", "2024-01"), "Two periods are needed", "2026-05,2026-06"),
        (("--periods", "2024-01,2024Q1"), "A month and a quarter cannot be compared.", "2025Q1,2026Q1"),
        (("--periods", "2024-01,2024-01"), "cannot be compared with itself", "different periods"),
        (("--periods", "2024-13,2024-01"), "'2024-13' is not a month, quarter or year.", "Write two months"),
        (("--periods", "2023-12,2024-01"), "There is no data for 2023-12.", "Choose periods from 2024-01-10 to"),
        (("--a", "shoe = 1"), "This shop has no field", "Choose from"),
    ],
)
def test_what_is_refused(corner: Path, words: tuple[str, ...], what: str, mend: str) -> None:
    done = run(corner, *words)
    assert done.exit_code == 2
    first, second = done.stderr.strip().splitlines()
    assert what in first
    assert mend in second


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("--a", "orders >= 1"), "There are no other customers to compare with: all are in A"),
        (("--a", "tier = VIP", "--b", "orders >= 1"), "All customers of A are in B too"),
        (("--a", "orders >= 1", "--b", "tier = VIP"), "All customers of B are in A too"),
        (("--a", "tier = VIP", "--where", "tier = economy"), "A has no customers: VIP."),
        (("--a", "orders > 999"), "No customers match"),
    ],
)
def test_a_side_without_customers(corner: Path, words: tuple[str, ...], what: str) -> None:
    done = run(corner, *words)
    assert done.exit_code == 1
    assert what in done.stderr.splitlines()[0]


@pytest.mark.parametrize("b", ["first region = north", "first region != south"])
def test_the_same_customers_on_both_sides_differ_by_nothing(plans: Path, b: str) -> None:
    """40 against themselves: as often above as below, so U is half of 40 · 40."""
    printed = json_of(plans, "--a", "first region = north", "--b", b)
    assert printed["headline"] == "A and B are the same 40 customers, so that nothing differs."
    assert printed["overlap"] == 40
    a, b_row = ({**printed[side], "segment": None} for side in ("a", "b"))
    assert a == b_row
    assert printed["difference"] == {"ltv": 0, "se": 0, "interval": [0, 0], "p": 1}
    assert set(printed["parts"].values()) == {0}
    assert printed["tests"]["mann_whitney"] == {"u": 800, "z": 0, "p": 1}
    assert (printed["tests"]["log_rank"]["chi2"], printed["tests"]["log_rank"]["p"]) == (0, 1)
    assert {(row["index"], row["z"]) for row in printed["index"]} == {(100, 0)}
