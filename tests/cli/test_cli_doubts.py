"""Doubts beside what commands print: for people, for programs, and no mend that does not mend."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from doubtful import ONE_CUSTOMER, UNREAD, doubtful_shop, mended
from running import run
from shops import ROOT, build, corner_shop

CASES = ROOT.parent / "shared" / "data" / "cases"
COMMANDS = ("report", "check", "cohorts", "retention", "budget", "migration")


@pytest.fixture(autouse=True)
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A configuration folder that nobody else uses."""
    monkeypatch.setenv("LTVTUI_CONFIG_DIR", str(tmp_path / "settings"))


def warnings(*words: object) -> list[dict[str, str]]:
    """What a command says under `warnings`."""
    done = run(*words, "--format", "json")
    assert done.exit_code in (0, 1), done.stderr
    found: list[dict[str, str]] = json.loads(done.stdout)["warnings"]
    return found


def codes(*words: object) -> list[str]:
    return [warning["code"] for warning in warnings("report", *words)]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_json_has_them(tmp_path: Path, command: str) -> None:
    found = warnings(command, doubtful_shop(tmp_path))
    assert [warning["code"] for warning in found] == ["one_customer", "unread_column"]
    assert [f"⚠ {warning['message']} {warning['mend']}" for warning in found] == [ONE_CUSTOMER, UNREAD]
    assert all(list(warning) == ["code", "message", "mend"] for warning in found)
    assert warnings(command, mended(tmp_path)) == []


@pytest.mark.parametrize("command", ["report", "cohorts", "retention", "migration"])
@pytest.mark.parametrize("format", ["table", "csv", "markdown", "json"])
def test_they_are_notes_beside_what_is_printed(tmp_path: Path, command: str, format: str) -> None:
    done = run(command, doubtful_shop(tmp_path), "--format", format)
    assert done.stderr.splitlines() == [ONE_CUSTOMER, UNREAD]
    assert run(command, mended(tmp_path), "--format", format).stderr == ""


def test_the_head_of_the_report(tmp_path: Path) -> None:
    head, _, _ = run("report", doubtful_shop(tmp_path)).stdout.partition("\n\n")
    assert head.splitlines()[-1] == "⚠ 2 doubts: one customer, unread column; `ltvtui check` has details"
    assert "⚠" not in run("report", mended(tmp_path)).stdout


def test_check_tells_them_and_its_exit_code_is_as_before(tmp_path: Path) -> None:
    done = run("check", doubtful_shop(tmp_path))
    assert (done.exit_code, done.stderr) == (0, "")
    account, first, second, rules, *_ = done.stdout.split("\n\n")
    assert account.startswith("120 rows read → 120 orders and 0 refunds, 2024-01-04 to 2024-12-26\n")
    assert (first, second) == (ONE_CUSTOMER, UNREAD)
    assert rules.startswith("rule ")
    csv = run("check", tmp_path / "shop.sqlite", "--format", "csv")
    assert csv.stderr.splitlines() == [ONE_CUSTOMER, UNREAD]


def test_exports_say_them_too(tmp_path: Path) -> None:
    done = run("export", doubtful_shop(tmp_path), "--to", tmp_path / "all.jsonl")
    assert done.exit_code == 0
    *doubts, missing = done.stderr.splitlines()
    assert doubts == [ONE_CUSTOMER, UNREAD]
    assert missing.startswith("No columns of a forecast. ")


def test_names_in_the_data_steer_no_terminal(tmp_path: Path) -> None:
    path = build(
        tmp_path,
        """
        CREATE TABLE orders (order_id INTEGER PRIMARY KEY, customer_id TEXT, ordered_at TEXT, total REAL);
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 120)
        INSERT INTO orders SELECT i, iif(i % 3 = 0, 'a' || char(27) || '[31m' || char(10) || 'b', 'C' || (i % 20)),
            date('2024-01-01', '+' || (i * 3) || ' days'), 20.5 FROM n;
        """,
    )
    (line,) = run("report", path).stderr.splitlines()
    assert line.startswith("⚠ Customer a[31m b in customer_id has 33 %")
    assert "\x1b" not in run("report", path, "--format", "json").stdout


def test_the_shops_checked_by_hand_have_none(tmp_path: Path) -> None:
    assert codes(corner_shop(tmp_path)) == []


def mend_of(code: str, *words: object) -> list[str]:
    """The first option that the mend of a doubt names, as a shell takes it."""
    (mend,) = (warning["mend"] for warning in warnings("report", *words) if warning["code"] == code)
    told = re.search(r"(--[a-z-]+ .*)\.$", mend)
    assert told is not None, mend
    return shlex.split(re.split(r",? (?:or|for thousands|where)\b", told[1])[0])


MENDED = {
    "unread_column": "SELECT i, 'C' || (i % 20), {day}, 20.5, iif(i % 40 = 1, 'torn', NULL) FROM n",
    "customers_once": "SELECT i, 'C' || i, {day}, 20.5, 'u' || (i % 20) FROM n",
    "amount_in_cents": "SELECT i, 'C' || (i % 20), {day}, 2050, 'x' FROM n",
}
NAMES = {
    "unread_column": "void_note",
    "customers_once": "user_email",
    "amount_in_cents": "livemode",
}


@pytest.mark.parametrize("code", sorted(MENDED))
def test_what_is_told_to_mend_it_does(tmp_path: Path, code: str) -> None:
    day = "date('2024-01-01', '+' || (i * 3) || ' days')"
    path = build(
        tmp_path,
        f"""
        CREATE TABLE orders (order_id INTEGER PRIMARY KEY, customer_id, ordered_at TEXT, amount REAL, {NAMES[code]});
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 120)
        INSERT INTO orders {MENDED[code].format(day=day)};
        """,
    )
    assert codes(path) == [code]
    assert codes(path, *mend_of(code, path)) == []


@pytest.mark.skipif(not CASES.is_dir(), reason=f"the cases are not at hand: {CASES}")
@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("one_time.csv", "customer_per_order"),
        ("schemas/sharedids.sqlite", "shared_order_ids"),
        ("stripe_api_charges.csv", "amount_in_cents"),
        ("two_stores_same_numbers.csv", "shared_order_ids"),
        ("xl_err.xlsx", "left_out_amounts"),
        ("xl_merged.xlsx", "left_out_customers"),
    ],
)
def test_what_stays_doubtful_of_the_cases(name: str, code: str) -> None:
    assert code in codes(CASES / name)


MENDS = {
    "excel_scientific_ids.csv": ("ids_lost_digits", None),
    "guest_zero.csv": ("one_customer", (80, 20, 1600)),
    "null_mysql.csv": ("one_customer", (90, 26, 3949)),
    "overlapping_exports.csv": ("two_statuses", (100, 25, 2000)),
    "schemas/orderscopedcustomer.sqlite": ("customers_once", (400, 300, 20956)),
    "schemas/refundtable.sqlite": ("refund_table", (400, 79, 6000)),
    "status_many.csv": ("unread_status", (108, 27, 1080)),
}
"""Told, unless the figures are as they must come out: (orders, customers, revenue)."""


@pytest.mark.skipif(not CASES.is_dir(), reason=f"the cases are not at hand: {CASES}")
@pytest.mark.parametrize("name", sorted(MENDS))
def test_cases_are_read_right_or_it_is_said(name: str) -> None:
    code, right = MENDS[name]
    done = run("report", CASES / name, "--format", "json")
    if done.exit_code:
        assert len(done.stderr.strip().splitlines()) == 2  # refused, with what mends it
        return
    told = json.loads(done.stdout)
    found = (told["base"]["orders"], told["base"]["customers"], round(told["base"]["revenue"]))
    assert code in [warning["code"] for warning in told["warnings"]] or found == right
