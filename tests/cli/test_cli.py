"""The command line: figures, formats, exit codes, and errors that say how to mend."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from contextlib import closing
from functools import partial
from math import sqrt
from pathlib import Path
from typing import Any

import pytest
from running import run
from shops import build, corner_shop

AS_OF = ("--as-of", "2024-12-31")


@pytest.fixture(autouse=True)
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration folder that nobody else uses."""
    folder = tmp_path / "settings"
    monkeypatch.setenv("LTVTUI_CONFIG_DIR", str(folder))
    return folder


@pytest.fixture
def corner(tmp_path: Path) -> Path:
    """The shop that is checked by hand (fixtures/corner_shop.sql)."""
    return corner_shop(tmp_path)


def refused(code: int, *words: object) -> tuple[str, str]:
    """Run what must fail; gives its two lines: what happened, and how to mend it."""
    done = run(*words)
    assert done.exit_code == code, done.output
    what, mend = done.stderr.strip().splitlines()
    assert what.startswith("ltvtui: ")
    assert mend
    return what, mend


def test_json_has_the_figures_worked_by_hand(corner: Path) -> None:
    """Who came on 2024-01-10 is seen for 357 days, ⌊357 · 16 ÷ 487⌋ = 11 months; the others, from 2024-02-20 on, for
    316 to 312 days, 10 months. Of each tier somebody is at risk in 4, 2 and 1 months, which tell one S more.

    Every customer is a group of the jackknife, so that SE = sd ÷ √n: of 1000 and 800 141.42 ÷ √2, of 500, 400, 300
    100 ÷ √3, of 200, 150, 100, 50, 0 √(25 000 ÷ 4) ÷ √5. The intervals are LTV · exp(± t · SE ÷ LTV), t = 12.7062,
    4.3027 and 2.7764: 900 · exp(± 1.41180), 400 · exp(± 0.62103), 100 · exp(± 0.98162).

    VIP bring 450 a month in four months, middle 600 in two, economy 500 once.
    """
    told = json.loads(run("report", corner, *AS_OF, "--format", "json").stdout)
    assert told["as_of"] == "2024-12-31"
    assert told["churn_gap_days"] == 31
    assert told["horizon_months"] == 12
    assert told["margin"] == 1.0
    assert told["currency"] is None
    assert told["tier_rule"]["thresholds"] == {"VIP": 800.0, "middle": 300.0}
    keys = ("customers", "orders", "revenue", "check", "frequency", "retention_months", "ltv", "ltv_se", "few")
    by_hand = {
        "VIP": (2, 8, 1800.0, 225.0, 1.0, 4.0, 900.0, 100.0, True),
        "middle": (3, 6, 1200.0, 200.0, 1.0, 2.0, 400.0, 100 / sqrt(3), True),
        "economy": (5, 5, 500.0, 100.0, 1.0, 1.0, 100.0, sqrt(6250 / 5), True),
    }
    for row in told["rows"]:
        assert [row[k] for k in keys] == pytest.approx(by_hand[row["tier"]], rel=1e-12)
    months = ("retention_supported_months", "within_months", "counted")
    assert [tuple(row[k] for k in months) for row in told["rows"]] == [(5, 11, 2), (3, 11, 3), (2, 10, 5)]
    ends = {"VIP": (219.33, 3693.0), "middle": (214.96, 744.34), "economy": (37.47, 266.88)}
    for row in told["rows"]:
        assert row["ltv_interval"] == pytest.approx(ends[row["tier"]], abs=0.005)
    ages = {"VIP": (225, 675, 900), "middle": (200, 400, 400), "economy": (100, 100, 100)}
    for row in told["rows"]:
        assert row["ltv_at"] == dict(zip(("1", "3", "6", "12"), (*ages[row["tier"]], None), strict=True))
    assert [row["customer_share"] for row in told["rows"]] == [0.2, 0.3, 0.5]
    assert [row["lapsed_share"] for row in (*told["rows"], told["base"])] == [1, 1, 1, 1]  # the last order: 264 days
    base = told["base"]
    assert base["ltv"] == pytest.approx(350, rel=1e-12)
    assert base["check"] == pytest.approx(350 / 1.9, rel=1e-12)
    # Σ (x - 350)² = 990 000 over ten; t₉ = 2.26216: 350 · exp(± 0.67788).
    assert base["ltv_se"] == pytest.approx(sqrt(990_000 / 9 / 10), rel=1e-12)
    assert base["ltv_interval"] == pytest.approx([177.69, 689.39], abs=0.005)
    assert base["ltv_at"] == {"1": 155.0, "3": 305.0, "6": 350.0, "12": None}
    # 2024-01-10 and 31 days; five who came later are too few to tell, and brought 500.
    assert told["entry"] == {
        "state": "cannot be told",
        "start": "2024-01-10",
        "border": "2024-02-10",
        "early": 5,
        "late": 5,
        "used": "all",
        "ltv_all": pytest.approx(350),
        "ltv_proven": pytest.approx(100),
    }
    assert told["quality"]["rows_read"] == 23
    assert told["quality"]["excluded"]["no_customer"] == {"rows": 1, "amount": 40.0}
    assert told["quality"]["excluded"]["no_date"] == {"rows": 1, "amount": 10.0}
    assert told["quality"]["excluded"]["status"] == {"rows": 1, "amount": 60.0}
    assert told["quality"]["noted"]["refunds_netted"] == {"rows": 1, "amount": -50.0}
    assert told["mapping"]["customer"] == "customer_id"


def test_a_tier_that_nobody_can_be_in_has_no_threshold(corner: Path) -> None:
    """The best two of ten are worth 1000 and 800; nobody is to come next."""
    words = ("report", corner, *AS_OF, "--tier-rule", "quantile:20/0")
    told = json.loads(run(*words, "--format", "json").stdout)
    assert told["tier_rule"]["thresholds"] == {"VIP": 800.0, "middle": None}
    assert [row["tier"] for row in told["rows"]] == ["VIP", "economy"]
    assert run(*words).stdout.endswith("\nVIP from 800.00 · few: small sample (< 30 customers)\n")


def test_without_any_tier_the_report_ends_without_thresholds(tmp_path: Path) -> None:
    sql = """
        CREATE TABLE orders (order_id INTEGER PRIMARY KEY, customer_id TEXT, ordered_at TEXT, amount REAL);
        INSERT INTO orders VALUES (1, 'ann', '2024-01-10', 0), (2, 'bob', '2024-01-11', 0);
    """
    assert run("report", build(tmp_path, sql)).stdout.endswith("\n\nfew: small sample (< 30 customers)\n")


def test_table_is_the_golden_text(corner: Path) -> None:
    done = run("report", corner, *AS_OF)
    assert done.stdout == GOLDEN


HEAD = """\
2 VIPs (20 %) bring 51 % of revenue; all of them have lapsed (no order for 31 days); LTV is 350.00 within 11 months \
of data (116.67 at target 3 so far, LTV before costs): too early to say what one may cost.
as of 2024-12-31 · 19 orders since 2024-01-10 · 3 of 23 rows left out
churn gap 31 days · 0.0 % of longer gaps ended in another order · LTV is before costs
too few customers since 2024-02-10 to say whether the first ones were new
tiers: VIP top 20 % of customers, middle next 30 %

"""
FOOT = "\nVIP from 800.00, middle from 300.00 · few: small sample (< 30 customers)\n"
# The figures are those of the JSON above.
GOLDEN = f"""\
{HEAD}\
              all time                                                within 12 mo                                \
                                     all time
tier          customers  of customers   lapsed   revenue  of revenue                     LTV  95 % from        to \
 avg check  orders/mo  lifetime, mo  orders  per cust  avg check
───────  ───  ─────────  ────────────  ───────  ────────  ──────────  ──────────────────────  ─────────  ──────── \
 ─────────  ─────────  ────────────  ──────  ────────  ─────────
VIP      few          2        20.0 %  100.0 %  1 800.00      51.4 %  ≥ 900.00 (11 of 12 mo)     219.33  3 693.00 \
    225.00      1.000          4.00       8      4.00     225.00
middle   few          3        30.0 %  100.0 %  1 200.00      34.3 %  ≥ 400.00 (11 of 12 mo)     214.96    744.34 \
    200.00      1.000          2.00       6      2.00     200.00
economy  few          5        50.0 %  100.0 %    500.00      14.3 %  ≥ 100.00 (10 of 12 mo)      37.47    266.88 \
    100.00      1.000          1.00       5      1.00     100.00
all      few         10       100.0 %  100.0 %  3 500.00     100.0 %  ≥ 350.00 (11 of 12 mo)     177.69    689.39 \
    184.21      1.000          1.90      19      1.90     184.21
{FOOT}"""
AT_AGES = f"""\
{HEAD}\
              all time                                                LTV at equal age               within 12 mo
tier          customers  of customers   lapsed   revenue  of revenue    1 mo    3 mo    6 mo  12 mo               \
      LTV  95 % from        to
───────  ───  ─────────  ────────────  ───────  ────────  ──────────  ──────  ──────  ──────  ─────  ─────────────\
─────────  ─────────  ────────
VIP      few          2        20.0 %  100.0 %  1 800.00      51.4 %  225.00  675.00  900.00         ≥ 900.00 (11 \
of 12 mo)     219.33  3 693.00
middle   few          3        30.0 %  100.0 %  1 200.00      34.3 %  200.00  400.00  400.00         ≥ 400.00 (11 \
of 12 mo)     214.96    744.34
economy  few          5        50.0 %  100.0 %    500.00      14.3 %  100.00  100.00  100.00         ≥ 100.00 (10 \
of 12 mo)      37.47    266.88
all      few         10       100.0 %  100.0 %  3 500.00     100.0 %  155.00  305.00  350.00         ≥ 350.00 (11 \
of 12 mo)     177.69    689.39
{FOOT}"""


def test_ages_stand_in_place_of_the_factors(corner: Path) -> None:
    assert run("report", corner, *AS_OF, "--ages").stdout == AT_AGES
    rows = list(csv.DictReader(io.StringIO(run("report", corner, *AS_OF, "--ages", "--format", "csv").stdout)))
    assert [row["ltv_3"] for row in rows] == ["675.0", "400.0", "100.0"]
    assert [row["ltv_12"] for row in rows] == ["", "", ""]


ENTRIES = [
    # (choice, used, customers counted, their LTV, what the head says of it: of all within as many months)
    ("auto", "all", 10, 350, "too few customers since 2024-02-10 to say whether the first ones were new"),
    ("all", "all", 10, 350, "too few customers since 2024-02-10 to say whether the first ones were new"),
    ("Proven", "proven", 5, 100, "LTV of 5 proven new since 2024-02-10; of all ≥ 350.00 (10 of 12 mo)"),
    ("2024-02-10", "proven", 5, 100, "LTV of 5 new since 2024-02-10; of all ≥ 350.00 (10 of 12 mo)"),
    ("2024-02-22", "2024-02-22", 3, 50, "LTV of 3 new since 2024-02-22; of all ≥ 350.00 (10 of 12 mo)"),
]


@pytest.mark.parametrize(("choice", "used", "counted", "ltv", "words"), ENTRIES)
def test_entry_says_whose_ltv_is_counted(
    corner: Path, choice: str, used: str, counted: int, ltv: float, words: str
) -> None:
    """500 of fay … joe are 100 for each; 150 of hal, ida and joe 50. All-time figures are those of all."""
    said = ("report", corner, *AS_OF, "--entry", choice)
    told = json.loads(run(*said, "--format", "json").stdout)
    assert told["entry"]["used"] == used
    assert (told["entry"]["ltv_all"], told["entry"]["ltv_proven"]) == (pytest.approx(350), pytest.approx(100))
    base = told["base"]
    assert (base["customers"], base["revenue"], base["counted"]) == (10, 3500, counted)
    assert base["ltv"] == pytest.approx(ltv)
    assert run(*said).stdout.splitlines()[3] == words
    vip = next(row for row in told["rows"] if row["tier"] == "VIP")  # both of them came on the first day
    assert (vip["revenue"], vip["counted"], vip["ltv"]) == ((1800, 2, 900) if counted == 10 else (1800, 0, None))


def test_entry_is_kept_in_the_mapping_file(corner: Path, settings: Path) -> None:
    assert '[shop]\nentry = "proven"' in run("config", corner, "--entry", "proven").stdout
    run("config", corner, "--write", "--entry", "proven")
    said = ("report", corner, *AS_OF, "--format", "json")
    assert json.loads(run(*said).stdout)["base"]["ltv"] == pytest.approx(100)
    assert json.loads(run(*said, "--entry", "all").stdout)["base"]["ltv"] == pytest.approx(350)
    (path,) = settings.iterdir()
    written = path.read_text("utf-8")
    for day in ('"2024-02-22"', "2024-02-22"):  # as text, and as a day of TOML
        path.write_text(written.replace('"proven"', day), "utf-8")
        assert json.loads(run(*said).stdout)["entry"]["used"] == "2024-02-22"
    path.write_text(written.replace('"proven"', '"oldest"'), "utf-8")
    what, mend = refused(2, "report", corner)
    assert "oldest" in what
    assert "auto, all, proven, or a day" in mend


def test_an_ltv_of_the_whole_horizon_has_no_sign(corner: Path) -> None:
    """Within ten months all of all tiers was seen: no figure is a lower bound."""
    done = run("report", corner, *AS_OF, "--horizon", "10").stdout
    assert "≥" not in done
    assert " of 10 mo" not in done
    # Of eleven months economy lacks one: the others stand one under the other with it.
    lines = run("report", corner, *AS_OF, "--horizon", "11").stdout.splitlines()
    assert [line.count("≥") for line in lines if line.startswith(("VIP  ", "middle", "economy", "all  "))] == [
        0,
        0,
        1,
        0,
    ]
    vip, economy = (next(line for line in lines if line.startswith(name)) for name in ("VIP  ", "economy"))
    assert "≥ 100.00 (10 of 11 mo)" in economy
    assert vip.index("900.00") == economy.index("100.00 (")


def test_without_a_terminal_the_report_is_printed(corner: Path) -> None:
    assert run(corner, *AS_OF).stdout == GOLDEN
    assert run("open", corner, *AS_OF).stdout == GOLDEN


def test_csv_is_full_precision_and_no_formula(tmp_path: Path) -> None:
    sql = """
    CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id TEXT, order_date TEXT, amount REAL, channel TEXT);
    INSERT INTO orders VALUES (1, 'a', '2024-01-01', 10, '=cmd|calc'), (2, 'b', '2024-01-02', 20, '@sum'),
        (3, 'c', '2024-03-02', 1, '=cmd|calc'), (4, 'a', '2024-03-05', 1, '@sum');
    """
    done = run("report", build(tmp_path, sql), "--by", "channel", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert {row["channel"] for row in rows} == {"'=cmd|calc", "'@sum"}
    assert {row["few"] for row in rows} == {"true"}
    assert [float(row["customer_share"]) for row in rows] == [1 / 3, 2 / 3]


def test_markdown_escapes_what_would_end_a_cell(tmp_path: Path) -> None:
    sql = """
    CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id TEXT, order_date TEXT, amount REAL, channel TEXT);
    INSERT INTO orders VALUES (1, 'a', '2024-01-01', 10, 'x|y'), (2, 'b', '2024-01-02', 20, '<b>'),
        (3, 'c', '2024-03-02', 1, 'x|y'), (4, 'a', '2024-03-05', 1, '<b>');
    """
    done = run("report", build(tmp_path, sql), "--by", "channel", "--format", "markdown")
    assert "| x\\|y |" in done.stdout
    assert "| &lt;b> |" in done.stdout


def test_text_never_steers_the_terminal(tmp_path: Path) -> None:
    sql = """
    CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id TEXT, order_date TEXT, amount REAL, channel TEXT);
    INSERT INTO orders VALUES (1, 'a', '2024-01-01', 10, 'x' || char(27) || '[31m'),
        (2, 'b', '2024-01-02', 20, char(8238) || char(155) || 'y'),
        (3, 'c', '2024-03-02', 1, 'x' || char(27) || '[31m');
    """
    shop = build(tmp_path, sql)
    for command in ("report", "retention", "check", "config"):
        for option in ((), ("--format", "csv"), ("--format", "markdown"), ("--format", "json")):
            words = (command, shop, *(option if command != "config" else ()))
            output = run(*words, *(("--by", "channel") if command in ("report", "retention") else ())).output
            assert not any(c in output for c in "\x1b\u202e\x9b\x07\x08")


def test_check_tells_and_exits_by_what_it_found(corner: Path, tmp_path: Path) -> None:
    done = run("check", corner)
    assert done.exit_code == 1  # a date that cannot be read
    assert "no date, or not a readable one" in done.stdout
    told = json.loads(run("check", corner, "--format", "json").stdout)
    assert told["excluded"]["no_date"] == {"rows": 1, "amount": 10.0}
    sql = """
    CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id TEXT, order_date TEXT, amount REAL);
    INSERT INTO orders VALUES (1, 'a', '2024-01-01', 10), (2, 'b', '2024-01-02', 20);
    """
    assert run("check", build(tmp_path, sql)).exit_code == 0


def test_config_is_written_read_again_and_edited_by_hand(corner: Path, settings: Path) -> None:
    done = run("config", corner, "--write", "--margin", "0.5", "--refunds", "drop")
    assert done.exit_code == 0
    (path,) = settings.iterdir()
    assert path.stat().st_mode & 0o077 == 0
    assert str(path) in done.stderr
    told = json.loads(run("report", corner, *AS_OF, "--format", "json").stdout)
    assert told["margin"] == 0.5
    assert told["quality"]["excluded"]["refund_dropped"] == {"rows": 1, "amount": -50.0}
    path.write_text(path.read_text("utf-8").replace('refunds = "drop"', 'refunds = "burn"'), "utf-8")
    what, mend = refused(2, "report", corner)
    assert "burn" in what
    assert "net, drop, keep" in mend


def test_flags_go_before_the_file(corner: Path) -> None:
    run("config", corner, "--write", "--margin", "0.5")
    told = json.loads(run("report", corner, *AS_OF, "--margin", "25%", "--format", "json").stdout)
    assert told["margin"] == 0.25
    assert told["base"]["ltv"] == pytest.approx(350 / 4)


def test_two_dimensions_and_an_unknown_one(corner: Path) -> None:
    told = json.loads(run("report", corner, *AS_OF, "--by", "Tier,country", "--format", "json").stdout)
    assert sum(row["customers"] for row in told["rows"]) == 10
    assert {row["country"] for row in told["rows"]} == {"DK", "SE", None}
    what, mend = refused(2, "report", corner, "--by", "shoe")
    assert "shoe" in what
    assert "tier, country, channel, age band" in mend


@pytest.mark.parametrize("by", ["", "tier,", "tier,tier", "tier,Tier", "tier,country,channel"])
def test_dimensions_that_cannot_be_crossed(corner: Path, by: str) -> None:
    what, _ = refused(2, "report", corner, "--by", by)
    assert "two different ones" in what


@pytest.mark.parametrize(
    "words",
    [("report",), ("report", "x", "y"), ("fly",), ("report", "x", "--format", "xml"), ("check", "--nope", "x")],
)
def test_wrong_usage_is_two_lines(words: tuple[str, ...]) -> None:
    what, mend = refused(2, *words)
    assert "--help" in mend or "Check the path" in mend


def test_parts_of_a_join_go_with_it(corner: Path) -> None:
    assert "--lines" in refused(2, "report", corner, "--lines-order-id", "x")[0]
    assert "--customers" in refused(2, "report", corner, "--customers-key", "x")[0]


def test_a_sum_that_cannot_be_exact_is_refused(tmp_path: Path) -> None:
    sql = """
    CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id TEXT, order_date TEXT, amount REAL);
    INSERT INTO orders VALUES (1, 'a', '2024-01-01', 6e14), (2, 'b', '2024-01-02', 6e14);
    """
    what, mend = refused(1, "report", build(tmp_path, sql))
    assert "1.2e+15" in what
    assert "/ 1000.0" in mend


TERMS = [
    ("--as-of", "yesterday"),
    ("--as-of", "2023-12-31"),
    ("--horizon", "0"),
    ("--horizon", "1.5"),
    ("--churn-gap", "0"),
    ("--entry", "new"),
    ("--entry", ""),
    ("--entry", "2024-02-30"),
    ("--margin", "2"),
    ("--margin", "nan"),
    ("--discount", "-1"),
    ("--tier-rule", "quantile:80/30"),
    ("--tier-rule", "share:80/50"),
    ("--tier-rule", "threshold:1/2"),
    ("--tier-rule", "best"),
    ("--week-start", "someday"),
    ("--time-zone", "Mars/Phobos"),
    ("--orders", "nope"),
    ("--orders", "SELECT nope FROM orders"),
    ("--orders", "DROP TABLE orders"),
    ("--customer", "nope"),
    ("--date", "nope"),
    ("--date-format", "nope"),
    ("--amount", "nope * 2"),
    ("--status", "nope"),
    ("--customers", "nope"),
]


@pytest.mark.parametrize(("option", "value"), TERMS)
def test_a_wrong_word_is_wrong_usage(corner: Path, option: str, value: str) -> None:
    before = corner.read_bytes()
    refused(2, "report", corner, option, value)
    assert corner.read_bytes() == before


def test_a_wrong_week_start_names_the_days(corner: Path) -> None:
    what, mend = refused(2, "report", corner, "--week-start", "m")
    assert "'m'" in what
    assert "monday, tuesday, wednesday, thursday, friday, saturday, sunday" in mend


def test_a_wrong_time_zone_names_those_that_are_meant(corner: Path) -> None:
    for said, meant in (
        ("europe/berlin", "Europe/Berlin"),
        ("new york", "America/New_York"),
        ("Mars", "such as Europe/Berlin"),
        ("", "such as Europe/Berlin"),
        ("../../etc/passwd", "such as Europe/Berlin"),
    ):
        what, mend = refused(2, "report", corner, "--time-zone", said)
        assert "no time zone" in what
        assert meant in mend


def test_a_time_zone_of_a_file_is_text(corner: Path, settings: Path) -> None:
    file = settings.parent / "mapping.toml"
    run("config", corner, "--config", file, "--write")
    for line in ("time_zone = 1", 'time_zone = "Berlin"'):
        both = file.read_text("utf-8").split("\n[cleaning]\n")[0] + f"\n[cleaning]\n{line}\n"
        file.write_text(both, "utf-8")
        assert "Europe/Berlin" in refused(2, "report", corner, "--config", file)[1]


NEW_YEAR = """
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id TEXT, order_date TEXT, amount REAL);
INSERT INTO orders VALUES (1, 'a', '2023-12-31 23:30:00', 10), (2, 'b', '2024-01-01 04:30:00', 20);
"""


def test_orders_near_midnight_move_with_the_time_zone(tmp_path: Path) -> None:
    """In Berlin both are of 2024, in New York both of 2023."""
    shop = build(tmp_path, NEW_YEAR)
    for zone, years in (
        (None, {"2023": 1, "2024": 1}),
        ("UTC", {"2023": 1, "2024": 1}),
        ("Europe/Berlin", {"2024": 2}),
        ("America/New_York", {"2023": 2}),
    ):
        said = ("--time-zone", zone) if zone else ()
        told = json.loads(run("report", shop, *said, "--by", "first year", "--format", "json").stdout)
        assert {row["first year"]: row["customers"] for row in told["rows"]} == years
        assert told["time_zone"] == zone
        assert told["as_of"] == ("2023-12-31" if zone == "America/New_York" else "2024-01-01")


def test_zone_and_week_start_are_shown_where_they_are_not_the_default(tmp_path: Path) -> None:
    shop = build(tmp_path, NEW_YEAR)
    plain = run("report", shop).stdout + run("check", shop).stdout
    assert "days in" not in plain
    assert "weeks from" not in plain
    said = ("--time-zone", "Europe/Berlin", "--week-start", "Sun")
    for command in ("report", "check"):
        assert "days in Europe/Berlin · weeks start on Sunday\n" in run(command, shop, *said).stdout
        told = json.loads(run(command, shop, *said, "--format", "json").stdout)
        assert (told["time_zone"], told["week_start"]) == ("Europe/Berlin", "sunday")
        told = json.loads(run(command, shop, "--format", "json").stdout)
        assert (told["time_zone"], told["week_start"]) == (None, "monday")


def test_zone_and_week_start_are_kept_in_the_mapping_file(tmp_path: Path) -> None:
    shop = build(tmp_path, NEW_YEAR)
    said = ("--time-zone", "Europe/Berlin", "--week-start", "sunday")
    shown = run("config", shop, *said).stdout
    assert '[cleaning]\ntime_zone = "Europe/Berlin"' in shown
    assert '[shop]\nweek_start = "sunday"' in shown
    run("config", shop, *said, "--write")
    told = json.loads(run("report", shop, "--by", "first week", "--format", "json").stdout)
    assert [row["first week"] for row in told["rows"]] == ["2023-12-31"]  # the Sunday before 2024-01-01
    told = json.loads(run("report", shop, "--by", "first week", "--week-start", "mon", "--format", "json").stdout)
    assert [row["first week"] for row in told["rows"]] == ["2024-W01"]


def test_a_shop_of_days_says_that_no_zone_moves_it(tmp_path: Path) -> None:
    shop = build(tmp_path, NEW_YEAR.replace("23:30", "00:00").replace("04:30", "00:00"))
    said = (shop, "--time-zone", "America/New_York")
    done = run("report", *said)
    assert "no time of day" in done.stderr
    assert done.stdout == run("report", shop).stdout
    told = json.loads(run("check", *said, "--format", "json").stdout)
    assert told["time_zone"] is None
    assert "no time of day" in told["notices"][0]


def test_files_that_are_no_shop(tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("no database, only words, and more of them than a header has" * 9)
    empty = tmp_path / "empty.sqlite"
    empty.touch()
    refused(2, "report", tmp_path / "nope.sqlite")
    refused(2, "report", tmp_path)
    refused(1, "report", text)
    refused(1, "report", empty)
    refused(1, "report", build(tmp_path, "PRAGMA user_version = 1; VACUUM;", "tableless.sqlite"))
    what, mend = refused(
        2,
        "report",
        build(tmp_path, "CREATE TABLE moods (mood TEXT); INSERT INTO moods VALUES ('fine');", "moods.sqlite"),
    )
    assert "--orders" in mend
    assert not (tmp_path / "nope.sqlite").exists()


def test_rows_that_all_fall_out(tmp_path: Path) -> None:
    table = "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id TEXT, order_date TEXT, amount REAL);"
    what, _ = refused(1, "report", build(tmp_path, table, "none.sqlite"))
    assert "no rows" in what
    sql = table + "INSERT INTO orders VALUES (1, NULL, '2024-01-01', 1), (2, '', '2024-01-02', 2);"
    what, _ = refused(1, "report", build(tmp_path, sql, "nobody.sqlite"))
    assert "2 no customer id" in what


def test_several_currencies_are_listed(tmp_path: Path) -> None:
    sql = """
    CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id TEXT, order_date TEXT, amount REAL, currency TEXT);
    INSERT INTO orders VALUES (1, 'a', '2024-01-01', 10, 'EUR'), (2, 'b', '2024-01-02', 20, 'USD');
    """
    shop = build(tmp_path, sql)
    what, mend = refused(1, "report", shop)
    assert "EUR, USD" in what
    assert "Choose from: EUR, USD." in refused(2, "report", shop, "--currency", "GBP")[1]
    assert "--currency" in mend
    told = json.loads(run("report", shop, "--currency", "usd", "--format", "json").stdout)
    assert told["currency"] == "USD"
    assert told["base"]["revenue"] == 20.0
    assert told["quality"]["excluded"]["other_currency"] == {"rows": 1, "amount": 10.0}


def test_a_locked_database_is_waited_for_then_told(corner: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from ltvtui.sources.sqlite.database import SqliteDatabase

    whole = SqliteDatabase.open.__func__  # type: ignore[attr-defined]
    monkeypatch.setattr(SqliteDatabase, "open", classmethod(partial(whole, timeout=0.05)))
    with closing(sqlite3.connect(corner, isolation_level=None)) as writer:
        writer.execute("BEGIN EXCLUSIVE")
        what, mend = refused(1, "report", corner)
    assert "locked" in what


def test_what_cannot_be_guessed_names_the_flag(tmp_path: Path) -> None:
    table = "(customer_id TEXT, order_date TEXT, amount REAL);"
    rows = "VALUES ('a', '2024-01-01', 10), ('b', '2024-01-02', 20);"
    sql = "".join(f"CREATE TABLE {t} {table} INSERT INTO {t} {rows}" for t in ("orders_a", "orders_b"))
    shop = build(tmp_path, sql)
    what, mend = refused(2, "report", shop)
    assert "orders_a" in what
    assert "--orders" in mend
    assert run("report", shop, "--orders", "orders_b").exit_code == 0


@pytest.mark.parametrize(
    "line",
    ["[cleaning]\nexcluded_statuses = 5", "[cleaning]\ncurrency = 5", "[cleaning]\nfoo = 1", "[shop]\nhorizn = 5"],
)
def test_a_mapping_file_with_a_wrong_line_is_refused(corner: Path, settings: Path, line: str) -> None:
    run("config", corner, "--write")
    (path,) = settings.iterdir()
    path.write_text(f"{path.read_text('utf-8')}\n{line}\n", "utf-8")
    refused(2, "report", corner)


def test_a_saved_mapping_needs_its_roles(corner: Path) -> None:
    run("config", corner, "--write")
    assert "customer" in refused(2, "report", corner, "--customer", "")[0]
    refused(2, "config", corner, "--horizon", "abc", "--write")


def test_no_cache_reads_anew_and_keeps_nothing(corner: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from ltvtui.session import dataset_cache, open_dataset

    folder = tmp_path / "cache"
    monkeypatch.setenv("LTVTUI_CACHE_DIR", str(folder))
    monkeypatch.setattr(dataset_cache, "LEAST_ROWS", 0)
    monkeypatch.setattr(open_dataset, "LEAST_ROWS", 0)
    reads: list[int] = []
    read = open_dataset.read

    def counted(*given: Any, **more: Any) -> Any:
        reads.append(1)
        return read(*given, **more)

    monkeypatch.setattr(open_dataset, "read", counted)
    report = ("report", corner, *AS_OF)
    assert run(*report, "--no-cache").stdout == GOLDEN
    assert not folder.exists()
    opened = open_dataset.open_shop(open_dataset.OpenRequest(corner))
    assert opened.store is not None
    assert opened.store(lambda: False) is None
    entries = sorted(folder.rglob("*"))
    assert len(reads) == 2
    assert run(*report).stdout == GOLDEN
    assert len(reads) == 2  # from what was kept
    assert run(*report, "--no-cache").stdout == GOLDEN
    assert run(corner, *AS_OF, "--no-cache").stdout == GOLDEN
    assert run("check", corner, "--no-cache").exit_code == 1
    assert len(reads) == 5
    assert sorted(folder.rglob("*")) == entries
