"""What is expected of each customer without a screen: in reports, exports and lists for ads; and why it is not."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from running import run
from shops import returning_shop

WHY = "Not enough data for a forecast: 120 of 180 days of history."
YOUNG = ("--as-of", "2025-05-01")
"""The 120th day after the first."""


@pytest.fixture(autouse=True)
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A configuration folder that nobody else uses."""
    monkeypatch.setenv("LTVTUI_CONFIG_DIR", str(tmp_path / "settings"))


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return returning_shop(tmp_path_factory.mktemp("customers"))


@pytest.fixture
def exported(shop: Path, tmp_path: Path) -> Callable[..., list[dict[str, str]]]:
    """Rows of an export."""

    def rows(*words: str) -> list[dict[str, str]]:
        to = tmp_path / f"{len(list(tmp_path.iterdir()))}.csv"
        done = run("export", shop, "--to", to, *words)
        assert done.exit_code == 0, done.stderr
        return list(csv.DictReader(to.read_text("utf-8").splitlines()))

    return rows


def test_an_export_sums_up_to_the_forecast(shop: Path, exported: Callable[..., list[dict[str, str]]]) -> None:
    rows = exported("--columns", "customer,p_alive,expected_value_3,days 6 mo,value 12 mo,exp. LTV,at risk")
    found = json.loads(run("forecast", shop, "--format", "json").stdout)
    sums = {name: sum(float(row[name]) for row in rows) for name in rows[0] if name != "id"}
    quarter, half, year = found["horizons"]
    assert sums["p_alive"] == pytest.approx(found["p_alive_sum"])
    assert sums["expected_value_3"] == pytest.approx(quarter["value"])
    assert sums["expected_days_6"] == pytest.approx(half["order_days"])
    assert sums["expected_value_12"] == pytest.approx(year["value"])
    assert sums["expected_ltv"] == pytest.approx(found["expected_ltv"])
    assert sums["value_at_risk"] == pytest.approx(found["value_at_risk"])


def test_a_filter_and_bands_count_who_is_exported(shop: Path, exported: Callable[..., list[dict[str, str]]]) -> None:
    whole = exported()
    wanted = {r["id"] for r in whole if float(r["p_alive"]) < 0.3 and float(r["expected_value_12"]) > 10}
    assert {r["id"] for r in exported("--where", "p alive < 0.3 and expected > 10")} == wanted != set()
    report = json.loads(run("report", shop, "--by", "p alive band", "--format", "json").stdout)
    counts = {row["p alive band"]: row["customers"] for row in report["rows"]}
    assert counts["under 10 %"] == sum(float(r["p_alive"]) < 0.1 for r in whole)
    assert counts["70–90 %"] == sum(0.7 <= float(r["p_alive"]) < 0.9 for r in whole)


def test_tiers_by_expected_ltv(shop: Path, exported: Callable[..., list[dict[str, str]]]) -> None:
    """The best 120 of 600 are VIP."""
    rows = exported("--tier-value", "expected")
    best = sorted(rows, key=lambda row: -float(row["expected_ltv"]))[:120]
    assert {r["id"] for r in best} == {r["id"] for r in rows if r["tier"] == "VIP"}
    assert "20 % of customers by expected LTV" in run("report", shop, "--tier-value", "expected").stdout


def test_an_audience_may_take_expected_ltv(shop: Path, exported: Callable[..., list[dict[str, str]]]) -> None:
    rows = exported("--audience", "meta", "--expected")
    expected = exported("--columns", "customer,exp. LTV")
    # Both lists stand by revenue.
    assert [float(r["value"]) for r in rows] == [round(float(r["expected_ltv"]), 2) for r in expected]
    assert rows != exported("--audience", "meta", "--value")


@pytest.mark.parametrize(
    ("words", "what", "code"),
    [
        (("report", "--by", "p alive band"), f"p alive band needs a forecast. {WHY}", 1),
        (("cohorts", "--by", "expected orders band"), f"expected orders band needs a forecast. {WHY}", 1),
        (("report", "--where", "p alive < 0.3"), f"p alive needs a forecast. {WHY[:-1]} (column 1", 1),
        (("report", "--tier-value", "expected"), f"Tiers by expected LTV need a forecast. {WHY}", 1),
        (("export", "--columns", "p_alive"), f"The column P(alive) needs a forecast. {WHY}", 1),
        (("export", "--columns", "p alive band"), f"The column p alive band needs a forecast. {WHY}", 1),
        (("export", "--audience", "meta", "--expected"), WHY, 1),
    ],
)
def test_a_shop_of_120_days_says_why(
    shop: Path, tmp_path: Path, words: tuple[str, ...], what: str, code: int
) -> None:
    to = tmp_path / "out.csv"
    command, *options = words
    done = run(command, shop, *options, *YOUNG, *(("--to", to) if command == "export" else ()))
    assert (done.exit_code, done.stdout) == (code, "")
    said, mend = done.stderr.strip().splitlines()
    assert said.startswith(f"ltvtui: {what}")
    assert mend
    assert not to.exists()


def test_an_export_of_all_columns_does_without_them_and_says_so(shop: Path, tmp_path: Path) -> None:
    done = run("export", shop, "--to", tmp_path / "out.csv", *YOUNG)
    assert done.exit_code == 0
    assert f"No columns of a forecast. {WHY}" in done.stderr
    assert "p_alive" not in (tmp_path / "out.csv").read_text("utf-8").splitlines()[0]
