"""`ltvtui budget`: figures by hand, every format, exit codes, and what is refused."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from contextlib import closing
from math import sqrt
from pathlib import Path
from typing import Any

import pytest
from running import run
from shops import COSTS, SALES, build

from ltvtui.analytics.budget.manual_spend import ManualSpend
from ltvtui.session.open_request import OpenRequest
from ltvtui.storage.workspace import Workspace

TERMS = ("--as-of", "2029-01-01", "--churn-gap", "40")


@pytest.fixture(autouse=True)
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LTVTUI_CONFIG_DIR", str(tmp_path / "settings"))
    monkeypatch.setenv("LTVTUI_DATA_DIR", str(tmp_path / "data"))


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return build(tmp_path, SALES + COSTS)


@pytest.fixture
def unpaid(tmp_path: Path) -> Path:
    return build(tmp_path, SALES, "unpaid.sqlite")


def told(shop: Path, *words: object) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run("budget", shop, *TERMS, *words, "--format", "json").stdout)
    return found


def figures(found: dict[str, Any], *names: str) -> dict[str, tuple[Any, ...]]:
    return {row["channel"]: tuple(row[name] for name in names) for row in found["rows"]}


def about(lower: float, upper: float) -> Any:
    return pytest.approx([lower, upper], abs=0.005)


def test_json_has_the_figures_worked_by_hand(shop: Path) -> None:
    """Half of the n customers bring 20 and half 10: SE = √(25 ÷ (n - 1)) = .92848 of 30, .65094 of 60, .53000 of 90.
    The intervals are 15 · exp(± t · SE ÷ 15), t = 2.04523, 2.00100 and 1.98698; those of max CAC a third of it.
    """
    found = told(shop)
    assert found["settings"] == {
        "as_of": "2029-01-01",
        "of": "all customers",
        "channel": "channel",
        "from": None,
        "until": None,
        "target_ratio": 3,
        "payback_limit_months": 12,
        "horizon_months": 12,
        "margin": 1,
        "margin_source": "none",
        "discount": 0,
        "currency": None,
        "aliases": {},
    }
    seen = {"ltv": 15, "within_months": 12, "payback_observed_to": 12, "max_cac": 5}
    unknown = {"marginal_cac": None, "marginal_cac_interval": None, "marginal_cac_note": None}
    assert found["blended"] == seen | unknown | {
        "channel": None,
        "new_customers": 90,
        "spend": 450,
        "cac": 5,
        "ltv_cac": 3,
        "payback_months": 0,
        "headroom": 0,
        "verdict": "hold",
        "free_share": pytest.approx(1 / 3),
        "ltv_se": pytest.approx(sqrt(25 / 89)),
        "ltv_interval": about(13.983, 16.091),
        "max_cac_interval": about(4.661, 5.364),
    }
    assert found["paid"] == seen | unknown | {
        "channel": None,
        "new_customers": 60,
        "spend": 390,
        "cac": 6.5,
        "ltv_cac": 15 / 6.5,
        "payback_months": 0,
        "headroom": -1.5,
        "verdict": "reduce",
        "ltv_se": pytest.approx(sqrt(25 / 59)),
        "ltv_interval": about(13.753, 16.361),
        "max_cac_interval": about(4.584, 5.454),
    }
    mail, second, third = found["rows"]
    note = {"marginal_cac_note": "1 of 12 months with spend and new customers"}
    assert second == seen | unknown | note | {
        "channel": "ads",
        "new_customers": 30,
        "spend": 360,
        "cac": 12,
        "ltv_cac": 1.25,
        "headroom": -7,
        "payback_months": pytest.approx(2 / 3),
        "verdict": "reduce",
        "ltv_se": pytest.approx(sqrt(25 / 29)),
        "ltv_interval": about(13.216, 17.024),
        "max_cac_interval": about(4.405, 5.675),
    }
    assert (mail["channel"], mail["cac"], mail["payback_months"], mail["verdict"]) == ("mail", 1, 0, "scale")
    assert (third["channel"], third["spend"], third["cac"], third["verdict"]) == ("organic", None, None, "no spend")
    # Spend of January is that of all its days; everybody came on the first of them.
    assert (found["period"], found["customers_left_out"]) == (["2024-01-01", "2024-01-31"], 0)
    assert found["hindsight"] is False
    assert "plan" not in found
    assert found["spend_without_customers"] == [{"channel": "fb", "amount": 60}]
    assert found["customers_without_spend"] == [{"channel": "organic", "customers": 30}]


def test_table_and_markdown(shop: Path) -> None:
    lines = run("budget", shop, *TERMS).stdout.splitlines()
    # 30 and 360 for 60 customers; 15 each, of which a third is 5.00.
    said = (
        "Paid customers cost 6.50 each, more than the 5.00 that target 3 allows, LTV before costs (all "
        "customers: 5.00); "
        "reduce ads (360.00 spent); scale mail; 33 % of new customers came without spend."
    )
    assert lines[0] == said
    assert lines[1] == (
        "as of 2029-01-01 · all customers · LTV within 12 months · target LTV:CAC 3, payback within 12 months"
    )
    most = ["5.00", "4.41", "5.67"]
    first = ["by", "first", "order"]
    assert [line.split() for line in lines[6:11]] == [
        ["mail", "scale", "30", "30.00", "1.00", "15.00", "15.00", *first, *most, "4.00"],
        ["ads", "reduce", "30", "360.00", "12.00", "15.00", "1.25", "0.7", "mo", *most, "-7.00"],
        ["organic", "no", "spend", "30", "–", "–", "15.00", *most],
        ["paid", "reduce", "60", "390.00", "6.50", "15.00", "2.31", *first, "5.00", "4.58", "5.45", "-1.50"],
        ["all", "hold", "90", "450.00", "5.00", "15.00", "3.00", *first, "5.00", "4.66", "5.36", "0.00"],
    ]
    few = "1 of 12 months with spend and new customers"
    assert lines[12:] == [
        "LTV is revenue, not profit: set a margin with --margin, or map one.",
        "spend without customers: fb (60.00)",
        "customers without spend: organic (30); CAC of the others 6.50",
        f"no marginal CAC: ads, mail ({few})",
        "CAC is an average: one more customer may cost more.",
    ]
    written = run("budget", shop, *TERMS, "--format", "markdown").stdout
    assert written.startswith(f"{said}\n\n| channel |")
    assert "| organic | no spend | 30 | – | – | 15.00 |  |  | 5.00 | 4.41 | 5.67 |  |  |" in written


def test_csv_has_full_precision(shop: Path) -> None:
    done = run("budget", shop, *TERMS, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert rows[1]["payback_months"] == str(2 / 3)
    # As in the JSON above; each in a column of its own.
    ends = {"ltv_se": 0.928, "ltv_lower": 13.216, "ltv_upper": 17.024, "max_cac_lower": 4.405, "max_cac_upper": 5.675}
    assert {name: float(rows[2][name]) for name in ends} == pytest.approx(ends, abs=0.001)
    assert rows[2] == {
        **dict.fromkeys(("spend", "cac", "ltv_cac", "payback_months", "headroom", "marginal_cac"), ""),
        **{name: rows[2][name] for name in ends},
        "channel": "organic",
        "new_customers": "30",
        "ltv": "15.0",
        "max_cac": "5.0",
        "within_months": "12",
        "payback_observed_to": "12",
        "verdict": "no spend",
    }


def test_what_was_not_paid_back_says_how_long_it_was_watched(shop: Path) -> None:
    # On 0.4 of revenue M = 4, 5.2, 6 and nothing more in a year: 12 never comes back, and the upper bound of LTV is
    # 0.4 · 17.024 = 6.81.
    done = run("budget", shop, *TERMS, "--margin", "0.4")
    assert "> 12 mo" in done.stdout
    assert "not profit" not in done.stdout
    row = figures(told(shop, "--margin", "0.4"), "payback_months", "payback_observed_to", "max_cac", "verdict")
    assert row["ads"] == (None, 12, pytest.approx(2), "pause")


def test_terms_are_those_that_are_said(shop: Path) -> None:
    row = figures(told(shop, "--target", "1", "--payback-limit", "1"), "max_cac", "verdict")
    # M1 of 16 and 10: SE = √(9 ÷ 29) = .5571, 13 · exp(- 2.04523 · .5571 ÷ 13) = 11.91, below the CAC of 12.
    assert row["ads"] == (13, "hold")
    assert row["mail"] == (13, "scale")
    row = figures(told(shop, "--horizon", "1", "--target", "150%"), "ltv", "max_cac")
    assert row["ads"] == (10, pytest.approx(10 / 1.5))
    discounted = figures(told(shop, "--discount", "0.21", "--horizon", "1"), "ltv")
    assert discounted["ads"] == (pytest.approx(10 / 1.21 ** (0.5 / 12)),)


def test_what_tells_channels_apart_has_two_names_for_its_option(shop: Path) -> None:
    assert told(shop, "--channel-column", "channel") == told(shop, "--channel", "Channel")


def test_channels_are_cut_once_more(shop: Path) -> None:
    found = told(shop, "--then", "orders band")
    assert found["settings"]["then"] == "orders band"
    # Half of each channel bought once, for 10; the others three times, for 20 in all.
    ads = {row["segment"]: row for row in found["rows"] if row["channel"] == "ads"}
    once, often = ads["1"], ads["3–4"]
    assert (once["new_customers"], once["spend"], once["cac"], once["ltv"]) == (15, None, 12, 10)
    assert (often["new_customers"], often["cac"], often["ltv"], often["verdict"]) == (15, 12, 20, None)
    assert run("budget", shop, *TERMS, "--then", "channel").exit_code == 2


def test_what_is_typed_in_on_screen_counts_unless_the_spend_is_said(shop: Path, tmp_path: Path) -> None:
    january = 19_723
    typed = ManualSpend().booking("organic", [january], 90 * 10_000).joining("fb", "ads")
    Workspace(tmp_path / "data" / "workspace.sqlite").save_spend(OpenRequest(shop).shop_key, ManualSpend(), typed)
    assert figures(told(shop), "spend", "cac") == {"ads": (420, 14), "mail": (30, 1), "organic": (90, 3)}
    assert "Spend includes 1 amount entered on Budget" in run("budget", shop, *TERMS).stderr
    assert figures(told(shop, "--spend", "marketing_spend"), "spend")["organic"] == (None,)


def test_aliases_of_the_mapping_file(shop: Path, tmp_path: Path) -> None:
    written = tmp_path / "shop.toml"
    assert run("config", shop, "--config", written, "--write").exit_code == 0
    written.write_text(written.read_text("utf-8") + '\n[aliases]\nfb = "mail"\n', "utf-8")
    assert figures(told(shop, "--config", written), "spend")["mail"] == (90,)
    assert run("config", shop, "--config", written, "--write").exit_code == 0  # and there they stay
    assert figures(told(shop, "--config", written, "--alias", "fb=ads"), "spend")["ads"] == (420,)
    written.write_text(written.read_text("utf-8").replace('fb = "mail"', "fb = 3"), "utf-8")
    done = run("budget", shop, "--config", written)
    assert (done.exit_code, len(done.stderr.strip().splitlines())) == (2, 2)


def test_terms_of_spend_are_saved_with_the_mapping(shop: Path, tmp_path: Path) -> None:
    written = tmp_path / "shop.toml"
    run("config", shop, "--config", written, "--write")
    text = written.read_text("utf-8") + '\n[shop]\ntarget = "5"\npayback_limit = "6"\nchannel = "first month"\n'
    written.write_text(text, "utf-8")
    found = told(shop, "--config", written)["settings"]
    assert (found["target_ratio"], found["payback_limit_months"], found["channel"]) == (5, 6, "first month")
    said = told(shop, "--config", written, "--target", "2", "--channel", "channel")["settings"]
    assert (said["target_ratio"], said["channel"]) == (2, "channel")


def test_aliases_and_a_period(shop: Path) -> None:
    found = told(shop, "--alias", "fb=ads", "--alias", "FB = ADS")
    assert figures(found, "spend", "cac")["ads"] == (420, 14)
    assert found["settings"]["aliases"] == {"fb": "ads", "FB": "ADS"}
    later = told(shop, "--from", "2024-01-02", "--until", "2024-12-31")
    assert later["rows"] == []
    assert later["blended"]["new_customers"] == 0
    assert "spend outside the period: 450.00" in run("budget", shop, *TERMS, "--from", "2024-01-02").stdout


def test_by_month_of_the_first_order(shop: Path) -> None:
    found = told(shop, "--channel", "First Month")
    assert figures(found, "spend", "cac", "verdict") == {"2024-01": (450, 5, "hold")}


def test_a_file_of_spend(unpaid: Path, tmp_path: Path) -> None:
    file = tmp_path / "costs.csv"
    file.write_text("month,ads,mail\n2024-01,360,30\n2024-02,-1,nothing\n2024-03,1,0\n2024-04,0,0\n2024-05,0,0\n"
                    "2024-06,0,0\n", "utf-8")  # fmt: skip
    done = run("budget", unpaid, *TERMS, "--spend", file, "--format", "json")
    assert figures(json.loads(done.stdout), "spend") == {"ads": (360,), "mail": (30,), "organic": (None,)}
    assert done.stderr.splitlines() == [
        "1 of 12 amounts of costs.csv left out: no readable day or amount.",
        "1 amount of costs.csv is negative: it reduces the spend.",
    ]


def test_a_file_goes_before_the_table(shop: Path, tmp_path: Path) -> None:
    file = tmp_path / "marketing_spend.tsv"
    file.write_text("day\tcost\n2024-01-01\t900\n", "utf-8")
    found = told(shop, "--spend", file)
    assert (found["blended"]["spend"], found["blended"]["cac"]) == (900, 10)
    assert found["spend_without_customers"] == [{"channel": None, "amount": 900}]
    assert run("config", shop, "--write").exit_code == 0
    assert told(shop, "--spend", file)["blended"]["spend"] == 900  # beside a saved mapping too
    assert run("report", shop, *TERMS, "--spend", file).exit_code == 0


def test_without_spend_it_says_how_to_give_it(unpaid: Path) -> None:
    done = run("budget", unpaid, *TERMS)
    assert done.exit_code == 0
    assert "--spend TABLE|FILE" in done.stderr
    assert done.stdout.count("no spend") == 4  # three channels and all, of which none is paid
    assert run("budget", unpaid, *TERMS, "--fail-under", "9").exit_code == 0


def test_of_some_customers_spend_has_to_be_theirs(shop: Path, tmp_path: Path) -> None:
    some = ("--where", "orders >= 2")
    done = run("budget", shop, *TERMS, *some, "--format", "json")
    found = json.loads(done.stdout)
    assert "Spend isn't split" in done.stderr
    assert (found["settings"]["of"], found["blended"]["spend"]) == ("orders >= 2", None)
    assert figures(found, "new_customers", "cac", "ltv")["ads"] == (15, None, 20)
    file = tmp_path / "theirs.csv"
    file.write_text("date,channel,amount\n2024-01-01,ads,75\n", "utf-8")
    done = run("budget", shop, *TERMS, *some, "--spend", file, "--format", "json")
    assert "used as the spend" in done.stderr
    assert figures(json.loads(done.stdout), "cac")["ads"] == (5,)


ADVICE = ("payback_months", "max_cac", "max_cac_interval", "headroom", "marginal_cac", "verdict")


@pytest.fixture
def known_shop(tmp_path: Path) -> Path:
    """The shop, of whose customers a country is known: those of every pair who bought once live in SE."""
    people = """
    CREATE TABLE customers (customer_id TEXT PRIMARY KEY, country TEXT);
    INSERT INTO customers SELECT DISTINCT customer_id, iif(customer_id LIKE '%b', 'SE', 'DK') FROM orders;
    """
    return build(tmp_path, SALES + COSTS + people, "known.sqlite")


@pytest.mark.parametrize("where", ["tier = VIP", "orders >= 2", "revenue > 15", "stage = lost", "channel = ads"])
def test_who_is_chosen_by_what_they_did_later_has_no_advice(known_shop: Path, tmp_path: Path, where: str) -> None:
    """`channel = ads` is to have some order of that channel, not to have come by it."""
    file = tmp_path / "theirs.csv"
    file.write_text("date,channel,amount\n2024-01-01,ads,75\n", "utf-8")
    said = ("--where", where, "--spend", file)
    found = told(known_shop, *said)
    assert found["hindsight"] is True
    assert found["paid"]["cac"] > 0
    for row in (*found["rows"], found["paid"], found["blended"]):
        assert row["ltv"] is not None
        assert [row[name] for name in ADVICE] == [None] * len(ADVICE)
        assert row["marginal_cac_note"] is None
    table = run("budget", known_shop, *TERMS, *said).stdout
    assert "These customers are chosen by what they did later" in table
    assert not any(word in table for word in ("scale", "hold", "reduce", "pause", "by first order", "no marginal"))
    planned = told(known_shop, *said, "--plan", "100")["plan"]
    assert (planned["rows"], planned["why_not"]) == ([], "these customers are chosen by what they did later")


@pytest.mark.parametrize(
    ("where", "verdict"),
    [("first >= 2024-01-01", "scale"), ("country = SE", "few"), ("first channel = ads", "scale"), (None, "scale")],
)
def test_who_is_chosen_by_what_is_known_at_first_has_advice(
    known_shop: Path, tmp_path: Path, where: str | None, verdict: str
) -> None:
    """75 for 30 customers of ads is 2.50 for each, and 5.00 for the 15 of them who live in SE."""
    file = tmp_path / "theirs.csv"
    file.write_text("date,channel,amount\n2024-01-01,ads,75\n", "utf-8")
    found = told(known_shop, "--spend", file, *(() if where is None else ("--where", where)))
    assert found["hindsight"] is False
    ads = next(row for row in found["rows"] if row["channel"] == "ads")
    assert (ads["verdict"], ads["payback_months"]) == (verdict, 0)
    assert None not in (ads["max_cac"], ads["headroom"], found["paid"]["verdict"], found["blended"]["verdict"])


@pytest.mark.parametrize(("ratio", "code"), [("1.25", 0), ("1.26", 1), ("20", 1)])
def test_fail_under_is_an_exit_code_behind_the_table(shop: Path, ratio: str, code: int) -> None:
    done = run("budget", shop, *TERMS, "--fail-under", ratio)
    assert done.exit_code == code
    assert "mail" in done.stdout
    assert ("ads 1.25" in done.stderr) == bool(code)
    assert ("mail 15.00" in done.stderr) == (ratio == "20")


def test_fail_under_judges_all_where_no_spend_is_told_by_channel(unpaid: Path, tmp_path: Path) -> None:
    file = tmp_path / "all.csv"
    file.write_text("date,amount\n2024-01-01,450\n", "utf-8")
    assert run("budget", unpaid, *TERMS, "--spend", file, "--fail-under", "3").exit_code == 0
    done = run("budget", unpaid, *TERMS, "--spend", file, "--fail-under", "3.01")
    assert (done.exit_code, done.stderr.strip()) == (1, "LTV:CAC below 3.01: all 3.00")


@pytest.mark.parametrize(
    ("words", "code", "what"),
    [
        (("--target", "cheap"), 2, "target ratio"),
        (("--target", "0"), 2, "target ratio"),
        (("--payback-limit", "1.5"), 2, "payback limit"),
        (("--fail-under", "x"), 2, "ratio"),
        (("--fail-under", "1", "--where", "orders > 1"), 2, "--fail-under with --where"),
        (("--from", "soon"), 2, "is not a day"),
        (("--from", "2024-02-01", "--until", "2024-01-01"), 2, "The period from"),
        (("--alias", "fb"), 2, "alias: 'fb'"),
        (("--alias", "gg=ads"), 2, "No spend is booked under 'gg'"),
        (("--alias", "fb=tv"), 2, "No customer came through 'tv'"),
        (("--channel", "planet"), 2, "no dimension 'planet'"),
        (("--spend", "nowhere.csv"), 2, "no table 'nowhere.csv'"),
        (("--margin", "2"), 2, "margin"),
        (("--where", "orders > 99"), 1, "No customers match"),
        (("--spend", "orders.pdf"), 2, "no table"),
    ],
)
def test_what_cannot_be_is_refused_in_two_lines(shop: Path, words: tuple[str, ...], code: int, what: str) -> None:
    done = run("budget", shop, *TERMS, *words)
    assert done.exit_code == code
    assert what in done.stderr.splitlines()[0]
    assert len(done.stderr.strip().splitlines()) == 2
    assert done.stdout == ""


def test_spend_in_several_currencies_is_refused(tmp_path: Path) -> None:
    currency = """
    ALTER TABLE marketing_spend ADD COLUMN currency TEXT DEFAULT 'EUR';
    UPDATE marketing_spend SET currency = 'USD' WHERE channel = 'fb';
    """
    shop = build(tmp_path, SALES + COSTS + currency)
    for words in ((), ("--spend", "marketing_spend")):
        done = run("budget", shop, *TERMS, *words)
        assert (done.exit_code, len(done.stderr.strip().splitlines())) == (1, 2)
        assert "EUR, USD" in done.stderr
    done = run("report", shop, *TERMS)
    assert done.exit_code == 0
    assert "EUR, USD" in done.stderr
    assert run("budget", shop, *TERMS, "--spend", "").exit_code == 0


def test_names_from_outside_do_not_steer_the_terminal(unpaid: Path, tmp_path: Path) -> None:
    file = tmp_path / "s.csv"
    file.write_text("date,channel,amount\n2024-01-01,\x1b[2Jtv,5\n2024-01-01,=1+1,5\n", "utf-8")
    assert "\x1b" not in run("budget", unpaid, *TERMS, "--spend", file).output


GROWN = """
CREATE TABLE orders (order_id INTEGER PRIMARY KEY, customer_id TEXT, ordered_at TEXT, amount REAL, channel TEXT);
CREATE TABLE marketing_spend (month TEXT, channel TEXT, amount REAL);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 80),
    m(month, spend, root) AS (VALUES ('01', 100, 10), ('02', 400, 20), ('03', 1600, 40), ('04', 100, 10),
        ('05', 400, 20), ('06', 1600, 40), ('07', 100, 10), ('08', 400, 20), ('09', 1600, 40), ('10', 900, 30),
        ('11', 900, 30), ('12', 900, 30)),
    c(channel, amount, times) AS (VALUES ('ads', 22.5, 2), ('mail', 30, 1))
INSERT INTO orders (customer_id, ordered_at, amount, channel)
    SELECT channel || month || i, '2024-' || month || '-05', amount, channel FROM n, m, c WHERE i <= root * times;
INSERT INTO marketing_spend
    SELECT DISTINCT substr(ordered_at, 1, 7), channel, CASE CAST(substr(ordered_at, 6, 2) AS INTEGER)
        WHEN 10 THEN 900 WHEN 11 THEN 900 WHEN 12 THEN 900
        ELSE CASE CAST(substr(ordered_at, 6, 2) AS INTEGER) % 3 WHEN 1 THEN 100 WHEN 2 THEN 400 ELSE 1600 END END
    FROM orders;
"""
"""A year in which new customers are 2 · √spend of ads and √spend of mail; they bring 22.50 and 30.00 at once, and no
more ever."""


@pytest.fixture
def grown(tmp_path: Path) -> Path:
    return build(tmp_path, GROWN, "grown.sqlite")


def test_one_more_customer_costs_more_than_the_average(grown: Path) -> None:
    """The last three months cost 2 700 for 180 and for 90 customers, 15 and 30 on average; β = ½ doubles that."""
    rows = {row["channel"]: row for row in told(grown)["rows"]}
    for channel, cost in (("ads", 30), ("mail", 60)):
        assert rows[channel]["marginal_cac"] == pytest.approx(cost)
        assert rows[channel]["marginal_cac_interval"] == pytest.approx([cost, cost])
        assert rows[channel]["marginal_cac_note"] is None


def test_a_plan_shares_an_amount_until_one_more_unit_brings_the_same(grown: Path) -> None:
    """√spend is as 22.5 · 2 to 30, 3 to 2: of 3 250 ads get 2 250 and mail 1 000 (tests of analytics.budget.plan)."""
    plan = told(grown, "--plan", "3 250,00")["plan"]
    assert (plan["amount"], plan["possible"], plan["left_out"], plan["why_not"]) == (3250, [1600, 4800], [], None)
    assert [(row["channel"], round(row["spend"], 2), row["at_limit"]) for row in plan["rows"]] == [
        ("ads", 2250, None),
        ("mail", 1000, None),
    ]
    lines = run("budget", grown, *TERMS, "--plan", "3250").stdout.splitlines()
    begin = lines.index("Plan for 3 250.00 a month: LTV ÷ marginal CAC is the same for every channel.")
    # 2 · √2250 = 94.9 and √1000 = 31.6 customers; one more costs 47.43 and 63.25, of an LTV of 22.50 and 30.00.
    assert [line.split() for line in lines[begin + 4 : begin + 6]] == [
        ["ads", "900.00", *["2", "250.00"] * 3, "60.0", "94.9", "47.43", "0.47"],
        ["mail", "900.00", *["1", "000.00"] * 3, "30.0", "31.6", "63.25", "0.47"],
    ]
    out = run("budget", grown, *TERMS, "--plan", "5000").stdout
    assert "No plan for 5 000.00 a month: it is beyond the data" in out
    assert "1 600.00 to 4 800.00" in out
    assert run("budget", grown, *TERMS, "--plan", "much").exit_code == 2
    second = told(grown, "--then", "first month", "--plan", "3250")["plan"]
    assert second["why_not"] == "spend is not split by a second dimension: leave it out"


def test_what_hardly_varied_or_was_short_tells_no_marginal_cac(grown: Path) -> None:
    eleven = told(grown, "--until", "2024-11-30", "--plan", "3250")
    why = "11 of 12 months with spend and new customers"
    assert [(row["marginal_cac"], row["marginal_cac_note"]) for row in eleven["rows"]] == [(None, why)] * 2
    assert eleven["plan"]["left_out"] == [{"channel": "ads", "why": why}, {"channel": "mail", "why": why}]
    assert eleven["plan"]["why_not"] == "no channel has a marginal CAC"
    with closing(sqlite3.connect(grown)) as connection:
        connection.execute("UPDATE marketing_spend SET amount = 900 WHERE channel = 'mail'")
        connection.commit()
    rows = {row["channel"]: row for row in told(grown)["rows"]}
    assert rows["ads"]["marginal_cac"] == pytest.approx(30)
    assert rows["mail"]["marginal_cac_note"] == "spend varied by 0 %: too little to measure"
    assert "no marginal CAC: mail (spend varied by 0 %: too little to measure)" in run("budget", grown, *TERMS).stdout
