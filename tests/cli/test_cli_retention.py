"""`ltvtui retention`: figures worked by hand, every format, and what is refused."""

from __future__ import annotations

import csv
import io
import json
import math
from functools import partial
from pathlib import Path

import pytest
import running
from shops import build, corner_shop

AS_OF = ("--as-of", "2024-12-31")


@pytest.fixture(autouse=True)
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A configuration folder that nobody else uses."""
    monkeypatch.setenv("LTVTUI_CONFIG_DIR", str(tmp_path / "settings"))


@pytest.fixture
def corner(tmp_path: Path) -> Path:
    """The shop that is checked by hand (fixtures/corner_shop.sql)."""
    return corner_shop(tmp_path)


run = partial(running.run, "retention")


def test_json_has_the_figures_worked_by_hand(corner: Path) -> None:
    """Ten customers: five leave in month 0, three in month 1, two in month 3.

    All of them have been seen for ten months or more, so that LTV counts five of five. m = ⌈10 ÷ 10⌉ = 1: somebody is
    at risk in the months 0 … 3, which tells S(0) … S(4). Behind that S goes on from 0, and stays there.
    """
    told = json.loads(run(corner, *AS_OF, "--horizon", 5, "--format", "json").stdout)
    assert (told["as_of"], told["churn_gap_days"], told["by"]) == ("2024-12-31", 31, [])
    (row,) = told["rows"]
    points = row.pop("curve")
    assert row == {
        "sample": 10,
        "lapsed": 10,
        "median_months": 1,
        "retention_months": pytest.approx(1.9),
        "retention_supported_months": 5,
        "within_months": 5,
    }
    columns = {name: [point[name] for point in points] for name in points[0]}
    assert list(columns) == ["age_month", "survival", "error", "lower", "upper", "at_risk", "lapsed", "observed"]
    assert columns["age_month"] == [0, 1, 2, 3, 4, 5]
    assert columns["survival"] == [1, 0.5, *[pytest.approx(0.2)] * 2, 0, 0]
    # Greenwood: .5 · √(5 ÷ 50), then .2 · √(5 ÷ 50 + 3 ÷ 10)
    after = pytest.approx(0.2 * math.sqrt(0.4))
    assert columns["error"] == [0, pytest.approx(0.5 * math.sqrt(0.1)), after, after, None, None]
    assert columns["at_risk"] == [10, 5, 2, 2, 0, 0]
    assert columns["lapsed"] == [5, 3, 0, 2, 0, None]
    assert columns["observed"] == [True] * 5 + [False]


def test_segments_stand_in_the_order_of_the_report(corner: Path) -> None:
    """Seen are ⌊357 · 16 ÷ 487⌋ = 11 months since 2024-01-10, and ⌊316 · 16 ÷ 487⌋ = 10 since 2024-02-20.

    VIP are at risk in the months 0 … 3, middle in 0 and 1, economy in 0: one more S is told by it.
    """
    told = json.loads(run(corner, *AS_OF, "--by", "Tier", "--format", "json").stdout)
    assert told["by"] == ["tier"]
    keys = ("tier", "sample", "lapsed", "median_months", "retention_months")
    months = ("retention_supported_months", "within_months")
    assert [tuple(row[k] for k in (*keys, *months)) for row in told["rows"]] == [
        ("VIP", 2, 2, 4, 4.0, 5, 11),
        ("middle", 3, 3, 2, 2.0, 3, 11),
        ("economy", 5, 5, 1, 1.0, 2, 10),
    ]
    assert [len(row["curve"]) for row in told["rows"]] == [13] * 3
    crossed = json.loads(run(corner, *AS_OF, "--by", "tier,country", "--format", "json").stdout)
    assert sum(row["sample"] for row in crossed["rows"]) == 10
    assert {row["country"] for row in crossed["rows"]} == {"DK", "SE", None}


def test_table_is_the_golden_text(corner: Path) -> None:
    assert run(corner, *AS_OF).stdout == GOLDEN


GOLDEN = """\
as of 2024-12-31 · all customers · churn gap 31 days · 0.0 % of longer gaps ended in another order

sample  lapsed  median  months  supported  within
──────  ──────  ──────  ──────  ─────────  ──────
    10      10       1    1.90          5      11

                 95 % interval
month  survival     from       to  at risk  lapsed
─────  ────────  ───────  ───────  ───────  ──────
    0   100.0 %  100.0 %  100.0 %       10       5
    1    50.0 %   18.4 %   75.3 %        5       3
    2    20.0 %    3.1 %   47.5 %        2       0
    3    20.0 %    3.1 %   47.5 %        2       2
    4     0.0 %                          0       0
"""


def test_csv_has_every_month_with_what_is_told_of_its_segment(corner: Path) -> None:
    done = run(corner, *AS_OF, "--by", "tier", "--horizon", 3, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [(row["tier"], row["age_month"]) for row in rows] == [
        (tier, str(month)) for tier in ("VIP", "middle", "economy") for month in range(4)
    ]
    assert rows[4] | {"lower": "", "upper": ""} == {
        "tier": "middle",
        "age_month": "0",
        "survival": "1.0",
        "error": "0.0",
        "lower": "",
        "upper": "",
        "at_risk": "3",
        "lapsed": "0",
        "observed": "true",
        "sample": "3",
        "sample_lapsed": "3",
        "median_months": "2",
        "retention_months": "2.0",
        "retention_supported_months": "3",
        "within_months": "3",
    }
    whole = list(csv.DictReader(io.StringIO(run(corner, *AS_OF, "--horizon", 3, "--format", "csv").stdout)))
    assert [row["at_risk"] for row in whole] == ["10", "5", "2", "2"]
    assert list(whole[0]) == [name for name in rows[0] if name != "tier"]


def test_markdown_has_both_tables(corner: Path) -> None:
    summary, curves = run(corner, *AS_OF, "--by", "tier", "--format", "markdown").stdout.split("\n\n")
    assert summary.splitlines()[2] == "| VIP | 2 | 2 | 4 | 4.00 | 5 | 11 |"
    # Both VIP are gone after their fourth month, which four months at risk tell.
    assert curves.splitlines()[6:8] == [
        "| VIP | 4 | 0.0 % |  |  | 0 | 0 |",
        "| middle | 0 | 100.0 % | 100.0 % | 100.0 % | 3 | 0 |",
    ]


def test_nobody_has_been_seen_for_long_enough(tmp_path: Path) -> None:
    sql = """
    CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id TEXT, order_date TEXT, amount REAL);
    INSERT INTO orders VALUES (1, 'a', '2024-01-01', 10), (2, 'b', '2024-01-02', 20);
    """
    shop = build(tmp_path, sql)
    (row,) = json.loads(run(shop, "--format", "json").stdout)["rows"]
    assert (row["sample"], row["median_months"], row["retention_months"], row["within_months"]) == (0, None, None, 0)
    (tier, *_) = json.loads(run(shop, "--by", "tier", "--format", "json").stdout)["rows"]
    assert (tier["sample"], tier["curve"]) == (0, [])
    for format in ("table", "csv", "markdown"):
        assert run(shop, "--by", "tier", "--format", format).exit_code == 0
        assert run(shop, "--format", format).exit_code == 0


@pytest.mark.parametrize(
    ("by", "told"),
    [
        ("shoe", "Choose from: tier, country, channel, age band"),
        ("", "retention --help"),
        ("tier,tier", "retention --help"),
    ],
)
def test_dimensions_that_are_none(corner: Path, by: str, told: str) -> None:
    done = run(corner, "--by", by)
    assert done.exit_code == 2
    what, mend = done.stderr.strip().splitlines()
    assert what.startswith("ltvtui: ")
    assert told in mend
