"""`ltvtui drivers`: what decides stands first, what was made later stands apart, every format."""

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
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id TEXT, ordered_at TEXT, amount REAL, plan TEXT, coin TEXT);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60),
    p(plan, price, after) AS (VALUES ('pro', 30, 0), ('pro', 30, 40), ('basic', 10, 0))
INSERT INTO orders (customer_id, ordered_at, amount, plan, coin)
    SELECT plan || i, date('2024-01-01', '+' || (after + i % 5) || ' days'), price + i % 3, plan,
    CASE i % 2 WHEN 0 THEN 'heads' ELSE 'tails' END FROM n, p;
INSERT INTO orders VALUES (999, 'basic1', '2024-12-31', 1, 'basic', 'tails');
"""
"""60 customers of "pro" who pay about 31 twice within 90 days, and 60 of "basic" who pay about 11 once."""


@pytest.fixture(autouse=True)
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A configuration folder that nobody else uses."""
    monkeypatch.setenv("LTVTUI_CONFIG_DIR", str(tmp_path / "settings"))


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """The shop of SHOP."""
    return build(tmp_path, SHOP)


run = partial(running.run, "drivers")


def test_json_ranks_what_is_known_at_the_first_order(shop: Path) -> None:
    found = json.loads(run(shop, "--format", "json").stdout)
    assert list(found)[:3] == ["ltv", "repeat", "descriptive"]
    plan, coin, *rest = found["ltv"]
    assert (plan["dimension"], plan["segments"], plan["customers"]) == ("plan", 2, 120)
    assert (plan["i2"], plan["p"]) == (pytest.approx(1, abs=1e-3), pytest.approx(0, abs=1e-9))
    assert (plan["best"]["value"], plan["worst"]["value"]) == ("pro", "basic")
    # Each of them paid 30, 31 and 32, or 10, 11 and 12, as often.
    assert (plan["best"]["figure"], plan["worst"]["figure"]) == (pytest.approx(62), pytest.approx(11))
    assert (coin["dimension"], coin["i2"], coin["missing"]) == ("coin", 0, None)
    assert {row["missing"] for row in rest} == {"fewer than two segments of 30 customers or more"}
    again = found["repeat"][0]
    assert (again["best"]["figure"], again["worst"]["figure"]) == (1, 0)
    assert found["repeat_within_days"] == 90
    later = {row["dimension"] for row in found["descriptive"]["ltv"]}
    assert {"tier", "RFM", "orders band"} <= later
    assert not later & {row["dimension"] for row in found["ltv"]}


def test_the_days_to_a_second_order(shop: Path) -> None:
    """It comes after 40 days, so that within 30 nobody differs."""
    found = json.loads(run(shop, "--days", 30, "--format", "json").stdout)
    assert {row["i2"] for row in found["repeat"]} <= {0, None}


def test_table_begins_with_a_sentence(shop: Path) -> None:
    lines = run(shop).stdout.splitlines()
    assert lines[0].startswith(
        "LTV differs most by plan (I² 100.0 %): 62.00 for pro against 11.00 for basic within 12"
    )
    assert "no difference of LTV beyond chance by coin" in lines[0]
    assert "differs most by plan: 100 % for pro against 0 % for basic" in lines[0]
    titles = [line for line in lines if line.startswith(("LTV within", "A second order", "LTV by"))]
    assert titles == [
        "LTV within 12 months, by dimensions known at the first order",
        "A second order within 90 days, by the same dimensions",
        "LTV by dimensions based on what customers did later (descriptive)",
        "A second order within 90 days, by dimensions based on what customers did later (descriptive)",
    ]
    assert lines[-1].startswith("left out: first month, first quarter, first week, first year")


def test_csv_and_markdown(shop: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(run(shop, "--format", "csv").stdout)))
    assert {row["of"] for row in rows} == {"ltv", "repeat"}
    assert (rows[0]["dimension"], rows[0]["descriptive"], rows[0]["best_value"]) == ("plan", "false", "pro")
    assert "| plan | 100.0 % |" in run(shop, "--format", "markdown").stdout


def test_a_dimension_of_the_filter_is_left_out(shop: Path) -> None:
    found = json.loads(run(shop, "--where", "first plan = pro", "--format", "json").stdout)
    assert found["of"] == "plan: pro"
    assert "plan" not in {row["dimension"] for row in found["ltv"]}


def test_a_small_shop_has_none(tmp_path: Path) -> None:
    printed = run(corner_shop(tmp_path)).stdout
    assert printed.startswith("No dimension known at the first order has two segments of 30 customers.")


def test_drivers_say_which_group_of_criteria_is_missing(shop: Path) -> None:
    found = json.loads(run(shop, "--format", "json").stdout)
    assert found["criteria"]["demography"] == []
    assert {"plan", "tier"} <= set(found["criteria"]["behaviour"])
    text = run(shop).stdout
    assert "the shop knows nothing of its customers' geography, demography" in text
    assert "criterion" in text
