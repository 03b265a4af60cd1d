"""`ltvtui migration` and the rules of cuts on the command line: figures by hand, every format, what is refused."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from running import run
from shops import MOVING_TERMS, moving_shop

from ltvtui.analytics.rfm.names import usual_table

TERMS = ("--churn-gap", MOVING_TERMS["churn_gap"], "--tier-rule", MOVING_TERMS["tier_rule"])
DAYS = ("--from", "2024-02-20", "--to", "2024-04-10")


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LTVTUI_CONFIG_DIR", str(tmp_path / "settings"))
    return moving_shop(tmp_path)


def test_json_has_every_pair(shop: Path) -> None:
    told = json.loads(run("migration", shop, *TERMS, *DAYS, "--format", "json").stdout)
    assert {key: told[key] for key in told if key != "rows"} == {
        "from": "2024-02-20",
        "to": "2024-04-10",
        "of": "all customers",
        "by": "tier",
        "churn_gap_days": 40,
        "thresholds": {"VIP": 100, "middle": 50},
        "warnings": [],
    }
    vip = {"VIP": (1, 0.5, 115), "middle": (0, 0, 0), "economy": (0, 0, 0), "lapsed": (1, 0.5, 200)}
    assert told["rows"][1] == {
        "before": "VIP",
        "customers": 2,  # ann stayed, cat is gone
        "after": {now: dict(zip(("customers", "share", "revenue"), row, strict=True)) for now, row in vip.items()},
    }
    assert [(row["before"], row["customers"]) for row in told["rows"]] == [
        *(("new", 2), ("VIP", 2), ("middle", 1), ("economy", 1), ("lapsed", 2))
    ]
    for row in told["rows"]:
        assert sum(cell["share"] for cell in row["after"].values()) == pytest.approx(1)


def test_table_and_markdown(shop: Path) -> None:
    lines = run("migration", shop, *TERMS, *DAYS).stdout.splitlines()
    before = "Of 2 active VIPs on 2024-02-20, 1 (50 %) lapsed and 1 (50 %) stayed VIP"
    said = f"{before}; there are 2 active VIPs now, as 1 other became VIP."
    assert lines[0] == said
    assert lines[1].startswith("from 2024-02-20 to 2024-04-10 · all customers · VIP from 100.00, middle from 50.00")
    assert [line.split() for line in lines[3:11]] == [
        ["from", "all", "VIP", "middle", "economy", "lapsed"],
        ["───────"] * 6,
        ["new", "2", "0", "0", "1", "1"],
        ["VIP", "2", "1", "0", "0", "1"],
        ["middle", "1", "1", "0", "0", "0"],
        ["economy", "1", "0", "0", "0", "1"],
        ["lapsed", "2", "0", "1", "0", "1"],
        ["all", "8", "2", "1", "1", "4"],
    ]
    written = run("migration", shop, *TERMS, *DAYS, "--format", "markdown").stdout
    assert written.startswith(f"{said}\n\n| from |")
    assert "| VIP | 2 | 50.0 % | 0.0 % | 0.0 % | 50.0 % |" in written


def test_csv_and_stages(shop: Path) -> None:
    done = run("migration", shop, *TERMS, *DAYS, "--stages", "--format", "csv")
    rows = {(row["before"], row["after"]): row for row in csv.DictReader(io.StringIO(done.stdout))}
    assert len(rows) == 30
    assert rows["one-time", "one-time"]["customers"] == "1"  # hal, silent 40 and then 90
    assert rows["new", "one-time"] == {
        "before": "new",
        "after": "one-time",
        "customers": "1",  # cat; bob came back
        "share": "0.5",
        "revenue": "200.0",
    }
    assert rows["no order yet", "new"]["customers"] == "1"


def test_without_days_it_looks_a_year_back_or_to_the_first_order(shop: Path) -> None:
    told = json.loads(run("migration", shop, *TERMS, "--format", "json").stdout)
    assert (told["from"], told["to"]) == ("2024-01-01", "2024-04-09")  # dan's last order


def test_of_some(shop: Path) -> None:
    told = json.loads(run("migration", shop, *TERMS, *DAYS, "--where", "tier = VIP", "--format", "json").stdout)
    assert told["of"] == "VIP"
    assert sum(row["customers"] for row in told["rows"]) == 3  # ann, bob, cat


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("--from", "2024-05-01"), "2024-05-01 and 2024-04-09 cannot be compared"),
        (("--from", "2023-12-31"), "2023-12-31 and 2024-04-09 cannot be compared"),
        (("--from", "yesterday"), "is not a day"),
        (("--to", "2024-13-01"), "is not a day"),
        (("--to", "2024-03-01", "--as-of", "2024-03-01"), "same day"),
    ],
)
def test_days_that_cannot_be_compared(shop: Path, words: tuple[str, ...], what: str) -> None:
    done = run("migration", shop, *words)
    assert done.exit_code == 2
    assert what in done.stderr.splitlines()[0]
    assert len(done.stderr.strip().splitlines()) == 2


# --- rules ---------------------------------------------------------------------------------------------


def counts(shop: Path, by: str, *words: object) -> dict[str, int]:
    told = json.loads(run("report", shop, *TERMS, "--by", by, *words, "--format", "json").stdout)
    return {row[by]: row["customers"] for row in told["rows"]}


def test_cuts_are_said_or_kept_in_the_mapping_file(shop: Path, tmp_path: Path) -> None:
    # Revenue 200, 120, 115, 70, 61, 11, 10, 10 of 597: before them 0, 200, 320, 435, 505, 566, 577, 587.
    assert counts(shop, "ABC") == {"A": 4, "B": 2, "C": 2}  # 477.6 and 567.15
    assert counts(shop, "ABC", "--abc", "30/60") == {"A": 1, "B": 2, "C": 5}  # 179.1 and 358.2
    assert counts(shop, "XYZ", "--xyz", "off") == {"–": 8}
    file = tmp_path / "mapping.toml"
    assert run("config", shop, "--write", "--config", file, "--abc", "30/60", "--rfm", "F:1/2/3/4").exit_code == 0
    kept = ("--config", file)
    assert counts(shop, "ABC", *kept) == {"A": 1, "B": 2, "C": 5}
    assert counts(shop, "F score", *kept) == {"3": 1, "2": 3, "1": 4}  # ann 3 orders; bob, dan, gus 2
    assert counts(shop, "ABC", *kept, "--abc", "80/95") == {"A": 4, "B": 2, "C": 2}


def test_names_are_those_of_a_file(shop: Path, tmp_path: Path) -> None:
    assert run("names").stdout == usual_table()
    own = tmp_path / "names.toml"
    own.write_text(usual_table().replace("Champions", "Heroes").replace("Lost", "Gone"), "utf-8")
    assert "Heroes" in counts(shop, "RFM", "--rfm-names", own)
    assert "Champions" in counts(shop, "RFM")
    (tmp_path / "settings").mkdir(exist_ok=True)
    own.rename(tmp_path / "settings" / "rfm.toml")
    assert "Heroes" in counts(shop, "RFM")  # for all shops
    assert "Heroes" in run("names").stdout


@pytest.mark.parametrize(
    "words", [("--abc", "95/80"), ("--xyz", "loud"), ("--rfm", "R:1/2"), ("--rfm-names", "/nowhere/names.toml")]
)
def test_cuts_that_cannot_be(shop: Path, words: tuple[str, str]) -> None:
    done = run("report", shop, *words)
    assert done.exit_code == 2
    assert len(done.stderr.strip().splitlines()) == 2


def test_a_table_that_names_nothing_is_refused_wherever_it_stands(shop: Path, tmp_path: Path) -> None:
    (tmp_path / "settings").mkdir(exist_ok=True)
    (tmp_path / "settings" / "rfm.toml").write_text("[names]", "utf-8")
    for words in (("names",), ("report", shop)):
        done = run(*words)
        assert done.exit_code == 2
        assert "RFM" in done.stderr
